"""Sniffing: what a stream is, from its first bytes, in four stages that each have their file.

1. kind: text, nothing, or a format for another reader;
2. encoding: from marks, NUL patterns, UTF-8's strictness, then French letters;
3. dialect: delimiter, quote, newline, by trying them;
4. header: lines before the table, whether its first record names the columns.

What the user asks for is never overridden.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

import msgspec

from triage.sniff import dialect as _dialect
from triage.sniff import encoding as _encoding
from triage.sniff import fixed as _fixed
from triage.sniff import header as _header
from triage.sniff import kind as _kind
from triage.sniff.records import Dialect, Record

if TYPE_CHECKING:
    from triage.limits import Limits
    from triage.options import Reading


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
    found = _dialect.find(unified, reading, prose=kind.format != "text", whole=whole)
    starts = _columns(unified, found, reading, whole=whole) if kind.format == "text" else ()
    if starts:
        lines = [
            line for line in unified.split("\n")[: _dialect.SAMPLE_RECORDS] if line.strip() and not _fixed.RULER.fullmatch(line.rstrip())
        ]
        records = [Record(_fixed.cells(line, starts), 0, odd=False) for line in lines]
        found = _dialect.Found(Dialect(None, None, len(starts)), records, unified, candidates=found.candidates)
    top = _header.find(found, reading.header, limits.columns)
    problems = [
        *(["encoding_guessed"] if encoding.guessed and reading.encoding is None else []),
        *(["no_dialect"] if found.dialect.delimiter is None and kind.format == "text" and not starts else []),
        *(["too_many_columns"] if top.width > limits.columns else []),
    ]
    return Shape(
        kind="fixed" if starts else "csv" if found.tabular else "text",
        format="fixed" if starts else "csv" if found.tabular else kind.format,
        encoding=encoding.name,
        delimiter=found.dialect.delimiter,
        quote=found.dialect.quote,
        newline=newline,
        header=top.header,
        names=top.names,
        width=top.width,
        preamble=top.preamble,
        bom=encoding.bom,
        escaped=found.escaped,
        padded=found.padded,
        problems=tuple(problems),
        candidates=found.candidates,
        starts=starts,
    )


def _columns(text: str, found: _dialect.Found, reading: Reading, *, whole: bool) -> tuple[int, ...]:
    """Where columns of fixed width begin, where no common delimiter fits better."""
    if reading.delimiter is not None or found.dialect.delimiter in _dialect.COMMON:
        return ()
    starts = _fixed.starts(text, whole=whole)
    return starts if found.dialect.delimiter is None or _fixed.wide(text, starts) else ()


def _other(kind: _kind.Kind) -> Shape:
    return Shape(kind=kind.family, format=kind.format, problems=() if kind.family == "unsupported" else (kind.family,))
