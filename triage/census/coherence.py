"""Whether the cells of a row agree: what a forger forgets and what a damaged export breaks.

Every check is a question to rows that hold both of its sides; it counts how many were asked and how many agreed.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import polars as pl
import polars.selectors as cs

from triage.census import places
from triage.census.dates import DEFAULTS
from triage.census.known import Sought
from triage.sketches import Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage.census.cells import Folded
    from triage.census.known import Lore
    from triage.census.memory import Memory
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


def parts(subject: Subject) -> Iterator[pl.Series]:
    """What the sex column and the title column say of the sex, each by itself."""
    for label in ("sex", "title"):
        told = subject.told(label)
        if told is not None:
            yield told.alias(f"told:{label}")


def count(facts: pl.DataFrame, tally: TableTally, dependent: pl.Expr) -> None:
    """Adds the checks of ``facts`` (columns of ``parts`` and of ``persons.parts``); children under a parent's NIR are left out."""
    found = dict(_checks(facts.columns))
    if "head" in facts.columns and found:
        kept = facts.select(child=dependent).to_series()
        facts = facts.select(cs.by_name("head", "birth", "year", "month", "told:sex", "told:title", require_all=False)).filter(~kept)
    asked = [e for name, agree in found.items() for e in (agree.is_not_null().sum().alias(name), agree.sum().alias(f"{name}!"))]
    if asked:
        tally.checks.update({name: int(n or 0) for name, n in facts.lazy().select(asked).collect().row(0, named=True).items()})


def _checks(there: Sequence[str]) -> Iterator[tuple[str, pl.Expr]]:
    head, birth = pl.col("head"), pl.col("birth")
    told_birth = ~pl.any_horizontal(birth == day for day in DEFAULTS)
    told = [pl.col(f"told:{label}") for label in ("sex", "title") if f"told:{label}" in there]
    if "head" in there:
        first = head // 10_000
        men, women = (pl.any_horizontal(first == n for n in digits) for digits in ((1, 3, 7), (2, 4, 8)))
        sex = pl.when(men).then(1).when(women).then(2)
        if told:
            yield "nir_sex", sex == pl.coalesce(told)
        month = head % 100
        yield "nir_birth_year", pl.when(told_birth).then(pl.col("year") % 100 == head // 100 % 100)
        yield "nir_birth_month", pl.when(told_birth & month.is_between(1, _MONTHS)).then(pl.col("month") == month)
    if len(told) > 1:
        yield "title_sex", told[0] == told[1]


def count_places(folded: Sequence[Folded], columns: Sequence[ColumnPlan], lore: Lore, memory: Memory, tally: TableTally) -> None:
    """Adds how often postal code and town agree, and the towns by their INSEE code where both tell the same.

    Only towns and codes of the official lists are asked: places in the country and CEDEX codes are in neither. Each pair of a
    code and a town is looked up once a file.
    """
    for postal, city in _addresses(columns):
        code, town = folded[postal.index], folded[city.index]
        both = code.hashes * pl.Series([_ODD], dtype=pl.UInt64) + town.hashes
        known = lore.of((postal.index, city.index), _NOTHING)
        sought = Sought(known, both, *known.find(both))
        listed, insee = _told(sought, pl.DataFrame([both.alias("hash"), code.cells.alias("code"), town.cells.alias("town")]), memory)
        lore.learn((postal.index, city.index), sought)
        pairs = sought.numbers.alias("number").value_counts(name="rows")
        rows = pairs["rows"]
        tally.checks["postal_city"] += int(rows.filter(listed[pairs["number"]]).sum())
        found = pl.DataFrame([insee[pairs["number"]].alias("word"), rows]).drop_nulls("word")
        tally.checks["postal_city!"] += int(found["rows"].sum())
        tally.columns[city.index].words.setdefault("insee", Words()).add(found)


# What no pair of cells is.
_NOTHING = pl.Series([0], dtype=pl.UInt64)
# An odd multiplier: a code and a town are not a town and a code.
_ODD = 0x9E3779B97F4A7C15


def _told(sought: Sought, rows: pl.DataFrame, memory: Memory) -> tuple[pl.Series, pl.Series]:
    """By the number of each pair, what ``_looked_up`` says of it."""
    fresh = rows[sought.fresh]
    told = memory.told("address", fresh, _looked_up) if fresh.height or not sought.before.told else pl.DataFrame()
    listed, insee = (sought.ask(name, partial(told.get_column, name)) for name in ("listed", "insee"))
    return listed, insee


def _looked_up(pairs: pl.DataFrame) -> pl.DataFrame:
    """Of each pair whether both are ``listed``, and the ``insee`` code of the town where they belong together."""
    read = pairs.lazy().select(places.five(pl.col("code")).alias("postal_code"), places.folded(pl.col("town")).alias("key"))
    known = places.is_known("postal_codes", "postal_code") & places.is_known("communes", "key")
    asked = read.with_columns(known.fill_null(value=False).alias("listed"))
    # Of all addresses those of the codes asked for: to join with all 36,000 takes 5 ms however few they are.
    listed = places.addresses().lazy().filter(pl.col("postal_code").is_in(read.select("postal_code").collect().to_series().implode()))
    found = asked.join(listed, on=["postal_code", "key"], how="left", maintain_order="left")
    return found.select("listed", pl.when("listed").then("insee").alias("insee")).collect()


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
