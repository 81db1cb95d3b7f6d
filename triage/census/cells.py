"""Raw cells to judged cells: trimmed, the words for "nothing" made null, giants judged on their beginning.

A column is folded into its distinct values as it is judged: most columns hold far fewer of them than rows, and whatever
can be told of a value is worked out once for all its rows. Whether a column needs trimming at all is asked of its values
too: few do, and looking at every cell for blanks would cost half of what reading it does. All columns go through each step
together, since a query costs more than most columns do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import polars as pl

from triage.census.known import Sought
from triage.detect.measure import FLOATED
from triage.detect.patterns import stripped

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Hashable

    from triage.census.known import Known, Lore

# What exports write for "nothing" beside an empty cell: MySQL's \N, SQL's NULL (CONTRACT §2, `filled`).
WORDS = ("\\N", "NULL")
# Fixed-width exports fill cells with NUL; blanks, tabs and no-break spaces are stripped anyway.
NUL = "\x00"
# Rows that are looked at to tell whether the values of a column repeat.
_LOOK, _VARIED = 2048, 0.95
# Digits of the longest number that is read as one.
_DIGITS = 20


@dataclass
class Folded:
    """One column of a segment. ``cells``: judged, a row each; ``hashes``: their keyed hashes, nulls hashed like one value.

    ``there``: the rows in which something stands. ``sought``: its values looked up; None where hardly a value repeats, so that
    the cells are judged as they stand.
    ``passing``: some of them must not be known again.
    """

    cells: pl.Series
    hashes: pl.Series
    there: pl.Series
    sought: Sought | None
    passing: bool = False

    @property
    def varied(self) -> bool:
        """Whether hardly a value repeats."""
        return self.sought is None

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

    @property
    def asked(self) -> int:
        """The number of ``told``."""
        return self.filled if self.sought is None else len(self.sought.fresh)

    @cached_property
    def present(self) -> pl.Series:
        """The hashes of the filled cells, null elsewhere."""
        if not self.cells.null_count():
            return self.hashes
        return pl.select(pl.when(self.there).then(self.hashes)).to_series()

    @cached_property
    def told(self) -> pl.DataFrame:
        """What is to be judged, under the column's name, and its ``hash``: values that no earlier segment held, or every filled cell."""
        if self.sought is not None:
            return pl.DataFrame([self.cells[self.sought.fresh], self.hashes[self.sought.fresh].alias("hash")])
        every = pl.DataFrame([self.cells, self.hashes.alias("hash")])
        return every.filter(self.there) if self.cells.null_count() else every

    def ask(self, question: Hashable, tell: Callable[[], pl.Series]) -> pl.Series:
        """The answers of ``tell`` about each of ``told``, and those that are known: as ``count``, ``at_rows`` take them."""
        return tell() if self.sought is None else self.sought.ask(question, tell)

    @property
    def known(self) -> bool:
        """Whether something is known of its values."""
        return self.sought is not None and bool(self.sought.before.told)

    @property
    def counted(self) -> pl.DataFrame:
        """Hashes of values under ``mask``, repeated or not, and the ``rows`` that hold them."""
        return self.answered(mask=self.told["hash"] if self.sought is None else self.sought.known.hashes)

    def answered(self, **answers: pl.Series) -> pl.DataFrame:
        """Answers about the values, a column each, and the ``rows`` that hold them."""
        if self.sought is not None:
            return self.sought.counted(**answers)
        once = pl.repeat(1, self.filled, dtype=pl.UInt64, eager=True).alias("rows")
        return pl.DataFrame([*(told.alias(name) for name, told in answers.items()), once])

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

    def count(self, flag: pl.Series) -> int:
        """The number of rows whose value has the flag, which is an answer."""
        if flag.all():
            return self.filled
        return int(flag.sum() if self.sought is None else flag[self.sought.numbers].sum())

    def rows_of(self, flag: pl.Series) -> pl.Series:
        """The rows whose value has the flag, which is an answer."""
        return self.there if flag.all() else self.at_rows(flag).fill_null(value=False)

    def at_rows(self, answers: pl.Series) -> pl.Series:
        """The answers at their rows; null where nothing stands."""
        if self.sought is not None:
            return answers[self.sought.numbers]
        if not self.cells.null_count():
            return answers
        lacking = pl.repeat(None, len(self.cells), dtype=answers.dtype, eager=True)
        return lacking.scatter(self.there.arg_true(), answers)


