"""Readers: an entry to tables, a table to segments, a segment to rows.

One format a file, found by walking this package. A module states

- ``READS``: the formats of ``sniff`` it reads;
- ``KIND``: the kind of its tables in impact.json, and ``DESCRIPTION``, one line for ``triage formats``;
- ``NEEDS`` and ``EXTRA``: modules beyond the core's and the extra that brings them (both may be left out);
- ``segments(job)``: the segments of all tables of an entry, in the order of the file.

Whatever the format, everything after a reader is written once: it sees tables, segments and rows.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from triage.plugins import Plugins

if TYPE_CHECKING:
    import polars as pl

    from triage.entry import Entry
    from triage.options import Options
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


@dataclass(eq=False)
class Head:
    """What is known of one table of an entry: the same object for all its segments.

    ``name`` is null for delimited and plain text; the sheet, the SQL table or the JSON path of the collection for
    others. ``names`` are the raw names of its columns, ``""`` without a header; a format without a schema (JSON) may
    append more as it goes. ``parent`` is the name of the table whose rows hold these. ``number`` tells tables of one
    name in one entry apart (two tables in one delimited file), from 0. ``open_ended``: another part of the table may have
    other columns, so that parts are told by the name of the collection, not by their columns. Children of a collection that has no
    name have ``""`` as their parent.
    """

    name: str | None
    shape: Shape
    names: list[str] = field(default_factory=list)
    parent: str | None = None
    number: int = 0
    open_ended: bool = False

    def __post_init__(self) -> None:
        self.names = self.names or list(self.shape.names)

    @property
    def key(self) -> tuple[str | None, int]:
        """What tells the table within its entry."""
        return self.name, self.number


class Segment(Protocol):
    """Whole records of one table; reading one never depends on another.

    A table without any row is one segment without rows.
    """

    @property
    def head(self) -> Head:
        """The table it belongs to."""

    @property
    def nbytes(self) -> int:
        """Bytes of evidence it stands for, about: the unit of progress."""

    def read(self) -> Rows:
        """The rows; safe to call in a thread of its own."""


@dataclass(frozen=True)
class Made:
    """A segment whose rows are there already: what most readers give."""

    head: Head
    rows: Rows
    nbytes: int

    def read(self) -> Rows:
        """The rows."""
        return self.rows


@dataclass(frozen=True)
class Job:
    """What a reader is given: an entry, what sniffing says of it, what the user asks.

    ``known``: the columns of the same collection in an earlier file of the folder, by kind and name of the table, so that a
    format without a schema puts them in the same order; empty where there was none.
    """

    entry: Entry
    shape: Shape
    options: Options
    known: Callable[[str, str | None], tuple[str, ...]] = lambda _kind, _name: ()


class Reader(Protocol):
    """What a module of this package states."""

    __name__: str
    READS: tuple[str, ...]
    KIND: str
    DESCRIPTION: str

    def segments(self, job: Job) -> Iterator[Segment]:
        """The segments of all tables, in the order of the file; raises EntryError where it cannot go on."""
        ...


READERS: Plugins[Reader] = Plugins(__name__)
