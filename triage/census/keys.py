"""Keys of persons: keyed hashes of normalised identifiers, in the order of CONTRACT §2.

A row is counted by its first key present: NIR, then last name + first name + birth date, patient id, e-mail, phone,
login. Each kind is hashed under its own seed, so that two kinds never meet by chance.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from functools import reduce

import polars as pl

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


def _first(cells: Iterable[pl.Expr]) -> pl.Expr | None:
    found = list(cells)
    return pl.coalesce(found) if found else None


def plain(cell: pl.Expr) -> pl.Expr:
    """Letters and digits only, without accents or case: ``Le Goff-Élie`` and ``LE GOFF ELIE`` are one name."""
    return _each(cell, _plain)


def normalised(kind: str, cell: pl.Expr) -> pl.Expr:
    """An identifier as it is compared; null where too little is left to tell a person."""
    return _each(cell, _NORMAL[kind]) if kind in _NORMAL else cell


def _each(cell: pl.Expr, change: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    # A function on series, not a chain of expressions: polars would evaluate the chain anew wherever it is used twice.
    return cell.map_batches(change, return_dtype=pl.String, is_elementwise=True)


def _plain(cells: pl.Series) -> pl.Series:
    return _where_odd(cells, "[^A-Z0-9]", lambda odd: odd.str.normalize("NFKD").str.to_uppercase().str.replace_all("[^A-Z0-9]+", ""))


def _nir(cells: pl.Series) -> pl.Series:
    # 13 characters identify; the 2-digit key follows from them and is often missing.
    key = _where_odd(cells, "[^0-9AB]", lambda odd: odd.str.to_uppercase().str.replace_all("[^0-9AB]", "")).str.slice(0, _NIR)
    return pl.select(pl.when(key.str.len_bytes() == _NIR).then(key)).to_series()


def _phone(cells: pl.Series) -> pl.Series:
    # The last nine digits: 06…, +336… and a lost zero are one number.
    digits = _where_odd(cells, "[^0-9]", lambda odd: odd.str.replace_all("[^0-9]", ""))
    return pl.select(pl.when(digits.str.len_bytes() >= _PHONE).then(digits.str.slice(-_PHONE))).to_series()


def _email(cells: pl.Series) -> pl.Series:
    return cells.str.to_lowercase()


_NORMAL: Mapping[str, Callable[[pl.Series], pl.Series]] = {"nir": _nir, "phone": _phone, "email": _email, "iban": _plain}


def _where_odd(cells: pl.Series, pattern: str, clean: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """The cells, cleaned where they hold the pattern: most are clean already, and often few of the others differ."""
    odd = cells.str.contains(pattern).fill_null(value=False)
    if not odd.any():
        return cells
    dirty = cells.filter(odd)
    distinct = dirty.unique()
    few = 2 * len(distinct) < len(dirty)
    return cells.scatter(odd.arg_true(), dirty.replace(distinct, clean(distinct)) if few else clean(dirty))


def expressions(labelled: Mapping[str, list[pl.Expr]], seeds: Mapping[str, int]) -> dict[str, list[pl.Expr]]:
    """Kind of key to its UInt64 hash expressions, one a column, null where the row has none; names stand apart.

    ``labelled``: label to the cells of the data subjects' columns; ``seeds``: kind to seed. The kinds come in their order.
    """
    found = {
        kind: [hashed(normalised(kind, c), seeds[kind]) for label in labels for c in labelled.get(label, [])]
        for kind, labels in _LABELS.items()
    }
    return {kind: found[kind] for kind in (*ORDER, "iban") if found.get(kind)}


def names(labelled: Mapping[str, list[pl.Expr]], seed: int) -> dict[str, pl.Expr]:
    """The hashed parts of a name: ``last`` and ``first``, and ``maiden`` where the name at birth has a column of its own.

    A name in one column is ``last`` alone.
    """
    last, maiden = (_first(plain(c) for c in labelled.get(label, [])) for label in ("last_name", "birth_name"))
    first = _first(plain(c) for c in labelled.get("first_name", []))
    if first is None or (last is None and maiden is None):
        last, first, maiden = _first(plain(c) for c in labelled.get("full_name", [])), None, None
    parts = {"last": last if maiden is None or last is None else pl.coalesce(last, maiden), "first": first}
    if last is None:
        parts["last"] = maiden
    elif maiden is not None:
        parts["maiden"] = maiden
    return {name: hashed(part, seed) for name, part in parts.items() if part is not None}


# Odd multipliers (golden ratio and xxHash's primes): each part keeps all its bits.
_ODD = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)


def mixed(*parts: pl.Expr) -> pl.Expr:
    """One UInt64 from up to three, wherever none is null: a sum of products wraps, and costs no second hash."""
    terms = [part.cast(pl.UInt64) * pl.lit(odd, dtype=pl.UInt64) for part, odd in zip(parts, _ODD, strict=False)]
    return reduce(operator.add, terms)


def hashed(cell: pl.Expr, seed: int) -> pl.Expr:
    """The keyed hash of each cell, null where nothing stands."""

    def each(cells: pl.Series) -> pl.Series:
        # polars hashes null to a number of its own: a missing identifier must stay missing.
        return pl.select(pl.when(cells.is_not_null() & (cells != "")).then(cells.hash(seed))).to_series()

    return cell.map_batches(each, return_dtype=pl.UInt64, is_elementwise=True)
