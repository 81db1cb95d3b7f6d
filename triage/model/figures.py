"""How much of what: ``size``, ``claims``, ``types``, ``health``, ``credentials``, ``financial``, ``contact``."""

from __future__ import annotations

from typing import Literal

import msgspec

from triage.model.base import Figure, Struct


class FieldsPerRow(Struct, frozen=True, kw_only=True):
    """Filled cells a row."""

    max: int | None
    median: int | None
    p95: int | None


class Unique(Struct, frozen=True, kw_only=True):
    """Distinct values (or keys) over the case; ``None`` where no column carries them."""

    nir: int | None = None
    email: int | None = None
    phone: int | None = None
    iban: int | None = None
    name_dob: int | None = None
    patient_id: int | None = None
    login: int | None = None


class Persons(Struct, frozen=True, kw_only=True):
    """Distinct data subjects: ``low`` is the best key alone, ``high`` the distinct identities, ``basis`` the keys used.

    ``through``: labels of numbers by which rows that name nobody were counted with whom another table names under them.
    """

    estimate: int | None
    low: int | None
    high: int | None
    basis: str
    exact: bool
    standard_error: float | None
    through: tuple[str, ...] = ()


class RolePersons(Struct, frozen=True, kw_only=True):
    """Distinct persons or bodies of one role."""

    estimate: int | None
    basis: str
    exact: bool


class Size(Struct, frozen=True, kw_only=True):
    """Rows, persons, distinct identifiers: three figures that are never one.

    ``units``: what rows stand for beside persons, where columns tell (``appointments``, ``contracts``, ``accounts``), and how many.
    """

    rows_total: int
    rows_unique: int
    fields_per_row: FieldsPerRow
    unique: Unique
    persons: Persons
    persons_by_role: dict[str, RolePersons]
    units: dict[str, int] = msgspec.field(default_factory=dict)


class Scaled(Struct, frozen=True, kw_only=True):
    """How many rows of the announced whole would hold a label, were the files a fair sample of it (95 % interval)."""

    label: str
    role: str | None
    estimate: int
    low: int
    high: int


class Claim(Struct, frozen=True, kw_only=True):
    """What somebody announced beside what was measured in the same unit; ``measured`` is null where the files do not tell it.

    ``at_scale`` is filled where the files hold so little of what was announced that they may be a published sample.
    """

    by: str
    role: str
    count: int
    unit: str
    measured: int | None
    measured_unit: str
    ratio: float | None
    at_scale: tuple[Scaled, ...] = ()


class TypeCount(Struct, frozen=True, kw_only=True):
    """How many rows and persons carry a label, whatever the number of columns.

    ``asked``: the rows among which ``rows`` were counted; those within rows (items of a receipt) where more of them carry it.
    """

    label: str
    role: str | None
    columns: int
    rows: int
    asked: int
    share: float | None
    persons: int | None
    hibp_class: str | None
    rare_but_severe: bool


class Theme(Struct, frozen=True, kw_only=True):
    """Rows whose comments assert a theme; those that only negate it, tell it of a relative or suppose it stand apart."""

    id: str
    rows: int | None
    share: float | None
    negated: int | None
    family: int | None
    hypothesis: int | None
    suppressed: bool = False


class Health(Struct, frozen=True, kw_only=True):
    """Health content; ``rows_with_mention`` are rows whose comments hold a term of our own vocabulary."""

    comment_columns: tuple[str, ...]
    rows_with_comment: int
    rows_with_mention: int
    themes: tuple[Theme, ...]
    blood_group: Figure
    prescriber: Figure
    prescription: Figure
    insurer: Figure
    persons_art9: int | None


class Algorithm(Struct, frozen=True, kw_only=True):
    """Rows whose password is hashed in one way."""

    id: str
    rows: int


class Credentials(Struct, frozen=True, kw_only=True):
    """``detected_by`` is header, content or both; ``None`` where there is no password."""

    rows_password: int
    clear: int
    hashed: int
    algorithms: tuple[Algorithm, ...]
    pairs: int
    detected_by: Literal["header", "content", "both"] | None


class Keyed(Struct, frozen=True, kw_only=True):
    """Rows that carry an identifier, and those whose key is right."""

    rows: int
    valid: int


class Financial(Struct, frozen=True, kw_only=True):
    """Bank details."""

    iban: Keyed
    card: Keyed


class EmailDomain(Struct, frozen=True, kw_only=True):
    """A mail domain of at least eleven rows."""

    domain: str
    rows: int
    share: float


class Contact(Struct, frozen=True, kw_only=True):
    """Where the addresses are."""

    email_domains: tuple[EmailDomain, ...]
    fr_share: float | None
