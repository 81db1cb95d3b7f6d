"""columns.csv: one line a column, with its verdict and its counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.report import table

if TYPE_CHECKING:
    from triage.model import Column, Result
    from triage.report import Style

FILE = "columns.csv"
_HEAD = (
    "table", "index", "name", "label", "confidence", "role", "class", "art9", "filled", "fill_rate", "matched", "valid", "valid_rate",
    "distinct", "distinct_exact", "candidates", "mentions", "reasons",
)  # fmt: skip


def render(result: Result, style: Style) -> str:
    """Rates are 0-1 with full precision; lists are joined by ``|``, a count follows its word after ``=``."""
    return table.write(_HEAD, (_row(column) for column in result.columns), excel=style.excel)


def _row(c: Column) -> tuple[object, ...]:
    counts = (c.filled, c.fill_rate, c.matched, c.valid, c.valid_rate, c.distinct, c.distinct_exact)
    lists = (
        "|".join(f"{x.label}={x.confidence}" for x in c.candidates),
        "|".join(f"{name}={n}" for name, n in sorted(c.mentions.items())),
        "|".join(r.code for r in c.reasons),
    )
    return (c.table, c.index, c.name, c.label, c.confidence, c.role, c.class_, c.art9, *counts, *lists)
