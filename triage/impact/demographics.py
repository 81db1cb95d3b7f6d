"""``demographics``: women, minors, ages, of the persons counted (never of rows)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from triage import model
from triage.census.dates import DEFAULTS

if TYPE_CHECKING:
    from triage.impact.case import Case

_EPOCH = date(1970, 1, 1)
_YEAR = 365.2425
_ADULT, _OLDEST = 18, 110
_BANDS = ((0, 17), (18, 29), (30, 44), (45, 59), (60, 74), (75, 110))
_WOMAN, _KNOWN = 2, 3


def demographics(case: Case, reference: date | None) -> model.Demographics:
    """Ages on the ``reference`` day (that of the examination, else the newest date of the files); none without one."""
    people = case.people.settle()
    scale = 1 << case.people.shift
    sexes = people["sex"]
    told = int(sexes.is_between(1, _WOMAN).sum())
    women = int((sexes == _WOMAN).sum()) / told if told else None
    ages = _ages(people["birth"], reference)
    if ages is None or not len(ages):
        return model.Demographics(basis="sex" if told else None, women=women, minors=None, age_median=None, bands=())
    least = case.options.limits.smallest_count
    minors = int((ages < _ADULT).sum()) * scale
    return model.Demographics(
        basis="birth_date",
        women=women,
        minors=None if 0 < minors < least else minors,
        age_median=float(ages.median()),  # type: ignore[arg-type]
        bands=tuple(_band(ages, low, high, scale, least) for low, high in _BANDS),
    )


def _ages(birth: pl.Series, reference: date | None) -> pl.Series | None:
    if reference is None:
        return None
    days = birth.drop_nulls()
    days = days.filter(~days.is_in(list(DEFAULTS)))
    ages = ((reference - _EPOCH).days - days) / _YEAR
    return ages.filter(ages.is_between(0, _OLDEST)).floor().cast(pl.Int32)


def _band(ages: pl.Series, low: int, high: int, scale: int, least: int) -> model.AgeBand:
    n = int(ages.is_between(low, high).sum()) * scale
    return model.AgeBand(from_=low, to=high, n=None if 0 < n < least else n)
