"""``claims``: what was announced beside what the files hold, in the same unit, and what it would mean were they a sample of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from triage import model
from triage.intervals import interval

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.impact.case import Case

# Files that hold no more than this of what was announced may be the sample that sellers publish.
_SAMPLE = 0.2
_SCALED = 12


def claims(case: Case, measured: model.Size, types: Sequence[model.TypeCount]) -> tuple[model.Claim, ...]:
    """Each claim beside the figure of its own unit; a unit that the files do not tell is not measured, and nothing stands in for it."""
    persons = measured.persons.estimate
    figures = {"rows": measured.rows_total, "persons": persons, "patients": persons, "emails": measured.unique.email, **measured.units}
    return tuple(_claim(case, claim, figures.get(claim[1]), types) for claim in case.options.context.claims)


def _claim(case: Case, claim: tuple[int, str, str, str], measure: int | None, types: Sequence[model.TypeCount]) -> model.Claim:
    count, unit, who, role = claim
    ratio = measure / count if measure is not None and count else None
    scaled = _at_scale(case, round(case.rows_total / ratio), types) if ratio and ratio <= _SAMPLE else ()
    named = "persons" if unit == "patients" else unit
    return model.Claim(by=who, role=role, count=count, unit=unit, measured=measure, measured_unit=named, ratio=ratio, at_scale=scaled)


def _at_scale(case: Case, rows: int, types: Sequence[model.TypeCount]) -> tuple[model.Scaled, ...]:
    """Rows by label that so many would hold if these were a fair sample of them, which nobody knows; the gravest labels first."""
    found = []
    for one in sorted(types, key=lambda t: (not t.rare_but_severe, not case.class_of(t.label).art9))[:_SCALED]:
        low, high = interval(one.rows, one.asked)
        middle = round(rows * one.rows / one.asked)
        found.append(model.Scaled(label=one.label, role=one.role, estimate=middle, low=math.floor(low * rows), high=math.ceil(high * rows)))
    return tuple(found)
