"""XLSX (ECMA-376 part 1, §18) as it streams: for workbooks too large or too sparse to be held as rectangles.

A row costs what it holds; a cell beyond the last column that the format allows is left out by its reference alone.
"""

from __future__ import annotations

import datetime as dt
import posixpath
import re
import zipfile
from collections.abc import Iterator
from functools import cached_property
from typing import IO, TYPE_CHECKING, Any
from xml.parsers import expat

from triage import exhausted
from triage.entry import EntryError

if TYPE_CHECKING:
    import io

_COLUMNS = 16_384  # of a sheet, §18.3.1.13
_READ = 1 << 18
_LETTERS, _DIGITS = 4, 10
_CELL = re.compile(rb"<(?:\w+:)?c\s[^>]*?r=\"([A-Z]{1,3})(\d{1,7})\"")
# Formats that show a date: the built-in numbers of §18.8.30, and own ones with a day, month or year outside quotes.
_BUILT_IN = frozenset((*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)))
_SHOWS_DATE = re.compile(r"[dmyhs]", re.IGNORECASE)
_QUOTED = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
_EPOCHS = {False: dt.datetime(1899, 12, 30), True: dt.datetime(1904, 1, 1)}  # noqa: DTZ001 - a sheet has no zone
_MILLION = 1_000_000  # days: 2738 years


def _nothing(*_: object) -> None:
    """What is not listened to."""


class Workbook:
    """The parts of a workbook that matter for its cells; of a cell no more than ``longest`` characters are kept."""

    def __init__(self, stream: io.BufferedReader | io.BytesIO, longest: int = 1 << 16) -> None:
        self._longest = longest
        try:
            self._zip = zipfile.ZipFile(stream)
            self._names = frozenset(self._zip.namelist())
        except Exception as error:  # noqa: BLE001 - zipfile raises whatever damage makes of it
            raise EntryError(exhausted.code(error, "corrupt")) from None

    @cached_property
    def sheets(self) -> dict[str, str]:
        """Name of each sheet to its part, in the order of the workbook."""
        found: dict[str, str] = {}
        book = next((n for n in ("xl/workbook.xml", "xl/workbook2.xml") if n in self._names), None)
        if book is None:
            return found
        folder, name = posixpath.split(book)
        targets = {a.get("Id", ""): a.get("Target", "") for tag, a in self._tags(f"{folder}/_rels/{name}.rels") if tag == "Relationship"}
        for tag, a in self._tags(book):
            if tag == "sheet":
                target = targets.get(a.get("r:id", a.get("id", "")), "")
                part = target.lstrip("/") if target.startswith("/") else posixpath.normpath(f"{folder}/{target}")
                if part in self._names and "worksheets" in part:
                    found[a.get("name", "")] = part
        return found

    def cells(self, enough: int) -> int:
        """The size of the largest sheet's rectangle; the search ends at one above ``enough``."""
        largest = 0
        for part in self.sheets.values():
            width = height = 0
            rest = b""
            for block in self._blocks(part):
                data = rest + block
                for letters, number in _CELL.findall(data):
                    width, height = max(width, _column(letters.decode()) + 1), max(height, int(number))
                if width * height > enough:
                    return width * height
                rest = data[-200:]
            largest = max(largest, width * height)
        return largest

    def text(self) -> int:
        """The longest text that cells share, about: what stands between two tags."""
        longest = held = 0
        for block in self._blocks("xl/sharedStrings.xml") if "xl/sharedStrings.xml" in self._names else ():
            first, *others = block.split(b"<")
            held += len(first)
            longest = max(longest, held, *map(len, others))
            held = len(others[-1]) if others else held
        return longest

    def rows(self, name: str) -> Iterator[list[str | None]]:
        """The rows of a sheet that hold something."""
        sheet = _Sheet(self._strings, self._dates, _EPOCHS[self._from_1904], self._longest)
        for _ in self._parsed(self.sheets[name], sheet.start, sheet.end, sheet.data):
            yield from sheet.taken()

    def _blocks(self, part: str) -> Iterator[bytes]:
        try:
            with self._zip.open(part) as stream:
                yield from _read(stream)
        except Exception as error:  # noqa: BLE001 - as above
            raise EntryError(exhausted.code(error, "corrupt")) from None

    def _parsed(self, part: str, start: Any, end: Any, data: Any) -> Iterator[None]:  # noqa: ANN401 - expat's own handlers
        """Has a part parsed, pausing after each block; nothing of one that is not there."""
        if part not in self._names:
            return
        parser = _parser(start, end, data)
        for block in self._blocks(part):
            try:
                parser.Parse(block, False)  # noqa: FBT003 - more follows
            except expat.ExpatError:
                yield  # what stood before the damage
                raise EntryError("corrupt") from None
            yield

    def _whole(self, part: str, start: Any, end: Any = _nothing, data: Any = _nothing) -> None:  # noqa: ANN401 - as above
        """Has a part parsed in one go."""
        for _ in self._parsed(part, start, end, data):
            pass

    def _tags(self, part: str) -> list[tuple[str, dict[str, str]]]:
        found: list[tuple[str, dict[str, str]]] = []
        self._whole(part, lambda tag, a: found.append((tag.rpartition(":")[2], a)))
        return found

    @cached_property
    def _strings(self) -> list[str]:
        strings: list[str] = []
        held = _Strings(strings, self._longest)
        self._whole("xl/sharedStrings.xml", held.start, held.end, held.data)
        return strings

    @cached_property
    def _dates(self) -> frozenset[int]:
        """The cell styles that show a date."""
        own: set[str] = set()
        styles: set[int] = set()
        inside, number = False, 0
        for tag, a in self._tags("xl/styles.xml"):
            if tag == "numFmt" and _SHOWS_DATE.search(_QUOTED.sub("", a.get("formatCode", ""))):
                own.add(a.get("numFmtId", ""))
            inside = tag == "cellXfs" or (inside and tag not in {"cellStyles", "dxfs"})
            if inside and tag == "xf":
                form = a.get("numFmtId", "0")
                if form in own or _whole(form, 0) in _BUILT_IN:
                    styles.add(number)
                number += 1
        return frozenset(styles)

    @cached_property
    def _from_1904(self) -> bool:
        return any(tag == "workbookPr" and a.get("date1904") in {"1", "true"} for tag, a in self._tags("xl/workbook.xml"))


