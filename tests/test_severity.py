"""ENISA's severity on the leaks whose score is known, the CNIL's and the AEPD's scales, and the classes they rest on."""

from __future__ import annotations

import pytest

from triage import classes, severity
from triage.options import Context
from triage.severity import Facts, Present, score

CLASS = {
    "last_name": "identity", "first_name": "identity", "birth_date": "identity", "sex": "identity", "full_name": "identity",
    "nir": "national_id", "phone": "contact", "email": "contact", "address": "address", "postal_code": "address", "city": "address",
    "lat_long": "location", "blood_group": "health", "health_text": "health", "diagnosis": "health", "practitioner": "health_professional",
    "specialty": "health_professional", "appointment": "health", "insurer": "insurance", "insurer_id": "insurance", "iban": "financial_id",
    "card": "financial_id", "card_expiry": "financial_id", "income": "financial", "purchase": "business", "loyalty": "business",
    "password": "credential", "login": "credential", "id": "generic", "ip": "technical", "rpps": "health_professional",
    "religion": "special", "offence": "special", "passport": "government_id", "siret": "business",
}  # fmt: skip


def facts(*labels, rows=1000, persons=1000, role="patient", masks=None, **context):
    present = tuple(Present(label, role, CLASS[label], rows) for label in labels)
    return Facts(present, rows, persons, Context(**context), masks or {})


IDENTITY = ("last_name", "first_name", "birth_date", "phone", "email", "address")
LAB = (*IDENTITY, "nir", "blood_group", "health_text", "practitioner", "password", "login")


@pytest.mark.parametrize(
    ("name", "found", "dpc", "ei", "se", "band"),
    [
        ("lab leak", facts(*LAB), 4, 1, 5.0, "very_high"),
        ("lab leak without health, health controller", facts(*IDENTITY, "nir", controller="health"), 3, 1, 4.0, "very_high"),
        ("delivery addresses", facts("last_name", "first_name", "phone", "email", "address", "city", "lat_long"), 1, 1, 2.0, "medium"),
        ("hashed e-mails alone", facts("id"), 1, 0.25, 1.25, "low"),
        ("Doctolib 2020", facts(*IDENTITY, "appointment", "practitioner", "specialty"), 3, 1, 4.0, "very_high"),
        (
            "Doctolib 2020, recipients known",
            facts("last_name", "phone", "email", "practitioner", "specialty", exposure="known"),
            3, 1, 3.75, "high",
        ),
        ("Free with IBAN", facts(*IDENTITY, "iban"), 3, 1, 4.0, "very_high"),
        ("Picard receipts", facts(*IDENTITY, "purchase", "loyalty"), 3, 1, 4.0, "very_high"),
        ("encrypted backup lost", facts(*LAB, exposure="none", malicious=False), 4, 1, 4.0, "very_high"),
        ("cards with expiry", facts("card", "card_expiry", "full_name"), 4, 1, 5.0, "very_high"),
        ("bare IBAN", facts("iban"), 2, 0.25, 1.5, "low"),
        ("bank controller", facts("last_name", "email", controller="bank"), 2, 1, 3.0, "high"),
        ("IP addresses", facts("ip"), 1, 0.25, 1.25, "low"),
        ("nothing", facts(), 1, 0.25, 1.25, "low"),
    ],
)  # fmt: skip
def test_vectors(name, found, dpc, ei, se, band):
    enisa = score(found).enisa
    assert (enisa.dpc, enisa.ei, enisa.se, enisa.band) == (dpc, ei, se, band), name


def test_reasons_are_codes_and_labels():
    enisa = score(facts(*LAB)).enisa
    assert [(r.code, r.detail) for r in enisa.dpc_reasons] == [("sensitive_full", "health_text")]
    assert ("name_and_nir", "last_name,nir") in [(r.code, r.detail) for r in enisa.ei_reasons]
    assert enisa.assumptions == ("exposure_unknown", "malicious")


def test_a_directory_of_doctors_is_no_list_of_patients():
    directory = facts("full_name", "phone", "address", "specialty", "rpps", role="practitioner")
    assert score(directory).enisa.dpc == 1
    assert score(directory).aepd.t == 1


def test_a_nameless_file_is_not_harmless():
    """CAF Gironde: names and postcodes were taken out, journalists found the persons all the same."""
    assert score(facts("address", "birth_date", "income")).enisa.ei >= 0.75


