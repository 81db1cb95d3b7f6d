"""Delimited records, split the slow and careful way.

Two readers share these rules: the sniffer, which tries dialects on the head of a file, and repair, which reads again
what polars would read wrongly in silence. The rules are RFC 4180's, and beyond it the least harmful reading:

- a field is quoted when its first character is the quote; inside, a doubled quote is one quote;
- ``"il a dit "oui" hier"``: a quote that neither doubles nor ends the field is text, the record is *odd*;
- a quote that never closes, or that swallows lines which are records by themselves, is text too, and its record
  ends at the end of its line: one damaged record must not hide those after it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

LENIENT_REACH = 1 << 16
"""Characters within which a field with stray quotes may still close on another line."""

Cell: TypeAlias = str | None
Field: TypeAlias = tuple[str, int, bool]  # text, position after it, odd


class Dialect(NamedTuple):
    """How records are written: ``quote`` is ``None`` when cells are never quoted; ``width`` 0 when not known yet."""

    delimiter: str | None
    quote: str | None = None
    width: int = 0


class Record(NamedTuple):
    """One record: an empty field is ``None``, a quoted empty one is ``""``; ``end`` is where the next one begins."""

    cells: list[Cell]
    end: int
    odd: bool


def line_end(text: str, start: int) -> int:
    """The position of the newline that ends the line at ``start``, or of the end of the text."""
    end = text.find("\n", start)
    return len(text) if end < 0 else end


class Splitter:
    """Splits text whose lines end in LF or CRLF into records of one dialect; ``reach`` bounds a quoted field."""

    def __init__(self, dialect: Dialect, reach: int = 1 << 20) -> None:
        self.dialect = dialect
        self.reach = reach
        delimiter, quote = dialect.delimiter, dialect.quote
        self._delimiter = delimiter or ""
        self._quote = quote or ""
        after = rf"(?={re.escape(delimiter)}|\r?\n|\Z)" if delimiter else r"(?=\r?\n|\Z)"
        if quote:
            q = re.escape(quote)
            self._strict = re.compile(rf"{q}((?:[^{q}]++|{q}{q})*+){q}{after}")
            # A run that ends no field is passed over whole: tried from each of its quotes, a long one would take minutes.
            self._runs = re.compile(rf"({q}++){after}|{q}++")
            # What most lines are: each field plain, or quoted from its first character to its last.
            mark = re.escape(delimiter or "")
            plain = rf"(?!{q})((?:(?!{mark}).)*+)" if len(delimiter or "") > 1 else rf"(?!{q})([^{mark}]*+)" if mark else "((?!))"
            field = rf"(?:{q}((?:[^{q}]++|{q}{q})*+){q}|{plain})"
            self._fields = re.compile(rf"(?:\A|{mark}){field}(?={mark}|\Z)" if mark else field, re.DOTALL)
            self._regular = re.compile(rf"{field}(?:{mark}{field})*+" if mark else field, re.DOTALL)

    def records(self, text: str, start: int = 0) -> Iterator[Record]:
        """Every record from ``start``; a blank line is a record without cells unless the table has one column."""
        while start < len(text):
            record = self.record(text, start)
            yield record
            start = record.end

    def record(self, text: str, start: int) -> Record:
        """The record that begins at ``start``."""
        stop = line_end(text, start)
        line = text[start:stop].removesuffix("\r")
        if not self._quote or self._quote not in line:
            return Record(self._plain(line), stop + 1, odd=False)
        if len(line) <= self.reach and (stop < len(text) or text[-1] != "\r") and self._regular.fullmatch(line):
            return Record([self._cell(field) for field in self._fields.finditer(line)], stop + 1, odd=False)
        strict = self._read(text, start, self._closed)
        if strict is not None and (strict.end <= stop + 1 or not self._swallows(text[start : strict.end], strict)):
            return strict
        return self._damaged(text, start, stop, line)

    def _cell(self, field: re.Match[str]) -> Cell:
        return field[2] or None if field[1] is None else field[1].replace(self._quote * 2, self._quote)

    def _plain(self, line: str) -> list[Cell]:
        if self._delimiter:
            return [cell or None for cell in line.split(self._delimiter)] if line or self.dialect.width == 1 else []
        return [line or None]

    def _damaged(self, text: str, start: int, stop: int, line: str) -> Record:
        """The first reading that gives the table's width; else the one that stays on its line."""
        ways: tuple[tuple[str, Callable[[str, int], Field | None]], ...] = (
            (line, self._lenient),
            (line, self._literal),
            (text[start : start + min(LENIENT_REACH, self.reach)], self._lenient),
        )
        first = None
        for where, field in ways:
            record = self._read(where, 0, field)
            if record is None:
                continue
            end = stop + 1 if where is line else start + record.end
            found = Record(record.cells, end, odd=True)
            if len(found.cells) == self.dialect.width:
                return found
            first = first or found
        return first or Record([line or None], stop + 1, odd=True)

    def _read(self, text: str, start: int, field: Callable[[str, int], Field | None]) -> Record | None:
        """One record whose quoted fields are read by ``field``; ``None`` when that way does not apply."""
        cells: list[Cell] = []
        odd = False
        while True:
            if text.startswith(self._quote, start):
                quoted = field(text, start)
                if quoted is None:
                    return None
                cell, start, stray = quoted
                cells.append(cell)
                odd = odd or stray
            else:
                stop = self._field_end(text, start)
                cells.append(text[start:stop] or None)
                start = stop
            if not (self._delimiter and text.startswith(self._delimiter, start)):
                break
            start += len(self._delimiter)
        return Record(cells, line_end(text, start) + 1, odd)

    def _field_end(self, text: str, start: int) -> int:
        stop = line_end(text, start)
        if stop > start and text[stop - 1] == "\r":
            stop -= 1
        if self._delimiter:
            found = text.find(self._delimiter, start, stop)
            stop = stop if found < 0 else found
        return stop

    def _closed(self, text: str, start: int) -> Field | None:
        """A field as RFC 4180 has it."""
        found = self._strict.match(text, start, start + self.reach)
        if found is None or (found.end() == start + self.reach and found.end() < len(text)):
            return None
        return found[1].replace(self._quote * 2, self._quote), found.end(), False

    def _lenient(self, text: str, start: int) -> Field | None:
        """A field that ends at the first odd run of quotes before a delimiter or line end, else at the first run."""
        closed = self._closed(text, start)
        if closed is not None:
            return closed
        fallback = 0
        for run in self._runs.finditer(text, start + 1):
            if run[1] and len(run[1]) % 2:
                return self._ended(text, start, run.end())
            fallback = fallback or (run.end() if run[1] else 0)
        # The field is taken out once: a text in which no quote closes has thousands of runs.
        return self._ended(text, start, fallback) if fallback else None

    def _ended(self, text: str, start: int, end: int) -> Field:
        return text[start + 1 : end - 1].replace(self._quote * 2, self._quote), end, True

    def _literal(self, text: str, start: int) -> Field:
        """A field whose opening quote is text unless it closes before the next delimiter."""
        stop = self._field_end(text, start)
        closed = self._strict.match(text, start, stop)
        if closed is not None:
            return closed[1].replace(self._quote * 2, self._quote), stop, False
        return text[start:stop], stop, True

    def _swallows(self, raw: str, record: Record) -> bool:
        """Whether a record over several lines hides lines that are records by themselves."""
        width = self.dialect.width
        if width < 2 or not self._delimiter:  # noqa: PLR2004 - one column has nothing to count
            return False
        if len(record.cells) != width:
            return any(line.count(self._delimiter) == width - 1 for line in raw.split("\n"))
        return any(hides_record(cell, self._delimiter, width) for cell in record.cells if cell)


def hides_record(cell: str, delimiter: str, width: int) -> bool:
    """Whether a line inside the cell (neither its first nor its last) has the delimiters of a whole record.

    Two columns are let pass: a single comma in a line of a letter says nothing.
    """
    if width < 3:  # noqa: PLR2004 - see above
        return False
    return any(line.count(delimiter) == width - 1 for line in cell.split("\n")[1:-1])
