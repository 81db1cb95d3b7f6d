"""Dates by month and births by year, as columns of an SVG with a table under them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage import text
from triage.summary import grammar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from triage.model import DateField, Period
    from triage.report.sections import Words

HEIGHT, BASE = 150, 128  # of the drawing in pixels; the columns stand on BASE and their width is a part of the page's
_TOP = 14
_MOST = 200  # columns that can still be told apart; beyond it they are of years, then of ten years
_LEAST = 2  # a single column is no course of time
_TOLD = 0.25  # nor is a drawing from which most dates are missing, their months being too small to be told
_TICKS = 8  # years that can be read side by side on a telephone
_EVENTS = 4  # date columns shown; all are in impact.json


class Bar(NamedTuple):
    """A column of the drawing, across in percent and up in pixels, and what it says when pointed at."""

    x: str
    y: str
    width: str
    height: str
    says: str


class Tick(NamedTuple):
    """A year under the columns."""

    x: str
    said: str


class Timeline(NamedTuple):
    """One date column of the files: its name, its bars, its years, its highest count, its figures as a table."""

    id: str
    heading: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    top: str
    rows: tuple[tuple[str, str], ...]
    note: str


def events(period: Period, words: Words) -> Iterator[Timeline]:
    """The fullest date columns that are not births."""
    dated = [f for f in period.fields if f.role not in ("birth", "birth_date")]
    dated.sort(key=lambda f: (-f.n, f.column))
    drawn = (_timeline(f"event-{n}", f, words) for n, f in enumerate(dated[:_EVENTS]))
    yield from (found for found in drawn if found is not None)


def births(period: Period, words: Words) -> Timeline | None:
    """The fullest column of births: the first of the data subjects', as relatives' are never fuller."""
    born = [f for f in period.fields if f.role in ("birth", "birth_date")]
    return _timeline("births", max(born, key=lambda f: f.n), words) if born else None


def _timeline(name: str, field: DateField, words: Words) -> Timeline | None:
    """The drawing of one column; none where too few months are numerous enough to be told."""
    counts, size = _buckets({m.month: m.n for m in field.histogram})
    told = sum(counts.values())
    if len(counts) < _LEAST or told < _TOLD * field.n:
        return None
    first, last = _span(field, counts, size)
    most = max(counts.values())
    step = 100 / (last - first + 1)
    bars = tuple(_bar(slot, n, (slot - first) * step, step, most, size, words) for slot, n in sorted(counts.items()))
    return Timeline(
        id=name,
        heading=_heading(field, words),
        bars=bars,
        ticks=tuple(_ticks(first, last, step, size)),
        top=text.number(most, words.language),
        rows=tuple((_named(slot, size, words), text.number(n, words.language)) for slot, n in sorted(counts.items())),
        note=words.fill("page", "untold_dates", n=text.number(field.n - told, words.language)) if field.n > told else "",
    )


def _span(field: DateField, counts: Mapping[int, int], size: Size) -> tuple[int, int]:
    """From the first date to the last: months too small to be told are an empty place, not a shorter time."""
    ends = [_slot(when, size) for when in (field.min, field.max) if when]
    return min(*ends, *counts), max(*ends, *counts)


def _heading(field: DateField, words: Words) -> str:
    role = words.said("date_role", field.role)
    return f"{role} · {text.safe_name(field.column)}" if field.column else role


class Size(NamedTuple):
    """How long a bucket is: ``per_year`` of them a year, or ``years`` of them in one."""

    per_year: int
    years: int


_MONTH, _YEAR, _DECADE = Size(12, 1), Size(1, 1), Size(1, 10)


def _buckets(histogram: Mapping[str, int]) -> tuple[dict[int, int], Size]:
    """Counts by slot (months, years or decades since year 0), as fine as the drawing can show."""
    yearly = all(len(when) <= len("2020") for when in histogram)
    for size in (_YEAR, _DECADE) if yearly else (_MONTH, _YEAR, _DECADE):
        counts: dict[int, int] = {}
        for when, n in histogram.items():
            slot = _slot(when, size)
            counts[slot] = counts.get(slot, 0) + n
        if not counts or max(counts) - min(counts) < _MOST:
            break
    return counts, size


def _slot(when: str, size: Size) -> int:
    year, _, month = when.partition("-")
    return (int(year) * size.per_year + (int(month[:2]) - 1 if month and size.per_year > 1 else 0)) // size.years


def _named(slot: int, size: Size, words: Words) -> str:
    if size == _MONTH:
        return grammar.day(f"{slot // 12:04}-{slot % 12 + 1:02}", words.language)
    return f"{slot * size.years}" if size == _YEAR else f"{slot * size.years}-{slot * size.years + size.years - 1}"


def _bar(slot: int, n: int, x: float, step: float, most: int, size: Size, words: Words) -> Bar:
    height = (BASE - _TOP) * n / most
    gap = min(0.1, step * 0.15)
    says = f"{_named(slot, size, words)}{text.NBSP if words.language == 'fr' else ''}: {text.number(n, words.language)}"
    return Bar(f"{x:.2f}%", f"{BASE - height:.1f}", f"{step - gap:.2f}%", f"{height:.1f}", says)


def _ticks(first: int, last: int, step: float, size: Size) -> Iterator[Tick]:
    """Round years, no more than can be read side by side."""
    low, high = first * size.years // size.per_year, last * size.years // size.per_year
    every = next(e for e in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 10_000) if (high - low) / e <= _TICKS)
    for year in range(-(-low // every) * every, high + 1, every):
        slot = year * size.per_year // size.years
        if slot >= first:
            yield Tick(f"{(slot - first) * step:.2f}%", str(year))


def ages(bands: Sequence[tuple[int, int, int | None]], words: Words) -> tuple[tuple[str, str, str], ...]:
    """Persons by age: the band, how many, the width of its bar; small bands are not counted."""
    most = max((n or 0 for *_, n in bands), default=0)
    found = []
    for low, high, n in bands:
        said = words.said("page", "few") if n is None else text.number(n, words.language)
        band = words.fill("page", "age_band", low=str(low), high=str(high))
        found.append((band, said, f"{(n or 0) / most:.2%}" if most else "0%"))
    return tuple(found)
