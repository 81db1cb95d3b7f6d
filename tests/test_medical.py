"""Medical messages: every segment a row of the table of its kind, whatever the marks, frames and line ends."""

from __future__ import annotations

import json

import pytest

import triage

PID = "PID|1||77^^^H^PI~185067511699947^^^INS^INS||DURAND^PAUL||19850612|M|||1 rue X^^RENNES^^35000"
HL7 = ["MSH|^~\\&|A|B|C|D|20240301||ORU^R01|1|P|2.5", PID, "OBX|1|TX|C^COM||HIV\\F\\neg\\.br\\suite||"]


def scan(tmp_path, data):
    path = tmp_path / "message"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return triage.scan([path])


def tables(result):
    return {t.table: t.rows_total for t in result.tables}


@pytest.mark.parametrize(("before", "end", "after"), [("", "\r", ""), ("", "\r\n", ""), ("", "\n", "\n"), ("\x0b", "\r", "\x1c\r")])
def test_hl7_whatever_frames_and_line_ends(tmp_path, before, end, after):
    result = scan(tmp_path, "".join(before + end.join(HL7) + end + after for _ in range(30)))
    assert tables(result) == {"MSH": 30, "PID": 30, "OBX": 30}
    assert result.tables[0].kind == "hl7"
    labels = {c.name: c.label for c in result.columns if c.table == 1}
    assert labels["last_name"] == "last_name"
    assert labels["birth_date"] == "birth_date"
    assert not result.problems


def test_hl7_with_other_marks(tmp_path):
    text = "\r".join(HL7).replace("|", "#").replace("^", "*")
    assert tables(scan(tmp_path, text.replace("MSH#*~\\&", "MSH#*~\\&"))) == {"MSH": 1, "PID": 1, "OBX": 1}


def test_what_is_no_segment_is_rejected_with_a_count(tmp_path):
    result = scan(tmp_path, "\r".join([*HL7, "rubbish"]))
    assert result.inputs.files[0].status == "partial"
    assert sum(t.rows_rejected for t in result.tables) == 1


def test_hprim_sante(tmp_path):
    lines = [
        "H|~^\\&|T.HPR||LABO~X||ORU|||RCPT||P|H2.1~C|2024",
        "P|1|77|||DURAND~PAUL||19850612|M",
        "OBX|1|NM|HB~HEMO||13|g/dL",
        "A| suite",
    ]
    result = scan(tmp_path, "\r\n".join(lines))
    assert tables(result) == {"H": 1, "P": 1, "OBX": 1}
    assert {c.name for c in result.columns if c.table == 1} >= {"nom", "prenom", "date_naissance"}


def test_hprim_medecin(tmp_path):
    letter = [
        "77",
        "DURAND",
        "PAUL",
        "1 rue X",
        "",
        "35000 RENNES",
        "12/06/1985",
        "185067511699947",
        "D1",
        "01/03/2024",
        "L000000001 Labo",
        "M000000001 Dr",
    ]
    text = "\r\n".join(
        [*letter, "Bilan", "****LAB****", "RES|GLYCEMIE|GLY|N|0.98|g/L|0.70|1.10|N|F|", "****FIN****"] * 3 + ["****FINFICHIER****"]
    )
    result = scan(tmp_path, text.encode("cp1252"))
    assert tables(result) == {"letters": 3, "results": 3}


def patient(n):
    return {"resourceType": "Patient", "id": f"p{n}", "name": [{"family": "DURAND", "given": ["PAUL", "B"]}], "birthDate": "1985-06-12"}


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"resourceType": "Bundle", "entry": [{"resource": patient(n)} for n in range(3)]}, indent=1),
        json.dumps({"type": "collection", "entry": [{"fullUrl": "urn:x", "resource": patient(n)} for n in range(3)]}),
        "\n".join(json.dumps(patient(n)) for n in range(3)),
        json.dumps([patient(n) for n in range(3)]),
    ],
)
def test_fhir_resources_are_rows_of_their_type(tmp_path, text):
    result = scan(tmp_path, text)
    assert tables(result) == {"Patient": 3}
    assert [c.name for c in result.columns] == ["id", "name.family", "name.given", "name.given.1", "birthDate"]


def test_what_follows_a_patient_in_a_message_is_the_patients(tmp_path):
    """A result without a name in its own segment is health data of somebody all the same."""
    names = ["DURAND^JEANNE", "MARTIN^PAUL", "PETIT^LUCIE"]
    lines = []
    for n in range(60):
        day = f"202403{n % 28 + 1:02}"
        lines += [
            f"MSH|^~\\&|LAB|H|||{day}0915||ORU^R01|{n}|P|2.5",
            f"PID|||{41_000 + n}^^^^PI||{names[n % 3]}||19{50 + n % 49}0{n % 9 + 1}1{n % 9}|F",
            f"OBX|1|NM|2345-7||{n % 17}.{n % 10}|g/L|||||F",
        ]
    result = scan(tmp_path, "\r".join(lines))
    found = {c.name: (c.label, c.role) for c in result.columns if result.tables[c.table].table == "OBX"}
    assert found["observation_value"] == ("lab_result", "patient")
    assert result.health.persons_art9 == 60
    assert result.size.persons.estimate == 60
    assert result.severity.enisa.band == "very_high"
    (period,) = [f for f in result.period.fields if f.role == "event"]
    assert (period.min, period.max) == ("2024-03", "2024-03")
    assert not sum(f.implausible for f in result.period.fields)
