"""The careful lane: a piece that polars cannot read, or cannot be proved to have read, line by line.

Whole tables are ragged in practice, so the lines that are records by themselves are still read in one go by polars
expressions; only those that open a quote without closing it, or use one strangely, are split one by one.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from triage.readers import OVERFLOW, Rows
from triage.readers.parse import scan, separator
from triage.sniff.records import Record, Splitter
from triage.tally import RowCounts

if TYPE_CHECKING:
    from triage.readers.parse import Layout

_REPLACED = "\ufffd".encode()
_FOOT = re.compile(r"\x1a|\(?\d+ (?:rows?|lignes?|records?|enregistrements?)\b.{0,40}", re.IGNORECASE)
_AT, _FIELDS, _ODD = "_at", "_fields", "_odd"


def repair(data: bytes, layout: Layout, *, last: bool = False) -> Rows:
    """Every record of the piece, whatever its state; ``last`` when the file ends with it."""
    text = data.decode("utf-8", "replace")
    problems = Counter({"bad_bytes": text.count("\ufffd") - data.count(_REPLACED)})
    feet = 0
    if last and layout.dialect.delimiter:
        text, feet = without_feet(text)
    quote = layout.dialect.quote
    rows = _quoted(text, layout) if quote and quote in text else _split(_lines(text), layout)
    counts = _counts(rows[_FIELDS], rows[_ODD], layout)
    counts.footer = feet
    rows = rows.filter(pl.col(_FIELDS) > 0)
    if last and not text.endswith("\n") and counts.total > 1 and rows[_FIELDS][-1] < layout.width:
        problems["truncated"] = 1
    return Rows(_finished(rows, layout, counts.long), counts, +problems)


def _counts(fields: pl.Series, odd: pl.Series, layout: Layout) -> RowCounts:
    """Rows by state; a row is repaired when it was split strangely or lost its surplus to the overflow column.

    Of a table with more columns than the limit only the first are looked at: its rows are neither short nor long.
    """
    whole = layout.kept == layout.width
    long = (fields > layout.width) & whole
    short = (fields > 0) & (fields < layout.width) & whole
    blank, repaired = int((fields == 0).sum()), int((long | odd).sum())
    return RowCounts(read=len(fields) - blank - repaired, repaired=repaired, short=int(short.sum()), long=int(long.sum()), blank=blank)


def _finished(rows: pl.DataFrame, layout: Layout, long: int) -> pl.DataFrame:
    """The kept columns, and the surplus where there is one."""
    return rows.select(*layout.columns, *([OVERFLOW] if long else []))


def without_feet(text: str) -> tuple[str, int]:
    """The text before the lines a client writes under a result, such as ``(491840 rows)``; and how many they are."""
    feet = 0
    while True:
        body = text.rstrip("\r\n")
        start = body.rfind("\n") + 1
        if not start or not _FOOT.fullmatch(body, start):
            return text, feet
        text, feet = text[:start], feet + 1


def _lines(text: str) -> pl.DataFrame:
    """Shape (lines, 3): the line's number, the line without its CR, and the position it begins at."""
    lines = text.split("\n")
    if not lines[-1]:
        lines.pop()
    raw = pl.col("line")
    return (
        pl.DataFrame({"line": lines}, schema={"line": pl.String})
        .with_row_index(_AT)
        .with_columns(raw.str.strip_suffix("\r"), start=(raw.str.len_chars().cast(pl.Int64) + 1).cum_sum().shift(1, fill_value=0))
    )


def _split(lines: pl.DataFrame, layout: Layout) -> pl.DataFrame:
    """Lines without quoting to rows, by expressions alone; delimiters of any length."""
    delimiter, line = layout.dialect.delimiter, pl.col("line")
    if not delimiter:
        only, none = _filled("line").alias(layout.columns[0]), pl.lit(None, pl.String).alias(OVERFLOW)
        return lines.select(_AT, only, none, pl.lit(1, pl.Int64).alias(_FIELDS), pl.lit(value=False).alias(_ODD))
    names = [*layout.columns, OVERFLOW]
    blank = line.eq("") & (layout.width > 1)
    fields = pl.when(blank).then(0).otherwise(line.str.count_matches(delimiter, literal=True).cast(pl.Int64) + 1)
    cells = line.str.splitn(delimiter, len(names)).struct.rename_fields(names)
    rows = lines.select(_AT, cells.alias("cells"), fields.alias(_FIELDS), pl.lit(value=False).alias(_ODD)).unnest("cells")
    return rows.with_columns(_filled(name) for name in layout.columns)


def _filled(name: str) -> pl.Expr:
    return pl.when(pl.col(name) != "").then(pl.col(name)).alias(name)


