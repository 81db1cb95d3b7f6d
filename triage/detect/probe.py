"""The probe: a bounded sample of a table gives the plan of its census."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from triage.detect import dates, measure
from triage.detect.judge import judge
from triage.detect.plan import ColumnPlan, Counts, Shape, TablePlan

if TYPE_CHECKING:
    from collections.abc import Sequence

    import polars as pl

    from triage.rules import Rules

# Labels counted beside the provisional one: the sample may mislead, the census decides.
_RUNNERS_UP = 4


def probe(frame: pl.DataFrame, names: Sequence[str], rules: Rules) -> TablePlan:
    """The plan of a table from some of its rows.

    ``frame`` has one String column a table column, raw cells; ``names`` are the raw names in the same order ("" without
    header). Numbers of rows and columns are bounded by the caller.
    """
    long = measure.melt(frame)
    headers = [rules.words.read(name) for name in names]
    said = {label for header in headers for label in header}
    asked = {label: rule for label, rule in rules.items() if rule.content_decidable or label in said}
    shapes, hits = measure.shapes(long), measure.hits(long, asked)
    columns = [
        ColumnPlan(index=n, name=name, shape=shapes.get(n, Shape()), headers=headers[n], hits=hits.get(n, {})) for n, name in enumerate(names)
    ]
    return TablePlan(columns=tuple(_planned(column, rules, long) for column in columns))


def _planned(column: ColumnPlan, rules: Rules, long: pl.DataFrame) -> ColumnPlan:
    verdict = judge(column, sample_counts(column), rules)
    others = [c.label for c in verdict.candidates if c.label in column.hits][:_RUNNERS_UP]
    labels = tuple(dict.fromkeys([verdict.label, *others])) if verdict.label in rules else tuple(others)
    return msgspec.structs.replace(
        column,
        label=verdict.label,
        confidence=verdict.confidence,
        labels=labels,
        date_format=dates.format_of(long, column) if {"date", "datetime", "birth_date"} & {verdict.label, *others} else None,
    )


def sample_counts(column: ColumnPlan) -> Counts:
    """What the probe itself counted, as the census would."""
    return Counts(
        column.shape.filled,
        column.shape.distinct,
        {label: h.rows for label, h in column.hits.items()},
        {label: h.valid for label, h in column.hits.items()},
    )
