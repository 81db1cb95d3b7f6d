"""JSON: pages of an interface, as they are saved one by one, and one object a line."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

from triage.samples.recipe import Column, File, RecipeError, Table
from triage.samples.table import Block
from triage.samples.writers import Part, writer

_NUMBERS: dict[str, Callable[[str], Any]] = {"int": int, "double": float, "boolean": lambda text: text in {"1", "true", "O"}}
_FACTS: dict[str, Any] = {"encoding": "utf-8", "delimiter": None, "newline": None, "quote": None, "header": True}


def _tells_pages(file: File, table: Table) -> dict[str, Any]:
    if file.options or file.tables != (table.name,):
        raise RecipeError(f"file {file.path}: pages hold one table, without options")
    return {"table": "data", **_FACTS}


def _tells_lines(file: File, table: Table) -> dict[str, Any]:
    if file.options or table.name != file.tables[0] != table.inside:
        raise RecipeError(f"file {file.path}: lines hold one table and those inside it, without options")
    return {"table": table.at or None, **_FACTS}


@writer("json_pages", _tells_pages)
def pages(part: Part) -> Iterator[bytes]:
    """``{"data": […], "meta": {…}}``."""
    (table,) = part.file.tables
    rows = [row for block in part.blocks(table) for row in _objects(part, table, block)]
    meta = {"page": part.part, "total_pages": part.parts, "count": len(rows)}
    yield json.dumps({"data": rows, "meta": meta}, ensure_ascii=False).encode()


@writer("json_lines", _tells_lines)
def lines(part: Part) -> Iterator[bytes]:
    """One object a line, rows of other tables inside it."""
    table = part.file.tables[0]
    for block in part.blocks(table):
        yield "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _objects(part, table, block)).encode()


def _objects(part: Part, table: str, block: Block) -> list[dict[str, Any]]:
    """The rows of a block as nested objects."""
    columns = part.columns(table)
    made = [_object(columns, cells) for cells in block.cells.rows()]
    for name, inside in block.children.items():
        for at, row in zip(inside.at.to_list(), _objects(part, name, inside.block), strict=True):
            made[at].setdefault(part.table(name).at, []).append(row)
    return made


def _object(columns: tuple[Column, ...], cells: tuple[str | None, ...]) -> dict[str, Any]:
    """A dotted name is an object inside; an empty cell is ``null``."""
    made: dict[str, Any] = {}
    for column, cell in zip(columns, cells, strict=True):
        *path, last = column.name.split(".")
        inner = made
        for step in path:
            inner = inner.setdefault(step, {})
        inner[last] = cell if cell is None else _NUMBERS.get(column.type, str)(cell)
    return made
