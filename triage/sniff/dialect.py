"""The dialect of delimited text: every plausible one is tried on a sample and scored.

A good split gives rows of one length (consistency) whose cells look like something (cleanliness), as CleverCSV
measures it (van den Burg, Nazábal, Sutton, "Wrangling messy CSV files", 2019); to it comes what producers do in
practice: comma, semicolon, tab and pipe are common, others need stronger evidence.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Literal, NamedTuple

from triage.sniff import celltypes, escapes
from triage.sniff.records import Dialect, Record, Splitter

if TYPE_CHECKING:
    from triage.options import Reading

SAMPLE_CHARS = 1 << 15
SAMPLE_RECORDS = 200
ROWS, CELLS = 100, 200
NEAR = 40
WORDS = 4
# What producers use. ":" and " " are frequent in text, so that they must fit better; control characters never are.
_PRIOR = dict.fromkeys(",;\t|\x01\x02\x1c\x1e\x1f", 1.0)
_PRIOR |= dict.fromkeys("§¦¬¤þ", 0.9) | dict.fromkeys(("^", "~", "::", "~~", "@@"), 0.8) | dict.fromkeys(("\x00", ";;", "##", "$$"), 0.7)
_PRIOR |= {":": 0.6, "#": 0.5, "&": 0.5, "*": 0.5, " ": 0.45, "=": 0.3, "/": 0.2}
_PRIOR |= {"||": 1.05, "|~|": 1.1, "~|~": 1.1, "^|^": 1.1}  # above the single one that is part of them
COMMON = frozenset(",;\t|")
_CLEAN = {"dirty": 0.1, "text": 0.75, "words": 0.95, "empty": 0.9, "nothing": 0.9}
_CLOSED = 1.05
_LEAST = 0.3
_LEAST_UNCOMMON = 0.4
# Where lines hold times of day, a colon delimits nothing.
_CLOCK = re.compile(r"\b\d{1,2}:\d{2}\b")


class Found(NamedTuple):
    """The best dialect (its width is the commonest number of cells) and the sample split by it."""

    dialect: Dialect
    records: list[Record]
    text: str
    tabular: bool = True
    escaped: bool = False
    padded: bool = False
    candidates: tuple[tuple[str, str, float], ...] = ()


class Trial(NamedTuple):
    """A dialect and how well it fits, 0 to 1."""

    dialect: Dialect
    score: float
    records: list[Record]
    text: str
    padded: bool
    escaped: bool


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
    if prose and reading.delimiter is None:
        return _one_column(sample)._replace(tabular=False)
    trials = [t for d in _delimiters(sample, reading) for t in _trials(sample, d, reading)]
    trials.sort(key=lambda t: -t.score)
    listed = tuple((t.dialect.delimiter or "", t.dialect.quote or "", round(t.score, 3)) for t in trials[:5])
    best = next((t for t in trials if reading.delimiter or t.score >= _needed(t.dialect.delimiter)), None)
    if best is None:
        return _one_column(sample)._replace(candidates=listed)
    if not best.escaped and reading.quote != "" and _escapes_later(text[len(sample) :], best.dialect):
        best = best._replace(escaped=True)
    return Found(best.dialect, best.records, best.text, escaped=best.escaped, padded=best.padded, candidates=listed)


def _sample(text: str, *, whole: bool) -> str:
    """The beginning of the text, in whole lines."""
    if whole and len(text) <= SAMPLE_CHARS:
        return text
    end = text.rfind("\n", 0, SAMPLE_CHARS) + 1 or text.find("\n") + 1  # one line at least, however many columns it has
    return text[:end] if end else text


def _needed(delimiter: str | None) -> float:
    return _LEAST if delimiter in COMMON else _LEAST_UNCOMMON


def _delimiters(sample: str, reading: Reading) -> list[str]:
    if reading.delimiter is not None:
        return [reading.delimiter]
    lines = [line for line in sample.split("\n")[:SAMPLE_RECORDS] if line.strip()]
    least = max(1, len(lines) // 10)
    found = [d for d in _PRIOR if sum(d in line for line in lines) >= least and not _halved(d, sample)]
    if " " in found and len(lines) == 1:
        found.remove(" ")  # a sentence is no row
    if ":" in found and ':"' not in sample and sum(_CLOCK.search(line) is not None for line in lines) * 2 > len(lines):
        found.remove(":")
    return found


def _halved(delimiter: str, sample: str) -> bool:
    """Whether pipes only ever come in pairs: then the pair is the delimiter."""
    pairs = sample.count("||")
    return delimiter == "|" and pairs > 1 and pairs * 2 == sample.count("|")


def _trials(sample: str, delimiter: str, reading: Reading) -> list[Trial]:
    """Trials without quoting and with each quote that opens a field, where backslashes are letters and where they escape."""
    if reading.quote is not None:
        given = Dialect(delimiter, reading.quote or None)
        return [_trial(sample, given), *_escaped(sample, given)]
    trials = [_trial(sample, Dialect(delimiter)), *_escaped(sample, Dialect(delimiter))]
    for quote in "\"'":
        trials += _quoted(sample, Dialect(delimiter, quote))
        if f"\\{quote}" in sample:
            undone = escapes.doubled(sample.encode(), quote.encode()).decode()
            trials += [t._replace(escaped=True) for t in _quoted(undone, Dialect(delimiter, quote))]
    return trials


def _quoted(sample: str, dialect: Dialect) -> list[Trial]:
    """Trials with a quote that opens fields; a space may stand before it (``1, "a, b"``), or a sign against reckoning (``="01"``)."""
    trials = []
    delimiter, quote = dialect.delimiter or "", dialect.quote or ""
    near = sample.count(delimiter + quote)
    far = len(re.findall(f"{re.escape(delimiter)}(?: +|=){quote}(?!{quote})", sample)) if delimiter.strip() else 0
    if near or re.search(f"^{quote}", sample, re.MULTILINE):
        trials.append(_trial(sample, dialect))
    if far > near:
        trials.append(_trial(tightened(sample, delimiter, quote), dialect, padded=True))
    return trials


def _escaped(sample: str, dialect: Dialect) -> list[Trial]:
    """The trial in which a backslash protects what would end a field or a quoted cell; none where there is no such backslash."""
    data = sample.encode()
    if dialect.quote:
        undone = escapes.doubled(data, dialect.quote.encode()) if f"\\{dialect.quote}" in sample else data
        return [_trial(undone.decode(), dialect)._replace(escaped=True)] if undone != data else []
    undone = escapes.enclosed(data, (dialect.delimiter or "").encode())
    if undone == data:
        return []
    trial = _trial(undone.decode(), dialect._replace(quote=escapes.QUOTE), escaped=True)
    return [trial._replace(dialect=trial.dialect._replace(quote=None))]


def _escapes_later(rest: str, dialect: Dialect) -> bool:
    """Whether the records around the first backslash behind the sample that may escape something say that it does."""
    mark = f"\\{dialect.quote}" if dialect.quote else f"\\{dialect.delimiter}"
    at = rest.find(mark)
    start = max(0, at)
    for _ in range(NEAR):
        start = rest.rfind("\n", 0, max(0, start - 1)) + 1
    window = "\n".join(rest[start : start + SAMPLE_CHARS].split("\n")[: 2 * NEAR])
    if at < 0 or mark not in window:
        return False
    return max((t.score for t in _escaped(window, dialect)), default=0.0) > _trial(window, dialect).score


def tightened(text: str, delimiter: str, quote: str) -> str:
    """The text without what stands between a delimiter and a quote: spaces, or one equals sign."""
    return re.sub(f"(?<={re.escape(delimiter)})(?: +|=)(?={quote})|^=(?={quote})", "", text, flags=re.MULTILINE)


def _trial(sample: str, dialect: Dialect, *, padded: bool = False, escaped: bool = False) -> Trial:
    splitter = Splitter(dialect)
    records = [r for r in islice(splitter.records(sample), SAMPLE_RECORDS) if r.cells]
    width = _modal(records)
    if width > 1 and dialect.quote and any(r.odd or any("\n" in c for c in r.cells if c) for r in records):
        # Now that the width is known, a quote that never closes can be told from a cell of several lines.
        dialect = dialect._replace(width=width)
        records = [r for r in islice(Splitter(dialect).records(sample), SAMPLE_RECORDS) if r.cells]
    return Trial(dialect._replace(width=width), _score(records, dialect, width, enclosed=escaped), records, sample, padded, escaped)


def _modal(records: list[Record]) -> int:
    """The commonest number of cells, the larger of two equally common."""
    lengths = Counter(len(r.cells) for r in records)
    return max(lengths, key=lambda n: (lengths[n] if n > 1 else lengths[n] * 0.5, n), default=0)


def _score(records: list[Record], dialect: Dialect, width: int, *, enclosed: bool = False) -> float:
    if width < 2:  # noqa: PLR2004 - nothing was split
        return 0.0
    rows = [r for r in records if len(r.cells) > 1] or records
    lengths = Counter(len(r.cells) for r in rows)
    consistency = math.sqrt(sum(n * n for n in lengths.values())) / len(rows)
    split = math.sqrt(len(rows) / len(records))
    cells = [c or "" for r in rows[:ROWS] for c in r.cells[:CELLS]]
    if enclosed:  # by us: a delimiter within a cell is no sign of a wrong split, nor the quotes one of a right one
        cells = [c.replace(dialect.delimiter or "", " ") for c in cells]
    clean = sum(_CLEAN.get(celltypes.of(c.strip()), 1.0) for c in cells) / len(cells)
    odd = sum(r.odd for r in records) / len(records)
    filled = len({i for r in rows[:ROWS] for i, c in enumerate(r.cells[:CELLS]) if c})
    score = _PRIOR.get(dialect.delimiter or "", 0.5) * consistency * split * clean * clean * (1 - 0.4 * odd) * (1 - 0.5 / width)
    if filled < 2:  # noqa: PLR2004 - one column and the delimiter that ends each line
        score *= 0.7
    if len(records[0].cells) < 2:  # noqa: PLR2004 - a title above a table is rarer than a wrong delimiter
        score *= 0.8
    if dialect.quote and not enclosed and not any(r.odd for r in records):
        score *= _CLOSED  # every quote that opens a field closes one
    if all(c.startswith(" ") for r in rows[:ROWS] for c in r.cells[1:] if c):
        # Prose puts a space after its commas and semicolons; exports rarely do, and then in every row.
        score *= 0.9 if len(lengths) == 1 else 0.5
    return score


def _one_column(sample: str) -> Found:
    """The text as one column: a list of values is a table, and so is what stands under a header; prose is not."""
    dialect = Dialect(None, '"' if sample.startswith('"') else None, 1)
    escaped = bool(dialect.quote) and '\\"' in sample
    if escaped:
        sample = escapes.doubled(sample.encode(), b'"').decode()
    records = list(islice(Splitter(dialect).records(sample), SAMPLE_RECORDS))
    cells = [(r.cells[0] or "").strip() for r in records]
    filled = [c for c in cells if c]
    values = sum(celltypes.of(c) not in {"text", "dirty"} and c.count(" ") < WORDS for c in filled)
    headed = " " not in cells[0] and celltypes.speaks(cells[0])
    listed = values * 10 >= 9 * len(filled) and len(filled) * 2 > len(cells)
    return Found(dialect, records, sample, tabular=headed or listed, escaped=escaped)
