"""Whether the cells of a row agree: what a forger forgets and what a damaged export breaks.

Every check is a question to rows that hold both of its sides; it counts how many were asked and how many agreed.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import polars as pl

from triage.census import places
from triage.census.dates import DEFAULTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage.census.cells import Folded
    from triage.census.subject import Subject
    from triage.detect.plan import ColumnPlan
    from triage.tally import TableTally

# INSEE writes 20 to 42 and 50 to 99 for a month of birth that is not known.
_MONTHS = 12
# A town stands so many columns from its postal code at the most.
_NEAR = 3
# What UTF-8 read as cp1252 looks like, and what a decoder leaves of a byte it cannot read.
_MOJIBAKE = "Ã[\u0080-\u00bf\u0152\u0153\u0160\u0161\u0178\u017d\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|â€|\ufffd"
# Labels of columns that software numbers one after the other.
_NUMBERED = frozenset({"id", "patient_id", "contract_id", "number", "code", "loyalty"})
_DISTINCT, _INTEGERS = 0.98, 0.98
# The longest number that is read: an Int64 has no more.
_DIGITS = 18
# Columns in which accents are common: the others would cost more than they tell.
ACCENTED = frozenset({"last_name", "first_name", "birth_name", "full_name", "city", "address"})


def parts(subject: Subject) -> Iterator[pl.Expr]:
    """What the sex column and the title column say of the sex, each by itself."""
    for label in ("sex", "title"):
        told = subject.told(label)
        if told is not None:
            yield told.alias(f"told:{label}")


def count(facts: pl.DataFrame, tally: TableTally, dependent: pl.Expr) -> None:
    """Adds the checks of ``facts`` (columns of ``parts`` and of ``persons.parts``); children under a parent's NIR are left out."""
    found = dict(_checks(facts.columns))
    if "head" in facts.columns and found:
        facts = facts.filter(~dependent)
    asked = [e for name, agree in found.items() for e in (agree.is_not_null().sum().alias(name), agree.sum().alias(f"{name}!"))]
    if asked:
        tally.checks.update({name: int(n or 0) for name, n in facts.select(asked).row(0, named=True).items()})


def _checks(there: Sequence[str]) -> Iterator[tuple[str, pl.Expr]]:
    head, birth = pl.col("head"), pl.col("birth")
    told = [pl.col(f"told:{label}") for label in ("sex", "title") if f"told:{label}" in there]
    if "head" in there:
        first = head // 10_000
        sex = pl.when(first.is_in([1, 3, 7])).then(1).when(first.is_in([2, 4, 8])).then(2)
        if told:
            yield "nir_sex", sex == pl.coalesce(told)
        day = pl.when(birth.is_in(list(DEFAULTS)).not_()).then(birth).cast(pl.Date)
        month = head % 100
        yield "nir_birth_year", day.dt.year() % 100 == head // 100 % 100
        yield "nir_birth_month", pl.when(month.is_between(1, _MONTHS)).then(day.dt.month().cast(pl.Int32) == month)
    if len(told) > 1:
        yield "title_sex", told[0] == told[1]


def count_places(folded: Sequence[Folded], columns: Sequence[ColumnPlan], tally: TableTally) -> None:
    """Adds how often postal code and town agree, and the towns by their INSEE code where both tell the same.

    Only towns and codes of the official lists are asked: places in the country and CEDEX codes are in neither. Each code and
    each town is read once; rows are counted by their hashes.
    """
    for postal, city in _addresses(columns):
        code, town = folded[postal.index], folded[city.index]
        codes = _listed(code, "postal_codes", places.five(pl.col("cell")).alias("postal_code"), "code")
        towns = _listed(town, "communes", places.folded(pl.col("cell")).alias("key"), "town")
        pairs = pl.DataFrame([code.hashes.alias("code"), town.hashes.alias("town")]).lazy().group_by("code", "town").len("rows")
        known = pairs.join(codes, on="code").join(towns, on="town").collect()
        agreed = known.join(places.addresses(), on=["postal_code", "key"])
        tally.checks["postal_city"] += int(known["rows"].sum())
        tally.checks["postal_city!"] += int(agreed["rows"].sum())
        found = agreed.group_by("insee").agg(pl.col("rows").sum())
        tally.columns[city.index].words.setdefault("insee", Counter()).update(dict(found.iter_rows()))


def _listed(folded: Folded, name: str, read: pl.Expr, hashed: str) -> pl.LazyFrame:
    """The values of a column that are in a list, as they are read, and their hashes under the name ``hashed``."""
    values = folded.values.select(pl.first().alias("cell"), pl.col("hash").alias(hashed)).lazy().select(read, hashed)
    return values.filter(places.is_known(name, read.meta.output_name()))


def _addresses(columns: Sequence[ColumnPlan]) -> Iterator[tuple[ColumnPlan, ColumnPlan]]:
    """Pairs of a postal code and the town of the same role next to it."""
    for postal in columns:
        near = [c for c in columns if c.label == "city" and c.role == postal.role and abs(c.index - postal.index) <= _NEAR]
        if postal.label == "postal_code" and near:
            yield postal, min(near, key=lambda c: abs(c.index - postal.index))


def of_column(column: ColumnPlan) -> Iterator[tuple[str, pl.Expr]]:
    """What is asked of each value of one column.

    ``damaged``: it was read in the wrong encoding, asked where accents are common; ``number``: it as an integer, where the column
    may be a counter, nearly every probed cell another integer.
    """
    cell, shape = pl.col(f"c{column.index}"), column.shape
    if column.label in ACCENTED:
        yield "damaged", cell.str.contains(_MOJIBAKE).fill_null(value=False)
    distinct = shape.distinct >= _DISTINCT * shape.filled
    if column.label in _NUMBERED and distinct and shape.integers >= _INTEGERS and shape.length_max <= _DIGITS:
        yield "number", cell.str.to_integer(dtype=pl.Int64, strict=False)
