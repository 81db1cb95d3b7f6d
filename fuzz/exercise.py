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
            _promised("names are printable", holds=leaf.name.isprintable())
            reader = READERS.of(shape.format) or READERS.of(shape.kind)
            if reader is not None and READERS.missing(shape.format) is None:
                taken.add(reader.__name__.removeprefix("triage."))
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
        _promised("counts are not negative", holds=min(counts.read, counts.repaired, counts.rejected) >= 0)
        _promised("rows of the frame are those counted", holds=frame.height == counts.read + counts.repaired)
        _promised("cells are text", holds=all(kind == pl.String for kind in frame.dtypes))
        named = [c for c in frame.columns if c != OVERFLOW]
        _promised("columns are c0, c1 …", holds=named == [f"c{n}" for n in range(len(named))])
        _promised("columns are named, and within the limit", holds=len(named) <= len(segment.head.names) <= options.limits.columns)
        _closed_list(rows.problems)


def _noted(shape: Shape, taken: set[str]) -> Shape:
    _note(shape, taken)
    return shape


def _note(shape: Shape, taken: set[str]) -> None:
    unpacker = UNPACKERS.of(shape.format)
    if unpacker is not None:
        taken.add(unpacker.__name__.removeprefix("triage."))


def _closed_list(codes: Iterable[str]) -> None:
    _promised("problems are of the closed list", holds=not set(codes) - set(PROBLEMS))


def _promised(promise: str, *, holds: bool) -> None:
    if not holds:
        raise BrokenPromiseError(promise)


@contextmanager
def _file(data: bytes) -> Iterator[Evidence]:
    """The bytes as an open file that has a name, because SQLite opens the name behind a descriptor."""
    with NamedTemporaryFile() as stream:
        stream.write(data)
        stream.flush()
        yield inside(stream.fileno(), "evidence", len(data))
