"""A dump to its statements: rows of INSERT and COPY, columns of CREATE TABLE; everything else is passed over.

Nothing is executed. INSERT statements that differ in their rows alone are taken as one run of rows, because dumps of
a row a statement would cost a thousand times more than what they hold; a run is cut at whole rows, so that memory
stays flat on a statement of any size.

Whether a place is inside a string is told by the parity of the quotes before it, counted in bulk. Where a quote is
lost, the parity is wrong from there on: the next line that begins a statement, or the next end of a row, then counts as
one, and the rows between are marked, so that the damage stays in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from triage.readers import sql_words as words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.limits import Limits
    from triage.readers import Bytes

# The head of a statement is at most so long; longer lists of columns than the limit are no table.
_HEAD = 1 << 18
_TAIL = rb"(?=(?:ON|RETURNING|GO|INSERT|REPLACE|SET|UPDATE|PRINT|COMMIT|IF|END|CREATE|ALTER|SELECT|DELETE|USE|DECLARE|EXEC)\b|--|/\*)"
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_PLAIN = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"0": b"\0", b"Z": b"\x1a", b"%": rb"\%", b"_": rb"\_"}
_HELD = b"\x1d"


class Create(NamedTuple):
    """A table and its columns."""

    name: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Tuples:
    """Whole rows of a table, ``(1,'a'),(2,'b')``; ``head`` is the INSERT they stood under, which may stand between them.

    ``suspect``: cut where a row may not end; ``rejected``: rows that were passed over before these.
    """

    name: str
    columns: tuple[str, ...]
    head: bytes
    body: bytes
    suspect: bool = False
    rejected: int = 0
    ended: bool = True


class Lines(NamedTuple):
    """Whole lines of a COPY; ``ended``: not cut off by the end of the file."""

    name: str
    columns: tuple[str, ...]
    options: bytes
    body: bytes
    ended: bool


Statement: TypeAlias = Create | Tuples | Lines


class Unescaped:
    """A stream of text in which strings have doubled quotes instead of backslashes."""

    def __init__(self, stream: Bytes, quote: bytes) -> None:
        self._stream = stream
        self._quote = quote
        self._held = b""
        self._plain = {**_PLAIN, quote: quote * 2}

    def read(self, size: int) -> bytes:
        """About ``size`` bytes; a backslash at their end waits for what follows it."""
        while True:
            got = self._stream.read(size)
            data = self._held + got
            kept = len(data.rstrip(b"\\")) if got else len(data)
            self._held = data[kept:]
            if kept or not got:
                return self._changed(data[:kept]) if b"\\" in data else data[:kept]

    def _changed(self, data: bytes) -> bytes:
        """Pairs of backslashes first, so that each one left escapes what follows it."""
        if _HELD in data:
            return _ESCAPE.sub(lambda m: self._plain.get(m[1], m[1]), data)
        data = data.replace(rb"\\", _HELD)
        if b"\\" in data:
            for mark in (self._quote, b"n", b"r", b"t", b"0", b"Z"):
                data = data.replace(b"\\" + mark, self._plain[mark])
            data = data.replace(b"\\'", b"'").replace(b'\\"', b'"')
            data = _ESCAPE.sub(lambda m: self._plain.get(m[1], m[1]), data)
        return data.replace(_HELD, b"\\")


class Scanner:
    """The statements of one dump that say something of rows, in the order of the file."""

    def __init__(self, source: Bytes, manner: words.Manner, limits: Limits) -> None:
        self._source = source
        self._quote = manner.quote
        self._batches = manner.batches
        self._limits = limits
        self._buffer = b""
        self._at = 0
        self._ended = False

    def statements(self) -> Iterator[Statement]:
        """Creates, runs of rows and blocks of COPY; bounded pieces of these."""
        while self._next():
            insert = words.INSERT.match(self._buffer, self._at)
            if insert is not None:
                yield from self._run(insert)
                continue
            copy = words.COPY.match(self._buffer, self._at)
            if copy is not None:
                self._at = copy.end()
                yield from self._copied(copy)
                continue
            made = self._other()
            if made is not None:
                yield made

    # --- between statements

    def _next(self) -> bool:
        """Goes to the next statement; False at the end."""
        while True:
            self._want(_HEAD)
            blank = words.BLANK.match(self._buffer, self._at)
            end = blank.end() if blank else self._at
            if end == self._at:
                return self._comment_cut() or self._at < len(self._buffer)
            self._at = end

    def _comment_cut(self) -> bool:
        """Drops a comment that is longer than what is looked at; always False, to go on."""
        if self._buffer.startswith(b"/*", self._at):
            while (end := self._buffer.find(b"*/", self._at)) < 0 and not self._ended:
                self._at = len(self._buffer) - 1
                self._want(_HEAD)
            self._at = end + 2 if end >= 0 else len(self._buffer)
            return self._next()
        return False

    def _other(self) -> Create | None:
        """Passes over one statement; the table where it makes one."""
        buffer, start = self._buffer, self._at
        program = words.DELIMITER.match(buffer, start)
        if program is not None:
            self._at = program.end()
            return None
        create = words.CREATE.match(buffer, start)
        if create is not None:
            return self._created(create)
        routine = words.PROGRAM.match(buffer, start) is not None
        if routine and self._batches:
            self._at = self._behind(words.BATCH, start)
            return None
        self._at = self._end_of_statement(start, routine=routine)
        return None

    def _created(self, create: re.Match[bytes]) -> Create:
        start = create.end() + 1
        depth, parts = 1, []
        for token in words.TOKEN.finditer(self._buffer, start):
            what = token[0]
            depth += (what == b"(") - (what == b")")
            if (what == b"," and depth == 1) or not depth:
                parts.append(self._buffer[start : token.start()])
                start = token.end()
            if not depth:
                break
        self._at = self._end_of_statement(start, routine=False)
        return Create(words.plain(create["name"]), words.columns(parts))

    def _end_of_statement(self, start: int, *, routine: bool) -> int:
        """Where the statement that is read from ``start`` ends; a routine with a BEGIN ends with its END."""
        buffer = self._buffer
        depth = 0
        for token in words.TOKEN.finditer(buffer, start):
            what = token[0]
            depth += (what == b"(") - (what == b")")
            strong = what.startswith(b"\n") and not routine and depth <= 0
            if strong or (what == b";" and depth <= 0):
                body = buffer[start : token.start()]
                if routine and re.search(rb"\bBEGIN\b", body, re.IGNORECASE) and not re.search(rb"\bEND\s*\w*\s*$", body, re.IGNORECASE):
                    continue
                return token.end()
        # No end in sight: the next line that begins a statement, however far it is.
        return self._behind(words.STRONG, start + 1)

    def _behind(self, mark: re.Pattern[bytes], start: int) -> int:
        """The place behind the next mark, however far it is; the end where there is none."""
        while True:
            found = mark.search(self._buffer, start)
            if found is not None:
                return found.end()
            if self._ended:
                return len(self._buffer)
            self._at = max(start, len(self._buffer) - 64)
            self._want(_HEAD)
            start = self._at

    # --- rows of INSERT

    def _run(self, insert: re.Match[bytes]) -> Iterator[Tuples]:
        """The rows of an INSERT and of those after it that are written alike."""
        head = insert[0]
        run = _Run(words.plain(insert["name"]), words.names(insert["columns"]), head, self._quote, self._limits)
        self._at = insert.end()
        while True:
            piece = run.piece(self._buffer, self._at, ended=self._ended)
            if piece is None:
                self._want(len(self._buffer) - self._at + self._limits.segment_bytes)
                continue
            yield Tuples(run.name, run.columns, head, piece.body, piece.suspect, piece.rejected, ended=not piece.truncated)
            self._at = piece.end
            if piece.last:
                break
        if re.compile(rb"\s*(?:ON|RETURNING)\b", re.IGNORECASE).match(self._buffer, self._at):
            self._want(_HEAD)
            self._at = self._end_of_statement(self._at, routine=False)

    # --- lines of COPY

    def _copied(self, copy: re.Match[bytes]) -> Iterator[Lines]:
        r"""The lines of a COPY, to the line ``\\.`` that ends them."""
        name, columns, options = words.plain(copy["name"]), words.names(copy["columns"]), copy["options"]
        size = self._limits.segment_bytes
        while True:
            self._want(size + 4)
            end = self._end_of_copy()
            if end is None and not self._ended:
                cut = self._buffer.rfind(b"\n", self._at, len(self._buffer) - 3) + 1
                if not cut:
                    self._want(len(self._buffer) - self._at + size)
                    if len(self._buffer) - self._at > self._limits.record_bytes + 2 * size:
                        cut = len(self._buffer)
                if cut:
                    yield Lines(name, columns, options, self._buffer[self._at : cut], ended=True)
                    self._at = cut
                continue
            stop, after = end or (len(self._buffer), len(self._buffer))
            yield Lines(name, columns, options, self._buffer[self._at : stop], ended=end is not None)
            self._at = after
            return

    def _end_of_copy(self) -> tuple[int, int] | None:
        """Where the lines of a COPY end, and where its mark does."""
        found = re.compile(rb"^\\\.\r?(?:\n|\Z)", re.MULTILINE).search(self._buffer, self._at)
        return (found.start(), found.end()) if found is not None else None

    def _want(self, size: int) -> None:
        """Has ``size`` bytes from the current place on, or all there are."""
        lacking = size - (len(self._buffer) - self._at)
        if lacking <= 0 or self._ended:
            return
        parts = [self._buffer[self._at :]]
        lacking = max(lacking, min(self._limits.segment_bytes, 1 << 22))
        while lacking > 0 and not self._ended:
            data = self._source.read(lacking)
            self._ended = not data
            lacking -= len(data)
            parts.append(data)
        self._buffer, self._at = b"".join(parts), 0


class _Piece(NamedTuple):
    body: bytes
    end: int
    last: bool
    suspect: bool = False
    rejected: int = 0
    truncated: bool = False


class _Run:
    """Finds the end of a run of rows, or a place between two of them to cut it at."""

    def __init__(self, name: str, columns: tuple[str, ...], head: bytes, quote: bytes, limits: Limits) -> None:
        self.name = name
        self.columns = columns
        self._quote = quote
        self._limits = limits
        same = re.escape(head) + rb"\("
        # Not an end: the same INSERT again.
        self._ends = re.compile(rb"\)\s*+(?:;(?!\s*+" + same + rb")|(?!" + same + rb")" + _TAIL + rb"|\Z)", re.IGNORECASE)
        self._rows = re.compile(rb"\)(?:\s*+,|\s*+;?\s*+" + re.escape(head) + rb")\s*+(?=\()", re.IGNORECASE)
        self._margin = len(head) + 64

    def piece(self, buffer: bytes, start: int, *, ended: bool) -> _Piece | None:
        """The rows from ``start`` to the end of the run or to a cut; None where more of the file must be seen."""
        enough = len(buffer) - start >= self._limits.segment_bytes
        found, strong = self._end(buffer, start, ended=ended)
        if found is not None:
            return _Piece(buffer[start : found[0]], found[1], last=True)
        if not enough and not ended:
            return None
        reach = self._limits.resync_bytes
        if strong is not None and (ended or len(buffer) - strong > reach):
            return _Piece(buffer[start:strong], strong, last=True, suspect=True)
        if ended:
            return _Piece(buffer[start:], len(buffer), last=True, suspect=True, truncated=True)
        return self._cut(buffer, start)

    def _end(self, buffer: bytes, start: int, *, ended: bool) -> tuple[tuple[int, int] | None, int | None]:
        """Where the run ends and where reading goes on; else the first line inside a string that begins a statement."""
        odd, counted = 0, start
        strong = None
        for end in self._ends.finditer(buffer, start):
            if not ended and end.end() > len(buffer) - self._margin:
                break
            odd ^= buffer.count(self._quote, counted, end.start()) & 1
            counted = end.start()
            if not odd:
                return (end.start() + 1, end.end()), None
            if strong is None and words.SOON.match(buffer, end.end()):
                strong = end.end()
        return None, strong

    def _cut(self, buffer: bytes, start: int) -> _Piece | None:
        """A cut after the last whole row; by force where no row ends within reach."""
        reach = max(self._limits.record_bytes, self._limits.resync_bytes)
        stop = len(buffer) - self._margin
        low = max(start, stop - self._limits.resync_bytes)
        ends = list(self._rows.finditer(buffer, low, stop))
        quotes = buffer.count(self._quote, start, low)
        even = None
        counted = low
        for end in ends:
            quotes += buffer.count(self._quote, counted, end.start())
            counted = end.start()
            even = end if not quotes % 2 else even
        if even is not None:
            return _Piece(buffer[start : even.start() + 1], even.end(), last=False)
        if len(buffer) - start <= self._limits.segment_bytes + reach:
            return None
        if ends:
            return _Piece(buffer[start : ends[-1].start() + 1], ends[-1].end(), last=False, suspect=True)
        after = self._rows.search(buffer, low)
        return _Piece(b"", after.end() if after else len(buffer), last=False, suspect=True, rejected=1)
