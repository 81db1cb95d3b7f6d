"""Where the table begins, and whether its first record names the columns.

A cell that is an identifier, a date, a mail or a phone never stands in a header; two names of persons neither.
Else the first record is a header when its types contrast with those of the rows below it.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from triage import resources
from triage.sniff import celltypes

if TYPE_CHECKING:
    from triage.sniff.dialect import Found
    from triage.sniff.records import Record

_ROWS = 100
# Columns that have a vote: a hostile line of a megabyte has a million, and would take half a minute.
_JUDGED = 1000
CONTRAST = 2
SPACES = 3


class Top(NamedTuple):
    """``preamble`` in lines; ``names`` one a column (``""`` without header)."""

    header: bool
    names: tuple[str, ...]
    width: int
    preamble: int


def find(found: Found, asked: bool | None, limit: int) -> Top:  # noqa: FBT001 - the user's option as it is
    """The top of the table; ``asked`` is the user's word on the header; at most ``limit`` names are kept."""
    width = found.dialect.width
    records = found.records
    start = _start(records, width) if found.tabular and width > 1 else 0
    below = [r for r in records[start:] if r.cells]
    first = below[0].cells if below else []
    header = asked if asked is not None else bool(found.tabular and below and is_header(below))
    if header and len(first) > width and all(len(r.cells) <= len(first) for r in below):
        width = len(first)
    names = [c or "" for c in first[:limit]] if header else []
    names += [""] * (min(width, limit) - len(names))
    return Top(header, tuple(names[: min(width, limit)]), width, _lines_before(found, records, start))


def _lines_before(found: Found, records: list[Record], start: int) -> int:
    """Physical lines before the record at ``start``; blank ones just before it count too."""
    if not start:
        return 0
    return found.text.count("\n", 0, records[start - 1].end)


def _start(records: list[Record], width: int) -> int:
    """The index of the first record of the table: titles and comments before it are far narrower."""
    for index, record in enumerate(records[:_ROWS]):
        cells = record.cells
        if len(cells) >= width or len(cells) * 2 > width > 2:  # noqa: PLR2004 - half a row of two is one cell
            above = _title(cells, records[index + 1 : index + 3]) or _groups(cells, records[index + 1 :])
            return index + 1 if above else index
    return 0


def _title(cells: list[str | None], following: list[Record]) -> bool:
    """Whether a row is a title padded with delimiters, as spreadsheets export it."""
    filled = sum(bool(c and c.strip()) for c in cells)
    next_filled = [sum(bool(c and c.strip()) for c in r.cells) for r in following]
    return filled <= 1 < len(cells) - 1 and len(next_filled) > 1 and min(next_filled) * 2 > len(cells)


def _groups(cells: list[str | None], following: list[Record]) -> bool:
    """Whether a row names groups of columns, above the row that names the columns: "Identité", three blanks, "Contact".

    A name with nothing below it is that of its column.
    """
    filled = {i: c.strip() for i, c in enumerate(cells) if c and c.strip()}
    if not following or len(filled) * 2 > len(cells) or any(celltypes.of(c) in celltypes.TYPED for c in filled.values()):
        return False
    below = {i for i, c in enumerate(following[0].cells) if c and c.strip()}
    return filled.keys() <= below and len(below) > 2 * len(filled) and proves(following)


def is_header(records: list[Record]) -> bool:
    """Whether the first record names the columns of the others."""
    first = [(c or "").strip() for c in records[0].cells[:_JUDGED]]
    types = [celltypes.of(c) for c in first]
    if not any(first) or any(t in celltypes.DATA for t in types):
        return False
    rows = [r.cells for r in records[1 : _ROWS + 1]]
    votes = [_vote(cell, [(row[i] or "").strip() for row in rows if i < len(row)]) for i, cell in enumerate(first)]
    if max(votes) == CONTRAST and sum(votes) > 0:
        return True
    if _names_persons(first, rows) or sum(votes) < 0:
        return False
    return sum(votes) > 0 or (not any(t in celltypes.TYPED for t in types) and len(set(first)) == len(first))


