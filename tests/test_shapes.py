"""The reports for other systems: the CNIL's form, Have I Been Pwned, MISP, French Excel; and why a column got its label."""

from __future__ import annotations

import csv
import io
import json
import re

import jsonschema
import msgspec
import pymisp
import pytest
import result_factory as factory
from click.testing import CliRunner

from triage import model, outcome, report, resources, rules, summary
from triage.cli import cli
from triage.report import explain

LOADED = rules.load(resources.rules_dir())
# HIBP's API v3, model of a breach: names in its order; null where only the submitter knows.
_TEXT, _FLAG = {"type": ["string", "null"]}, {"type": ["boolean", "null"]}
BREACH = {
    "type": "object",
    "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("Name", "Title", "Domain", "BreachDate", "AddedDate", "ModifiedDate", "LogoPath", "Attribution"), _TEXT),
        **dict.fromkeys(("IsVerified", "IsFabricated", "IsSensitive", "IsRetired", "IsSpamList", "IsMalware", "IsStealerLog"), _FLAG),
        "IsSubscriptionFree": _FLAG,
        # Ours is null where persons cannot be told, of a sample; theirs is filled by whoever submits it.
        "PwnCount": {"type": ["integer", "null"], "minimum": 0},
        "Description": {"type": "string"},
        "DataClasses": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
    },
}
BREACH["required"] = list(BREACH["properties"])
# Classes in use in the catalogue, those that our labels can meet.
CLASSES = {
    "Age groups", "Ages", "Appointments", "Auth tokens", "Bank account numbers", "Biometric data", "Browser user agent details", "Comments",
    "Company names", "Credit card CVV", "Credit cards", "Cryptocurrency wallet addresses", "Dates of birth", "Deceased date",
    "Delivery instructions",
    "Device information", "Driver's licenses", "Earnings", "Email addresses", "Email messages", "Employers", "Ethnicities",
    "Family structure", "Financial transactions", "Genders", "Geographic locations", "Government issued IDs",
    "Health insurance information", "HIV statuses", "IMEI numbers", "IMSI numbers", "Income levels", "IP addresses", "Job titles",
    "Latitude and longitude pairs", "Licence plates", "Loyalty program details", "MAC addresses", "Marital statuses", "Names",
    "Nationalities", "Occupations", "Partial credit card data", "Passport numbers", "Passwords", "Personal health data", "Phone numbers",
    "Photos", "Physical addresses",
    "Physical attributes", "PINs", "Places of birth", "Political views", "Private messages", "Purchases", "Races", "Religions",
    "Reward program balances", "Salutations", "Security questions and answers", "Sexual orientations", "Social security numbers",
    "Taxation records", "Usernames", "Vehicle identification numbers (VINs)", "Vehicle registration plates", "Website activity",
}  # fmt: skip


@pytest.fixture(scope="module")
def lab():
    return factory.written(factory.lab())


# --- Have I Been Pwned


@pytest.mark.parametrize("shape", sorted(factory.SHAPES))
def test_hibp_is_the_breach_model(shape):
    breach = json.loads(report.render(factory.written(factory.SHAPES[shape]()), "hibp", "en"))
    jsonschema.validate(breach, BREACH, cls=jsonschema.Draft202012Validator)
    assert breach["DataClasses"] == sorted(breach["DataClasses"])
    assert breach["PwnCount"] == (None if shape == "sampled" else factory.SHAPES[shape]().hibp.PwnCount)


def test_every_class_we_name_is_one_of_hibp():
    named = {r.hibp for r in LOADED.values() if r.hibp}
    assert named <= CLASSES, named - CLASSES


# --- MISP


@pytest.mark.parametrize("shape", sorted(factory.SHAPES))
def test_misp_loads_the_event(shape):
    result = factory.written(factory.SHAPES[shape]())
    event = pymisp.MISPEvent()
    event.from_json(report.render(result, "misp", "fr"))
    assert len(event.get_objects_by_name("file")) == len(result.inputs.files)
    assert [a.value for a in event.get_objects_by_name("annotation")[0].get_attributes_by_relation("type")] == ["Executive Summary"]
    assert "Export" not in event.to_json()


def test_misp_tags_are_of_the_taxonomies(lab):
    event = pymisp.MISPEvent()
    event.from_json(report.render(lab, "misp", "fr"))
    assert {t.name for t in event.tags} >= {
        "tlp:amber",
        'infoleak:automatic-detection="credential"',
        'infoleak:automatic-detection="mail"',
        'gdpr:special-categories="health"',
    }
    assert event.threat_level_id == 1


def test_the_same_result_is_the_same_event(lab):
    first, second = (json.loads(report.render(lab, "misp", language))["Event"] for language in ("fr", "en"))
    assert first["uuid"] == second["uuid"]
    assert first["info"] != second["info"]


# --- the CNIL's form


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_form_keeps_its_order_and_marks_what_only_the_controller_knows(lab, language):
    form = report.render(lab, "cnil", language)
    headings = [line for line in form.splitlines() if line.startswith("## ")]
    assert len(headings) == 11
    assert [h[3:].partition("\\")[0] for h in headings[:10]] == [str(n) for n in range(1, 11)]
    blank = {"fr": "**[à compléter", "en": "**[to be completed"}[language]
    assert form.count(blank) >= 15


def test_the_form_is_filled_from_the_figures(lab):
    form = report.render(lab, "cnil", "fr").replace("\u202f", " ").replace("\u00a0", " ")
    assert "- [x] NIR (numéro de sécurité sociale)" in form
    assert "- [x] Sensible : données de santé" in form
    assert "- [ ] Informations financières" in form
    assert "- [?] Piratage, logiciel malveillant, hameçonnage (supposé" in form
    assert "- Nombre approximatif d’enregistrements : 491 840" in form
    assert "- Nombre approximatif de personnes : 479 812" in form
    assert re.search(r"- \[x\] Maximal$", form, re.MULTILINE)
    assert "- [x] Mineurs" in form


