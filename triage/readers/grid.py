"""Rows that a library gives as lists of cells: made into segments, with the header found or given."""

from __future__ import annotations

from collections import Counter
from itertools import chain, islice
from typing import TYPE_CHECKING

import polars as pl

from triage.readers import OVERFLOW, Head, Made, Rows
from triage.sniff import dialect, header
from triage.sniff.records import Dialect, Record
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage.readers import Job

    Cells = list[str | None]

_LOOKED = 200  # rows from which header and width are found
_CELLS = 1 << 20  # of a segment
_PER_CELL = 12  # bytes of evidence a cell stands for, about


def table(job: Job, head: Head, rows: Iterable[Cells], top: RowCounts | None = None) -> Iterator[Made]:
    """The segments of a table whose columns are known; a row without any cell filled is blank, no record.

    Cells beyond the last column go to the overflow column, as in delimited text: one far out must not make thousands.
    """
    width = len(head.names)
    kept = min(width, job.options.limits.columns)
    problems = Counter({"too_many_columns": 1} if width > kept else {})
    head.names[kept:] = []
    schema = dict.fromkeys((f"c{i}" for i in range(kept)), pl.String)
    height = max(1, _CELLS // max(1, kept))
    source, counts, first = iter(rows), top or RowCounts(), True
    while (batch := list(islice(source, height))) or first:
        filled = [r for r in batch if any(r)]
        long = sum(len(r) > width for r in filled)
        counts.merge(RowCounts(read=len(filled), blank=len(batch) - len(filled), long=long))
        problems["rows_long"] += long
        columns = {name: [r[i] if i < len(r) else None for r in filled] for i, name in enumerate(schema)}
        frame = pl.DataFrame(columns, schema=schema)
        if long:
            extra = ["\t".join(c for c in r[width:] if c) or None for r in filled]
            frame = frame.with_columns(pl.Series(OVERFLOW, extra, dtype=pl.String))
        yield Made(head, Rows(frame, counts, +problems), len(filled) * kept * _PER_CELL)
        counts, problems, first = RowCounts(), Counter(), False


def sheet(job: Job, name: str | None, rows: Iterable[Cells]) -> Iterator[Made]:
    """The segments of a sheet, whose header stands somewhere near its top or not at all; none of one without a cell."""
    source = (_trimmed(r) for r in rows)
    looked = list(islice(source, _LOOKED))
    while looked and not any(looked):
        looked = list(islice(source, _LOOKED))
    if not looked:
        return
    widths = Counter(len(r) for r in looked if r)
    width = max(widths, key=lambda w: (widths[w], w))
    records = [Record(r, i + 1, odd=False) for i, r in enumerate(looked)]
    found = dialect.Found(Dialect("\t", None, width), records, "\n" * len(records), tabular=width > 1 or len(widths) > 1)
    top = header.find(found, job.options.reading.header, job.options.limits.columns)
    start = top.preamble
    while start < len(looked) and not looked[start]:
        start += 1
    names = [*top.names, *[""] * (top.width - len(top.names))]
    blank = sum(not r for r in looked[:start])
    counts = RowCounts(header=int(top.header), preamble=start - blank, blank=blank)
    head = Head(name, job.shape, names=names)
    yield from table(job, head, chain(looked[start + int(top.header) :], source), counts)


def _trimmed(row: Cells) -> Cells:
    end = len(row)
    while end and not row[end - 1]:
        end -= 1
    return row[:end]
