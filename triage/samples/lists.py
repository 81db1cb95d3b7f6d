"""The vendored lists as weighted columns to draw from."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import polars as pl

from triage import resources
from triage.samples.draw import cumulative, place


class Names(NamedTuple):
    """Names and the intervals their frequencies give them."""

    names: pl.Series
    upper: pl.Series


def read(name: str) -> pl.DataFrame:
    """A vendored TSV as text columns."""
    path = resources.lexicons_dir() / name
    return pl.read_csv(path, separator="\t", infer_schema=False, quote_char=None)


def _weighted(frame: pl.DataFrame, weights: pl.Expr) -> Names:
    return Names(frame["name"], cumulative(frame.select(weights).to_series().to_list()))


@cache
def last_names() -> Names:
    """Surnames by births."""
    return _weighted(read("last_names.tsv"), pl.col("count").cast(pl.Float64))


@cache
def first_names(sex: str) -> Names:
    """First names of one sex (``M`` or ``F``) by births; a name both bear counts for half on each side."""
    frame = read("first_names.tsv").filter(pl.col("gender").is_in([sex, "MF"]))
    halved = pl.when(pl.col("gender") == "MF").then(0.5).otherwise(1.0)
    return _weighted(frame, pl.col("count").cast(pl.Float64) * halved)


class Places:
    """Postal codes with their commune, weighted by population, in the order of départements.

    ``frame`` has the columns insee, name, postal_code, department. A commune with arrondissements is left to them.
    """

    def __init__(self) -> None:
        communes = read("communes.tsv").with_columns(
            pl.col("population").cast(pl.Float64), pl.col("postal_codes").str.split("|").alias("postal_code")
        )
        whole = ("75056", "69123", "13055")
        habitable = pl.col("population").gt(0) & pl.col("postal_codes").ne("") & ~pl.col("insee").is_in(whole)
        kept = communes.filter(habitable).sort("department", "insee")
        weighted = kept.with_columns(pl.col("population") / pl.col("postal_code").list.len())
        self.frame = weighted.explode("postal_code").drop("postal_codes")
        self.upper = cumulative(self.frame["population"].to_list())
        by_department = self.frame.group_by("department", maintain_order=True).agg(pl.col("population").sum())
        self.codes: list[str] = by_department["department"].to_list()
        self.people: list[float] = by_department["population"].to_list()
        self._ends = cumulative(self.people)

    def draw(self, departments: pl.Series, numbers: pl.Series) -> pl.Series:
        """Row numbers of ``frame`` inside départements (positions in ``codes``) by numbers in [0, 1)."""
        starts = pl.concat([pl.Series([0.0]), self._ends[:-1]])
        low, high = starts.gather(departments), self._ends.gather(departments)
        return place(self.upper, low + (high - low) * numbers)

    def weights(self, shares: dict[str, float]) -> list[float]:
        """A weight for each of ``codes``; the share of ``*`` goes to the départements not named, by population."""
        others = sum(p for code, p in zip(self.codes, self.people, strict=True) if code not in shares)
        rest = shares.get("*", 0.0) / others if others else 0.0
        return [shares.get(code, people * rest) for code, people in zip(self.codes, self.people, strict=True)]


@cache
def places() -> Places:
    """The one table of places."""
    return Places()
