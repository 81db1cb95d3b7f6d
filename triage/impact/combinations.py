"""``combinations``: the sets of fields that together do what none does alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import model
from triage.census.texts import MENTION, SENSITIVE
from triage.impact.case import NAMES
from triage.impact.health import art9_bits

if TYPE_CHECKING:
    from triage.impact.case import Case


def combinations(case: Case) -> tuple[model.Combination, ...]:
    """Those of the contract that some row holds whole; small counts are suppressed."""
    found = (_combination(case, name, labels, groups) for name, labels, groups in _wanted(case))
    return tuple(c for c in found if c is not None)


def _wanted(case: Case) -> list[tuple[str, tuple[str, ...], tuple[int, ...]]]:
    name = case.labels(NAMES)
    health = art9_bits(case) & (MENTION | case.mask(lambda t: case.class_id(t[0]) == "health"))
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
    rows = case.rows_with(*groups)
    if not rows:
        return None
    if rows < case.options.limits.smallest_count:
        return model.Combination(id=name, labels=labels, rows=None, persons=None, suppressed=True)
    persons = case.persons_with(*groups)
    hidden = persons is not None and persons < case.options.limits.smallest_count
    return model.Combination(id=name, labels=labels, rows=rows, persons=None if hidden else persons)
