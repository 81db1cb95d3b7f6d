"""``origin`` and ``authenticity``: organisations named, and what the keys of identifiers say of the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import model
from triage.text import safe_header

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.impact.case import Case

# Labels whose values carry a key: a share of right keys below these makes the data doubtful.
_KEYED = ("nir", "rpps", "finess", "siret", "siren", "iban", "card")
_SOUND, _POOR = 0.95, 0.5
_LEAST = 11
_ORGANISATIONS = ("finess", "siret", "siren", "health_facility", "company")


def origin(case: Case) -> model.Origin:
    """How many organisations a column names; names of them never leave the worker."""
    found = [
        (_ORGANISATIONS.index(v.label), p, c) for t in case.tables for p, v, c in t.columns() if v.label in _ORGANISATIONS and c.filled
    ]
    if not found:
        return model.Origin(organisations=model.Organisations(), sequences=(), clues=())
    _, plan, counts = min(found, key=lambda f: f[0])
    name = safe_header(plan.name, case.is_name) or f"#{plan.index + 1}"
    return model.Origin(organisations=model.Organisations(distinct=counts.distinct.count, column=name), sequences=(), clues=())


def authenticity(case: Case) -> model.Authenticity:
    """Key checks of each kind of identifier. Random digits pass 1 NIR in 100: a real file passes nearly all."""
    checks = tuple(_checks(case))
    verdicts = {c.verdict for c in checks if c.verdict != "undetermined"}
    if not verdicts:
        return model.Authenticity(checks=checks, verdict="undetermined", schema_breaks=())
    worst: model.Coherence = "suspicious" if "suspicious" in verdicts else "mixed" if "mixed" in verdicts else "consistent"
    return model.Authenticity(checks=checks, verdict=worst, schema_breaks=())


def _checks(case: Case) -> Iterator[model.Check]:
    for label in _KEYED:
        columns = [c for t in case.tables for _, v, c in t.columns() if v.label == label and label in c.valid]
        n = sum(c.matched[label] for c in columns)
        if not n:
            continue
        passed = sum(c.valid[label] for c in columns)
        yield model.Check(id=f"{label}_key", n=n, passed=passed, rate=passed / n, verdict=_judge(n, passed / n))


def _judge(n: int, rate: float) -> model.Coherence:
    if n < _LEAST:
        return "undetermined"
    return "consistent" if rate >= _SOUND else "mixed" if rate >= _POOR else "suspicious"
