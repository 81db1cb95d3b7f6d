"""Messages of segments, HL7 v2 and HPRIM Santé: a table a kind of segment, the first one with the others inside it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from triage.samples.recipe import Column, File, RecipeError, Table
from triage.samples.table import Block
from triage.samples.writers import Part, writer


class _Standard(NamedTuple):
    """The marks behind the first segment's name, the mark of components, and the first field after the marks."""

    marks: str
    component: str
    first: int
    encoding: str


_STANDARDS = {"MSH": _Standard("^~\\&", "^", 3, "utf-8"), "H": _Standard("~^\\&", "~", 2, "cp1252")}


def _tells(file: File, table: Table) -> dict[str, Any]:
    if file.options or file.tables[0] not in _STANDARDS or table.name != file.tables[0] != table.inside:
        raise RecipeError(f"file {file.path}: messages begin with MSH or H, and hold tables inside it, without options")
    if not all("place" in column.options for column in table.columns):
        raise RecipeError(f"table {table.name}: a column of a segment has a place, field and component")
    encoding = _STANDARDS[file.tables[0]].encoding
    return {"table": table.name, "encoding": encoding, "delimiter": None, "newline": None, "quote": None, "header": True}


@writer("segments", _tells)
def segments(part: Part) -> Iterator[bytes]:
    """A message a row of the first table: its segment, then those inside it."""
    first = part.file.tables[0]
    standard = _STANDARDS[first]
    for block in part.blocks(first):
        messages = [[line] for line in _lines(part.columns(first), block, first, standard)]
        for name in part.file.tables[1:]:
            inside = block.children[name]
            for at, line in zip(inside.at.to_list(), _lines(part.columns(name), inside.block, name, standard), strict=True):
                messages[at].append(line)
        yield "".join(f"{line}\r" for message in messages for line in message).encode(standard.encoding)


def _lines(columns: tuple[Column, ...], block: Block, kind: str, standard: _Standard) -> list[str]:
    places = [tuple(column.options["place"]) for column in columns]
    head, start = (f"{kind}|{standard.marks}", standard.first) if kind in _STANDARDS else (kind, 1)
    last = max(field for field, _ in places)
    lines = []
    for cells in block.cells.rows():
        told = dict(zip(places, cells, strict=True))
        fields = [_field(told, number, standard.component) for number in range(start, last + 1)]
        lines.append("|".join([head, *fields]))
    return lines


def _field(told: dict[tuple[int, int], str | None], number: int, mark: str) -> str:
    """The components of one field, those of no column empty."""
    parts = {part: cell or "" for (field, part), cell in told.items() if field == number}
    return mark.join(parts.get(part, "") for part in range(1, max(parts, default=0) + 1))
