"""Names of places: départements, regions, communes, from the vendored lists of the COG."""

from __future__ import annotations

from functools import cache
from typing import NamedTuple

import polars as pl

from triage.census.places import folded
from triage.detect.lexicons import table


class Department(NamedTuple):
    """A département: its name, its region's code, its residents."""

    name: str
    region: str
    population: int


class Gazetteer(NamedTuple):
    """Code to département, code to region name, folded name to (commune, département code)."""

    departments: dict[str, Department]
    regions: dict[str, str]
    communes: dict[str, tuple[str, str]]


@cache
def load() -> Gazetteer:
    """The vendored lists. Of communes with one name the most peopled keeps it (there are 10 Sainte-Colombe)."""
    departments, regions, communes = table("departments.tsv"), table("regions.tsv"), table("communes.tsv")
    peopled = communes.with_columns(folded(pl.col("name")).alias("key"), pl.col("population").cast(pl.Int64, strict=False).fill_null(0))
    peopled = peopled.sort("population", "insee", descending=[True, False]).unique("key", keep="first", maintain_order=True)
    return Gazetteer(
        departments={r["code"]: Department(r["name"], r["region"], int(r["population"] or 0)) for r in departments.iter_rows(named=True)},
        regions=dict(regions.select("code", "name").iter_rows()),
        communes={key: (name, department) for key, name, department in peopled.select("key", "name", "department").iter_rows()},
    )
