"""The long tables: every column with its reasons, every file by number, the problems met."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage import text
from triage.report.explain import why
from triage.summary.figures import Count

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.model import Column, InputFile, Result
    from triage.report.sections import Words


class ColumnRow(NamedTuple):
    """A column and its verdict."""

    number: str
    name: str
    title: str
    label: str
    role: str
    filled: str
    width: str
    valid: str
    distinct: str
    confidence: str
    special: bool
    clues: str
    reasons: tuple[str, ...]


class ColumnTable(NamedTuple):
    """The columns of one table under its caption."""

    caption: str
    rows: tuple[ColumnRow, ...]


class FileRow(NamedTuple):
    """A file by its number: names may be patients, and stay in inventory.csv."""

    number: str
    kind: str
    volume: str
    sha256: str
    status: str
    style: str
    problems: tuple[str, ...]


def columns(result: Result, words: Words) -> Iterator[ColumnTable]:
    """Every table's columns; a table without any is told too."""
    for table in result.tables:
        rows = tuple(_column(c, words) for c in result.columns if c.table == table.index)
        yield ColumnTable(words.caption(table), rows)


def _column(c: Column, words: Words) -> ColumnRow:
    return ColumnRow(
        number=str(c.index + 1),
        name=text.safe_name(c.name),
        title=words.title(c.label) if c.label not in {"unknown", "empty"} else words.said("page", f"{c.label}_label"),
        label=c.label,
        role=words.said("role", c.role) if c.role else "",
        filled=words.percent(c.fill_rate),
        width=f"{c.fill_rate or 0:.2%}",
        valid=words.percent(c.valid_rate),
        distinct="" if c.distinct is None else ("" if c.distinct_exact else "≈ ") + text.number(c.distinct, words.language),
        confidence=words.said("confidence", c.confidence) if c.confidence else "",
        special=c.art9,
        clues=words.say("why.clues", {"n": Count(len(c.reasons))}),
        reasons=tuple(why(reason, words) for reason in c.reasons),
    )


def files(result: Result, words: Words) -> Iterator[FileRow]:
    """Every file in the order of inventory.csv."""
    for number, file in enumerate(result.inputs.files, 1):
        yield _file(number, file, words)


def _file(number: int, file: InputFile, words: Words) -> FileRow:
    return FileRow(
        number=str(number),
        kind=words.said("kind", file.kind),
        volume=text.volume(file.bytes, words.language),
        sha256=file.sha256 or "",
        status=words.said("status", file.status),
        style=file.status,
        problems=tuple(f"{words.meaning(p.code)} ({text.number(p.count, words.language)})" for p in file.problems),
    )
