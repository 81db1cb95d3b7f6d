"""Containers whose members come one after the other in one stream: a member is read while it passes.

A member that is opened again later (a second pass over its rows) is reached by walking the container again from its
start; small ones are kept in memory meanwhile, see ``Entry.costly``.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from itertools import islice
from typing import NamedTuple

from triage.entry import Entry, EntryError, Stream


class Member(NamedTuple):
    """A member as it passes: its ``stream`` is good until the next one is asked for.

    ``name`` is None for the one stream of a compressed file.
    """

    name: str | None
    size: int | None
    packed: int | None
    stream: Stream


Walk = Callable[[], Iterator[Member]]


def in_turn(entry: Entry, walk: Walk) -> Iterator[Entry]:
    """The members of one walk as entries; ``walk`` begins a new one."""
    for number, member in enumerate(walk()):
        passing = _Passing(member, walk, number)
        yield entry.member(member.name, passing.open, size=member.size, packed=member.packed, costly=True)
        passing.gone = True


class _Passing:
    """Opens a member: the one that passes now, or the same one of a new walk."""

    def __init__(self, member: Member, walk: Walk, number: int) -> None:
        self._member = member
        self._walk = walk
        self._number = number
        self.gone = False
        self._taken = False

    def open(self) -> Stream:
        if not self.gone and not self._taken:
            self._taken = True
            return self._member.stream
        walk = self._walk()
        again = next(islice(walk, self._number, None), None)
        if again is None:
            raise EntryError("corrupt")
        return _Holding(again.stream, walk)


class Blocks(io.RawIOBase):
    """A stream made of an iterator's blocks of bytes; what a library raises on the way is the caller's to name."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._left = memoryview(b"")

    def readable(self) -> bool:
        """True: it is only ever read."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fills ``buffer`` in part; 0 after the last block."""
        while not self._left:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._left = memoryview(block)
        n = min(len(buffer), len(self._left))
        buffer[:n] = self._left[:n]
        self._left = self._left[n:]
        return n


class _Holding(io.RawIOBase):
    """A stream that keeps the walk it stands in alive."""

    def __init__(self, stream: Stream, walk: Iterator[Member]) -> None:
        self._stream = stream
        self._walk = walk

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer)) or b""
        buffer[: len(data)] = data
        return len(data)

    def close(self) -> None:
        close = getattr(self._walk, "close", None)
        if close is not None:
            close()
        super().close()
