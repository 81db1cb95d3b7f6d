"""Places and establishments without a name over them: coordinates, FINESS numbers, postal codes of other countries.

Finders for ``neighbours``: each asks that a second column bear the first out, row by row or by what it is.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from triage.detect import headers, measure
from triage.detect.findings import UNCLAIMED, Finding, Sample, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.detect.plan import ColumnPlan

_NEAR, _LEAST, _SOME, _MOST = 2, 3, 0.8, 0.9
# Degrees with so many decimals that they are measured to ten metres; mainland France lies between these. Shares lie below one.
_DEGREES, _SHARE = r"^[+-]?\d{1,3}\.\d{4,}$", 1.0
_FRANCE = ((41.0, 51.6), (-5.5, 9.9))
_WORLD = ((-90.0, 90.0), (-180.0, 180.0))
# What stands beside the coordinates of a place.
_PLACED = ("city", "postal_code", "insee_code", "address", "department", "country")
# Codes of other countries: figures of one length, or letters and figures as Britain, Canada and the Netherlands mix them.
_FOREIGN = (
    r"(?i)^(?:\d{4,6}|\d{4} ?[A-Z]{2}|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}|[A-Z]\d[A-Z] ?\d[A-Z]\d|"
    r"[A-Z]{0,2}-?\d{3,5}|\d{3} ?\d{2}|\d{5}-\d{3,4}|\d{2}-\d{3})$"
)


def _free(column: ColumnPlan) -> bool:
    return column.label in UNCLAIMED and column.shape.distinct >= _LEAST and not any(h.speaks for h in column.headers.values())


def coordinates(sample: Sample) -> Iterator[Finding]:
    """Two columns of degrees side by side, in France or in a table that names places; one may have a weak name."""
    placed = bool(sample.labelled(*_PLACED))
    degrees = {c.index for c in sample.columns if _free(c) and not headers.tokens(c.name)[1:] and _share(sample, c, _DEGREES) >= _MOST}
    for first in sorted(degrees):
        second = first + 1
        if second not in degrees:
            continue
        pair = sample.cells.select(pl.nth(first).cast(pl.Float64, strict=False), pl.nth(second).cast(pl.Float64, strict=False)).drop_nulls()
        boxes = (_FRANCE, _FRANCE[::-1], *((_WORLD, _WORLD[::-1]) if placed else ()))
        if pair.height >= _LEAST and any(_inside(pair, box) for box in boxes):
            yield Finding(first, "lat_long", "coordinate_beside")
            yield Finding(second, "lat_long", "coordinate_beside")


def _inside(pair: pl.DataFrame, box: tuple[tuple[float, float], tuple[float, float]]) -> bool:
    held = [pl.nth(n).is_between(*bounds) for n, bounds in enumerate(box)]
    far = pair.select(pl.all().abs().median()).row(0)
    return max(far) > _SHARE and float(pair.select(pl.all_horizontal(held).mean()).item()) >= _MOST


def establishments(sample: Sample) -> Iterator[Finding]:
    """Nine figures with the key that SIREN and FINESS share: a FINESS number begins with the département of its row.

    So do two of them side by side: the establishment's and that of the body it belongs to.
    """
    keyed = [c for c in sample.columns if c.label != "finess" and (h := c.hits.get("finess")) and h.valid >= _MOST * c.shape.filled]
    free = [
        c
        for c in keyed
        if c.label in UNCLAIMED | {"siren"} and c.shape.distinct >= _LEAST and not any(h.speaks for h in c.headers.values())
    ]
    for column in free:
        head = sample.cell(column).str.slice(0, 2)
        if sample.cells.select(head.n_unique()).item() < _LEAST:
            continue
        codes = sample.labelled("postal_code", "insee_code", "department")
        beside = [sample.cell(c).str.zfill(5 if c.label != "department" else 2).str.slice(0, 2) for c in codes]
        beside += [sample.cell(c).str.slice(0, 2) for c in free if c is not column]
        if any(sample.agree(head == other) >= _SOME for other in beside):
            yield Finding(column.index, "finess", "department_beside")


def postal_codes_abroad(sample: Sample) -> Iterator[Finding]:
    """Codes of one length between a street and a town that no French code is, as addresses are written."""
    streets = [c.index for c in sample.labelled("address")]
    towns = [c.index for c in sample.labelled("city")]
    for column in sample.columns:
        shape = column.shape
        alike = shape.length_min == shape.length_max if shape.letters == 0.0 else shape.length_max - shape.length_min <= _NEAR
        between = within(column.index, towns, 1) and within(column.index, streets, _NEAR)
        if _free(column) and alike and between and _share(sample, column, _FOREIGN) >= _MOST:
            yield Finding(column.index, "postal_code", "town_beside")


def _share(sample: Sample, column: ColumnPlan, pattern: str) -> float:
    return float(measure.of_column(sample.long, column.index)["cell"].str.contains(pattern).mean() or 0.0)  # type: ignore[arg-type]


def counters(sample: Sample) -> set[int]:
    """Columns of numbers given one after the other, or in order: they are no codes of towns, although most of those exist."""
    found = set()
    for column in sample.labelled("insee_code", "postal_code"):
        numbers = sample.cells.select(sample.cell(column).cast(pl.Int64, strict=False)).to_series().drop_nulls()
        named = any(h.speaks for h in column.headers.values())
        given = numbers.n_unique() == len(numbers) or numbers.is_sorted()
        if not named and given and numbers.n_unique() >= 2 * _LEAST and len(numbers) == column.shape.filled:
            span = int(numbers.max()) - int(numbers.min()) + 1  # type: ignore[arg-type]
            if numbers.n_unique() * _LEAST >= span:
                found.add(column.index)
    return found


FINDERS = (establishments,)
LATER = (coordinates, postal_codes_abroad)
