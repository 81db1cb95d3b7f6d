"""Decoded JSON to tables: nested objects to dotted columns, arrays of objects to child tables.

Works a column at a time, so that rows of one shape, which most are, cost little more than decoding them.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, TypeAlias

import msgspec
import polars as pl

from triage.readers import Head, Made, Rows
from triage.readers.jsonshapes import counted
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage.readers import Job
    from triage.readers.jsonscan import Values

Row: TypeAlias = dict[str, Any]

# Deeper objects stay JSON in one cell; a longer list of values too.
DEPTH, LISTED = 64, 16
# More children than that, all of one shape, are records, and their names are keys.
SAME = 64
KEY, VALUE = "_key", ""
_IDENTIFYING = re.compile(
    r"(?=.{1,100}\Z)[^@\s]+@[^@\s]+\.\w+|(?=.{1,60}\Z)[\w .+/-]*(?:\d[ .-]?){6}[\w .-]*|[0-9a-f]{24}"
    r"|[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|-[\w-]{19}"
)

_WHOLE = re.compile(r"-?[0-9]{1,19}")


def keyed(value: Row) -> bool:
    """Whether an object is a collection whose names are keys: many children of one shape, or names that identify."""
    if not value:
        return False
    if all(map(_IDENTIFYING.fullmatch, value)):
        return True
    if not (len(value) > SAME or counted(value)) or not all(isinstance(child, dict) for child in value.values()):
        return False
    names = Counter(name for child in value.values() for name in child)
    return sum(names.values()) * 2 >= len(names) * len(value)


def records(value: Row) -> list[Row]:
    """The children of a keyed object as rows, their names in a column of their own."""
    return [{KEY: k, **(v if isinstance(v, dict) else {"value": v})} for k, v in value.items()]


class Tables:
    """The tables of one entry as they grow; ``spread``: lists of objects go into the columns of their row (FHIR)."""

    def __init__(self, job: Job, *, spread: bool = False) -> None:
        self._job = job
        self._spread = spread
        self._tables: dict[str | None, _Table] = {}

    def __bool__(self) -> bool:
        return bool(self._tables)

    def add(self, name: str | None, found: Values, *, own: str = VALUE) -> Iterator[Made]:
        """Adds rows of a collection; values that are no objects stand in a column ``own``."""
        table = self._table(name, None)
        rows = [_row(v, own) for v in found.values]
        table.note(found)
        self._rows(table, rows)
        table.nbytes += found.size
        for each in tuple(self._tables.values()):
            if each.nbytes >= self._job.options.limits.segment_bytes:
                yield each.made()

    def rest(self) -> Iterator[Made]:
        """What no segment had yet; tables in the order in which they began."""
        for table in self._tables.values():
            if table.pending:
                yield table.made()

    def _table(self, name: str | None, parent: str | None) -> _Table:
        if name not in self._tables:
            known = list(self._job.known(self._job.shape.kind, name))
            head = Head(name, self._job.shape, names=known, parent=parent, open_ended=True)
            self._tables[name] = _Table(head, self._job.options.limits.columns)
        return self._tables[name]

    def _rows(self, table: _Table, rows: list[Row]) -> None:
        columns: dict[str, list[Any]] = {}
        children: dict[str, list[Row]] = {}
        _Columns(columns, None if self._spread else children).objects("", rows, 0)
        table.add(columns, len(rows))
        for path, inner in children.items():
            name = f"{table.head.name}.{path}" if table.head.name else path
            child = self._table(name, table.head.name or "")
            child.counts.read += len(inner)
            self._rows(child, inner)
            child.nbytes += 32 * len(inner)


def _row(value: object, own: str) -> Row:
    if isinstance(value, dict):
        return value
    if isinstance(value, list) and not any(isinstance(v, dict) for v in value):
        return {f"{own}.{i}" if own else str(i): v for i, v in enumerate(value)}
    return {own: value}


class _Table:
    """One table: its columns so far, its rows since the last segment."""

    def __init__(self, head: Head, limit: int) -> None:
        self.head = head
        self.counts = RowCounts()
        self.nbytes = 0
        self._limit = limit
        self._known = set(head.names)
        self._index = {name: i for i, name in enumerate(head.names)}
        self._frames: list[pl.DataFrame] = []
        self._problems: Counter[str] = Counter()
        self._plain = True
        self._given = False

    @property
    def pending(self) -> bool:
        """Whether rows or problems wait, or nothing of the table was given yet."""
        return bool(self._frames or self._problems or self.counts.total or not self._given)

    def note(self, found: Values) -> None:
        """Counts the records of a batch."""
        rejected = found.bad + found.long
        self.counts.merge(RowCounts(read=len(found.values) - found.repaired, repaired=found.repaired, rejected=rejected))
        self._problems.update(
            bad_bytes=found.replaced,
            record_too_long=found.long,
            rows_rejected=rejected,
            segment_repaired=int(bool(found.repaired or found.odd)),
        )
        self._problems = +self._problems
        self._plain &= found.plain

    def add(self, columns: dict[str, list[Any]], rows: int) -> None:
        """Adds rows, given as their columns; the first ones tell whether it is the table that an earlier file began."""
        if self._known and rows:
            same = self._known & set(columns)
            if len(same) * 2 < min(len(self._known), len(columns)):
                self.head.open_ended = False
                self.head.names.clear()
                self._index.clear()
            self._known = set()
        for name in columns:
            if name not in self._index:
                if len(self.head.names) >= self._limit:
                    self._problems["too_many_columns"] = 1
                    continue
                self._index[name] = len(self.head.names)
                self.head.names.append(name)
        if rows:
            kept = {f"c{self._index[name]}": texts(cells) for name, cells in columns.items() if name in self._index}
            self._frames.append(pl.DataFrame(kept or {"c0": [None] * rows}, schema=dict.fromkeys(kept or ["c0"], pl.String)))

    def made(self) -> Made:
        """The rows that wait, as a segment."""
        schema = dict.fromkeys((f"c{i}" for i in range(max(1, len(self.head.names)))), pl.String)
        if not self.head.names:
            self.head.names.append("")
        empty = pl.DataFrame(schema=schema)
        frame = pl.concat([empty, *self._frames], how="diagonal").select(list(schema))
        made = Made(self.head, Rows(frame, self.counts, self._problems, self._plain), self.nbytes)
        self.counts, self._frames, self._problems, self.nbytes = RowCounts(), [], Counter(), 0
        self._plain, self._given = True, True
        return made


class _Columns:
    """Rows turned into columns, by their paths; ``children`` takes the lists of objects, or None leaves them in the columns."""

    def __init__(self, columns: dict[str, list[Any]], children: dict[str, list[Row]] | None) -> None:
        self._columns = columns
        self._children = children

    def objects(self, path: str, rows: Sequence[Row | None], depth: int) -> None:
        """The columns of objects that stand at ``path``; None where a row has none."""
        shapes = dict.fromkeys(tuple(row) if row is not None else None for row in rows)
        if len(shapes) == 1 and None not in shapes:
            names, cells = next(iter(shapes)) or (), zip(*[row.values() for row in rows if row is not None], strict=True)
            found: Iterator[tuple[str, Sequence[Any]]] = zip(names, cells, strict=True)
        else:
            names = tuple(dict.fromkeys(name for shape in shapes if shape for name in shape))
            found = ((name, [row.get(name) if row is not None else None for row in rows]) for name in names)
        source = not path and "_source" in names
        for name, values in found:
            hoisted = source and name == "_source"
            self._column(path if hoisted else f"{path}.{name}" if path else name, values, depth, hoisted=hoisted)

    def _column(self, path: str, values: Sequence[Any], depth: int, *, hoisted: bool = False) -> None:
        kinds = set(map(type, values))
        if dict in kinds:
            values = self._nested(path, values, depth, hoisted=hoisted)
        beside: dict[int, list[Any]] = {}
        if list in kinds:
            values = self._lists(path, values, depth, beside)
        taken = bool(kinds & {dict, list}) and not any(v is not None for v in values)
        if path not in self._columns:
            if not taken:
                self._columns[path] = list(values)
        else:
            self._columns[path] = [b if a is None else a for a, b in zip(self._columns[path], values, strict=True)]
        for place in sorted(beside):
            self._column(f"{path}.{place}", beside[place], depth + 1)

    def _nested(self, path: str, values: Sequence[Any], depth: int, *, hoisted: bool) -> list[Any]:
        """Takes the objects out of a column: to columns of their own, to a child table, or to the value they stand for."""
        plain = [_extended(v) if type(v) is dict else v for v in values]
        objects: list[Row | None] = [v if type(v) is dict and v else None for v in plain]
        if depth >= DEPTH:
            return [_json(v) if type(v) in (dict, list) else v for v in plain]
        if self._children is not None and not hoisted:
            for i, value in enumerate(objects):
                if value is not None and keyed(value):
                    self._children.setdefault(path, []).extend(records(value))
                    objects[i] = None
        if any(v is not None for v in objects):
            self.objects("" if hoisted else path, objects, depth + 1)
        return [None if type(v) is dict else v for v in plain]

    def _lists(self, path: str, values: Sequence[Any], depth: int, beside: dict[int, list[Any]]) -> list[Any]:
        """Takes the lists out of a column: objects in them are rows of a child table, values stand ``beside`` the first."""
        first: list[Any] = list(values)
        for i, value in enumerate(values):
            if type(value) is not list:
                continue
            inner = [_extended(v) if type(v) is dict else v for v in value]
            if self._children is not None and any(type(v) is dict for v in inner):
                self._children.setdefault(path, []).extend(_row(v, "value") for v in inner)
                first[i] = None
            elif len(inner) > LISTED or any(type(v) is list for v in inner):
                first[i] = _json(inner)
            else:
                first[i] = inner[0] if inner else None
                for place, v in enumerate(inner[1:], 1):
                    beside.setdefault(place, [None] * len(values))[i] = v
        if any(type(v) is dict for v in first):
            first = self._nested(path, first, depth, hoisted=False)
        return first


def _extended(value: Row) -> Any:  # noqa: ANN401 - what MongoDB's extended JSON writes as an object may be any scalar
    """The value that an object of MongoDB's extended JSON stands for: ``{"$oid": "…"}``; others stay."""
    if len(value) != 1:
        return value
    (name, inner), *_ = value.items()
    if not name.startswith("$"):
        return value
    if type(inner) is dict:
        inner = inner.get("base64", _extended(inner))
    if name == "$date" and _WHOLE.fullmatch(str(inner)):
        return _moment(int(inner))
    return inner


def _moment(milliseconds: int) -> str:
    made = (
        pl.Series([milliseconds]).cast(pl.Datetime("ms"), strict=False).dt.to_string("iso:strict") if abs(milliseconds) < 1 << 53 else None
    )
    return str(made[0]) if made is not None else str(milliseconds)


def _json(value: object) -> str:
    try:
        return msgspec.json.encode(value).decode()
    except (RecursionError, msgspec.MsgspecError):
        return "[]"


def texts(values: Sequence[Any]) -> list[str | None]:
    """The values as cells: texts stay, numbers and truth values as JSON writes them, null is an empty cell."""
    kinds = set(map(type, values))
    if kinds <= {str, type(None)}:
        return list(values)
    return [v if v is None or type(v) is str else str(v).lower() if type(v) is bool else _text(v) for v in values]


def _text(value: object) -> str:
    return _json(value) if isinstance(value, dict | list) else str(value)