def _quoted(text: str, layout: Layout) -> pl.DataFrame:
    """Lines with quoting to rows, in the order of the file.

    Three kinds: lines where no field opens with a quote are split as they are (``5" pipe`` is text); whole records with
    quoted fields are given to polars together; the others are split one by one, with the lines they reach over.
    """
    lines = _lines(text)
    opening = re.escape(layout.dialect.delimiter or "") + "|^" if layout.dialect.delimiter else "^"
    lines = lines.with_columns(opens=lines["line"].str.contains(f"(?:{opening}){re.escape(layout.dialect.quote or '')}"))
    lines = lines.with_columns(_fields(lines, layout).alias(_FIELDS))
    taken, single = _one_by_one(text, lines, lines[_FIELDS] < 0, layout)
    free = lines.filter((pl.col(_FIELDS) >= 0) & ~pl.col(_AT).is_in(taken))
    whole = _together(free.filter("opens"), layout)
    if whole is None:
        return _one_by_one(text, lines, pl.Series([True]).new_from_index(0, lines.height), layout)[1]
    plain = _split(free.filter(~pl.col("opens")), layout)
    return pl.concat([plain, whole, single]).sort(_AT)


def _fields(lines: pl.DataFrame, layout: Layout) -> pl.Series:
    """The number of fields of lines that are records by themselves as RFC 4180 writes them; shape (lines,) of Int64.

    -1 for those that open a quote without closing it, use one strangely or are too long. Lines without an opening
    quote are counted when they are split: here they have the table's width.
    """
    delimiter, quote, width = layout.dialect.delimiter, re.escape(layout.dialect.quote or ""), layout.width
    fields = pl.Series([width], dtype=pl.Int64).new_from_index(0, lines.height)
    if not layout.fast:
        return fields.scatter(lines["opens"].arg_true(), -1)
    d = re.escape(delimiter or "")
    quoted = f"{quote}(?:[^{quote}]|{quote}{quote})*{quote}"
    field = f"(?:{quoted}|[^{quote}{d}]*)"
    other = (lines["opens"] & ~lines["line"].str.contains(f"^{field}(?:{d}{field}){{{width - 1}}}$")).arg_true()
    if not delimiter:
        return fields.scatter(other, -1)
    # Most lines are full; what remains can afford to be looked at twice.
    rest = lines["line"].gather(other)
    count = rest.str.replace_all(quoted, "").str.count_matches(delimiter, literal=True).cast(pl.Int64) + 1
    short = rest.str.contains(f"^{field}(?:{d}{field})*$") & (count < width)
    return fields.scatter(other, count.set(~short, -1))


def _together(lines: pl.DataFrame, layout: Layout) -> pl.DataFrame | None:
    """Whole lines to rows; ``None`` when polars does not give a row for each of them."""
    if not lines.height:
        return _split(lines, layout)
    # polars takes the number of columns from the first line, so it is given one that has them all.
    first = (layout.dialect.delimiter or "") * (layout.width - 1)
    data = "\n".join([first, *lines["line"], ""]).encode()
    mark = separator(layout, data)
    frame = scan(data, layout, layout.dialect.quote, mark) if mark else None
    if frame is None or frame.height != lines.height + 1:
        return None
    none, odd = pl.lit(None, pl.String).alias(OVERFLOW), pl.lit(value=False).alias(_ODD)
    return frame.slice(1).select(lines[_AT], *layout.columns, none, lines[_FIELDS], odd)


def _one_by_one(text: str, lines: pl.DataFrame, which: pl.Series, layout: Layout) -> tuple[list[int], pl.DataFrame]:
    """The records that begin at the lines ``which`` marks, and the numbers of all lines they span."""
    splitter = Splitter(layout.dialect, layout.reach)
    starts = lines["start"].to_list()
    taken: list[int] = []
    found: list[tuple[int, Record]] = []
    free = 0
    for at in which.arg_true():
        if at < free:
            continue
        record = splitter.record(text, starts[at])
        free = bisect_left(starts, record.end)
        taken.extend(range(at, free))
        found.append((at, record))
    return taken, _frame(found, layout)


def _frame(found: list[tuple[int, Record]], layout: Layout) -> pl.DataFrame:
    """Records to rows: short ones padded with null, the surplus of long ones joined."""
    kept, delimiter = layout.kept, layout.dialect.delimiter or ""
    columns: dict[str, list[str | None]] = {
        name: [r.cells[i] if i < len(r.cells) else None for _, r in found] for i, name in enumerate(layout.columns)
    }
    columns[OVERFLOW] = [delimiter.join(c or "" for c in r.cells[kept:]) if len(r.cells) > kept else None for _, r in found]
    schema: dict[str, type[pl.DataType]] = dict.fromkeys(columns, pl.String)
    marks = {
        _AT: pl.Series([at for at, _ in found], dtype=pl.get_index_type()),
        _FIELDS: pl.Series([len(r.cells) for _, r in found], dtype=pl.Int64),
        _ODD: pl.Series([r.odd for _, r in found], dtype=pl.Boolean),
    }
    return pl.DataFrame(columns, schema=schema).with_columns(**marks).select(_AT, *columns, _FIELDS, _ODD)
