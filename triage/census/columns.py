"""One column of a segment: fill, form and key hits, distinct values, closed vocabularies.

Everything is worked out once a distinct value, or once a cell where hardly a value repeats. How many rows a value stands on
is asked only where it matters: where all values of a column hold its label, so do all its filled cells.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from triage.census import coherence, words
from triage.detect import validators
from triage.detect.patterns import form, key
from triage.sketches import Words
from triage.tally import Span, days_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from triage.census.cells import Folded
    from triage.census.memory import Memory
    from triage.detect.plan import ColumnPlan
    from triage.rules import Rule, Rules
    from triage.tally import ColumnTally

# Labels of columns that name organisations: which one has most rows is asked of them.
_BODIES = frozenset({"finess", "siret", "siren", "health_facility", "company"})
# Marks a label's right keys among what is told of a value, and what is asked of the column whatever its label.
_KEYED, _ASKED = "!", "~"
_DAMAGED, _NUMBER = _ASKED + "damaged", _ASKED + "number"
# The kind of question that a flag is.
_FLAG = "flag"
# Vocabularies that are read as quickly as they are remembered.
_QUICK = frozenset({"days", "prefix", "birthplace"})


def count(
    folded: Sequence[Folded], planned: Sequence[ColumnPlan], rules: Rules, memory: Memory, counts: Sequence[ColumnTally]
) -> dict[int, pl.Series]:
    """Adds every planned column to its counts; gives, by column, the rows that hold its label.

    All columns go through each step together: polars runs the queries of a step side by side, and sixty small queries
    one by one cost more than what they count.
    """
    fresh = [n for n, f in enumerate(folded) if f.asked]
    told = dict(zip(fresh, pl.collect_all([_flags(folded[n], planned[n], rules) for n in fresh]), strict=True))
    held: dict[int, pl.Series] = {}
    for n, (f, column) in enumerate(zip(folded, planned, strict=True)):
        mine = counts[column.index]
        mine.filled += f.filled
        if f.asked:
            mine.distinct.add(f.told["hash"])
        flags = _by_value(f, told.get(n))
        _put_flags(f, flags, mine)
        if n in told and _NUMBER in told[n].columns:
            mine.span.merge(Span(*told[n].select(low=pl.col(_NUMBER).min(), high=pl.col(_NUMBER).max()).row(0)))
        _put_words(f, column, rules, memory, mine)
        if column.label in _BODIES:
            mine.bodies.add(f.counted)
        if column.partner is not None:
            _put_pairs(f, folded[column.partner], flags, column, rules, mine)
        # Those filled where the label has no form.
        held[column.index] = f.rows_of(flags[column.label]) if column.label in flags else f.there
    return held


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


def _by_value(folded: Folded, told: pl.DataFrame | None) -> dict[str, pl.Series]:
    """The flags of all values of a column, of which ``told`` has those that no earlier segment held."""
    if told is not None:
        return {flag.name: folded.ask((_FLAG, flag.name), partial(told.get_column, flag.name)) for flag in told if flag.dtype == pl.Boolean}
    known = folded.sought.before.told if folded.sought is not None else {}
    names = [question[1] for question in known if isinstance(question, tuple) and question[0] == _FLAG]
    return {name: folded.ask((_FLAG, name), pl.Series) for name in names}


def _put_flags(folded: Folded, flags: Mapping[str, pl.Series], counts: ColumnTally) -> None:
    for name, flag in flags.items():
        if name == _DAMAGED:
            counts.damaged += folded.count(flag) if flag.any() else 0
        else:
            (counts.valid if name.endswith(_KEYED) else counts.matched)[name.removesuffix(_KEYED)] += folded.count(flag)


def _put_pairs(
    folded: Folded, partner: Folded, flags: Mapping[str, pl.Series], column: ColumnPlan, rules: Mapping[str, Rule], counts: ColumnTally
) -> None:
    """Adds the right keys of a column whose keys stand in a column of their own: a 13-digit NIR and its two digits."""
    for label in column.labels:
        if label in flags and rules[label].value.validator:
            shaped = folded.rows_of(flags[label])
            cells, keys = folded.cells.filter(shaped), partner.cells.filter(shaped)
            counts.valid[label] += validators.completed(rules[label].value.validator, cells, keys)


def _put_words(folded: Folded, column: ColumnPlan, rules: Mapping[str, Rule], memory: Memory, counts: ColumnTally) -> None:
    strip = rules[column.label].value.strip if column.label in rules else ""
    for name, read in words.of(column):
        counted = _words(folded, partial(folded.bare, strip), read, memory, (column.label, name))
        if name == "days":
            counts.days.add(days_of(counted))
        else:
            counts.words.setdefault(name, Words()).add(counted)


def _words(
    folded: Folded, cells: Callable[[], pl.Series], read: Callable[[pl.Expr], pl.Expr], memory: Memory, question: tuple[str, str]
) -> pl.DataFrame:
    """``word`` and ``rows`` of a closed list, words repeated or not; of a column whose values repeat, each value is read once a file."""

    def tell() -> pl.Series:
        word = read(pl.first()).alias("word")
        if question[1] in _QUICK or folded.varied:
            return cells().to_frame().select(word).to_series()
        told = pl.DataFrame([cells(), folded.told["hash"]])
        return memory.told(question, told, lambda fresh: fresh.lazy().select(word).collect()).to_series()

    known = folded.ask(question, tell)
    if folded.varied:
        return known.drop_nulls().alias("word").value_counts(name="rows")
    return folded.answered(word=known).drop_nulls("word")
