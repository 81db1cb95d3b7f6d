"""Mergeable sets: distinct values, persons, masks.

Each is a commutative monoid whose content depends on the records alone, never on their order or partition (law 7).
What is added waits until it is worth settling: a set is rebuilt when what waits outgrows it, so that adding n values
in any number of parts costs O(n log n).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from triage.masks import Masks, Weights, Words, moved

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["LINK", "PERSON", "Distinct", "Links", "Masks", "People", "Weights", "Words", "moved"]

FULL = 1 << 64
_LEAST = 1 << 18
# Grouping costs four times what finding distinct hashes does: it is put off for longer.
_LEAST_GROUPED = 1 << 20


_NONE: Final = pl.Series([], dtype=pl.UInt64)


class Distinct:
    """Distinct keyed hashes, exact up to ``cap``, then those below a threshold that halves while they are too many.

    The kept set is every hash below the largest power-of-two threshold that leaves at most ``cap`` of them (a
    "threshold" or "theta" sketch: Dasgupta, Lang, Rhodes, Thaler 2016).
    """

    SCHEMA: Final = {"hash": pl.UInt64}

    def __init__(self, cap: int, shift: int = 0) -> None:
        self.cap = cap
        self.shift = shift
        self._kept = _NONE
        self._pending: list[pl.Series] = []
        self._waiting = 0

    def add(self, hashes: pl.Series) -> None:
        """Takes UInt64 hashes, repeated or not; nulls are left out."""
        part = self._below(hashes)
        self._pending.append(part)
        self._waiting += len(part)
        if self._waiting > max(len(self._kept), _LEAST):
            self._settle()

    def _below(self, hashes: pl.Series) -> pl.Series:
        return hashes.filter(hashes < (FULL >> self.shift)) if self.shift else hashes

    def _settle(self) -> pl.Series:
        if self._pending:
            rows = pl.concat([s for s in (self._kept, *self._pending) if len(s)] or [self._kept])
            rows = rows.drop_nulls() if rows.null_count() else rows
            self._pending, self._waiting = [], 0
            self.shift, self._kept = self._fitting(rows)
        return self._kept

    def _fitting(self, rows: pl.Series) -> tuple[int, pl.Series]:
        """The least shift under which no more than ``cap`` are distinct, and those.

        Sought from above, where few are left: of a million hashes that all differ, most are never looked at.
        """
        shift = self.shift + (len(rows) // self.cap).bit_length()
        kept = self._distinct(rows, shift)
        while len(kept) > self.cap:
            shift += 1
            kept = self._distinct(kept, shift)
        while shift > self.shift and len(more := self._distinct(rows, shift - 1)) <= self.cap:
            shift, kept = shift - 1, more
        return shift, kept

    @staticmethod
    def _distinct(rows: pl.Series, shift: int) -> pl.Series:
        return rows.filter(rows < (FULL >> shift)).unique() if shift else rows.unique()

    def merge(self, other: Distinct) -> None:
        """Takes the distinct values of another sketch of the same cap.

        What waits in either goes on waiting: a merge costs nothing until the set is asked for or has doubled.
        """
        if other.shift > self.shift:
            self._settle()
            self.shift = max(self.shift, other.shift)
            self._kept = self._below(self._kept)
        for part in (other._kept, *other._pending):
            self.add(part)

    @property
    def count(self) -> int:
        """The number of distinct values: exact while nothing was dropped, else the kept ones scaled up."""
        return len(self._settle()) << self.shift

    @property
    def exact(self) -> bool:
        """Whether nothing was dropped."""
        self._settle()
        return self.shift == 0

    def hashes(self) -> pl.Series:
        """The kept hashes, ascending."""
        return self._settle().sort()

    def frame(self) -> pl.DataFrame:
        """All that is kept, in the order of SCHEMA's first column."""
        return self.hashes().to_frame("hash")

    @classmethod
    def of(cls, frame: pl.DataFrame, cap: int, shift: int) -> Distinct:
        """The sketch whose ``frame`` this is."""
        found = cls(cap, shift)
        found._kept = frame["hash"]
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Distinct):
            return NotImplemented
        same = self.hashes().equals(other.hashes())
        return same and (self.cap, self.shift) == (other.cap, other.shift)

    __hash__ = None  # type: ignore[assignment] # a set that grows has no hash


