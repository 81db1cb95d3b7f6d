"""Keys of persons: keyed hashes of normalised identifiers, in the order of CONTRACT §2.

A row is counted by its first key present: NIR, then last name + first name + birth date, patient id, e-mail, phone,
login. Each kind has a mark of its own in its hashes, so that two kinds never meet by chance.

A value is normalised once, and only where it is not written as it is compared: the hash of its cell is there already.
"""

from __future__ import annotations

import operator
from functools import reduce
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from triage.census.cells import Folded

ORDER = ("nir", "name_dob", "patient_id", "email", "phone", "login")
# Distinct figures that are wanted beside the keys (impact.json, size.unique).
UNIQUE = ("nir", "email", "phone", "iban", "name_dob", "patient_id", "login")
# Numbers of one file mean nothing in another: they are hashed with the evidence.
LOCAL = frozenset({"patient_id", "login"})

# Characters of a NIR without its key, and digits of a phone number without its prefix.
_NIR, _PHONE = 13, 9

_LABELS: Mapping[str, tuple[str, ...]] = {
    "nir": ("nir", "ins"),
    "patient_id": ("patient_id",),
    "email": ("email",),
    "phone": ("phone",),
    "login": ("login",),
    "iban": ("iban",),
}


def plain(cells: pl.Series) -> pl.Series:
    """Letters and digits only, without accents or case: ``Le Goff-Élie`` and ``LE GOFF ELIE`` are one name."""
    return cells.str.normalize("NFKD").str.to_uppercase().str.replace_all("[^A-Z0-9]+", "")


def nir(cells: pl.Series) -> pl.Series:
    """The 13 characters that identify; the 2-digit key follows from them and is often missing."""
    key = cells.str.to_uppercase().str.replace_all("[^0-9AB]", "").str.slice(0, _NIR)
    return pl.select(pl.when(key.str.len_bytes() == _NIR).then(key)).to_series()


def _phone(cells: pl.Series) -> pl.Series:
    # The last nine digits: 06…, +336… and a lost zero are one number.
    digits = cells.str.replace_all("[^0-9]", "")
    return pl.select(pl.when(digits.str.len_bytes() >= _PHONE).then(digits.str.slice(-_PHONE))).to_series()


def _lower(cells: pl.Series) -> pl.Series:
    return cells.str.to_lowercase()


def _cut_nir(cells: pl.Series) -> pl.Series:
    """Thirteen or fifteen digits and nothing else, cut; null for what must go the long way."""
    size = cells.str.len_bytes()
    number = cells.cast(pl.UInt64, strict=False)
    whole = ((size == _NIR) & (number >= 10 ** (_NIR - 1))) | ((size == _NIR + 2) & (number >= 10 ** (_NIR + 1)))
    return pl.select(pl.when(whole).then(cells.str.slice(0, _NIR))).to_series()


def _cut_phone(cells: pl.Series) -> pl.Series:
    """Ten digits or more and nothing else (a plus at most), cut."""
    whole = (cells.str.len_bytes() > _PHONE) & cells.cast(pl.UInt64, strict=False).is_not_null()
    return pl.select(pl.when(whole).then(cells.str.slice(-_PHONE))).to_series()


# Kind to what makes the identifier comparable, and to the quick way that most cells can go.
_NORMAL: Mapping[str, Callable[[pl.Series], pl.Series]] = {"nir": nir, "phone": _phone, "email": _lower, "iban": plain}
_QUICK: Mapping[str, Callable[[pl.Series], pl.Series]] = {"nir": _cut_nir, "phone": _cut_phone}
# What a name or number holds that is not yet comparable.
_ODD = "[^A-Z0-9]"


def named(folded: Folded, seed: int) -> pl.Series:
    """The keyed hash of each cell as ``plain`` has it, null where nothing is left."""

    def tell() -> pl.Series:
        cells, hashes = folded.told.to_series(0), folded.told["hash"]
        odd = cells.str.contains(_ODD).arg_true()
        return hashes.clone().scatter(odd, _hashed(plain(cells.gather(odd)), seed)) if len(odd) else hashes

    return folded.at_rows(folded.ask("named", tell))


