"""Readers: a stream of bytes to tables, a table to segments, a segment to rows.

Whatever the format, a reader yields the same three things, so that everything after it is written once.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    import polars as pl

    from triage.model import Lines
    from triage.sniff import Shape
    from triage.tally import RowCounts

OVERFLOW = "_extra"


class Rows(NamedTuple):
    r"""The rows of a segment.

    ``frame`` has (rows, width) String columns c0, c1 … with raw cells: nothing trimmed, an empty cell null, a quoted
    empty cell ``""``. Only when rows have too many fields there is a column ``_extra`` too, with the surplus joined by
    the delimiter. ``problems`` counts codes of ``problems.py``. ``plain``: no cell holds NUL, ``NULL`` or ``\N``, so
    that nobody need look for them.
    """

    frame: pl.DataFrame
    counts: RowCounts
    problems: Counter[str]
    plain: bool = False


class Bytes(Protocol):
    """What is asked of a stream: it is read front to back."""

    def read(self, size: int, /) -> bytes:
        """The next ``size`` bytes; fewer are no sign of the end (pipes), none are."""


class Segment(Protocol):
    """Whole records of one table; reading one never depends on another."""

    @property
    def index(self) -> int:
        """Its place in the table, from 0."""

    @property
    def nbytes(self) -> int:
        """Bytes of UTF-8."""

    def read(self) -> Rows:
        """The rows; safe to call in a thread of its own."""


class TableSource(Protocol):
    """One table: its segments come in the order of the file and can be taken once."""

    @property
    def name(self) -> str | None:
        """The table's name, where its format gives one."""

    @property
    def shape(self) -> Shape:
        """What sniffing found."""

    def segments(self) -> Iterator[Segment]:
        """The table cut into segments."""

    def lines(self, counts: RowCounts) -> Lines:
        """The lines that are not rows, given the counts of all segments merged."""