def test_the_form_of_nothing_ticks_nothing_but_the_nature():
    form = report.render(factory.written(factory.SHAPES["nothing"]()), "cnil", "fr")
    assert [line for line in form.splitlines() if line.startswith("- [x]")] == [
        "- [x] Perte de la confidentialité",
        "- [x] Non connues pour le moment",
    ]


# --- French Excel


def test_excel_gets_semicolons_decimal_commas_and_a_mark(lab):
    text = report.render(lab, "columns", "fr", excel=True)
    assert text.startswith("\ufeff")
    rows = list(csv.DictReader(io.StringIO(text[1:], newline=""), delimiter=";"))
    assert rows[2]["valid_rate"] == "0,998"
    assert rows[2]["filled"] == "491840"
    plain = csv.DictReader(io.StringIO(report.render(lab, "columns", "fr"), newline=""))
    assert [r["label"] for r in plain] == [r["label"] for r in rows]


def test_the_command_writes_for_excel(tmp_path, lab):
    (tmp_path / "impact.json").write_text(report.render(lab, "json", "fr"), "utf-8")
    done = CliRunner().invoke(cli, ["report", str(tmp_path), "-f", "columns", "--excel"])
    assert done.output.startswith("\ufeff")


# --- a foreign impact.json


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"schema_version": "2.0", "x": 1}', "its schema version is 2.0, this triage reads 1.0"),
        ('{"schema_version": "\\u001b[31m2"}', "its schema version is unknown"),
        ('{"schema_version": 1}', "not an impact.json"),
        ('{"schema_version": "1.0"}', "not an impact.json"),
        ("[" * 100_000, "not an impact.json"),
        ("\x00", "not an impact.json"),
    ],
)
def test_a_foreign_impact_json_is_refused(tmp_path, text, said):
    path = tmp_path / "impact.json"
    path.write_text(text, "utf-8")
    with pytest.raises(ValueError, match=re.escape(said)):
        outcome.load(path)
    done = CliRunner().invoke(cli, ["report", str(path)])
    assert done.exit_code == 2
    assert said in done.output
    assert "\x1b" not in done.output


# --- triage explain


@pytest.fixture(scope="module")
def explained():
    columns = (
        factory.column(
            0, "nir", "national_id", 90, rows=100, name="NSS", valid=0.99,
            reasons=(
                model.Reason(code="header_exact"),
                model.Reason(code="neighbour", detail="key_beside"),
                model.Reason(code="form", detail="nir", n=90, of=90),
                model.Reason(code="key", detail="nir", n=89, of=90),
                model.Reason(code="something_new", detail="x", n=1, of=2),
            ),
            candidates=(model.Candidate(label="id", confidence="possible"),),
        ),
        factory.column(1, "city", "address", 10, rows=100, name="", reasons=(model.Reason(code="form", n=10, of=10),), candidates=()),
        factory.column(2, "last_name", "identity", 100, rows=100, name="NSS"),
    )  # fmt: skip
    return factory.result(columns, 100, 10)


def said(result, wanted, language="fr"):
    return [
        re.sub("[\u202f\u00a0]", " ", explain.explain(result, c, language, LOADED)).replace("’", "'") for c in explain.find(result, wanted)
    ]


def test_explain_tells_reasons_counts_thresholds_and_runners_up(explained):
    text = said(explained, "NSS")[0]
    assert "Colonne 1 du tableau 1, « NSS »" in text
    assert "(nir), validé." in text
    assert "90 cellules remplies (90 % des lignes)" in text
    assert "Le nom de la colonne le dit en entier." in text
    assert "Une colonne voisine le dit : la clé, juste ligne à ligne." in text
    assert "90 cellules ont la forme attendue, sur 90 remplies (100 %).\n    seuil, le nom ou une voisine le disant aussi : 50 %" in text
    assert "89 cellules ont une clé juste, sur 90 qui ont la forme (98,9 %)." in text
    assert "something new" in text
    assert "Autres labels envisagés : " in text


def test_a_column_is_found_by_name_by_number_and_within_its_table(explained):
    assert len(said(explained, "NSS")) == 2
    assert said(explained, "1")[0] == said(explained, "1:1")[0] == said(explained, "NSS")[0]
    assert "sans nom qui puisse être montré" in said(explained, "2")[0]
    assert "Aucun autre label n'a été envisagé." in said(explained, "2")[0]
    assert "seuil sans l'aide du nom de la colonne : 90 %" in said(explained, "2")[0]
    assert [said(explained, wanted) for wanted in ("2:1", "9", "x:1", "1:", "nothing", "")] == [[]] * 6


def test_every_reason_of_the_samples_has_its_words(root):
    voice_keys = {k for k in report.sections.Words(factory.lab(), "fr")._voice._templates if k.startswith("why.")}
    for case in (root / "tests" / "golden").glob("*/expected.json"):
        for column in json.loads(case.read_text("utf-8"))["columns"]:
            assert {f"why.{r['code']}" for r in column["reasons"]} <= voice_keys


def test_the_command_explains(tmp_path, explained):
    written = msgspec.structs.replace(explained, summary=summary.write(explained, factory.TITLES))
    (tmp_path / "impact.json").write_text(report.render(written, "json", "fr"), "utf-8")
    done = CliRunner().invoke(cli, ["explain", str(tmp_path), "1", "--lang", "en"])
    assert done.exit_code == 0
    assert "NIR" in done.output
    assert CliRunner().invoke(cli, ["explain", str(tmp_path), "no such"]).exit_code == 2
