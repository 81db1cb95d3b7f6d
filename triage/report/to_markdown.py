"""impact.md: the summary for a ticket, a wiki, a mail."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from triage.report.sections import HEAD, MANY, Words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage.model import Result
    from triage.report import Style

FILE = "impact.md"
_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!&$])")
_SCHEME = re.compile(r"(?i)\b(https?|ftp|mailto|javascript|data|www)([:.])")
_MARKER = re.compile(r"^(\s*\d*)([-+=.)])(?=\s|$)|^(\s*)([-+=]{2,})")


def render(result: Result, style: Style) -> str:
    """CommonMark; everything that comes from the result is escaped, so that a column's name stays a name."""
    return "\n".join(_blocks(Words(result, style.language))) + "\n"


def escape(text: str) -> str:
    r"""Text that Markdown shows as it is: ``a|b`` gives ``a\|b``; no link, no tag, no list, no automatic address."""
    plain = _SPECIAL.sub(r"\\\1", text)
    plain = _SCHEME.sub("\\1\u2060\\2", plain)  # a word joiner: the address is read, not linked
    return _MARKER.sub(r"\1\3\\\2\4", plain)


def _blocks(words: Words) -> Iterator[str]:
    yield f"# {escape(words.said('section', 'title'))}\n"
    if headline := words.headline():
        yield f"**{escape(headline)}**\n"
    for heading, sentences in words.sections():
        yield f"## {escape(heading)}\n"
        if len(sentences) < MANY:
            yield escape(" ".join(sentences)) + "\n"
        else:
            yield "".join(f"- {escape(sentence)}\n" for sentence in sentences)
    yield from _columns(words)
    if problems := words.problems():
        yield f"## {escape(words.said('section', 'problems'))}\n"
        yield from (f"- {escape(p.times)} × {escape(p.meaning)} → {escape(p.remedy)}" for p in problems)
        yield ""
    yield escape(words.said("page", "never_send"))


def _columns(words: Words) -> Iterator[str]:
    for number, (caption, rows) in enumerate(words.tables()):
        if number == 0:
            yield f"## {escape(words.said('section', 'columns'))}\n"
        yield f"### {escape(caption)}\n"
        yield _line([words.said("heading", name) for name in HEAD])
        yield "|" + " --- |" * len(HEAD)
        yield from (_line(row) for row in rows)
        yield ""


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(escape(cell) for cell in cells) + " |"
