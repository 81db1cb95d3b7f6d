"""``--sample N``: some rows of each table, spread over it where its size is known, and what they say of the whole.

Segments are passed by without being parsed, which costs little more than reading. Nothing is drawn by chance: the same
evidence gives the same rows.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from triage import model
from triage.intervals import Z

if TYPE_CHECKING:
    from triage.readers import Head, Rows, Segment

# So many segments are looked into.
_LOOKS = 16


@dataclass
class Drawn:
    """What was looked at of one table: bytes of all its segments, and of each segment looked into its bytes and rows."""

    nbytes: int = 0
    looked: list[tuple[int, int]] = field(default_factory=list)

    def merge(self, other: Drawn) -> None:
        """Adds what was looked at of a further part."""
        self.nbytes += other.nbytes
        self.looked += other.looked

    def rows(self) -> model.Estimate | None:
        """Rows of the table by the bytes of a row, with the 95 % interval that its variation between segments gives."""
        seen, rows = sum(b for b, _ in self.looked), sum(n for _, n in self.looked)
        if not seen or not rows:
            return None
        whole = self.nbytes / seen
        odd = sum((n - rows / seen * b) ** 2 for b, n in sorted(self.looked)) / max(1, len(self.looked) - 1)
        width = Z * whole * math.sqrt(odd * len(self.looked) * max(0.0, 1 - 1 / whole))
        middle = rows * whole
        return model.Estimate(estimate=round(middle), low=max(rows, math.floor(middle - width)), high=math.ceil(middle + width))


@dataclass(frozen=True)
class Some:
    """A segment of which so many rows are read."""

    segment: Segment
    most: int
    drawn: Drawn

    @property
    def head(self) -> Head:
        """The table it belongs to."""
        return self.segment.head

    @property
    def nbytes(self) -> int:
        """As the segment's."""
        return self.segment.nbytes

    def read(self) -> Rows:
        """Rows spread evenly over the segment, in its order; how many there were is noted."""
        rows = self.segment.read()
        height = rows.frame.height
        self.drawn.looked.append((self.segment.nbytes, height))
        if height > self.most:
            kept = rows.frame.gather_every(height // self.most).head(self.most)
            rows.counts.read, rows.counts.repaired = kept.height, 0
            rows = rows._replace(frame=kept)
        return rows


@dataclass
class Sampler:
    """Chooses segments of the tables of one entry; ``size`` are the bytes of the entry, where they are known."""

    rows: int
    size: int | None
    segment_bytes: int
    tables: dict[tuple[str | None, int], Drawn] = field(default_factory=dict)
    _met: dict[tuple[str | None, int], int] = field(default_factory=dict)

    def choose(self, segment: Segment) -> Segment | None:
        """The segment to be read in part, None where it is passed by."""
        key = segment.head.key
        n = self._met[key] = self._met.get(key, 0) + 1
        drawn = self.tables.setdefault(key, Drawn())
        drawn.nbytes += segment.nbytes
        number = 1 if self.size is None else max(1, math.ceil(self.size / self.segment_bytes))
        stride = max(1, number // _LOOKS)
        looks = math.ceil(number / stride)
        if (n - 1) % stride or (self.size is None and n > 1):
            return None
        return Some(segment, max(1, self.rows // looks), drawn)
