"""One segment in, one tally out."""

from __future__ import annotations

import operator
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property, reduce
from typing import TYPE_CHECKING

import polars as pl

from triage import classes
from triage.census import cells, coherence, columns, keys, owners, persons, subject
from triage.census.known import Lore
from triage.census.memory import shared
from triage.census.texts import (
    ABOUT_CARE,
    ILLNESSES,
    MENTION,
    TextColumn,
    Texts,
    count_opened,
    of_inside,
    of_needles,
    of_persons,
    sought,
    within,
)
from triage.sketches import Distinct, People
from triage.tally import ColumnTally, TableTally, days_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from triage.census.memory import Memory
    from triage.detect.plan import TablePlan
    from triage.detect.texts import TextScanner
    from triage.limits import Limits
    from triage.readers import Rows
    from triage.rules import Rules
    from triage.tally import Block

# Labels that say nothing about a person: they get no presence bit.
UNTYPED = frozenset({"unknown", "empty", "date", "datetime", "number", "code", "category", "boolean", "id", "uuid"})
# One u64 mask a row: 62 types, then the two bits of `texts.SENSITIVE` and `texts.MENTION`.
TYPES = 62
# Whose health content is not the data subject's.
NOT_SUBJECT = frozenset({"practitioner", "establishment"})
# The surplus fields of rows, as readers hand it on.
OVERFLOW = "_extra"
# Rows between two looks at which columns are filled; of a segment of very short rows fewer looks are kept.
_BLOCK, _MOST_BLOCKS = 4096, 64
# Kinds of keys, each with a mark of its own.
_KINDS = {kind: n for n, kind in enumerate(keys.UNIQUE, start=1)}


@dataclass(frozen=True)
class Setting:
    """All that the census of a table needs beside the rows: the plan, the rules and the seeds of the hashes."""

    plan: TablePlan
    rules: Rules
    scanner: TextScanner
    limits: Limits
    seed: int = 0
    evidence_seed: int = 0
    bits: tuple[tuple[str, str | None], ...] = field(init=False)

    def __post_init__(self) -> None:
        # In the order of the columns: those that later rows of a table bring take further bits, and the first ones stay.
        needles = {c.index: (t for t in of_needles(c, bare=self.plan.bare) if t[0] in self.rules) for c in self.plan.columns}
        every = (t for c in self.plan.columns for t in ((c.label, c.role), *of_inside(c), *needles[c.index]))
        types = dict.fromkeys(t for t in every if t[0] not in UNTYPED)
        object.__setattr__(self, "bits", tuple(types)[:TYPES])

    @cached_property
    def texts(self) -> Texts:
        """The comment columns and how they are scanned."""
        persons = of_persons({c.label for c in self.plan.columns})
        read = (
            TextColumn(c.index, c.label, every=persons or c.label in ABOUT_CARE, subject=c.role not in subject.OTHERS)
            for c in self.plan.columns
            if c.text or c.label in ILLNESSES
        )
        return Texts(self.scanner, tuple(read), self.memory, sought(bare=self.plan.bare))

    @cached_property
    def memory(self) -> Memory:
        """What is known of values of earlier segments and files."""
        return shared(self.seed, self.rules.hash)

    @cached_property
    def health(self) -> int:
        """The presence bits of health content: types of the special category, and mentions in comments."""
        listed = classes.shipped()
        known = [(n, label, self.rules[label].class_) for n, (label, role) in enumerate(self.bits) if role not in NOT_SUBJECT]
        found = (1 << n for n, label, kind in known if label != "health_text" and kind == "health" and listed.of(label, kind).art9)
        return MENTION + sum(found)

    @cached_property
    def marks(self) -> dict[str, int]:
        """Kind of key to its mark; what is local to an evidence never meets another evidence's."""
        return {kind: keys.odd(n + (self.evidence_seed if kind in keys.LOCAL else 0)) for kind, n in _KINDS.items()}

    def zero(self) -> TableTally:
        """The tally of no rows at all."""
        cap = self.limits.persons
        columns = [ColumnTally(distinct=Distinct(self.limits.distinct)) for _ in self.plan.columns]
        return TableTally(columns=columns, people=People(cap), identities=Distinct(cap), rows=Distinct(cap))


