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


def parts(subject: Subject, seed: int, marks: Mapping[str, int]) -> Iterator[pl.Series]:
    """What the cells of a row tell of its person, as named columns.

    ``kind:n``: keyed hash of the n-th column of a kind; ``last``, ``first``, ``maiden``: of the parts of a name;
    ``birth``: days since 1970; ``sex``; ``head``: the first five digits of the NIR (sex, year, month).
    """
    cells = subject.cells()
    for kind, found in keys.expressions(cells, seed, marks).items():
        yield from (e.alias(f"{kind}:{n}") for n, e in enumerate(found))
    if cells.get("birth_date"):
        yield from (e.alias(name) for name, e in keys.names(cells, seed).items())
    birth = subject.birth()
    yield birth.alias("birth")
    day = birth.cast(pl.Date)
    yield from (day.dt.year().alias("year"), day.dt.month().cast(pl.Int32).alias("month"))
    yield subject.sex().alias("sex")
    if nir := cells.get("nir"):
        yield nir[0].at_rows(nir[0].ask("head", lambda: keys.head(nir[0].barest))).alias("head")


def count(facts: pl.DataFrame, tally: TableTally, cap: int, *, variants: bool) -> None:
    """Adds the persons of ``facts`` (columns of ``parts``, and ``mask``); ``variants``: their names are all there is."""
    facts = facts.lazy().with_columns(_derived(facts.columns)).collect()
    kinds = {kind: [n for n in facts.columns if n.startswith(f"{kind}:")] for kind in (*keys.ORDER, "iban")}
    kinds = {kind: names for kind, names in kinds.items() if names}
    ranked = [kind for kind in keys.ORDER if kind in kinds]
    # Two children under one NIR are two persons, and one distinct NIR.
    own = {kind: ["holder", *names[1:]] if kind == "nir" and "holder" in facts.columns else names for kind, names in kinds.items()}
    if kinds:
        facts = facts.hstack(facts.lazy().select(_best(kinds, ranked, own)).collect())
        tally.keyed.update({kind: int(facts[f"has:{kind}"].sum()) for kind in kinds})
    _count_kinds(facts, kinds, ranked, tally, cap)
    if variants and "name_dob:0" in facts.columns and "first" in facts.columns:
        found = facts.lazy().select(keys.mixed(*(pl.col(n) for n in names)).alias(name) for name, names in VARIANTS.items()).collect()
        for name in VARIANTS:
            tally.variants.setdefault(name, Distinct(cap)).add(found[name])
    _count_pairs(facts, tally, cap)
    _count_identities(facts, [name for kind in ranked for name in own[kind]], tally)
    if ranked:
        _count_people(facts, ranked, tally)
    owners.count(facts, own, tally, cap)


def _count_kinds(facts: pl.DataFrame, kinds: Mapping[str, list[str]], ranked: list[str], tally: TableTally, cap: int) -> None:
    """The distinct values of each kind, each with the better key of its row where some kind is better."""
    for kind, names in kinds.items():
        better = ranked.index(kind) if kind in ranked else 0
        for name in names:
            if better:
                _link(facts[name], facts[f"best:{better - 1}"], kind, tally, cap)
            else:
                tally.unique.setdefault(kind, Distinct(cap)).add(facts[name])
    if "maiden_dob" in facts.columns:
        best = f"best:{ranked.index('name_dob')}"
        changed = facts.select("maiden_dob", best).filter(facts["maiden_dob"] != facts["name_dob:0"])
        _link(changed["maiden_dob"], changed[best], "maiden", tally, cap)


def _best(kinds: Mapping[str, list[str]], ranked: list[str], own: Mapping[str, list[str]]) -> Iterator[pl.Expr]:
    """``best:n``: the best key of a row among the first kinds, the n-th included; ``has:kind``: whether it has one of a kind."""
    order: list[str] = []
    for n, kind in enumerate(ranked):
        order += own[kind]
        yield pl.coalesce(order).alias(f"best:{n}")
    for kind, names in kinds.items():
        yield pl.any_horizontal(pl.col(names).is_not_null()).alias(f"has:{kind}")


