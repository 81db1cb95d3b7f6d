"""JSON in the shapes that producers give it: rows, names of tables and columns, what damage costs."""

from __future__ import annotations

import json
import random

import pytest

import triage
from triage.limits import Limits
from triage.options import Options
from triage.readers.jsonscan import Elements, Scanner


def people(n, start=0):
    return [{"nom": f"NOM{i}", "email": f"p{i}@example.org", "age": i % 90} for i in range(start, start + n)]


def scan(tmp_path, *texts, options=None):
    folder = tmp_path / "in"
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"f{number}.json").write_bytes(text if isinstance(text, bytes) else text.encode())
    return triage.scan([folder], options or Options())


def tables(result):
    return {t.table: (t.rows_total, t.parent) for t in result.tables}


ROWS = people(70)
SHAPES = {
    "array": json.dumps(ROWS),
    "indented": json.dumps(ROWS, indent=2),
    "lines": "\n".join(map(json.dumps, ROWS)),
    "one after another": "".join(map(json.dumps, ROWS)),
    "indented, one after another": "\n".join(json.dumps(r, indent=2) for r in ROWS),
    "sequence": "".join(f"\x1e{json.dumps(r)}\n" for r in ROWS),
    "elasticsearch lines": "\n".join(json.dumps({"_index": "p", "_id": str(i), "_source": r}) for i, r in enumerate(ROWS)),
    "utf-16": json.dumps(ROWS).encode("utf-16"),
    "byte order mark": b"\xef\xbb\xbf" + json.dumps(ROWS).encode(),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_every_shape_of_the_same_rows_is_the_same_table(tmp_path, shape):
    result = scan(tmp_path, SHAPES[shape])
    assert tables(result) == {None: (70, None)}
    found = {c.name: (c.label, c.filled, c.distinct) for c in result.columns}
    assert found["email"] == ("email", 70, 70)
    assert found["nom"][1:] == (70, 70)
    assert not result.problems


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ({"data": ROWS, "meta": {"page": 1, "total": 70}}, {"data": (70, None)}),
        ({"hits": {"total": {"value": 70}, "hits": [{"_id": "x", "_source": r} for r in ROWS]}, "took": 3}, {"hits.hits": (70, None)}),
        ({"users": ROWS, "orders": [{"ref": i} for i in range(5)]}, {"users": (70, None), "orders": (5, None)}),
        ({"exported": "2024-01-01", "by": "crm", "patients": ROWS}, {"patients": (70, None)}),
        ({r["email"]: r for r in ROWS[:3]}, {None: (3, None)}),
        ({f"u{i}": r for i, r in enumerate(ROWS)}, {None: (70, None)}),
        ({"nom": "PETIT", "email": "a@example.org", "visits": [{"day": "2024-01-02"}] * 6}, {None: (1, None), "visits": (6, "")}),
        ([{"id": 1, "items": [{"sku": "a"}, {"sku": "b"}]}, {"id": 2, "items": []}], {None: (2, None), "items": (2, "")}),
        ({"data": [{"id": 1, "items": [{"sku": "a"}]}]}, {"data": (1, None), "data.items": (1, "data")}),
    ],
)
def test_collections_have_the_name_of_their_path(tmp_path, text, expected):
    assert tables(scan(tmp_path, json.dumps(text))) == expected


def test_keys_of_objects_are_a_column(tmp_path):
    result = scan(tmp_path, json.dumps({r["email"]: {"password": "x"} for r in ROWS}))
    assert next((c.name, c.label) for c in result.columns) == ("_key", "email")


def test_pages_of_a_folder_are_one_table_and_strangers_are_not(tmp_path):
    pages = [json.dumps({"data": people(20, n * 20), "meta": {"page": n}}) for n in range(3)]
    result = scan(tmp_path, *pages, json.dumps({"data": [{"ref": i, "amount": i * 3, "vat": 20} for i in range(9)]}))
    assert [(t.table, t.rows_total, len(t.parts)) for t in result.tables] == [("data", 60, 3), ("data", 9, 1)]


def test_extended_json_is_the_value_it_stands_for(tmp_path):
    rows = [
        {"_id": {"$oid": f"{i:024x}"}, "at": {"$date": {"$numberLong": str(1_700_000_000_000 + i)}}, "n": {"$numberInt": "4"}}
        for i in range(20)
    ]
    result = scan(tmp_path, json.dumps(rows))
    assert [c.name for c in result.columns] == ["_id", "at", "n"]
    assert {c.name: c.label for c in result.columns}["at"] in {"date", "datetime"}


def test_damage_costs_its_own_record_only(tmp_path):
    lines = [json.dumps(r) for r in ROWS]
    lines[30] = lines[30][:-9]
    whole = scan(tmp_path, "\n".join(lines))
    assert (whole.tables[0].rows_total, whole.tables[0].rows_rejected) == (70, 1)
    assert whole.inputs.files[0].status == "partial"


@pytest.mark.parametrize("cut", [1, 200, 2000])
def test_a_cut_array_keeps_what_stood_before(tmp_path, cut):
    text = json.dumps(ROWS)
    result = scan(tmp_path, text[: len(text) - cut])
    table = result.tables[0]
    assert table.rows_read + table.rows_repaired >= 70 - cut // 40 - 1
    assert "truncated" in {p.code for p in result.inputs.files[0].problems}


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        '{"a":' * 100_000,
        "[1e400, -1e-400, 1" + "0" * 5000 + "]",
        '["\\ud800", "\\udc00\\ud800x"]',
        '["\\u0000"]',
        b'["\xff\xfe"]',
        '{"":1,"":2}',
        "[NaN]",
    ],
)
def test_hostile_values_end_with_a_result(tmp_path, text):
    result = scan(tmp_path, text)
    assert "crashed" not in {p.code for p in result.problems}


def test_a_record_above_the_limit_is_counted_and_the_rest_is_read(tmp_path):
    rows = [*ROWS, {"nom": "x" * 3_000_000}, *ROWS]
    result = scan(tmp_path, json.dumps(rows), options=Options(limits=Limits(record_bytes=1 << 20)))
    assert (result.tables[0].rows_read, result.tables[0].rows_rejected) == (140, 1)


class Drip:
    """A stream that gives a few bytes at a time."""

    def __init__(self, data, step):
        self.data, self.step = data, step

    def read(self, size):
        taken, self.data = self.data[: min(size, self.step)], self.data[min(size, self.step) :]
        return taken


@pytest.mark.parametrize("step", [1, 7, 1 << 16])
def test_elements_are_whole_however_the_bytes_come(step):
    chance = random.Random(step)
    rows = [
        {"a": '"},{"a":[' * chance.randint(0, 3), "b": [{"a": i, "c": "\\"}] * chance.randint(0, 3)}
        for i in range(40 if step == 1 else 4000)
    ]
    scanner = Scanner(Drip(json.dumps(rows).encode()[1:], step), 1 << 20)
    elements = Elements(scanner)
    assert [v for found in elements for v in found.values] == rows
    assert not elements.broken