def test_identifiers_identify_in_the_same_row_only():
    apart = {frozenset({"last_name"}): 500, frozenset({"email"}): 500}
    together = {frozenset({"last_name", "email"}): 1, frozenset({"email"}): 999}
    assert score(facts("last_name", "email", masks=apart)).enisa.ei == 0.75
    assert score(facts("last_name", "email", masks=together)).enisa.ei == 1


def test_distribution_counts_rows_by_their_own_fields():
    masks = {
        frozenset({"last_name", "email", "diagnosis"}): 7,
        frozenset({"last_name", "email"}): 90,
        frozenset({"id"}): 3,
        frozenset({"email", "diagnosis"}): 0,
    }
    found = score(facts("last_name", "email", "diagnosis", "id", rows=100, masks=masks)).distribution
    assert (found.low, found.medium, found.high, found.very_high) == (3, 90, 0, 7)


@pytest.mark.parametrize(
    ("exposure", "malicious", "cb"), [("none", False, 0), ("known", False, 0.25), ("unknown", True, 1), ("public", True, 1)]
)
def test_circumstances(exposure, malicious, cb):
    found = score(facts("id", exposure=exposure, malicious=malicious)).enisa.cb
    assert found.confidentiality + found.integrity + found.availability + found.malicious == cb


def test_cnil_levels_follow_the_bands():
    found = [
        score(f).cnil for f in (facts("id"), facts("last_name", "address"), facts("last_name", "email", controller="bank"), facts(*LAB))
    ]
    assert [(c.level, c.name) for c in found] == [(1, "négligeable"), (2, "limitée"), (3, "importante"), (4, "maximale")]


def test_aepd_of_the_lab_leak_is_64():
    found = score(facts(*LAB, rows=491_840, persons=480_000, exposure="public")).aepd
    assert (found.v, found.t, found.i, found.score, found.count) == (4, 2, 8, 64, 3)


@pytest.mark.parametrize(("n", "v"), [(99, 1), (100, 2), (999, 2), (1_000, 3), (99_999, 3), (100_000, 4), (1_000_000, 5)])
def test_aepd_volume(n, v):
    assert score(facts("id", persons=n)).aepd.v == v


def test_flags():
    assert score(facts("id", persons=101)).enisa.flags.over_100
    assert not score(facts("id", persons=100)).enisa.flags.over_100
    assert score(facts("id", persons=None, rows=5000)).enisa.flags.over_100


@pytest.mark.parametrize("label", ["religion", "offence"])
def test_articles_9_and_10_weigh_most(label):
    found = score(facts("last_name", "email", label))
    assert (found.enisa.dpc, found.aepd.t) == (4, 2)


def test_credentials_say_what_was_assumed():
    assert "credentials_open" in score(facts("email", "password")).enisa.assumptions


GENERIC = "[classes.generic]\ntitle = {fr = 'a', en = 'b'}\ncategory = 'simple'\ndpc = 2\nbecause = 'x'\n"


def test_every_class_is_complete():
    known = classes.shipped()
    categories = {"none", "simple", "behavioural", "financial", "sensitive"}
    for class_id, found in known.classes.items():
        assert set(found.title) == {"fr", "en"}, class_id
        assert found.category in categories
        assert 1 <= found.dpc <= 4
    assert {i.ei for i in known.identification} <= {0.25, 0.5, 0.75, 1.0}


def test_an_override_changes_only_what_it_says():
    known = classes.shipped()
    blood = known.of("blood_group", "health")
    assert (blood.dpc, blood.art9, blood.cnil) == (3, True, "sante")
    assert known.of("diagnosis", "health").dpc == 4
    assert known.of("anything", "no such class") == known.classes["generic"]


@pytest.mark.parametrize(
    "content",
    [GENERIC + "typo = 1\n", GENERIC + "[[raise]]\nall = ['@none']\ndpc = 2\nbecause = 'x'\n", "no toml"],
)
def test_a_wrong_file_does_not_load(tmp_path, content):
    path = tmp_path / "classes.toml"
    path.write_text(content)
    with pytest.raises(ValueError, match=r"."):
        classes.load(path)


def test_other_classes_than_the_shipped_ones(tmp_path):
    path = tmp_path / "classes.toml"
    path.write_text(GENERIC)
    assert severity.score(facts("id"), classes.load(path)).enisa.dpc == 2


def test_a_hundred_thousand_sets_of_labels_take_a_moment():
    labels = sorted(set(CLASS) - {"id"})
    masks = {frozenset(label for n, label in enumerate(labels[:17]) if bits >> n & 1): 1 for bits in range(1 << 17)}
    found = score(facts(*labels, masks=masks, rows=1 << 17)).distribution
    assert found.low + found.medium + found.high + found.very_high == 1 << 17
