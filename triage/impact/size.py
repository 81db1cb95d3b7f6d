"""``size``, ``claims`` and ``types``: rows, persons, and how many of each carry what."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from triage import model
from triage.census.keys import ORDER, UNIQUE
from triage.impact.case import OTHER_ROLES
from triage.sketches import Distinct

if TYPE_CHECKING:
    from triage.impact.case import Case


def size(case: Case) -> model.Size:
    """Rows, distinct rows, fields a row, distinct identifiers, persons."""
    whole = persons(case)
    return model.Size(
        rows_total=case.rows_total,
        rows_unique=sum(t.tally.rows.count for t in case.tables),
        fields_per_row=_fields(case),
        unique=model.Unique(**{kind: sketch.count for kind in UNIQUE if (sketch := _merged(case, kind)) is not None}),
        persons=whole,
        persons_by_role=_by_role(case, whole),
    )


def _fields(case: Case) -> model.FieldsPerRow:
    total: Counter[int] = Counter()
    for table in case.tables:
        total.update(table.tally.fields)
    if not total:
        return model.FieldsPerRow(max=None, median=None, p95=None)
    return model.FieldsPerRow(max=max(total), median=quantile(total, 0.5), p95=quantile(total, 0.95))


def quantile(counts: Counter[int], q: float) -> int:
    """The smallest value below or at which a share ``q`` of the counted values lies (nearest-rank)."""
    rank = max(1, math.ceil(q * counts.total()))
    seen = 0
    for value in sorted(counts):
        seen += counts[value]
        if seen >= rank:
            return value
    return max(counts)


def _merged(case: Case, kind: str) -> Distinct | None:
    found = [t.tally.unique[kind] for t in case.tables if kind in t.tally.unique]
    if not found:
        return None
    whole = Distinct(found[0].cap)
    for sketch in found:
        whole.merge(sketch)
    return whole


def persons(case: Case) -> model.Persons:
    """Data subjects by the best key of each row; ``low`` the best key alone, ``high`` distinct identities."""
    keyed: Counter[str] = Counter()
    high = Distinct(case.options.limits.persons)
    for table in case.tables:
        keyed.update({k: n for k, n in table.tally.keyed.items() if k in ORDER and n})
        high.merge(table.tally.identities)
    if not keyed:
        return model.Persons(estimate=None, low=None, high=None, basis="none", exact=False, standard_error=None)
    people = case.people
    best = max(ORDER, key=lambda kind: (keyed[kind], -ORDER.index(kind)))
    lone = _merged(case, best)
    low = lone.count if lone else 0
    estimate = people.count
    error = None if people.exact else estimate / math.sqrt(people.settle().height)
    return model.Persons(
        estimate=estimate,
        low=min(low, estimate),
        high=max(high.count, estimate),
        basis="+".join(_used(keyed, case.rows_seen)),
        exact=people.exact,
        standard_error=error,
    )


def _used(keyed: Counter[str], rows: int) -> list[str]:
    """The keys that may have named a person: in their order, up to the first that every row carries."""
    used: list[str] = []
    for kind in ORDER:
        if keyed[kind]:
            used.append(kind)
            if keyed[kind] >= rows:
                break
    return used


def _by_role(case: Case, whole: model.Persons) -> dict[str, model.RolePersons]:
    """Data subjects, and the others that rows name: of the ways to tell those apart, the one that tells most of them."""
    found: dict[str, Distinct] = {}
    for table in case.tables:
        for name, sketch in table.tally.roles.items():
            found.setdefault(name, Distinct(sketch.cap)).merge(sketch)
    roles: dict[str, model.RolePersons] = {}
    for name, sketch in sorted(found.items()):
        role, basis = name.split(":")
        if role not in roles or sketch.count > (roles[role].estimate or 0):
            roles[role] = model.RolePersons(estimate=sketch.count, basis=basis, exact=sketch.exact)
    if whole.estimate is not None:
        roles["patient"] = model.RolePersons(estimate=whole.estimate, basis=whole.basis, exact=whole.exact)
    return dict(sorted(roles.items()))


def types(case: Case) -> tuple[model.TypeCount, ...]:
    """Every type found, most rows first: a row counts once, however many columns of the type it has."""
    verdicts = Counter((v.label, v.role) for t in case.tables for v in t.verdicts)
    found = []
    for label, role in case.types:
        if not verdicts[label, role]:
            continue
        bit = case.mask(lambda t, me=(label, role): t == me)  # type: ignore[misc]
        rows = case.rows_with(bit)
        rule = case.rules[label]
        found.append(
            model.TypeCount(
                label=label,
                role=role,
                columns=verdicts[label, role],
                rows=rows,
                share=rows / case.rows_seen if case.rows_seen else None,
                persons=case.persons_with(bit) if role not in OTHER_ROLES else None,
                hibp_class=rule.hibp,
                rare_but_severe=rule.rare_but_severe,
            ),
        )
    return tuple(sorted(found, key=lambda t: (-t.rows, t.label, t.role or "")))


_CLAIM_UNITS = {
    "rows": "rows",
    "persons": "persons",
    "patients": "persons",
    "accounts": "persons",
    "contracts": "rows",
    "appointments": "rows",
    "emails": "emails",
}


def claims(case: Case, measured: model.Size) -> tuple[model.Claim, ...]:
    """What was announced beside what was measured, in the same unit where the file gives it."""
    figures = {"rows": measured.rows_total, "persons": measured.persons.estimate, "emails": measured.unique.email}
    found = []
    for count, unit, who, role in case.options.context.claims:
        measure = figures[_CLAIM_UNITS[unit]]
        ratio = measure / count if measure is not None and count else None
        found.append(
            model.Claim(by=who, role=role, count=count, unit=unit, measured=measure, measured_unit=_CLAIM_UNITS[unit], ratio=ratio)
        )
    return tuple(found)
