"""Names of places: départements, regions, communes, from the vendored lists of the COG."""

from __future__ import annotations

from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import polars as pl

from triage.census.places import ABROAD
from triage.detect.lexicons import communes, table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# Name of a commune, code of its département.
Town: TypeAlias = tuple[str, str]


class Department(NamedTuple):
    """A département: its name, its region's code, its residents."""

    name: str
    region: str
    population: int


# Quarters of the numbering plan of 1996, by the digit after the zero: how the press says "the north-west".
ZONES = {
    "1": "Île-de-France",
    "2": "Nord-Ouest",
    "3": "Nord-Est",
    "4": "Sud-Est",
    "5": "Sud-Ouest",
    "outre-mer": "Outre-mer",
    "99": "Étranger",
}
_ZONE_OF_REGION = {
    "11": "1",
    "24": "2",
    "28": "2",
    "52": "2",
    "53": "2",
    "27": "3",
    "32": "3",
    "44": "3",
    "84": "4",
    "93": "4",
    "94": "4",
    "75": "5",
}
# Languedoc-Roussillon has 04, Midi-Pyrénées 05; they are one region, Occitanie, since 2016.
_LANGUEDOC = frozenset({"11", "30", "34", "48", "66"})
_OCCITANIE = "76"
# First three digits after the zero of numbers overseas, landlines and mobiles (ARCEP, plan national de numérotation).
OVERSEAS_PREFIXES = {
    **dict.fromkeys(("590", "690", "691"), "971"),
    **dict.fromkeys(("596", "696", "697"), "972"),
    **dict.fromkeys(("594", "694"), "973"),
    **dict.fromkeys(("262", "263", "692", "693"), "974"),
    **dict.fromkeys(("508",), "975"),
    **dict.fromkeys(("269", "639"), "976"),
}


class Gazetteer(NamedTuple):
    """Code to département, code to region name, and the communes."""

    departments: dict[str, Department]
    regions: dict[str, str]

    def towns(self, insee: Iterable[str]) -> dict[str, tuple[str, Town]]:
        """INSEE code to folded name and commune, of those asked for."""
        found = _found(_by_insee(), "insee", insee)
        return {code: (key, (name, department)) for code, key, name, department in found.iter_rows()}

    def communes(self, keys: Iterable[str]) -> dict[str, Town]:
        """Folded name to commune, of those asked for; the most peopled of a name has it (there are 10 Sainte-Colombe)."""
        return {key: (name, department) for _, key, name, department in _found(_by_key(), "key", keys).iter_rows()}

    @property
    def residents(self) -> int:
        """Of all départements together."""
        return sum(d.population for d in self.departments.values())

    def department_names(self) -> dict[str, str]:
        """Code to name, with that of what lies abroad."""
        return {code: d.name for code, d in self.departments.items()} | {ABROAD: "Étranger"}

    def zone(self, department: str) -> str:
        """The quarter of the country a département lies in."""
        if department not in self.departments:
            return ABROAD
        region = self.departments[department].region
        if region == _OCCITANIE:
            return "4" if department in _LANGUEDOC else "5"
        return _ZONE_OF_REGION.get(region, "outre-mer")

    def peopled(self) -> dict[str, int]:
        """Residents by département."""
        return {code: d.population for code, d in self.departments.items()}

    def peopled_regions(self) -> dict[str, int]:
        """Residents by region."""
        return self._summed(lambda code: self.departments[code].region)

    def peopled_zones(self) -> dict[str, int]:
        """Residents by zone."""
        return self._summed(self.zone)

    def _summed(self, group: Callable[[str], str]) -> dict[str, int]:
        found: Counter[str] = Counter()
        for code, department in self.departments.items():
            found[group(code)] += department.population
        return found


@cache
def load() -> Gazetteer:
    """The vendored lists."""
    departments = table("departments.tsv").iter_rows(named=True)
    return Gazetteer(
        departments={r["code"]: Department(r["name"], r["region"], int(r["population"] or 0)) for r in departments},
        regions=dict(table("regions.tsv").select("code", "name").iter_rows()),
    )


def _found(listed: pl.DataFrame, column: str, asked: Iterable[str]) -> pl.DataFrame:
    """The rows of a list, sorted by the column, that hold one of the words."""
    wanted = pl.Series(list(asked), dtype=pl.String)
    found = listed[listed[column].search_sorted(wanted).clip(upper_bound=listed.height - 1)]
    return found.filter(found[column] == wanted)


_SHOWN = ("insee", "key", "name", "department")


@cache
def _by_insee() -> pl.DataFrame:
    return communes().select(_SHOWN).sort("insee")


@cache
def _by_key() -> pl.DataFrame:
    residents = pl.col("population").cast(pl.Int64, strict=False).fill_null(0)
    peopled = communes().sort("key", residents, "insee", descending=[False, True, False])
    return peopled.unique("key", keep="first", maintain_order=True).select(_SHOWN).set_sorted("key")
