"""Columnar files, which polars reads by slices of rows: what a slice lacks is told, and all cells become text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, TypeAlias

import msgspec
import polars as pl

from triage import exhausted
from triage.entry import EntryError
from triage.readers import Head, Made, Rows
from triage.tally import RowCounts

if TYPE_CHECKING:
    import io

    from triage.entry import Entry
    from triage.readers import Job

Source: TypeAlias = "str | io.BufferedReader | io.BytesIO"
Scan: TypeAlias = Callable[[], pl.LazyFrame]

_CELLS = 1 << 21  # of a segment


def source(entry: Entry, stream: io.BufferedReader | io.BytesIO) -> Source:
    """What polars opens: the file where there is one, else the stream."""
    descriptor = entry.descriptor()
    return f"/proc/self/fd/{descriptor}" if descriptor is not None else stream


def anew(source: Source) -> Source:
    """The same, at its beginning."""
    if not isinstance(source, str):
        source.seek(0)
    return source


def segments(job: Job, scan: Scan, size: int) -> Iterator[Made]:
    """The segments of the one table of a file of ``size`` bytes; ``scan`` begins to read it anew."""
    names, rows = _schema(scan, size * job.options.limits.rows_per_byte)
    kept = names[: job.options.limits.columns]
    head = Head(None, job.shape, names=list(kept))
    problems = Counter({"too_many_columns": 1} if len(names) > len(kept) else {})
    step = max(1, _CELLS // max(1, len(kept)))
    for start in range(0, max(rows, 1), step):
        frame, lost = _slice(scan, kept, start, step)
        problems["columns_unread"] += lost
        nbytes = size * frame.height // max(1, rows)
        yield Made(head, Rows(frame, RowCounts(read=frame.height), +problems), nbytes)
        problems = Counter()


def _schema(scan: Scan, most: int) -> tuple[list[str], int]:
    try:
        names = scan().collect_schema().names()
        rows = int(scan().select(pl.len()).collect().item())
    except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - polars raises whatever damage makes of it
        raise EntryError(exhausted.code(error, "corrupt")) from None
    if rows > most:
        raise EntryError("ratio")
    return names, rows


def _slice(scan: Scan, names: list[str], start: int, step: int) -> tuple[pl.DataFrame, int]:
    """Rows of the table as text, and how many columns could not be read: those are empty."""
    try:
        frame = scan().select(names).slice(start, step).collect()
        return pl.DataFrame({f"c{i}": _text(frame.to_series(i)) for i in range(frame.width)}), 0
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - as above
        columns = {f"c{i}": _column(scan, name, start, step) for i, name in enumerate(names)}
    sound = {name: column for name, column in columns.items() if column is not None}
    if not sound:
        raise EntryError("corrupt")
    height = max(len(column) for column in sound.values())
    empty = pl.Series([None] * height, dtype=pl.String)
    return pl.DataFrame({name: empty if column is None else column for name, column in columns.items()}), len(columns) - len(sound)


def _column(scan: Scan, name: str, start: int, step: int) -> pl.Series | None:
    try:
        return _text(scan().select(name).slice(start, step).collect().to_series())
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - as above
        return None


def _text(series: pl.Series) -> pl.Series:
    """A column as text: simple lists joined as a cell would hold them, what is nested as JSON, bytes as text or hexadecimal."""
    kind = series.dtype
    if isinstance(kind, pl.List) and not kind.inner.is_nested() and kind.inner != pl.Binary:
        return series.cast(pl.List(pl.String)).list.join("|", ignore_nulls=True)
    if kind.is_nested() or isinstance(kind, pl.Object) or "Map" in str(kind):
        return pl.Series([None if v is None else _json(v) for v in series.to_list()], dtype=pl.String)
    if kind == pl.Binary:
        try:
            return series.cast(pl.String)
        except pl.exceptions.PolarsError:
            return series.bin.encode("hex")
    return series.cast(pl.String, strict=False)


def _json(value: object) -> str:
    return msgspec.json.encode(value, enc_hook=str).decode()
