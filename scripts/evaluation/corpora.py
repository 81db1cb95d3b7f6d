"""Tables whose every column is known: the labelled set, if there is one, and what the recipes of `triage samples` make."""

from __future__ import annotations

import csv
import importlib.util
import sys
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

import polars as pl

from evaluation import decidable
from triage import resources, rules, samples
from triage.samples import recipe
from triage.samples.table import Source
from triage.samples.world import Leak

ROWS = 2000  # of a labelled table that are kept for spoiling
_DELIMITERS = {"comma": ",", "semicolon": ";", "\\t": "\t", "tab": "\t"}
# Generic labels of CONTRACT §3 and, in the words of the labelled set, what is none of its labels.
GENERIC = frozenset({"unknown", "empty", "date", "datetime", "number", "code", "category", "boolean", "id", "free_text", "message"})


class Table(NamedTuple):
    """Rows as text, column by column; ``truth`` has None where a column is not scored."""

    name: str
    names: list[str]
    columns: list[list[str]]
    truth: list[str | None]

    @property
    def rows(self) -> int:
        """How many rows there are."""
        return len(self.columns[0]) if self.columns else 0


class Corpus(NamedTuple):
    """Tables and how their truth is read.

    ``coarse`` turns a label of ours into a word of the truth (None: none of its words); ``negative`` are its words for
    "nothing in particular", ``sensitive`` those that must never be given in vain, ``decidable`` those that content decides.
    """

    name: str
    tables: list[Table]
    coarse: Callable[[str], str | None]
    negative: frozenset[str]
    sensitive: frozenset[str]
    decidable: frozenset[str]


def scorer(devset: Path) -> ModuleType | None:
    """The labelled set's own measure, ``score.py``; None where there is none."""
    path = devset / "score.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location("devset_score", path)
    if spec is None or spec.loader is None:
        return None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def labelled(devset: Path, score: ModuleType) -> Corpus:
    """The delimited tables of the labelled set, their first rows."""
    known = rules.load(resources.rules_dir())
    coarse: dict[str, str] = score.COARSE
    truth: dict[str, list[dict[str, str]]] = {}
    for column in score.table(devset / "columns.tsv"):
        truth.setdefault(column["path"], []).append(column)
    tables = [t for row in score.table(devset / "manifest.tsv") if (t := _labelled_table(devset, row, truth, score)) is not None]
    decided = {coarse[label] for label in decidable.labels(known) if label in coarse}
    return Corpus("labelled", tables, coarse.get, frozenset(score.NEGATIVE), frozenset(score.SENSITIVE), frozenset(decided))


def _labelled_table(devset: Path, row: dict[str, str], truth: dict[str, list[dict[str, str]]], score: ModuleType) -> Table | None:
    if row["set"] != "tables" or row["format"] not in {"csv", "tsv", "txt"} or row["path"] not in truth:
        return None
    columns = sorted(truth[row["path"]], key=lambda column: int(column["index"]))
    delimiter = _DELIMITERS.get(row["delimiter"], row["delimiter"])
    with (devset / row["path"]).open(encoding=row["encoding"], newline="", errors="replace") as file:
        lines = [line for line in csv.reader(file, delimiter=delimiter) if line]
    names = lines.pop(0) if row["header"] == "yes" and lines else [""] * len(columns)
    lines = [line for line in lines if len(line) == len(columns)][:ROWS]
    if len(names) != len(columns) or not lines:
        return None
    known = [None if c["certainty"] == "unsure" or score.truth_of(c) == "made up" else str(score.truth_of(c)) for c in columns]
    return Table(row["path"], names, [list(cells) for cells in zip(*lines, strict=True)], known)


def generated(rows: int, seed: int, folder: Path) -> tuple[Corpus, list[dict[str, Any]]]:
    """The tables of every recipe, and the truths of the leaks, which are written to ``folder``/NAME."""
    known = rules.load(resources.rules_dir())
    tables: list[Table] = []
    truths = []
    for name in samples.recipes():
        place = folder / name
        place.mkdir(parents=True, exist_ok=True)
        single = recipe.load(name).single
        truths.append(samples.make(name, rows, place / f"{name}.sample" if single else place, seed))
        tables += _generated_tables(name, rows, seed, truths[-1])
    return Corpus("generated", tables, lambda label: label, GENERIC, _sensitive(known), decidable.labels(known)), truths


def written(rows: int) -> tuple[Corpus, Corpus]:
    """Tables in the manner of exports of many trades, and tables of every day that are nobody's, by the tests' own generators.

    A column for which several labels are right is not scored. Of the others all columns are of nothing in particular.
    """
    known = rules.load(resources.rules_dir())
    sys.path.append(str(Path(__file__).resolve().parents[2] / "tests"))
    exports, everyday = import_module("exports.tables"), import_module("benign.tables")
    trades = [
        Table(title, [c.name for c in columns], [c.cells for c in columns], [c.truth[0] if len(c.truth) == 1 else None for c in columns])
        for title, columns in exports.tables(rows)
    ]
    nobodys = [Table(title, list(columns), list(columns.values()), ["unknown"] * len(columns)) for title, columns in everyday.tables(rows)]
    told = (GENERIC, _sensitive(known), decidable.labels(known))
    return Corpus("written", trades, lambda label: label, *told), Corpus("everyday", nobodys, lambda label: label, *told)


def _sensitive(known: rules.Rules) -> frozenset[str]:
    return frozenset(label for label, rule in known.items() if rule.sensitive) | {"drug", "prescription", "posology", "health_text"}


def _generated_tables(name: str, rows: int, seed: int, truth: dict[str, Any]) -> Iterator[Table]:
    leak = Leak(recipe.load(name), rows, seed)
    for told in truth["tables"]:
        world = leak.worlds[told["name"]]
        if world.table.inside:
            continue
        cells = pl.concat([block.cells for block in Source(world, _uncounted).rows(0, world.rows)]).fill_null("")
        labels = [c["label"] for c in told["columns"]]
        yield Table(f"{name}/{told['name']}", [c["name"] for c in told["columns"]], [cells[n].to_list() for n in cells.columns], labels)


def _uncounted(_table: str, _block: object) -> None:
    """The truth was counted when the leak was written."""
