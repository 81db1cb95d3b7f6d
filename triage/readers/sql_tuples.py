"""Rows of INSERT, ``(1,'a'),(2,'b')``, to a frame of string columns.

The fast lane rewrites what stands between values and between rows to single bytes that occur nowhere else, by
``bytes.replace``, and gives the whole to polars' CSV parser, with the SQL quote as its quote. What was rewritten inside
strings is put back in the cells, and the ``N`` that SQL Server writes before strings is taken off first. The lane holds
when it can be proved, by counting bytes: as no row can have too many values, every row is whole when separators and
quotes of the bytes equal those the cells account for. What has no such proof (other prefixes and calls, damage) is read
value by value.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import NamedTuple

import polars as pl

from triage.readers import OVERFLOW, Rows, sql_casts
from triage.readers.parse import MAGIC
from triage.tally import RowCounts

_INNER = rb"[^()'\"]|'(?:[^']|'')*+'|\"(?:[^\"]|\"\")*+\""
_DEEP = rb"\((?:" + _INNER + rb"|\((?:" + _INNER + rb"|\((?:" + _INNER + rb")*+\))*+\))*+\)"
_STRING = rb"(?:\b(?:[NnEeXxBb]|_\w+)\s*+)?'(?P<single>(?:[^']|'')*+)'"
_VALUE = (
    rb"\s*+(?:(?:" + _STRING + rb"|\"(?P<double>(?:[^\"]|\"\")*+)\")(?:\s*+::[\w .\[\]\"]++|\s++COLLATE\s++\w++|\s++)?"
    rb"|(?P<bare>(?:[^'\"(),]|" + _DEEP + rb"|'(?:[^']|'')*+')*+))(?P<end>[,)])"
)
VALUE = re.compile(_VALUE)
_LITERAL = re.compile(rb"'((?:[^']|'')*+)'")
_BETWEEN = re.compile(rb"\s*+,\s*+")
_COMMENT = re.compile(rb"(?:\s++|--[^\n]*+\n|/\*.*?\*/)*+", re.DOTALL)
_FREE = tuple(bytes([b]) for b in (0x1F, 0x1E, 0x1C, 0x1B, 0x19, 0x18, 0x17, 0x16))


class Layout(NamedTuple):
    """``width`` values a row; ``kept`` of them; ``head`` is the INSERT the rows stand under."""

    width: int
    kept: int
    head: bytes
    quote: bytes

    @property
    def columns(self) -> list[str]:
        """Our names of the kept columns."""
        return [f"c{i}" for i in range(self.kept)]


class Style(NamedTuple):
    """How rows are written: between values, and everything that stands between rows."""

    values: bytes
    rows: tuple[bytes, ...]


def width(body: bytes) -> int:
    """The values of the first row."""
    count, at = 1, 1
    while (value := VALUE.match(body, at)) is not None and value["end"] == b",":
        count, at = count + 1, value.end()
    return count


def read(body: bytes, layout: Layout, *, suspect: bool, last: bool) -> Rows:
    """The rows: by the fast lane, else value by value; ``last``: the file breaks off inside these rows."""
    problems: Counter[str] = Counter()
    body = sql_casts.undone(body)
    frame = None if suspect else bulk(body, layout)
    if frame is None and not suspect and not _is_utf8(body):
        text = body.decode("utf-8", "replace")
        problems["bad_bytes"] = text.count("\ufffd") - body.count("\ufffd".encode())
        body = text.encode()
        frame = bulk(body, layout)
    if frame is not None:
        return Rows(frame, RowCounts(read=frame.height), problems)
    rows = one_by_one(body, layout, last=last)
    return rows._replace(problems=rows.problems + problems)


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode()
    except UnicodeDecodeError:
        return False
    return True


# --- the fast lane


def style(body: bytes, layout: Layout) -> Style | None:
    """How these rows are written, from the first of them; None where it begins with a blank."""
    first = VALUE.match(body, 1)
    if first is None or body[1:2].isspace():
        return None
    values = b","
    if first["end"] == b",":
        between = _BETWEEN.match(body, first.end() - 1)
        values = between[0] if between else b","
    head = re.escape(layout.head)
    kinds = (re.compile(rb"\)\s*+,\s*+\("), re.compile(rb"\)\s*+;?\s*+" + head + rb"\s*+\(", re.IGNORECASE))
    found = [m[0] for kind in kinds if (m := kind.search(body))]
    return Style(values, tuple(dict.fromkeys([*found, b"),("])))


def bulk(body: bytes, layout: Layout) -> pl.DataFrame | None:
    """The rows by polars, when every one of them can be proved whole; else None."""
    free = [b for b in _FREE if b not in body]
    how = style(body, layout) if len(free) > 1 and not body.startswith(MAGIC, 1) else None
    if how is None or layout.kept < layout.width or not body.endswith(b")"):
        return None
    eol, mark = free[0], free[1] if how.values != b"," else b","
    data = body[1:-1]
    met = [between for between in how.rows if between in data]
    for between in met:
        data = data.replace(between, eol)
    if mark != b",":
        data = data.replace(how.values, mark)
    data = _without_prefixes(data, mark, eol)
    frame = _scanned(data, layout, mark.decode(), eol.decode())
    if frame is None or not _proved(data, frame, layout, mark, eol):
        return None
    inside = data.count(eol) + 1 - frame.height
    if inside and len(met) != 1:
        return None
    return _put_back(frame, {eol: met[0] if met else b"", mark: how.values} if inside or mark != b"," else {})


def _without_prefixes(data: bytes, mark: bytes, eol: bytes) -> bytes:
    """The values without the ``N`` before their strings; as they were where one of them may stand inside a string."""
    if b"N'" not in data:
        return data
    data = eol + data + eol
    before = (mark + b"N'", eol + b"N'")
    for start in before:
        empty = start + b"'"
        if data.count(empty) != data.count(empty + mark) + data.count(empty + eol):
            return data[1:-1]
    for start in before:
        data = data.replace(start, start[:1] + b"'")
    return data[1:-1]


def _scanned(data: bytes, layout: Layout, mark: str, eol: str) -> pl.DataFrame | None:
    schema = dict.fromkeys(layout.columns, pl.String)
    try:
        lazy = pl.scan_csv(
            data,
            separator=mark,
            quote_char=layout.quote.decode(),
            eol_char=eol,
            has_header=False,
            schema=schema,
            infer_schema=False,
        )
        return lazy.collect()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None


def _proved(data: bytes, frame: pl.DataFrame, layout: Layout, mark: bytes, eol: bytes) -> bool:
    """Whether separators, row ends and quotes of the bytes are those of the cells.

    A quoted value has two quotes and two for each quote inside; one that begins with something else (``N'a'``) would keep
    its quotes in the cell, and the sum would not come out.
    """
    if frame.to_series(layout.width - 1).null_count():
        return False
    quote = layout.quote
    quotes, opened = data.count(quote), data.startswith(quote) + data.count(mark + quote) + data.count(eol + quote)
    rows, marks = data.count(eol) + 1, data.count(mark)
    whole = rows == frame.height and marks == rows * (layout.width - 1)
    if whole and quotes == 2 * opened:
        return True
    inner = _counted(frame, quote, mark + quote, eol + quote, mark, eol)
    return (
        quotes - 2 * opened == 2 * (inner[0] - inner[1] - inner[2])
        and marks - inner[3] == frame.height * (layout.width - 1)
        and rows - inner[4] == frame.height
    )


def _counted(frame: pl.DataFrame, *patterns: bytes) -> tuple[int, ...]:
    """How often each pattern occurs in all cells."""
    every = pl.all()
    counts = [sum(frame.select(every.str.count_matches(p.decode(), literal=True).sum()).row(0)) for p in patterns]
    return tuple(int(n) for n in counts)


def _put_back(frame: pl.DataFrame, marks: dict[bytes, bytes]) -> pl.DataFrame:
    """The cells with what stood there before it was taken for a separator."""
    for mark, text in marks.items():
        sign = mark.decode()
        if sign == ",":
            continue
        held = [c for c in frame.columns if frame[c].str.contains(sign, literal=True).any()]
        frame = frame.with_columns(pl.col(held).str.replace_all(sign, text.decode(), literal=True)) if held else frame
    return frame


# --- value by value


def one_by_one(body: bytes, layout: Layout, *, last: bool) -> Rows:
    """The rows by a pattern a value; what cannot be one is rejected, and reading goes on at the next row."""
    between = re.compile(rb"\s*+(?:,|;?\s*+" + re.escape(layout.head) + rb")\s*+(?=\()", re.IGNORECASE)
    again = re.compile(rb"\)" + between.pattern, re.IGNORECASE)
    rows: list[list[str | None]] = []
    rejected, truncated, at = 0, 0, 0
    while at < len(body):
        row, end = _row(body, at)
        after = between.match(body, end) if row is not None else None
        if row is not None and (after is not None or not body[end:].strip(b" \t\r\n;")):
            rows.append(row)
            at = after.end() if after else len(body)
            continue
        found = again.search(body, at + 1)
        truncated = int(found is None and last)
        rejected += 1
        at = found.end() if found else len(body)
    return _framed(rows, layout, rejected, truncated)


def _row(body: bytes, start: int) -> tuple[list[str | None] | None, int]:
    """The values of the row whose parenthesis is at ``start``, and where it ends; None where it is none."""
    if body[start : start + 1] != b"(":
        return None, start
    row: list[str | None] = []
    at = start + 1
    while True:
        blank = _COMMENT.match(body, at)
        value = VALUE.match(body, blank.end() if blank else at)
        if value is None:
            return None, at
        row.append(_cell(value))
        at = value.end()
        if value["end"] == b")":
            return row, at


def _cell(value: re.Match[bytes]) -> str | None:
    for name, quote in (("single", b"'"), ("double", b'"')):
        if (text := value[name]) is not None:
            return text.replace(quote * 2, quote).decode("utf-8", "replace")
    bare = value["bare"].strip()
    literal = _LITERAL.search(bare)
    if literal is not None:  # CAST(N'2020-01-31' AS Date), TO_DATE('31/01/2020', …): the value is the first string
        return literal[1].replace(b"''", b"'").decode("utf-8", "replace")
    return None if bare.upper() == b"NULL" else bare.decode("utf-8", "replace")


def _framed(rows: list[list[str | None]], layout: Layout, rejected: int, truncated: int) -> Rows:
    width = layout.width
    long = sum(len(r) > width for r in rows)
    short = sum(len(r) < width for r in rows)
    columns = {name: [r[i] if i < len(r) else None for r in rows] for i, name in enumerate(layout.columns)}
    if long:
        columns[OVERFLOW] = [",".join(c or "" for c in r[width:]) if len(r) > width else None for r in rows]
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    counts = RowCounts(read=len(rows) - long, repaired=long, rejected=rejected, short=short, long=long)
    problems = Counter(rows_rejected=rejected, rows_short=short, rows_long=long, truncated=truncated, segment_repaired=int(rejected > 0))
    return Rows(frame, counts, +problems)
