"""Numbers of customers and contracts, by which the tables of one base refer to each other.

Such a number is no key of persons: a household may share it, and another firm uses it for somebody else. But where a table has
a line's telephone and a customer's number, and the customers' table beside it names the customer under that number, the line
is the customer's. Columns of one name are compared, and no others.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from triage.census import keys
from triage.detect.headers import tokens
from triage.sketches import Links

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage.census.subject import Subject
    from triage.tally import TableTally

# Keys that name a person, and those that may be one of several of the same person.
NAMING, LOOSE = ("nir", "name_dob", "patient_id"), ("email", "phone", "login")
# Number to the person it stands beside; loose key to the number it stands beside where nothing names the person.
OWNERS, OWNED = KINDS = "owner", "owned"


def parts(subject: Subject, seed: int) -> Iterator[pl.Series]:
    """``owner``: the keyed hash of the number of the customer, and of the name of its column."""
    for column in subject.columns.get("contract_id", ())[:1]:
        name = pl.Series(["_".join(tokens(column.name))]).hash(seed)
        yield keys.marked(keys.named(subject.folded[column.index], seed), name[0]).alias(OWNERS)


def count(facts: pl.DataFrame, own: Mapping[str, Sequence[str]], tally: TableTally, cap: int) -> None:
    """Adds what ``facts`` tell: ``own`` are the columns of each kind of key, best kind first."""
    if OWNERS not in facts.columns:
        return
    naming = pl.coalesce([pl.lit(None, dtype=pl.UInt64), *(n for kind in NAMING for n in own.get(kind, ()))])
    loose = pl.coalesce([pl.lit(None, dtype=pl.UInt64), *(n for kind in LOOSE for n in own.get(kind, ()))])
    rows = facts.select(owner=OWNERS, naming=naming, loose=loose).drop_nulls("owner")
    tally.links.setdefault(OWNERS, Links(cap)).add(rows.select(key="owner", lead="naming"))
    unnamed = rows.filter(pl.col("naming").is_null() & pl.col("loose").is_not_null())
    tally.links.setdefault(OWNED, Links(cap)).add(unnamed.select(key="loose", lead="owner"))


# So many of a table's numbers must be known to another: it is the same base then; and so many named where customers are.
_KNOWN, _NAMED = 0.95, 0.5


def resolved(tables: Sequence[Mapping[str, Links]]) -> Iterator[Links]:
    """Of each table of one folder its loose keys to the persons whose numbers they stand beside, where nearly all are known.

    Not of samples: what is not kept of one cannot be told from what is not there.
    """
    if any(links[kind].shift for links in tables for kind in KINDS):
        return
    known = _customers(tables)
    for links in tables:
        asked = links[OWNED].settle()
        found = asked.join(known, left_on="lead", right_on="owner")
        if found.height and found["lead"].n_unique() >= _KNOWN * asked["lead"].n_unique():
            told = Links(links[OWNED].cap)
            told.add(found.select("key", lead="person"))
            yield told


def _customers(tables: Sequence[Mapping[str, Links]]) -> pl.DataFrame:
    """``owner`` and ``person``: who stands under each number; in tables that name most of them, else by a loose key."""
    named = pl.concat([links[OWNERS].settle() for links in tables]).group_by(owner="key").agg(pl.col("lead").min())
    customers = [t for t in tables if t[OWNERS].settle()["lead"].count() >= _NAMED * t[OWNERS].settle().height]
    loose = [links[OWNED].settle().select("key", owner="lead") for links in customers]
    others = pl.concat([*loose, pl.DataFrame(schema={"key": pl.UInt64, "owner": pl.UInt64})]).group_by("owner").agg(pl.col("key").min())
    both = named.join(others, on="owner", how="left")
    return both.select("owner", person=pl.coalesce("lead", "key")).drop_nulls("person")
