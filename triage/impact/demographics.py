"""``demographics``: women, minors, ages, of the persons counted (never of rows)."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import polars as pl

from triage import model
from triage.census.dates import DEFAULTS
from triage.text import suppress

if TYPE_CHECKING:
    from triage.impact.case import Case

EPOCH = date(1970, 1, 1)
YEAR = 365.2425
ADULT, _OLDEST = 18, 110
_BANDS = ((0, 17), (18, 29), (30, 44), (45, 59), (60, 74), (75, 110))
_WOMAN, _KNOWN = 2, 3


def demographics(case: Case, reference: date | None) -> model.Demographics:
    """Ages on the ``reference`` day (that of the examination, else the newest date of the files); none without one."""
    people = case.people.settle()
    scale = 1 << case.people.shift
    sexes = people["sex"]
    told = int(sexes.is_between(1, _WOMAN).sum())
    women = int((sexes == _WOMAN).sum()) / told if told else None
    least = case.options.limits.smallest_count
    death = case.labels(["death_date"])
    deceased = case.persons_with(death) if death else None
    sexes_known = told * scale if told else None
    dead = None if deceased is None else suppress(deceased, least)
    ages = _ages(people["birth"], reference)
    sound = ages.filter(ages.is_between(0, _OLDEST))
    if not len(sound):
        return model.Demographics(
            basis="sex" if told else None, women=women, minors=None, age_median=None, bands=(), sex_known=sexes_known, deceased=dead
        )
    counts = [int(sound.is_between(low, high).sum()) * scale for low, high in _BANDS]
    return model.Demographics(
        basis="birth_date",
        women=women,
        minors=suppress(counts[0], least),
        age_median=float(sound.median()),  # type: ignore[arg-type]
        bands=_bands(counts, least),
        birth_known=len(sound) * scale,
        over_110=suppress(int((ages > _OLDEST).sum()) * scale, least),
        sex_known=sexes_known,
        deceased=dead,
    )


def _ages(birth: pl.Series, reference: date | None) -> pl.Series:
    """Whole years of all who were born by the day; none without a day."""
    days = birth.drop_nulls() if reference else birth.clear()
    days = days.filter(~days.is_in(list(DEFAULTS)))
    ages = ((reference or EPOCH) - EPOCH).days - days
    return (ages.filter(ages >= 0) / YEAR).floor().cast(pl.Int32)


def _bands(counts: list[int], least: int) -> tuple[model.AgeBand, ...]:
    """Persons by age. A lone small band would follow from the total by subtraction: the next smallest goes with it."""
    hidden = {n for n, count in enumerate(counts) if 0 < count < least}
    others = sorted((count, n) for n, count in enumerate(counts) if count and n not in hidden)
    if len(hidden) == 1 and others:
        # Minors are told apart from the bands too: they are never the ones to be hidden for the sake of others.
        hidden.add(next((n for _, n in others if n), others[0][1]))
    return tuple(model.AgeBand(from_=low, to=high, n=None if n in hidden else counts[n]) for n, (low, high) in enumerate(_BANDS))
