"""Which strptime formats the dates of a column are written in; day before month is decided by the content."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from triage.detect import measure

if TYPE_CHECKING:
    from triage.detect.plan import ColumnPlan

# Date and time without separators, as HL7 writes them: the census reads the first eight digits.
_COMPACT = "%Y%m%d%H%M"
# Form of the cell and its strptime format, day first before month first: what France writes wins when both fit.
_FORMS = (
    (r"^[0-9]{4}-[0-9][0-9]?-[0-9][0-9]?(?:[ T].*)?$", "%Y-%m-%d"),
    (r"^[0-9]{4}/[0-9][0-9]?/[0-9][0-9]?(?:[ T].*)?$", "%Y/%m/%d"),
    (r"^(?:18|19|20)[0-9]{6}$", "%Y%m%d"),
    (r"^(?:19|20)[0-9]{6}(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9])?(?:[.][0-9]+)?(?:Z|[+-][0-9]{4})?$", _COMPACT),
    (r"^[0-9][0-9]?/[0-9][0-9]?/[0-9]{4}(?:[ T].*)?$", "%d/%m/%Y"),
    (r"^[0-9][0-9]?/[0-9][0-9]?/[0-9]{4}(?:[ T].*)?$", "%m/%d/%Y"),
    (r"^[0-9][0-9]?-[0-9][0-9]?-[0-9]{4}(?:[ T].*)?$", "%d-%m-%Y"),
    (r"^[0-9][0-9]?-[0-9][0-9]?-[0-9]{4}(?:[ T].*)?$", "%m-%d-%Y"),
    (r"^[0-9][0-9]?\.[0-9][0-9]?\.[0-9]{4}(?:[ T].*)?$", "%d.%m.%Y"),
    (r"^[0-9][0-9]?/[0-9][0-9]?/[0-9][0-9](?:[ T].*)?$", "%d/%m/%y"),
    (r"^[0-9][0-9]?/[0-9][0-9]?/[0-9][0-9](?:[ T].*)?$", "%m/%d/%y"),
    (r"^[0-9][0-9]?-[0-9][0-9]?-[0-9][0-9](?:[ T].*)?$", "%d-%m-%y"),
    (r"^[0-9][0-9]?\.[0-9][0-9]?\.[0-9][0-9](?:[ T].*)?$", "%d.%m.%y"),
    (r"^(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])(?:18|19|20)[0-9][0-9]$", "%d%m%Y"),
    (r"^[0-9][0-9]?-[A-Za-z]{3}-[0-9][0-9]$", "%d-%b-%y"),
    (r"^[0-9][0-9]?-[A-Za-z]{3}-[0-9]{4}$", "%d-%b-%Y"),
)
_EPOCHS = ((r"^1[0-9]{9}$", "epoch_s"), (r"^1[0-9]{12}$", "epoch_ms"))
# A format is taken when it adds at least this share of the column's dates; others are typing errors.
_SHARE = 0.02
_MOST = 0.5
# Cells on which forms are tried before the column is read in them.
_SEEN = 100


def format_of(long: pl.DataFrame, column: ColumnPlan) -> str | None:
    """The formats of the probed values of a column, joined by ``|``, best first; None where none fits half of them."""
    cells = measure.of_column(long, column.index)["cell"]
    if not len(cells):
        return None
    left, taken = cells, []
    while len(left) >= max(1, _SHARE * len(cells)) and (best := _best(left)):
        fmt, read = best
        timed = bool(left.filter(read).str.contains(":", literal=True).any())
        taken.append(f"{fmt} %H:%M" if timed else fmt)
        left = left.filter(~read)
    return "|".join(taken) if taken and len(left) <= _MOST * len(cells) else None


def _best(cells: pl.Series) -> tuple[str, pl.Series] | None:
    """The format that reads most cells (the first of the list among equals) and which cells it reads."""
    seen = cells.head(_SEEN).to_list()
    tests = [_reads(fmt, form) for form, fmt in _FORMS if any(re.match(form, cell) for cell in seen)]
    tests += [pl.col("cell").str.contains(form).alias(fmt) for form, fmt in _EPOCHS if any(re.match(form, cell) for cell in seen)]
    read = cells.to_frame("cell").select(tests)
    counts = read.sum().row(0)
    top = max(counts, default=0)
    if not top:
        return None
    name = read.columns[counts.index(top)]
    return name, read[name]


def _reads(fmt: str, form: str) -> pl.Expr:
    cell = pl.col("cell")
    day = (
        cell.str.slice(0, 8).str.to_date("%Y%m%d", strict=False)
        if fmt == _COMPACT
        else cell.str.extract(r"^([^ T]+)").str.to_date(fmt, strict=False)
    )
    return (cell.str.contains(form) & day.is_not_null()).alias(fmt)
