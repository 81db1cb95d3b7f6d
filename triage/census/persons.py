"""Persons of a segment: the best key of each row, what it is linked to, and the parts of names that typing errors leave.

Every figure of persons is a question to sets of hashes that merge. The best key of a row tells its person; its lesser
keys are kept with the better one beside them, so that a row that has only those is counted with the person they led to.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from triage.census import keys, owners
from triage.census.dates import DEFAULTS
from triage.sketches import PERSON, Distinct, Links

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.census.subject import Subject
    from triage.tally import TableTally

# Children have no number of their own on a card before 16 and stand under a parent's: whoever was born so many years
# after the year in the NIR is another person than its holder.
_PARENT = (14, 60)
# INSEE writes 20 to 42 and 50 to 99 for a month of birth that is not known.
_MONTHS = 12
# Positive for any date from 1850 on.
_SHIFTED = 100_000
# Parts of a name and birth date that two rows of one person share in spite of one wrong or changed field: a married
# name, a misspelt first name, a wrong year, a wrong day. The first is the whole.
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "whole": ("last", "first", "day"),
    "no_first": ("last", "day"),
    "no_last": ("first", "day"),
    "year": ("last", "first", "year"),
    "monthday": ("last", "first", "monthday"),
}


def parts(subject: Subject, seeds: Mapping[str, int]) -> Iterator[pl.Expr]:
    """What the cells of a row tell of its person, as named expressions over judged cells.

    ``kind:n``: keyed hash of the n-th column of a kind; ``last``, ``first``, ``maiden``: of the parts of a name;
    ``birth``: days since 1970; ``sex``; ``head``: the first five digits of the NIR (sex, year, month).
    """
    cells = subject.cells()
    for kind, found in keys.expressions(cells, seeds).items():
        yield from (e.alias(f"{kind}:{n}") for n, e in enumerate(found))
    if cells.get("birth_date"):
        yield from (e.alias(name) for name, e in keys.names(cells, seeds["name_dob"]).items())
    yield subject.birth().alias("birth")
    yield subject.sex().alias("sex")
    if nir := cells.get("nir"):
        yield keys.normalised("nir", nir[0]).str.slice(0, 5).str.to_integer(dtype=pl.Int32, strict=False).alias("head")


def count(facts: pl.DataFrame, tally: TableTally, cap: int, *, variants: bool) -> None:
    """Adds the persons of ``facts`` (columns of ``parts``, and ``mask``); ``variants``: their names are all there is."""
    facts = facts.with_columns(_derived(facts.columns))
    kinds = {kind: [n for n in facts.columns if n.startswith(f"{kind}:")] for kind in (*keys.ORDER, "iban")}
    kinds = {kind: names for kind, names in kinds.items() if names}
    for kind, names in kinds.items():
        tally.keyed[kind] += int(facts.select(pl.any_horizontal(pl.col(names).is_not_null()).sum()).item())
    ranked = [kind for kind in keys.ORDER if kind in kinds]
    # Two children under one NIR are two persons, and one distinct NIR.
    own = {kind: ["holder", *names[1:]] if kind == "nir" and "holder" in facts.columns else names for kind, names in kinds.items()}
    for kind in kinds:
        better = [n for k in ranked[: ranked.index(kind)] for n in own[k]] if kind in ranked else []
        _count_kind(facts, kind, kinds[kind], better, tally, cap)
    if "maiden_dob" in facts.columns:
        better = [n for kind in ranked[: ranked.index("name_dob") + 1] for n in own[kind]]
        changed = facts.filter(pl.col("maiden_dob") != pl.col("name_dob:0"))
        _link(changed.select(key="maiden_dob", lead=pl.coalesce(better)), "maiden", tally, cap)
    if variants and "name_dob:0" in facts.columns and "first" in facts.columns:
        found = facts.select(keys.mixed(*(pl.col(n) for n in names)).alias(name) for name, names in VARIANTS.items())
        for name in VARIANTS:
            tally.variants.setdefault(name, Distinct(cap)).add(found[name].drop_nulls().unique())
    _count_pairs(facts, tally, cap)
    _count_people(facts, ranked, own, tally)
    owners.count(facts, own, tally, cap)


# What tells more of a person than the address alone, which every leak of a decade shares.
_SECOND = {"name": ("last",), "birth": ("birth",), "phone": ("phone:0",)}


def _count_pairs(facts: pl.DataFrame, tally: TableTally, cap: int) -> None:
    """The distinct e-mail addresses with each second field that rows hold beside them."""
    wanted = {name: columns for name, columns in _SECOND.items() if {"email:0", *columns} <= set(facts.columns)}
    for name, columns in wanted.items():
        pair = facts.select(keys.mixed(pl.col("email:0"), *((pl.col(c) + _SHIFTED if c == "birth" else pl.col(c)) for c in columns)))
        tally.pairs.setdefault(name, Distinct(cap)).add(pair.to_series().drop_nulls().unique())


def _derived(there: list[str]) -> list[pl.Expr]:
    """The key of names with the birth date, and the holder of a NIR, where their parts are among the columns."""
    birth = (pl.col("birth") + _SHIFTED).cast(pl.UInt64)
    found = []
    if "last" in there:
        name = [pl.col("last"), *([pl.col("first")] if "first" in there else [])]
        found.append(keys.mixed(*name, birth).alias("name_dob:0"))
        day = pl.col("birth").cast(pl.Date)
        found += [birth.alias("day"), day.dt.year().alias("year"), (day.dt.month().cast(pl.Int32) * 32 + day.dt.day()).alias("monthday")]
    if "maiden" in there:
        found.append(keys.mixed(pl.col("maiden"), *([pl.col("first")] if "first" in there else []), birth).alias("maiden_dob"))
    if "head" in there:
        other = keys.mixed(pl.col("nir:0"), birth)
        found.append(pl.when(dependent() | _unlike()).then(other).otherwise(pl.col("nir:0")).alias("holder"))
    return found


def _unlike() -> pl.Expr:
    """Whether the row is of somebody else than the holder of its NIR, a spouse under the insured's: birth date and sex tell.

    One wrong digit or an exchanged day and month change one of year, month and sex; two that differ are another person.
    """
    day = pl.when(pl.col("birth").is_in(list(DEFAULTS)).not_()).then(pl.col("birth")).cast(pl.Date)
    month, first = pl.col("head") % 100, pl.col("head") // 10_000
    differs = (
        day.dt.year() % 100 != pl.col("head") // 100 % 100,
        month.is_between(1, _MONTHS) & (day.dt.month().cast(pl.Int32) != month),
        (pl.col("sex") > 0) & first.is_in([1, 2]) & (pl.col("sex").cast(pl.Int32) != first),
    )
    return day.is_not_null() & (pl.sum_horizontal(d.fill_null(value=False).cast(pl.UInt8) for d in differs) > 1)


def dependent() -> pl.Expr:
    """Whether the birth date is that of a child of the NIR's holder; false where either is missing."""
    birth = pl.col("birth")
    years = birth.cast(pl.Date).dt.year() - (pl.col("head") // 100 % 100)
    apart = pl.any_horizontal((years - century).is_between(*_PARENT) for century in (1900, 2000))
    return (apart & birth.is_in(list(DEFAULTS)).not_()).fill_null(value=False)


def _count_kind(facts: pl.DataFrame, kind: str, names: list[str], better: list[str], tally: TableTally, cap: int) -> None:
    """The distinct values of a kind over its columns, each with the better key of its row where some kind is better."""
    if not better:
        values = pl.concat([facts[name].drop_nulls() for name in names])
        tally.unique.setdefault(kind, Distinct(cap)).add(values.unique())
        return
    for name in names:
        _link(facts.select(key=name, lead=pl.coalesce(better)), kind, tally, cap)


def _link(rows: pl.DataFrame, kind: str, tally: TableTally, cap: int) -> None:
    tally.links.setdefault(kind, Links(cap)).add(rows.drop_nulls("key"))


def _count_people(facts: pl.DataFrame, ranked: list[str], own: Mapping[str, list[str]], tally: TableTally) -> None:
    order = [name for kind in ranked for name in own[kind]]
    _count_identities(facts, order, tally)
    if not order:
        return
    led = pl.lit(value=False)
    leads: list[pl.Expr] = []
    for kind in ranked:
        has = pl.any_horizontal(pl.col(own[kind]).is_not_null())
        leads.append((has & ~led).sum().alias(kind))
        led = led | has
    tally.leads.update(facts.select(leads).row(0, named=True))
    rows = facts.select(
        key=pl.coalesce(order),
        mask=pl.col("mask"),
        birth=pl.col("birth"),
        sex=pl.col("sex"),
    )
    tally.people.add(rows.select(pl.col(name).cast(kind) for name, kind in PERSON.items()))


def _count_identities(facts: pl.DataFrame, order: list[str], tally: TableTally) -> None:
    """Distinct rows of keys; a row without any is told by its name: it may be one person more than keys tell."""
    whole: list[list[str]] = [order, [name for name in ("last", "first") if "last" in facts.columns and name in facts.columns]]
    told = [pl.when(pl.any_horizontal(pl.col(some).is_not_null())).then(pl.struct(some).hash()) for some in whole if some]
    if told:
        tally.identities.add(facts.select(pl.coalesce(told)).to_series().drop_nulls().unique())
