"""JSON whose rows are written by columns, as lists under names, or as what a search engine is sent: the rows are those of the table."""

from __future__ import annotations

import json

import pytest

import triage

NAMES = ["nom", "email", "ville"]
CELLS = [[f"N{n}", f"a{n}@example.org", ["Rennes", "Nantes"][n % 2]] for n in range(40)]
RECORDS = [dict(zip(NAMES, row, strict=True)) for row in CELLS]


def lines(*values):
    return "".join(json.dumps(v) + "\n" for v in values)


SHAPES = {
    "records": json.dumps(RECORDS),
    "split": json.dumps({"columns": NAMES, "data": CELLS}),
    "cols": json.dumps({"cols": [{"name": n, "type": "text"} for n in NAMES], "rows": CELLS}),
    "columns": json.dumps({n: {str(i): row[k] for i, row in enumerate(CELLS)} for k, n in enumerate(NAMES)}),
    "list": json.dumps({n: [row[k] for row in CELLS] for k, n in enumerate(NAMES)}),
    "headed": json.dumps([NAMES, *CELLS]),
    "bulk": lines(*(v for i, r in enumerate(RECORDS) for v in ({"index": {"_index": "p", "_id": str(i)}}, r))),
    "update": lines(*(v for i, r in enumerate(RECORDS) for v in ({"update": {"_id": str(i)}}, {"doc": r, "doc_as_upsert": True}))),
    "index": json.dumps({str(i): r for i, r in enumerate(RECORDS)}),
    "over lines": "\ufeff" + "\n".join(json.dumps(r, indent=2) for r in RECORDS),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_are_those_of_the_table(tmp_path, shape):
    (tmp_path / "x.json").write_text(SHAPES[shape], encoding="utf-8")
    result = triage.scan([tmp_path / "x.json"])
    (table,) = result.tables
    assert (table.rows_total, table.rows_rejected) == (40, 0)
    columns = {c.name: (c.label, c.filled, c.distinct) for c in result.columns if c.name not in {"_index", "_id", "_key"}}
    assert columns["email"] == ("email", 40, 40)
    assert columns["ville"] == ("city", 40, 2)
    assert list(columns) == NAMES


def test_what_is_deleted_is_a_row_of_its_own(tmp_path):
    (tmp_path / "x.json").write_text(
        lines({"delete": {"_id": "1"}}, {"index": {"_id": "2"}}, RECORDS[0], {"create": {"_id": "3"}}, RECORDS[1])
    )
    assert triage.scan([tmp_path / "x.json"]).tables[0].rows_total == 3


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"nom": "MARTIN", "enfants": ["a", "b", "c", "d", "e"]}),
        json.dumps([["a", "b"], ["c", "d"], ["e", "f"]]),
        lines({"index": 3}, {"index": 4}, {"index": 5}),
    ],
)
def test_what_is_written_otherwise_is_left_alone(tmp_path, text):
    (tmp_path / "x.json").write_text(text)
    result = triage.scan([tmp_path / "x.json"])
    assert result.size.rows_total == (1 if "enfants" in text else 3)


@pytest.mark.parametrize("key", ["jean@example.org", "clients.0612345678", "Jean DUPONT"])
def test_the_key_of_a_person_is_no_name_of_a_table(tmp_path, key):
    (tmp_path / "x.json").write_text(json.dumps({key: RECORDS[:3], "ventes": RECORDS[3:]}), encoding="utf-8")
    result = triage.scan([tmp_path / "x.json"])
    assert {t.table for t in result.tables} == {"", "ventes"}
