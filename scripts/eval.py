"""Measures the labels: on labelled tables, on generated leaks, and on both spoiled in nine ways; writes docs/accuracy.md.

usage: eval.py [--devset DIR] [--rows N] [--written N] [--seed N] [--out DIR] [--date YYYY-MM-DD]
    --devset  folder of labelled tables with their own measure, score.py; without it generated tables alone are measured
    --rows    rows of each generated leak (2000)
    --written rows of each table that the tests' generators write (300; 0 for none)
    --seed    of the leaks and of the spoiling (1)
    --out     where the scans go, and wrong.tsv, which lists every column that did not get its label (out/eval)
    --date    what the page says of the day (today)

docs/accuracy.md is written where both were measured; without labelled tables the page goes to DIR/accuracy.md.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import shutil
import sys
from datetime import date, datetime
from pathlib import Path
from types import ModuleType

from evaluation import corpora, decidable, measure, mentions, page
from evaluation.corpora import Corpus
from evaluation.measure import Answer
from evaluation.spoiling import WAYS

from triage import __version__

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "accuracy.md"
COMMAND = ROOT / ".venv" / "bin" / "triage"

# Ways that rename columns by their truth: what is of nothing in particular keeps its name.
NAMED = {"headers in other words", "headers in English"}

HEAD = """# Accuracy

How right the labels of columns are. Written by `make eval` on {day}, version {version}; run it again after any change of a rule.

| corpus | what | tables measured here |
| --- | --- | --- |
{corpora}
A column counts where it has cells and its truth is sure. Macro-F1 is the mean of the labels' F1. A column whose truth is
"nothing in particular" (an id, a number, a category) can only be a false alarm, never a hit. *In vain* is a sensitive label
on a column that holds nothing of the kind.

*Content-decidable* is a label that a reader who sees nothing but the cells could name: its form, key or vocabulary is its own, as
its rule says. Not asked without a name are {bare}; nor is a column of fewer than {fewest} distinct values.

