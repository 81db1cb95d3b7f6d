"""Identifiers inside text: NIR, IBAN and card number with a right key, e-mail address, French phone number, a person's name.

A comment such as "rappeler au 06 12 34 56 78" leaks as much as a phone column. Digits in text are many, so what has a
key must pass it; a phone number has none and must stand alone among non-digits.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from triage.detect import iban, persons, validators

NEEDLES: Final = ("nir", "iban", "card", "email", "phone", "full_name")

# Five digits close together: what every needle but the e-mail holds. Most comments fail here, at the cost of one pass.
_DIGITS = r"\d(?:[ .\-/()]?\d){4}"
_EMAIL = r"[A-Za-z0-9._%+\-]+@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,24}\b"
# National or +33, ten digits by pairs, one separator at most between pairs; digits beside it would make it a longer number.
_PHONE = r"(?:^|[^\d.\-\s+]|[^\d]\s|[^\d\s][.\-])(?:(?:\+|00)33[ .\-]?(?:\(0\)[ .\-]?)?[1-9]|0[ ]?[1-9])(?:[ .\-/]?\d{2}){4}(?:\D|$)"
# Sex, year, month, département, commune, order, key; spaces, dots or dashes between the groups.
_NIR = r"\b[1-478][ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?(?:\d{2}|2[ABab])[ .\-]?\d{3}[ .\-]?\d{3}[ .\-]{0,3}(?:(?i:cl[eé])[ :]{0,3})?\d{2}\b"
_NIR_BARE = r"^[1-478]\d{2}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?:0[1-9]|[1-8]\d|9\d|2A|2B)\d{8}$"
_IBAN = r"\b(?i)[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{1,4}){3,9}"
_CARD = r"\b(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|3[47]\d{2}|6\d{3})(?:[ \-]?\d{4}[ \-]?\d{4}[ \-]?\d{4}|[ \-]?\d{6}[ \-]?\d{5})\b"
# A country's structure without its end: capitals that follow the number ("... 106 BIC AGRIFRPP") are not part of it.
_IBAN_START = iban.STRUCTURE.removesuffix("$")


def find(cells: pl.Series) -> pl.DataFrame:
    """One Boolean column a needle (``needle:nir`` …), same height and order as ``cells`` (String, no nulls)."""
    rows = len(cells)
    at = cells.str.contains(_DIGITS).arg_true()
    gated = pl.DataFrame({"row": at, "text": cells.gather(at)})
    flags = {
        "nir": _marks(gated, rows, _NIR, _KEYS["nir"]),
        "iban": _marks(gated, rows, _IBAN, _KEYS["iban"]),
        "card": _marks(gated, rows, _CARD, _KEYS["card"]),
        "email": cells.str.contains("@", literal=True) & cells.str.contains(_EMAIL),
        "phone": _set(rows, gated["row"].filter(gated["text"].str.contains(_PHONE))),
        "full_name": persons.find(cells),
    }
    return pl.DataFrame([flags[name].alias(f"needle:{name}") for name in NEEDLES])


def _set(rows: int, at: pl.Series) -> pl.Series:
    """A Boolean series, true at the row numbers ``at``."""
    return pl.repeat(value=False, n=rows, eager=True).scatter(at, values=True)


def _marks(gated: pl.DataFrame, rows: int, pattern: str, key: pl.Expr) -> pl.Series:
    """Rows where a candidate of ``pattern``, stripped of separators, has a right key."""
    found = gated.select("row", pl.col("text").str.extract_all(pattern).alias("value")).explode("value").drop_nulls("value")
    bare = found.with_columns(pl.col("value").str.replace_all(r"[^A-Za-z0-9]|(?i:cl[eé])", "").str.to_uppercase())
    return _set(rows, bare.filter(key)["row"].unique())


_VALUE = pl.col("value")
_KEYS: Final = {
    # Commune and order are never zero; `validators.nir` checks the key alone.
    "nir": _VALUE.str.contains(_NIR_BARE) & ~_VALUE.str.contains("^.{7}000|^.{10}000") & validators.nir(_VALUE),
    "iban": iban.valid(_VALUE.str.extract(_IBAN_START, 0)),
    "card": validators.luhn(_VALUE),
}
