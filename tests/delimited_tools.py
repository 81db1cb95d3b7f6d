"""Writing and reading delimited text in tests: a writer of our own, since csv.writer knows neither None nor ``||``."""

from __future__ import annotations

import io
from collections import Counter
from dataclasses import dataclass

import polars as pl

from triage.limits import Limits
from triage.options import Reading
from triage.readers import OVERFLOW
from triage.readers.delimited import cut
from triage.sniff import Shape, sniff
from triage.tally import RowCounts

Cell = str | None


@dataclass
class Table:
    """A table read to its end."""

    shape: Shape
    rows: list[list[Cell]]
    extra: list[Cell]
    counts: RowCounts
    problems: Counter
    segments: int
    lines: RowCounts


def written(rows: list[list[Cell]], delimiter: str, newline: str = "\n", quote: str | None = '"', *, every: bool = False) -> str:
    """The rows as RFC 4180 writes them; ``every`` cell quoted but the empty ones, or only those that need it."""

    def cell(value: Cell) -> str:
        if value is None:
            return ""
        if quote is None:
            return value
        needs = not value or any(c in value for c in (*delimiter, quote, "\n", "\r"))
        return quote + value.replace(quote, quote * 2) + quote if every or needs else value

    return "".join(delimiter.join(cell(c) for c in row) + newline for row in rows)


def shape_of(width: int, delimiter: str | None = ";", **changes) -> Shape:
    return Shape(kind="csv", format="csv", delimiter=delimiter, width=width, names=("",) * width, **{"quote": '"', **changes})


def read(data: bytes, shape: Shape, reading: Reading | None = None, **limits: int) -> Table:
    """The table of ``data`` in a known shape."""
    bounds = Limits().with_values(limits)
    counts, problems, frames = RowCounts(), Counter(), []
    for segment in cut(io.BytesIO(data), shape, bounds, reading):
        rows = segment.read()
        assert rows.frame.height == rows.counts.read + rows.counts.repaired
        assert all(kind == pl.String for kind in rows.frame.schema.values())
        counts.merge(rows.counts)
        problems += rows.problems
        frames.append(rows.frame)
    columns = [f"c{i}" for i in range(min(shape.width, bounds.columns))]
    every = pl.concat(frames, how="diagonal") if frames else pl.DataFrame(schema=dict.fromkeys(columns, pl.String))
    extra = every[OVERFLOW].to_list() if OVERFLOW in every.columns else [None] * every.height
    cells = [list(row) for row in every.select(columns).rows()]
    return Table(shape, cells, extra, counts, problems, len(frames), counts)


def sniffed(data: bytes, reading: Reading | None = None) -> Shape:
    return sniff(data, reading or Reading(), Limits(), whole=True)


def opened(data: bytes, reading: Reading | None = None, **limits: int) -> Table:
    """The table of ``data`` as it is found."""
    return read(data, sniffed(data, reading), reading or Reading(), **limits)
