"""Keys of identifiers as polars expressions: integer arithmetic on whole columns, no Python per row.

Each check takes a String expression already freed of its separators and answers Boolean: true where the key is right,
null where the cell is null or has no key to check. It presumes the form of its rule (`patterns.form`): on other cells
the answer means nothing. Property tests prove each one equal to python-stdnum or phonenumbers.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl
from stdnum import bitcoin as std_bitcoin

from triage.detect import iban, lexicons, phones

if TYPE_CHECKING:
    from collections.abc import Callable

_NIR_LENGTH, _IMEI, _ICCID, _RIB = 15, 15, 20, 23
_I, _O = 18, 24  # in base 36
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
    return cell.cast(pl.UInt64, strict=False)


def luhn(cell: pl.Expr) -> pl.Expr:
    """ISO/IEC 7812-1 annex B over up to 19 digits: "552081317" is right, "552081318" is not.

    Four digits a step, looked up: the right one of each pair counts once, the left one twice, less nine above nine.
    """
    return _luhn_sum(cell) % 10 == 0


def _luhn_sum(cell: pl.Expr) -> pl.Expr:
    n = _number(cell)
    return pl.sum_horizontal((pl.lit(_LUHN_SUMS).gather((n // _BLOCK**step) % _BLOCK) for step in range(5)), ignore_nulls=False)


def nir(cell: pl.Expr) -> pl.Expr:
    """Key of a 15-character NIR: 97 less the number modulo 97, 2A counted as 19 and 2B as 18 (Insee).

    "185067511699947" is right; a 13-character NIR has no key, and null is the answer.
    """
    n = cell.map_batches(_nir_number, return_dtype=pl.UInt64, is_elementwise=True)
    body, control = n // 100, n % 100
    return pl.when(cell.str.len_bytes() == _NIR_LENGTH).then((body + control) % 97 == 0)


def _nir_number(cells: pl.Series) -> pl.Series:
    """Fifteen characters as a number; only the few of Corsica pay for the change of their letter."""
    n = cells.cast(pl.UInt64, strict=False)
    letters = n.is_null() & cells.is_not_null()
    if not letters.any():
        return n
    digits = cells.filter(letters).str.to_uppercase().str.replace("2A", "19", literal=True).str.replace("2B", "18", literal=True)
    return n.scatter(letters.arg_true(), digits.str.to_integer(dtype=pl.UInt64, strict=False))


def nir_pair(nir13: pl.Expr, control: pl.Expr) -> pl.Expr:
    """Whether a key column completes a 13-character NIR: both trimmed, the key written on one or two digits."""
    joined = pl.concat_str([nir13.str.replace_all(r"[ .\-]", ""), control.str.zfill(2)])
    return nir(joined)


_WITHOUT_KEY = 13


def completed(name: str, cells: pl.Series, keys: pl.Series) -> int:
    """How many cells are right identifiers with the key that stands in a column of its own."""
    number, control = cells.cast(pl.UInt64, strict=False), keys.cast(pl.UInt64, strict=False)
    # Thirteen digits, the first no zero, and a key of two: what stands on nearly every row is added up as it is.
    plain = (cells.str.len_bytes() == _WITHOUT_KEY) & (number >= 10 ** (_WITHOUT_KEY - 1)) & (keys.str.len_bytes() <= 2)  # noqa: PLR2004 - digits of a key
    plain = (plain & control.is_not_null()).fill_null(value=False) if name == "nir" else pl.repeat(value=False, n=len(cells), eager=True)
    others = pl.DataFrame([cells.alias("cell"), keys.alias("key")]).filter(~plain)
    bare = pl.col("cell").str.replace_all(r"[ .\-]", "")
    long = others.lazy().select((bare + pl.col("key").str.zfill(2)).alias("both")).select(check(name, pl.col("both"))).collect()
    return int(((number + control).filter(plain) % 97 == 0).sum()) + int(long.to_series().sum())


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


def nif(cell: pl.Expr) -> pl.Expr:
    """Key of a French tax number (SPI): the last three of 13 digits are the first ten modulo 511 (DGFiP)."""
    n = _number(cell)
    return (n // 1000) % 511 == n % 1000


def vat(cell: pl.Expr) -> pl.Expr:
    """Key of a French VAT number, "FR03552081317": of its SIREN, in figures or with a letter; null for other countries.

    SIREN of Monaco (000…) have no key of their own.
    """
    return cell.map_batches(_vat, return_dtype=pl.Boolean, is_elementwise=True)


def _vat(cells: pl.Series) -> pl.Series:
    at = cells.str.contains("^[Ff][Rr]").arg_true()
    french = cells.gather(at)
    siren, first, second = french.str.slice(4, 9), _vat_figure(french.str.slice(2, 1)), _vat_figure(french.str.slice(3, 1))
    n = siren.cast(pl.Int64, strict=False)
    figures = (n * 100 + 12) % 97 == first * 10 + second
    check = (first * 24 + second - 10).zip_with(first < 10, first * 34 + second - 100)  # noqa: PLR2004  # a figure
    lettered = (n + 1 + check // 11) % 11 == check % 11
    key = figures.zip_with((first < 10) & (second < 10), lettered)  # noqa: PLR2004  # figures both
    right = key & (siren.str.starts_with("000") | pl.select(luhn(pl.lit(siren))).to_series())
    return pl.repeat(None, len(cells), dtype=pl.Boolean, eager=True).scatter(at, right)


def _vat_figure(character: pl.Series) -> pl.Series:
    """The value of one character of the key: 0-9, then the alphabet without I and O; null for these."""
    n = character.str.to_integer(base=36, dtype=pl.Int64, strict=False)
    return (n - (n > _I).cast(pl.Int64) - (n > _O).cast(pl.Int64)).set(n.is_in([_I, _O]), None)


def imei(cell: pl.Expr) -> pl.Expr:
    """Luhn over the 15 digits of an IMEI; the 16 of an IMEISV have no key (3GPP TS 23.003)."""
    return pl.when(cell.str.len_bytes() == _IMEI).then(luhn(cell))


def iccid(cell: pl.Expr) -> pl.Expr:
    """Luhn over the 19 or 20 digits of a SIM card's number (ITU-T E.118), a filler F left out; null for IMSI, PUK and EID."""
    bare = cell.str.strip_chars_end("Ff")
    longest = bare.str.len_bytes() == _ICCID
    # A number of twenty digits is too long for an integer; the first of them is an 8, which doubles to 7.
    total = _luhn_sum(pl.when(longest).then(bare.str.slice(1)).otherwise(bare)) + pl.when(longest).then(_doubled(8)).otherwise(0)
    return pl.when(bare.str.starts_with("89") & bare.str.len_bytes().is_between(_ICCID - 1, _ICCID)).then(total % 10 == 0)


