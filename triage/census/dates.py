"""Date cells as days since 1970-01-01, in the format the probe found."""

from __future__ import annotations

from datetime import date
from functools import partial

import polars as pl

from triage.census.known import Known, Sought

# Days in which a date of a person's file can lie: 1850 to 2150; others are typing errors, counted as implausible.
FIRST_DAY, LAST_DAY = -43_829, 65_744
# Days that software writes when it has no date: 1900-01-01, 1899-12-30 and 31 (spreadsheets), 1901, 1970.
DEFAULTS = frozenset(
    (date(y, m, d) - date(1970, 1, 1)).days for y, m, d in ((1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1901, 1, 1), (1970, 1, 1))
)
# Date and time without separators, as HL7 writes them.
COMPACT = "%Y%m%d%H%M"
_EPOCH = {"epoch_s": 86_400, "epoch_ms": 86_400_000}


def days(cell: pl.Expr, formats: str) -> pl.Expr:
    """Int32 days of each cell, null where no format fits; ``formats`` are strptime formats joined by ``|``.

    ``epoch_s`` and ``epoch_ms`` read seconds and milliseconds since 1970. Of a date-time only the date is read.
    """
    found = [_days(cell, f) for f in formats.split("|")]
    day = found[0] if len(found) == 1 else pl.coalesce(found)
    return pl.when(day.is_between(FIRST_DAY, LAST_DAY)).then(day)


def _days(cell: pl.Expr, fmt: str) -> pl.Expr:
    if fmt in _EPOCH:
        return cell.cast(pl.Int64, strict=False).floordiv(_EPOCH[fmt]).cast(pl.Int32, strict=False)
    date_part = fmt.split("%H", 1)[0].rstrip(" T") if "%H" in fmt else fmt
    if fmt.startswith(COMPACT):
        cell = cell.str.slice(0, len("yyyymmdd"))
    elif date_part != fmt:
        return cell.map_batches(partial(_of_times, fmt=date_part), return_dtype=pl.Int32, is_elementwise=True)
    return cell.str.to_date(date_part, strict=False, exact=True).cast(pl.Int32)


def _of_times(cells: pl.Series, fmt: str) -> pl.Series:
    """The days of dates with a time. Times differ and days come again: each beginning of ten characters is read once."""
    begun = cells.str.slice(0, _DATE)
    hashes = begun.hash()
    known = Known(_NOTHING)
    days = Sought(known, hashes, *known.find(hashes))
    # Up to the time: days and months may have one digit.
    day = pl.first().str.extract(r"^([^ T]+)").str.to_date(fmt, strict=False, exact=True).cast(pl.Int32)
    return days.ask("day", lambda: begun[days.fresh].to_frame().select(day).to_series())[days.numbers]


_NOTHING = pl.Series([None], dtype=pl.String).hash()
# Characters of the longest date in figures.
_DATE = len("dd/mm/yyyy")
