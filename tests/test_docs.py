"""The documentation is in step with the code."""

from __future__ import annotations

import importlib.util
import re
import shlex
from pathlib import Path

import click
import pytest

from triage.cli import cli
from triage.version import __version__

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted(p for folder in (".", "docs", "rules", "rules/lexicons") for p in (ROOT / folder).glob("*.md"))


def script(name: str):
    spec = importlib.util.spec_from_file_location(name, ROOT / "scripts" / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_generated_tables_are_the_codes():
    build = script("build_docs")
    stale = [
        p.name for p in [ROOT / "README.md", *(ROOT / "docs").glob("*.md")] if build.renewed(p.read_text("utf-8")) != p.read_text("utf-8")
    ]
    assert not stale, "run make docs"


def test_every_table_has_a_page():
    text = "".join(p.read_text("utf-8") for p in PAGES)
    assert all(f"<!-- begin {name} -->" in text for name in script("build_docs").TABLES)


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text("utf-8")):
        if "://" not in target:
            assert (page.parent / target).exists(), target


def called(page: Path) -> list[list[str]]:
    """The commands in the code blocks of a page, without what follows two blanks (the comment beside it)."""
    blocks = re.findall(r"^```[a-z]*\n(.*?)^```", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    lines = (re.split(r"\s{2,}|\s#", line.strip())[0] for block in blocks for line in block.splitlines())
    return [shlex.split(line) for line in lines if re.match(r"triage \w|triage --", line)]


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_commands_of_the_documentation_exist(page):
    for words in called(page):
        command: click.Command = cli
        rest = words[1:]
        while isinstance(command, click.Group) and rest and not rest[0].startswith("-"):
            command, rest = command.commands[rest[0]], rest[1:]
        known = {option for p in command.params for option in (*p.opts, *p.secondary_opts)}
        assert {w.split("=")[0] for w in rest if w.startswith("--")} <= known | {"--help"}, words


def test_targets_of_the_makefile_are_described():
    text = (ROOT / "Makefile").read_text("utf-8")
    public = set(re.search(r"^\.PHONY: (.*)$", text, re.MULTILINE)[1].split())
    described = set(re.findall(r"^([a-z-]+):.*## ", text, re.MULTILINE))
    assert described == public - {"docs-check"}


def test_the_version_has_its_entry():
    assert f"## {__version__}" in (ROOT / "CHANGELOG.md").read_text("utf-8")
