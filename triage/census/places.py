"""Places as codes of closed vocabularies: the département of a postal or INSEE code, the commune of a city cell."""

from __future__ import annotations

from functools import cache

import polars as pl

from triage.detect import phones
from triage.detect.lexicons import codes, communes, fold

# La Poste numbers Corsica 20: Corse-du-Sud (2A) has 200xx and 201xx, Haute-Corse (2B) 202xx to 206xx.
_CORSICA = pl.Series(["200", "201"])


def department(code: pl.Expr) -> pl.Expr:
    """The département code of a five-character postal or INSEE code, null where the cell is neither.

    Good: ``56100`` gives ``56``, ``20137`` gives ``2A``, ``97400`` gives ``974``, ``2B033`` gives ``2B``;
    a lost leading zero is given back (``1000`` gives ``01``). Bad: ``00000``, ``99341`` (INSEE's codes of foreign
    countries).
    """
    whole = five(code)
    two, three = whole.str.slice(0, 2), whole.str.slice(0, 3)
    place = (
        pl.when(two == "20")
        .then(pl.when(three.is_in(_CORSICA.implode())).then(pl.lit("2A")).otherwise(pl.lit("2B")))
        # Two islands left Guadeloupe and kept their postal codes.
        .when(whole == "97133")
        .then(pl.lit("977"))
        .when(whole == "97150")
        .then(pl.lit("978"))
        .when(two.is_in(pl.Series(["97", "98"]).implode()))
        .then(three)
        .otherwise(two)
    )
    return pl.when(two.is_in(pl.Series(["00", "99", "96"]).implode()).not_()).then(place)


def five(code: pl.Expr) -> pl.Expr:
    """The five characters of a postal or INSEE code.

    A spreadsheet drops the zero of départements 01 to 09, and a CEDEX or a city may follow the code.
    """
    return code.str.extract(r"^(\d[\dABab]\d{3}|\d{4})(?:\D.*)?$").str.to_uppercase().str.zfill(5)


def birthplace(nir: pl.Expr) -> pl.Expr:
    """The département of birth that a NIR tells: its sixth and seventh digits, three overseas; ``99`` is abroad.

    Corsica was 20 until 1976. Algeria had 91 to 94, Morocco 95 and Tunisia 96 until they were independent; the
    départements that bear 91 to 95 today are of 1968.
    """
    return nir.map_batches(_birthplaces, return_dtype=pl.String, is_elementwise=True)


@cache
def _told_by_digits() -> pl.Series:
    """By the sixth and seventh digits and two of the year, the place; null where more must be asked.

    Computed by the long way, of a number of each kind.
    """
    known = [f"1{year:02}01{place:02}001001" for place in range(100) for year in range(100)]
    told = pl.Series("nir", known).to_frame().lazy().select(_birthplace(pl.col("nir"))).collect().to_series()
    asked = pl.Series([place in _ASKED for place in range(100) for _ in range(100)])
    return pl.select(pl.when(~asked).then(told)).to_series()


# Corsica by the commune, overseas by a third digit, and what is no place.
_ASKED = frozenset({0, 20, 97, 98})


