"""Delimited text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Literal

import msgspec
import polars as pl

from triage.samples.cast import Cast
from triage.samples.recipe import File, RecipeError, Table
from triage.samples.table import Block
from triage.samples.writers import Part, writer


class Dialect(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``quote`` is empty where nothing is quoted; ``empty_quoted``: share of empty cells written ``""``."""

    encoding: str = "utf-8"
    delimiter: str = ";"
    newline: Literal["\n", "\r\n", "\r"] = "\n"
    quote: str = '"'
    header: bool = True
    empty_quoted: float = 0.0


# What the byte-order mark is to the first line only.
_MARKED = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}


def dialect(file: File) -> Dialect:
    """The options of the file; RecipeError when one is unknown."""
    try:
        return msgspec.convert(file.options, Dialect)
    except msgspec.ValidationError as error:
        raise RecipeError(f"file {file.path}: {error}") from None


def _tells(file: File, _table: Table) -> dict[str, Any]:
    told = dialect(file)
    return {"table": None, **{name: getattr(told, name) for name in ("encoding", "delimiter", "newline", "quote", "header")}}


@writer("delimited", _tells)
def delimited(part: Part) -> Iterator[bytes]:
    """The header, then a line a row."""
    told = dialect(part.file)
    rest = _MARKED.get(told.encoding, told.encoding)
    (table,) = part.file.tables
    header = told.delimiter.join(column.name for column in part.columns(table)) + told.newline
    yield (header if told.header else "").encode(told.encoding)
    for block in part.blocks(table):
        if len(block.cells):
            yield (told.newline.join(_lines(told, block)) + told.newline).encode(rest)


def _lines(told: Dialect, block: Block) -> list[str]:
    written = [_written(told, block.cast, block.cells[name]) for name in block.cells.columns]
    lines = pl.select(pl.concat_str(written, separator=told.delimiter)).to_series()
    return (lines + told.delimiter + block.extra).zip_with(block.extra.is_not_null(), lines).to_list()


def _written(told: Dialect, cast: Cast, cells: pl.Series) -> pl.Series:
    """One column as it stands in the file: quoted where it must be, some empty cells ``""``."""
    quote = told.quote
    if not quote:
        return cells.fill_null("")
    needed = cells.str.contains_any([told.delimiter, quote, "\n", "\r"]).fill_null(value=False)
    empty = cast.world.draws.chance(f"{cells.name} empty quoted", cast.visits, told.empty_quoted)
    blank = pl.Series([quote * 2]).new_from_index(0, len(cells)).zip_with(empty, pl.Series([""]).new_from_index(0, len(cells)))
    if needed.any():
        cells = (quote + cells.str.replace_all(quote, quote + quote, literal=True) + quote).zip_with(needed, cells)
    return cells.zip_with(cells.is_not_null(), blank)