def bitcoin(cell: pl.Expr) -> pl.Expr:
    """Base58check or bech32 of a Bitcoin address, by python-stdnum on each distinct value; null for other currencies and taproot."""
    asked = cell.str.contains("^(?:[13]|bc1q)")
    return pl.when(asked).then(cell.map_batches(_bitcoin, return_dtype=pl.Boolean, is_elementwise=True))


def _bitcoin(cells: pl.Series) -> pl.Series:
    known = {cell: std_bitcoin.is_valid(cell) for cell in cells.unique().drop_nulls()}
    return pl.Series([known.get(cell) for cell in cells], dtype=pl.Boolean)


def rib(cell: pl.Expr) -> pl.Expr:
    """Key of a RIB of 23 characters; null for its parts, which have none."""
    return pl.when(cell.str.len_bytes() == _RIB).then(iban.rib(cell))


def _known(list_name: str) -> Callable[[pl.Expr], pl.Expr]:
    """Membership of a closed vocabulary: the code exists."""

    def check(cell: pl.Expr) -> pl.Expr:
        return lexicons.listed(cell.str.to_uppercase(), lexicons.codes(list_name))

    return check


def department(cell: pl.Expr) -> pl.Expr:
    """The code of a département, its zero lost or not, or its name: files have both under one word."""
    coded = lexicons.listed(cell.str.to_uppercase().str.zfill(2), lexicons.codes("departments"))
    return coded | lexicons.listed(lexicons.fold(cell), lexicons.codes("department_names"))


_CHECKS: Final[dict[str, Callable[[pl.Expr], pl.Expr]]] = {
    "nir": nir,
    "luhn": luhn,
    "siret": siret,
    "finess": finess,
    "iban": iban.valid,
    "rib": rib,
    "nif": nif,
    "vat": vat,
    "imei": imei,
    "iccid": iccid,
    "bitcoin": bitcoin,
    "phone": phones.valid,
    "postal_code": _known("postal_codes"),
    "insee_code": _known("insee_codes"),
    "department": department,
    "cim10": _known("cim10"),
}
NAMES: Final = frozenset(_CHECKS)


def check(name: str, cell: pl.Expr) -> pl.Expr:
    """The expression of the named check; KeyError for a name that is not in ``NAMES``."""
    return _CHECKS[name](cell)
