"""Leaks of a canteen, a payroll, an English-speaking hospital and a forum: what a first reader of the summary must not be told wrongly."""

from __future__ import annotations

import json
import random
from hashlib import md5, sha256

import pytest
from exports.values import M, person

from triage import driver
from triage.options import Options

ILLNESSES = ["Essential hypertension", "Type 2 diabetes", "Asthma", "Breast cancer", "HIV disease", "Depressive episode"]
ROWS = 60


@pytest.fixture
def scan(tmp_path):
    draw = random.Random(11)

    def scanned(names, more):
        lines = [";".join(["nom", "prenom", "date_naissance", *names])]
        for n in range(ROWS):
            p = person(draw, n)
            born = f"{p['day']:02d}/{p['month']:02d}/{p['year']}"
            lines.append(";".join([p["last"], p["first"], born, *more(n, draw, p)]))
        path = tmp_path / "leak.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        return driver.scan([path])

    return scanned


def said(result, name):
    return next(s.text for s in result.summary.fr if s.id == name)


@pytest.mark.parametrize(("name", "label"), [("PrimaryDx", "diagnosis"), ("Libellé", "health_text")])
def test_one_illness_a_patient_is_health_data_however_few_there_are(scan, name, label):
    result = scan([name], lambda n, *_: [ILLNESSES[n % len(ILLNESSES)]])
    assert result.columns[3].label == label
    assert result.health.persons_art9 == ROWS
    assert {t.id for t in result.health.themes} <= {"cardiology", "diabetes", "respiratory", "cancer", "hiv_sti", "psychiatry"}


def test_terms_of_diagnoses_are_not_told_as_terms_of_comments(scan):
    notes = ["rappeler demain matin, merci", "a demandé un double du dossier", "viendra avec sa fille mardi", "parle peu, bien écouter"]
    result = scan(["PrimaryDx", "commentaire"], lambda n, *_: [ILLNESSES[n % len(ILLNESSES)], f"{notes[n % 4]} {n}" if n % 2 else ""])
    assert result.health.rows_with_comment < result.health.rows_with_mention
    assert "diagnostics compris" in said(result, "S4.diagnosed")


def test_services_of_a_hospital_are_no_illnesses(scan):
    services = ["Cardiologie", "Oncologie", "Maternité", "Urgences", "Pneumologie", "Diabétologie"]
    assert scan(["service"], lambda n, *_: [services[n % len(services)]]).columns[3].label == "specialty"


def test_reasons_for_coming_that_come_again_are_health_data(scan):
    reasons = ["test VIH", "suivi grossesse", "renouvellement ordonnance", "certificat sport", "anxiété, dort mal", "mal de dos"]
    result = scan(["reason"], lambda n, *_: [reasons[n % len(reasons)]])
    assert result.columns[3].label == "health_text"
    assert result.health.persons_art9 >= ROWS / 3


def test_what_a_nurse_writes_is_the_patients(scan):
    notes = [
        "Escarre talon droit, pansement refait",
        "Démence Alzheimer évoluée, désorientée",
        "Glycémie haute, insuline faite",
        "A bien mangé",
    ]
    column = scan(["Transmissions IDE"], lambda n, *_: [f"{notes[n % 4]} le {n % 28 + 1}"]).columns[3]
    assert (column.label, column.role) == ("health_text", "patient")


def test_members_of_a_union_are_not_told_as_sick(scan):
    result = scan(["syndicat"], lambda n, *_: ["CGT" if n % 3 else "CFDT"])
    assert "donnée sensible au sens de l’article 9" in said(result, "S4.persons_special")
    assert not [s for s in result.summary.fr if s.id == "S4.persons"]


def test_account_numbers_with_wrong_keys_are_named_and_said_to_be_wrong(scan):
    result = scan(["iban"], lambda _, draw, __: [f"FR{draw.randrange(10, 98)}{draw.randrange(10**22, 10**23)}"])
    column = result.columns[3]
    assert (column.label, column.valid_rate < 0.1) == ("iban", True)
    assert result.authenticity.verdict == "suspicious"


