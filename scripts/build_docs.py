"""Writes what the documentation takes from the code: options, labels, problem codes, limits, formats, reports, the demo.

It stands between ``<!-- begin NAME -->`` and ``<!-- end NAME -->`` in README.md or docs/*.md; the rest is prose.

usage: build_docs.py [--check]     with --check nothing is written, and a table that is out of step is an error
"""

from __future__ import annotations

import dataclasses
import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path

import click

from triage import driver, hiring, report, resources, rules
from triage.cli import cli
from triage.formats import formats as every_format
from triage.limits import Limits
from triage.problems import PROBLEMS

SCREEN = 60  # lines
ROOT = Path(__file__).resolve().parent.parent
BLOCK = re.compile(r"(<!-- begin (\w+) -->\n).*?(<!-- end \2 -->)", re.DOTALL)


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table; a pipe in a cell is escaped."""
    lines: list[list[object]] = [list(head), *(list(row) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join("| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def commands(command: click.Command, path: str) -> Iterable[tuple[str, click.Command]]:
    """Every command that does something, with the words that call it."""
    if isinstance(command, click.Group):
        for name, one in sorted(command.commands.items()):
            yield from commands(one, f"{path} {name}")
    else:
        yield path, command


def options() -> str:
    """One table of options a command."""
    parts = []
    for path, command in commands(cli, "triage"):
        context = click.Context(command)
        arguments = " ".join(p.make_metavar(context) for p in command.params if isinstance(p, click.Argument))
        parts.append(f"### {path} {arguments}".rstrip() + f"\n\n{(command.help or '').splitlines()[0]}\n")
        records = [r for p in command.params if isinstance(p, click.Option) and (r := p.get_help_record(context))]
        if records:
            parts.append(table(("option", "what it does"), ((f"`{name}`", text) for name, text in records)))
    return "\n" + "\n".join(parts) + "\n"


def labels() -> str:
    """Every label."""
    loaded = rules.load(resources.rules_dir())
    rows = (
        (f"`{r.id}`", r.class_, r.title.fr, r.title.en, "content" if r.content_decidable else "needs a header or neighbour")
        for r in loaded.values()
    )
    return table(("label", "class", "French", "English", "decided by"), rows)


def problems() -> str:
    """Every problem code."""
    rows = ((f"`{p.code}`", p.stage, "yes" if p.incomplete else "", p.meaning, p.remedy) for p in PROBLEMS.values())
    return table(("code", "stage", "incomplete", "meaning", "what to do"), rows)


def limits() -> str:
    """Every limit."""
    rows = ((f"`{f.name}`", f"{f.default:,}", f.metadata["reason"]) for f in dataclasses.fields(Limits))
    return table(("limit", "default", "reason"), rows)


def formats() -> str:
    """What is read."""
    return table(("format", "what is read"), ((f"`{f.name}`", f.description) for f in every_format()))


def reports() -> str:
    """What is written."""
    return table(("report", "file"), ((f"`{name}`", f"`{report.file_name(name)}`") for name in report.names()))


def demo() -> str:
    """The beginning of what ``make demo`` prints: whole paragraphs, a screen of them."""
    text = report.render(driver.scan([ROOT / "samples" / "lab.csv"]), "text", "fr")
    shown = ""
    for paragraph in text.split("\n\n"):
        if shown.count("\n") + paragraph.count("\n") > SCREEN:
            break
        shown += paragraph + "\n\n"
    return f"```\n{shown}[…]\n```\n"


TABLES: dict[str, Callable[[], str]] = {
    "options": options,
    "labels": labels,
    "problems": problems,
    "limits": limits,
    "formats": formats,
    "reports": reports,
    "demo": demo,
}


def renewed(text: str) -> str:
    """The page with every table written anew; KeyError for a table nobody makes."""
    return BLOCK.sub(lambda block: block[1] + TABLES[block[2]]() + block[3], text)


def main() -> int:
    """Writes or checks every page; 1 if one is out of step."""
    hiring.IN_PROCESS = True  # these files are ours
    check = "--check" in sys.argv[1:]
    stale = []
    for page in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]:
        text = page.read_text("utf-8")
        if (new := renewed(text)) != text:
            stale.append(page.relative_to(ROOT))
            if not check:
                page.write_text(new, "utf-8")
    for page in stale:
        print(f"{page}: {'out of step with the code; run make docs' if check else 'written'}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
