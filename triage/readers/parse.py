"""The fast lane: a piece of whole records through polars, and the proof that polars read it right.

polars raises on long rows, on trailing text after a closing quote and on bad bytes. In silence it turns short and
blank lines into nulls and takes the quotes out of ``"il a dit "oui" hier"``. Hence the proof, cheap because it
counts bytes: as no row can have too many fields, every row is whole when

    delimiters in the bytes = rows x (width - 1) + delimiters inside cells

and no cell of several lines hides lines that are records by themselves. A piece without proof goes to repair.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from triage.sniff.records import Dialect

# polars looks for compression (gzip, zlib, zstd) and a byte order mark at the beginning of whatever it is given.
MAGIC = (b"\x1f\x8b", b"x\x01", b"x^", b"x\x9c", b"x\xda", b"\x28\xb5\x2f\xfd", b"\xef\xbb\xbf")


class Layout(NamedTuple):
    """What reading a table needs: its dialect, and how many of its columns are kept."""

    dialect: Dialect
    kept: int
    reach: int

    @property
    def width(self) -> int:
        """Columns of the table, kept or not."""
        return self.dialect.width

    @property
    def columns(self) -> list[str]:
        """Our names of the kept columns: those of the file may be anything."""
        return [f"c{i}" for i in range(self.kept)]

    @property
    def fast(self) -> bool:
        """Whether polars can read the dialect: its separators are single bytes."""
        delimiter = self.dialect.delimiter or "\x00"
        return len(delimiter) == 1 and delimiter.isascii() and self.kept == self.width


def separator(layout: Layout, data: bytes) -> str | None:
    """The separator to tell polars: a table of one column takes a control character that the piece does not hold."""
    if layout.dialect.delimiter:
        return layout.dialect.delimiter
    return next((chr(c) for c in (0x1F, 0x1E, 0x1D, 0x1C, 0x01, 0x02) if c not in data), None)


def scan(data: bytes, layout: Layout, quote: str | None, mark: str) -> pl.DataFrame | None:
    """The piece as polars reads it; ``None`` when it refuses."""
    schema = dict.fromkeys(layout.columns, pl.String)
    try:
        lazy = pl.scan_csv(data, separator=mark, quote_char=quote, has_header=False, schema=schema, infer_schema=False)
        return _whole(lazy.collect().get_columns())
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError):
        return None


def _whole(columns: list[pl.Series]) -> pl.DataFrame:
    """The columns in one piece each; the pieces of a column are given up before the next is put together."""
    for n, column in enumerate(columns):
        columns[n] = column.rechunk()
    return pl.DataFrame(columns)


def proved(data: bytes, layout: Layout, quotes: int) -> pl.DataFrame | None:
    """The rows of a piece with so many quote bytes, when polars reads every one of them whole; else ``None``."""
    mark = separator(layout, data)
    if not layout.fast or mark is None or data.startswith(MAGIC) or quotes % 2:
        return None
    frame = scan(data, layout, layout.dialect.quote if quotes else None, mark)
    if frame is None or not frame.height:
        return None
    # Each cell written "" takes two quotes; when that is all of them, no cell holds a delimiter, a newline or a quote.
    plain = not quotes or quotes == 2 * _empty_quoted(frame)
    if plain:
        return frame if _balances(data, frame, layout, inside=False) else None
    if _stray(data, layout.dialect.quote or "", mark) or _hides(data, frame, layout):
        return None
    return frame if _balances(data, frame, layout, inside=True) else None


def _balances(data: bytes, frame: pl.DataFrame, layout: Layout, *, inside: bool) -> bool:
    """Whether no row is short: by its last cell, else by the delimiters; ``inside`` cells there may be some.

    A table of one column has no delimiters: its rows are its lines, those inside cells excepted.
    """
    delimiter = layout.dialect.delimiter
    if not delimiter or layout.width == 1:
        return inside or frame.height == _lines(data)
    if not frame.to_series(layout.width - 1).null_count():
        return True
    expected = frame.height * (layout.width - 1)
    if inside:
        expected += sum(frame.select(pl.all().str.count_matches(delimiter, literal=True).sum()).row(0))
    return data.count(delimiter.encode()) == expected


def _lines(data: bytes) -> int:
    return data.count(b"\n") + (not data.endswith(b"\n"))


def _stray(data: bytes, quote: str, mark: str) -> bool:
    """Whether a quote opens in the middle of a text, as in ``"il a dit "oui" hier"``; polars would drop it unseen."""
    opening = b" " + quote.encode()
    if opening not in data:
        return False
    inside = rb"[^" + re.escape(mark + quote).encode() + rb"\r\n]"
    return re.search(re.escape(opening) + inside, data) is not None


def _empty_quoted(frame: pl.DataFrame) -> int:
    return sum(frame.select((pl.all() == "").sum()).row(0))


def _hides(data: bytes, frame: pl.DataFrame, layout: Layout) -> bool:
    """Whether a cell of several lines hides lines that are records by themselves (``hides_record``, for whole columns)."""
    delimiter = layout.dialect.delimiter
    if not delimiter or layout.width < 3 or frame.height == _lines(data):  # noqa: PLR2004 - as in hides_record
        return False
    d = re.escape(delimiter)
    hidden = f"\n[^{d}\n]*(?:{d}[^{d}\n]*){{{layout.width - 1}}}\n"
    several = (frame[name].filter(frame[name].str.contains("\n", literal=True)) for name in frame.columns)
    return any(cells.str.contains(hidden).any() for cells in several)
