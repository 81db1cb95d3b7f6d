"""XML records: the topmost element that repeats is the row, what stands in it its columns; FHIR in XML as FHIR in JSON.

expat reads it as a stream. A declared entity ends the reading: no data needs one, and bombs are made of them. What stands
outside the rows is a row of its own. Text that begins as XML does and is none is read as text.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from xml.parsers import expat

import msgspec

from triage.entry import EntryError
from triage.readers import delimited
from triage.readers.fhir import Resources
from triage.readers.jsonscan import Values
from triage.readers.jsontable import Tables
from triage.readers.transcode import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Segment

READS = ("xml",)
KIND = "xml"
DESCRIPTION = "XML records: the element that repeats is the row; FHIR bundles in XML too"

_BLOCK = 1 << 16
_FHIR = "http://hl7.org/fhir"
_TEXT = "_text"
_Path = tuple[str, ...]


def segments(job: Job) -> Iterator[Segment]:
    """The segments of all elements that repeat."""
    limits = job.options.limits
    text = Text(job.entry.open(limits), job.shape)
    start = text.read(limits.head_bytes)
    outline = _Outline(limits.depth)
    if outline.broken(start, whole=len(start) < limits.head_bytes):
        plain = msgspec.structs.replace(job.shape, kind="text", width=1, names=("",), header=False)
        yield from delimited.segments(replace(job, shape=plain))
        return
    records = _Records(outline, limits.record_bytes, limits.depth)
    tables = Resources(job, spread=True) if outline.fhir else Tables(job)
    code = ""
    while not code:
        code = records.feed(start)
        found = records.taken()
        for path, rows in found.items():
            yield from tables.add(path, Values(rows, len(start) // len(found), plain=False))
        if not start:
            break
        start = text.read(_BLOCK)
    yield from tables.rest()
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad
    if code:
        raise EntryError(code)


class _RefusedError(Exception):
    """Markup that is not read on; ``args`` is a problem code."""


def _parser(handler: _Outline | _Records) -> expat.XMLParserType:
    parser = expat.ParserCreate("utf-8", " ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
    parser.EntityDeclHandler = _refuse
    return parser


def _refuse(*_: object) -> None:
    raise _RefusedError("corrupt")


def _local(name: str) -> str:
    return name.rpartition(" ")[2]


class _Outline:
    """Which elements repeat, from the beginning of the text."""

    def __init__(self, deepest: int) -> None:
        self.fhir = False
        self._deepest = deepest
        self._stack: list[tuple[str, Counter[str]]] = []
        self._repeated: set[_Path] = set()

    def broken(self, head: bytes, *, whole: bool) -> bool:
        """Reads the beginning; whether it is no XML. A refused entity is XML, and is refused again when it is read."""
        try:
            _parser(self).Parse(head, whole)
        except expat.ExpatError:
            return not self._repeated
        except _RefusedError:
            return False
        return False

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        local = _local(name)
        if not self._stack:
            self.fhir = name.startswith(_FHIR + " ")
        else:
            seen = self._stack[-1][1]
            seen[local] += 1
            if seen[local] > 1 and len(self._stack) < self._deepest:
                self._repeated.add((*(n for n, _ in self._stack), local))
        self._stack.append((local, Counter()))

    def end(self, _name: str) -> None:
        """An element ends."""
        self._stack.pop()

    def row(self, path: _Path) -> bool:
        """Whether the elements at ``path`` are rows, when none above them is."""
        if self.fhir:
            return path == ("Bundle", "entry") or (len(path) == 1 and path[0] != "Bundle")
        return path in self._repeated


class _Records:
    """Rows as the elements come."""

    def __init__(self, outline: _Outline, limit: int, deepest: int) -> None:
        self._outline = outline
        self._deepest = deepest
        self._limit = limit
        self._held = 0
        self._row = 0  # the depth at which the row began
        self._stack: list[tuple[str, dict[str, Any], list[str]]] = []
        self._rows: dict[str | None, list[Any]] = {}
        self._parser = _parser(self)
        self._parser.CharacterDataHandler = self.data

    def feed(self, data: bytes) -> str:
        """Reads on, to the end where there is no more; the code of what ended it."""
        try:
            self._parser.Parse(data, not data)
        except expat.ExpatError:
            return "corrupt"
        except _RefusedError as refused:
            return str(refused.args[0])
        return ""

    def taken(self) -> dict[str | None, list[Any]]:
        """The rows since the last time, by the name of their table."""
        rows, self._rows = self._rows, {}
        return rows

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        local = _local(name)
        self._stack.append((local, {_local(k): v for k, v in attributes.items()}, []))
        self._hold(len(local) + sum(map(len, attributes.values())))
        if not self._row and self._outline.row(tuple(n for n, _, _ in self._stack)):
            self._row = len(self._stack)
            self._held = 0
        if len(self._stack) > self._deepest:
            raise _RefusedError("too_deep")

    def data(self, text: str) -> None:
        """Text of an element."""
        if self._stack:
            self._stack[-1][2].append(text)
            self._hold(len(text))

    def end(self, _name: str) -> None:
        """An element ends: it is a row, or a value of the one around it."""
        depth = len(self._stack)
        path = ".".join(n for n, _, _ in self._stack[1:]) or None
        name, value, texts = self._stack.pop()
        made = self._made(name, value, "".join(texts).strip())
        if depth == self._row or not self._stack:
            if made not in (None, "", {}):
                self._rows.setdefault(path, []).append({"resourceType": name, **made} if self._typed(name, made) else made)
            self._row = 0 if depth == self._row else self._row
            self._held = 0
        elif made is not None:
            _put(self._stack[-1][1], name, {"resourceType": name, **made} if self._typed(name, made) else made, many=name == "telecom")

    def _typed(self, name: str, made: object) -> bool:
        """Whether the element is a resource of FHIR: their names alone begin with a capital."""
        return self._outline.fhir and name[:1].isupper() and name != "Bundle" and isinstance(made, dict)

    def _made(self, name: str, value: dict[str, Any], text: str) -> Any:  # noqa: ANN401 - an object or a text
        if self._outline.fhir:
            if name in {"resource", "contained"} and len(value) == 1:
                return next(iter(value.values()))
            return value["value"] if set(value) == {"value"} else value or None
        if not value:
            return text or None
        return {**value, _TEXT: text} if text else value

    def _hold(self, size: int) -> None:
        self._held += size
        if self._held > self._limit:
            raise _RefusedError("record_too_long")


def _put(into: dict[str, Any], name: str, value: object, *, many: bool) -> None:
    """Adds a child; the second of a name makes a list."""
    if name not in into:
        into[name] = [value] if many else value
    elif isinstance(into[name], list):
        into[name].append(value)
    else:
        into[name] = [into[name], value]
