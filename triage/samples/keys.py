"""Check digits of the numbers a sample carries, for whole columns at once."""

from __future__ import annotations

import polars as pl


def nir_key(number: pl.Series) -> pl.Series:
    """Two-digit key of 13-character NIRs: 97 - N mod 97, with 2A read as 19 and 2B as 18.

    ``1850675116999`` gives ``47``. Source: INSEE, as coded in python-stdnum's ``stdnum.fr.nir``.
    """
    plain = number.str.replace("2A", "19", literal=True).str.replace("2B", "18", literal=True)
    return two_digits(97 - plain.cast(pl.Int64) % 97)


def two_digits(numbers: pl.Series) -> pl.Series:
    """Numbers as text of at least two digits."""
    return zero_padded(numbers, 2)


def zero_padded(numbers: pl.Series, width: int) -> pl.Series:
    """Numbers as text with leading zeros."""
    return numbers.cast(pl.Int64).cast(pl.String).str.zfill(width)


def luhn_digit(body: pl.Series, width: int) -> pl.Series:
    """The last digit that makes digit strings of one width right by Luhn (ISO/IEC 7812-1, annex B).

    Corsican numbers count 2A as 21 and 2B as 22 (FINESS): callers replace the letter first.
    """
    total = pl.Series([0], dtype=pl.Int64).new_from_index(0, len(body))
    for position in range(width):
        digit = body.str.slice(position, 1).cast(pl.Int64)
        doubled = (width - position) % 2 == 1
        total = total + (digit * 2 // 10 + digit * 2 % 10 if doubled else digit)
    return ((10 - total % 10) % 10).cast(pl.String)


def rib_key(bank: pl.Series, branch: pl.Series, account: pl.Series) -> pl.Series:
    """Two-digit RIB key of integers: 97 - (89 bank + 15 branch + 3 account) mod 97 (Comité français d'organisation)."""
    return two_digits(97 - (bank * 89 + branch * 15 + account * 3) % 97)


def iban_fr(rib: pl.Series) -> pl.Series:
    """French IBANs of 23-digit RIBs: ISO 13616's 98 - N mod 97 over RIB + ``FR00`` written 152700."""
    rest = _remainder(rib.str.slice(0, 12)) * 10**11 + rib.str.slice(12, 11).cast(pl.Int64)
    key = two_digits(98 - (rest % 97 * 10**6 + 152_700) % 97)
    return pl.Series(["FR"]).new_from_index(0, len(rib)) + key + rib


def _remainder(digits: pl.Series) -> pl.Series:
    return digits.cast(pl.Int64) % 97
