"""Several tables in one delimited text: where the rows of one end and another begins.

A file of one table must pay next to nothing for the question, so what shows another table is sought from the cheap to the
dear: lines without a cell, which one pattern finds; the first lines of a table, one by one; the last lines of a piece, which
show whether anything in it changed, and only where they do its lines one by one. Whatever shows it, what follows must look
like a table by itself, under a header that is none of the rows before: a blank line alone parts nothing.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from triage.sniff import celltypes, dialect, header
from triage.sniff.records import Dialect, Splitter, line_end

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triage.options import Reading

WINDOW = 1 << 14
"""Bytes behind a border that are looked at."""

_NEAR = 1 << 15  # bytes at the top of a table whose lines are looked at one by one
_LINES, _FEW, _GLANCE = 60, 8, 2048
_TAIL, _TAIL_BYTES = 6, 1 << 13
_TITLES = 3
_LONGEST_NAME, _LONGEST_ABOVE = 60, 20
_ROWS_UNNAMED = 5
_NO_NAMES = celltypes.TYPED | {"dirty"}
_COMMENT = re.compile(r"\s*(?:#|--|//|;|%|!)")


class Start(NamedTuple):
    """Where another table begins: the end of the rows before it, its delimiter, and whether it has a header (None: not known)."""

    at: int
    delimiter: str
    header: bool | None = None


@dataclass
class Effort:
    """How many places of one entry may still be looked at closely: a hostile file has millions that look like borders."""

    left: int = 400

    def spent(self) -> bool:
        """Takes one; true where none is left."""
        self.left -= 1
        return self.left < 0


class Border:
    """The table that is being read, as far as telling another from it needs."""

    def __init__(self, known: Dialect, names: tuple[str, ...], reading: Reading, effort: Effort, *, tabular: bool) -> None:
        self.delimiter = known.delimiter
        self.width = known.width
        self._quote = (known.quote or "").encode()
        self._names = names
        self._reading = reading
        self._effort = effort
        self._tabular = tabular
        self._near = _NEAR
        self._known: frozenset[str] = frozenset()
        self._types: list[str | None] = []
        mark = (known.delimiter or "").encode()
        self._marks = (mark, *(d.encode() for d in dialect.COMMON if d != known.delimiter))
        self._number = re.compile(rb"(?:^|" + re.escape(mark) + rb")[ \"']?\d")
        nothing = rb"[ \t\r" + re.escape(mark) + rb"]*"
        self._blank = re.compile(rb"\n" + nothing + rb"\n")
        self._blanks = re.compile(rb"(?:" + nothing + rb"(?:\n|\Z))*")

    def find(self, look: Look, start: int, stop: int, known: frozenset[str] = frozenset()) -> Start | None:
        """The first border in the rows from ``start``, where a record begins, to ``stop``; ``known`` are headers met before."""
        self._known = known
        if not self._types:
            self._learn(look.data, start, stop)
        near = min(stop, start + self._near)
        self._near -= near - start
        found = self._changed(look, start, near) if near > start else None
        blank = self._after_blank(look, start, found.at if found else stop)
        if blank or found:
            return blank or found
        return self._changed(look, near, stop) if near < stop and self._ends_otherwise(look.data, start, stop) else None

    def again(self, data: bytes, start: int, lines: list[bytes]) -> Start | None:
        """The first place where one of the header lines comes again, with the blank lines before it."""
        found = [at for line in lines if (at := self._line(data, start, line)) is not None]
        if not found:
            return None
        end = min(found)
        while end > start and self.blank(data[(before := data.rfind(b"\n", start, end - 1) + 1 or start) : end]):
            end = before
        return Start(end, "")

    def _line(self, data: bytes, start: int, line: bytes) -> int | None:
        while self._near == _NEAR and data.startswith(line + b"\n", start):
            start += len(line) + 1  # below the header itself, with no row between, it begins nothing
        here = self._near < _NEAR and data.startswith(line + b"\n", start)
        at = start if here else data.find(b"\n" + line + b"\n", start) + 1 or None
        inside = at is not None and self._quote and data.count(self._quote, start, at) % 2
        return None if inside else at

    def blank(self, line: bytes) -> bool:
        """Whether a line has no cell."""
        return self._blanks.fullmatch(line) is not None

    # --- the three ways to see one

    def _after_blank(self, look: Look, start: int, stop: int) -> Start | None:
        """The first border behind lines without a cell."""
        position, counted, quotes = max(0, start - 1), start, 0
        while (mark := self._blank.search(look.data, position, stop)) is not None:
            at = mark.start() + 1
            blanks = self._blanks.match(look.data, at)
            end = blanks.end() if blanks else at
            position = max(at, end - 1)
            if self._quote:
                quotes += look.data.count(self._quote, counted, at)
                counted = at
            if quotes % 2 == 0 and self._hints(look.data, end) and (found := self._begins(look.text(at), at, blank=True)) is not None:
                return found
        return None

    def _hints(self, data: bytes, at: int) -> bool:
        """A first glance at the lines behind blank ones: whether they may be the header and the rows of another table."""
        first = data[at : data.find(b"\n", at) + 1]
        if self._marks[0] and first.count(self._marks[0]) == self.width - 1:
            return not self._number.search(first)
        if at + _GLANCE > len(data):
            return True
        return any(0 < a.count(d) == b.count(d) for a, b in pairwise(data[at : at + _GLANCE].split(b"\n", 5)[:5]) for d in self._marks)

    def _changed(self, look: Look, start: int, stop: int) -> Start | None:
        """The first line, without a blank one before it, from which on lines have another width or other types of cells."""
        run, width = 0, 0
        for at, line in self._whole_lines(look.data, start, stop):
            cells = self._cells(line)
            if at == start or (len(cells) == self.width and not self._odd(cells)):
                run, width = 0, 0
                continue
            run, width = (run + 1 if len(cells) == width else 1), len(cells)
            # What a run of such lines begins with was looked at; a long one is looked at again.
            if run % _FEW != 1 or not _named(cells, min(2, len(cells))):
                continue
            if (found := self._begins(look.text(at), at, blank=False)) is not None:
                return found
        return None

    def _ends_otherwise(self, data: bytes, start: int, stop: int) -> bool:
        """Whether the last lines have another width than the table, or cells of other types."""
        low = max(start, stop - _TAIL_BYTES)
        if low > start:
            low = data.find(b"\n", low, stop) + 1 or start
        tail = [self._cells(line) for _, line in self._whole_lines(data, low, stop)][-_TAIL:]
        if len(tail) < 3 or self.width < 2:  # noqa: PLR2004 - too few to say anything
            return False
        return all(len(cells) != self.width for cells in tail) or all(self._odd(cells) for cells in tail)

    # --- lines and cells

    def _whole_lines(self, data: bytes, start: int, stop: int) -> Iterator[tuple[int, str]]:
        """The lines that are records by themselves, with their positions; lines of a quoted cell are passed over."""
        inside = False
        while start < stop:
            end = data.find(b"\n", start) + 1 or len(data)
            line = data[start:end]
            odd = bool(self._quote) and line.count(self._quote) % 2 == 1
            if not odd and not inside and line.strip():
                yield start, line.decode("utf-8", "replace").rstrip("\r\n")
            inside ^= odd
            start = end

    def _cells(self, line: str) -> list[str]:
        """The cells of a line, without their quotes."""
        quote = self._quote.decode()
        if quote and quote in line:
            return [(c or "").strip() for c in Splitter(Dialect(self.delimiter, quote, self.width)).record(line, 0).cells]
        return [c.strip() for c in line.split(self.delimiter)] if self.delimiter else [line.strip()]

    def _learn(self, data: bytes, start: int, stop: int) -> None:
        """The types of columns, from the first rows; None for those of words, or of nothing in particular."""
        rows = []
        for _, line in self._whole_lines(data, start, min(stop, start + _NEAR)):
            cells = self._cells(line)
            rows += [cells] if len(cells) == self.width else []
            if len(rows) == _LINES:
                break
        for column in zip(*rows, strict=True):
            kinds = Counter(celltypes.of(c) for c in column if c)
            kind, n = kinds.most_common(1)[0] if kinds else ("", 0)
            self._types.append(kind if kind in celltypes.TYPED and n * 10 >= 9 * kinds.total() > 10 else None)  # noqa: PLR2004 - few prove nothing

    def _odd(self, cells: list[str]) -> bool:
        """Whether, of the columns that have a type, most of the filled cells are something else."""
        filled = [(kind, c) for kind, c in zip(self._types, cells, strict=False) if kind and c]
        return len(filled) > 1 and sum(celltypes.of(c) != kind for kind, c in filled) * 2 > len(filled)

    # --- what follows

    def _begins(self, text: str, at: int, *, blank: bool) -> Start | None:
        """The table that the text begins with, None where it begins with none, or with more rows of this one."""
        lines = _paragraph(text, self.delimiter or "")
        if blank and not self._known.isdisjoint(lines[:_TITLES]):
            return Start(at, "")
        if len(lines) < 2 or not self._plausible(lines) or self._effort.spent():  # noqa: PLR2004 - a header and a row
            return None
        found = dialect.find("\n".join(lines) + "\n", self._reading, prose=False, whole=True)
        top = header.find(found, self._reading.header, 1 << 12)
        delimiter = found.dialect.delimiter
        if delimiter is None or (top.header and top.names == self._names):
            return None
        records = found.records[len(found.records) - _below(found, top.preamble) :]
        sure = top.header and header.proves(records)
        same = (delimiter, top.width) == (self.delimiter, self.width)
        if not sure and (same or not blank or not self._tabular):
            return None
        if not (blank or _spoken(records[0].cells)) or not (self._tabular or delimiter in dialect.COMMON):
            return None
        enough = (3 if same else 2) if sure else 4 if top.header else _ROWS_UNNAMED
        rows = sum(len(r.cells) == found.dialect.width for r in records)
        return Start(at, delimiter, sure or None) if rows >= enough else None

    def _plausible(self, lines: list[str]) -> bool:
        """Whether two lines together split alike, by this or a common delimiter, and are not simply more rows."""
        delimiter = self.delimiter or "\n"
        cells = self._cells(lines[0])
        if len(cells) == self.width > 1 and all(line.count(delimiter) == self.width - 1 for line in lines[:4]):
            return _named(cells, 2)
        near = lines[:_FEW]
        return any(0 < a.count(d) == b.count(d) for a, b in pairwise(near) for d in {*dialect.COMMON, delimiter})


class Look:
    """A piece of the stream, and what follows it (``ahead`` of so many bytes) where a window reaches over its end.

    ``last``: nothing follows.
    """

    def __init__(self, data: bytes, ahead: Callable[[int], bytes], *, last: bool) -> None:
        self.data = data
        self._ahead = ahead
        self._last = last

    def window(self, at: int) -> tuple[bytes, bool]:
        """The bytes from a position, in whole lines, and whether nothing follows them."""
        window = self.data[at : at + WINDOW]
        if self._last and len(window) < WINDOW:
            return window, True
        window += self._ahead(WINDOW - len(window)) if len(window) < WINDOW else b""
        return window[: window.rfind(b"\n") + 1], False

    def text(self, at: int) -> str:
        """The same, decoded."""
        return self.window(at)[0].decode("utf-8", "replace")


def first_lines(text: str, found: dialect.Found, top: header.Top, reading: Reading) -> int | None:
    """How many lines the first table of the sample takes, titles above it included; None where there is no other."""
    lines = text.split("\n")
    if top.preamble and _table_above(lines[: top.preamble], reading):
        return top.preamble
    above = top.preamble + next((n for n, line in enumerate(lines[top.preamble :]) if line.strip()), 0)
    if top.header:
        below = "\n".join(lines[above:])
        above += below.count("\n", 0, Splitter(found.dialect).record(below, 0).end)
    start = len("\n".join([*lines[:above], ""]).encode()) if above else 0
    width = _first_width(found, top)
    names = top.names if top.header else ()
    border = Border(found.dialect._replace(width=width), names, reading, Effort(40), tabular=found.tabular)
    data = text.encode()[: 2 * dialect.SAMPLE_CHARS]
    other = border.find(Look(data, bytes, last=True), start, len(data))
    return data.count(b"\n", 0, other.at) if other and other.at > start else None


def _first_width(found: dialect.Found, top: header.Top) -> int:
    """The width of the first rows, where all of them have another than most rows of the sample."""
    records = found.records[len(found.records) - _below(found, top.preamble) :]
    first = {len(r.cells) for r in records[:_FEW] if len(r.cells) > 1}
    return first.pop() if len(first) == 1 and len(records) > _FEW else top.width


def _below(found: dialect.Found, preamble: int) -> int:
    """How many records stand below the lines above the table."""
    return sum(found.text.count("\n", 0, r.end) > preamble or r is found.records[-1] for r in found.records)


def _table_above(lines: list[str], reading: Reading) -> bool:
    """Whether lines that look like titles are a table of their own, narrower than the one below them, or too many for titles."""
    filled = [line for line in lines if line.strip()]
    if all(_COMMENT.match(line) for line in filled):
        return False
    if len(filled) > _LONGEST_ABOVE:
        return True
    found = dialect.find("\n".join(lines) + "\n", reading, prose=False, whole=True)
    if found.dialect.delimiter is None:
        kinds = [celltypes.of(line.strip()) for line in filled]
        return len(filled) >= _ROWS_UNNAMED and sum(k in celltypes.TYPED for k in kinds) * 10 >= 8 * len(kinds)
    rows = sum(len(r.cells) == found.dialect.width for r in found.records)
    top = header.find(found, reading.header, 1 << 12)
    sure = top.header and header.proves(found.records[len(found.records) - _below(found, top.preamble) :])
    return rows >= (2 if sure else _ROWS_UNNAMED)


def _paragraph(text: str, delimiter: str) -> list[str]:
    """The lines of the first paragraph that has two of them, single ones (titles) before it included."""
    lines: list[str] = []
    alone = 0
    end = -1
    while end < len(text):  # a line at a time: it is asked at each of a hundred thousand blank lines, and the first few tell
        start, end = end + 1, line_end(text, end + 1)
        line = text[start:end]
        if line.strip(f" \t\r{delimiter}"):
            lines.append(line.rstrip("\r"))
            alone += 1
        elif alone > 1 or len(lines) > 3:  # noqa: PLR2004 - so many titles
            break
        else:
            alone = 0
        if len(lines) == _LINES:
            break
    return lines


def _named(cells: list[str], least: int) -> bool:
    """Whether the cells may be names of columns: short, distinct, none of them a date, a number, a mail."""
    filled = [c for c in cells if c]
    return (
        len(filled) >= least
        and len(set(filled)) == len(filled)
        and all(len(c) <= _LONGEST_NAME and celltypes.of(c) not in _NO_NAMES for c in filled)
    )


def _spoken(cells: list[str | None]) -> bool:
    """Whether most cells say that they are names of columns, or none holds a digit."""
    filled = [c for c in cells if c and c.strip()]
    return sum(celltypes.speaks(c) for c in filled) * 2 >= len(filled) or not any(any(x.isdigit() for x in c) for c in filled)
