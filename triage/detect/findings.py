"""What finders of neighbours share: the probed table before them, and what they say of a column."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.detect.plan import ColumnPlan

# The least rows that must hold both cells.
_ROWS = 3
# Labels that say nothing of the meaning: a neighbour may.
UNCLAIMED = frozenset({"unknown", "code", "category", "number", "id", "boolean", "free_text"})


class Finding(NamedTuple):
    """A neighbour's word: ``column`` is ``label`` because of ``why``; the column ``partner`` completes it."""

    column: int
    label: str
    why: str
    partner: int | None = None


class Sample(NamedTuple):
    """The probed table: its columns with their first labels, its trimmed cells (``c0…``), its long frame."""

    columns: Sequence[ColumnPlan]
    cells: pl.DataFrame
    long: pl.DataFrame

    def labelled(self, *labels: str) -> list[ColumnPlan]:
        """The columns whose first label is one of these."""
        return [c for c in self.columns if c.label in labels]

    def cell(self, column: ColumnPlan) -> pl.Expr:
        """The cells of a column, in a query over ``cells``."""
        return pl.nth(column.index)

    def agree(self, test: pl.Expr, least: int = _ROWS) -> float:
        """Share of the rows with an answer in which ``test`` holds; 0 when they are too few."""
        found = self.cells.select(test.alias("x")).to_series().drop_nulls()
        return float(found.mean() or 0.0) if len(found) >= least else 0.0  # type: ignore[arg-type]


def within(index: int, others: Sequence[int], distance: int) -> bool:
    """Whether one of the other columns is so near."""
    return any(index != other and abs(index - other) <= distance for other in others)
