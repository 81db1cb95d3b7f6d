"""What the census of a segment yields: counts and keyed sketches that merge.

Law 7: given one plan, any partition of the same records merges to the same tally. So every part of a tally is a
commutative monoid: counters add, sketches unite. Nothing here is a cell's value, save words of closed vocabularies.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from typing import TypeAlias

import polars as pl

from triage.sketches import Distinct, Links, Masks, People, Weights, Words

# Rows, and the filled cells of each column.
Block: TypeAlias = tuple[int, tuple[int, ...]]


@dataclass
class Span:
    """The smallest and the largest number of a column; never shown, only how dense the numbers between them are."""

    low: int | None = None
    high: int | None = None

    def merge(self, other: Span) -> None:
        """The span of both."""
        lows = [n for n in (self.low, other.low) if n is not None]
        highs = [n for n in (self.high, other.high) if n is not None]
        self.low, self.high = min(lows, default=None), max(highs, default=None)


@dataclass
class ColumnTally:
    """Counts of one column.

    ``matched``/``valid``: label to cells with its form / with a right key too. ``mentions``: needle or theme to rows.
    ``days``: days to rows (see ``by_day``); ``words``: values of closed vocabularies (départements, communes as INSEE
    codes, mail domains, hash algorithms, sexes) by list name to rows. ``damaged``: cells read in the wrong encoding;
    ``span``: of a column of numbers; ``bodies``: organisations that the cells name, by hash, to rows.
    """

    filled: int = 0
    matched: Counter[str] = field(default_factory=Counter)
    valid: Counter[str] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)
    days: Masks = field(default_factory=Masks)
    words: dict[str, Words] = field(default_factory=dict)
    damaged: int = 0
    span: Span = field(default_factory=Span)
    bodies: Weights = field(default_factory=Weights)
    distinct: Distinct = field(default_factory=lambda: Distinct(65_536))

    def merge(self, other: ColumnTally) -> None:
        """Adds the counts of the same column in other rows."""
        self.filled += other.filled
        self.damaged += other.damaged
        self.span.merge(other.span)
        self.bodies.merge(other.bodies)
        self.days.merge(other.days)
        for name in ("matched", "valid", "mentions"):
            getattr(self, name).update(getattr(other, name))
        for name, words in other.words.items():
            self.words.setdefault(name, Words()).merge(words)
        self.distinct.merge(other.distinct)

    @property
    def counted(self) -> dict[str, Counter[str]]:
        """Name of a closed list to the rows of its words."""
        return {name: words.counts for name, words in self.words.items()}


# The first day that can be told of: days are kept from it on, so that none is negative.
_FIRST = -(1 << 20)


def days_of(counted: pl.DataFrame) -> pl.DataFrame:
    """``word`` (days since 1970-01-01) and ``rows`` as ``ColumnTally.days`` takes them."""
    return pl.DataFrame([(counted["word"].cast(pl.Int64) - _FIRST).cast(pl.UInt64).alias("mask"), counted["rows"].cast(pl.UInt64)])


def by_day(days: Masks) -> Counter[int]:
    """Days since 1970-01-01 to rows."""
    if not days.settle().height:
        return Counter()
    found = days.frame()
    return Counter(dict(zip((found["mask"].cast(pl.Int64) + _FIRST).to_list(), found["rows"].to_list(), strict=True)))


@dataclass
class RowCounts:
    """Records of a table: ``read + repaired + rejected`` is all of them, short and long ones are among the first two.

    ``header``, ``preamble``, ``blank`` and ``footer`` are lines that are not rows.
    """

    read: int = 0
    repaired: int = 0
    rejected: int = 0
    short: int = 0
    long: int = 0
    header: int = 0
    preamble: int = 0
    blank: int = 0
    footer: int = 0

    def merge(self, other: RowCounts) -> None:
        """Adds the counts of other rows."""
        for f in fields(self):
            setattr(self, f.name, getattr(self, f.name) + getattr(other, f.name))

    @property
    def total(self) -> int:
        """All records."""
        return self.read + self.repaired + self.rejected


@dataclass
class TableTally:
    """Counts of one table, or of one of its segments.

    ``presence``: bits of the plan's types (``Setting.bits``) to rows; ``fields``: filled cells a row to rows;
    ``texts`` and ``doubts``: theme bits of the comment columns to rows; ``rows``: distinct rows; ``people``: data subjects by their
    best key; ``identities``: distinct rows of identity fields; ``unique``: kind of key to its distinct values; ``links``: the same
    of kinds that a better one may lead; ``keyed``: kind to rows that have it, ``leads`` to rows whose best key it is; ``variants``:
    the parts of names with birth dates (see ``census.persons``); ``roles``: ``role:basis`` to the distinct persons or organisations
    that other columns name; ``checks``: rows that a check of coherence was asked of, and with ``!`` those that passed; ``sick``: days
    of birth of rows with health content to rows (see ``by_day``); ``blocks``: filled cells by column of every few thousand rows,
    in the order of the file, kept only where tallies are merged in that order; ``pairs``: second field to the distinct e-mail
    addresses with it.
    """

    columns: list[ColumnTally]
    people: People
    identities: Distinct
    rows: Distinct
    counts: RowCounts = field(default_factory=RowCounts)
    problems: Counter[str] = field(default_factory=Counter)
    presence: Masks = field(default_factory=Masks)
    fields: Counter[int] = field(default_factory=Counter)
    checks: Counter[str] = field(default_factory=Counter)
    sick: Masks = field(default_factory=Masks)
    blocks: list[Block] = field(default_factory=list)
    texts: Masks = field(default_factory=Masks)
    doubts: Masks = field(default_factory=Masks)
    keyed: Counter[str] = field(default_factory=Counter)
    leads: Counter[str] = field(default_factory=Counter)
    unique: dict[str, Distinct] = field(default_factory=dict)
    links: dict[str, Links] = field(default_factory=dict)
    variants: dict[str, Distinct] = field(default_factory=dict)
    roles: dict[str, Distinct] = field(default_factory=dict)
    pairs: dict[str, Distinct] = field(default_factory=dict)

    def merge(self, other: TableTally) -> None:
        """Adds the tally of other rows, counted by the same plan."""
        # A later segment may have columns that no earlier one had (JSON): above, they were empty.
        self.columns.extend(ColumnTally(distinct=Distinct(c.distinct.cap)) for c in other.columns[len(self.columns) :])
        for mine, theirs in zip(self.columns, other.columns, strict=False):
            mine.merge(theirs)
        for name in ("people", "identities", "rows", "counts", "presence", "sick", "texts", "doubts"):
            getattr(self, name).merge(getattr(other, name))
        self.blocks += other.blocks
        for name in ("problems", "fields", "keyed", "leads", "checks"):
            getattr(self, name).update(getattr(other, name))
        for name in ("unique", "links", "variants", "roles", "pairs"):
            mine = getattr(self, name)
            for kind, sketch in getattr(other, name).items():
                mine.setdefault(kind, type(sketch)(sketch.cap)).merge(sketch)
