"""S7: where, and who. Places name their basis, denominator and coverage: without them 236,000 Bretons became 350,000."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.summary import sample
from triage.summary.figures import Count, Decimal, Draft, Part, Share, Text, Value, Word, listing, part

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage import model

ABROAD = "99"  # INSEE: born or living outside France; each language has its own word for it
_DEPARTMENTS = 6
_LAST = ("birthplace", "phone_prefix")
_LEAST_SHARE = 0.01  # a département under one per cent is in impact.json
_COMMUNES = 5

# "One resident in N" tells something of a leak that touches a town; of a small file it is noise.
_TOLD = 1000


def drafts(result: model.Result) -> Iterator[Draft]:
    """S7: each basis' départements and communes, then sex and age."""
    for index, found in ranked(result.geography):
        yield from _departments(f"geography[{index}]", found)
        yield from _communes(f"geography[{index}]", found)
        yield from _zones(f"geography[{index}]", found)
        if found.one_in and found.one_in <= _TOLD and not sample.taken(result):
            yield Draft("S7.one_in", {"n": Count(found.one_in)}, (f"geography[{index}].one_in",))
    yield from _demographics(result.demographics)


def ranked(sections: Sequence[model.Geography]) -> list[tuple[int, model.Geography]]:
    """The bases with their place in ``geography``: where people live and are cared for before where they were born."""
    return sorted(enumerate(sections), key=lambda x: x[1].basis in _LAST)


def _departments(at: str, found: model.Geography) -> Iterator[Draft]:
    counted = [(i, p) for i, p in enumerate(found.departments) if p.n is not None and p.share is not None and p.share >= _LEAST_SHARE]
    counted.sort(key=lambda x: (-(x[1].n or 0), x[1].code))
    shown = counted[:_DEPARTMENTS]
    if not shown:
        return
    keys = ("S7.department_first", *("S7.department" for _ in shown[1:]))
    items = listing(part(key, share=Share(p.share or 0), code=Text(p.code), name=_name(p)) for key, (_, p) in zip(keys, shown, strict=True))
    values: dict[str, Value] = {
        "total": Count(found.denominator),
        "basis": Word("places", found.basis),
        "coverage": Share(found.coverage),
        "list": items,
        "first": Count(len(shown)),
        "cumulative": Share(sum(p.n or 0 for _, p in shown) / found.denominator),
    }
    fields = (f"{at}.basis", f"{at}.denominator", f"{at}.coverage", *(f"{at}.departments[{i}].share" for i, _ in shown))
    yield Draft("S7" if len(shown) > 1 else "S7.one", values, fields)


def _name(place: model.Place) -> Value:
    return Word("zone", ABROAD) if place.code == ABROAD else Text(place.name)


def _communes(at: str, found: model.Geography) -> Iterator[Draft]:
    shown: Sequence[model.Commune] = found.communes[:_COMMUNES]
    if shown:
        items = listing(part("S7.commune", name=Text(c.name), n=Count(c.n)) for c in shown)
        values: dict[str, Value] = {"list": items, "basis": Word("towns", found.basis)}
        yield Draft("S7.communes", values, tuple(f"{at}.communes[{i}].n" for i in range(len(shown))))


def _zones(at: str, found: model.Geography) -> Iterator[Draft]:
    """The quarters of France, told where they are all the telephone numbers tell."""
    shown = [(i, z) for i, z in enumerate(found.zones) if z.share]
    if found.basis == "phone_prefix" and shown:
        items = listing(part("S7.zone", zone=Word("zone", z.code), share=Share(z.share or 0)) for i, z in shown)
        values: dict[str, Value] = {"total": Count(found.denominator), "basis": Word("places", found.basis), "list": items}
        yield Draft("S7.zones", values, (f"{at}.denominator", *(f"{at}.zones[{i}].share" for i, _ in shown)))


def _demographics(found: model.Demographics) -> Iterator[Draft]:
    """Women, minors and median age, each said only where it is known."""
    items: list[Part] = []
    fields: list[str] = []
    if found.women is not None:
        items.append(part("S7.women", share=Share(found.women)))
        fields.append("demographics.women")
    if found.minors:
        items.append(part("S7.minors", n=Count(found.minors)))
        fields.append("demographics.minors")
    if found.deceased:
        items.append(part("S7.deceased", n=Count(found.deceased)))
        fields.append("demographics.deceased")
    if found.age_median is not None:
        places_after = 0 if found.age_median == int(found.age_median) else 1
        items.append(part("S7.age", age=Decimal(found.age_median, places_after)))
        fields.append("demographics.age_median")
    if items:
        values: dict[str, Value] = {"list": listing(items), "basis": Word("ages", found.basis or "none")}
        yield Draft("S7.who", values, (*fields, "demographics.basis"))