LINK: Final = {"key": pl.UInt64, "lead": pl.UInt64}


class Links:
    """Distinct keyed hashes of a lesser key (an e-mail), each with the better key (a NIR) that a row held beside it.

    ``lead`` is the smallest better key seen, null where none was: a family that shares an e-mail is led by one of its
    members, the same in any order of rows. Above ``cap`` a threshold sample, as Distinct.
    """

    SCHEMA: Final = LINK

    def __init__(self, cap: int) -> None:
        self.cap = cap
        self.shift = 0
        self._kept = pl.DataFrame(schema=LINK)
        self._pending: list[pl.DataFrame] = []
        self._waiting = 0

    def add(self, frame: pl.DataFrame) -> None:
        """Takes rows of the LINK schema, several a key or not; rows without a key are left out."""
        self._pending.append(frame)
        self._waiting += frame.height
        if self._waiting > max(self._kept.height, _LEAST_GROUPED):
            self.settle()

    def _below(self) -> pl.Expr:
        return pl.col("key") <= (FULL >> self.shift) - 1

    def settle(self) -> pl.DataFrame:
        """``key`` and ``lead``, each key once, in no order."""
        if self._pending:
            rows = pl.concat([self._kept, *self._pending]).filter(pl.col("key").is_not_null() & self._below())
            self._pending, self._waiting = [], 0
            self._kept = rows.group_by("key").agg(pl.col("lead").min())
            while self._kept.height > self.cap:
                self.shift += 1
                self._kept = self._kept.filter(self._below())
        return self._kept

    def merge(self, other: Links) -> None:
        """Takes the links of another sketch of the same cap."""
        if other.shift > self.shift:
            self.settle()
            self.shift = other.shift
            self._kept = self._kept.filter(self._below())
        for part in (other._kept, *other._pending):
            self.add(part)

    def frame(self) -> pl.DataFrame:
        """All that is kept, in the order of SCHEMA's first column."""
        return self.settle().sort("key").select(*LINK)

    @classmethod
    def of(cls, frame: pl.DataFrame, cap: int, shift: int) -> Links:
        """The sketch whose ``frame`` this is."""
        found = cls(cap)
        found.shift, found._kept = shift, frame
        return found

    def distinct(self) -> Distinct:
        """The lesser keys alone."""
        kept = self.settle()
        found = Distinct(self.cap, self.shift)
        found.add(kept["key"])
        return found

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Links):
            return NotImplemented
        same = self.settle().sort("key").equals(other.settle().sort("key"))
        return same and self.shift == other.shift

    __hash__ = None  # type: ignore[assignment] # a set that grows has no hash


PERSON: Final = {"key": pl.UInt64, "mask": pl.UInt64, "birth": pl.Int32, "sex": pl.UInt8}


