"""Fixed width: lines whose cells stand one below the other, padded with blanks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from triage.readers import Job, Rows, whole_lines
from triage.sniff.fixed import RULER, cells
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

READS = ("fixed",)
KIND = "fixed"
DESCRIPTION = "fixed width: text whose columns stand one below the other"


def segments(job: Job) -> Iterator[FixedSegment]:
    """The one table of an entry."""
    return whole_lines.segments(job, job.shape, FixedSegment)


class FixedSegment(whole_lines.LineSegment):
    """Whole lines; the first one that is not blank is the header, where there is one."""

    def read(self) -> Rows:
        """The rows; a ruler below the header is no row."""
        piece, starts = self.piece, self.head.shape.starts
        lines = piece.data.decode("utf-8", "replace").split("\n")
        if not lines[-1]:
            lines.pop()
        rows = [cells(line, starts) for line in lines if line.strip() and not RULER.fullmatch(line.rstrip())]
        blank = len(lines) - len(rows)
        header = self.first and self.head.shape.header and bool(rows)
        kept = rows[int(header) :]
        frame = pl.DataFrame(kept, schema={f"c{i}": pl.String for i in range(len(starts))}, orient="row")
        counts = RowCounts(read=len(kept), rejected=piece.rejected, header=int(header), blank=blank)
        return Rows(frame, counts, +self.rejected)