def take(rows: Rows, setting: Setting, lore: Lore | None = None, *, ordered: bool = False) -> TableTally:
    """The tally of one segment: ``rows.frame`` has one String column ``c0…`` a planned column (and maybe ``_extra``).

    ``lore``: what is known of the values of earlier segments; their tallies and this one must come together, for a distinct
    value stands in the first that holds it. ``ordered``: tallies will be merged in the order of the file, so that it can be
    told where its schema changes.
    """
    lore = lore or Lore()
    tally = setting.zero()
    tally.counts = rows.counts
    tally.problems = Counter(rows.problems)
    if not rows.frame.height:
        return tally
    names = [f"c{c.index}" for c in setting.plan.columns]
    once = [f"c{c.index}" for c in setting.texts.columns]
    folded, cut = cells.fold(rows.frame.select(names), setting.limits.cell_bytes, setting.seed, lore, once, plain=rows.plain)
    frame = pl.DataFrame([column.cells for column in folded])
    tally.problems["cell_cut"] += cut
    texts = setting.texts.scan(folded, tally)
    inside = within(count_opened(frame, setting.plan.columns, tally), texts["needles"], setting.texts.sought)
    if OVERFLOW in rows.frame.columns and tally.columns:
        setting.texts.surplus(rows.frame[OVERFLOW], tally.columns[-1])
    held = columns.count(folded, setting.plan.columns, setting.rules, setting.memory, tally.columns)
    coherence.count_places(folded, setting.plan.columns, lore, setting.memory, tally)
    if ordered:
        tally.blocks = _blocks(folded, frame.height)
    _count_rows(folded, texts.hstack(inside), held, setting, tally)
    for column in folded:
        if column.sought is not None and not column.passing:
            lore.learn(column.cells.name, column.sought)
    return tally


def _blocks(folded: Sequence[cells.Folded], height: int) -> list[Block]:
    """Filled cells by column of every so many rows."""
    size = max(_BLOCK, -(-height // _MOST_BLOCKS))
    parts = ((start, min(size, height - start)) for start in range(0, height, size))
    return [(rows, tuple(rows - f.cells.slice(start, rows).null_count() for f in folded)) for start, rows in parts]


def _summed(columns: Iterable[pl.Series]) -> pl.Series:
    # One by one: in one expression polars takes a time that grows with the square of the columns.
    return reduce(operator.add, columns)


def _count_rows(
    folded: Sequence[cells.Folded], told: pl.DataFrame, held: Mapping[int, pl.Series], setting: Setting, tally: TableTally
) -> None:
    """Presence, fields a row, texts, distinct rows, persons: what needs whole rows. ``told``: what texts and opened cells say."""
    whose = subject.of(setting.plan.columns, folded)
    facts = pl.DataFrame(
        [
            subject.presence(setting.plan.columns, setting.bits, held, told).alias("mask"),
            _summed(column.there.cast(pl.UInt16) for column in folded).alias("fields"),
            # Each column's hash times an odd number of its own, summed: no cell is hashed twice.
            _summed(column.hashes * pl.Series([keys.odd(n)], dtype=pl.UInt64) for n, column in enumerate(folded)).alias("row"),
            *told.select("texts", "doubts"),
            *persons.parts(whose, setting.seed, setting.marks),
            *owners.parts(whose, setting.seed),
            *coherence.parts(whose),
        ]
    )
    tally.fields.update(dict(facts["fields"].value_counts().iter_rows()))
    for name, masks in (("mask", tally.presence), ("texts", tally.texts), ("doubts", tally.doubts)):
        masks.add(facts[name].alias("mask").value_counts(name="rows"))
    tally.rows.add(facts["row"])
    coherence.count(facts, tally, persons.dependent())
    sick = facts.filter(pl.col("mask") & pl.lit(setting.health, dtype=pl.UInt64) != 0)["birth"].drop_nulls()
    tally.sick.add(days_of(sick.alias("word").value_counts(name="rows")))
    persons.count(facts, tally, setting.limits.persons, variants=not whose.complete("nir", setting.plan.columns))
    for role, hashes in subject.others(setting.plan.columns, folded, setting.seed).items():
        tally.roles.setdefault(role, Distinct(setting.limits.persons)).add(hashes.drop_nulls())