def _numbers(cells: pl.Series) -> int:
    return len(cells) - cells.cast(pl.UInt64, strict=False).null_count()


def fold(
    frame: pl.DataFrame, limit: int, seed: int, lore: Lore, texts: Collection[str] = (), *, plain: bool = False
) -> tuple[list[Folded], int]:
    """The columns of ``frame`` (raw cells), judged and folded, and how many cells were cut to ``limit`` bytes.

    ``texts``: columns of which each value is judged once, however few are held twice. ``plain``: no cell holds NUL or one of
    WORDS, which spares looking for them.
    """
    found = _folded(_emptied(frame), seed, lore, texts)
    suspect = [n for n, column in enumerate(found) if column.asked and not column.numeric]
    untidy = [suspect[n] for n in _untidy([found[n].told.to_series(0) for n in suspect], limit, plain=plain)]
    if not untidy:
        return found, 0
    tidied, cut = _judged(frame.select(frame.columns[n] for n in untidy), limit)
    again = _folded(tidied, seed, lore, texts)
    for n in _untidy([column.told.to_series(0) for column in again], limit, plain=False):
        # What would be tidied further, if it stood in a cell by itself, is not what such a cell holds.
        again[n].passing = True
    for n, column in zip(untidy, again, strict=True):
        found[n] = column
    return found, cut


def _emptied(frame: pl.DataFrame) -> pl.DataFrame:
    """The frame with null for cells that hold a text of no length; columns without any are not copied."""
    empty = frame.select((pl.all() == "").any()).row(0) if frame.width else ()
    names = [name for name, some in zip(frame.columns, empty, strict=True) if some]
    return (frame.with_columns(pl.when(pl.col(names) != "").then(pl.col(names))) if names else frame).rechunk()


def _folded(cells: pl.DataFrame, seed: int, lore: Lore, texts: Collection[str]) -> list[Folded]:
    """What is known holds values that need no tidying and no others."""
    hashes, there = cells.select(pl.all().hash(seed)), cells.select(pl.all().is_not_null())
    nothing = pl.Series([None], dtype=pl.String).hash(seed)
    found = ((c, h, _sought(c, h, lore.of(c.name, nothing), once=c.name in texts)) for c, h in zip(cells, hashes, strict=True))
    return [Folded(c, h, t, sought) for t, (c, h, sought) in zip(there, found, strict=True)]


def _sought(cells: pl.Series, hashes: pl.Series, known: Known, *, once: bool) -> Sought | None:
    numbers, rows = known.find(hashes)
    if not once and 2 * len(rows) > len(cells) - cells.null_count():
        look = hashes[rows.gather_every(max(1, len(rows) // _LOOK))]
        if look.n_unique() > _VARIED * len(look):
            return None
    return Sought(known, hashes, numbers, rows)


def _untidy(columns: list[pl.Series], limit: int, *, plain: bool) -> list[int]:
    """The columns of whose values something has to be done to some."""
    asked: list[pl.Expr] = []
    for n, values in enumerate(columns):
        value = pl.lit(values)
        changed = value.str.strip_chars().str.len_bytes().sum() != value.str.len_bytes().sum()
        if not plain:
            changed = changed | value.str.starts_with(NUL) | value.str.ends_with(NUL) | (value == WORDS[0]) | (value == WORDS[1])
        asked.append((changed.any() | (value.str.len_bytes().max() > limit).fill_null(value=False)).alias(str(n)))
        asked.append(value.str.ends_with(".0").any().alias(f"{n}."))
    told = pl.select(asked).row(0) if asked else ()
    pairs = zip(columns, told[::2], told[1::2], strict=True)
    return [n for n, (values, changed, dotted) in enumerate(pairs) if changed or (dotted and values.str.contains(FLOATED).any())]


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
