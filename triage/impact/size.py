"""``size``, ``claims`` and ``types``: rows, persons, and how many of each carry what."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from triage import model
from triage.census.keys import UNIQUE
from triage.census.persons import VARIANTS
from triage.census.subject import INSIDE
from triage.census.texts import of_inside, of_needles
from triage.impact.case import OTHER_ROLES, together

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from triage.detect.plan import ColumnPlan
    from triage.impact.case import Case, CaseTable
    from triage.tally import ColumnTally


def size(case: Case) -> model.Size:
    """Rows, distinct rows, fields a row, distinct identifiers, persons."""
    whole = persons(case)
    return model.Size(
        rows_total=case.rows_total,
        rows_unique=sum(t.tally.rows.count for t in case.tables),
        fields_per_row=_fields(case),
        unique=model.Unique(**{kind: sketch.count for kind in UNIQUE if (sketch := case.distinct(kind)) is not None}),
        persons=whole,
        persons_by_role=_by_role(case, whole),
        units=units(case),
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


def persons(case: Case) -> model.Persons:
    """Data subjects by the best key of each row; ``low`` the best key alone, ``high`` distinct identities."""
    if not case.leads:
        return model.Persons(estimate=None, low=None, high=None, basis="none", exact=False, standard_error=None)
    people = case.people
    high = together([t.tally.identities for t in case.tables])
    estimate = people.count
    return model.Persons(
        estimate=estimate,
        low=min(_low(case), estimate),
        high=max(high.count if high else 0, estimate),
        basis="+".join(case.leads),
        exact=people.exact,
        through=("contract_id",) if case.owned else (),
        standard_error=None if people.exact else estimate / math.sqrt(people.settle().height),
    )


def _low(case: Case) -> int:
    """No fewer persons than this: distinct values of the best key, whose typing errors are taken for other spellings."""
    best = next(iter(case.leads))
    alone = case.distinct(best)
    low = alone.count if alone else 0
    spelt = [together([t.tally.variants[name] for t in case.tables if name in t.tally.variants]) for name in VARIANTS]
    if spelt[0] is None:
        return low
    apart = _unlike(*(sketch.count for sketch in spelt if sketch))
    return apart if best == "name_dob" else max(low, apart)


def _unlike(whole: int, *shared: int) -> int:
    """Groups of names with birth dates of which no two differ in one field alone, or fewer.

    Let spellings be edges of a graph that join the parts two spellings of a person share (same last name and birth
    date, ...). With k parts a spelling joins at most k parts into one, so there are at least parts - (k - 1) spellings
    groups; every group has at least one person.
    """
    return max(0, sum(shared) - (len(shared) - 1) * whole)


def _by_role(case: Case, whole: model.Persons) -> dict[str, model.RolePersons]:
    """Data subjects, and the others that rows name: of the ways to tell those apart, the one that tells most of them."""
    names = sorted({name for t in case.tables for name in t.tally.roles})
    found = {name: together([t.tally.roles[name] for t in case.tables if name in t.tally.roles]) for name in names}
    roles: dict[str, model.RolePersons] = {}
    for name, sketch in found.items():
        if sketch is None:
            continue
        role, basis = name.split(":")
        if role not in roles or sketch.count > (roles[role].estimate or 0):
            roles[role] = model.RolePersons(estimate=sketch.count, basis=basis, exact=sketch.exact)
    if whole.estimate is not None:
        roles["patient"] = model.RolePersons(estimate=whole.estimate, basis=whole.basis, exact=whole.exact)
    return dict(sorted(roles.items()))


def types(case: Case) -> tuple[model.TypeCount, ...]:
    """Every type found, most rows first: a row counts once, however many columns of the type it has."""
    verdicts = Counter((v.label, v.role) for t in case.tables for v in t.verdicts)
    verdicts.update(
        t for table in case.tables for plan, _, counts in table.columns() for t in _within(plan, counts, bare=table.setting.plan.bare)
    )
    found = []
    for label, role in case.types:
        if not verdicts[label, role]:
            continue
        bit = case.mask(lambda t, me=(label, role): t == me)  # type: ignore[misc]
        rows, asked = case.rows_with(bit), case.rows_asked(bit)
        if role == INSIDE and not rows:
            continue
        rule = case.rules[label]
        found.append(
            model.TypeCount(
                label=label,
                role=role,
                columns=verdicts[label, role],
                rows=rows,
                share=rows / asked if asked else None,
                asked=asked,
                persons=case.persons_with(bit) if role not in OTHER_ROLES else None,
                hibp_class=rule.hibp,
                rare_but_severe=rule.rare_but_severe,
            ),
        )
    return tuple(sorted(found, key=lambda t: (-t.rows, t.label, t.role or "")))


def _within(plan: ColumnPlan, counts: ColumnTally, *, bare: bool) -> set[tuple[str, str | None]]:
    """The types that stand within the cells of a column."""
    return {*of_inside(plan), *((label, role) for label, role in of_needles(plan, bare=bare) if counts.mentions[f"needle:{label}"])}


# What a row stands for, by the label that a table of it carries on nearly every row, the most telling first.
_UNITS = {"appointments": "appointment", "contracts": "contract_id", "accounts": "login"}
_EVERY = 0.9
_PASSWORDS = frozenset({"password", "password_hash"})


def unit(table: CaseTable) -> str:
    """What a row of a table stands for: an appointment, a contract, an account, else a row and nothing more.

    Contracts and accounts are rows only where each has one row: a person's purchases under one number are not contracts.
    An address with a password is what opens an account, as a login is.
    """
    asked = [*_UNITS.items()]
    if _opens(table):
        asked.append(("accounts", "email"))
    for name, label in asked:
        for counts in _often(table, {label}):
            if name == "appointments" or counts.distinct.count >= _EVERY * counts.filled:
                return name
    return "rows"


def _often(table: CaseTable, labels: Collection[str]) -> Iterator[ColumnTally]:
    """The counts of columns of some labels that nearly every row fills."""
    found = (counts for _, verdict, counts in table.columns() if verdict.label in labels)
    return (counts for counts in found if counts.filled and counts.filled >= _EVERY * table.rows_seen)


def _opens(table: CaseTable) -> bool:
    """Whether nearly every row has a password and no column of the table is a login."""
    return not any(v.label == "login" for _, v, _ in table.columns()) and any(_often(table, _PASSWORDS))


def units(case: Case) -> dict[str, int]:
    """Appointments (distinct rows of their tables), contracts and accounts (distinct numbers and logins)."""
    found: dict[str, int] = {}
    booked = [t.tally.rows.count for t in case.tables if unit(t) == "appointments"]
    if booked:
        found["appointments"] = sum(booked)
    for name in ("contracts", "accounts"):
        told = {id(t): {_UNITS[name]} | ({"email"} if name == "accounts" and _opens(t) else set()) for t in case.tables}
        whole = together([c.distinct for t in case.tables for _, v, c in t.columns() if v.label in told[id(t)] and c.filled])
        if whole is not None:
            found[name] = whole.count
    return found
