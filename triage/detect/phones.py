"""Telephone numbers of France as one regular expression, and a plausibility test for the others.

Numbering plan: Arcep's decision 2018-0881 and its overseas blocks. The cell has lost its separators.
"""

from __future__ import annotations

from functools import cache

import polars as pl

# The nine digits after 0 or +33: geographic, mobile, special (8) and non-geographic (9) numbers in service.
_SERVICE = (
    r"[13][0-9]{8}",
    r"2(?:[0-57-9][0-9]|6[013-9])[0-9]{6}",
    r"4[1-9][0-9]{7}",
    r"5(?:[0-8][0-9]|9[1-35-9])[0-9]{6}",
    r"6(?:[0-24-8][0-9]|3[0-8]|9[589])[0-9]{6}",
    r"7[3-9][0-9]{7}",
    r"8(?:[0125689][0-9]|3[0-57-9]|4[024])[0-9]{6}",
    r"836(?:0[0-36-9]|[1-9][0-9])[0-9]{4}",
    r"9[0-9]{8}",
)
_MAINLAND = "|".join(_SERVICE)
# Réunion and Mayotte, Guadeloupe, Guyane, Martinique: fixed and mobile blocks.
_OVERSEAS = r"26[239][0-9]{6}|639[0-9]{6}|69[0-467][0-9]{6}|59[046][0-9]{6}|709[0-3][0-9]{5}"
_OVERSEAS_CODES = "262|590|594|596"
# Pacific territories and Saint-Pierre-et-Miquelon: six to nine digits after their code.
_ISLANDS = r"(?:\+|00)(?:508|681|687|689)[2-9][0-9]{5,8}"
_FRENCH = (
    rf"^(?:(?:0|(?:\+|00)33(?:0)?|33)(?:{_MAINLAND})|(?:0|(?:\+|00)?(?:{_OVERSEAS_CODES})0?)(?:{_OVERSEAS})"
    rf"|{_MAINLAND}|{_OVERSEAS}|{_ISLANDS})$"
)
# E.164: a country code that does not begin with 0, at most 15 digits; +1 and +7 take exactly ten more. The shortest have
# nine with their country (Andorra); only a plus makes fewer one, since ten figures that begin with 00 are a padded number.
_ABROAD = (
    r"^(?:(?:\+|00)(?:1[2-9][0-9]{9}|7[0-9]{10}|(?:2[0-9]|3[0-24-9]|[4-689][0-9])[0-9]{7,12})"
    r"|\+(?:2[0-9]|3[0-24-9]|[4-689][0-9])[0-9]{6})$"
)


# Digits after the zero that tell a national number of ten, and the other digits it has.
_TELLING, _REST = 5, 4
# Below it the table of the telling digits costs more than it spares.
_MANY = 20_000


def valid(cell: pl.Expr) -> pl.Expr:
    """Whether the number is one in service in France or overseas, or plausible abroad.

    "0612345678", "+33612345678", "612345678" (the zero a spreadsheet lost) and "0692123456" are; "0000000000" is not.
    """
    return cell.map_batches(_valid, return_dtype=pl.Boolean, is_elementwise=True)


def _valid(cells: pl.Series) -> pl.Series:
    if len(cells) < _MANY:
        return _matched(cells)
    digits = national(cells)
    told = _table().gather(digits // 10**_REST)
    others = (digits.is_null() & cells.is_not_null()).arg_true()
    return told.scatter(others, _matched(cells.gather(others))) if len(others) else told


def _matched(cells: pl.Series) -> pl.Series:
    return cells.str.contains(_FRENCH) | cells.str.contains(_ABROAD)


def national(cells: pl.Series) -> pl.Series:
    """The nine digits after the zero of numbers written in ten digits and nothing else; null for all others."""
    digits = cells.cast(pl.UInt64, strict=False)
    plain = (cells.str.len_bytes() == 1 + _TELLING + _REST) & cells.str.starts_with("0") & ~cells.str.starts_with("00")
    return pl.select(pl.when(plain).then(digits)).to_series()


@cache
def _table() -> pl.Series:
    """Whether the national number that begins with these digits is one: what the pattern says of one with each beginning."""
    return _matched(pl.Series([f"0{n:0{_TELLING}}{'0' * _REST}" for n in range(10**_TELLING)]))
