"""Numbers, codes, dates, choices: what every table has besides."""

from __future__ import annotations

import polars as pl

from triage.samples.cast import Who
from triage.samples.draw import cumulative
from triage.samples.keys import zero_padded
from triage.samples.kinds import kind
from triage.samples.recipe import Column
from triage.samples.world import days


@kind("sequence", label="id")
def sequence(who: Who, column: Column) -> pl.Series:
    """A counter from ``start`` with one number in ten left out, after a ``prefix``, of ``width`` digits."""
    number = who.ids.cast(pl.Int64) * 10 // 9 + int(column.options.get("start", 1))
    return str(column.options.get("prefix", "")) + zero_padded(number, int(column.options.get("width", 1)))


@kind("digits", label="code")
def digits(who: Who, column: Column) -> pl.Series:
    """Random digits of a ``width``, after a ``prefix``; one of ``count`` codes when told."""
    width, count = int(column.options["width"]), int(column.options.get("count", 0))
    bound = 10**width
    number = who.below(column.name, count or bound)
    return str(column.options.get("prefix", "")) + zero_padded(number * 7919 % bound if count else number, width)


@kind("number", label="number")
def number(who: Who, column: Column) -> pl.Series:
    """A whole number from ``low`` to ``high``."""
    low, high = int(column.options["low"]), int(column.options["high"])
    return (who.below(column.name, high - low + 1) + low).cast(pl.String)


@kind("choice", label="category")
def choice(who: Who, column: Column) -> pl.Series:
    """One of the ``values``: a table of value to weight."""
    values: dict[str, float] = column.options["values"]
    return who.pick(column.name, list(values), cumulative(list(values.values())))


@kind("date", label="date")
def date(who: Who, column: Column) -> pl.Series:
    """A working day in one of the ``spans`` ([first, last, weight]) as ``format``; ``plus`` days more, ``as`` another column.

    A format with hours gets a time of the working day.
    """
    purpose = column.options.get("as", column.name)
    spans = [(days(first), days(last), weight) for first, last, weight in column.options["spans"]]
    at = who.index(f"{purpose} span", cumulative([weight for _, _, weight in spans]))
    first = pl.Series([f for f, _, _ in spans]).gather(at)
    length = pl.Series([last - f + 1 for f, last, _ in spans]).gather(at)
    day = first + (who.unit(f"{purpose} day") * length.cast(pl.Float64)).cast(pl.Int64)
    day = day - ((day + 4) % 7 == 0).cast(pl.Int64) * (day > first).cast(pl.Int64)
    if most := int(column.options.get("plus", 0)):
        day = day + who.below(f"{column.name} plus", most + 1)
    seconds = day * 86_400 + 7 * 3600 + who.below(f"{column.name} time", 12 * 3600)
    return (seconds * 1000).cast(pl.Datetime("ms")).dt.strftime(column.options.get("format", "%d/%m/%Y"))
