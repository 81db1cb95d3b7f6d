"""Fixed width: lines whose cells stand one below the other, padded with blanks."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from triage.readers import Head, Job, Rows
from triage.readers.cut import Cutter, Piece
from triage.readers.transcode import Text
from triage.sniff.fixed import RULER, cells
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

READS = ("fixed",)
KIND = "fixed"
DESCRIPTION = "fixed width: text whose columns stand one below the other"


def segments(job: Job) -> Iterator[FixedSegment]:
    """The one table of an entry."""
    limits, shape = job.options.limits, job.shape
    text = Text(job.entry.open(limits), shape)
    head, first = Head(None, shape), True
    for piece in Cutter(text, b"", limits).pieces():
        if piece.data or piece.rejected or first:
            yield FixedSegment(head, piece, header=first and shape.header)
            first = False
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad


@dataclass
class FixedSegment:
    """Whole lines; the first one that is not blank is the ``header`` where there is one."""

    head: Head
    piece: Piece
    header: bool

    @property
    def nbytes(self) -> int:
        """Bytes of UTF-8."""
        return len(self.piece.data)

    def read(self) -> Rows:
        """The rows; a ruler below the header is no row."""
        piece, starts = self.piece, self.head.shape.starts
        lines = piece.data.decode("utf-8", "replace").split("\n")
        if not lines[-1]:
            lines.pop()
        rows = [cells(line, starts) for line in lines if line.strip() and not RULER.fullmatch(line.rstrip())]
        blank = len(lines) - len(rows)
        header = self.header and bool(rows)
        kept = rows[int(header) :]
        frame = pl.DataFrame(kept, schema={f"c{i}": pl.String for i in range(len(starts))}, orient="row")
        counts = RowCounts(read=len(kept), rejected=piece.rejected, header=int(header), blank=blank)
        return Rows(frame, counts, +Counter(record_too_long=piece.rejected, rows_rejected=piece.rejected))