def test_a_diet_is_no_health_insurer(scan):
    diets = ["Standard", "Sans porc", "Végétarien", "Sans viande"]
    for name in ("Régime", "Régime alimentaire"):
        assert scan([name], lambda n, *_: [diets[n % 4]]).columns[3].label == "category"
    regimes = ["Régime général", "MSA", "Régime local Alsace-Moselle"]
    assert scan(["Régime"], lambda n, *_: [regimes[n % 3]]).columns[3].label == "insurer"


def test_seconds_since_1970_tell_when_a_forum_was_joined(scan):
    names = ["email", "password", "joindate"]
    result = scan(
        names,
        lambda n, draw, p: [
            M["mail"](draw, p),
            md5(b"%d" % n, usedforsecurity=False).hexdigest(),
            str(draw.randrange(1_262_304_000, 1_483_228_800)),
        ],
    )
    assert result.columns[5].label == "datetime"
    dates = next(f for f in result.period.fields if f.column == "joindate")
    assert (dates.min[:4], dates.max[:4]) == ("2010", "2016")


def test_logins_that_are_mail_addresses_are_told_as_such(scan):
    result = scan(["login", "pwd"], lambda n, draw, p: [M["mail"](draw, p), rf"\x{sha256(b'%d' % n).hexdigest()}"])
    assert [c.label for c in result.columns][3:] == ["email", "password_hash"]


def test_the_end_of_a_path_names_the_value(scan):
    result = scan(["user.profile.lastname", "doctor.speciality"], lambda n, *_: ["Zzyx" + chr(97 + n % 26) * 3, "Psychiatrie"])
    assert [c.label for c in result.columns][3:] == ["last_name", "specialty"]


def test_a_sentence_alone_in_a_file_is_no_table(tmp_path):
    path = tmp_path / "README.txt"
    path.write_text("Your files are encrypted. Write to support@example.org with id 4F2A now.\n", encoding="utf-8")
    result = driver.scan([path])
    assert (result.tables[0].kind, result.size.persons.estimate) == ("text", None)


def test_a_date_that_is_everywhere_the_same_is_said_once(scan):
    result = scan(["date_sortie"], lambda *_: ["31/05/2023"])
    assert said(result, "S6.same").endswith(" sont toutes du 31 mai 2023.")


def test_notes_without_a_table_are_personal_data_all_the_same(tmp_path):
    """Who is named, and how to reach him, in nothing but sentences: "no personal data" would be false."""
    draw = random.Random(12)
    people = [person(draw, n) for n in range(40)]
    ends = ["avant de fermer le dossier", "lundi matin, c'est promis depuis une semaine", "si rien ne vient", "sans faute"]
    lines = [
        f"Rappeler {p['first']} {p['last']} au {M['tel'](draw, p)} ou {M['mail'](draw, p)} {ends[n % 4]}." for n, p in enumerate(people)
    ]
    path = tmp_path / "notes.txt"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = driver.scan([path])
    assert {(t.label, t.role) for t in result.types} >= {("phone", "inside"), ("email", "inside")}
    assert (result.size.persons.estimate, result.severity.enisa.ei) == (None, 0.75)
    assert "numéro de téléphone (40 cellules)" in said(result, "S3.inside")
    assert "nom et prénom" in said(result, "S3.texts")


def notes(people, draw):
    return [f"Rappeler {p['first']} {p['last']} au {M['tel'](draw, p)}{', encore' * (n % 3)}." for n, p in enumerate(people)]


def told(path, segment):
    limits = Options().limits.with_values({"segment_bytes": segment, "record_bytes": segment})
    result = driver.scan([path], Options(limits=limits))
    return [(t.label, t.role, t.rows) for t in result.types], [c.mentions for c in result.columns]


@pytest.mark.parametrize("later", [False, True])
def test_what_texts_tell_does_not_hang_on_where_the_file_is_cut(later, tmp_path):
    """Nor does it where a column that comes later names somebody: then texts are texts beside it, wherever it begins."""
    draw = random.Random(13)
    people = [person(draw, n) for n in range(200)]
    rows = [{"note": note} for note in notes(people, draw)]
    if later:
        rows += [{"note": "", "email": M["mail"](draw, p)} for p in people[:50]]
    path = tmp_path / "notes.ndjson"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    whole, parts = told(path, 1 << 20), told(path, 2000)
    assert whole == parts
    assert (("phone", "inside", 200) in whole[0]) is not later
