"""The same table in every format: the same columns, counts and verdicts (scripts/build_formats.py writes them)."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest

from triage import driver

GOLDEN = Path(__file__).resolve().parent / "golden"
PLAIN = "csv_same"
OTHERS = sorted(p.name for p in GOLDEN.glob("sql_*"))


@cache
def found(case):
    result = driver.scan([GOLDEN / case / "input"])
    (table,) = result.tables
    columns = [(c.name, c.label, c.confidence, c.role, c.filled, c.matched, c.valid, c.distinct) for c in result.columns]
    return (table.rows_total, table.rows_read, table.rows_rejected), columns, result.size.persons.estimate, result.severity.enisa.band


@pytest.mark.parametrize("case", OTHERS)
def test_the_same_table_gives_the_same_verdicts(case):
    assert found(case) == found(PLAIN)


def test_there_are_formats():
    assert len(OTHERS) > 4
