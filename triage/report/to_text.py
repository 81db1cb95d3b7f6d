"""The summary for a terminal: headline, sentences, columns, problems, on 80 columns.

Plain text when piped: no colour, no cursor, whatever the environment says.
"""

from __future__ import annotations

import io
import textwrap
from typing import TYPE_CHECKING, Literal

from rich import box
from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

from triage.report.sections import HEAD, MANY, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.model import Result
    from triage.report import Style

FILE = "impact.txt"
_WIDTH = 80
_COLOURS = {"low": "green", "medium": "yellow", "high": "dark_orange", "very_high": "red"}
_NAME, _SHORTEST, _GAP = HEAD.index("name"), 6, 2
_FIGURES = ("index", "filled", "valid")


def render(result: Result, style: Style) -> str:
    """The report; a terminal gets colours."""
    out = io.StringIO()
    # Console reads FORCE_COLOR, COLUMNS and the like from its environment: an empty one makes the text reproducible.
    console = Console(
        file=out, width=_WIDTH, force_terminal=style.tty, color_system="standard" if style.tty else None, legacy_windows=False, _environ={}
    )
    words = Words(result, style.language)
    _headline(console, words.headline(), _COLOURS[result.severity.enisa.band])
    for heading, sentences in words.sections():
        _heading(console, heading)
        for paragraph in (" ".join(sentences),) if len(sentences) < MANY else sentences:
            _paragraph(console, paragraph)
    _columns(console, words)
    _problems(console, words)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _headline(console: Console, sentence: str, colour: str) -> None:
    console.print(Text("━" * _WIDTH, style=colour))
    _paragraph(console, sentence, style="bold " + colour)
    console.print(Text("━" * _WIDTH, style=colour))


def _heading(console: Console, heading: str) -> None:
    console.print()
    console.print(Text(heading.upper(), style="bold"))


def _paragraph(console: Console, paragraph: str, style: str = "", indent: str = "  ", first: str = "") -> None:
    """Wraps by hand: rich breaks lines at no-break spaces, which French typography needs whole."""
    lines = textwrap.wrap(
        paragraph, _WIDTH - 2, initial_indent=first or indent, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    for line in lines:
        console.print(Text(line, style=style), soft_wrap=True)


def _columns(console: Console, words: Words) -> None:
    for number, (caption, rows) in enumerate(words.tables()):
        if number == 0:
            _heading(console, words.said("section", "columns"))
        console.print()
        console.print(Text("  " + caption, style="italic"), soft_wrap=True)
        if rows:
            console.print(_grid([words.said("heading", name) for name in HEAD], rows))


def _grid(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """The columns of a table, on a line each; a long name gives way, a figure never."""
    widths = [max(cell_len(line[n]) for line in (head, *rows)) for n in range(len(head))]
    others = sum(widths) - widths[_NAME] + _GAP * len(widths)
    widths[_NAME] = max(min(widths[_NAME], _WIDTH - 1 - others), _SHORTEST)
    grid = Table(box=box.SIMPLE_HEAD, padding=(0, 0, 0, _GAP - 1), show_edge=False, header_style="dim")
    for name, said, width in zip(HEAD, head, widths, strict=True):
        justify: Literal["left", "right"] = "right" if name in _FIGURES else "left"
        grid.add_column(Text(said), justify=justify, no_wrap=True, overflow="ellipsis", width=width)
    for row in rows:
        grid.add_row(*(Text(cell) for cell in row))
    return grid


def _problems(console: Console, words: Words) -> None:
    problems = words.problems()
    if problems:
        _heading(console, words.said("section", "problems"))
    for problem in problems:
        _paragraph(console, f"{problem.times} × {problem.meaning} → {problem.remedy}", indent="    ", first="  ")
