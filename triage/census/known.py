"""The values of a column that earlier segments of its table held, by hash, and what was told of each; never a value.

Towns, names, days and codes come again over a file. To find the distinct values of a segment costs some 10 ns a cell and to
join what is known of them as much again; a table that is addressed by the bits of a hash costs 1 ns. So a value has a number,
every answer about it stands at that number, and a segment asks about the values that it is the first to hold.
"""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Mapping

# The hash is read in windows of so many bits: values that meet in one window are told apart by the next.
_LEVELS, _WINDOW = 4, 14
# Places of a table: so many a value, where those are not too many for the processor's cache.
_ROOM, _LEAST, _MOST = 8, 1 << 12, 1 << 16
# Values remembered of one column; more are begun anew where most of the rows hold others.
_REMEMBERED = 1 << 16


class Known:
    """Values by hash, numbered; number 0 is nothing. It never changes: ``with_more`` gives another one.

    ``told``: question to the answers by number.
    """

    def __init__(self, hashes: pl.Series, size: int = _LEAST, tables: tuple[pl.Series, ...] = ()) -> None:
        self.hashes = hashes
        self.told: Mapping[Hashable, pl.Series] = {}
        self._size = size
        self._last = pl.Series([size - 1], dtype=pl.UInt32)
        self._tables = tables or (_empty(size),)

    def __len__(self) -> int:
        return len(self.hashes)

    def find(self, hashes: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The number of each, and the rows of those that have none (what stands at theirs means nothing)."""
        numbers = self._tables[0][self._slots(hashes, 0)]
        right = self.hashes[numbers] == hashes
        if right.all():
            return numbers, _NONE
        rows = pl.int_range(len(hashes), dtype=pl.UInt32, eager=True).filter(~right)
        for level, table in enumerate(self._tables[1:], start=1):
            asked = hashes[rows]
            found = table[self._slots(asked, level)]
            right = self.hashes[found] == asked
            numbers = numbers.scatter(rows, found)
            rows = rows.filter(~right)
        return numbers, rows

    def with_more(self, fresh: pl.Series) -> Known:
        """The same values and those of the ``fresh`` hashes, which are distinct and new, numbered in their order."""
        whole = pl.concat([self.hashes, fresh], rechunk=True)
        size = max(self._size, min(_MOST, 1 << (_ROOM * len(whole)).bit_length()))
        tables, start = (self._tables, len(self)) if size == self._size else ((_empty(size),), 1)
        while (found := self._placed(whole, size, tables, start)) is None:
            size *= 2
            tables, start = (_empty(size),), 1
        return found

    def _placed(self, whole: pl.Series, size: int, tables: tuple[pl.Series, ...], start: int) -> Known | None:
        """The values from number ``start`` on at their places in the tables; None where some have none.

        What is empty in a table is the number of nothing, whose own place stays empty.
        """
        found = Known(whole, size, tables)
        hashes, numbers = whole[start:], pl.int_range(start, len(whole), dtype=pl.UInt32, eager=True)
        filled = list(tables)
        for level in range(_LEVELS):
            if level == len(filled):
                filled.append(_empty(size))
            slots = found._slots(hashes, level)
            free = (filled[level][slots] == 0) & (slots != found._slots(whole[:1], level))
            table = filled[level].clone().scatter(slots.filter(free), numbers.filter(free))
            filled[level] = table
            lost = table[slots] != numbers
            hashes, numbers = hashes.filter(lost), numbers.filter(lost)
            if not len(hashes):
                found._tables = tuple(filled)
                return found
        return None

    def _slots(self, hashes: pl.Series, level: int) -> pl.Series:
        window = hashes // _SHIFTS[level] if level else hashes
        return window.cast(pl.UInt32, wrap_numerical=True) & self._last


_NONE = pl.Series([], dtype=pl.UInt32)
_SHIFTS = [pl.Series([1 << _WINDOW * level], dtype=pl.UInt64) for level in range(_LEVELS)]


def _empty(size: int) -> pl.Series:
    return pl.repeat(0, size, dtype=pl.UInt32, eager=True)


class Sought:
    """The values of a segment's column looked up: their ``numbers``, a row each.

    ``fresh``: the first rows of the values that were not known, in the order of their numbers; ``most``: whether most rows
    hold such. What is asked of the values is asked of these alone.
    """

    def __init__(self, known: Known, hashes: pl.Series, numbers: pl.Series, rows: pl.Series) -> None:
        self.before = self.known = known
        self.numbers, self.fresh = numbers, _NONE
        self.most = 2 * len(rows) > len(hashes)
        self._learnt: dict[Hashable, pl.Series] = {}
        if len(rows):
            asked = hashes[rows]
            first = asked.arg_unique()
            self.fresh = rows[first]
            self.known = known.with_more(asked[first])
            found = self.known.find(asked)[0]
            self.numbers = found if len(rows) == len(hashes) else numbers.scatter(rows, found)

    def ask(self, question: Hashable, tell: Callable[[], pl.Series]) -> pl.Series:
        """The answers by number, null for nothing: those known, and what ``tell`` says of the fresh values."""
        if question not in self._learnt:
            before = self.before.told.get(question)
            if before is None or len(self.fresh):
                answers = tell()
                if before is None:
                    assert len(self.before) == 1  # noqa: S101 - a plan asks the same of every segment
                    before = pl.Series([None], dtype=answers.dtype)
                before = pl.concat([before, answers], rechunk=True)
            self._learnt[question] = before
        return self._learnt[question]

    @cached_property
    def _rows(self) -> pl.DataFrame:
        """``number`` of each value of the segment and the ``rows`` that hold it."""
        return self.numbers.alias("number").value_counts(name="rows").filter(pl.col("number") != 0)

    def counted(self, **answers: pl.Series) -> pl.DataFrame:
        """The answers about each value of the segment, a column each, and the ``rows`` that hold it."""
        return pl.DataFrame([*(told[self._rows["number"]].alias(name) for name, told in answers.items()), self._rows["rows"]])

    @property
    def learnt(self) -> Known:
        """What is known now; as before where not all that is told of a value was asked of the fresh ones."""
        if self.known is self.before or not self.before.told.keys() <= self._learnt.keys():
            return self.before
        if len(self.known) > _REMEMBERED:
            return Known(self.before.hashes[:1]) if self.most else self.before
        self.known.told = self._learnt
        return self.known


class Lore:
    """What is known of the columns of one table; segments that are counted side by side may each ask about a value."""

    def __init__(self) -> None:
        self._known: dict[Hashable, Known] = {}

    def of(self, column: Hashable, nothing: pl.Series) -> Known:
        """What is known of one column, in which ``nothing`` is the hash of an empty cell."""
        if column not in self._known:
            self._known[column] = Known(nothing)
        return self._known[column]

    def learn(self, column: Hashable, sought: Sought) -> None:
        """Keeps what a segment has asked, unless another one has been quicker."""
        if self._known.get(column) is sought.before:
            self._known[column] = sought.learnt
