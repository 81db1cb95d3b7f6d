"""Cells that hold several values: JSON, lists, parts with a meaning each; and fields beyond the last column."""

from __future__ import annotations

import json
from pathlib import Path

from triage import scan

NAMES = [("Sophie", "MARTIN"), ("Luc", "BERNARD"), ("Anne", "PETIT"), ("Paul", "DURAND"), ("Julie", "LEROY"), ("Hugo", "MOREAU")]
NAMES += [("Claire", "SIMON"), ("Marc", "LAURENT"), ("Nathalie", "GARCIA"), ("Pierre", "ROUX"), ("Camille", "DAVID"), ("Louis", "THOMAS")]
PHONES = [f"06 12 34 56 {n:02d}" for n in range(12)]


def column(folder: Path, name: str, cells: list[str]):
    path = folder / "t.csv"
    lines = [f"ligne\t{name}\tfin", *(f"{n}\t{cell}\tx{n}" for n, cell in enumerate(cells, 1))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return scan([path]).columns[1]


def test_json_objects_are_opened_by_their_keys(tmp_path):
    cells = [
        json.dumps({"nom": last, "prenom": first, "tel": {"mobile": phone}, "groupe_sanguin": "A+", "note": None, "actif": True})
        for (first, last), phone in zip(NAMES, PHONES, strict=True)
    ]
    cells[3] = json.dumps({"nom": "", "prenom": "Paul"})
    found = column(tmp_path, "donnees", cells).mentions
    assert (found["last_name"], found["first_name"], found["phone"], found["blood_group"]) == (11, 12, 11, 11)


def test_json_that_cannot_be_read_changes_nothing(tmp_path):
    found = column(tmp_path, "donnees", ['{"nom": ' + "[" * 3000, "{}", "[]", '{"a": 1', "[[[]]]"] * 3)
    assert not found.mentions


def test_lists_of_addresses_and_of_telephones(tmp_path):
    mails = [f"{first}.{last}@example.org; {last}@example.com".lower() for first, last in NAMES]
    assert column(tmp_path, "divers", mails).mentions["email"] == 12
    phones = [f"{one} / {two}" for one, two in zip(PHONES, reversed(PHONES), strict=True)]
    assert column(tmp_path, "divers", phones).mentions["phone"] == 12


def test_parts_with_a_meaning_each(tmp_path):
    cells = [f"{last}|{first.lower()}@example.org|{n}" for n, (first, last) in enumerate(NAMES)]
    cells[0] = "MARTIN||0"
    assert column(tmp_path, "export", cells).mentions["email"] == 11


def test_lists_of_anything_are_left_alone(tmp_path):
    for cells in (
        ["rouge, vert", "bleu, noir", "vert, gris", "jaune, rose"] * 3,
        ["12,50", "3,99", "100,00", "7,25"] * 3,
        ["48.8566, 2.3522", "45.7640, 4.8357", "43.2965, 5.3698"] * 3,
        ["2020-01-02/2020-02-03", "2021-04-05/2021-05-06", "2019-01-01/2019-12-31"] * 3,
        ["1|2|3", "4|5|6", "7|8|9", "10|11|12"] * 3,
        ["NFE|204|A", "NFE|205|B", "XBE|101|C", "NFA|008|D"] * 3,
    ):
        assert not column(tmp_path, "divers", cells).mentions, cells


def test_fields_beyond_the_last_column_are_read(tmp_path):
    path = tmp_path / "t.csv"
    lines = [
        "id;ville;note",
        *(f"{n};Rennes;rien" for n in range(40)),
        "40;Rennes;rappeler;au 06 12 34 56 78",
        "41;Rennes;vu;a.b@example.org",
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = scan([path])
    assert {"phone": 1, "email": 1}.items() <= result.columns[2].mentions.items()
    assert "phone" not in result.absent


def test_a_comment_with_commas_is_not_a_list(tmp_path):
    cells = [f"patiente {n} diabétique, vue ce jour, à revoir" for n in range(1, 16)]
    assert "health_text" not in column(tmp_path, "divers", cells).mentions


# A key of the right form over a body that no person has: the 98th commune of a department that is not there.
def _nir(n: int) -> str:
    body = f"18003975{n:05d}"
    return f"{body}{97 - int(body) % 97:02d}"


def test_what_objects_hold_weighs_as_columns_do(tmp_path):
    objects = [
        {"nir": _nir(n), "diagnostic": "F32.1" if n % 2 else "B24", "iban": "FR7630006000011234567890189", "nom": last, "prenom": first}
        for n, (first, last) in enumerate(NAMES)
    ]
    path = tmp_path / "t.csv"
    lines = ["ligne\tdonnees\tfin", *(f"{n}\t{json.dumps(o)}\tx{n}" for n, o in enumerate(objects))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    result = scan([path])
    inside = {t.label: t.rows for t in result.types if t.role == "inside"}
    assert {"nir": 12, "iban": 12, "last_name": 12}.items() <= inside.items()
    assert result.severity.enisa.dpc >= 3
    assert result.severity.enisa.ei >= 0.75
    assert result.duties.nir
    assert (result.financial.iban.rows, result.financial.iban.valid) == (12, 12)
    assert result.size.persons.estimate is None
    said = {s.id: s.text.replace("\u202f", " ").replace("\u00a0", " ") for s in result.summary.fr}
    assert "colonne « donnees »" in said["S3.inside"]
    assert "12 cellules" in said["S3.inside"]
    assert "colonne « donnees »" in said["S10.inside"]
    assert "S0.nothing" not in said


def test_practitioners_inside_cells_are_no_subjects(tmp_path):
    path = tmp_path / "t.csv"
    cells = [json.dumps({"nom_medecin": last, "prenom_medecin": first}) for first, last in NAMES]
    path.write_text("\n".join(["ligne\tdonnees\tfin", *(f"{n}\t{c}\tx{n}" for n, c in enumerate(cells))]) + "\n", encoding="utf-8")
    result = scan([path])
    assert not [t for t in result.types if t.role == "inside"]


def test_numbers_with_a_key_in_comments_weigh_and_are_told(tmp_path):
    """Seventeen NIR and a password among comments: an official number, a credential, and what says so; no IBAN, no card."""
    path = tmp_path / "suivi.csv"
    notes = [f"Rappel fait, NIR 1 85 06 75 116 999 47 vu le {n}" if n % 3 == 0 else "Ne répond pas au téléphone." for n in range(50)]
    notes[1] = "mdp : Soleil35"
    path.write_text("nom;commentaire\n" + "\n".join(f"{NAMES[n % 12][1]};{note}" for n, note in enumerate(notes)) + "\n", encoding="utf-8")
    result = scan([path])
    assert {t.label: t.rows for t in result.types if t.role == "inside"} == {"nir": 17, "password": 1}
    assert "nir" in result.duties.cnil_categories
    assert {r.detail for r in result.severity.enisa.dpc_reasons} == {"password"}
    assert "NIR (17 cellules)" in {s.id: s.text for s in result.summary.fr}["S10.inside"]
    assert {"iban", "card"} <= {*result.absent}


def test_strays_in_a_column_of_anything_are_counted(tmp_path):
    """Numbers of doctors and blood groups in one cell of ten; marks and numbers with a wrong key are none."""
    anything = ["OK", "RAS", "EN COURS", "voir dossier", "lot 7"]
    doctors = ["10000000017", "10999999906", "10999999914", "10999999930", "10999999948"]
    cells = [doctors[n // 10 % 5] if n % 10 == 3 else anything[n % 5] for n in range(100)]
    assert column(tmp_path, "divers", cells).mentions == {"rpps": 10}
    groups = ["A+", "O-", "AB+", "B+", "O+"]
    assert column(tmp_path, "divers", [groups[n // 10 % 5] if n % 10 == 3 else anything[n % 5] for n in range(100)]).mentions == {
        "blood_group": 10
    }
    wrong = ["10000000018", "10999999907", "A+", "B-", "C+", "A-", "B+"]
    assert not column(tmp_path, "divers", [wrong[n // 10 % 7] if n % 10 == 3 else anything[n % 5] for n in range(100)]).mentions