def _birthplaces(cells: pl.Series) -> pl.Series:
    """The digits as they stand where they tell it; the few other numbers go the long way."""
    number, size = cells.cast(pl.UInt64, strict=False), cells.str.len_bytes()
    # A first digit that is no zero: neither a sign nor another length.
    whole = pl.when((size == _NIR) & (number >= 10 ** (_NIR - 1))).then(number)
    chosen = whole.when((size == _NIR + 2) & (number >= 10 ** (_NIR + 1))).then(number // 100)
    digits = pl.select(chosen // 10 ** (_NIR - 7) % 100 * 100 + chosen // 10 ** (_NIR - 3) % 100).to_series()
    place = _told_by_digits().gather(digits)
    other = (place.is_null() & cells.is_not_null()).arg_true()
    if not len(other):
        return place
    asked = cells.gather(other).alias("nir").to_frame().lazy().select(_birthplace(pl.col("nir"))).collect().to_series()
    return place.scatter(other, asked)


def _birthplace(nir: pl.Expr) -> pl.Expr:
    plain = nir.str.replace_all(r"[ .]", "").str.to_uppercase()
    place, year = plain.str.slice(5, 2), plain.str.slice(1, 2).str.to_integer(dtype=pl.Int32, strict=False)
    number = plain.str.slice(7, 3)
    colonial = place.is_in(["91", "92", "93", "94", "95"]) & year.is_between(_COLONIAL_FROM, _COLONIAL_TO)
    return (
        pl.when(plain.str.len_bytes() < _NIR)
        .then(None)
        .when((place == "99") | (place == "96") | colonial)
        .then(pl.lit(ABROAD))
        .when(place == "20")
        .then(pl.when(number.is_in(_south().implode())).then(pl.lit("2A")).otherwise(pl.lit("2B")))
        .when(place.is_in(["97", "98"]))
        .then(plain.str.slice(5, 3))
        .when(place.str.contains(r"^(?:\d\d|2[AB])$") & (place != "00"))
        .then(place)
    )


ABROAD = "99"
_NIR = 13
# Of two-digit years: whoever was born in 2000 to 2029 was born after all of this.
_COLONIAL_FROM, _COLONIAL_TO = 30, 61


@cache
def _south() -> pl.Series:
    """Numbers of the communes of Corse-du-Sud; no commune of Haute-Corse has one of them."""
    insee = codes("insee_codes")
    return insee.filter(insee.str.starts_with("2A")).str.slice(2)


def prefix(phone: pl.Expr) -> pl.Expr:
    """The first three of the nine digits of a French number, null for a foreign one: ``02 97 …`` gives ``297``."""
    return phone.map_batches(_prefixes, return_dtype=pl.String, is_elementwise=True)


_PREFIXES = pl.Series([f"{n:03}" for n in range(1000)])


def _prefixes(cells: pl.Series) -> pl.Series:
    """Of national numbers in ten digits from a table; the others go the long way."""
    told = _PREFIXES.gather(phones.national(cells) // 10**6)
    other = (told.is_null() & cells.is_not_null()).arg_true()
    if not len(other):
        return told
    return told.scatter(other, cells.gather(other).alias("phone").to_frame().lazy().select(_prefix(pl.col("phone"))).collect().to_series())


def _prefix(phone: pl.Expr) -> pl.Expr:
    digits = phone.str.replace_all(r"[^0-9]", "")
    digits = pl.when(digits.str.starts_with("00")).then(digits.str.slice(2)).otherwise(digits)
    size = digits.str.len_bytes()
    at = pl.when((size == _NATIONAL + 1) & digits.str.starts_with("0")).then(1).when(size == _NATIONAL).then(0)
    at = at.when((size == _NATIONAL + 2) & digits.str.starts_with("33")).then(2)
    at = at.when((size == _NATIONAL + 3) & digits.str.starts_with("330")).then(3)
    return pl.when(at.is_not_null()).then(digits.str.slice(at, 3))


_NATIONAL = 9


@cache
def addresses() -> pl.DataFrame:
    """Every ``postal_code`` and folded commune name (``key``) that go together, with the commune's ``insee`` code."""
    listed = communes().select("insee", "key", pl.col("postal_codes").str.split("|"))
    return listed.explode("postal_codes").rename({"postal_codes": "postal_code"}).drop_nulls().unique(["postal_code", "key"], keep="first")


def is_known(name: str, column: str) -> pl.Expr:
    """Whether a column's values are in a list of the lexicons."""
    return pl.col(column).is_in(codes(name).implode())


def folded(name: pl.Expr) -> pl.Expr:
    """A place name without case, accents, hyphens, apostrophes, CEDEX or arrondissement: the key of the commune list.

    ``Saint-Brieuc``, ``ST BRIEUC CEDEX 1`` and ``SAINT BRIEUC`` all give ``SAINT BRIEUC``.
    """
    return fold(name).str.replace(r"\s*\b(?:CEDEX|\d+)\b.*$", "")