def identified(kind: str, folded: Folded, seed: int, mark: int) -> pl.Series:
    """The marked hash of each cell as an identifier of its kind is compared; null where too little is left to tell a person."""
    if kind not in _NORMAL:
        return marked(folded.present, mark)
    if _NORMAL[kind] is plain:
        return marked(named(folded, seed), mark)

    def tell() -> pl.Series:
        return _hashed(_normal(kind, folded.barest if kind in _QUICK else folded.told.to_series(0)), seed)

    return marked(folded.at_rows(folded.ask(("key", kind), tell)), mark)


def _normal(kind: str, cells: pl.Series) -> pl.Series:
    if kind not in _QUICK:
        return _NORMAL[kind](cells)
    quick = _QUICK[kind](cells)
    others = quick.is_null().arg_true()
    return quick.scatter(others, _NORMAL[kind](cells.gather(others))) if len(others) else quick


def head(cells: pl.Series) -> pl.Series:
    """The first five digits of each NIR: sex, year and month of birth; null for what is none."""
    return _normal("nir", cells).str.slice(0, 5).cast(pl.Int32, strict=False)


def expressions(labelled: Mapping[str, list[Folded]], seed: int, marks: Mapping[str, int]) -> dict[str, list[pl.Series]]:
    """Kind of key to its UInt64 hashes, a column each, null where the row has none; names stand apart.

    ``labelled``: label to the data subjects' columns; ``marks``: kind to its mark. The kinds come in their order.
    """
    found = {
        kind: [identified(kind, c, seed, marks[kind]) for label in labels for c in labelled.get(label, [])]
        for kind, labels in _LABELS.items()
    }
    return {kind: found[kind] for kind in (*ORDER, "iban") if found.get(kind)}


def names(labelled: Mapping[str, list[Folded]], seed: int) -> dict[str, pl.Series]:
    """The hashed parts of a name: ``last`` and ``first``, and ``maiden`` where the name at birth has a column of its own.

    A name in one column is ``last`` alone.
    """
    last, maiden = (first(named(c, seed) for c in labelled.get(label, [])) for label in ("last_name", "birth_name"))
    given = first(named(c, seed) for c in labelled.get("first_name", []))
    if given is None or (last is None and maiden is None):
        last, given, maiden = first(named(c, seed) for c in labelled.get("full_name", [])), None, None
    parts = {"last": last if maiden is None or last is None else first([last, maiden]), "first": given}
    if last is None:
        parts["last"] = maiden
    elif maiden is not None:
        parts["maiden"] = maiden
    return {name: part for name, part in parts.items() if part is not None}


def first(columns: Iterable[pl.Series]) -> pl.Series | None:
    """The first of the columns that is not null, row by row; None where there is no column."""
    found = list(columns)
    if len(found) < 2:  # noqa: PLR2004 - nothing to choose from
        return found[0] if found else None
    return pl.select(pl.coalesce([pl.lit(one) for one in found])).to_series()


# Odd multipliers (golden ratio and xxHash's primes): each part keeps all its bits.
_ODDS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


def mixed(*parts: pl.Expr) -> pl.Expr:
    """One UInt64 from up to three, wherever none is null: a sum of products wraps, and costs no second hash."""
    terms = [part.cast(pl.UInt64) * pl.lit(odd, dtype=pl.UInt64) for part, odd in zip(parts, _ODDS, strict=False)]
    return reduce(operator.add, terms)


def odd(n: int) -> int:
    """An odd multiplier for the n-th of several: as no two are alike, neither are rows whose cells have changed places."""
    return (2 * n + 1) * _ODDS[0] % (1 << 64)


def marked(hashes: pl.Series, mark: int) -> pl.Series:
    """The hashes of one kind, set apart from those that other kinds give to the same text."""
    return hashes ^ pl.Series([mark], dtype=pl.UInt64)


def _hashed(cells: pl.Series, seed: int) -> pl.Series:
    """The keyed hash of each text, null where nothing stands."""
    # polars hashes null to a number of its own: a missing identifier must stay missing.
    return pl.select(pl.when(cells.is_not_null() & (cells != "")).then(cells.hash(seed))).to_series()
