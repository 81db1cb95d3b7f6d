"""The shape of the 2021 lab leak, scanned: every figure against the truth written with the sample."""

from __future__ import annotations

import csv
import re

import msgspec
import pytest

import triage
from triage import report, samples

ROWS = 20_000
NEEDLES = {"phone", "email", "nir", "iban", "card"}
LADDER_MAJORITY = ("majorité", "très souvent", "presque", "quasi-totalité", "toutes les lignes")


@pytest.fixture(scope="module")
def leak(tmp_path_factory):
    path = tmp_path_factory.mktemp("lab") / "lab.csv"
    made = samples.make("lab", ROWS, path)
    return path, {**made, **made["tables"][0]}


@pytest.fixture(scope="module")
def result(leak):
    return triage.scan([leak[0]])


def labelled(result, label, role=None):
    return [c for c in result.columns if c.label == label and (role is None or c.role == role)]


def test_rows_distinct_rows_and_persons_are_three_figures(leak, result):
    truth = leak[1]
    assert result.size.rows_total == truth["rows"] == ROWS
    assert result.size.rows_unique == truth["rows"] - truth["rows_exact_dup"]
    assert result.tables[0].rows_exact_dup == truth["rows_exact_dup"]
    assert abs(result.size.persons.estimate - truth["persons"]) <= 0.005 * truth["persons"]
    assert result.size.persons.low <= truth["persons"] <= result.size.persons.high
    assert result.size.persons.basis == "nir"
    assert result.size.persons.exact
    assert len({result.size.rows_total, result.size.rows_unique, result.size.persons.estimate}) == 3


def test_distinct_identifiers_are_counted_over_all_columns_of_a_person(leak, result):
    with leak[0].open(encoding="cp1252", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))[1:]
    columns = [c["index"] for c in leak[1]["columns"] if c["label"] == "phone" and c["role"] == "patient"]
    numbers = {re.sub(r"\D", "", row[i])[-9:] for row in rows for i in columns if row[i]}
    assert result.size.unique.phone == len(numbers)
    assert result.size.unique.nir == leak[1]["unique"]["nir"]
    assert result.size.unique.name_dob == leak[1]["unique"]["name_dob"]


def test_every_column_is_what_the_recipe_wrote(leak, result):
    truth = {c["index"]: c for c in leak[1]["columns"]}
    wrong = [(c.name, truth[c.index]["label"], c.label) for c in result.columns if c.label != truth[c.index]["label"]]
    # Labels of a later issue yield to their parent until they have a rule.
    allowed = {("birth_place", "city"), ("specialty", "category"), ("country", "category")}
    assert [w for w in wrong if w[1:] not in allowed] == []


def test_roles_keep_doctors_out_of_the_patients(leak, result):
    truth = {c["index"]: c["role"] for c in leak[1]["columns"]}
    for column in result.columns:
        if truth[column.index] == "practitioner" and column.label != "category":
            assert column.role == "practitioner", column.name
        if column.label in {"nir", "birth_date"} and truth[column.index] == "patient":
            assert column.role in {None, "patient"}, column.name


def test_fill_rates_are_exact(leak, result):
    truth = {c["index"]: c["filled"] for c in leak[1]["columns"]}
    assert {c.index: c.filled for c in result.columns} == truth


def test_departments_of_the_prescribers(leak, result):
    truth = leak[1]["places"]["practitioner"]
    found = next(g for g in result.geography if g.basis == "practitioner")
    assert found.denominator == truth["denominator"]
    assert found.coverage == pytest.approx(truth["coverage"])
    for place in found.departments:
        if not place.suppressed:
            assert abs(place.share - truth["departments"][place.code]["share"]) <= 0.001, place.code
    six = sum(p.share for p in found.departments if p.code in {"56", "45", "27", "22", "35", "41"})
    assert six == pytest.approx(0.93, abs=0.02)


def test_geography_is_said_with_basis_denominator_and_coverage(result):
    said = " ".join(s.text for s in result.summary.fr if s.id.startswith("S7"))
    found = next(g for g in result.geography if g.basis == "practitioner")
    assert f"{found.denominator:,}".replace(",", "\u202f") in said
    assert "codes postaux de praticiens" in said


