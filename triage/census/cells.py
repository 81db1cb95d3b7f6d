"""Raw cells to judged cells: trimmed, the words for "nothing" made null, giants judged on their beginning.

A column is folded into its distinct values as it is judged: most columns hold far fewer of them than rows, and whatever
can be told of a value is worked out once for all its rows. Whether a column needs trimming at all is asked of its values
too: few do, and looking at every cell for blanks would cost half of what reading it does. All columns go through each step
together, since a query costs more than most columns do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import compress

import polars as pl

from triage.detect.measure import FLOATED
from triage.detect.patterns import stripped

# What exports write for "nothing" beside an empty cell: MySQL's \N, SQL's NULL (CONTRACT §2, `filled`).
WORDS = ("\\N", "NULL")
# Fixed-width exports fill cells with NUL; blanks, tabs and no-break spaces are stripped anyway.
NUL = "\x00"
# Rows that are looked at to tell whether the values of a column repeat.
_LOOK, _MOST = 2048, 0.95
# Digits of the longest number that is read as one.
_DIGITS = 20


@dataclass
class Folded:
    """One column of a segment. ``cells``: judged, a row each; ``hashes``: their keyed hashes, nulls hashed like one value.

    ``varied``: hardly a value repeats, so that finding the distinct ones would cost more than it spares.
    """

    cells: pl.Series
    hashes: pl.Series
    varied: bool

    @cached_property
    def numeric(self) -> bool:
        """Whether every cell is a whole number as it stands, short enough to need no cutting."""
        look = self.cells.slice(0, _LOOK)
        if not self.varied or _numbers(look) != len(look) - look.null_count():
            return False
        return _numbers(self.cells) == self.filled and (self.cells.str.len_bytes().max() or 0) <= _DIGITS  # type: ignore[operator]

    @cached_property
    def filled(self) -> int:
        """Rows in which something stands."""
        return len(self.cells) - self.cells.null_count()

    @cached_property
    def there(self) -> pl.Series:
        """The rows in which something stands."""
        return self.cells.is_not_null()

    @cached_property
    def present(self) -> pl.Series:
        """The hashes of the filled cells, null elsewhere."""
        if not self.cells.null_count():
            return self.hashes
        return pl.select(pl.when(self.there).then(self.hashes)).to_series()

    @cached_property
    def values(self) -> pl.DataFrame:
        """The distinct values under the column's name, and their ``hash``; in the order they first stand in."""
        return self._filled(pl.DataFrame([self.cells.gather(self._first), self.hashes.gather(self._first).alias("hash")]))

    @cached_property
    def rows(self) -> pl.Series:
        """The rows of each of the ``values``."""
        rows = self.hashes.unique_counts()
        return (rows.filter(self.cells.gather(self._first).is_not_null()) if self.cells.null_count() else rows).alias("rows")

    @cached_property
    def told(self) -> pl.DataFrame:
        """As ``values``; of a varied column the cells as they stand, a row each."""
        return self._filled(pl.DataFrame([self.cells, self.hashes.alias("hash")])) if self.varied else self.values

    def bare(self, strip: str) -> pl.Series:
        """The cells of ``told`` without the separators that people put into numbers."""
        if strip not in self._bare:
            cells = self.told.to_series(0)
            self._bare[strip] = stripped(strip, cells) if strip else cells
        return self._bare[strip]

    @property
    def barest(self) -> pl.Series:
        """The cells of ``told``, without separators where those have been taken out for the column's form."""
        return next(iter(self._bare.values())) if self._bare else self.told.to_series(0)

    @cached_property
    def _bare(self) -> dict[str, pl.Series]:
        return {}

    @cached_property
    def _first(self) -> pl.Series:
        return self.hashes.arg_unique()

    def _filled(self, found: pl.DataFrame) -> pl.DataFrame:
        return found.filter(found.to_series(0).is_not_null()) if self.cells.null_count() else found

    def count(self, flag: pl.Series) -> int:
        """The number of rows whose value has the flag, which is one of ``told``."""
        if flag.all():
            return self.filled
        if self.varied:
            return int(flag.sum())
        return self.filled - int(self._lacking(flag).sum())

    def rows_of(self, flag: pl.Series) -> pl.Series:
        """The rows whose value has the flag, which is one of ``told``."""
        if flag.all():
            return self.there
        if self.varied:
            return self.at_rows(flag).fill_null(value=False)
        return self.there & ~self._lacking(flag)

    def _lacking(self, flag: pl.Series) -> pl.Series:
        return self.hashes.is_in(self.values["hash"].filter(~flag).implode())

    def at_rows(self, answers: pl.Series) -> pl.Series:
        """What is said of each of ``told``, at its rows; null where nothing stands."""
        if not self.varied:
            known = pl.DataFrame([self.values["hash"], answers.alias("answer")])
            return self.hashes.alias("hash").to_frame().join(known, on="hash", how="left", maintain_order="left")["answer"]
        if not self.cells.null_count():
            return answers
        lacking = pl.repeat(None, len(self.cells), dtype=answers.dtype, eager=True)
        return lacking.scatter(self.there.arg_true(), answers)


def _numbers(cells: pl.Series) -> int:
    return len(cells) - cells.cast(pl.UInt64, strict=False).null_count()


def fold(frame: pl.DataFrame, limit: int, seed: int, *, plain: bool = False) -> tuple[list[Folded], int]:
    """The columns of ``frame`` (raw cells), judged and folded, and how many cells were cut to ``limit`` bytes.

    ``plain``: no cell holds NUL or one of WORDS, which spares looking for them.
    """
    every = pl.all()
    found = _folded(frame.rechunk().select(pl.when(every != "").then(every)), seed)
    suspect = [n for n, column in enumerate(found) if not column.numeric]
    untidy = [suspect[n] for n in _untidy([found[n].told.to_series(0) for n in suspect], limit, plain=plain)]
    if not untidy:
        return found, 0
    tidied, cut = _judged(frame.select(frame.columns[n] for n in untidy), limit)
    for n, column in zip(untidy, _folded(tidied, seed), strict=True):
        found[n] = column
    return found, cut


def _folded(cells: pl.DataFrame, seed: int) -> list[Folded]:
    every = pl.all()
    hashes = cells.select(every.hash(seed))
    step = max(1, cells.height // _LOOK)
    looks = hashes.gather_every(step).select(every.n_unique()).row(0) if cells.height else ()
    there = cells.gather_every(step).select(every.count()).row(0) if cells.height else ()
    return [Folded(c, h, n > _MOST * m) for c, h, n, m in zip(cells, hashes, looks, there, strict=True)]


def _untidy(columns: list[pl.Series], limit: int, *, plain: bool) -> list[int]:
    """The columns of whose values something has to be done to some."""
    asked: list[pl.Expr] = []
    for n, values in enumerate(columns):
        value = pl.lit(values)
        changed = (value.str.strip_chars() != value) | value.str.ends_with(".0")
        if not plain:
            changed = changed | value.str.starts_with(NUL) | value.str.ends_with(NUL) | (value == WORDS[0]) | (value == WORDS[1])
        asked.append((changed.any() | (value.str.len_bytes().max() > limit).fill_null(value=False)).alias(str(n)))
    return list(compress(range(len(columns)), pl.select(asked).row(0))) if asked else []


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
