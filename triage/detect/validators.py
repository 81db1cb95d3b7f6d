"""Keys of identifiers as polars expressions: integer arithmetic on whole columns, no Python per row.

Each check takes a String expression already freed of its separators and answers Boolean: true where the key is right,
null where the cell is null or has no key to check. It presumes the form of its rule (`patterns.form`): on other cells
the answer means nothing. Property tests prove each one equal to python-stdnum or phonenumbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from triage.detect import iban, lexicons, phones

if TYPE_CHECKING:
    from collections.abc import Callable

_NIR_LENGTH = 15
# The number of La Poste: its 14,000 establishments exhausted the Luhn keys, so their SIRET sum to a multiple of 5,
# the registered seat excepted.
_LA_POSTE, _LA_POSTE_SEAT = "356000000", "35600000000048"
# Sums of every block of four digits, so that a key is a few look-ups.
_BLOCK = 10_000


def _doubled(digit: int) -> int:
    return 2 * digit - 9 * (digit > 4)  # noqa: PLR2004  # 5 doubles to 10, whose digits sum to 1


_DIGITS = [(n // 1000, n // 100 % 10, n // 10 % 10, n % 10) for n in range(_BLOCK)]
_LUHN_SUMS = pl.Series([_doubled(a) + b + _doubled(c) + d for a, b, c, d in _DIGITS], dtype=pl.UInt16)
_DIGIT_SUMS = pl.Series([sum(digits) for digits in _DIGITS], dtype=pl.UInt16)


def _number(cell: pl.Expr) -> pl.Expr:
    """UInt64 of a string of digits, null where it is none; up to 19 digits."""
    return cell.str.to_integer(dtype=pl.UInt64, strict=False)


def luhn(cell: pl.Expr) -> pl.Expr:
    """ISO/IEC 7812-1 annex B over up to 19 digits: "552081317" is right, "552081318" is not.

    Four digits a step, looked up: the right one of each pair counts once, the left one twice, less nine above nine.
    """
    n = _number(cell)
    blocks = (pl.lit(_LUHN_SUMS).gather((n // _BLOCK**step) % _BLOCK) for step in range(5))
    return pl.sum_horizontal(blocks, ignore_nulls=False) % 10 == 0


def nir(cell: pl.Expr) -> pl.Expr:
    """Key of a 15-character NIR: 97 less the number modulo 97, 2A counted as 19 and 2B as 18 (Insee).

    "185067511699947" is right; a 13-character NIR has no key, and null is the answer.
    """
    n = cell.map_batches(_nir_number, return_dtype=pl.UInt64, is_elementwise=True)
    body, control = n // 100, n % 100
    return pl.when(cell.str.len_bytes() == _NIR_LENGTH).then((body + control) % 97 == 0)


def _nir_number(cells: pl.Series) -> pl.Series:
    """Fifteen characters as a number; only the few of Corsica pay for the change of their letter."""
    n = cells.str.to_integer(dtype=pl.UInt64, strict=False)
    letters = n.is_null() & cells.is_not_null()
    if not letters.any():
        return n
    digits = cells.filter(letters).str.to_uppercase().str.replace("2A", "19", literal=True).str.replace("2B", "18", literal=True)
    return n.scatter(letters.arg_true(), digits.str.to_integer(dtype=pl.UInt64, strict=False))


def nir_pair(nir13: pl.Expr, control: pl.Expr) -> pl.Expr:
    """Whether a key column completes a 13-character NIR: both trimmed, the key written on one or two digits."""
    joined = pl.concat_str([nir13.str.replace_all(r"[ .\-]", ""), control.str.zfill(2)])
    return nir(joined)


def finess(cell: pl.Expr) -> pl.Expr:
    """Luhn over nine characters, Corsica's letter counted as a digit (A as 1, B as 2): "2A9999992" is right."""
    return luhn(cell.str.to_uppercase().str.replace("A", "1", literal=True).str.replace("B", "2", literal=True))


def siret(cell: pl.Expr) -> pl.Expr:
    """Luhn over the 14 digits and over the SIREN in them; La Poste's own establishments sum to a multiple of 5."""
    poste = cell.str.starts_with(_LA_POSTE) & (cell != _LA_POSTE_SEAT)
    return pl.when(poste).then(_digit_sum(cell) % 5 == 0).otherwise(luhn(cell) & luhn(cell.str.slice(0, 9)))


def _digit_sum(cell: pl.Expr) -> pl.Expr:
    n = _number(cell)
    return pl.sum_horizontal((pl.lit(_DIGIT_SUMS).gather((n // _BLOCK**step) % _BLOCK) for step in range(4)), ignore_nulls=False)


def _known(list_name: str) -> Callable[[pl.Expr], pl.Expr]:
    """Membership of a closed vocabulary: the code exists."""

    def check(cell: pl.Expr) -> pl.Expr:
        return cell.str.to_uppercase().is_in(lexicons.codes(list_name).implode())

    return check


_CHECKS: Final[dict[str, Callable[[pl.Expr], pl.Expr]]] = {
    "nir": nir,
    "luhn": luhn,
    "siret": siret,
    "finess": finess,
    "iban": iban.valid,
    "rib": iban.rib,
    "phone": phones.valid,
    "postal_code": _known("postal_codes"),
    "insee_code": _known("insee_codes"),
    "department": _known("departments"),
    "cim10": _known("cim10"),
}
NAMES: Final = frozenset(_CHECKS)


def check(name: str, cell: pl.Expr) -> pl.Expr:
    """The expression of the named check; KeyError for a name that is not in ``NAMES``."""
    return _CHECKS[name](cell)
