"""Every recipe scanned end to end: the figures are those of its truth, which was counted while it was written.

Where the scan says something else the difference stands in ``DIFFERS`` with its reason, and the test fails on the day
it is gone: nothing is forgiven that is not named.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

import triage
from triage import samples

ROWS = 300
# Labels that say nothing about a person: the role of such a column is nobody's.
GENERIC = {"date", "datetime", "number", "code", "category", "boolean", "id", "free_text", "message", "empty", "unknown"}
# Whether numbers of a row are called an id or a code depends on their header and repeats; nothing follows from it.
NUMBERED = {"id": "code"}
TIDY = ("nir", "email", "phone", "iban", "name_dob", "patient_id", "login")

# What a scan says otherwise, and why. The key is the place that ``differences`` prints.
DIFFERS: dict[str, dict[str, str]] = {
    "lab": {
        "lab.ATP: role": "the number of the insurer is taken for the patient's, who has one; the truth says whose number it is",
        "unique email": "the truth counts the mails of prescribers too, the scan those of patients",
        "unique phone": "the truth counts the telephones of doctors and insurers too, the scan those of patients",
    },
    "teleconsultation": {
        "messages.message: role": "the table names nobody: its messages are nobody's",
    },
    "combo": {
        "persons": "nothing says that a login and a mail are one person's: both are counted; the interval holds the truth",
    },
    "messages": {
        "rows": "every segment is a row of the scan; the truth counts messages",
        "unique patient_id": "the number of a patient is one of its file: the same number in HL7 and HPRIM is counted twice",
        "OBX: columns": "the reader gives each segment the number of the patient whose message it is in",
        "OBX: rows_exact_dup": "with that number two results of two patients are no duplicates",
        "OBX.observation_value: role": "a result of somebody is the patient's; the truth says whose only where a name stands",
    },
    "encrypted": {
        "tables": "a note is read as lines of text, and a text is a table of one column",
        "rows": "the lines of the note are counted",
    },
    "retail": {
        "deliveries.montant_ttc: role": "what a delivery cost is the customer's by the scan; the truth says it of the delivery",
    },
    "insurance": {
        "beneficiaries.num_adherent: role": "nothing in the header says that the number is the head's of the family",
        "persons": "a family under one NIR is told apart by birth dates; two who are near in both are one; the interval holds the truth",
    },
    "loyalty": {
        "receipts.loyalty_card: label": "receipts name nobody, and a card needs a person beside it",
        "articles.product: label": "receipts name nobody, and a purchase needs a person beside it",
        "persons": "a card is no key of persons: who gave neither mail, telephone nor birth date is not counted",
    },
}


@pytest.mark.parametrize("name", sorted(samples.recipes()))
def test_scan_agrees_with_truth(name, tmp_path):
    leak = tmp_path / "leak"
    leak.mkdir()
    truth = samples.make(name, ROWS, leak)
    assert json.loads(next(tmp_path.rglob("*.truth.json")).read_text("utf-8")) == truth
    for beside in tmp_path.rglob("*.truth.json"):
        beside.unlink()
    result = triage.scan([leak])
    found = dict(differences(truth, result))
    assert {place: f"{told}" for place, told in found.items() if place not in DIFFERS.get(name, {})} == {}
    assert set(DIFFERS.get(name, {})) <= set(found), "a difference is gone: strike it from the list"


def differences(truth: dict[str, Any], result: triage.Result) -> Iterator[tuple[str, Any]]:
    """Places where truth and scan say two things, with both."""
    for place, told, scanned in (*_files(truth, result), *_tables(truth, result), *_figures(truth, result)):
        if told != scanned:
            yield place, (told, scanned)


def _files(truth: dict[str, Any], result: triage.Result) -> Iterator[tuple[str, Any, Any]]:
    scanned = {file.path.partition("/")[2]: file for file in result.inputs.files}
    yield "files", sorted(f["path"] for f in truth["files"]), sorted(scanned)
    for told in truth["files"]:
        if told["path"] in scanned:
            yield f"sha256 of {told['path']}", told["sha256"], scanned[told["path"]].sha256
            yield f"status of {told['path']}", told["status"], scanned[told["path"]].status


def _tables(truth: dict[str, Any], result: triage.Result) -> Iterator[tuple[str, Any, Any]]:
    scanned = {(t.entry.partition("/")[2], t.table): t for t in result.tables}
    named = {(t["entry"], t["table"]): t for t in truth["tables"]}
    yield "tables", sorted(map(str, named)), sorted(map(str, scanned))
    for key in named.keys() & scanned.keys():
        told, table = named[key], scanned[key]
        place = told["name"]
        for field in ("rows_exact_dup", "rows_long", "rows_short", "unit"):
            yield f"{place}: {field}", told[field], getattr(table, field)
        yield f"{place}: rows", told["rows"], table.rows_total
        yield f"{place}: parts", [p["entry"] for p in told["parts"]], [p.entry.partition("/")[2] for p in table.parts]
        columns = {c.index: c for c in result.columns if c.table == table.index}
        yield f"{place}: columns", len(told["columns"]), len(columns)
        for column in told["columns"]:
            if column["index"] in columns:
                yield from _column(f"{place}.{column['name']}", column, columns[column["index"]], header=table.header)


def _column(place: str, told: dict[str, Any], column: Any, *, header: bool) -> Iterator[tuple[str, Any, Any]]:
    if header:
        yield f"{place}: name", told["name"], column.name
    yield f"{place}: label", NUMBERED.get(told["label"], told["label"]), NUMBERED.get(column.label, column.label)
    yield f"{place}: filled", told["filled"], column.filled
    if told["label"] == column.label and told["label"] not in GENERIC:
        yield f"{place}: role", told["role"], column.role
        if "distinct" in told:
            yield f"{place}: distinct", told["distinct"], column.distinct


def _figures(truth: dict[str, Any], result: triage.Result) -> Iterator[tuple[str, Any, Any]]:
    yield "rows", truth["rows"], result.size.rows_total
    persons = result.size.persons
    if truth["persons"] and persons:
        yield "persons", truth["persons"], persons.estimate
        yield "persons: interval", True, persons.low <= truth["persons"] <= persons.high
    for name in TIDY:
        yield f"unique {name}", truth["unique"].get(name), getattr(result.size.unique, name)
    for name in ("rows_password", "clear", "hashed", "pairs"):
        yield f"credentials {name}", truth["credentials"][name], getattr(result.credentials, name)
    for name in ("iban", "card"):
        scanned = getattr(result.financial, name)
        yield name, truth["financial"][name], {"rows": scanned.rows, "valid": scanned.valid}
    yield "rows with comment", truth["rows_with_comment"], result.health.rows_with_comment
    yield "rows with mention", truth["rows_with_mention"], result.health.rows_with_mention


NUMBERED_PERSONS = {
    "customer numbers of ten digits that begin with 0020 are no telephones of Egypt": (
        "num_abonne",
        "contract_id",
        range(20017331, 20017431),
        "010d",
    ),
    "patient numbers of five digits are no communes": ("patient_id", "patient_id", range(51042, 51142), "d"),
}


@pytest.mark.parametrize("case", NUMBERED_PERSONS)
def test_numbers_whose_name_says_what_they_are(case, tmp_path):
    """A name that speaks is not overruled by a list that holds one number in three, or by figures that look like a prefix."""
    header, label, numbers, form = NUMBERED_PERSONS[case]
    people = [
        (f"{number:{form}}", name, f"19{50 + n % 50}-0{1 + n % 9}-1{n % 10}")
        for n, (number, name) in enumerate(zip(numbers, _names(), strict=False))
    ]
    table = tmp_path / "t.csv"
    table.write_text("\n".join(";".join(row) for row in [(header, "nom", "date_naissance"), *people]), encoding="utf-8")
    assert triage.scan([table]).columns[0].label == label


def _names() -> list[str]:
    return ["MARTIN", "BERNARD", "PETIT", "DURAND", "LEROY", "MOREAU", "SIMON", "LAURENT", "GARCIA", "ROUX"] * 10
