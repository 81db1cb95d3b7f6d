"""``geography``: whose postal codes, of which départements, over how many of the rows."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from triage import model

if TYPE_CHECKING:
    from triage.detect.plan import Verdict
    from triage.impact.case import Case
    from triage.places import Gazetteer

# The label a place is read from, best first: a postal code says more than a commune's name.
_LABELS = ("postal_code", "insee_code", "department")
_BASES = {"practitioner": "practitioner", "professional": "professional", "establishment": "establishment"}
# A ranked list stops here; the cumulative share is that of the départements named by the summary.
_TOP_COMMUNES = 20


def geography(case: Case, gazetteer: Gazetteer) -> tuple[model.Geography, ...]:
    """One section a basis (patient, practitioner, establishment…), most rows first."""
    departments: dict[str, Counter[str]] = {}
    communes: dict[str, Counter[str]] = {}
    for table in case.tables:
        for basis, counts in _departments(table.verdicts, [c.words for c in table.tally.columns]).items():
            departments.setdefault(basis, Counter()).update(counts)
        for verdict, tally in zip(table.verdicts, table.tally.columns, strict=True):
            if verdict.label == "city":
                communes.setdefault(_basis(verdict), Counter()).update(tally.words.get("commune", {}))
    found = [_section(case, gazetteer, basis, counts, communes.get(basis, Counter())) for basis, counts in departments.items()]
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
    return found


def _section(case: Case, gazetteer: Gazetteer, basis: str, counts: Counter[str], communes: Counter[str]) -> model.Geography:
    known = Counter({code: n for code, n in counts.items() if code in gazetteer.departments})
    total = known.total()
    regions: Counter[str] = Counter()
    for code, n in known.items():
        regions[gazetteer.departments[code].region] += n
    places = _places(known, total, {c: d.name for c, d in gazetteer.departments.items()}, case.options.limits.smallest_count)
    return model.Geography(
        basis=basis,
        denominator=total,
        coverage=total / case.rows_seen if case.rows_seen else 0.0,
        departments=places,
        regions=_places(regions, total, gazetteer.regions, case.options.limits.smallest_count),
        communes=_communes(case, gazetteer, communes),
        cumulative=sum(p.share or 0.0 for p in places[:6]) if places else None,
    )


def _places(counts: Counter[str], total: int, names: dict[str, str], least: int) -> tuple[model.Place, ...]:
    """Ranked places. A lone small count would follow from the others by subtraction: the next smallest goes with it."""
    ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    small = [code for code, n in ranked if n < least]
    if len(small) == 1 and len(ranked) > 1:
        small.append(ranked[-2][0])
    hidden = set(small)
    shown = [(code, n) for code, n in ranked if code not in hidden]
    found = [model.Place(code=code, name=names.get(code, code), n=n, share=n / total) for code, n in shown]
    return (*found, *(model.Place(code=c, name=names.get(c, c), n=None, share=None, suppressed=True) for c in sorted(hidden)))


def _communes(case: Case, gazetteer: Gazetteer, counts: Counter[str]) -> tuple[model.Commune, ...]:
    """The most frequent communes of the vendored list; a name that several communes bear is given the most peopled."""
    total = counts.total()
    named: Counter[tuple[str, str]] = Counter()
    for folded, n in counts.items():
        if folded in gazetteer.communes:
            named[gazetteer.communes[folded]] += n
    ranked = sorted(named.items(), key=lambda pair: (-pair[1], pair[0]))
    shown = [(place, n) for place, n in ranked if n >= case.options.limits.smallest_count][:_TOP_COMMUNES]
    return tuple(model.Commune(name=name, department=department, n=n, share=n / total) for (name, department), n in shown)
