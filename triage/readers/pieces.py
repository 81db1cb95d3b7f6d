"""A segment of delimited text: whole records as bytes, read by the fast lane where it can be proved, else by repair.

Law 1 holds for each segment by itself: every record of its bytes is read, repaired or rejected, and counted as such.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import polars as pl

from triage.limits import Limits
from triage.readers import Rows
from triage.readers.cut import Cutter
from triage.readers.parse import proved
from triage.readers.repair import repair, without_feet
from triage.sniff import escapes
from triage.tally import RowCounts

if TYPE_CHECKING:
    from triage.readers import Head
    from triage.readers.cut import Piece
    from triage.readers.parse import Layout

# A piece without proof is cut in so many parts, none smaller than this: the more parts, the more the calls to polars cost.
PARTS, SMALL = 8, 1 << 18
_FOOT = 1 << 10


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
        frame = _unescaped(piece, layout) if frame is None else frame
        if frame is not None:
            return Rows(frame, RowCounts(read=frame.height), Counter())
        rows = _repaired(piece, layout)
        rows.problems.update(segment_repaired=1, rows_short=rows.counts.short, rows_long=rows.counts.long)
        return rows


def footless(data: bytes) -> tuple[bytes, int]:
    """The rows before the lines that a client writes under a result, and how many those are."""
    tail = data[-_FOOT:]
    kept, feet = without_feet(tail.decode("utf-8", "surrogateescape"))
    return data[: len(data) - len(tail) + len(kept.encode("utf-8", "surrogateescape"))] if feet else data, feet


def _unescaped(piece: Piece, layout: Layout) -> pl.DataFrame | None:
    """The rows of a piece far down a file in which a backslash protects a quote for the first time, when that proves to be so."""
    quote = (layout.dialect.quote or "").encode()
    if not quote or b"\\" + quote not in piece.data:
        return None
    data = escapes.doubled(piece.data, quote)
    return proved(data, layout, data.count(quote))


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
