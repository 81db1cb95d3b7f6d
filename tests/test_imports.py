"""Imports point one way, and what must not be imported is not."""

from __future__ import annotations

import ast
import graphlib
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "triage"

# From the bottom up: a module or folder imports those of the layers below it, and within its own folder.
LAYERS = (
    {"masks"},
    {"version", "exhausted", "intervals", "limits", "plugins", "problems", "resources", "sketches", "syscalls", "text", "wire"},
    {"model", "options", "files", "evidence", "packing", "progress", "sandbox", "tally", "classes", "samples", "signatures"},
    {"arguments", "custody", "detect", "entry", "keys", "lzfu", "mails", "outcome", "record", "shell", "volumes"},
    {"cda", "hiring", "journal", "mapi", "marks", "plans", "rules", "sniff"},
    {"census", "readers", "severity", "summary", "unpack", "verdict"},
    {"sampling"},
    {"counting"},
    {"formats", "places", "report", "rulekit", "worker"},
    {"examine", "impact", "judging", "talk"},
    {"hearing", "serve"},
    {"pool", "child"},
    {"casefile"},
    {"casefolder", "compare"},
    {"driver"},
    {"__init__", "cli"},
    {"__main__"},
)
RANK = {unit: rank for rank, layer in enumerate(LAYERS) for unit in layer}

# No network, nothing that runs what it reads, nothing that leaves copies of evidence behind.
FORBIDDEN = {
    *("asyncio", "ftplib", "http", "smtplib", "socket", "socketserver", "ssl", "telnetlib", "urllib", "xmlrpc"),
    *("dill", "marshal", "multiprocessing", "pickle", "shelve"),
    "tempfile",
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def unit(name: str) -> str:
    """The layer's member a dotted module belongs to."""
    return [*name.split("."), "__init__"][1]


def run_time(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes that run: what stands under ``if TYPE_CHECKING`` is for the type checker alone."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            continue
        yield node
        yield from run_time(node)


def imported(path: Path, known: set[str]) -> set[str]:
    """The dotted names a module imports; ``from triage import model`` is ``triage.model``."""
    names: set[str] = set()
    for node in run_time(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{path}: relative import"
            for alias in node.names:
                whole = f"{node.module}.{alias.name}"
                names.add(whole if whole in known else str(node.module))
    return names


@pytest.fixture(scope="module")
def graph() -> dict[str, set[str]]:
    known = {dotted(path) for path in modules()}
    return {dotted(path): imported(path, known) for path in modules()}


def test_every_module_has_its_layer(graph):
    assert {unit(name) for name in graph} <= set(RANK), "give a new module its place in LAYERS"


def test_imports_point_downwards(graph):
    wrong = [
        f"{name} imports {target}"
        for name, targets in graph.items()
        for target in targets
        if target.startswith("triage.") and unit(target) != unit(name) and RANK[unit(target)] >= RANK[unit(name)]
    ]
    assert not wrong, wrong


def test_no_module_imports_itself_in_a_circle(graph):
    # A package's __init__ names its modules and they may name each other; importing the package from within is the circle.
    own = {name: {t for t in targets if t in graph and t != name} for name, targets in graph.items()}
    graphlib.TopologicalSorter(own).prepare()


# One use each, that is none of the above: the local connection between command and workers.
EXCEPTED = {("triage.wire", "socket")}


def test_forbidden_modules_stay_out(graph):
    found = ((name, target) for name, targets in graph.items() for target in targets if target.split(".")[0] in FORBIDDEN)
    wrong = sorted(set(found) - EXCEPTED)
    assert not wrong, wrong


def test_only_the_command_line_knows_click(graph):
    assert {name for name, targets in graph.items() if any(t.split(".")[0] == "click" for t in targets)} == {"triage.cli", "triage.shell"}


def test_everything_imported_is_declared(graph):
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = [line for name, lines in project["optional-dependencies"].items() if name != "dev" for line in lines]
    names = {re.split(r"[<>=\[]", line)[0].replace("-", "_") for line in (*project["dependencies"], *extras)} | {
        "stdnum",
        "libarchive",
        "Cryptodome",
        "pypff",
    }
    used = {target.split(".")[0] for targets in graph.values() for target in targets}
    assert used - set(sys.stdlib_module_names) - {"triage"} <= names


def test_nothing_runs_what_it_reads():
    for path in modules():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
                assert name not in {"eval", "exec", "system", "popen"}, f"{path}:{node.lineno}"
                assert not any(k.arg == "shell" for k in node.keywords), f"{path}:{node.lineno}"


@pytest.mark.parametrize("words", [["--help"], ["scan", "--help"], ["rules", "--help"]])
def test_help_loads_neither_polars_nor_the_renderers(words):
    code = "import sys; from triage.cli import cli; cli.main(sys.argv[1:], standalone_mode=False); print(*sys.modules, file=sys.stderr)"
    done = subprocess.run([sys.executable, "-c", code, *words], capture_output=True, text=True, check=True)
    assert "Usage: " in done.stdout
    loaded = set(done.stderr.split())
    assert not loaded & {"polars", "rich", "msgspec", "phonenumbers", "stdnum", "regex", "triage.driver", "triage.rules"}


def test_importing_the_package_loads_nothing():
    code = "import sys, triage; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not set(done.stdout.split()) & {"polars", "click", "rich", "msgspec"}
