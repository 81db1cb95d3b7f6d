"""The dialect of delimited text: every plausible one is tried on a sample and scored.

A good split gives rows of one length (consistency) whose cells look like something (cleanliness), as CleverCSV
measures it (van den Burg, Nazábal, Sutton, "Wrangling messy CSV files", 2019); to it comes what producers do in
practice: comma, semicolon, tab and pipe are common, others need stronger evidence.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from triage.sniff import celltypes
from triage.sniff.records import Dialect, Record, Splitter

if TYPE_CHECKING:
    from triage.options import Reading

SAMPLE_CHARS = 1 << 16
SAMPLE_RECORDS = 200
ROWS, CELLS = 100, 200
_PRIOR = {",": 1.0, ";": 1.0, "\t": 1.0, "|": 1.0, ":": 0.6, "^": 0.8, "~": 0.8, " ": 0.45, "#": 0.5, "&": 0.5, "*": 0.5}
_PRIOR |= {"\x01": 1.0, "\x02": 1.0, "\x1f": 1.0, "\x1e": 1.0, "\x1c": 1.0, "\x00": 0.7, "§": 0.9, "¦": 0.9, "¬": 0.9, "¤": 0.9, "þ": 0.9}
_PRIOR |= {"||": 1.05, "::": 0.8, ";;": 0.7, "|~|": 1.1, "~|~": 1.1, "^|^": 1.1, "@@": 0.8, "##": 0.7, "$$": 0.7, "~~": 0.8, "=": 0.3, "/": 0.2}
COMMON = frozenset(",;\t|")
_CLEAN = {"dirty": 0.1, "text": 0.75, "words": 0.95, "empty": 0.9, "nothing": 0.9}
_LEAST = 0.3
_LEAST_UNCOMMON = 0.55


class Found(NamedTuple):
    """The best dialect (its width is the commonest number of cells) and the sample split by it."""

    dialect: Dialect
    escape: str | None
    tabular: bool
    records: list[Record]
    text: str
    candidates: tuple[tuple[str, str, float], ...] = ()


class Trial(NamedTuple):
    """A dialect and how well it fits, 0 to 1."""

    dialect: Dialect
    score: float
    records: list[Record]


def newline(text: str) -> Literal["\n", "\r\n", "\r"]:
    """The way lines end; CR alone only where LF is all but absent."""
    crlf = text.count("\r\n")
    lf, cr = text.count("\n") - crlf, text.count("\r") - crlf
    if cr > 4 * (lf + crlf):
        return "\r"
    return "\r\n" if crlf > lf else "\n"


def unified(text: str, newline: str) -> str:
    """The text as the readers see it: CR-only lines get LF."""
    return text.replace("\r\n", "\n").replace("\r", "\n") if newline == "\r" else text


def find(text: str, reading: Reading, *, prose: bool, whole: bool) -> Found:
    """The dialect of the text; ``prose`` (markup of some kind) is one column unless the user names a delimiter."""
    sample = _sample(text, whole=whole)
    escape = "\\" if _escapes(sample) else None
    if escape:
        sample = unescaped(sample)
    if prose and reading.delimiter is None:
        return _lines_of(sample, escape=None, tabular=False)
    trials = sorted((t for d in _delimiters(sample, reading) for t in _trials(sample, d, reading)), key=lambda t: -t.score)
    listed = tuple((t.dialect.delimiter or "", t.dialect.quote or "", round(t.score, 3)) for t in trials[:5])
    best = next((t for t in trials if reading.delimiter or t.score >= _needed(t.dialect.delimiter)), None)
    if best is None:
        return _lines_of(sample, escape=escape, tabular=not looks_prose(sample))._replace(candidates=listed)
    return Found(best.dialect, escape, tabular=True, records=best.records, text=sample, candidates=listed)


def _sample(text: str, *, whole: bool) -> str:
    """The beginning of the text, in whole lines."""
    if whole and len(text) <= SAMPLE_CHARS:
        return text
    sample = text[:SAMPLE_CHARS]
    end = sample.rfind("\n") + 1
    return sample[:end] if end else sample


_BACKSLASHED = re.compile(r'\\(["\\])')


def _escapes(sample: str) -> bool:
    """Whether quotes are protected by a backslash, as MySQL writes them, rather than doubled."""
    inner = len(re.findall(r'[^\s\\,;|\t]\\"|\\"[^\s,;|\t\n]', sample))
    return inner > 0 and inner >= sample.count('""') - len(re.findall(r'(?:^|[,;|\t])""(?=[,;|\t\r\n]|\Z)', sample))


def unescaped(text: str) -> str:
    """The text with ``\\"`` doubled instead."""
    return _BACKSLASHED.sub(lambda m: '""' if m[1] == '"' else "\\", text)


