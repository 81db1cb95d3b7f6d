"""Scans tables and compares what was said of each column with what is true of it."""

from __future__ import annotations

import csv
import shutil
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import msgspec

from evaluation.corpora import GENERIC, Corpus, Table
from evaluation.decidable import FEWEST
from evaluation.spoiling import Spoiling
from triage import scan
from triage.options import Options

ENOUGH = 5  # columns of a label, for its F1 to count
BANDS = ("validated", "likely", "possible")


class Said(NamedTuple):
    """What the scan said of a column; ``label`` is None where the column was not read at all."""

    label: str | None
    confidence: str | None
    candidates: list[tuple[str, str]]
    mentions: dict[str, int]


class Answer(NamedTuple):
    """One column: where it is, its truth and what was said, both in the words of the truth (None: none of its words)."""

    table: str
    column: int
    name: str
    truth: str
    got: str | None
    said: Said
    distinct: int = FEWEST


UNREAD = Said(None, None, [], {})


def columns_of(paths: list[Path]) -> tuple[list[dict[str, Any]], dict[int, list[Said]]]:
    """The tables that a scan of the paths finds, as plain data, and what it says of the columns of each."""
    told = msgspec.to_builtins(scan(paths, Options()))
    columns: dict[int, list[Said]] = {}
    for c in told["columns"]:
        candidates = [(x["label"], x["confidence"]) for x in c["candidates"]]
        columns.setdefault(c["table"], []).append(Said(c["label"], c["confidence"], candidates, c["mentions"]))
    return told["tables"], columns


def scanned(tables: list[Table], folder: Path) -> list[list[Said]]:
    """What one scan says of the columns of each table; they are written below ``folder``, each alone in its own."""
    shutil.rmtree(folder, ignore_errors=True)
    for number, table in enumerate(tables):
        _write(table, folder / f"{number:04d}" / "table.csv")
    found, columns = columns_of([folder])
    shutil.rmtree(folder)
    by_place = {t["evidence"]: columns.get(t["index"], []) for t in found}
    said = [by_place.get(f"{folder.name}/{number:04d}/table.csv", []) for number in range(len(tables))]
    return [s if len(s) == len(t.names) else [UNREAD] * len(t.names) for s, t in zip(said, tables, strict=True)]


def _write(table: Table, path: Path) -> None:
    path.parent.mkdir(parents=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, delimiter=";", lineterminator="\n")
        if any(table.names):
            writer.writerow(table.names)
        writer.writerows(zip(*table.columns, strict=True))


def answers(corpus: Corpus, way: Spoiling, folder: Path, seed: int) -> list[Answer]:
    """What is said of every scored column of a corpus, its tables spoiled in one way."""
    tables = [t for n, table in enumerate(corpus.tables) for t in way(table, Random(f"{seed}/{n}"))]
    return list(compared(corpus, tables, scanned(tables, folder)))


def compared(corpus: Corpus, tables: Iterable[Table], said: Iterable[list[Said]]) -> Iterable[Answer]:
    """One answer a scored column that has cells."""
    for table, columns in zip(tables, said, strict=True):
        for n, (truth, one) in enumerate(zip(table.truth, columns, strict=True)):
            if truth is not None and any(cell.strip() for cell in table.columns[n]):
                got = corpus.coarse(one.label) if one.label is not None else None
                yield Answer(table.name, n, table.names[n], truth, got, one, len(set(table.columns[n]) - {""}))


@dataclass
class Score:
    """Hits, false positives and misses by label; confusions; sensitive labels given in vain."""

    hits: Counter[str] = field(default_factory=Counter)
    false: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    confusions: Counter[tuple[str, str]] = field(default_factory=Counter)
    alarms: list[Answer] = field(default_factory=list)
    columns: int = 0

    def f1(self) -> dict[str, float]:
        """F1 of every label that a column bears."""
        return {k: 2 * self.hits[k] / (2 * self.hits[k] + self.false[k] + self.missed[k]) for k in sorted(self.hits | self.missed)}

    def support(self, label: str) -> int:
        """Columns that truly bear a label."""
        return self.hits[label] + self.missed[label]

    def macro(self, least: int = 1, among: frozenset[str] | None = None) -> tuple[float, int]:
        """Mean F1 over labels with at least so many columns, and how many labels these are."""
        chosen = [f for label, f in self.f1().items() if self.support(label) >= least and (among is None or label in among)]
        return (sum(chosen) / len(chosen) if chosen else 0.0), len(chosen)


def decided(corpus: Corpus, found: Iterable[Answer]) -> Score:
    """As ``score``, of the columns that their cells alone decide, and of those that hold nothing in particular."""
    return score(corpus, (a for a in found if a.truth in corpus.negative or (a.truth in corpus.decidable and a.distinct >= FEWEST)))


def score(corpus: Corpus, found: Iterable[Answer]) -> Score:
    """Counted as the labelled set's measure does: words for "nothing in particular" are neither hit nor missed.

    A sensitive label on a column of another is an alarm.
    """
    made = Score()
    for answer in found:
        truth, got = answer.truth, answer.got
        made.columns += 1
        if got in corpus.sensitive and got != truth and truth not in corpus.sensitive:
            made.alarms.append(answer)
        if truth == got or (truth in corpus.negative and (got is None or got in corpus.negative)):
            if truth not in corpus.negative:
                made.hits[truth] += 1
            continue
        made.confusions[truth, got or answer.said.label or "not read"] += 1
        if truth not in corpus.negative:
            made.missed[truth] += 1
        if got is not None and got not in corpus.negative and {got, truth} != {"date", "birth_date"}:
            made.false[got] += 1
    return made


def reliability(corpus: Corpus, found: Iterable[Answer]) -> dict[str, tuple[int, int]]:
    """Band of confidence to (right verdicts, verdicts).

    A verdict counts if the truth has a word for it. ``possible`` is the first candidate of a column that got no label.
    """
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for answer in found:
        for label, band in _claims(answer.said):
            word = corpus.coarse(label)
            if word is not None and word not in corpus.negative:
                total[band] += 1
                right[band] += word == answer.truth
    return {band: (right[band], total[band]) for band in BANDS}


def _claims(said: Said) -> list[tuple[str, str]]:
    """The verdict with its band, or the first thing that is held possible."""
    if said.label is not None and said.label not in GENERIC and said.confidence:
        return [(said.label, said.confidence)]
    return [(label, band) for label, band in said.candidates if band == "possible" and label not in GENERIC][:1]


def leak_answers(truth: dict[str, Any], path: Path) -> tuple[list[Answer], list[str]]:
    """What the scan of a generated leak, in its own formats, says of every column; and the tables it did not find."""
    tables, columns = columns_of([path])
    found, lost = [], []
    for told in truth["tables"]:
        place = next((t["index"] for t in tables if _same(t, told)), None)
        if place is None:
            lost.append(f"{truth['recipe']}/{told['name']}")
        said = columns.get(place, []) if place is not None else []
        for c in told["columns"]:
            one = said[c["index"]] if c["index"] < len(said) else UNREAD
            if c["filled"]:
                found.append(Answer(f"{truth['recipe']}/{told['name']}", c["index"], c["name"], c["label"], one.label, one))
    return found, lost


def _same(table: dict[str, Any], told: dict[str, Any]) -> bool:
    """Whether a table that was found is the one that was written."""
    here = table["entry"].partition("/")[2] or table["entry"]
    there = told["entry"]
    return bool((here == there or table["entry"].endswith(".sample")) and table["table"] == told["table"])