# What tells more of a person than the address alone, which every leak of a decade shares.
_SECOND = {"name": ("last",), "birth": ("birth",), "phone": ("phone:0",)}


def _count_pairs(facts: pl.DataFrame, tally: TableTally, cap: int) -> None:
    """The distinct e-mail addresses with each second field that rows hold beside them."""
    wanted = {name: columns for name, columns in _SECOND.items() if {"email:0", *columns} <= set(facts.columns)}
    for name, columns in wanted.items():
        pair = facts.select(keys.mixed(pl.col("email:0"), *((pl.col(c) + _SHIFTED if c == "birth" else pl.col(c)) for c in columns)))
        tally.pairs.setdefault(name, Distinct(cap)).add(pair.to_series())


def _derived(there: list[str]) -> list[pl.Expr]:
    """The key of names with the birth date, and the holder of a NIR, where their parts are among the columns."""
    birth = (pl.col("birth") + _SHIFTED).cast(pl.UInt64)
    found = []
    if "last" in there:
        name = [pl.col("last"), *([pl.col("first")] if "first" in there else [])]
        found.append(keys.mixed(*name, birth).alias("name_dob:0"))
        found += [birth.alias("day"), (pl.col("month") * 32 + pl.col("birth").cast(pl.Date).dt.day()).alias("monthday")]
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
    month, first = pl.col("head") % 100, pl.col("head") // 10_000
    differs = (
        pl.col("year") % 100 != pl.col("head") // 100 % 100,
        month.is_between(1, _MONTHS) & (pl.col("month") != month),
        (pl.col("sex") > 0) & first.is_between(1, 2) & (pl.col("sex").cast(pl.Int32) != first),
    )
    return told_birth() & (pl.sum_horizontal(d.fill_null(value=False).cast(pl.UInt8) for d in differs) > 1)


def told_birth() -> pl.Expr:
    """Whether a birth date stands in the row, and none that software writes when it has no date."""
    birth = pl.col("birth")
    return birth.is_not_null() & ~pl.any_horizontal(birth == day for day in DEFAULTS)


def dependent() -> pl.Expr:
    """Whether the birth date is that of a child of the NIR's holder; false where either is missing."""
    years = pl.col("year") - (pl.col("head") // 100 % 100)
    apart = pl.any_horizontal((years - century).is_between(*_PARENT) for century in (1900, 2000))
    return (apart & told_birth()).fill_null(value=False)


def _link(key: pl.Series, lead: pl.Series, kind: str, tally: TableTally, cap: int) -> None:
    links = pl.DataFrame([key.alias("key"), lead.alias("lead")])
    tally.links.setdefault(kind, Links(cap)).add(links.filter(key.is_not_null()) if key.null_count() else links)


def _count_people(facts: pl.DataFrame, ranked: list[str], tally: TableTally) -> None:
    before = 0
    for n, kind in enumerate(ranked):
        told = facts.height - facts[f"best:{n}"].null_count()
        tally.leads[kind] += told - before
        before = told
    best = facts[f"best:{len(ranked) - 1}"].alias("key")
    tally.people.add(pl.DataFrame([best, *(facts[name].cast(PERSON[name]) for name in ("mask", "birth", "sex"))]))


def _count_identities(facts: pl.DataFrame, order: list[str], tally: TableTally) -> None:
    """Distinct rows of keys; a row without any is told by its name: it may be one person more than keys tell."""
    names: list[str] = [name for name in ("last", "first") if "last" in facts.columns and name in facts.columns]
    told = [_whole(some, start) for some, start in ((order, 0), (names, len(order))) if some]
    if told:
        tally.identities.add(facts.lazy().select(pl.coalesce(told)).collect().to_series())


def _whole(names: list[str], start: int) -> pl.Expr:
    """One hash of several, null where all are: each times an odd number of its own, missing ones a number."""
    terms = [pl.col(name).fill_null(start + n) * pl.lit(keys.odd(start + n), dtype=pl.UInt64) for n, name in enumerate(names)]
    return pl.when(pl.any_horizontal(pl.col(names).is_not_null())).then(pl.sum_horizontal(terms))
