"""``geography``: whose postal codes, of which départements, over how many of the rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from triage import model
from triage.census.places import ABROAD
from triage.places import OVERSEAS_PREFIXES, ZONES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from triage.detect.plan import Verdict
    from triage.impact.case import Case
    from triage.places import Gazetteer, Town

# The label a place is read from, best first: a postal code says more than a commune's name.
_LABELS = ("postal_code", "insee_code", "department")
_BASES = {"practitioner": "practitioner", "professional": "professional", "establishment": "establishment"}
# A ranked list stops here; the cumulative share is that of the départements named by the summary.
_TOP_COMMUNES = 20


def geography(case: Case, gazetteer: Gazetteer, persons: int | None) -> tuple[model.Geography, ...]:
    """One section a basis (patient, practitioner, establishment, birthplace…), most rows first."""
    departments: dict[str, Counter[str]] = {}
    communes: dict[str, Counter[Town]] = {}
    prefixes: Counter[str] = Counter()
    for table in case.tables:
        for basis, counts in _departments(table.verdicts, [c.counted for c in table.tally.columns]).items():
            departments.setdefault(basis, Counter()).update(counts)
        for verdict, tally in zip(table.verdicts, table.tally.columns, strict=True):
            if verdict.label == "city":
                communes.setdefault(_basis(verdict), Counter()).update(_towns(tally.counted, gazetteer))
            elif verdict.label == "phone" and _basis(verdict) == "patient":
                prefixes.update(tally.counted.get("prefix", {}))
    found = [_section(case, gazetteer, basis, counts, communes.get(basis, Counter()), persons) for basis, counts in departments.items()]
    found.append(_phones(case, gazetteer, prefixes))
    return tuple(sorted((g for g in found if g.denominator), key=lambda g: (-g.denominator, g.basis)))


def _basis(verdict: Verdict) -> str:
    return _BASES.get(verdict.role or "", "patient")


def _departments(verdicts: tuple[Verdict, ...], words: list[dict[str, Counter[str]]]) -> dict[str, Counter[str]]:
    """Département counts of one table by basis, from its best kind of column; a second address is left out."""
    found: dict[str, Counter[str]] = {}
    for label in _LABELS:
        columns: dict[str, list[Counter[str]]] = {}
        for verdict, named in zip(verdicts, words, strict=True):
            if verdict.label == label and "department" in named:
                columns.setdefault(_basis(verdict), []).append(named["department"])
        for basis, counted in columns.items():
            found.setdefault(basis, max(counted, key=Counter.total))
    born = [n["birthplace"] for verdict, n in zip(verdicts, words, strict=True) if "birthplace" in n and _basis(verdict) == "patient"]
    return found | ({"birthplace": max(born, key=Counter.total)} if born else {})


def _section(
    case: Case, gazetteer: Gazetteer, basis: str, counts: Counter[str], communes: Counter[Town], persons: int | None
) -> model.Geography:
    known = Counter({code: n for code, n in counts.items() if code in gazetteer.departments or (code, basis) == (ABROAD, "birthplace")})
    regions: Counter[str] = Counter()
    zones: Counter[str] = Counter()
    for code, n in known.items():
        regions[gazetteer.departments[code].region if code in gazetteer.departments else ABROAD] += n
        zones[gazetteer.zone(code)] += n
    ranked = _Ranked(known.total(), case.options.limits.smallest_count, gazetteer.residents, persons if basis == "patient" else None)
    places = ranked.places(known, gazetteer.department_names(), gazetteer.peopled())
    return model.Geography(
        basis=basis,
        denominator=ranked.total,
        coverage=min(1.0, ranked.total / case.rows_main) if case.rows_main else 0.0,
        departments=places,
        regions=ranked.places(regions, gazetteer.regions | {ABROAD: "Étranger"}, gazetteer.peopled_regions()),
        communes=_communes(case, communes),
        cumulative=sum(p.share or 0.0 for p in places[:6]) if places else None,
        zones=ranked.places(zones, ZONES, gazetteer.peopled_zones()),
        one_in=round(gazetteer.residents / persons) if persons and basis == "patient" else None,
    )


def _phones(case: Case, gazetteer: Gazetteer, prefixes: Counter[str]) -> model.Geography:
    """Zones of the numbering plan, and overseas départements: mobile numbers of the mainland tell no place."""
    zones, overseas = Counter[str](), Counter[str]()
    for digits, n in prefixes.items():
        code = OVERSEAS_PREFIXES.get(digits)
        if code:
            overseas[code] += n
        if code or digits[0] in "12345":
            zones["outre-mer" if code else digits[0]] += n
    ranked = _Ranked(zones.total(), case.options.limits.smallest_count, gazetteer.residents, None)
    return model.Geography(
        basis="phone_prefix",
        denominator=ranked.total,
        coverage=min(1.0, ranked.total / case.rows_main) if case.rows_main else 0.0,
        departments=ranked.places(overseas, gazetteer.department_names(), gazetteer.peopled()),
        regions=(),
        communes=(),
        cumulative=None,
        zones=ranked.places(zones, ZONES, gazetteer.peopled_zones()),
    )


class _Ranked(NamedTuple):
    """Makes ranked places of counts: over ``total`` cells, against ``residents`` of all France, for so many ``persons``."""

    total: int
    least: int
    residents: int
    persons: int | None

    def places(self, counts: Counter[str], names: Mapping[str, str], peopled: Mapping[str, int]) -> tuple[model.Place, ...]:
        """The places with their shares, and how these stand to the residents'."""
        return tuple(self._beside(p, peopled.get(p.code) or None) for p in _places(counts, self.total, names, self.least))

    def _beside(self, place: model.Place, residents: int | None) -> model.Place:
        if not place.share or not residents:
            return msgspec.structs.replace(place, residents=residents)
        one_in = max(1, round(residents / (place.share * self.persons))) if self.persons else None
        return msgspec.structs.replace(place, residents=residents, ratio=place.share / (residents / self.residents), one_in=one_in)


