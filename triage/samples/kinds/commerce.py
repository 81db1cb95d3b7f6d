"""Customers and what they pay."""

from __future__ import annotations

import polars as pl

from triage.samples.cast import Who
from triage.samples.keys import luhn_digit, two_digits, zero_padded
from triage.samples.kinds import kind
from triage.samples.recipe import Column


@kind("amount", label="amount")
def amount(who: Who, column: Column) -> pl.Series:
    """A sum from ``low`` to ``high`` with two decimals after a ``point`` (a comma unless told)."""
    low, high = int(column.options["low"]), int(column.options["high"])
    whole = (who.below(f"{column.name} whole", high - low) + low).cast(pl.String)
    return whole + str(column.options.get("point", ",")) + two_digits(who.below(f"{column.name} cents", 100))


@kind("loyalty", label="loyalty", key=True)
def loyalty(who: Who, column: Column) -> pl.Series:
    """A loyalty card: 13 digits after a ``prefix`` of four, Luhn."""
    body = str(column.options.get("prefix", "9135")) + zero_padded(who.below("loyalty card", 10**8), 8)
    return body + luhn_digit(body, 12)


@kind("door_code", label="door_code")
def door_code(who: Who, _column: Column) -> pl.Series:
    """The code of a front door: ``12B45``, ``A4821``."""
    letter, digits = who.pick("door letter", ["A", "B"]), zero_padded(who.below("door digits", 10_000), 4)
    inside = digits.str.slice(0, 2) + letter + digits.str.slice(2)
    return inside.zip_with(who.chance("door form", 0.5), letter + digits)


@kind("coordinate", label="lat_long")
def coordinate(who: Who, column: Column) -> pl.Series:
    """Latitude or longitude (``axis``) inside the Hexagon, six decimals."""
    south, north = (43.6, 49.6) if column.options["axis"] == "latitude" else (-0.9, 6.4)
    return (who.unit(column.options["axis"]) * (north - south) + south).round(6).cast(pl.String)


@kind("dioptres", label="optical_correction")
def dioptres(who: Who, column: Column) -> pl.Series:
    """A correction of the eyes from ``low`` to ``high`` by quarters of a dioptre, with its sign."""
    low, high = int(column.options["low"]) * 4, int(column.options["high"]) * 4
    quarters = who.below(column.name, high - low + 1) + low
    sign = pl.Series(["-"]).new_from_index(0, len(quarters)).zip_with(quarters < 0, pl.Series(["+"]).new_from_index(0, len(quarters)))
    return sign + (quarters.abs() // 4).cast(pl.String) + "." + two_digits(quarters.abs() % 4 * 25)
