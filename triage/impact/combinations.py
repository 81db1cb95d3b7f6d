"""``combinations``: the sets of fields that together do what none does alone."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import polars as pl

from triage import model
from triage.census.dates import DEFAULTS
from triage.census.texts import MENTION, SENSITIVE
from triage.impact.case import NAMES
from triage.impact.demographics import ADULT, EPOCH, YEAR
from triage.impact.health import art9_bits
from triage.tally import by_day
from triage.text import suppress

if TYPE_CHECKING:
    from datetime import date

    from triage.impact.case import Case


def combinations(case: Case, reference: date | None) -> tuple[model.Combination, ...]:
    """Those of the contract that some row, or the rows of one person, hold whole; small counts are suppressed.

    Who is a minor is told on the ``reference`` day.
    """
    found = [_combination(case, name, labels, groups) for name, labels, groups in _wanted(case)]
    found.append(_minors(case, reference))
    return tuple(c for c in found if c is not None)


def _wanted(case: Case) -> list[tuple[str, tuple[str, ...], tuple[int, ...]]]:
    name = case.labels(NAMES)
    health = _health(case)
    doctor = case.mask(lambda t: t[0] in {"practitioner", "rpps"} or (t[1] == "practitioner" and t[0] in {"last_name", "full_name"}))

    def of(*labels: str) -> int:
        return case.labels(labels)

    return [
        ("identity_nir_birth", ("last_name", "nir", "birth_date"), (name, of("nir", "ins"), of("birth_date"))),
        ("identity_health", ("last_name", "health_text"), (name, health)),
        ("identity_sensitive_theme", ("last_name", "health_text"), (name, SENSITIVE)),
        ("identity_iban", ("last_name", "iban"), (name, of("iban"))),
        ("card_full", ("card", "card_expiry", "cvv"), (of("card"), of("card_expiry"), of("cvv"))),
        ("email_password", ("email", "password"), (of("email", "login"), of("password", "password_hash"))),
        ("phone_health", ("phone", "health_text"), (of("phone"), health)),
        ("address_appointment", ("address", "appointment"), (of("address"), of("appointment"))),
        ("prescriber_patient", ("practitioner", "last_name"), (doctor, name)),
    ]


def _combination(case: Case, name: str, labels: tuple[str, ...], groups: tuple[int, ...]) -> model.Combination | None:
    if not all(groups):
        return None
    return _told(case, name, labels, case.rows_with(*groups), case.persons_with(*groups))


def _told(case: Case, name: str, labels: tuple[str, ...], rows: int, persons: int | None) -> model.Combination | None:
    """Rows and persons, each only where enough share it; none at all where nothing is there or all is too small."""
    least = case.options.limits.smallest_count
    if not rows and not persons:
        return None
    if rows < least and (persons or 0) < least:
        return model.Combination(id=name, labels=labels, rows=None, persons=None, suppressed=True)
    return model.Combination(
        id=name, labels=labels, rows=suppress(rows, least), persons=None if persons is None else suppress(persons, least)
    )


def _health(case: Case) -> int:
    return art9_bits(case) & (MENTION | case.mask(lambda t: case.class_id(t[0]) == "health"))


def _minors(case: Case, reference: date | None) -> model.Combination | None:
    """Health content of whoever was under 18 on the day; rows and persons without a birth date are not asked."""
    if reference is None or not _health(case):
        return None
    today = (reference - EPOCH).days
    youngest, oldest = today, math.floor(today - ADULT * YEAR)
    rows = sum(n for t in case.tables for day, n in by_day(t.tally.sick).items() if oldest < day <= youngest and day not in DEFAULTS)
    people = case.people.settle()
    young = pl.col("birth").is_between(oldest, youngest, closed="right") & pl.col("birth").is_in(list(DEFAULTS)).not_()
    sick = pl.col("mask") & pl.lit(_health(case), dtype=pl.UInt64) != 0
    persons = int(people.select((young & sick).sum()).item()) << case.people.shift if people.height else None
    return _told(case, "minor_health", ("birth_date", "health_text"), rows, persons)
