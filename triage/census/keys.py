"""Keys of persons: keyed hashes of normalised identifiers, in the order of CONTRACT §2.

A row is counted by its first key present: NIR, then last name + first name + birth date, patient id, e-mail, phone,
login. Each kind is hashed under its own seed, so that two kinds never meet by chance.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

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
    return _where_odd(cell.str.to_lowercase(), "[^a-z0-9]", lambda odd: odd.str.normalize("NFKD").str.replace_all("[^a-z0-9]+", ""))


def normalised(kind: str, cell: pl.Expr) -> pl.Expr:
    """An identifier as it is compared; null where too little is left to tell a person."""
    if kind == "nir":  # 13 characters identify; the 2-digit key follows from them and is often missing
        key = _where_odd(cell, "[^0-9AB]", lambda odd: odd.str.to_uppercase().str.replace_all("[^0-9AB]", "")).str.slice(0, _NIR)
        return pl.when(key.str.len_bytes() == _NIR).then(key)
    if kind == "phone":  # the last nine digits: 06…, +336… and a lost zero are one number
        digits = _where_odd(cell, "[^0-9]", lambda odd: odd.str.replace_all("[^0-9]", ""))
        return pl.when(digits.str.len_bytes() >= _PHONE).then(digits.str.slice(-_PHONE))
    if kind == "email":
        return cell.str.to_lowercase()
    if kind == "iban":
        return cell.str.to_uppercase().str.replace_all("[^0-9A-Z]", "")
    return cell


def _where_odd(cell: pl.Expr, pattern: str, clean: Callable[[pl.Series], pl.Series]) -> pl.Expr:
    """The cell, cleaned where it holds the pattern: most cells are clean already, and often few of the others differ."""

    def cleaned(cells: pl.Series) -> pl.Series:
        odd = cells.str.contains(pattern).fill_null(value=False)
        if not odd.any():
            return cells
        dirty = cells.filter(odd)
        distinct = dirty.unique()
        few = 2 * len(distinct) < len(dirty)
        return cells.scatter(odd.arg_true(), dirty.replace(distinct, clean(distinct)) if few else clean(dirty))

    return cell.map_batches(cleaned, return_dtype=pl.String, is_elementwise=True)


def expressions(labelled: Mapping[str, list[pl.Expr]], birth: pl.Expr | None, seeds: Mapping[str, int]) -> dict[str, pl.Expr]:
    """Kind of key to its UInt64 hash expression, null where the row has none.

    ``labelled``: label to the cells of the data subjects' columns; ``birth``: days since 1970 of the birth date;
    ``seeds``: kind to seed.
    """
    found: dict[str, pl.Expr] = {}
    for kind, labels in _LABELS.items():
        cell = _first(normalised(kind, c) for label in labels for c in labelled.get(label, []))
        if cell is not None:
            found[kind] = _hashed(cell, seeds[kind])
    name = _names(labelled)
    if name is not None and birth is not None:
        day = birth.cast(pl.String)
        found["name_dob"] = _hashed(name + "|" + day, seeds["name_dob"])
    return {kind: found[kind] for kind in (*ORDER, "iban") if kind in found}


def _names(labelled: Mapping[str, list[pl.Expr]]) -> pl.Expr | None:
    last = _first(plain(c) for label in ("last_name", "birth_name") for c in labelled.get(label, []))
    first = _first(plain(c) for c in labelled.get("first_name", []))
    if last is not None and first is not None:
        return last + "|" + first
    return _first(plain(c) for c in labelled.get("full_name", []))


def _hashed(cell: pl.Expr, seed: int) -> pl.Expr:
    # polars hashes null to a number of its own: a missing identifier must stay missing.
    return pl.when(cell.is_not_null() & (cell != "")).then(cell.hash(seed))
