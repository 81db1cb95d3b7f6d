"""CDA: who a document is of, who wrote it, what it says, and what lies in it as a file."""

from __future__ import annotations

import base64

import pytest

import triage

PATIENT = (
    '<recordTarget><patientRole><id root="1.2.250.1.213.1.4.8" extension="185067511699947"/><id root="1.9" extension="77"/><patient>'
    '<name><given>PAUL</given><family qualifier="BR">DURAND</family></name><birthTime value="19850612"/>'
    "<guardian><guardianPerson><name><family>OTHER</family></name></guardianPerson></guardian></patient>"
    '<providerOrganization><id root="1.2.250.1.71.4.2.2" extension="1560000127"/><name>CHU</name></providerOrganization>'
    "</patientRole></recordTarget>"
)
SECTION = (
    "<component><structuredBody><component><section><title>Suivi</title><text><paragraph>un</paragraph><list><item>deux</item></list>"
    '</text><entry><observation><code code="1"/></observation></entry><entry><observation><code code="2" displayName="Glycémie"/>'
    '<value value="1.10" unit="g/L"/></observation></entry></section></component></structuredBody></component>'
)


def scan(tmp_path, body, before="", encoding="utf-8"):
    path = tmp_path / "letter.xml"
    path.write_bytes(f'{before}<ClinicalDocument xmlns="urn:hl7-org:v3">{body}</ClinicalDocument>'.encode(encoding))
    result = triage.scan([path])
    names = {t.table: [c.name for c in result.columns if c.table == t.index] for t in result.tables}
    return result, {t.table: t.rows_total for t in result.tables}, names


@pytest.mark.parametrize(
    ("before", "encoding"),
    [
        ("", "utf-8"),
        ('<?xml version="1.0" encoding="ISO-8859-1"?>\n<?xml-stylesheet href="a"?><!-- a - b -->', "latin-1"),
        ("\ufeff", "utf-16-le"),
    ],
)
def test_a_document_gives_its_patient_and_what_it_states(tmp_path, before, encoding):
    result, rows, names = scan(tmp_path, PATIENT + SECTION, before, encoding)
    assert rows == {"patient": 1, "section": 1, "statement": 2}
    assert result.inputs.files[0].kind == "cda"
    assert set(names["patient"]) == {"ins", "patient_id", "first_name", "last_name", "birth_name", "birth_date", "finess", "organization",
                                     "document", "document_date"}  # fmt: skip
    assert {"patient_id", "label", "value", "unit"} <= set(names["statement"])
    assert result.size.persons.estimate == 1
    assert {p.code for p in result.problems} <= {"encoding_guessed"}


def test_a_file_in_a_document_is_an_entry(tmp_path):
    table = base64.b64encode(b"nom;prenom\nDURAND;Paul\nPETIT;Anne\n").decode()
    body = f'<component><nonXMLBody><text mediaType="text/csv" representation="B64">{table}</text></nonXMLBody></component>'
    result, _, _ = scan(tmp_path, PATIENT + body)
    assert [(t.entry.partition("!")[2], t.table, t.rows_total) for t in result.tables] == [("0.csv", None, 2), ("", "patient", 1)]


@pytest.mark.parametrize("inner", ['<!DOCTYPE a [<!ENTITY e "x">]>', "<b>" * 400])
def test_what_no_document_needs_ends_the_reading(tmp_path, inner):
    before, body = (inner, PATIENT) if "!" in inner else ("", inner)
    result, rows, _ = scan(tmp_path, body, "<?xml version='1.0'?>" + before)
    assert not rows
    assert {p.code for p in result.problems} == {"corrupt"}
