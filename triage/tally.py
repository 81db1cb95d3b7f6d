"""What the census of a segment yields: counts and keyed sketches that merge.

Law 7: given one plan, any partition of the same records merges to the same tally. So every part of a tally is a
commutative monoid: counters add, sketches unite. Nothing here is a cell's value, save words of closed vocabularies.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields

import polars as pl

FULL = 1 << 64


class Distinct:
    """Distinct keyed hashes, exact up to ``cap``, then those below a threshold that halves while they are too many.

    The kept set depends on the hashes alone, never on their order or partition: it is every hash below the largest
    power-of-two threshold that leaves at most ``cap`` of them (a "threshold" or "theta" sketch).
    """

    def __init__(self, cap: int, hashes: pl.Series | None = None, shift: int = 0) -> None:
        self.cap = cap
        self.shift = shift
        self.hashes = pl.Series([], dtype=pl.UInt64) if hashes is None else hashes
        self._pending: list[pl.Series] = []
        self._waiting = 0

    def add(self, hashes: pl.Series) -> None:
        """Takes UInt64 hashes, repeated or not; nulls are left out."""
        self._pending.append(hashes)
        self._waiting += len(hashes)
        if self._waiting > max(len(self.hashes), 1 << 16):
            self._settle()

    def _settle(self) -> None:
        if not self._pending:
            return
        below = FULL >> self.shift
        parts = [self.hashes, *(p.drop_nulls() for p in self._pending)]
        if self.shift:
            parts = [p.filter(p < below) for p in parts]
        kept = pl.concat(parts).unique().sort()
        self._pending, self._waiting = [], 0
        while len(kept) > self.cap:
            self.shift += 1
            kept = kept.filter(kept < (FULL >> self.shift))
        self.hashes = kept

    def merge(self, other: Distinct) -> None:
        """Takes the distinct values of another sketch of the same cap."""
        other._settle()
        self._settle()
        if other.shift > self.shift:
            self.shift = other.shift
            self.hashes = self.hashes.filter(self.hashes < (FULL >> self.shift))
        self.add(other.hashes)
        self._settle()

    @property
    def count(self) -> int:
        """The number of distinct values: exact while nothing was dropped, else the kept ones scaled up."""
        self._settle()
        return len(self.hashes) << self.shift

    @property
    def exact(self) -> bool:
        """Whether nothing was dropped."""
        self._settle()
        return self.shift == 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Distinct):
            return NotImplemented
        self._settle()
        other._settle()
        return (self.cap, self.shift) == (other.cap, other.shift) and self.hashes.equals(other.hashes)

    __hash__ = None  # type: ignore[assignment]


@dataclass
class ColumnTally:
    """Counts of one column.

    ``matched``/``valid``: label to cells with its form / with a right key too. ``mentions``: needle or theme to rows.
    ``days``: days since 1970-01-01 to rows; ``words``: values of closed vocabularies (départements, communes as INSEE
    codes, mail domains, hash algorithms, sexes) by list name to rows.
    """

    filled: int = 0
    length_sum: int = 0
    length_max: int = 0
    cut: int = 0
    matched: Counter[str] = field(default_factory=Counter)
    valid: Counter[str] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    words: dict[str, Counter[str]] = field(default_factory=dict)
    distinct: Distinct = field(default_factory=lambda: Distinct(65_536))

    def merge(self, other: ColumnTally) -> None:
        """Adds the counts of the same column in other rows."""
        self.filled += other.filled
        self.length_sum += other.length_sum
        self.length_max = max(self.length_max, other.length_max)
        self.cut += other.cut
        for name in ("matched", "valid", "mentions", "days"):
            getattr(self, name).update(getattr(other, name))
        for name, words in other.words.items():
            self.words.setdefault(name, Counter()).update(words)
        self.distinct.merge(other.distinct)


@dataclass
class RowCounts:
    """Records of a table; ``read + repaired + rejected`` is all of them, short and long ones are among the first two."""

    read: int = 0
    repaired: int = 0
    rejected: int = 0
    short: int = 0
    long: int = 0
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


PERSON = {"key": pl.UInt64, "mask": pl.UInt64, "birth": pl.Int32, "sex": pl.UInt8}


class People:
    """Persons by the keyed hash of the best key of their rows, each with what is known of them.

    One row a person: ``key``, ``mask`` (the presence bits of all their rows, or-ed), ``birth`` (first day of birth
    seen, in days since 1970) and ``sex`` (1 man, 2 woman, 3 both seen). Above ``cap`` a threshold sample, as Distinct.
    """

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.shift = 0
        self.frame = pl.DataFrame(schema=PERSON)
        self._pending: list[pl.DataFrame] = []
        self._waiting = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Takes rows of the PERSON schema, several a person or not; rows without a key are left out."""
        self._pending.append(frame)
        self._waiting += frame.height
        if self._waiting > max(self.frame.height, 1 << 18):
            self.settle()

    def settle(self) -> pl.DataFrame:
        """The persons, sorted by key."""
        if self._pending:
            rows = pl.concat([self.frame, *self._pending]).filter(self._kept())
            self._pending, self._waiting = [], 0
            self.frame = one_row_a_person(rows).sort("key")
            while self.frame.height > self.cap:
                self.shift += 1
                self.frame = self.frame.filter(self._kept())
        return self.frame

    def _kept(self) -> pl.Expr:
        return pl.col("key").is_not_null() & (pl.col("key") <= (FULL >> self.shift) - 1)

    def merge(self, other: People) -> None:
        """Takes the persons of another sketch of the same cap; one who stands in both is one."""
        theirs = other.settle()
        self.settle()
        self.shift = max(self.shift, other.shift)
        self.add(theirs)
        self.settle()

    @property
    def count(self) -> int:
        """The number of persons: exact while none was dropped, else the kept ones scaled up."""
        return self.settle().height << self.shift

    @property
    def exact(self) -> bool:
        """Whether nothing was dropped."""
        self.settle()
        return self.shift == 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, People):
            return NotImplemented
        return self.settle().equals(other.settle()) and self.shift == other.shift

    __hash__ = None  # type: ignore[assignment]


