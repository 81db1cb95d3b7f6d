"""One column of a segment: fill, form and key hits, distinct values, closed vocabularies.

A column of few distinct values is first folded into its values with their rows, and everything is worked out once a
value; a column of many is worked out row by row, each row counting one. Both are the same frame of cells and rows.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl

from triage.census import words
from triage.detect.patterns import form, key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triage.detect.plan import ColumnPlan
    from triage.rules import Rule
    from triage.tally import ColumnTally

# Folding costs as much as one pattern over the rows: it pays where a probed value stands on two rows or more.
_FEW = 0.5
_ROWS = pl.col("rows")


def count(frame: pl.DataFrame, column: ColumnPlan, rules: Mapping[str, Rule], seed: int, counts: ColumnTally) -> pl.Expr:
    """Adds one column of ``frame`` (judged cells) to ``counts``; gives the expression of the rows that hold its label."""
    few = column.partner is None and (column.shape.distinct <= _FEW * column.shape.filled or _of_days(column))
    table = _folded(frame, column) if few else _by_row(frame, column)
    cell = pl.col(f"c{column.index}")
    shapes = {label: shaped for label in column.labels if (shaped := form(rules[label], cell)) is not None}
    # Lazy, for the optimiser: an eager query works out again what two expressions share (a cell without separators).
    table = table.lazy().with_columns(e.fill_null(value=False).alias(label) for label, e in shapes.items()).collect()
    _hits(table, column, rules, seed, counts)
    _vocabularies(table, column, counts)
    if column.label not in shapes:
        return cell.is_not_null()
    return _holds(table, cell, column.label, few=few)


def _of_days(column: ColumnPlan) -> bool:
    """Days repeat more than a sample shows: there are 40,000 of them in a century."""
    return column.date_format is not None and "%H" not in column.date_format


def _folded(frame: pl.DataFrame, column: ColumnPlan) -> pl.DataFrame:
    return frame[f"c{column.index}"].drop_nulls().value_counts(name="rows")


def _by_row(frame: pl.DataFrame, column: ColumnPlan) -> pl.DataFrame:
    partner = [] if column.partner is None else [pl.col(f"c{column.partner}").alias("partner")]
    return frame.select(f"c{column.index}", *partner, pl.repeat(1, frame.height, dtype=pl.UInt32).alias("rows"))


def _hits(table: pl.DataFrame, column: ColumnPlan, rules: Mapping[str, Rule], seed: int, counts: ColumnTally) -> None:
    """Filled cells, distinct values, cells with the form of each label and with a right key too."""
    cell = pl.col(f"c{column.index}")
    filled = cell.is_not_null()
    # Equal values have one hash whatever their column: the seed of the case alone.
    asked = {"": _ROWS.filter(filled).sum(), "#": cell.hash(seed).filter(filled).unique().implode()}
    for label in column.labels:
        if label in table.columns:
            asked[label] = _ROWS.filter(pl.col(label)).sum()
            keyed = key(rules[label], _with_key(cell, column).filter(pl.col(label)))
            if keyed is not None:
                asked[f"{label}!"] = (keyed.fill_null(value=False) * _ROWS.filter(pl.col(label))).sum()
    found = table.lazy().select(e.alias(f"={n}") for n, e in asked.items()).collect()
    counts.filled += found["="][0]
    counts.distinct.add(found["=#"][0])
    for name, n in found.drop("=", "=#").row(0, named=True).items():
        label = name[1:]
        (counts.valid if label.endswith("!") else counts.matched)[label.removesuffix("!")] += n


def _with_key(cell: pl.Expr, column: ColumnPlan) -> pl.Expr:
    """The cell with the key that stands in a column of its own: a 13-digit NIR and its two digits."""
    return cell if column.partner is None else cell + pl.col("partner").str.zfill(2)


def _vocabularies(table: pl.DataFrame, column: ColumnPlan, counts: ColumnTally) -> None:
    for name, expression in words.of(column):
        named = table.select(expression.alias("word"), _ROWS).drop_nulls().group_by("word").agg(_ROWS.sum())
        counter: Counter[Any] = counts.days if name == "days" else counts.words.setdefault(name, Counter())
        counter.update(dict(named.iter_rows()))


def _holds(table: pl.DataFrame, cell: pl.Expr, label: str, *, few: bool) -> pl.Expr:
    """The rows whose cell has the form of the column's label."""
    if not few:
        return pl.lit(table[label])
    good = table.filter(pl.col(label))
    return cell.is_not_null() if good.height == table.height else cell.is_in(good.to_series(0).implode())
