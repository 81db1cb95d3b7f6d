"""Raw cells to judged cells: trimmed, the words for "nothing" made null, giants judged on their beginning.

A column is folded into its distinct values as it is judged: most columns hold far fewer of them than rows, and whatever
can be told of a value is worked out once for all its rows. Whether a column needs trimming at all is asked of its values
too: few do, and looking at every cell for blanks would cost half of what reading it does.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import polars as pl

from triage.detect.measure import FLOATED

# What exports write for "nothing" beside an empty cell: MySQL's \N, SQL's NULL (CONTRACT §2, `filled`).
WORDS = ("\\N", "NULL")
# Fixed-width exports fill cells with NUL; blanks, tabs and no-break spaces are stripped anyway.
NUL = "\x00"


@dataclass
class Folded:
    """One column of a segment. ``cells``: judged, a row each; ``hashes``: their keyed hashes, nulls hashed like one value."""

    cells: pl.Series
    hashes: pl.Series
    first: pl.Series

    @cached_property
    def values(self) -> pl.DataFrame:
        """The distinct values under the column's name, and their ``hash``; in the order they first stand in."""
        return pl.DataFrame([self.cells.gather(self.first), self.hashes.gather(self.first).alias("hash")]).drop_nulls()

    @cached_property
    def rows(self) -> pl.Series:
        """The rows of each of the values."""
        counts = self.hashes.unique_counts()
        return (counts.filter(self.cells.gather(self.first).is_not_null()) if self.cells.null_count() else counts).alias("rows")

    @cached_property
    def filled(self) -> int:
        """Rows in which something stands."""
        return len(self.cells) - self.cells.null_count()

    @property
    def counted(self) -> pl.DataFrame:
        """The values with their rows."""
        return self.values.with_columns(self.rows)


def fold(frame: pl.DataFrame, limit: int, seed: int, *, plain: bool = False) -> tuple[list[Folded], int]:
    """The columns of ``frame`` (raw cells), judged and folded, and how many cells were cut to ``limit`` bytes.

    ``plain``: no cell holds NUL or one of WORDS, which spares looking for them.
    """
    every = pl.all()
    found = _folded(frame.rechunk().select(pl.when(every != "").then(every)), seed)
    untidy = [n for n, column in enumerate(found) if not _tidy(column.values.to_series(0), limit, plain=plain)]
    if not untidy:
        return found, 0
    tidied, cut = _judged(frame.select(frame.columns[n] for n in untidy), limit)
    for n, column in zip(untidy, _folded(tidied, seed), strict=True):
        found[n] = column
    return found, cut


def _folded(cells: pl.DataFrame, seed: int) -> list[Folded]:
    hashes = cells.select(pl.all().hash(seed))
    first = hashes.select(pl.all().arg_unique().implode()) if cells.height else hashes.select(pl.all().cast(pl.UInt32).implode())
    return [Folded(c, h, f.explode()) for c, h, f in zip(cells, hashes, first, strict=True)]


def _tidy(values: pl.Series, limit: int, *, plain: bool) -> bool:
    """Whether nothing has to be done to any of the values."""
    value = pl.col(values.name)
    changed = (value.str.strip_chars() != value) | value.str.ends_with(".0")
    if not plain:
        changed = changed | value.str.starts_with(NUL) | value.str.ends_with(NUL) | (value == WORDS[0]) | (value == WORDS[1])
    return not any(values.to_frame().select(changed.any(), giant=value.str.len_bytes().max() > limit).row(0))


def _trimmed(cell: pl.Expr) -> pl.Expr:
    return cell.str.strip_chars().str.strip_chars(NUL).str.strip_chars().str.replace(FLOATED, "$1")


def _judged(frame: pl.DataFrame, limit: int) -> tuple[pl.DataFrame, int]:
    """The same frame with trimmed cells, null where nothing stands, and how many cells were cut; row by row."""
    every = pl.all()
    trimmed = frame.select(_trimmed(every))
    longest = trimmed.select(every.str.len_bytes().max()).row(0) if trimmed.height else ()
    giants = [name for name, size in zip(trimmed.columns, longest, strict=False) if (size or 0) > limit]
    cut = sum(int((trimmed[name].str.len_bytes() > limit).sum()) for name in giants)
    if giants:
        # A quarter of the limit in characters is never more than the limit in UTF-8 bytes.
        whole = pl.col(giants)
        trimmed = trimmed.with_columns(pl.when(whole.str.len_bytes() > limit).then(whole.str.slice(0, limit // 4)).otherwise(whole))
    filled = (every != "") & (every != WORDS[0]) & (every != WORDS[1])
    return trimmed.select(pl.when(filled).then(every)), cut
