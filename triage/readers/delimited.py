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
from triage.readers import Head, Job, Rows
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

READS = ("csv", "text")
KIND = "csv"
DESCRIPTION = "delimited text: any delimiter and quoting, a header or none; UTF-8, UTF-16, cp1252 and other single-byte encodings"

# A piece without proof is cut in so many parts, none smaller than this: the more parts, the more the calls to polars cost.
PARTS, SMALL = 8, 1 << 18


def segments(job: Job) -> Iterator[DelimitedSegment]:
    """The one table of a delimited entry, cut into segments in the order of the file."""
    return cut(job.entry.open(job.options.limits), job.shape, job.options.limits)


def cut(stream: Bytes, shape: Shape, limits: Limits) -> Iterator[DelimitedSegment]:
    """The segments of the table that begins where the stream begins; one without rows where there are none."""
    dialect = Dialect(shape.delimiter, shape.quote, shape.width)
    layout = Layout(dialect, kept=min(shape.width, limits.columns), reach=limits.resync_bytes)
    text = Text(stream, shape)
    cutter = Cutter(text, (shape.quote or "").encode(), limits)
    blank = cutter.skip_top(shape.preamble, Splitter(layout.dialect, layout.reach) if shape.header else None)
    top = RowCounts(header=int(shape.header), preamble=shape.preamble, blank=blank)
    head = Head(None, shape)
    first, bad = True, 0
    for piece in cutter.pieces():
        if piece.data or piece.rejected or (first and piece.last):
            yield DelimitedSegment(head, piece, layout, top if first else RowCounts(), text.bad - bad)
            first, bad = False, text.bad


@dataclass
class DelimitedSegment:
    """Whole records of a delimited table, as UTF-8; ``top`` counts the lines above them, in the first segment."""

    head: Head
    piece: Piece
    layout: Layout
    top: RowCounts
    bad: int = 0

    @property
    def nbytes(self) -> int:
        """Bytes of UTF-8."""
        return len(self.piece.data)

    def read(self) -> Rows:
        """The rows by the fast lane when it can be proved, else by repair."""
        rows = self._rows()
        rows.counts.merge(self.top)
        rows.problems["bad_bytes"] += self.bad
        return rows._replace(problems=+rows.problems)

    def _rows(self) -> Rows:
        piece, layout = self.piece, self.layout
        if not piece.data:
            counts = RowCounts(rejected=piece.rejected)
            return Rows(_empty(layout), counts, +Counter(record_too_long=piece.rejected, rows_rejected=piece.rejected))
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


def _empty(layout: Layout) -> pl.DataFrame:
    return pl.DataFrame(schema=dict.fromkeys(layout.columns, pl.String))