def _read(stream: IO[bytes]) -> Iterator[bytes]:
    while block := stream.read(_READ):
        yield block


def _parser(start: Any, end: Any, data: Any) -> expat.XMLParserType:  # noqa: ANN401 - expat's own handlers
    """A parser that knows no entity but XML's own: those a document declares are how a page unpacks to gigabytes."""
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = start, end, data

    def refuse(*_: object) -> None:
        raise EntryError("corrupt")

    parser.EntityDeclHandler = refuse
    return parser


def _whole(text: str, otherwise: int) -> int:
    """A number of the format's own; a longer one would cost more than it can mean."""
    return int(text) if len(text) < _DIGITS and text.isdecimal() else otherwise


def _column(letters: str) -> int:
    """``A`` is 0, ``AA`` is 26; beyond three letters there are no columns."""
    value = 0
    for letter in letters[:_LETTERS]:
        value = value * 26 + ord(letter) - 64
    return value - 1


class _Strings:
    """The texts that cells share; phonetic readings beside them are left out."""

    def __init__(self, strings: list[str], longest: int) -> None:
        self._strings = strings
        self._longest = longest
        self._parts: list[str] = []
        self._text = self._phonetic = False

    def start(self, tag: str, _attributes: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        self._text = name == "t" and not self._phonetic
        self._phonetic |= name == "rPh"

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self._text = False
        if name == "rPh":
            self._phonetic = False
        elif name == "si":
            self._strings.append("".join(self._parts)[: self._longest])
            self._parts.clear()

    def data(self, text: str) -> None:
        if self._text:
            self._parts.append(text)


class _Sheet:
    """The handlers of one sheet."""

    def __init__(self, strings: list[str], dates: frozenset[int], epoch: dt.datetime, longest: int) -> None:
        self._shared, self._dates, self._epoch, self._longest = strings, dates, epoch, longest
        self._rows: list[list[str | None]] = []
        self._row: dict[int, str] = {}
        self._at, self._kind, self._style = -1, "", 0
        self._parts: list[str] = []
        self._value = False

    def taken(self) -> list[list[str | None]]:
        """The rows since the last call."""
        rows, self._rows = self._rows, []
        return rows

    def start(self, tag: str, a: dict[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "c":
            letters = a.get("r", "").rstrip("0123456789")
            self._at = _column(letters) if letters.isascii() and letters.isupper() else self._at + 1
            self._kind, self._style = a.get("t", "n"), _whole(a.get("s", ""), 0)
        elif name in {"v", "t"}:
            self._value = True
        elif name == "row":
            self._row, self._at = {}, -1

    def end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if name in {"v", "t"}:
            self._value = False
        elif name == "c":
            text = self._text("".join(self._parts)[: self._longest])
            self._parts.clear()
            if text and 0 <= self._at < _COLUMNS:
                self._row[self._at] = text
        elif name == "row" and self._row:
            self._rows.append([self._row.get(i) for i in range(max(self._row) + 1)])

    def data(self, text: str) -> None:
        if self._value:
            self._parts.append(text)

    def _text(self, raw: str) -> str:
        if self._kind == "s":
            number = _whole(raw, -1)
            return self._shared[number] if 0 <= number < len(self._shared) else ""
        if self._kind == "b":
            return {"1": "true", "0": "false"}.get(raw, raw)
        if self._kind != "n" or not raw:
            return raw
        try:
            value = float(raw)
        except ValueError:
            return raw
        if self._style in self._dates and 0 <= value < _MILLION:
            moment = self._epoch + dt.timedelta(days=round(value * 86400) / 86400)
            return str(moment.date()) if value.is_integer() else moment.isoformat(" ", "seconds")
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else raw  # noqa: PLR2004 - exact in a double