class People:
    """Persons by the keyed hash of the best key of their rows, each with what is known of them.

    One row a person: ``key``, ``mask`` (the presence bits of all their rows, or-ed), ``birth`` (first day of birth
    seen, in days since 1970) and ``sex`` (1 man, 2 woman, 3 both seen). Above ``cap`` a threshold sample, as Distinct.
    """

    SCHEMA: Final = PERSON

    def __init__(self, cap: int, shift: int = 0) -> None:
        self.cap = cap
        self.shift = shift
        self._kept = pl.DataFrame(schema=PERSON)
        self._pending: list[pl.DataFrame] = []
        self._waiting = 0

    def with_masks(self, change: Callable[[pl.DataFrame], pl.DataFrame]) -> People:
        """The same persons, ``change`` applied to their frame, which must keep its rows and keys."""
        kept = self.settle()  # which may make it a sample: its shift is read after it
        return People.of(change(kept), self.cap, self.shift)

    def add(self, frame: pl.DataFrame) -> None:
        """Takes rows of the PERSON schema, several a person or not; rows without a key are left out."""
        self._pending.append(frame)
        self._waiting += frame.height
        if self._waiting > max(self._kept.height, _LEAST_GROUPED):
            self.settle()

    def _below(self) -> pl.Expr:
        return pl.col("key") <= (FULL >> self.shift) - 1

    def settle(self) -> pl.DataFrame:
        """The persons, ascending by key."""
        if self._pending:
            rows = pl.concat(self._pending).filter(pl.col("key").is_not_null() & self._below()).sort("key")
            self._pending, self._waiting = [], 0
            self._kept = _one_row_a_person(self._kept.merge_sorted(rows, key="key"))
            while self._kept.height > self.cap:
                self.shift += 1
                self._kept = self._kept.filter(self._below())
        return self._kept

    def merge(self, other: People) -> None:
        """Takes the persons of another sketch of the same cap; one who stands in both is one."""
        if other.shift > self.shift:
            self.settle()
            self.shift = max(self.shift, other.shift)
            self._kept = self._kept.filter(self._below())
        for part in (other._kept, *other._pending):
            self.add(part)

    def frame(self) -> pl.DataFrame:
        """All that is kept, in the order of SCHEMA's first column."""
        return self.settle().select(*PERSON)

    @classmethod
    def of(cls, frame: pl.DataFrame, cap: int, shift: int) -> People:
        """The sketch whose ``frame`` this is."""
        found = cls(cap, shift)
        found._kept = frame
        return found

    def linked(self, links: Iterable[Links]) -> People:
        """The same persons, those told by a lesser key counted with the one whose rows hold it beside a better key.

        Better keys may themselves be led (e-mail, name with birth date, NIR), so links are followed as often as there
        are kinds of keys.
        """
        found = list(links)
        led = [sketch.settle().filter(pl.col("lead").is_not_null()) for sketch in found]
        whole = People(self.cap, max([self.shift, *(sketch.shift for sketch in found)]))
        rows = self.settle().filter(whole._below())
        if led and rows.height:
            # Seeds differ by kind: no key is of two kinds.
            paths = pl.concat(led).group_by("key").agg(pl.col("lead").min())
            # Most persons are told by a key that nothing leads: they stay as they are.
            whole._kept = rows.join(paths, on="key", how="anti", maintain_order="left")
            rows = rows.join(paths, on="key", how="semi")
            for _ in led:
                rows = rows.join(paths, on="key", how="left").with_columns(pl.coalesce("lead", "key").alias("key")).drop("lead")
        whole.add(rows.select(*PERSON))
        return whole

    @property
    def count(self) -> int:
        """The number of persons: exact while none was dropped, else the kept ones scaled up."""
        return self.settle().height << self.shift

    @property
    def exact(self) -> bool:
        """Whether none was dropped."""
        self.settle()
        return self.shift == 0

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, People):
            return NotImplemented
        same = self.settle().equals(other.settle())
        return same and self.shift == other.shift

    __hash__ = None  # type: ignore[assignment] # a set that grows has no hash


def _one_row_a_person(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows of the PERSON schema, ascending by key and several a person, folded into one each.

    Each row takes what its next one holds, then its second next, its fourth …: after n steps the first row of a person
    holds what 2^n rows hold. (In a ``group_by`` polars calls ``bitwise_or`` group by group: a hundred times slower.)
    """
    step = 1
    while (same := rows["key"] == rows["key"].shift(-step)).any():
        here = pl.lit(same.fill_null(value=False))
        mask, birth, sex = pl.col("mask"), pl.col("birth"), pl.col("sex")
        rows = rows.with_columns(
            pl.when(here).then(mask | mask.shift(-step)).otherwise(mask),
            pl.when(here).then(pl.min_horizontal(birth, birth.shift(-step))).otherwise(birth),
            pl.when(here).then(sex | sex.shift(-step)).otherwise(sex),
        )
        step *= 2
    return rows.filter((rows["key"] != rows["key"].shift(1)).fill_null(value=True))
