"""Who somebody is: names, sex, birth, social security number."""

from __future__ import annotations

import polars as pl

from triage.samples import lists, people
from triage.samples.cast import Who
from triage.samples.keys import nir_key
from triage.samples.kinds import cased, constant, kind
from triage.samples.recipe import Column


@kind("last_name", label="last_name")
def last_name(who: Who, column: Column) -> pl.Series:
    """The name in use."""
    return cased(who.fact(people.last_name), column)


@kind("birth_name", label="birth_name")
def birth_name(who: Who, column: Column) -> pl.Series:
    """The name at birth; with ``married_only`` empty for those who still bear it."""
    names = cased(who.fact(people.birth_name), column)
    if not column.options.get("married_only"):
        return names
    return names.zip_with(who.fact(people.married), pl.Series([None], dtype=pl.String).new_from_index(0, len(names)))


@kind("first_name", label="first_name")
def first_name(who: Who, column: Column) -> pl.Series:
    """The first name."""
    return cased(who.fact(people.first_name), column)


@kind("sex", label="sex")
def sex(who: Who, column: Column) -> pl.Series:
    """Sex as two ``codes``, women's first (``F``, ``M`` unless told)."""
    women, men = column.options.get("codes", ("F", "M"))
    female = who.fact(people.woman)
    return constant(women, female).zip_with(female, constant(men, female))


@kind("title", label="title")
def title(who: Who, column: Column) -> pl.Series:
    """Title as three ``codes``: married women's, other women's, men's."""
    madam, miss, sir = (constant(code, who.ids) for code in column.options.get("codes", ("MME", "MLE", "M")))
    return madam.zip_with(who.fact(people.married), miss).zip_with(who.fact(people.woman), sir)


@kind("birth_date", label="birth_date")
def birth_date(who: Who, column: Column) -> pl.Series:
    """Birth date in a strftime ``format`` (dd/mm/yyyy unless told)."""
    return who.fact(people.birth).dt.strftime(column.options.get("format", "%d/%m/%Y"))


@kind("birth_city", label="birth_place")
def birth_city(who: Who, column: Column) -> pl.Series:
    """Commune of birth; ``ETRANGER`` for those born abroad."""
    here = lists.places().frame["name"].gather(who.fact(people.birth_place)).str.to_uppercase()
    return cased(constant("ETRANGER", here).zip_with(who.fact(people.born_abroad), here), column)


@kind("age", label="age")
def age(who: Who, _column: Column) -> pl.Series:
    """Age in whole years."""
    return who.fact(people.age).cast(pl.Int32).cast(pl.String)


@kind("nir", label="nir")
def nir(who: Who, column: Column) -> pl.Series:
    """NIR of 13 characters, or of 15 with its key (``key``), in groups when ``spaced``."""
    number = who.fact(people.nir)
    if not column.options.get("key"):
        return number
    whole = number + nir_key(number)
    return whole.str.replace(r"^(.)(..)(..)(..)(...)(...)(..)$", "$1 $2 $3 $4 $5 $6 $7") if column.options.get("spaced") else whole


@kind("nir_key", label="nir_key")
def key_of_nir(who: Who, _column: Column) -> pl.Series:
    """The key alone, for the column beside a NIR of 13 characters."""
    return nir_key(who.fact(people.nir))
