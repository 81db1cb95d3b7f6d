"""Sniffing: what a stream is, from its first bytes, in four stages that each have their file.

1. kind: text, nothing, or a format for another reader;
2. encoding: from marks, NUL patterns, UTF-8's strictness, then French letters;
3. dialect: delimiter, quote, newline, by trying them;
4. header: lines before the table, whether its first record names the columns.

What the user asks for is never overridden.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import msgspec

from triage.sniff import dialect as _dialect
from triage.sniff import encoding as _encoding
from triage.sniff import fixed as _fixed
from triage.sniff import header as _header
from triage.sniff import kind as _kind
from triage.sniff import sections as _sections
from triage.sniff.records import Dialect, Record

if TYPE_CHECKING:
    from triage.limits import Limits
    from triage.options import Reading


# The line by which Excel is told the delimiter.
_TOLD = re.compile(r'"?sep=([^\w\s"]|\t)"?\r?\n', re.IGNORECASE)


class Shape(msgspec.Struct, frozen=True, kw_only=True):
    """What sniffing found.

    ``kind`` is ``csv``, ``text`` (prose, a row a line), ``empty``, ``not_text``, ``unsupported`` or a format of records
    (``json``); ``format`` is more precise (``gzip``, ``png``, ``json``). ``names`` has one raw name a column, ``""`` without a
    header. ``preamble`` counts the lines before the table, ``bom`` the bytes of the byte order mark.
    ``escaped``: a backslash protects quotes; ``padded``: spaces stand before opening quotes (``1, "a"``).
    ``candidates`` are the dialects tried with their scores, the best first. ``starts``: where columns of fixed width begin.
    """

    kind: str
    format: str
    encoding: str = "utf-8"
    delimiter: str | None = None
    quote: str | None = None
    newline: Literal["\n", "\r\n", "\r"] = "\n"
    header: bool = False
    names: tuple[str, ...] = ()
    width: int = 0
    preamble: int = 0
    bom: int = 0
    escaped: bool = False
    padded: bool = False
    problems: tuple[str, ...] = ()
    candidates: tuple[tuple[str, str, float], ...] = ()
    starts: tuple[int, ...] = ()


def sniff(head: bytes, reading: Reading, limits: Limits, *, whole: bool) -> Shape:
    """The shape of the stream that begins with ``head``; ``whole`` says that nothing follows it."""
    kind = _kind.of_bytes(head)
    if kind.family != "text":
        return _other(kind)
    encoding = _encoding.chosen(head, reading.encoding, whole=whole)
    text = _encoding.decode(head[encoding.bom :], encoding.name)
    kind = _kind.of_text(text)
    if kind.family != "text":
        return _other(kind)
    newline = _dialect.newline(text)
    if kind.format in _kind.RECORDS and reading.delimiter is None:
        guessed = encoding.guessed and reading.encoding is None
        problems: list[str] = ["encoding_guessed"] if guessed else []
        return Shape(
            kind=kind.format, format=kind.format, encoding=encoding.name, newline=newline, bom=encoding.bom, problems=tuple(problems)
        )
    unified = _dialect.unified(text, newline)
    told = _TOLD.match(unified) if reading.delimiter is None else None
    if told is not None:
        unified, reading = unified[told.end() :], replace(reading, delimiter=told[1])
    found = _dialect.find(unified, reading, prose=kind.format != "text", whole=whole)
    starts = _columns(unified, found, reading, whole=whole) if kind.format == "text" else ()
    if starts:
        found = _fixed_width(unified, starts, found)
    known = Shape(kind="fixed" if starts else "csv", format=kind.format, encoding=encoding.name, newline=newline, bom=encoding.bom)
    table = _first_table(unified, found, reading, limits, several=kind.format == "text" and not starts)
    shape = _shaped(known, *table, limits)
    problems = [
        *(["encoding_guessed"] if encoding.guessed and reading.encoding is None else []),
        *(["no_dialect"] if shape.delimiter is None and kind.format == "text" and not starts else []),
        *shape.problems,
    ]
    return msgspec.structs.replace(shape, problems=tuple(problems), starts=starts, preamble=shape.preamble + (told is not None))


def following(text: str, known: Shape, reading: Reading, limits: Limits, *, whole: bool) -> Shape:
    """The shape of a further table in the text of ``known``: the text begins with it, its titles included."""
    found = _dialect.find(text, reading, prose=False, whole=whole)
    return _shaped(known, *_first_table(text, found, reading, limits, several=True), limits)


def _first_table(
    text: str, found: _dialect.Found, reading: Reading, limits: Limits, *, several: bool
) -> tuple[_dialect.Found, _header.Top]:
    """Dialect and header of the first table of the text; the lines of ``several`` others would spoil both."""
    top = _header.find(found, reading.header, limits.columns)
    while several and (lines := _sections.first_lines(text, found, top, reading)) is not None:
        text = "".join(line + "\n" for line in text.split("\n", lines)[:lines])
        found = _dialect.find(text, reading, prose=False, whole=True)
        top = _header.find(found, reading.header, limits.columns)
    return found, top


def _shaped(known: Shape, found: _dialect.Found, top: _header.Top, limits: Limits) -> Shape:
    fixed = known.kind == "fixed"
    return msgspec.structs.replace(
        known,
        kind="fixed" if fixed else "csv" if found.tabular else "text",
        format="fixed" if fixed else "csv" if found.tabular else known.format,
        delimiter=found.dialect.delimiter,
        quote=found.dialect.quote,
        header=top.header,
        names=top.names,
        width=top.width,
        preamble=top.preamble,
        escaped=found.escaped,
        padded=found.padded,
        problems=("too_many_columns",) if top.width > limits.columns else (),
        candidates=found.candidates,
    )


def _fixed_width(text: str, starts: tuple[int, ...], found: _dialect.Found) -> _dialect.Found:
    """The lines, rulers left out, taken apart where the columns begin."""
    lines = [line for line in text.split("\n")[: _dialect.SAMPLE_RECORDS] if line.strip() and not _fixed.RULER.fullmatch(line.rstrip())]
    records = [Record(_fixed.cells(line, starts), 0, odd=False) for line in lines]
    return _dialect.Found(Dialect(None, None, len(starts)), records, text, candidates=found.candidates)


def _columns(text: str, found: _dialect.Found, reading: Reading, *, whole: bool) -> tuple[int, ...]:
    """Where columns of fixed width begin, where no common delimiter fits better."""
    if reading.delimiter is not None or found.dialect.delimiter in _dialect.COMMON:
        return ()
    starts = _fixed.starts(text, whole=whole)
    return starts if found.dialect.delimiter is None or _fixed.wide(text, starts) else ()


def _other(kind: _kind.Kind) -> Shape:
    return Shape(kind=kind.family, format=kind.format, problems=() if kind.family == "unsupported" else (kind.family,))
