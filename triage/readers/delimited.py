"""Delimited text: the stream is made UTF-8, its preamble and header are dropped, the rest is cut and read.

Law 1 holds for each segment by itself: every record of its bytes is read, repaired or rejected, and counted as such.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from triage.limits import Limits
from triage.model import Lines
from triage.readers import Rows
from triage.readers.cut import Cutter, Piece
from triage.readers.parse import Layout, proved
from triage.readers.repair import repair
from triage.readers.transcode import Text
from triage.sniff.records import Dialect, Splitter
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Bytes
    from triage.sniff import Shape

# A piece without proof is cut in so many parts, none smaller than this: the more parts, the more the calls to polars cost.
PARTS, SMALL = 8, 1 << 18


def open_tables(stream: Bytes, shape: Shape, limits: Limits) -> Iterator[DelimitedTable]:
    """The one table of a delimited stream that stands at its beginning."""
    yield DelimitedTable(stream, shape, limits)


# The bytes of cells that say "nothing" without being empty (CONTRACT §2, `filled`).
_MARKS = (b"\x00", b"NULL", rb"\N")


@dataclass
class DelimitedSegment:
    """Whole records of a delimited table, as UTF-8."""

    index: int
    piece: Piece
    layout: Layout
    bad: int = 0

    @property
    def nbytes(self) -> int:
        """Bytes of UTF-8."""
        return len(self.piece.data)

    def read(self) -> Rows:
        """The rows by the fast lane when it can be proved, else by repair."""
        rows = self._rows()
        rows.problems["bad_bytes"] += self.bad
        data = self.piece.data
        return rows._replace(problems=+rows.problems, plain=not any(mark in data for mark in _MARKS))

    def _rows(self) -> Rows:
        piece, layout = self.piece, self.layout
        if not piece.data:
            counts = RowCounts(rejected=piece.rejected)
            return Rows(_empty(layout), counts, Counter(record_too_long=piece.rejected, rows_rejected=piece.rejected))
        frame = None if piece.suspect else proved(piece.data, layout, piece.quotes)
        if frame is not None:
            return Rows(frame, RowCounts(read=frame.height), Counter())
        rows = _repaired(piece, layout)
        rows.problems.update(segment_repaired=1, rows_short=rows.counts.short, rows_long=rows.counts.long)
        return rows


def _repaired(piece: Piece, layout: Layout) -> Rows:
    """The rows of a piece without proof: with quotes it is cut again, so that only the parts around the damage are slow."""
    if not piece.quotes:
        return repair(piece.data, layout, last=piece.last)
    quote = (layout.dialect.quote or "").encode()
    limits = Limits(segment_bytes=max(SMALL, len(piece.data) // PARTS), record_bytes=len(piece.data), resync_bytes=layout.reach)
    frames, counts, problems = [], RowCounts(), Counter[str]()
    for part in Cutter(io.BytesIO(piece.data), quote, limits).pieces():
        if not part.data:
            continue
        frame = None if part.suspect else proved(part.data, layout, part.quotes)
        if frame is None:
            rows = repair(part.data, layout, last=part.last and piece.last)
            counts.merge(rows.counts)
            problems += rows.problems
            frames.append(rows.frame)
        else:
            counts.read += frame.height
            frames.append(frame)
    return Rows(pl.concat(frames, how="diagonal"), counts, problems)


class DelimitedTable:
    """The table of a delimited stream."""

    name: str | None = None

    def __init__(self, stream: Bytes, shape: Shape, limits: Limits) -> None:
        self.shape = shape
        self._stream = stream
        self._limits = limits
        self._blank = 0
        dialect = Dialect(shape.delimiter, shape.quote, shape.width)
        self._layout = Layout(dialect, kept=min(shape.width, limits.columns), reach=limits.resync_bytes)

    def segments(self) -> Iterator[DelimitedSegment]:
        """The table cut into segments, in the order of the file."""
        shape, layout = self.shape, self._layout
        text = Text(self._stream, shape)
        cutter = Cutter(text, (shape.quote or "").encode(), self._limits)
        self._blank = cutter.skip_top(shape.preamble, Splitter(layout.dialect, layout.reach) if shape.header else None)
        index = bad = 0
        for piece in cutter.pieces():
            if piece.data or piece.rejected:
                yield DelimitedSegment(index, piece, layout, text.bad - bad)
                index, bad = index + 1, text.bad

    def lines(self, counts: RowCounts) -> Lines:
        """The lines that are not rows, given the counts of all segments merged."""
        return Lines(header=int(self.shape.header), preamble=self.shape.preamble, blank=self._blank + counts.blank, footer=counts.footer)


def _empty(layout: Layout) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(layout.columns, pl.String))
