"""Whatever the bytes: they are opened and read to their end as a worker does it, and every promise of a reader is checked.

The same walk as ``triage.worker``, less the judging of cells: sniff, unpack, read. What a worker would turn into
``crashed`` is raised here, because that code is for what nobody foresaw.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from tempfile import NamedTemporaryFile

import polars as pl

from triage import evidence
from triage.entry import Entry
from triage.evidence import Evidence
from triage.examine import inside
from triage.options import Options
from triage.problems import PROBLEMS
from triage.readers import OVERFLOW, READERS, Job, Segment
from triage.sniff import Shape
from triage.unpack import UNPACKERS, leaves, looked_at

Errors = (Exception, pl.exceptions.PanicException)


class BrokenPromiseError(AssertionError):
    """A reader or an unpacker gave what the rest of the command does not expect; the text names the promise alone."""


def targets() -> dict[str, str]:
    """Every reader and every unpacker, by the name of its module, with the formats it reads: a new one is there by itself."""
    return {
        f"{package}.{name}": " ".join(module.READS)
        for package, plugins in (("readers", READERS), ("unpack", UNPACKERS))
        for name, module in plugins.modules.items()
    }


def exercise(data: bytes, options: Options | None = None) -> frozenset[str]:
    """Reads all of it; gives the names of the targets that took part.

    Raises:
        Exception: what a reader or an unpacker let through, or ``BrokenPromiseError``.
    """
    options = options or Options()
    taken: set[str] = set()
    with _file(data) as item:
        entry = Entry(item.path, lambda: evidence.Stream(item), random=lambda: evidence.Seekable(item), size=len(data))
        for leaf, shape in leaves(entry, _noted(looked_at(entry, options), taken), options):
            _require(leaf.name.isprintable(), "names are printable")
            reader = READERS.of(shape.format) or READERS.of(shape.kind)
            if reader is not None and READERS.missing(shape.format) is None:
                taken.add(str(reader.__name__).removeprefix("triage."))  # type: ignore[attr-defined] # a module is the reader
                _read(_until_broken(reader.segments(Job(leaf, shape, options)), leaf), options)
            _note(shape, taken)
            _closed_list(leaf.problems)
    return frozenset(taken)


def _until_broken(segments: Iterable[Segment], leaf: Entry) -> Iterator[Segment]:
    from triage.entry import EntryError

    try:
        yield from segments
    except EntryError as error:
        leaf.problems[error.code] += 1


def _read(segments: Iterable[Segment], options: Options) -> None:
    for segment in segments:
        rows = segment.read()
        counts, frame = rows.counts, rows.frame
        _require(min(counts.read, counts.repaired, counts.rejected) >= 0, "counts are not negative")
        _require(frame.height == counts.read + counts.repaired, "rows of the frame are those counted")
        _require(all(kind == pl.String for kind in frame.dtypes), "cells are text")
        named = [c for c in frame.columns if c != OVERFLOW]
        _require(named == [f"c{n}" for n in range(len(named))], "columns are c0, c1 …")
        _require(len(named) <= len(segment.head.names) <= options.limits.columns, "columns are named, and within the limit")
        _closed_list(rows.problems)


def _noted(shape: Shape, taken: set[str]) -> Shape:
    _note(shape, taken)
    return shape


def _note(shape: Shape, taken: set[str]) -> None:
    unpacker = UNPACKERS.of(shape.format)
    if unpacker is not None:
        taken.add(str(unpacker.__name__).removeprefix("triage."))  # type: ignore[attr-defined] # as above


def _closed_list(codes: Iterable[str]) -> None:
    _require(not set(codes) - set(PROBLEMS), "problems are of the closed list")


def _require(holds: bool, promise: str) -> None:  # noqa: FBT001 - reads like assert
    if not holds:
        raise BrokenPromiseError(promise)


@contextmanager
def _file(data: bytes) -> Iterator[Evidence]:
    """The bytes as an open file that has a name, because SQLite opens the name behind a descriptor."""
    with NamedTemporaryFile() as stream:
        stream.write(data)
        stream.flush()
        yield inside(stream.fileno(), "evidence", len(data))