def one_row_a_person(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the PERSON schema, several a person, folded into one each."""
    return rows.group_by("key").agg(pl.col("mask").bitwise_or(), pl.col("birth").min(), pl.col("sex").bitwise_or())


@dataclass
class TableTally:
    """Counts of one table, or of one of its segments.

    ``presence``: bits of the plan's types (``Setting.bits``) to rows; ``fields``: filled cells a row to rows;
    ``texts`` and ``doubts``: theme bits of the comment columns to rows; ``rows``: distinct rows; ``people``: data subjects by their
    best key; ``identities``: distinct rows of identity fields; ``unique``: kind of key to its distinct values;
    ``roles``: role to the distinct persons or organisations that other columns name.
    """

    columns: list[ColumnTally]
    people: People
    identities: Distinct
    rows: Distinct
    counts: RowCounts = field(default_factory=RowCounts)
    problems: Counter[str] = field(default_factory=Counter)
    presence: Counter[int] = field(default_factory=Counter)
    fields: Counter[int] = field(default_factory=Counter)
    texts: Counter[int] = field(default_factory=Counter)
    doubts: Counter[int] = field(default_factory=Counter)
    keyed: Counter[str] = field(default_factory=Counter)
    unique: dict[str, Distinct] = field(default_factory=dict)
    roles: dict[str, Distinct] = field(default_factory=dict)

    def merge(self, other: TableTally) -> None:
        """Adds the tally of other rows, counted by the same plan."""
        for mine, theirs in zip(self.columns, other.columns, strict=True):
            mine.merge(theirs)
        for name in ("people", "identities", "rows", "counts"):
            getattr(self, name).merge(getattr(other, name))
        for name in ("problems", "presence", "fields", "texts", "doubts", "keyed"):
            getattr(self, name).update(getattr(other, name))
        for name in ("unique", "roles"):
            for kind, sketch in getattr(other, name).items():
                mine = getattr(self, name)
                mine.setdefault(kind, Distinct(sketch.cap)).merge(sketch)
