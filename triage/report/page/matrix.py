"""The combinations as a matrix: what stands together in one row, in how many rows, of how many persons."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage import text

if TYPE_CHECKING:
    from triage.model import Combination, Result
    from triage.report.sections import Words

# What each combination of the contract joins.
_JOINED = {
    "identity_nir_birth": ("name", "nir", "birth"),
    "identity_health": ("name", "health"),
    "identity_sensitive_theme": ("name", "theme"),
    "identity_iban": ("name", "iban"),
    "card_full": ("card", "expiry", "cvv"),
    "email_password": ("email", "password"),
    "phone_health": ("phone", "health"),
    "address_appointment": ("address", "appointment"),
    "minor_health": ("minor", "health"),
    "prescriber_patient": ("name", "prescriber"),
}
_ORDER = (
    "name", "birth", "nir", "address", "phone", "email", "password", "iban", "card", "expiry", "cvv", "health", "theme", "minor",
    "appointment", "prescriber",
)  # fmt: skip


class Line(NamedTuple):
    """A combination: which fields it joins, its rows and persons, the width of its bar."""

    name: str
    joined: tuple[bool, ...]
    rows: str
    persons: str
    width: str


class Matrix(NamedTuple):
    """The fields across, the combinations found down, the names of those that no row holds."""

    fields: tuple[str, ...]
    lines: tuple[Line, ...]
    absent: tuple[str, ...]


def matrix(result: Result, words: Words) -> Matrix:
    """Combinations by rows, those too small to be counted last."""
    found = sorted((c for c in result.combinations if c.id in _JOINED), key=lambda c: (-(c.rows or 0), c.id))
    met = {field for c in found for field in _JOINED[c.id]}
    fields = tuple(field for field in _ORDER if field in met)
    most = max((c.rows or 0 for c in found), default=0)
    names = {c.id for c in found}
    return Matrix(
        fields=tuple(words.said("field", field) for field in fields),
        lines=tuple(_line(c, fields, most, words) for c in found),
        absent=tuple(words.said("combination", name) for name in _JOINED if name not in names),
    )


def _line(found: Combination, fields: tuple[str, ...], most: int, words: Words) -> Line:
    few, unknown = words.said("page", "few"), words.said("page", "unknown")
    rows = few if found.rows is None else text.number(found.rows, words.language)
    persons = text.number(found.persons, words.language) if found.persons is not None else few if found.suppressed else unknown
    joined = tuple(field in _JOINED[found.id] for field in fields)
    width = f"{(found.rows or 0) / most:.2%}" if most else "0%"
    return Line(words.said("combination", found.id), joined, rows, persons, width)
