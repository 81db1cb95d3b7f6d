"""Delimited text: the stream is made UTF-8, its preamble and header are dropped, the rest is cut and read.

A file may hold several tables, one below the other (``sniff.sections`` tells where): each has its own columns and verdicts, is
called ``#2``, ``#3`` …, and goes on where its header comes again.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from triage.options import Reading
from triage.readers import Head, Job
from triage.readers.cut import Cutter, Piece
from triage.readers.parse import Layout
from triage.readers.pieces import DelimitedSegment, footless
from triage.readers.transcode import Text
from triage.sniff import escapes, following, header
from triage.sniff.records import Dialect, Splitter
from triage.sniff.sections import WINDOW, Border, Effort, Look
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.limits import Limits
    from triage.readers import Bytes
    from triage.sniff import Shape
    from triage.sniff.sections import Start

READS = ("csv", "text")
KIND = "csv"
DESCRIPTION = (
    "delimited text: any delimiter and quoting, backslash escapes, a header or none, several tables in one file; UTF-8, UTF-16, cp1252 "
    "and other single-byte encodings"
)

_MOST = 100  # tables of an entry, and pieces cut again because the next table is quoted otherwise; then rows are the last table's
_SOUGHT = 8  # tables whose header is sought again
_TITLES = 4  # lines between blank ones and a header that is known
_PROOF = 40  # records that tell whether a header is one beyond doubt


def segments(job: Job) -> Iterator[DelimitedSegment]:
    """The tables of a delimited entry, cut into segments in the order of the file."""
    return cut(job.entry.open(job.options.limits), job.shape, job.options.limits, job.options.reading)


def cut(stream: Bytes, shape: Shape, limits: Limits, reading: Reading | None = None) -> Iterator[DelimitedSegment]:
    """The segments of the tables of a stream, of the first alone without ``reading``; one without rows where there are none."""
    return _Tables(stream, shape, limits, reading).segments()


@dataclass(eq=False)
class _Table:
    """One table.

    ``line``: its header as written; ``sure``: rows that equal it are headers too. ``parts``: rows that wait for more. ``top`` counts
    the lines above them.
    """

    head: Head
    layout: Layout
    border: Border
    top: RowCounts = field(default_factory=RowCounts)
    line: bytes = b""
    sure: bool = False
    parts: list[bytes] = field(default_factory=list)
    size: int = 0
    told: bool = False

    @property
    def quote(self) -> bytes:
        """The quote of its cells."""
        return (self.layout.dialect.quote or "").encode()


class _Above(NamedTuple):
    """The lines between the rows of one table and those of the next, in bytes and by kind."""

    size: int
    counts: RowCounts


class _Tables:
    """The tables of one stream, as they come."""

    def __init__(self, stream: Bytes, shape: Shape, limits: Limits, reading: Reading | None) -> None:
        self._text = Text(stream, shape)
        self._feed = _Feed(self._text)
        self._limits = limits
        self._reading = reading or Reading()
        self._several = reading is not None
        self._effort = Effort()
        self._tables: list[_Table] = []
        self._recuts = self._bad = 0
        self._table = self._added(shape)
        self._cutter = Cutter(self._feed, self._table.quote, limits)
        self._begin(shape)

    def _begin(self, shape: Shape) -> None:
        """Passes the lines above the rows of the first table."""
        head = self._cutter.peek(WINDOW)
        splitter = Splitter(self._table.layout.dialect, self._table.layout.reach) if shape.header else None
        blank = self._cutter.skip_top(shape.preamble, splitter)
        self._table.top = RowCounts(header=int(shape.header), preamble=shape.preamble, blank=blank)
        self._table.line, self._table.sure = _header_line(head, shape.preamble + blank, shape)

    def segments(self) -> Iterator[DelimitedSegment]:
        """The segments of all tables, those of a table in the order of the file."""
        pieces = self._cutter.pieces()
        while (piece := next(pieces, None)) is not None:
            before = self._cutter
            yield from self._of(piece)
            if self._cutter is not before:
                pieces = self._cutter.pieces()
        for table in self._tables:
            if table.parts or not table.told or table.top != RowCounts():
                yield self._joined(table, Piece(b"", last=True))

    # --- pieces to segments

    def _of(self, piece: Piece) -> Iterator[DelimitedSegment]:
        """The segments that a piece fills: most often it is one itself."""
        start = 0
        look = Look(piece.data, self._cutter.peek, last=piece.last)
        while (found := self._next(look, start)) is not None:
            self._keep(look.data[start : found.at], ends=True)
            if self._table.size > self._limits.segment_bytes:
                yield self._joined(self._table, piece._replace(last=False))
            start = self._turned(look, found)
        table = self._table
        if start or table.parts:
            self._keep(look.data[start:])
            if piece.suspect or piece.rejected or table.size > self._limits.segment_bytes:
                yield self._joined(table, piece)
        elif piece.data or piece.rejected:
            yield self._segment(table, piece)

    def _keep(self, data: bytes, *, ends: bool = False) -> None:
        table = self._table
        if ends:
            data, feet = footless(data)
            table.top.footer += feet
        if data:
            table.parts.append(data)
            table.size += len(data)

    def _joined(self, table: _Table, piece: Piece) -> DelimitedSegment:
        """The rows that waited, in the state of the piece with which their wait ends."""
        data = b"".join(table.parts)
        table.parts, table.size = [], 0
        return self._segment(table, piece._replace(data=data, quotes=data.count(table.quote) if table.quote else 0))

    def _segment(self, table: _Table, piece: Piece) -> DelimitedSegment:
        segment = DelimitedSegment(table.head, piece, table.layout, table.top, self._text.bad - self._bad)
        table.top, table.told, self._bad = RowCounts(), True, self._text.bad
        return segment

    # --- from one table to the next

    def _next(self, look: Look, start: int) -> Start | None:
        """Where another table begins in a piece, or one that was there before."""
        if not self._several or start >= len(look.data) or self._recuts >= _MOST:
            return None
        border = self._table.border
        again = border.again(look.data, start, [t.line for t in self._tables if t.sure][:_SOUGHT])
        if len(self._tables) >= _MOST:
            return again
        known = frozenset(t.line.decode("utf-8", "replace").rstrip("\r") for t in self._tables if t.line)
        return border.find(look, start, again.at if again else len(look.data), known) or again

    def _turned(self, look: Look, found: Start) -> int:
        """Turns to the table that begins in a piece; returns where its rows do, or the end where the rest is cut again."""
        before = self._table
        self._table, above = (None if found.delimiter else self._known(look, found.at)) or self._new(look, found)
        self._table.top.merge(above.counts)
        start = found.at + above.size
        if self._table.quote == before.quote and start <= len(look.data):
            return start
        self._recuts += 1
        self._feed.give_back((look.data[found.at :] + self._cutter.rest())[above.size :])
        self._cutter = Cutter(self._feed, self._table.quote, self._limits)
        return len(look.data)

    def _known(self, look: Look, at: int) -> tuple[_Table, _Above] | None:
        """The table of before whose header stands next, below blank lines and a title or two."""
        lines = {t.line: t for t in self._tables if t.line}
        size, titles, counts = 0, 0, RowCounts(header=1)
        for line in islice(_lines(look.window(at)[0]), _TITLES * _TITLES):
            size += len(line)
            if (table := lines.get(line.removesuffix(b"\n"))) is not None:
                return table, _Above(size, counts)
            counts.blank += not line.strip()
            counts.preamble += bool(line.strip())
            titles += not self._table.border.blank(line)
            if titles > _TITLES:
                break
        return None

    def _new(self, look: Look, found: Start) -> tuple[_Table, _Above]:
        """The table that begins here for the first time."""
        window, whole = look.window(found.at)
        reading = replace(self._reading, delimiter=found.delimiter or self._reading.delimiter, header=found.header)
        if found.delimiter == self._table.layout.dialect.delimiter and self._table.head.shape.quote:
            reading = replace(reading, quote=self._table.head.shape.quote)
        shape = following(window.decode("utf-8", "replace"), self._tables[0].head.shape, reading, self._limits, whole=whole)
        table = self._added(shape)
        lines = list(_lines(window))
        above = shape.preamble
        while above < len(lines) and table.border.blank(lines[above]):
            above += 1
        table.line, table.sure = _header_line(window, above, shape)
        counts = RowCounts(header=int(shape.header), blank=sum(not line.strip() for line in lines[:above]))
        counts.preamble = above - counts.blank
        if shape.header:
            below = b"".join(lines[above:]).decode("utf-8", "replace")
            above += below.count("\n", 0, Splitter(table.layout.dialect).record(below, 0).end)
        return table, _Above(len(b"".join(lines[:above])), counts)

    def _added(self, shape: Shape) -> _Table:
        quote = shape.quote or (escapes.QUOTE if shape.escaped else None)
        dialect = Dialect(shape.delimiter, quote, shape.width)
        layout = Layout(dialect, kept=min(shape.width, self._limits.columns), reach=self._limits.resync_bytes)
        names = shape.names if shape.header else ()
        border = Border(dialect, names, self._reading, self._effort, tabular=shape.kind == "csv")
        number = len(self._tables)
        table = _Table(Head(f"#{number + 1}" if number else None, shape, number=number), layout, border)
        self._tables.append(table)
        return table


def _lines(data: bytes) -> Iterator[bytes]:
    """The lines with their ends."""
    start = 0
    while start < len(data):
        end = data.find(b"\n", start) + 1 or len(data)
        yield data[start:end]
        start = end


def _header_line(data: bytes, above: int, shape: Shape) -> tuple[bytes, bool]:
    """The header behind so many lines as it is written, and whether it is one beyond doubt; nothing of a list: that repeats itself."""
    lines = list(islice(_lines(data), above, above + _PROOF))
    quote = (shape.quote or "").encode()
    if not shape.header or shape.width < 2 or not lines or (quote and lines[0].count(quote) % 2):  # noqa: PLR2004 - a list
        return b"", False
    text = b"".join(lines).decode("utf-8", "replace")
    records = [r for r in Splitter(Dialect(shape.delimiter, shape.quote, shape.width)).records(text) if r.cells]
    return lines[0].removesuffix(b"\n"), header.proves(records)


class _Feed:
    """A stream that takes back what was read too far."""

    def __init__(self, source: Bytes) -> None:
        self._source = source
        self._back = io.BytesIO()

    def read(self, size: int) -> bytes:
        """The next bytes."""
        return self._back.read(size) or self._source.read(size)

    def give_back(self, data: bytes) -> None:
        """Puts bytes before what comes next."""
        self._back = io.BytesIO(data + self._back.read())
