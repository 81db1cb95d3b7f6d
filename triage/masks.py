"""Rows by mask: sets of counts that merge in any order, as the sketches do."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

_LEAST = 1 << 16


_NONE: Final = pl.DataFrame(schema={"mask": pl.UInt64, "rows": pl.UInt64})


class Masks:
    """Rows by mask: how many rows hold just these bits. There are few masks: nothing is ever dropped."""

    SCHEMA: Final = dict(_NONE.schema)
    cap: Final = 1 << 32
    shift: Final = 0

    def __init__(self) -> None:
        self._kept = _NONE
        self._pending: list[pl.DataFrame] = []
        self._waiting = 0

    def add(self, masks: pl.DataFrame) -> None:
        """Takes ``mask`` (UInt64) and ``rows``, masks repeated or not."""
        if not masks.height:
            return
        same = masks.columns == ["mask", "rows"] and masks.schema["rows"] == pl.UInt64
        self._pending.append(masks if same else masks.select("mask", pl.col("rows").cast(pl.UInt64)))
        self._waiting += masks.height
        if self._waiting > max(self._kept.height, _LEAST):
            self.settle()

    @property
    def waiting(self) -> int:
        """Masks taken since the last settling."""
        return self._waiting

    def settle(self) -> pl.DataFrame:
        """``mask`` and ``rows``, each mask once, in no order."""
        if self._pending:
            self._kept = pl.concat([self._kept, *self._pending]).group_by("mask").agg(pl.col("rows").sum())
            self._pending, self._waiting = [], 0
        return self._kept

    def merge(self, other: Masks) -> None:
        """Adds the rows of another set."""
        for part in (other._kept, *other._pending):
            self.add(part)

    def frame(self) -> pl.DataFrame:
        """All that is kept, in the order of SCHEMA's first column."""
        return self.settle().sort("mask").select(*self.SCHEMA)

    @classmethod
    def of(cls, frame: pl.DataFrame, cap: int, shift: int) -> Masks:
        """The set whose ``frame`` this is."""
        del cap, shift
        found = cls()
        found._kept = frame
        return found

    def rows_with(self, *groups: int) -> int:
        """Rows that hold at least one bit of every group."""
        held = [pl.col("mask") & pl.lit(g, dtype=pl.UInt64) != 0 for g in groups]
        return int(self.settle().filter(pl.all_horizontal(held))["rows"].sum())

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Masks):
            return NotImplemented
        return self.settle().sort("mask").equals(other.settle().sort("mask"))

    __hash__ = None  # type: ignore[assignment] # a set that grows has no hash


class Weights:
    """Rows by the keyed hash of a value, given up (``full``) where there are more values than are worth keeping."""

    CAP: Final = 65_536
    SCHEMA: Final = Masks.SCHEMA

    def __init__(self) -> None:
        self.full = False
        self._rows = Masks()

    def add(self, counted: pl.DataFrame) -> None:
        """Takes ``mask`` (the hash, UInt64) and ``rows``."""
        if not self.full:
            self._rows.add(counted)
            if self._rows.waiting > self.CAP:
                self.settle()

    def settle(self) -> pl.DataFrame:
        """``mask`` and ``rows``, empty once given up."""
        if self._rows.settle().height > self.CAP:
            self.full, self._rows = True, Masks()
        return self._rows.settle()

    @property
    def cap(self) -> int:
        """As of a Distinct."""
        return self.CAP

    @property
    def shift(self) -> int:
        """1 once given up, else 0."""
        self.settle()
        return int(self.full)

    def frame(self) -> pl.DataFrame:
        """All that is kept, in the order of SCHEMA's first column."""
        self.settle()
        return self._rows.frame()

    @classmethod
    def of(cls, frame: pl.DataFrame, cap: int, shift: int) -> Weights:
        """The set whose ``frame`` this is."""
        found = cls()
        found.full, found._rows = bool(shift), Masks.of(frame, cap, 0)
        return found

    def merge(self, other: Weights) -> None:
        """Adds the rows of another set."""
        added = other.settle()
        if other.full:
            self.full, self._rows = True, Masks()
        self.add(added)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Weights):
            return NotImplemented
        self.settle()
        other.settle()
        return self.full == other.full and self._rows == other._rows

    __hash__ = None  # type: ignore[assignment] # a set that grows has no hash


class Words:
    """Rows by word of a closed list."""

    def __init__(self, counted: Mapping[str, int] | None = None) -> None:
        self._kept = Counter(counted)
        self._pending: list[pl.DataFrame] = []
        self._waiting = 0

    def add(self, counted: pl.DataFrame) -> None:
        """Takes ``word`` (String) and ``rows``, words repeated or not; rows of no word are left out."""
        self._pending.append(pl.DataFrame([counted["word"], counted["rows"].cast(pl.UInt64)]))
        self._waiting += counted.height
        if self._waiting > _LEAST:
            self._settle()

    def merge(self, other: Words) -> None:
        """Adds the rows of another list."""
        self._kept.update(other._kept)
        for part in other._pending:
            self.add(part)

    def _settle(self) -> None:
        if self._pending:
            rows = pl.concat(self._pending).drop_nulls("word").group_by("word").agg(pl.col("rows").sum()).sort("word")
            self._pending, self._waiting = [rows], rows.height // 2

    @property
    def counts(self) -> Counter[str]:
        """Word to rows."""
        self._settle()
        for part in self._pending:
            self._kept.update(dict(part.iter_rows()))
        self._pending, self._waiting = [], 0
        return self._kept

    def __eq__(self, other: object) -> bool:
        return self.counts == other.counts if isinstance(other, Words) else NotImplemented

    __hash__ = None  # type: ignore[assignment] # a set that grows has no hash


def moved(frame: pl.DataFrame, bits: dict[int, int], kept: int) -> pl.DataFrame:
    """The frame with the bits of ``mask`` moved as ``bits`` says (from bit to bit, as values); ``kept`` ones stay."""
    if all(here == there for here, there in bits.items()):
        return frame
    mask = pl.col("mask")
    terms = [(mask & pl.lit(h, dtype=pl.UInt64) != 0).cast(pl.UInt64) * pl.lit(t, dtype=pl.UInt64) for h, t in bits.items()]
    return frame.with_columns(pl.sum_horizontal([mask & pl.lit(kept, dtype=pl.UInt64), *terms]).alias("mask"))