def proves(records: list[Record]) -> bool:
    """Whether the first record names the columns beyond doubt: by contrast with the rows, or in words that headers use."""
    first = [(c or "").strip() for c in records[0].cells[:_JUDGED]] if records else []
    filled = [c for c in first if c]
    if not filled or any(celltypes.of(c) in celltypes.TYPED for c in filled) or len(set(filled)) < len(filled):
        return False
    rows = [r.cells for r in records[1 : _ROWS + 1]]
    votes = [_vote(cell, [(row[i] or "").strip() for row in rows if i < len(row)]) for i, cell in enumerate(first)]
    spoken = sum(celltypes.speaks(c) for c in filled) * 2 >= len(filled) > 1
    contrasts = votes.count(CONTRAST)
    return sum(votes) > 0 and (spoken or contrasts > 2 or (contrasts > 0 and not _names_persons(first, rows)))  # noqa: PLR2004 - chance


def _vote(cell: str, below: list[str]) -> int:
    """+ for a cell that cannot belong to its column, - for one that does."""
    kinds = Counter(celltypes.of(c) for c in below if c)
    kind = celltypes.of(cell)
    if not kinds or not cell:
        return 0
    main, hits = kinds.most_common(1)[0]
    if _year(cell) and not any(_year(c) for c in below):
        return 0
    if main in celltypes.TYPED and hits * 10 >= 7 * kinds.total():
        return -CONTRAST if kind in celltypes.TYPED else CONTRAST
    if kind in celltypes.TYPED:
        return -1
    if below.count(cell) * 20 > len(below) or _like(cell, below):
        return -1
    return int(celltypes.speaks(cell) or (not _has_digit(cell) and all(_has_digit(c) for c in below if c)))


def _like(cell: str, below: list[str]) -> bool:
    """Whether the cell is written as most of its column is (``A18`` above ``C79``), or is a sentence above sentences."""
    filled = [c for c in below if c]
    same = sum(_mask(c) == _mask(cell) for c in filled) if _has_digit(cell) else 0
    sentences = sum(c.count(" ") > SPACES for c in filled) if cell.count(" ") > SPACES else 0
    return 2 * max(same, sentences) > len(filled)


def _has_digit(cell: str) -> bool:
    return any(c.isdigit() for c in cell)


def _mask(cell: str) -> str:
    """The cell with every run of digits as 9 and every run of letters as a."""
    return re.sub(r"[^\W\d_]+", "a", re.sub(r"\d+", "9", cell))


def _year(cell: str) -> bool:
    """Whether the cell is a year of our time: such numbers head columns."""
    return len(cell) == len("2020") and cell.isdecimal() and cell[:2] in {"19", "20"}


def _names_persons(cells: list[str], rows: list[list[str | None]]) -> bool:
    """Whether two cells or more are names of persons and stand above such names (``LONG`` and ``LAT`` are names too)."""
    known = _lexicon()
    hits = [i for i, c in enumerate(cells) if c.upper() in known]
    if len(hits) < 2:  # noqa: PLR2004 - one may be chance
        return False
    below = [[(row[i] or "").strip().upper() for row in rows if i < len(row)] for i in hits]
    return sum(not column or sum(c in known for c in column) * 4 > len(column) for column in below) > 1


@cache
def _lexicon() -> frozenset[str]:
    """Names borne by many; those that are header words too ("NOM" is no name, "Prix" is one) are left out."""
    known: set[str] = set()
    for list_name in ("first_names.tsv", "last_names.tsv"):
        path = resources.lexicons_dir() / list_name
        if path.is_file():
            lines = path.read_text("utf-8").splitlines()[1:]
            known.update(line.split("\t", 1)[0] for line in lines)
    return frozenset(known - {word.upper() for word in celltypes.HEADER_WORDS})
