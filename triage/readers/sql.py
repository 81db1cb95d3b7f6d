"""SQL dumps: one table a table of the dump, in the order of their first rows; nothing is executed.

CREATE TABLE gives the columns and their order; an INSERT or COPY that lists columns fills those. Rows of one table are
gathered over its statements until they are worth a segment, because many dumps write a row a statement, or take turns.
"""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage.readers import Head, Job, Made, Rows, sql_tuples, sql_words
from triage.readers.parse import Layout as LinesLayout
from triage.readers.parse import proved
from triage.readers.repair import repair
from triage.readers.sql_stream import Create, Lines, Scanner, Tuples, Unescaped
from triage.readers.transcode import Text
from triage.sniff import Shape
from triage.sniff.records import Dialect
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.limits import Limits
    from triage.readers import Bytes, Segment

READS = ("sql",)
KIND = "sql"
DESCRIPTION = "SQL dumps as tables: mysqldump, mariadb-dump, phpMyAdmin, pg_dump (plain), SQLite .dump, SQL Server scripts; never executed"

# Tables whose rows wait to be worth a segment hold no more than so many segments together.
WAITING = 2


def segments(job: Job) -> Iterator[Segment]:
    """The rows of all tables; tables without rows come last."""
    limits = job.options.limits
    head = job.entry.head(limits.head_bytes, limits)
    manner = sql_words.manner(Text(io.BytesIO(head), job.shape).read(len(head)))
    text = Text(job.entry.open(limits), job.shape)
    stream: Bytes = Unescaped(text, manner.quote) if manner.backslash else text
    dump = _Dump(job.shape, manner.quote, limits)
    for statement in Scanner(stream, manner, limits).statements():
        yield from dump.take(statement)
    yield from dump.rest()
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad


@dataclass
class _Table:
    """What is known of a table, of ``most`` columns at the most; ``places``: where the columns of each list go."""

    head: Head
    most: int
    waiting: dict[tuple[tuple[str, ...], bytes], list[bytes]] = field(default_factory=dict)
    size: int = 0
    seen: bool = False
    wide: bool = False

    def places(self, columns: tuple[str, ...], width: int) -> list[int | None]:
        """The column of each value, None beyond the limit; names and columns that were not known yet are added."""
        names = self.head.names
        if not columns:
            self.wide |= width > self.most
            names.extend([""] * (min(width, self.most) - len(names)))
            return [*range(min(width, self.most))]
        known: dict[str, list[int]] = {}
        for n, name in enumerate(names):
            known.setdefault(name.lower(), []).append(n)
        places: list[int | None] = []
        for name in columns:
            there = known.setdefault(name.lower(), [])
            if not there and len(names) < self.most:
                there.append(len(names))
                names.append(name)
            places.append(there.pop(0) if there else None)  # a name that is said twice is two columns
        self.wide |= None in places
        return places

    def problems(self) -> Counter[str]:
        """What a segment has to say of the table, once."""
        wide, self.wide = self.wide, False
        return Counter({"too_many_columns": 1} if wide else {})


class _Dump:
    """The tables of a dump as its statements come."""

    def __init__(self, shape: Shape, quote: bytes, limits: Limits) -> None:
        self._shape = shape
        self._quote = quote
        self._limits = limits
        self._tables: dict[str, _Table] = {}
        self._numbers: Counter[str] = Counter()

    def take(self, statement: Create | Tuples | Lines) -> Iterator[Segment]:
        """Takes a statement; gives the segments that are ready."""
        if isinstance(statement, Create):
            yield from self._create(statement)
            return
        table = self._tables.get(statement.name) or self._add(statement.name, statement.columns)
        table.seen = True
        if isinstance(statement, Lines):
            yield self._lines(table, statement)
        elif statement.suspect or statement.rejected:
            yield from self._flushed(table)
            yield self._tuples(table, statement.columns, statement.head, [statement.body], statement)
        else:
            if table.size + len(statement.body) > self._limits.segment_bytes:
                yield from self._flushed(table)
            table.waiting.setdefault((statement.columns, statement.head), []).append(statement.body)
            table.size += len(statement.body)
            yield from self._full(table)

    def _full(self, table: _Table) -> Iterator[Segment]:
        """The rows of the table where they are worth a segment; those of all where they hold too much memory."""
        size = self._limits.segment_bytes
        if table.size * 2 >= size:  # a piece a little short of one must not wait for another
            yield from self._flushed(table)
        elif sum(t.size for t in self._tables.values()) >= WAITING * size:
            for other in self._tables.values():
                yield from self._flushed(other)

    def rest(self) -> Iterator[Segment]:
        """What is left at the end of the dump."""
        for table in self._tables.values():
            yield from self._flushed(table)
        for table in self._tables.values():
            if not table.seen and table.head.names:
                yield Made(table.head, Rows(_none(table.head), RowCounts(), Counter()), 0)

    def _create(self, made: Create) -> Iterator[Segment]:
        """A table anew; a second one of the same name (another database of the dump) is another table once the first has rows."""
        before = self._tables.get(made.name)
        if before is not None and before.seen:
            if tuple(before.head.names) == made.columns:
                return
            yield from self._flushed(before)
        self._add(made.name, made.columns, again=before is not None and before.seen)

    def _add(self, name: str, columns: tuple[str, ...], *, again: bool = False) -> _Table:
        self._numbers[name] += again
        shape = msgspec.structs.replace(
            self._shape, kind=KIND, header=bool(columns), names=columns, width=len(columns), quote=None, problems=()
        )
        most = self._limits.columns
        head = Head(name, shape, list(columns[:most]), number=self._numbers[name])
        table = self._tables[name] = _Table(head, most, wide=len(columns) > most)
        return table

    def _flushed(self, table: _Table) -> Iterator[Segment]:
        waiting, table.waiting, table.size = table.waiting, {}, 0
        for (columns, head), bodies in waiting.items():
            yield self._tuples(table, columns, head, bodies, None)

    def _tuples(self, table: _Table, columns: tuple[str, ...], head: bytes, bodies: list[bytes], odd: Tuples | None) -> Segment:
        body = bodies[0] if len(bodies) == 1 else b"),(".join([bodies[0][:-1], *(b[1:-1] for b in bodies[1:-1]), bodies[-1][1:]])
        width = len(columns) or sql_tuples.width(body)
        places = table.places(columns, width)
        layout = sql_tuples.Layout(width, min(width, self._limits.columns), head, self._quote)
        return TuplesSegment(table.head, body, layout, places, table.problems(), odd)

    def _lines(self, table: _Table, lines: Lines) -> Segment:
        options = lines.options.upper()
        delimiter, quote = (",", '"') if b"CSV" in options else ("\t", None)
        width = len(lines.columns) or lines.body.split(b"\n", 1)[0].count(delimiter.encode()) + 1
        layout = LinesLayout(Dialect(delimiter, quote, width), min(width, self._limits.columns), self._limits.resync_bytes)
        places = table.places(lines.columns, width)
        return LinesSegment(table.head, lines.body, layout, places, table.problems(), ended=lines.ended)


@dataclass
class TuplesSegment:
    """Rows of INSERT."""

    head: Head
    body: bytes
    layout: sql_tuples.Layout
    places: list[int | None]
    said: Counter[str]
    odd: Tuples | None

    @property
    def nbytes(self) -> int:
        """Bytes of UTF-8."""
        return len(self.body)

    def read(self) -> Rows:
        """The rows."""
        odd = self.odd
        if not self.body:
            rows = Rows(pl.DataFrame(schema=dict.fromkeys(self.layout.columns, pl.String)), RowCounts(), Counter())
        else:
            rows = sql_tuples.read(self.body, self.layout, suspect=odd is not None and odd.suspect, last=odd is not None and not odd.ended)
        if odd is not None and odd.rejected:
            rows.counts.rejected += odd.rejected
            rows.problems.update(record_too_long=odd.rejected, rows_rejected=odd.rejected)
        return rows._replace(
            frame=_placed(rows.frame, self.places),
            problems=rows.problems + self.said,
            plain=not any(mark in self.body for mark in (b"\x00", b"NULL", b"\\N")),
        )


@dataclass
class LinesSegment:
    """Lines of COPY: tab-delimited, with backslashes for what cells may not hold."""

    head: Head
    body: bytes
    layout: LinesLayout
    places: list[int | None]
    said: Counter[str]
    ended: bool

    @property
    def nbytes(self) -> int:
        """Bytes of UTF-8."""
        return len(self.body)

    def read(self) -> Rows:
        """The rows by the fast lane of delimited text when it can be proved, else by its repair."""
        body, layout = self.body, self.layout
        if not body:
            return Rows(_none(self.head), RowCounts(), self.said)
        quote = layout.dialect.quote
        frame = proved(body, layout, body.count(b'"') if quote else 0)
        if frame is not None:
            rows = Rows(frame, RowCounts(read=frame.height), Counter())
        else:
            rows = repair(body, layout, last=not self.ended)
            rows.problems.update(rows_short=rows.counts.short, rows_long=rows.counts.long, segment_repaired=1)
        if not self.ended:
            rows.problems["truncated"] = 1
        frame = _unescaped(rows.frame) if b"\\" in body and not quote else rows.frame
        return rows._replace(frame=_placed(frame, self.places), problems=rows.problems + self.said)


_MARK = "\x1d"
_ESCAPES = (("\\\\", _MARK), ("\\t", "\t"), ("\\n", "\n"), ("\\r", "\r"), ("\\b", "\b"), ("\\f", "\f"), ("\\v", "\v"), (_MARK, "\\"))


def _unescaped(frame: pl.DataFrame) -> pl.DataFrame:
    r"""The cells as they were before COPY wrote them; ``\\N`` is null."""
    frame = frame.with_columns(pl.when(pl.all() != "\\N").then(pl.all()))
    held = [c for c in frame.columns if frame[c].str.contains("\\", literal=True).any()]
    cells = pl.col(held)
    for written, meant in _ESCAPES:
        cells = cells.str.replace_all(written, meant, literal=True)
    return frame.with_columns(cells) if held else frame


def _placed(frame: pl.DataFrame, places: list[int | None]) -> pl.DataFrame:
    """The frame with each column where its table has it, without those that it has no room for."""
    if places == list(range(len(places))):
        return frame
    at = {place: f"c{i}" for i, place in enumerate(places) if place is not None and f"c{i}" in frame.columns}
    empty = pl.lit(None, dtype=pl.String)
    columns = [(pl.col(at[n]) if n in at else empty).alias(f"c{n}") for n in range(max(at, default=-1) + 1)]
    return frame.select(*columns, *(c for c in frame.columns if not c.startswith("c")))


def _none(head: Head) -> pl.DataFrame:
    return pl.DataFrame(schema={f"c{i}": pl.String for i in range(len(head.names))})
