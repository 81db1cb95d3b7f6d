"""Tables drawn with lines: what clients of databases print, and what people paste."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from triage.readers import Head, Job, Made, grid
from triage.readers.cut import Cutter
from triage.readers.transcode import Text
from triage.sniff import drawn
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

READS = (drawn.FORMAT,)
KIND = drawn.FORMAT
DESCRIPTION = "tables drawn with lines: what mysql and psql print, Markdown"

Cells = list[str | None]


def segments(job: Job) -> Iterator[Made]:
    """The tables, one below the other; rows under the same names are of one table."""
    text = Text(job.entry.open(job.options.limits), job.shape)
    rejected = RowCounts()
    source = drawn.read(_lines(job, text, rejected))
    heads: dict[tuple[str, ...], Head] = {}
    top = RowCounts()
    for line in source:
        if line.names is None:
            top.preamble += 1
            continue
        names: list[str] | None = line.names
        while names is not None:
            head = heads.setdefault(tuple(names), _head(job, names, len(heads)))
            top.header += 1
            rows = _Rows(source)
            yield from grid.table(job, head, rows, top)
            top, names = RowCounts(footer=rows.others), rows.names
    if heads and (rejected.rejected or top != RowCounts()):
        top.merge(rejected)
        yield from grid.table(job, next(reversed(heads.values())), [], top)
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad


class _Rows:
    """The rows of one table; ``names`` of the next, where one follows at once, ``others``: lines that are no rows."""

    def __init__(self, source: Iterator[drawn.Line]) -> None:
        self._source = source
        self.names: list[str] | None = None
        self.others = 0

    def __iter__(self) -> Iterator[Cells]:
        for line in self._source:
            if line.names is not None:
                self.names = line.names
                return
            if line.cells is None:
                self.others += 1
            else:
                yield line.cells


def _head(job: Job, names: list[str], number: int) -> Head:
    shape = msgspec.structs.replace(job.shape, kind=KIND, header=True, names=tuple(names), width=len(names))
    return Head(f"#{number + 1}" if number else None, shape, number=number)


def _lines(job: Job, text: Text, rejected: RowCounts) -> Iterator[str]:
    for piece in Cutter(text, b"", job.options.limits).pieces():
        rejected.rejected += piece.rejected
        yield from piece.data.decode("utf-8", "replace").removesuffix("\n").split("\n")
