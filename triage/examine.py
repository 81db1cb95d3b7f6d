"""One evidence file, from its bytes to its outcome and its seal, wherever that happens."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from triage import evidence, volumes, worker
from triage.entry import Entry

if TYPE_CHECKING:
    from triage.evidence import Evidence, Seal


class Examined(NamedTuple):
    """What a file gave, and what it was."""

    outcome: worker.Outcome
    seal: Seal


def examine(item: Evidence, tools: worker.Tools, plans: worker.Plans, counted: Callable[[int], None], watch: worker.Watch) -> Examined:
    """Scans one file; ``counted`` is told the bytes of the first reading as they pass. Raises EvidenceError."""
    passes: list[_Counting | volumes.Row] = []
    streams: list[_Counting] = []

    def one(part: Evidence, told: Callable[[int], None] | None) -> _Counting:
        streams.append(_Counting(part, watch, told))
        return streams[-1]

    def opened() -> _Counting | volumes.Row:
        told = None if passes else counted
        parts = [None if v.problem else partial(one, v, told) for v in item.volumes]
        passes.append(volumes.Row(parts) if parts else one(item, told))
        return passes[-1]

    seed = int.from_bytes(hashlib.sha256(item.path.encode()).digest()[:4], "big")
    try:
        outcome = worker.scan(_root(item, opened), tools, seed, plans, watch)
        seal = (passes or [opened()])[0].seal()
    finally:
        for stream in streams:
            stream.finish()
    outcome.add(item.path, seal.problems)
    return Examined(outcome, seal)


def _root(item: Evidence, opened: Callable[[], evidence.Stream | volumes.Row]) -> Entry:
    """The entry that is the evidence file itself."""
    size = item.stamp.size if item.stamp else None
    if item.source is None:
        return Entry(item.path, opened, again=False)
    if item.volumes:
        entry = Entry(item.path, opened, random=lambda: volumes.SeekableRow(item.volumes), size=size)
        entry.starts = volumes.starts(item.volumes)
        return entry
    return Entry(item.path, opened, random=lambda: evidence.Seekable(item), size=size)


class _Counting(evidence.Stream):
    """A stream that tells what passes, and stays open until it is finished: who reads it may be done with it before."""

    def __init__(self, item: Evidence, watch: worker.Watch, counted: Callable[[int], None] | None = None) -> None:
        super().__init__(item)
        self._watch = watch
        self._counted = counted

    def _next(self, size: int) -> bytes:
        data = super()._next(size)
        self._watch.beats()
        if self._counted:
            self._counted(len(data))
        return data

    def close(self) -> None:
        """Nothing, see above."""

    def finish(self) -> None:
        """Closes it."""
        super().close()


def inside(descriptor: int, path: str, size: int | None) -> Evidence:
    """The evidence as a worker knows it: an open file under the name it has in reports; no size is a stream."""
    source = None if size is None else Path(f"/proc/self/fd/{descriptor}")
    stamp = None if size is None else evidence.Stamp(size, 0, 0, 0)
    return evidence.Evidence(path, source, stamp, None, descriptor)


def in_volumes(descriptors: Sequence[int], path: str, parts: Sequence[tuple[int, bool]]) -> Evidence:
    """The same of a file in several volumes, of which each has a size and is there or not."""
    given = iter(descriptors)
    missing = evidence.Evidence(path, None, None, volumes.MISSING)
    found = [inside(next(given), path, size) if there else replace(missing, stamp=evidence.Stamp(size, 0, 0, 0)) for size, there in parts]
    lead = next(v for v in found if not v.problem)
    return replace(lead, stamp=evidence.Stamp(sum(size for size, _ in parts), 0, 0, 0), volumes=tuple(found))
