"""The caps of the house, and a tree that says nothing of the machine it was written on."""

from __future__ import annotations

import ast
import re
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LONGEST_FUNCTION = 50
LONGEST_MODULE = 400
LEFT_OUT = {".git", ".venv", "out", "bench", "dist", "build", "__pycache__", ".hypothesis", ".mypy_cache", ".pytest_cache", ".ruff_cache"}
# Places of one machine. No slash stands before the names here, so that this file passes too.
MACHINE = re.compile(rb"(?<![\w.~$}/-])/(?:work|root|home|Users|opt|tmp)/")


def sources() -> list[Path]:
    return sorted(p for folder in ("triage", "scripts") for p in (ROOT / folder).rglob("*.py"))


def tree() -> list[Path]:
    files = (p for p in ROOT.rglob("*") if p.is_file() and not LEFT_OUT & set(p.relative_to(ROOT).parts))
    return sorted(p for p in files if ".egg-info" not in str(p))


def test_functions_are_short():
    long = []
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                if lines > LONGEST_FUNCTION:
                    long.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}: {lines} lines")
    assert not long, long


def test_modules_are_short():
    lengths = {path.relative_to(ROOT).as_posix(): len(path.read_text("utf-8").splitlines()) for path in sources()}
    assert not {name: n for name, n in lengths.items() if n > LONGEST_MODULE}


def test_functions_are_simple():
    # ruff counts; this keeps anyone from raising the cap.
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["ruff"]["lint"]
    assert lint["select"] == ["ALL"]
    assert lint["mccabe"]["max-complexity"] == 8
    assert "C901" not in lint["ignore"]


def test_every_excuse_is_written():
    """A rule left out in pyproject.toml, or silenced at a line, says why."""
    lines = (ROOT / "pyproject.toml").read_text("utf-8").splitlines()
    bare = [line for line in lines if re.fullmatch(r'\s+"[A-Z]+\d+",\s*', line)]
    for path in sources():
        bare += [
            f"{path.relative_to(ROOT)}: {line.strip()}"
            for line in path.read_text("utf-8").splitlines()
            if re.search(r"# noqa(: [A-Z0-9, ]+)?$", line)
        ]
    assert not bare, bare


def test_no_path_of_a_machine_is_in_the_tree():
    found = []
    for path in tree():
        for number, line in enumerate(path.read_bytes().splitlines(), 1):
            if MACHINE.search(line):
                found.append(f"{path.relative_to(ROOT)}:{number}")
    assert not found, found


def test_text_files_end_with_a_newline_and_hold_no_tabs_or_trailing_blanks():
    wrong = []
    for path in tree():
        if path.suffix in {".py", ".toml", ".md"}:
            text = path.read_text("utf-8")
            if (text and not text.endswith("\n")) or re.search(r"[ \t]+$", text, re.MULTILINE) or "\t" in text:
                wrong.append(path.relative_to(ROOT).as_posix())
    assert not wrong, wrong
