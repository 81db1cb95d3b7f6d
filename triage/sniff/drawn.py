"""Tables drawn with lines, as clients of databases print them: mysql's boxes, psql's columns, Markdown.

The lines are no records, and the first and last bars of a box are no delimiters.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FORMAT = "drawn"
# A line of a box, or the one below the names of columns: three dashes at least, corners and colons (Markdown's alignment) allowed.
RULER = re.compile(r"(?=.*(?:-{3}|={3}|─{3}|═{3}))[ \t]*[-=+|:─═│┌┬┐├┼┤└┴┘╞╪╡╔╦╗╠╬╣╚╩╝║ ]+")
_BAR = re.compile(r"(?<!\\)\||[│║]")
_SAMPLE, _TOP, _SHARE = 2000, 40, 0.6


class Line(NamedTuple):
    """Names of a table that begins here, or the cells of a row; a line beside the tables has neither."""

    names: list[str] | None = None
    cells: list[str | None] | None = None


def of(text: str) -> str | None:
    """``drawn``, or None; the last line may be cut and is left out."""
    lines = text.split("\n", _SAMPLE)[:-1]
    if not any(RULER.fullmatch(line.rstrip()) for line in lines[:_TOP]):
        return None
    rows, width = 0, 0
    for line in read(lines):
        width = len(line.names) if line.names is not None else width
        rows += line.cells is not None and len(line.cells) == width > 1
    rulers = sum(RULER.fullmatch(line.rstrip()) is not None for line in lines)
    return FORMAT if rows and rows + rulers >= _SHARE * sum(bool(line.strip()) for line in lines) else None


def read(lines: Iterable[str]) -> Iterator[Line]:
    """Each line that is no ruler. Names stand above a ruler, in a box below one; a table ends where a line has no bar."""
    above: str | None = None  # a line that may be names
    inside = False
    for raw in lines:
        line = raw.rstrip()
        ruled, barred = RULER.fullmatch(line) is not None, _BAR.search(line) is not None
        if above is not None:
            yield Line(names=cells(above)) if ruled else Line()
            inside, above = ruled, None
        if ruled:
            continue
        if inside and barred:
            yield Line(cells=[c or None for c in cells(line)])
        elif barred:
            above = line
        elif line:
            yield Line()
        inside &= barred
    if above is not None:
        yield Line()


def cells(line: str) -> list[str]:
    """What stands between the bars."""
    found = [c.strip() for c in _BAR.split(line.strip())]
    outer = line.lstrip()[:1] in "|│║"
    return found[outer : -1 if outer and found[-1] == "" else None]
