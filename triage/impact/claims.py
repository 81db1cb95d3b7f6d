"""``claims``: what was announced beside what the files hold, in the same unit, and what it would mean were they a sample of it."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from triage import model

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.impact.case import Case

# Files that hold no more than this of what was announced may be the sample that sellers publish.
_SAMPLE = 0.2
_SCALED = 12
# The normal quantile of a 95 % interval.
_Z = 1.96


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
    """Rows by label that so many would hold if these were a fair sample of them, which nobody knows."""
    found = []
    for one in types[:_SCALED]:
        low, high = interval(one.rows, case.rows_seen)
        middle = round(rows * one.rows / case.rows_seen)
        found.append(model.Scaled(label=one.label, role=one.role, estimate=middle, low=math.floor(low * rows), high=math.ceil(high * rows)))
    return tuple(found)


def interval(n: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: sound for few cells and for shares near 0 and 1 (E. B. Wilson 1927)."""
    share, scale = n / of, 1 + _Z * _Z / of
    middle = (share + _Z * _Z / (2 * of)) / scale
    width = _Z / scale * math.sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of))
    return max(0.0, middle - width), min(1.0, middle + width)
