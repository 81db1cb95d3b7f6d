"""One column of a segment: fill, form and key hits, distinct values, closed vocabularies.

Everything is worked out once a distinct value, or once a cell where hardly a value repeats. How many rows a value stands on
is asked only where it matters: where all values of a column hold its label, so do all its filled cells.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from triage.census import coherence, words
from triage.detect import validators
from triage.detect.patterns import form, key
from triage.tally import Span, days_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from triage.census.cells import Folded
    from triage.census.memory import Memory
    from triage.detect.plan import ColumnPlan
    from triage.rules import Rule, Rules
    from triage.tally import ColumnTally

# Labels of columns that name organisations: which one has most rows is asked of them.
_BODIES = frozenset({"finess", "siret", "siren", "health_facility", "company"})
# Marks a label's right keys among what is told of a value, and what is asked of the column whatever its label.
_KEYED, _ASKED = "!", "~"
# Vocabularies that are read as quickly as they are remembered.
_QUICK = frozenset({"days", "prefix", "birthplace"})


def count(
    folded: Sequence[Folded], planned: Sequence[ColumnPlan], rules: Rules, memory: Memory, counts: Sequence[ColumnTally]
) -> dict[int, pl.Series]:
    """Adds every planned column to its counts; gives, by column, the rows that hold its label.

    All columns go through each step together: polars runs the queries of a step side by side, and sixty small queries
    one by one cost more than what they count.
    """
    flags = pl.collect_all([_flags(f, column, rules) for f, column in zip(folded, planned, strict=True)])
    for f, column, flag in zip(folded, planned, flags, strict=True):
        mine = counts[column.index]
        mine.filled += f.filled
        mine.distinct.add(f.told["hash"])
        _put_flags(f, flag, mine)
        _put_asked(f, flag, mine)
        for name, expr in words.of(column):
            counted = _words(f, f.bare(_strip(column, rules)), expr, memory, (column.label, name))
            if name == "days":
                mine.days.add(days_of(counted))
            else:
                mine.words.setdefault(name, Counter()).update(dict(counted.iter_rows()))
        if column.label in _BODIES:
            mine.bodies.add(pl.DataFrame([f.values["hash"].alias("mask"), f.rows]))
        if column.partner is not None:
            _put_pairs(f, folded[column.partner], flag, column, rules, mine)
    return {column.index: _holds(f, column, flag) for f, column, flag in zip(folded, planned, flags, strict=True)}


def _flags(folded: Folded, column: ColumnPlan, rules: Mapping[str, Rule]) -> pl.LazyFrame:
    """Per value and label whether it has the form, and under ``label!`` whether it has a right key too."""
    cell = pl.col(f"c{column.index}")
    flags: dict[str, pl.Expr] = {}
    bare: dict[str, pl.Series] = {}
    for label in column.labels:
        strip = rules[label].value.strip
        without = bare.setdefault(strip, folded.bare(strip).alias(f"bare{len(bare)}")).name if strip else cell.meta.output_name()
        shaped = form(rules[label], cell, pl.col(without))
        if shaped is not None:
            flags[label] = shaped
            keyed = key(rules[label], cell, pl.when(shaped).then(pl.col(without))) if column.partner is None else None
            if keyed is not None:
                flags[label + _KEYED] = keyed
    asked = (e.alias(_ASKED + name) for name, e in coherence.of_column(column))
    told = folded.told.lazy().with_columns(bare.values())
    return told.select(*(e.fill_null(value=False).alias(name) for name, e in flags.items()), *asked)


def _put_flags(folded: Folded, flags: pl.DataFrame, counts: ColumnTally) -> None:
    for flag in flags:
        if flag.name.startswith(_ASKED):
            continue
        (counts.valid if flag.name.endswith(_KEYED) else counts.matched)[flag.name.removesuffix(_KEYED)] += folded.count(flag)


def _put_asked(folded: Folded, told: pl.DataFrame, counts: ColumnTally) -> None:
    if "~damaged" in told.columns and told["~damaged"].any():
        counts.damaged += folded.count(told["~damaged"])
    if "~number" in told.columns:
        counts.span.merge(Span(*told.select(low=pl.col("~number").min(), high=pl.col("~number").max()).row(0)))


def _put_pairs(
    folded: Folded, partner: Folded, flags: pl.DataFrame, column: ColumnPlan, rules: Mapping[str, Rule], counts: ColumnTally
) -> None:
    """Adds the right keys of a column whose keys stand in a column of their own: a 13-digit NIR and its two digits."""
    for label in column.labels:
        if label in flags.columns and rules[label].value.validator:
            shaped = folded.rows_of(flags[label])
            cells, keys = folded.cells.filter(shaped), partner.cells.filter(shaped)
            counts.valid[label] += validators.completed(rules[label].value.validator, cells, keys)


def _strip(column: ColumnPlan, rules: Mapping[str, Rule]) -> str:
    return rules[column.label].value.strip if column.label in rules else ""


def _words(folded: Folded, cells: pl.Series, expression: pl.Expr, memory: Memory, question: tuple[str, str]) -> pl.DataFrame:
    """``word`` and ``rows`` of a closed list; of a column whose values repeat, each value is read once a file."""
    if folded.varied:
        counted = cells.to_frame().lazy().select(expression.alias("word")).drop_nulls().group_by("word").agg(pl.len().alias("rows"))
        return counted.collect()
    told = pl.DataFrame([cells, folded.told["hash"], folded.rows])
    if question[1] in _QUICK:
        read = told.lazy().select(expression.alias("word"), "rows")
    else:
        known = memory.told(question, told, lambda fresh: fresh.lazy().select(expression.alias("word")).collect())
        read = known.with_columns(folded.rows).lazy()
    return read.drop_nulls("word").group_by("word").agg(pl.col("rows").sum()).collect()


def _holds(folded: Folded, column: ColumnPlan, flags: pl.DataFrame) -> pl.Series:
    """The rows whose cell has the form of the column's label; those filled where the label has no form."""
    return folded.rows_of(flags[column.label]) if column.label in flags.columns else folded.there
