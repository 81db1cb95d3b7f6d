"""Closed vocabularies counted by value: the only words of a column that a tally keeps.

Départements, communes of the vendored list, mail domains, algorithms of password hashes, days of dates.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import polars as pl

from triage.census import dates, places
from triage.detect.lexicons import fold

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triage.detect.plan import ColumnPlan

_DATES = frozenset({"birth_date", "date", "datetime", "death_date", "appointment", "card_expiry"})
_EMAIL_DOMAIN = r"@([A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)$"

# What a stored password looks like (crypt(5), passlib's and hashcat's lists): first match wins.
_ALGORITHMS = (
    ("bcrypt", r"^\$(?:wp\$)?2[abxy]\$\d\d\$.{53}$"),
    ("argon2", r"^\$argon2(?:id|i|d)\$"),
    ("sha512crypt", r"^\$6\$"),
    ("sha256crypt", r"^\$5\$"),
    ("md5crypt", r"^\$(?:1|apr1)\$"),
    ("phpass", r"^\$[PH]\$"),
    ("drupal7", r"^\$S\$"),
    ("scrypt", r"(?i)^(?:\$scrypt\$|scrypt:|\$7\$)"),
    ("pbkdf2", r"(?i)^\$?pbkdf2"),
    ("mysql41", r"^\*[0-9A-Fa-f]{40}$"),
    ("ldap", r"(?i)^\{(?:S?SHA|SMD5|MD5|CRYPT|SSHA(?:256|512))\}"),
    ("md5_salted", r"^[0-9a-fA-F]{32}:.+$"),
    ("md5_or_ntlm", r"^[0-9a-fA-F]{32}$"),
    ("sha1", r"^[0-9a-fA-F]{40}$"),
    ("sha256", r"^[0-9a-fA-F]{64}$"),
    ("sha512", r"^[0-9a-fA-F]{128}$"),
)


def algorithm(cell: pl.Expr) -> pl.Expr:
    """The name of the hash algorithm a cell shows, ``other`` where it is none of ours, null where it is empty.

    A 32-digit hexadecimal string is MD5 or NTLM: nothing in it tells which.
    """
    chain: Any = pl.when(cell.is_null()).then(None)
    for name, pattern in _ALGORITHMS:
        chain = chain.when(cell.str.contains(pattern)).then(pl.lit(name))
    named: pl.Expr = chain.otherwise(pl.lit("other"))
    return named


# What kind of body a name tells: first match wins. "CH" alone is Switzerland.
_KINDS = (
    ("retirement_home", r"\bEHPAD\b|MAISON DE RETRAITE|RESIDENCE (?:SENIOR|AUTONOMIE)|LONG SEJOUR|\bUSLD\b"),
    ("laboratory", r"\bLABO|\bLBM\b|BIOLOGIE|ANALYSES? MEDICALE|\bANAPATH"),
    ("pharmacy", r"\bPHARMACIE"),
    ("clinic", r"CLINIQUE"),
    ("hospital", r"\bCH[RSI]? \pL{2}|\bCHR?U\b|\bHOPITA(?:L|UX)\b|\bHOSPI(?:CE|TALI)|\bAP ?H[PM]\b|\bHOSPITAL\b"),
    ("imaging", r"IMAGERIE|RADIOLOGIE|\bIRM\b|SCANNER"),
    ("practice", r"\bCABINET|MAISON (?:MEDICALE|DE SANTE|PLURI)|CENTRE (?:MEDICAL|DE SANTE)|\bMSP\b|\bSELARL\b"),
    ("insurer", r"MUTUELLE|\bASSURANCE|\bCPAM\b|\bCARSAT\b|\bMSA\b|PREVOYANCE|CAISSE PRIMAIRE"),
    ("school", r"\bECOLE\b|\bCOLLEGE\b|\bLYCEE\b|UNIVERSITE|\bCRECHE\b"),
    ("public_body", r"\bMAIRIE\b|\bCCAS\b|PREFECTURE|CONSEIL (?:DEPARTEMENTAL|REGIONAL|GENERAL)|\bMINISTERE\b|COMMUNAUTE DE COMMUNES"),
    ("association", r"\bASSOC|FONDATION|CROIX ROUGE"),
    ("bank", r"\bBANQUE\b|CREDIT (?:AGRICOLE|MUTUEL|LYONNAIS)|CAISSE D EPARGNE"),
)


def kind(name: pl.Expr) -> pl.Expr:
    """The kind of body whose name a cell is; null where the name does not say it."""
    plain = fold(name)
    chain: Any = pl.when(plain.is_null()).then(None)
    for title, pattern in _KINDS:
        chain = chain.when(plain.str.contains(pattern)).then(pl.lit(title))
    told: pl.Expr = chain.otherwise(None)
    return told


_BY_LABEL: dict[str, tuple[str, Callable[[pl.Expr], pl.Expr]]] = {
    "postal_code": ("department", places.department),
    "insee_code": ("department", places.department),
    "department": ("department", lambda cell: cell.str.to_uppercase().str.zfill(2)),
    "city": ("commune", places.folded),
    "email": ("domain", lambda cell: cell.str.to_lowercase().str.extract(_EMAIL_DOMAIN)),
    "password_hash": ("algorithm", algorithm),
    "nir": ("birthplace", places.birthplace),
    "phone": ("prefix", places.prefix),
    "health_facility": ("kind", kind),
    "company": ("kind", kind),
}


def of(column: ColumnPlan) -> Iterator[tuple[str, Callable[[pl.Expr], pl.Expr]]]:
    """The vocabularies of one planned column: name and what is read of a cell (strings, or Int32 days for ``days``)."""
    if column.label in _BY_LABEL:
        yield _BY_LABEL[column.label]
    if column.date_format and column.label in _DATES:
        yield "days", partial(dates.days, formats=column.date_format)
