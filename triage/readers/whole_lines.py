"""Text whose rows are lines: one table, cut at line ends into segments that their format reads."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

from triage.readers import Head
from triage.readers.cut import Cutter, Piece
from triage.readers.transcode import Text

if TYPE_CHECKING:
    from triage.readers import Job
    from triage.sniff import Shape


@dataclass
class LineSegment:
    """Whole lines of a table, as UTF-8; ``first``: those that the table begins with."""

    head: Head
    piece: Piece
    first: bool

    @property
    def nbytes(self) -> int:
        """Bytes of UTF-8."""
        return len(self.piece.data)

    @property
    def rejected(self) -> Counter[str]:
        """Problems of lines above the limit of a record, which nothing could hold."""
        return Counter(record_too_long=self.piece.rejected, rows_rejected=self.piece.rejected)


Made = TypeVar("Made", bound=LineSegment)


def segments(job: Job, shape: Shape, make: Callable[[Head, Piece, bool], Made]) -> Iterator[Made]:
    """The segments of the one table of an entry; one without rows where there are none."""
    limits = job.options.limits
    text = Text(job.entry.open(limits), shape)
    head, first = Head(None, shape), True
    for piece in Cutter(text, b"", limits).pieces():
        if piece.data or piece.rejected or first:
            yield make(head, piece, first)
            first = False
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad
