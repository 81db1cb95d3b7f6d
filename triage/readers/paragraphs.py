"""What documents give: their paragraphs or pages as one table of text, each of their tables as a table of its own."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import msgspec

from triage.readers.jsonscan import Values
from triage.readers.jsontable import Tables

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage.readers import Job, Made

Grid = list[list[str]]


def segments(job: Job, kind: str, texts: Sequence[str], grids: Sequence[Grid] = ()) -> Iterator[Made]:
    """The segments of a document; the text has no name, its tables are ``table 1``, ``table 2`` and so on."""
    tables = Tables(replace(job, shape=msgspec.structs.replace(job.shape, kind=kind, format=kind)))
    kept = [text for text in texts if text.strip()]
    yield from tables.add(None, Values([{"": text} for text in kept], sum(map(len, kept)), plain=False))
    for number, grid in enumerate(grids, 1):
        rows = [row for row in grid if any(cell.strip() for cell in row)]
        if rows:
            yield from tables.add(f"table {number}", Values(_named(rows), sum(len("".join(row)) for row in rows), plain=False))
    yield from tables.rest()


def _named(rows: Grid) -> list[dict[str, str]]:
    """Rows under the names of the first one, where it can be names: no cell of it empty, twice, or a number."""
    first = [cell.strip() for cell in rows[0]]
    named = len(rows) > 1 and all(first) and len(set(first)) == len(first) and not any(c.isdigit() for cell in first for c in cell)
    names = first if named else [str(i) for i in range(max(map(len, rows)))]
    names += [str(i) for i in range(len(names), max(map(len, rows)))]
    return [dict(zip(names, row, strict=False)) for row in rows[named:]]
