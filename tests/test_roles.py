"""Whose data: a doctor's town is not the patient's, practitioners are victims counted apart, relatives are not the insured."""

from __future__ import annotations

import random

import pytest
from benign.columns import luhn
from exports.values import M, person

from triage import driver

PATIENTS, DOCTORS = 240, 12


@pytest.fixture(scope="module")
def rows():
    """Patients of the Morbihan, who go to twelve doctors of Rennes."""
    draw = random.Random(5)
    doctors = [(M["nom"](draw, p), M["prenom"](draw, p), luhn(f"10{n:08d}")) for n, p in enumerate(person(draw, n) for n in range(DOCTORS))]
    people = []
    for n in range(PATIENTS):
        p = person(draw, n)
        people.append(
            (
                p["last"],
                p["first"],
                f"{p['day']:02d}/{p['month']:02d}/{p['year']}",
                "56000",
                "Vannes",
                M["tel"](draw, p),
                *doctors[n % DOCTORS],
            )
        )
    return people


def scan(tmp_path, names, rows):
    path = tmp_path / "patients.csv"
    path.write_text("\n".join(";".join(row) for row in (names, *rows)) + "\n", encoding="utf-8")
    return driver.scan([path])


NAMES = ["nom", "prenom", "date_naissance", "cp", "ville", "telephone"]


@pytest.mark.parametrize(
    "theirs",
    [
        ["nom_medecin", "prenom_medecin", "rpps", "cp_medecin", "ville_medecin", "tel_medecin"],
        ["MED_NOM", "MED_PRENOM", "MED_RPPS", "MED_CP", "MED_VILLE", "MED_TEL"],
        ["prescripteur.nom", "prescripteur.prenom", "prescripteur.rpps", "prescripteur.cp", "prescripteur.ville", "prescripteur.tel"],
        ["MPRNOM", "MPRPRE", "RPPS", "MPRCP", "MPRVIL", "MPRTEL"],
        ["nom2", "prenom2", "rpps", "cp2", "ville2", "tel2"],
        ["", "", "", "", "", ""],
    ],
)
def test_a_doctors_town_is_not_the_patients(theirs, rows, tmp_path):
    with_towns = [(*row, "35000", "Rennes", "0299000000") for row in rows]
    result = scan(tmp_path, [*NAMES, *theirs], with_towns)
    roles = [c.role for c in result.columns]
    assert roles == ["patient"] * 6 + ["practitioner"] * 6
    places = {g.basis: {d.code: d.n for d in g.departments} for g in result.geography if g.basis != "phone_prefix"}
    assert places == {"patient": {"56": PATIENTS}, "practitioner": {"35": PATIENTS}}


def test_practitioners_are_counted_apart(rows, tmp_path):
    result = scan(tmp_path, [*NAMES, "nom_medecin", "prenom_medecin", "rpps"], rows)
    persons = result.size.persons_by_role
    assert persons["practitioner"].estimate == DOCTORS
    assert persons["patient"].estimate == result.size.persons.estimate == PATIENTS


def test_a_title_tells_a_doctor_in_one_column(rows, tmp_path):
    result = scan(tmp_path, ["nom", "prenom", "date_naissance", "adressé par"], [(*row[:3], f"Dr {row[7]} {row[6]}") for row in rows])
    assert (result.columns[3].label, result.columns[3].role) == ("practitioner", "practitioner")
    assert result.size.persons_by_role["practitioner"].estimate == DOCTORS


def test_relatives_and_insured_are_not_the_subject(rows, tmp_path):
    names = ["nom", "prenom", "date_naissance", "nom_pere", "prenom_pere", "tel_urgence", "nom_assure", "employeur_tel"]
    result = scan(tmp_path, names, [(*row[:3], row[0], row[7], row[5], row[6], "0299111111") for row in rows])
    assert [c.role for c in result.columns][3:] == ["relative", "relative", "relative", "insured", "establishment"]
    assert result.size.persons.estimate == PATIENTS


def test_who_answers_for_a_pupil_is_reached_under_his_own_telephone(rows, tmp_path):
    """The telephone of "Resp. légal 1" is not the pupil's."""
    names = ["Nom élève", "Prénom élève", "Né(e) le", "Resp. légal 1", "Tél. resp. 1", "Next of kin"]
    pupils = [(*row[:3], f"{row[6]} {row[7]}", row[5], f"{row[7]} {row[6]}") for row in rows]
    roles = {c.name: c.role for c in scan(tmp_path, names, pupils).columns}
    assert {roles[n] for n in names[3:]} == {"relative"}
    assert {roles[n] for n in names[:3]} == {"patient"}
