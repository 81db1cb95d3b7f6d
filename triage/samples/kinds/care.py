"""Care: blood groups, practitioners, establishments, insurers."""

from __future__ import annotations

import polars as pl

from triage.samples import lists, people
from triage.samples.cast import Who
from triage.samples.draw import cumulative
from triage.samples.keys import luhn_digit, zero_padded
from triage.samples.kinds import constant, kind
from triage.samples.recipe import Column

# Shares of blood groups in France (Établissement français du sang).
_GROUPS = {"O+": 36.5, "O-": 6.5, "A+": 38.2, "A-": 6.8, "B+": 7.7, "B-": 1.3, "AB+": 2.5, "AB-": 0.5}
_PLUS = ("+", " +", " POS", " Rh+", " RH POSITIF", " Rhésus positif", " rh pos", " RH:1", " Rh D+")
_MINUS = ("-", " -", " NEG", " Rh-", " RH NEGATIF", " Rhésus négatif", " rh neg", " RH:-1", " Rh D-")


def _group(who: Who) -> pl.Series:
    return who.pick("blood group", list(_GROUPS), cumulative(list(_GROUPS.values())))


@kind("blood_abo", label="blood_group")
def blood_abo(who: Who, _column: Column) -> pl.Series:
    """ABO alone."""
    return _group(who).str.strip_chars("+-")


@kind("blood_rhesus", label="blood_group")
def blood_rhesus(who: Who, column: Column) -> pl.Series:
    """Rhesus alone as two ``codes``, positive first."""
    positive, negative = column.options.get("codes", ("+", "-"))
    plus = _group(who).str.ends_with("+")
    return constant(positive, plus).zip_with(plus, constant(negative, plus))


@kind("blood_group", label="blood_group")
def blood_group(who: Who, _column: Column) -> pl.Series:
    """ABO and rhesus in one cell, in the many notations of the wards."""
    group = _group(who)
    plus = who.pick("notation", _PLUS)
    minus = who.pick("notation", _MINUS)
    return group.str.strip_chars("+-") + plus.zip_with(group.str.ends_with("+"), minus)


@kind("practitioner", label="practitioner")
def practitioner(who: Who, _column: Column) -> pl.Series:
    """A doctor in one cell: ``Dr Anne LE GOFF``, ``DR LE GOFF``."""
    first = who.fact(people.first_name).str.to_titlecase()
    form = who.below("doctor form", 3)
    last = who.fact(people.birth_name)
    out = ("Dr " + first + " " + last).zip_with(form == 0, "DR " + last)
    return ("Dr " + last + " " + first).zip_with(form == 1, out)


@kind("rpps", label="rpps", key=True)
def rpps(who: Who, _column: Column) -> pl.Series:
    """RPPS: 11 digits beginning with 10, Luhn right, one for each practitioner."""
    body = "100" + zero_padded((who.ids.cast(pl.Int64) * 7919 + 104_729) % 10**7, 7)
    return body + luhn_digit(body, 10)


@kind("finess", label="finess", key=True)
def finess(who: Who, _column: Column) -> pl.Series:
    """FINESS: two characters of the département, six digits, Luhn (Corsica's letters count as digits)."""
    codes = pl.Series([code[:2] for code in lists.places().codes]).gather(who.fact(people.department))
    body = zero_padded((who.ids.cast(pl.Int64) * 7919 + 1009) % 10**6, 6)
    counted = codes.str.replace("2A", "21", literal=True).str.replace("2B", "22", literal=True) + body
    return codes + body + luhn_digit(counted, 8)


@kind("establishment", label="health_facility")
def establishment(who: Who, _column: Column) -> pl.Series:
    """One of the entity's ``names``, in its order; ``{city}`` stands for the commune."""
    names = pl.Series(who.settings.names, dtype=pl.String).gather((who.ids % len(who.settings.names)).cast(pl.Int64))
    cities = lists.places().frame["name"].gather(who.fact(people.home)).str.to_uppercase()
    pattern = pl.DataFrame({"name": names, "city": cities})
    return pattern.select(pl.col("name").str.replace("{city}", pl.col("city"), literal=True)).to_series()


@kind("insurer", label="insurer")
def insurer(who: Who, _column: Column) -> pl.Series:
    """Name of the insurer."""
    return pl.Series(who.settings.names, dtype=pl.String).gather((who.ids % len(who.settings.names)).cast(pl.Int64))


@kind("insurer_id", label="insurer_id")
def insurer_id(who: Who, _column: Column) -> pl.Series:
    """Eight-digit number of the insurer (numéro préfectoral: département and order, no key)."""
    return zero_padded((who.ids.cast(pl.Int64) * 611_953 + 75_000_017) % 10**8, 8)
