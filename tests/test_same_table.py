"""The same table in every format: the same columns, counts and verdicts (scripts/build_formats.py writes them).

And a format without a golden input fails: there must be one that its reader, or its unpacker, reads.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

import pytest

from triage import driver
from triage.readers import READERS
from triage.unpack import UNPACKERS

GOLDEN = Path(__file__).resolve().parent / "golden"
PLAIN = "csv_same/input"
OTHERS = sorted(str(p.relative_to(GOLDEN)) for p in (*GOLDEN.glob("sql_*/input/*"), *GOLDEN.glob("same/input/*")))


@cache
def found(case):
    result = driver.scan([GOLDEN / case])
    (table,) = result.tables
    columns = [(c.name, c.label, c.confidence, c.role, c.filled, c.matched, c.valid, c.distinct) for c in result.columns]
    return (table.rows_total, table.rows_read, table.rows_rejected), columns, result.size.persons.estimate, result.severity.enisa.band


@pytest.mark.parametrize("case", OTHERS)
def test_the_same_table_gives_the_same_verdicts(case):
    assert found(case) == found(PLAIN)


def test_there_are_formats():
    assert len(OTHERS) > 20


@cache
def golden():
    """The kinds of all files and tables of the golden results."""
    results = [json.loads(p.read_text("utf-8")) for p in GOLDEN.glob("*/expected.json")]
    return {kind for r in results for kind in (*(f["kind"] for f in r["inputs"]["files"]), *(t["kind"] for t in r["tables"]))}


@pytest.mark.parametrize("module", [*READERS.modules.values(), *UNPACKERS.modules.values()], ids=lambda m: m.__name__.rpartition(".")[2])
def test_a_format_has_a_golden_input(module):
    assert golden() & {*module.READS, getattr(module, "KIND", "")}, "add one to scripts/build_formats.py, or a folder to tests/golden"