def test_a_mail_filled_at_twelve_percent_is_no_majority(result):
    for sentence in result.summary.fr:
        for clause in re.split(r"[.;]", sentence.text):
            if "électronique" in clause or "e-mail" in clause:
                assert not any(word in clause.lower() for word in LADDER_MAJORITY), sentence.id


def test_the_password_under_an_opaque_header_is_found_by_content_and_neighbour(leak, result):
    (password,) = labelled(result, "password")
    assert password.name == "PM"
    assert result.credentials.rows_password == leak[1]["credentials"]["rows_password"]
    assert result.credentials.pairs == leak[1]["credentials"]["pairs"]
    assert result.credentials.detected_by == "content"


def test_period_is_that_of_the_file(leak, result):
    truth = leak[1]["period"]["DDV"]
    (visits,) = [f for f in result.period.fields if f.column == "DDV"]
    assert visits.n == truth["n"]
    for mark in ("min", "p5", "median", "p95", "max"):
        assert truth[mark].startswith(getattr(visits, mark)), mark


def test_themes_are_within_a_tenth_of_the_truth(leak, result):
    truth = leak[1]["mentions"]
    found = {t.id: t for t in result.health.themes}
    for theme, counts in truth.items():
        if theme in found and counts["rows"] >= 100:
            assert abs(found[theme].rows - counts["rows"]) <= 0.1 * counts["rows"], theme
    assert {t for t, counts in truth.items() if counts["rows"] and t not in NEEDLES} <= set(found)
    assert result.health.rows_with_comment == leak[1]["rows_with_comment"]


def test_identifiers_in_comments_are_counted_exactly(leak, result):
    for needle in NEEDLES:
        counted = sum(c.mentions.get(needle, 0) for c in result.columns if c.label == "health_text")
        assert counted == leak[1]["mentions"].get(needle, {"rows": 0})["rows"], needle


def test_severity_is_very_high(result):
    enisa = result.severity.enisa
    assert (enisa.dpc, enisa.ei, enisa.se, enisa.band) == (4, 1, 5.0, "very_high")
    assert result.severity.cnil.level == 4
    assert sum(msgspec.structs.astuple(result.severity.distribution)) == ROWS


def test_two_runs_give_the_same_bytes(leak, result):
    again = triage.scan([leak[0]])
    assert report.render(again, "json", "fr") == report.render(result, "json", "fr")


def test_both_languages_say_the_same_figures(result):
    def figures(text):
        return sorted(re.findall(r"\d+", re.sub(r"(?<=\d)[\u202f,.](?=\d)", "", text)))

    assert [(s.id, s.fields) for s in result.summary.fr] == [(s.id, s.fields) for s in result.summary.en]
    for french, english in zip(result.summary.fr, result.summary.en, strict=True):
        assert figures(french.text) == figures(english.text), french.id


def test_no_value_of_the_file_is_in_any_report(leak, result):
    with leak[0].open(encoding="cp1252", newline="") as stream:
        rows = list(csv.reader(stream, delimiter=";"))
    personal = {"last_name", "first_name", "nir", "email", "phone", "address", "login", "password", "rpps", "health_text", "insurer_id"}
    wanted = [c["index"] for c in leak[1]["columns"] if c["label"] in personal]
    # What we may print: our own words, and communes, which are names of people too.
    values = {row[i] for row in rows[1:2000] for i in wanted if len(row[i]) >= 6}
    for language in ("fr", "en"):
        outputs = {name: report.render(result, name, language) for name in report.names()}
        printed = {name: set(re.findall(r"[\w@.+'-]{6,}", text)) for name, text in outputs.items()}
        for name, words in printed.items():
            leaked = {v for v in values if v in words}
            own = set(re.findall(r"[\w@.+'-]{6,}", " ".join(p.name for g in result.geography for p in g.communes).upper()))
            assert len(leaked - own) == 0, (name, language, len(leaked - own))