def _places(counts: Counter[str], total: int, names: Mapping[str, str], least: int) -> tuple[model.Place, ...]:
    """Ranked places. A lone small count would follow from the others by subtraction: the next smallest goes with it."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    small = [code for code, n in ranked if n < least]
    if len(small) == 1 and len(ranked) > 1:
        small.append(ranked[-2][0])
    hidden = set(small)
    shown = [(code, n) for code, n in ranked if code not in hidden]
    found = [model.Place(code=code, name=names.get(code, code), n=n, share=n / total) for code, n in shown]
    return (*found, *(model.Place(code=c, name=names.get(c, c), n=None, share=None, suppressed=True) for c in sorted(hidden)))


def _towns(words: Mapping[str, Counter[str]], gazetteer: Gazetteer) -> Counter[Town]:
    """Towns of a column: by the postal code beside them where it agrees, else the most peopled of the name."""
    found: Counter[Town] = Counter()
    left = Counter(words.get("commune", {}))
    beside = words.get("insee", Counter())
    for insee, (key, town) in gazetteer.towns(beside).items():
        found[town] += beside[insee]
        left[key] -= beside[insee]
    peopled = gazetteer.communes(key for key, n in left.items() if n > 0)
    for key, n in left.items():
        if n > 0:  # cells of no listed town count in the denominator of shares
            found[peopled.get(key, ("", ""))] += n
    return found


def _communes(case: Case, towns: Counter[Town]) -> tuple[model.Commune, ...]:
    """The most frequent communes of the vendored list."""
    total = towns.total()
    ranked = sorted((pair for pair in towns.items() if pair[0][1]), key=lambda pair: (-pair[1], pair[0]))
    shown = [(town, n) for town, n in ranked if n >= case.options.limits.smallest_count][:_TOP_COMMUNES]
    return tuple(model.Commune(name=name, department=department, n=n, share=n / total) for (name, department), n in shown)
