"""JSON: arrays, a value a line, values one after another, the answers of an API, objects by their key.

The first value says which: an envelope around collections is walked through, so that an array of any length passes in blocks;
any other value of the file is a row, or the array that holds the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from triage.entry import EntryError
from triage.readers import jsonshapes
from triage.readers.jsonenvelope import beside, envelope
from triage.readers.jsonscan import BLOCK, BadValueError, Elements, Scanner, TooLongError, Values, decoded, lines
from triage.readers.jsontable import VALUE, Tables, keyed, records
from triage.readers.transcode import Text

if TYPE_CHECKING:
    from triage.readers import Job, Made

READS = ("json",)
KIND = "json"
DESCRIPTION = "JSON: arrays, a value a line, API pages, nested objects and lists, objects by key; MongoDB and Elasticsearch dumps"

_NESTED = 8  # envelopes within envelopes
_FEW = 64  # a list of so many values beside a collection belongs to its envelope


def segments(job: Job) -> Iterator[Made]:
    """The segments of all collections of an entry."""
    return walked(job, Tables(job), wraps=lambda value: envelope(value) or keyed(value))


def walked(job: Job, tables: Tables, wraps: Callable[[dict[str, Any]], bool]) -> Iterator[Made]:
    """The segments of an entry; ``wraps`` tells whether its first object is no row but holds the rows."""
    text = Text(job.entry.open(job.options.limits), job.shape)
    walk = Walk(Scanner(text, job.options.limits.record_bytes), tables, job)
    yield from walk.file(wraps)
    yield from walk.tables.rest()
    if not (walk.tables or walk.broken):
        job.entry.problems["empty"] += 1
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad
    if walk.broken:
        raise EntryError(walk.broken)


class Walk:
    """One pass over an entry. ``broken``: the problem code of what ended it."""

    def __init__(self, scanner: Scanner, tables: Tables, job: Job) -> None:
        self.tables = tables
        self.broken = ""
        self._unsure = False
        self._scan = scanner
        self._job = job

    def file(self, wraps: Callable[[dict[str, Any]], bool]) -> Iterator[Made]:
        """All values of the entry."""
        first = self._first()
        if self._scan.peek() == b"[" and not (_flat(first) and self._a_line_each()):
            self._scan.at += 1
            yield from self._rows(Elements(self._scan), None)
            yield from self._after_array()
        elif isinstance(first, dict) and (rows := jsonshapes.transposed(first)) is not None:
            yield from self.tables.add(None, Values(rows, len(self._scan.raw()), plain=False))
            yield from self._others()
        elif first is None or (isinstance(first, dict) and wraps(first)):
            self._unsure = first is None
            while not self.broken and self._scan.take(b"{"):
                yield from self._object("", 0)
            if not self.broken:
                yield from self._others()
        elif self._a_line_each():
            yield from self._lines()
        else:
            yield from self._others()

    def _first(self) -> Any:  # noqa: ANN401 - JSON is anything
        """The first value, not taken; None where it is too long for a record, an empty text where it is none."""
        try:
            raw = self._scan.raw()
        except TooLongError:
            return None
        except BadValueError:
            return ""
        self._scan.at -= len(raw)
        try:
            value, _ = decoded(raw)
        except BadValueError:
            return ""
        return value

    def _a_line_each(self) -> bool:
        """Whether the first line is a value and the second begins like one."""
        scan = self._scan
        while (end := scan.data.find(b"\n", scan.at)) < 0:
            if len(scan.data) - scan.at > self._job.options.limits.record_bytes or not scan.more():
                return False
        try:
            decoded(scan.data[scan.at : end])
        except BadValueError:
            return False
        return scan.data[end : end + BLOCK].lstrip()[:1] in (b"{", b"[", b"")

    def _lines(self) -> Iterator[Made]:
        scan, bulk = self._scan, jsonshapes.Bulk()
        while True:
            while len(scan.data) - scan.at < BLOCK and scan.more():
                pass
            cut = len(scan.data) if scan.ended else scan.data.rfind(b"\n", scan.at)
            if cut < scan.at:
                if len(scan.data) - scan.at > self._job.options.limits.record_bytes:
                    self._drop_line()
                    yield from self.tables.add(None, Values([], 0, plain=True, long=1))
                else:
                    scan.more()
                continue
            found = lines(scan.data[scan.at : cut])
            yield from self.tables.add(None, found._replace(values=bulk.rows(found.values, last=scan.ended)))
            scan.at = cut
            if scan.ended:
                return

    def _drop_line(self) -> None:
        scan = self._scan
        while True:
            end = scan.data.find(b"\n", scan.at)
            scan.at = end if end >= 0 else len(scan.data)
            if end >= 0 or not scan.more():
                return

    def _others(self) -> Iterator[Made]:
        """Values one after another, whatever stands between them."""
        yield from self._rows(Elements(self._scan, bare=True), None)

    def _rows(self, elements: Elements, path: str | None, names: tuple[str, ...] | None = None) -> Iterator[Made]:
        own, first = path.rpartition(".")[2] if path else VALUE, names is None
        for found in _begun(elements):
            values = found.values
            if first and (names := jsonshapes.headed(values)) is not None:
                values = values[1:]
            first = False
            yield from self.tables.add(path, found._replace(values=jsonshapes.under(names, values) if names else values), own=own)
        if elements.broken:
            self.broken = "truncated"

    def _after_array(self) -> Iterator[Made]:
        """Further arrays of the same file are more of the same; anything else belongs to nothing."""
        while self._scan.take(b"[") and not self.broken:
            yield from self._rows(Elements(self._scan), None)
        if not self.broken and self._scan.peek():
            if self._scan.peek() == b"{":
                yield from self._others()
            else:
                self.broken = "corrupt"

    def _object(self, path: str, depth: int) -> Iterator[Made]:
        """The members of an envelope whose brace was taken."""
        held: dict[str, Any] = {}
        size, records_only, names = 0, False, None
        for name in self._members():
            opening = self._scan.peek()
            if opening == b"[" and name.lower() in jsonshapes.NAMES and (names := self._names()) is not None:
                continue
            if opening == b"[":
                self._scan.at += 1
                under = names if name.lower() in jsonshapes.ROWS else None
                yield from self._rows(Elements(self._scan), f"{path}.{name}" if path else name, under)
                continue
            try:
                raw = self._scan.raw()
                held[name] = decoded(raw)[0]
                size += len(raw)
            except TooLongError:
                yield from self._long(path, name, depth, opening)
            except BadValueError:
                self.broken = "truncated"
            if size > BLOCK and (records_only or keyed(held)):
                records_only = True
                yield from self.tables.add(path or None, Values(records(held), size, plain=False))
                held, size = {}, 0
        yield from self._spread(path, held, size, records_only=records_only)
        if self._unsure and not path and (row := beside(held)) and not records_only:
            yield from self.tables.add(None, Values([row], 0, plain=False))

    def _names(self) -> tuple[str, ...] | None:
        """The names of columns that the next array holds, taken; None, and nothing taken, where it holds other things."""
        try:
            raw = self._scan.raw()
            names = jsonshapes.names(decoded(raw)[0])
        except (TooLongError, BadValueError):
            return None
        if names is None:
            self._scan.at -= len(raw)
        return names

    def _long(self, path: str, name: str, depth: int, opening: bytes) -> Iterator[Made]:
        """A member above the limit of a record: an object is walked through, a text is no cell."""
        if opening == b"{" and depth < _NESTED:
            self._scan.at += 1
            yield from self._object(f"{path}.{name}" if path else name, depth + 1)
        else:
            self._scan.skip()
            yield from self.tables.add(path or None, Values([], 0, plain=True, long=1))

    def _members(self) -> Iterator[str]:
        """The names of an object, each with the scanner before its value; takes the closing brace."""
        scan, first = self._scan, True
        while not self.broken:
            comma = scan.take(b",")
            if scan.take(b"}"):
                self.broken = "corrupt" if comma else ""
                return
            if comma == first or scan.peek() != b'"':
                self.broken = "corrupt" if scan.peek() else "truncated"
                return
            first = False
            try:
                name, _ = decoded(scan.raw())
            except BadValueError:
                self.broken = "truncated"
                return
            if not scan.take(b":"):
                self.broken = "corrupt"
                return
            yield str(name)

    def _spread(self, path: str, held: dict[str, Any], size: int, *, records_only: bool = False) -> Iterator[Made]:
        """The collections of a part of an envelope that is in memory; the rest of it is no row."""
        if held and (records_only or keyed(held)):
            yield from self.tables.add(path or None, Values(records(held), size, plain=False))
            return
        for name, value in held.items():
            inner = f"{path}.{name}" if path else name
            if isinstance(value, dict):
                yield from self._spread(inner, value, size)
            elif isinstance(value, list) and (len(value) > _FEW or any(isinstance(v, dict) for v in value)):
                yield from self.tables.add(inner, Values(value, size, plain=False), own=name)


def _begun(elements: Elements) -> Iterator[Values]:
    """The elements in blocks, of which the first holds enough to tell whether it begins with names."""
    first: Values | None = None
    for found in elements:
        if first is None or len(first.values) < jsonshapes.TOLD:
            first = found if first is None else first.and_(found)
            if len(first.values) < jsonshapes.TOLD:
                continue
            yield first
        else:
            yield found
    if first is not None and len(first.values) < jsonshapes.TOLD:
        yield first


def _flat(value: object) -> bool:
    return isinstance(value, list) and not any(isinstance(v, dict | list) for v in value)
