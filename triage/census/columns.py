"""One column of a segment: fill, form and key hits, distinct values, closed vocabularies.

A column of few distinct values is first folded into its values with their rows, and everything is worked out once a
value; a column of many is worked out row by row, each row counting one. Both are the same frame of cells and rows.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import polars as pl

from triage.census import coherence, words
from triage.detect.patterns import form, key
from triage.tally import Span

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triage.detect.plan import ColumnPlan
    from triage.rules import Rule
    from triage.tally import ColumnTally

# Folding costs as much as one pattern over the rows: it pays where a probed value stands on two rows or more.
_FEW = 0.5
_ROWS = pl.col("rows")
# Labels of columns that name organisations: which one has most rows is asked of them.
_BODIES = frozenset({"finess", "siret", "siren", "health_facility", "company"})


def count(
    frame: pl.DataFrame, planned: Sequence[ColumnPlan], rules: Mapping[str, Rule], seed: int, counts: Sequence[ColumnTally]
) -> dict[int, pl.Expr]:
    """Adds every planned column of ``frame`` (judged cells) to its counts; gives the rows that hold the column's label.

    All columns go through each step together: polars runs the queries of a step side by side, and sixty small queries
    one by one cost more than what they count.
    """
    shapes = [_shapes(column, rules) for column in planned]
    tables = pl.collect_all([_table(frame, column, shaped) for column, shaped in zip(planned, shapes, strict=True)])
    hits = pl.collect_all([_hits(table, column, rules, seed) for table, column in zip(tables, planned, strict=True)])
    for column, table in zip(planned, tables, strict=True):
        if column.label in _BODIES:
            counts[column.index].bodies.add(table.select(pl.col(f"c{column.index}").hash(seed).alias("mask"), "rows").drop_nulls())
    named = [(column, name, expr, table) for column, table in zip(planned, tables, strict=True) for name, expr in words.of(column)]
    found = pl.collect_all([_word_counts(table, expr) for _, _, expr, table in named])
    for column, hit in zip(planned, hits, strict=True):
        _put_hits(hit, counts[column.index])
    for (column, name, _, _), words_found in zip(named, found, strict=True):
        mine = counts[column.index]
        counter: Counter[Any] = mine.days if name == "days" else mine.words.setdefault(name, Counter())
        counter.update(dict(words_found.iter_rows()))
    return {c.index: _holds(c, table, shaped) for c, table, shaped in zip(planned, tables, shapes, strict=True)}


def _shapes(column: ColumnPlan, rules: Mapping[str, Rule]) -> dict[str, pl.Expr]:
    cell = pl.col(f"c{column.index}")
    return {label: shaped for label in column.labels if (shaped := form(rules[label], cell)) is not None}


def _table(frame: pl.DataFrame, column: ColumnPlan, shapes: Mapping[str, pl.Expr]) -> pl.LazyFrame:
    """Cells and their rows, and by label which cells have its form."""
    table = _folded(frame, column) if _few(column) else _by_row(frame, column)
    return table.with_columns(e.fill_null(value=False).alias(label) for label, e in shapes.items())


def _few(column: ColumnPlan) -> bool:
    return column.partner is None and (column.shape.distinct <= _FEW * column.shape.filled or _of_days(column))


def _of_days(column: ColumnPlan) -> bool:
    """Days repeat more than a sample shows: there are 40,000 of them in a century."""
    return column.date_format is not None and "%H" not in column.date_format


def _folded(frame: pl.DataFrame, column: ColumnPlan) -> pl.LazyFrame:
    name = f"c{column.index}"
    return frame.lazy().select(name).drop_nulls().group_by(name).len("rows")


def _by_row(frame: pl.DataFrame, column: ColumnPlan) -> pl.LazyFrame:
    partner = [] if column.partner is None else [pl.col(f"c{column.partner}").alias("partner")]
    return frame.lazy().select(f"c{column.index}", *partner, pl.repeat(1, frame.height, dtype=pl.UInt32).alias("rows"))


def _hits(table: pl.DataFrame, column: ColumnPlan, rules: Mapping[str, Rule], seed: int) -> pl.LazyFrame:
    """Filled cells, distinct values, cells with the form of each label and with a right key too, in one row."""
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
    more = (e.alias(f"~{n}") for n, e in coherence.of_column(column, _ROWS))
    return table.lazy().select(*(e.alias(f"={n}") for n, e in asked.items()), *more)


def _put_hits(found: pl.DataFrame, counts: ColumnTally) -> None:
    counts.filled += found["="][0]
    counts.distinct.add(found["=#"][0])
    told = {name[1:]: n for name, n in found.row(0, named=True).items() if name.startswith("~")}
    counts.damaged += told.get("damaged", 0)
    counts.span.merge(Span(told.get("low"), told.get("high")))
    for name, n in found.drop("=", "=#", *(f"~{name}" for name in told)).row(0, named=True).items():
        label = name[1:]
        (counts.valid if label.endswith("!") else counts.matched)[label.removesuffix("!")] += n


def _with_key(cell: pl.Expr, column: ColumnPlan) -> pl.Expr:
    """The cell with the key that stands in a column of its own: a 13-digit NIR and its two digits."""
    return cell if column.partner is None else cell + pl.col("partner").str.zfill(2)


def _word_counts(table: pl.DataFrame, expression: pl.Expr) -> pl.LazyFrame:
    return table.lazy().select(expression.alias("word"), _ROWS).drop_nulls().group_by("word").agg(_ROWS.sum())


def _holds(column: ColumnPlan, table: pl.DataFrame, shapes: Mapping[str, pl.Expr]) -> pl.Expr:
    """The rows whose cell has the form of the column's label; those filled where the label has no form."""
    cell = pl.col(f"c{column.index}")
    if column.label not in shapes:
        return cell.is_not_null()
    if not _few(column):
        return pl.lit(table[column.label])
    good = table.filter(pl.col(column.label))
    return cell.is_not_null() if good.height == table.height else cell.is_in(good.to_series(0).implode())
