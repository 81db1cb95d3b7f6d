"""Text whose columns stand one below the other: where they begin, or that there are none.

A column is told by blanks that all lines have in the same place, two of them or more, or one where many lines agree; and
its cells must begin or end one below the other. Prose has such blanks by chance only, and then nothing is aligned.
"""

from __future__ import annotations

import re

_LINES = 400
_FEW, _MANY = 5, 20
_LEAST = 3  # columns: two may be chance
_WIDEST = 4000
_ALIGNED, _FILLED = 0.9, 0.5
RULER = re.compile(r"[ \t]*[-=+|_]{2}[-=+|_ \t]*")


def starts(text: str, *, whole: bool) -> tuple[int, ...]:
    """Where the columns begin, in characters; empty where the lines do not stand in columns."""
    lines = text.split("\n", _LINES)
    if len(lines) > _LINES or not whole:
        lines.pop()  # it may be cut
    filled = [line.rstrip() for line in lines if line.strip() and not RULER.fullmatch(line)]
    # A line that comes again is aligned with itself, which proves nothing.
    if len(filled) < _FEW or len(set(filled)) < _LEAST or any("\t" in line or len(line) > _WIDEST for line in filled):
        return ()
    columns = _columns(filled, 1 if len(filled) >= _MANY else 2)
    if len(columns) < _LEAST or not all(_aligned(filled, a, b) for a, b in columns):
        return ()
    return (0, *(a for a, _ in columns[1:]))


def wide(text: str, found: tuple[int, ...]) -> bool:
    """Whether lines pad their cells: two blanks stand before a column in most of them."""
    lines = [line for line in text.split("\n", _LINES)[:_FEW] if line.strip() and not RULER.fullmatch(line)]
    return any(sum(line[at - 2 : at] == "  " for line in lines) * 2 > len(lines) for at in found[1:])


def _columns(lines: list[str], gap: int) -> list[tuple[int, int]]:
    """Begin and end of the columns that blanks of so many characters part."""
    width = max(map(len, lines))
    used = bytearray(width + 1)
    for line in lines:
        for word in re.finditer(r"\S+", line):
            used[word.start() : word.end()] = b"\x01" * (word.end() - word.start())
    return [(m.start(), m.end()) for m in re.finditer(rb"\x01+(?:\x00{1,%d}\x01+)*" % (gap - 1) if gap > 1 else rb"\x01+", used)]


def _aligned(lines: list[str], start: int, end: int) -> bool:
    """Whether the cells between two places begin, or end, one below the other, and half of the lines have one."""
    cells = [cell for line in lines if (cell := line[start:end].rstrip())]
    left = sum(not cell.startswith(" ") for cell in cells)
    right = sum(len(cell) == end - start for cell in cells)
    return len(cells) >= _FILLED * len(lines) and max(left, right) >= _ALIGNED * len(cells)


def cells(line: str, found: tuple[int, ...]) -> list[str | None]:
    """The cells of a line, each up to where the next one begins, so that nothing is lost between them."""
    ends = (*found[1:], max(len(line), found[-1]))
    return [line[a:b].strip() or None for a, b in zip(found, ends, strict=True)]
