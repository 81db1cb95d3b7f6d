"""Cells to lines of a dialect."""

from __future__ import annotations

from typing import BinaryIO

import polars as pl

from triage.samples.cast import Cast
from triage.samples.recipe import Dialect

# What the byte-order mark is to the first line only.
_MARKED = {"utf-8-sig": "utf-8"}


def header(stream: BinaryIO, dialect: Dialect, names: list[str]) -> None:
    """Writes the first line."""
    stream.write((dialect.delimiter.join(names) + dialect.newline).encode(dialect.encoding))


def rows(stream: BinaryIO, dialect: Dialect, cast: Cast, cells: pl.DataFrame) -> pl.Series:
    """Writes a block and returns its lines, without line ends."""
    lines = _lines(dialect, cast, cells)
    text = dialect.newline.join(lines.to_list()) + dialect.newline
    stream.write(text.encode(_MARKED.get(dialect.encoding, dialect.encoding)))
    return lines


def longer(dialect: Dialect, cast: Cast) -> pl.Series:
    """Which rows get one field too many."""
    return cast.world.draws.chance("extra field", cast.visits, dialect.extra_field)


def _lines(dialect: Dialect, cast: Cast, cells: pl.DataFrame) -> pl.Series:
    written = [_written(dialect, cast, cells[name]) for name in cells.columns]
    lines = pl.select(pl.concat_str(written, separator=dialect.delimiter)).to_series()
    extra = lines + dialect.delimiter + cast.world.draws.pick("extra word", cast.visits, ["x", "?", "NC", "0"])
    return extra.zip_with(longer(dialect, cast), lines)


def _written(dialect: Dialect, cast: Cast, cells: pl.Series) -> pl.Series:
    """One column as it stands in the file: quoted where it must be, some empty cells ``""``."""
    quote = dialect.quote
    special = [dialect.delimiter, quote, "\n", "\r"]
    needed = cells.str.contains_any(special).fill_null(value=False)
    empty = cast.world.draws.chance(f"{cells.name} empty quoted", cast.visits, dialect.empty_quoted)
    blank = pl.Series([quote * 2]).new_from_index(0, len(cells)).zip_with(empty, pl.Series([""]).new_from_index(0, len(cells)))
    if needed.any():
        cells = (quote + cells.str.replace_all(quote, quote + quote, literal=True) + quote).zip_with(needed, cells)
    return cells.zip_with(cells.is_not_null(), blank)
