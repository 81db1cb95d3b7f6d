"""The figures as Markdown: `docs/accuracy.md`."""

from __future__ import annotations

from collections.abc import Iterable
from math import sqrt

from evaluation.measure import BANDS, ENOUGH, Answer, Score
from evaluation.mentions import Mention


def table(head: Iterable[str], rows: Iterable[Iterable[object]]) -> str:
    """A Markdown table."""
    lines = [list(map(str, head)), *(list(map(str, row)) for row in rows)]
    lines.insert(1, ["---"] * len(lines[0]))
    return "".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |\n" for line in lines)


def summary(score: Score) -> str:
    """One line of totals."""
    (most, labels), (enough, frequent) = score.macro(), score.macro(ENOUGH)
    return (
        f"{score.columns:,} columns. Macro-F1 **{enough:.3f}** over the {frequent} labels with at least {ENOUGH} columns, "
        f"{most:.3f} over all {labels}. Sensitive labels given in vain: **{len(score.alarms)}**.\n"
    )


def by_label(score: Score) -> str:
    """Precision, recall and F1 of each label."""
    rows = []
    for label, f1 in score.f1().items():
        given, borne = score.hits[label] + score.false[label], score.support(label)
        precision = f"{score.hits[label] / given:.2f}" if given else ""
        rows.append((f"`{label}`", borne, precision, f"{score.hits[label] / borne:.2f}", f"{f1:.2f}"))
    return table(("label", "columns", "precision", "recall", "F1"), rows)


def confusions(score: Score) -> str:
    """Every cell of the confusion matrix beside its diagonal that is not empty."""
    if not score.confusions:
        return "None: every column got its label.\n"
    ordered = sorted(score.confusions.items(), key=lambda item: (-item[1], item[0]))
    return table(("truth", "said", "columns"), ((f"`{truth}`", f"`{said}`", n) for (truth, said), n in ordered))


def spoiled(rows: Iterable[tuple[str, Score, Score]]) -> str:
    """A row a way of spoiling: the figures over all columns and over those that content decides."""
    lines = []
    first: float | None = None
    for way, score, decidable in rows:
        (every, labels), (decided, asked) = score.macro(), decidable.macro()
        first = decided if first is None else first
        lines.append((way, score.columns, labels, f"{every:.3f}", f"{decided:.3f}", asked, f"{decided - first:+.3f}", len(score.alarms)))
    head = ("tables", "columns", "labels", "macro-F1", "of content-decidable ones", "labels", "change", "sensitive in vain")
    return table(head, lines)


def everyday(rows: Iterable[tuple[str, Score]]) -> str:
    """A row a way of spoiling: sensitive labels on tables that are nobody's."""
    return table(("tables", "columns", "sensitive in vain"), ((way, score.columns, len(score.alarms)) for way, score in rows))


def bands(counted: dict[str, tuple[int, int]]) -> str:
    """How often a verdict of each band was right, with the 95 % interval of Wilson."""
    rows = []
    for band in BANDS:
        right, total = counted[band]
        low, high = wilson(right, total)
        rows.append((band, total, right, f"{right / total:.1%}" if total else "", f"{low:.1%} to {high:.1%}" if total else ""))
    return table(("confidence", "verdicts", "right", "share", "95 % interval"), rows)


def wilson(hits: int, total: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    if not total:
        return 0.0, 1.0
    z, share = 1.96, hits / total
    middle = share + z * z / (2 * total)
    spread = z * sqrt(share * (1 - share) / total + z * z / (4 * total * total))
    return (middle - spread) / (1 + z * z / total), (middle + spread) / (1 + z * z / total)


def hidden(found: Iterable[Mention]) -> str:
    """What was found of values in a hundredth of a column."""
    rows = ((f"`{m.label}`", m.rows, m.found, ", ".join(f"`{k}` {n}" for k, n in sorted(m.others.items())) or "") for m in found)
    return table(("values of", "rows that hold one", "rows found", "mentions of others"), rows)


def wrong(found: Iterable[Answer]) -> str:
    """Every column of a corpus that did not get its label."""
    rows = [(a.table, f"`{a.name}`", f"`{a.truth}`", f"`{a.said.label or 'not read'}`") for a in found if a.got != a.truth]
    return table(("table", "column", "truth", "said"), rows) if rows else "None.\n"
