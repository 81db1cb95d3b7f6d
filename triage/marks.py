"""Marks: how far the census of an entry has come, so that a run that was killed goes on from there.

A mark holds the tallies of the first segments of an entry, in its first or its second pass: counts, never cells. Plans
are made of cells, so that they are no part of it: segments before the mark are read again where a plan needs their rows,
and not counted again. That the plans come out as they were is checked where the mark stands.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triage.detect.plan import TablePlan
    from triage.tally import TableTally

Key: TypeAlias = tuple[str | None, int]
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Mark(NamedTuple):
    """The first ``taken`` segments of pass ``turn`` (0 or 1): by table, the digest of its plan and its tally."""

    turn: int
    taken: int
    tables: Mapping[Key, tuple[str, TableTally]]


class StaleError(Exception):
    """The plans are other than those a mark was counted by, or the entry has fewer segments: it counts for nothing."""


class Counter(Protocol):
    """What a pass counts one table with."""

    @property
    def tally(self) -> TableTally | None:
        """What was counted so far."""

    @property
    def plan(self) -> TablePlan | None:
        """What it is counted by."""


class Keeper(Protocol):
    """Who keeps marks."""

    def past(self, turn: int) -> Mark | None:
        """The last mark of this pass over this entry."""

    def due(self, turn: int) -> bool:
        """Whether it is time for one."""

    def keep(self, mark: Mark) -> None:
        """Takes it, in place of the one before."""


class Steps:
    """One pass over the segments of an entry: which of them are counted already, and when there is a mark to keep."""

    def __init__(self, keeper: Keeper, turn: int, counters: Mapping[Key, Counter]) -> None:
        self._keeper = keeper
        self._turn = turn
        self._counters = counters
        self._past = keeper.past(turn) or Mark(turn, 0, {})
        self._given = self._taken = 0

    def tally(self, key: Key) -> TableTally | None:
        """What the mark holds of a table."""
        return self._past.tables[key][1] if key in self._past.tables else None

    def counted(self) -> bool:
        """Whether the next segment stands before the mark."""
        self._given += 1
        return self._given <= self._past.taken

    def collected(self) -> None:
        """One segment more is in the tallies; raises StaleError at a mark that does not fit."""
        self._taken += 1
        if self._taken == self._past.taken:
            self._check()
        elif self._taken > self._past.taken and self._keeper.due(self._turn):
            self._keeper.keep(self.mark())

    def ended(self) -> None:
        """The entry has no more segments; raises StaleError where the mark stands beyond them."""
        if self._taken < self._past.taken:
            raise StaleError

    def mark(self) -> Mark:
        """The tallies as they are."""
        found = {key: (c.plan, c.tally) for key, c in self._counters.items()}
        tables = {key: (_digest(plan, tally), tally) for key, (plan, tally) in found.items() if plan is not None and tally is not None}
        return Mark(self._turn, self._taken, tables)

    def _check(self) -> None:
        for key, (digest, tally) in self._past.tables.items():
            counter = self._counters.get(key)
            if counter is None or counter.plan is None or _digest(counter.plan, tally) != digest:
                raise StaleError


def _digest(plan: TablePlan, tally: TableTally) -> str:
    """Of the plans of those columns that were counted: a table may have got more in the meantime."""
    return hashlib.blake2b(_ENCODER.encode(plan.columns[: len(tally.columns)]), digest_size=16).hexdigest()
