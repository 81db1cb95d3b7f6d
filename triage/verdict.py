"""The verdict on every column of a table, taken on the census and not on the probe."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.detect.judge import judge
from triage.detect.plan import Counts

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triage.detect.plan import ColumnPlan, TablePlan, Verdict
    from triage.rules import Rule
    from triage.tally import ColumnTally


def decide(plan: TablePlan, columns: Sequence[ColumnTally], rows: int, rules: Mapping[str, Rule]) -> tuple[Verdict, ...]:
    """One verdict a column of the plan: ``columns[i]`` is the tally of ``plan.columns[i]``, ``rows`` the table's rows.

    Labels that the census did not count (they had no place in the plan) take no part.
    """
    del rows
    return tuple(judge(column, _counts(column, tally), rules) for column, tally in zip(plan.columns, columns, strict=True))


def _counts(column: ColumnPlan, tally: ColumnTally) -> Counts:
    health = tally.mentions["health"] if column.text else None
    return Counts(tally.filled, tally.distinct.count, tally.matched, tally.valid, health, tally.mentions["personal"])