To repeat: `make eval DEVSET=folder`; `folder` holds labelled tables with a `score.py` beside them. Without one, the generated
tables alone are measured. The seed is fixed, so the same tree gives the same figures.
"""


def main() -> int:
    """Measures, writes the page and the list of wrong verdicts."""
    options = arguments()
    shutil.rmtree(options.out, ignore_errors=True)
    options.out.mkdir(parents=True)
    score = corpora.scorer(options.devset)
    if score is None:
        print(f"No score.py in {options.devset}: only generated tables are measured. Give labelled ones with --devset.", file=sys.stderr)
    made, truths = corpora.generated(options.rows, options.seed, options.out / "leaks")
    known = [corpora.labelled(options.devset, score)] if score else []
    parts = [_official(score, options.devset, options.out / "devset")] if score else []
    leaks, lost = _leaks(truths, options.out / "leaks")
    parts.append(_generated(made, leaks, lost))
    wrong = [("leaks", "as written", a) for a in leaks if a.got != a.truth]
    others = corpora.written(options.written) if options.written else ()
    for corpus in (*known, made, *others[:1]):
        text, found = _spoiled(corpus, options.out / "tables", options.seed)
        parts.append(text)
        wrong += found
    parts += [_everyday(corpus, options.out / "tables", options.seed) for corpus in others[1:]]
    parts.append(_hidden(made, options.out / "tables", options.seed))
    _list(options.out / "wrong.tsv", wrong)
    target = PAGE if score else options.out / "accuracy.md"
    target.write_text("\n".join([_head(options.date, [*known, made, *others]), *parts]), encoding="utf-8")
    print(f"Written: {target}; columns without their label: {options.out / 'wrong.tsv'}")
    return 0


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--devset", type=Path, default=ROOT.parent / "shared" / "devset")
    parser.add_argument("--rows", type=int, default=2000)
    parser.add_argument("--written", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--out", type=Path, default=ROOT / "out" / "eval")
    parser.add_argument("--date", type=date.fromisoformat, default=datetime.now().astimezone().date())
    return parser.parse_args()


def _head(day: date, measured: list[Corpus]) -> str:
    what = {
        "labelled": "real public tables and test data of open projects, labelled by hand column by column",
        "written": "exports in the manner of many trades, headers and all, written before the rules were looked at",
        "everyday": "tables of nobody: open data, shops, clubs, machines",
        "generated": "synthetic leaks of every recipe of `triage samples`, whose truth is counted while they are written",
    }
    rows = "".join(f"| {c.name} | {what[c.name]} | {len(c.tables)} |\n" for c in measured)
    bare = ", ".join(f"`{label}` ({why})" for label, why in decidable.BARE.items())
    return HEAD.format(day=day.isoformat(), version=__version__, corpora=rows, bare=bare, fewest=decidable.FEWEST)


def _official(score: ModuleType, devset: Path, results: Path) -> str:
    """The labelled set by its own measure, every format in it."""
    files = sorted({r["path"].split("#")[0] for r in score.table(devset / "manifest.tsv") if r["labels"]})
    for file in files:
        score.scan(str(COMMAND), str(devset / file), str(results / file.replace("/", "_")))
    predicted, failed = score.predictions([r for r in score.table(devset / "manifest.tsv") if r["labels"]], str(results))
    counted = score.score(score.table(devset / "columns.tsv"), predicted)
    said = io.StringIO()
    with contextlib.redirect_stdout(said):
        score.report(*counted, failed)
    whole = measure.Score(hits=counted[0], false=counted[1], missed=counted[2], columns=counted[6])
    for negative in score.NEGATIVE:
        del whole.hits[negative], whole.missed[negative]
    macro, labels = whole.macro(measure.ENOUGH)
    text = f"Macro-F1 over the {labels} labels with at least {measure.ENOUGH} columns: **{macro:.3f}**."
    return f"## Labelled tables, every format\n\nThe measure is the set's own.\n\n```\n{said.getvalue()}```\n\n{text}\n"


def _leaks(truths: list[dict[str, object]], folder: Path) -> tuple[list[Answer], list[str]]:
    """Every generated leak scanned in the formats it is written in."""
    found: list[Answer] = []
    lost: list[str] = []
    for truth in truths:
        place = folder / str(truth["recipe"])
        single = place / f"{truth['recipe']}.sample"
        answers, missing = measure.leak_answers(truth, single if single.is_file() else place)
        found += answers
        lost += missing
    return found, lost


def _generated(corpus: Corpus, leaks: list[Answer], lost: list[str]) -> str:
    score = measure.score(corpus, leaks)
    parts = [f"## Generated leaks, as written\n\n{page.summary(score)}"]
    if lost:
        parts.append(f"Tables that were not found, whose columns all count as missed: {', '.join(lost)}.\n")
    parts += [page.by_label(score), f"### Columns without their label\n\n{page.wrong(leaks)}"]
    return "\n".join(parts)


def _spoiled(corpus: Corpus, folder: Path, seed: int) -> tuple[str, list[tuple[str, str, Answer]]]:
    """The section of one corpus, and its wrong verdicts with the way of spoiling."""
    found = {way: measure.answers(corpus, spoil, folder, seed) for way, spoil in WAYS.items()}
    scores = {way: measure.score(corpus, answers) for way, answers in found.items()}
    plain = found["as they are"]
    parts = [
        f"## {corpus.name.capitalize()} tables, spoiled\n",
        "The tables that are delimited text, written anew, then spoiled in each way and scanned again.\n",
        page.spoiled((way, score, measure.decided(corpus, found[way])) for way, score in scores.items()),
        f"### {corpus.name.capitalize()} tables: confusions as they are\n\n{page.confusions(scores['as they are'])}",
        f"### {corpus.name.capitalize()} tables: does the confidence mean what it says\n",
        "Verdicts on the tables as they are, and with their headers removed.\n",
        page.bands(measure.reliability(corpus, [*plain, *found["headers removed"]])),
    ]
    return "\n".join(parts), [(corpus.name, way, a) for way, answers in found.items() for a in answers if _is_wrong(corpus, a)]


def _everyday(corpus: Corpus, folder: Path, seed: int) -> str:
    """The section of tables that are nobody's."""
    scores = {way: measure.score(corpus, measure.answers(corpus, spoil, folder, seed)) for way, spoil in WAYS.items() if way not in NAMED}
    return f"## Everyday tables, spoiled\n\n{page.everyday(scores.items())}"


def _is_wrong(corpus: Corpus, answer: Answer) -> bool:
    silent = answer.got is None or answer.got in corpus.negative
    return answer.got != answer.truth and not (answer.truth in corpus.negative and silent)


def _hidden(corpus: Corpus, folder: Path, seed: int) -> str:
    found = mentions.hidden(corpus, folder, seed)
    return f"## Values in 1 % of a column that holds anything\n\n{page.hidden(found)}"


def _list(path: Path, wrong: list[tuple[str, str, Answer]]) -> None:
    """Every column without its label, for whoever mends the rules: names and labels, no cell."""
    lines = ["corpus\tway\ttable\tindex\tname\ttruth\tsaid\tconfidence\tcandidates"]
    for corpus, way, a in wrong:
        name = " ".join(a.name.split())
        candidates = " ".join(f"{label}:{band}" for label, band in a.said.candidates)
        lines.append("\t".join((corpus, way, a.table, str(a.column), name, a.truth, str(a.said.label), str(a.said.confidence), candidates)))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
