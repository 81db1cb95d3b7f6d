"""IBAN (ISO 13616) and the French RIB: structure by country, mod 97, RIB key."""

from __future__ import annotations

import polars as pl

# Country and structure of the account part: n digits, a capitals, c capitals or digits (SWIFT IBAN registry, release 101).
_REGISTRY = (
    "AD:8n12c AE:19n AL:8n16c AT:16n AZ:4a20c BA:16n BE:12n BG:4a6n8c BH:4a14c BI:23n BR:23n1a1c BY:4c4n16c CH:5n12c CR:18n "
    "CY:8n16c CZ:20n DE:18n DJ:23n DK:14n DO:4c20n EE:16n EG:25n ES:20n FI:14n FK:2a12n FO:14n FR:10n11c2n GB:4a14n GE:2a16n "
    "GI:4a15c GL:14n GR:7n16c GT:24c HN:4a20n HR:17n HU:24n IE:4a14n IL:19n IQ:4a15n IS:22n IT:1a10n12c JO:4a4n18c KW:4a22c "
    "KZ:3n13c LB:4n20c LC:4a24c LI:5n12c LT:16n LU:3n13c LV:4a13c LY:21n MC:10n11c2n MD:20c ME:18n MK:3n10c2n MN:16n MR:23n "
    "MT:4a5n18c MU:4a19n3a NI:4a20n NL:4a10n NO:11n OM:3n16c PK:4a16c PL:24n PS:4a21c PT:21n QA:4a21c RO:4a16c RS:18n "
    "RU:14n15c SA:2n18c SC:4a20n3a SD:14n SE:20n SI:15n SK:20n SM:1a10n12c SO:19n ST:21n SV:4a20n TL:19n TN:20n TR:6n16c "
    "UA:6n19c VA:18n VG:4a16n XK:16n YE:4a4n18c"
)
_KINDS = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
# Digits a step of the long division: 15 digits and a remainder fit a UInt64. Five steps hold the longest IBAN spelled out.
_STEP, _STEPS = 15, 5
_LETTERS = [chr(c) for c in range(ord("A"), ord("Z") + 1)]
_FIGURES = [str(n) for n in range(10, 36)]
# The RIB counts A-I, J-R and S-Z as 1-9, 1-9 and 2-9 (CFONB).
_RIB_DIGITS = [*"123456789", *"123456789", *"23456789"]


def _structure() -> str:
    """One regular expression of all countries: country, two check digits, account part."""
    countries = []
    for entry in _REGISTRY.split():
        country, account = entry.split(":")
        parts, count = "", ""
        for char in account:
            if char.isdigit():
                count += char
            else:
                parts += f"{_KINDS[char]}{{{count}}}"
                count = ""
        countries.append(f"{country}[0-9]{{2}}{parts}")
    return f"^(?:{'|'.join(countries)})$"


STRUCTURE = _structure()


def _mod97(digits: pl.Series) -> pl.Series:
    """Strings of up to 75 digits modulo 97, by schoolbook division."""
    padded = digits.str.zfill(_STEP * _STEPS)
    rest = pl.Series([0], dtype=pl.UInt64)
    for step in range(_STEPS):
        part = padded.str.slice(step * _STEP, _STEP).str.to_integer(dtype=pl.UInt64, strict=False)
        rest = (rest * (10**_STEP % 97) + part) % 97
    return rest


def valid(cell: pl.Expr) -> pl.Expr:
    """Structure of the country, mod 97 equal to 1 and, for FR and MC, the RIB key inside.

    "FR7699999000010000000010106" is right; with "FR77" or another RIB key it is not. Banks' own rules of other
    countries are not checked.
    """
    return cell.map_batches(_valid, return_dtype=pl.Boolean, is_elementwise=True)


def _valid(cells: pl.Series) -> pl.Series:
    """Each test on those alone that passed the one before: a key is dearer than a structure, and spelling letters out than both."""
    right = (upper := cells.str.to_uppercase()).str.contains(STRUCTURE)
    for passes in (_keyed, _agreeing):
        at = right.arg_true()
        right = right.scatter(at, passes(upper.gather(at)))
    return right


def _keyed(cells: pl.Series) -> pl.Series:
    return _mod97((cells.str.slice(4) + cells.str.slice(0, 4)).str.replace_many(_LETTERS, _FIGURES)) == 1


def _agreeing(cells: pl.Series) -> pl.Series:
    """Whether the RIB inside has its key too, where there is one inside."""
    at = cells.str.contains("^(?:FR|MC)").arg_true()
    return pl.repeat(value=True, n=len(cells), dtype=pl.Boolean, eager=True).scatter(at, _rib(cells.gather(at).str.slice(4)))


def rib(cell: pl.Expr) -> pl.Expr:
    """Key of a 23-character RIB: the whole number, letters as digits, is a multiple of 97."""
    return cell.map_batches(_rib, return_dtype=pl.Boolean, is_elementwise=True)


def _rib(cells: pl.Series) -> pl.Series:
    return _mod97(cells.str.to_uppercase().str.replace_many(_LETTERS, _RIB_DIGITS)) == 0
