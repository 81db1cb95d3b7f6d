"""The maps: each basis of places as a choropleth with its legend and its ranked table."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage import text
from triage.report.page import france
from triage.summary.places import ABROAD, ranked

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage.model import Geography, Place
    from triage.report.sections import Words

# Where one class of shares may end and the next begin. A map takes the four highest that its own shares reach, so that
# a leak of one region and one of the whole country both show their differences.
_BREAKS = (0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5)
_CLASSES = 5
_NAMED = 6  # départements whose code is written on the map
_ROWS = 12  # the table beside the map; the rest is folded under it
HIDDEN, NONE = "few", "none"


class Area(NamedTuple):
    """A département on the map: its class of shares as a style, what it says when pointed at."""

    code: str
    style: str
    says: str


class Mark(NamedTuple):
    """The code of a leading département, where it is written."""

    code: str
    x: int
    y: int


class Step(NamedTuple):
    """A class of shares in the legend."""

    style: str
    says: str


class Row(NamedTuple):
    """A line of the table."""

    style: str
    code: str
    name: str
    n: str
    share: str
    width: str


class Atlas(NamedTuple):
    """One basis: what is counted, the map, its legend, its table; ``rest`` are the rows beyond the first ones."""

    id: str
    heading: str
    counted: str
    mainland: tuple[Area, ...]
    overseas: tuple[Area, ...]
    marks: tuple[Mark, ...]
    legend: tuple[Step, ...]
    rows: tuple[Row, ...]
    rest: tuple[Row, ...]
    hidden: str


def atlases(sections: Sequence[Geography], words: Words) -> Iterator[Atlas]:
    """A map for each basis that shows something: a basis whose every count is suppressed has none."""
    for _, found in ranked(sections):
        if any(p.n is not None for p in found.departments):
            yield _atlas(found, words)


def breaks(shares: Sequence[float]) -> tuple[float, ...]:
    """The lower ends of the classes above the first, for shares of 0-1.

    >>> breaks([0.378, 0.05, 0.001])
    (0.02, 0.05, 0.1, 0.2)
    """
    return tuple(b for b in _BREAKS if b <= max(shares, default=0.0))[1 - _CLASSES :]


def _atlas(found: Geography, words: Words) -> Atlas:
    counted = [p for p in found.departments if p.n is not None and p.share is not None]
    ends = breaks([p.share or 0.0 for p in counted])
    styles = {p.code: _style(p, ends) for p in found.departments}
    says = {p.code: _says(p, words) for p in found.departments}

    def area(code: str) -> Area:
        return Area(code, styles.get(code, NONE), says.get(code, code))

    rows = tuple(_rows(counted, styles, words))
    return Atlas(
        id=found.basis,
        heading=words.said("places", found.basis),
        counted=_counted(found, words),
        mainland=tuple(area(o.code) for o in france.outlines()),
        overseas=tuple(area(c) for c in (*france.OVERSEAS, *(c for c in france.COLLECTIVITIES if c in styles))),
        marks=_marks(counted),
        legend=tuple(_legend(ends, styles, words)),
        rows=rows[:_ROWS],
        rest=rows[_ROWS:],
        hidden=_hidden(found, words),
    )


def _style(place: Place, ends: Sequence[float]) -> str:
    share = place.share
    return HIDDEN if share is None else f"q{sum(share >= end for end in ends)}"


def _says(place: Place, words: Words) -> str:
    said = words.said("page", "few") if place.n is None else _figures(place, words)
    name = _name(place, words)
    return f"{place.code} {name} : {said}" if words.language == "fr" else f"{place.code} {name}: {said}"


def _name(place: Place, words: Words) -> str:
    return words.said("zone", ABROAD) if place.code == ABROAD else place.name


def _figures(place: Place, words: Words) -> str:
    return f"{text.number(place.n or 0, words.language)} ({text.percent(place.share or 0.0, words.language)})"


def _counted(found: Geography, words: Words) -> str:
    """The denominator and the coverage: without them shares were misread."""
    return words.fill("page", "counted", n=text.number(found.denominator, words.language), share=words.percent(found.coverage))


def _marks(counted: Sequence[Place]) -> tuple[Mark, ...]:
    at: Mapping[str, france.Outline] = {o.code: o for o in france.outlines()}
    leading = sorted(counted, key=lambda p: (-(p.n or 0), p.code))[:_NAMED]
    return tuple(Mark(p.code, at[p.code].x, at[p.code].y) for p in leading if p.code in at and p.code not in france.PARIS)


def _legend(ends: Sequence[float], styles: Mapping[str, str], words: Words) -> Iterator[Step]:
    """From the highest class down; what is absent from the map is absent from the legend."""
    top = len(ends)
    for n in range(top, -1, -1):
        if f"q{n}" not in styles.values():
            continue
        low, high = words.percent(ends[n - 1]) if n else "", words.percent(ends[n]) if n < top else ""
        key = "legend_top" if n == top and n else "legend_between" if n else "legend_low"
        yield Step(f"q{n}", words.fill("page", key, low=low, high=high))
    if HIDDEN in styles.values():
        yield Step(HIDDEN, words.said("page", "few"))
    yield Step(NONE, words.said("page", "no_row"))


def _rows(counted: Sequence[Place], styles: Mapping[str, str], words: Words) -> Iterator[Row]:
    ranked = sorted(counted, key=lambda p: (-(p.n or 0), p.code))
    most = max((p.share or 0.0 for p in ranked), default=0.0)
    for place in ranked:
        share = place.share or 0.0
        width = f"{share / most:.2%}" if most else "0%"
        n = text.number(place.n or 0, words.language)
        yield Row(styles[place.code], place.code, _name(place, words), n, words.percent(share), width)


def _hidden(found: Geography, words: Words) -> str:
    """How many départements have too few rows to be counted, and which: their names are no secret, their counts are."""
    few = [p for p in found.departments if p.n is None]
    return words.fill("page", "few_departments", n=str(len(few)), list=", ".join(p.code for p in few)) if few else ""