def _needed(delimiter: str | None) -> float:
    return _LEAST if delimiter in COMMON else _LEAST_UNCOMMON


def _delimiters(sample: str, reading: Reading) -> list[str]:
    if reading.delimiter is not None:
        return [reading.delimiter]
    lines = [line for line in sample.split("\n")[:SAMPLE_RECORDS] if line.strip()]
    least = max(1, len(lines) // 10)
    return [d for d in _PRIOR if sum(d in line for line in lines) >= least]


def _trials(sample: str, delimiter: str, reading: Reading) -> list[Trial]:
    if reading.quote is not None:
        quotes = [reading.quote or None]
    else:
        opens = [q for q in "\"'" if re.search(rf"(?:^|{re.escape(delimiter)}){q}", sample, re.MULTILINE)]
        quotes = [None, *opens]
    return [_trial(sample, Dialect(delimiter, quote)) for quote in quotes]


def _trial(sample: str, dialect: Dialect) -> Trial:
    splitter = Splitter(dialect)
    records = [r for r in islice(splitter.records(sample), SAMPLE_RECORDS) if r.cells]
    width = _modal(records)
    if width > 1 and dialect.quote:
        # Now that the width is known, a quote that never closes can be told from a cell of several lines.
        dialect = dialect._replace(width=width)
        records = [r for r in islice(Splitter(dialect).records(sample), SAMPLE_RECORDS) if r.cells]
    return Trial(dialect._replace(width=width), _score(records, dialect, width), records)


def _modal(records: list[Record]) -> int:
    """The commonest number of cells, the larger of two equally common."""
    lengths = Counter(len(r.cells) for r in records)
    return max(lengths, key=lambda n: (lengths[n] if n > 1 else lengths[n] * 0.5, n), default=0)


def _score(records: list[Record], dialect: Dialect, width: int) -> float:
    if width < 2:  # noqa: PLR2004 - nothing was split
        return 0.0
    rows = [r for r in records if len(r.cells) > 1] or records
    lengths = Counter(len(r.cells) for r in rows)
    consistency = sum(n * n for n in lengths.values()) / len(rows) ** 2
    split = (len(rows) / len(records)) ** 0.5
    cells = [c or "" for r in rows[:ROWS] for c in r.cells[:CELLS]]
    clean = sum(_CLEAN.get(celltypes.of(c.strip()), 1.0) for c in cells) / len(cells)
    odd = sum(r.odd for r in records) / len(records)
    filled = len({i for r in rows[:ROWS] for i, c in enumerate(r.cells[:CELLS]) if c})
    score = _PRIOR.get(dialect.delimiter or "", 0.5) * consistency**0.5 * split * clean**2 * (1 - odd) * (1 - 0.5 / width)
    if filled < 2:  # noqa: PLR2004 - one column and the delimiter that ends each line
        score *= 0.3
    if len(records[0].cells) < 2:  # noqa: PLR2004 - a title above a table is rarer than a wrong delimiter
        score *= 0.8
    if all(c.startswith(" ") for r in rows[:ROWS] for c in r.cells[1:] if c):
        score *= 0.9  # prose puts a space after its commas and semicolons, exports rarely do
    return score


def _lines_of(sample: str, *, escape: str | None, tabular: bool) -> Found:
    """The text as one column."""
    dialect = Dialect(None, None, 1)
    records = list(islice(Splitter(dialect).records(sample), SAMPLE_RECORDS))
    return Found(dialect, escape, tabular, records, sample)


def looks_prose(sample: str) -> bool:
    """Whether the lines are sentences rather than a list of values."""
    lines = [line.strip() for line in sample.split("\n")[:SAMPLE_RECORDS] if line.strip()]
    return sum(line.count(" ") > 3 for line in lines) * 2 > len(lines)  # noqa: PLR2004 - more than four words
