"""One column of a segment: fill, form and key hits, distinct values, closed vocabularies.

Everything is worked out once a distinct value. How many rows a value stands on is asked only where it matters: where
all values of a column hold its label, so do all its filled cells.
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

    from triage.census.cells import Folded
    from triage.detect.plan import ColumnPlan
    from triage.rules import Rule, Rules
    from triage.tally import ColumnTally

# Labels of columns that name organisations: which one has most rows is asked of them.
_BODIES = frozenset({"finess", "siret", "siren", "health_facility", "company"})
# Marks a label's right keys among what is told of a value, and what is asked of the column whatever its label.
_KEYED, _ASKED = "!", "~"


def count(folded: Sequence[Folded], planned: Sequence[ColumnPlan], rules: Rules, counts: Sequence[ColumnTally]) -> dict[int, pl.Expr]:
    """Adds every planned column to its counts; gives, by column, the rows that hold its label.

    All columns go through each step together: polars runs the queries of a step side by side, and sixty small queries
    one by one cost more than what they count.
    """
    flags = pl.collect_all([_flags(f, column, rules) for f, column in zip(folded, planned, strict=True)])
    named = [(column, f, name, expr) for f, column in zip(folded, planned, strict=True) for name, expr in words.of(column)]
    found = pl.collect_all([_word_counts(f, expr) for _, f, _, expr in named])
    for (column, _, name, _), words_found in zip(named, found, strict=True):
        mine = counts[column.index]
        counter: Counter[Any] = mine.days if name == "days" else mine.words.setdefault(name, Counter())
        counter.update(dict(words_found.iter_rows()))
    for f, column, flag in zip(folded, planned, flags, strict=True):
        mine = counts[column.index]
        mine.filled += f.filled
        mine.distinct.add(f.values["hash"])
        _put_flags(f, flag, mine)
        _put_asked(f, flag, mine)
        if column.label in _BODIES:
            mine.bodies.add(f.counted.select(pl.col("hash").alias("mask"), "rows"))
        if column.partner is not None:
            _put_pairs(f, folded[column.partner].cells, flag, column, rules, mine)
    return {column.index: _holds(f, column, flag) for f, column, flag in zip(folded, planned, flags, strict=True)}


def _flags(folded: Folded, column: ColumnPlan, rules: Mapping[str, Rule]) -> pl.LazyFrame:
    """Per value and label whether it has the form, and under ``label!`` whether it has a right key too."""
    cell = pl.col(f"c{column.index}")
    flags: dict[str, pl.Expr] = {}
    for label in column.labels:
        shaped = form(rules[label], cell)
        if shaped is not None:
            flags[label] = shaped
            keyed = key(rules[label], pl.when(shaped).then(cell)) if column.partner is None else None
            if keyed is not None:
                flags[label + _KEYED] = keyed
    asked = (e.alias(_ASKED + name) for name, e in coherence.of_column(column))
    return folded.values.lazy().select(*(e.fill_null(value=False).alias(name) for name, e in flags.items()), *asked)


def _put_flags(folded: Folded, flags: pl.DataFrame, counts: ColumnTally) -> None:
    for flag in flags:
        if flag.name.startswith(_ASKED):
            continue
        rows = folded.filled if flag.all() else int((folded.rows.filter(flag)).sum())
        (counts.valid if flag.name.endswith(_KEYED) else counts.matched)[flag.name.removesuffix(_KEYED)] += rows


def _put_asked(folded: Folded, told: pl.DataFrame, counts: ColumnTally) -> None:
    if "~damaged" in told.columns and told["~damaged"].any():
        counts.damaged += int(folded.rows.filter(told["~damaged"]).sum())
    if "~number" in told.columns:
        counts.span.merge(Span(*told.select(low=pl.col("~number").min(), high=pl.col("~number").max()).row(0)))


def _put_pairs(
    folded: Folded, partner: pl.Series, flags: pl.DataFrame, column: ColumnPlan, rules: Mapping[str, Rule], counts: ColumnTally
) -> None:
    """Adds the right keys of a column whose keys stand in a column of their own: a 13-digit NIR and its two digits."""
    for label in column.labels:
        keyed = key(rules[label], pl.col("cell") + pl.col("key").str.zfill(2)) if label in flags.columns else None
        if keyed is not None:
            rows = pl.DataFrame([folded.cells.alias("cell"), partner.alias("key")])
            # Lazily: what the key asks of a cell several times is worked out once.
            shaped = rows.lazy().filter(_shaped(folded, flags[label]))
            counts.valid[label] += int(shaped.select(keyed.sum()).collect().item())


def _shaped(folded: Folded, flag: pl.Series) -> pl.Series:
    """The rows whose value is flagged."""
    filled = folded.cells.is_not_null()
    return filled if flag.all() else filled & ~folded.hashes.is_in(folded.values["hash"].filter(~flag).implode())


def _word_counts(folded: Folded, expression: pl.Expr) -> pl.LazyFrame:
    return folded.counted.lazy().select(expression.alias("word"), pl.col("rows")).drop_nulls().group_by("word").agg(pl.col("rows").sum())


def _holds(folded: Folded, column: ColumnPlan, flags: pl.DataFrame) -> pl.Expr:
    """The rows whose cell has the form of the column's label; those filled where the label has no form."""
    if column.label not in flags.columns:
        return pl.col(f"c{column.index}").is_not_null()
    return pl.lit(_shaped(folded, flags[column.label]))
