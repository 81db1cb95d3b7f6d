"""The probe: a bounded sample of a table gives the plan of its census."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage.detect import care, dates, measure, neighbours, opened, roles, strays
from triage.detect.judge import judge
from triage.detect.plan import ColumnPlan, Counts, Shape, TablePlan
from triage.detect.texts import NEEDLES, scanner

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from triage.rules import Rules

# Labels that say nothing of the meaning, and those that the text scanner judges: their columns are read as text.
UNTYPED = frozenset({"unknown", "category", "code", "id"})
# Columns whose cells may hold several values; the shortest of these that says something.
OPENED = UNTYPED | {"free_text", "health_text", "number"}
_SEVERAL = 9
TEXTS = frozenset({"free_text", "health_text", "message", "prescription", "drug", "posology", "diagnosis"})
_DATES = frozenset({"date", "datetime", "birth_date", "death_date", "appointment", "card_expiry"})
# Share of the distinct values with a letter above which a column may hold words.
_LETTERS = 0.2
# The shortest names of drugs and codes of illnesses.
_WORD = 3
# Labels of columns that name a person or tell how to reach him.
_NAMING = roles.PERSON | {"phone", "practitioner", "address"}
# Labels counted beside the provisional one: the sample may mislead, the census decides.
_RUNNERS_UP = 4


def probe(frame: pl.DataFrame, names: Sequence[str], rules: Rules, *, opening: bool = True) -> TablePlan:
    """The plan of a table from some of its rows.

    ``frame`` has one String column a table column, raw cells; ``names`` are the raw names in the same order ("" without
    header). Numbers of rows and columns are bounded by the caller. ``opening``: cells that hold several values are opened.
    """
    if not frame.width:
        return TablePlan(columns=())
    long = measure.melt(frame)
    headers = [rules.words.read(name) for name in names]
    said = {label for header in headers for label in header}
    asked = {label: rule for label, rule in rules.items() if rule.content_decidable or label in said or label in neighbours.NEEDED}
    shapes, hits = measure.shapes(long), measure.hits(long, asked)
    columns = [
        ColumnPlan(index=n, name=name, shape=shapes.get(n, Shape()), headers=headers[n], hits=hits.get(n, {}))
        for n, name in enumerate(names)
    ]
    columns = [_planned(column, rules) for column in columns]
    columns = neighbours.heard(_in_company(columns), frame, long)
    columns = _with_scores(_asked_of_neighbours(columns, long, rules), long, rules)
    columns = [_planned(column, rules) for column in columns]
    if not columns[0].care and care.spoken(columns):
        # Texts are scored last, and neighbours may have named a doctor.
        columns = [_planned(msgspec.structs.replace(c, care=True), rules) for c in columns]
    finished = (_finished(column, role, long) for column, role in zip(columns, roles.assign(columns), strict=True))
    made = _opened(finished, long, rules) if opening else tuple(finished)
    return TablePlan(columns=made, bare=not any(c.label in _NAMING for c in made))


def _opened(columns: Iterable[ColumnPlan], long: pl.DataFrame, rules: Rules) -> tuple[ColumnPlan, ...]:
    """The columns, those that no label claims with what stands inside their cells."""
    look = partial(probe, rules=rules, opening=False)
    made = []
    columns = list(columns)
    bare = [c.index for c in columns if c.label in UNTYPED and c.shape.length_max > _SEVERAL]
    stray = strays.among(long.filter(pl.col("column").is_in(bare)), rules) if bare else {}
    for c in columns:
        if c.label in OPENED and c.shape.filled and c.shape.length_max > _SEVERAL:
            cells = measure.of_column(long, c.index)["cell"]
            found = opened.inside(cells, look) or stray.get(c.index, ())
            made.append(msgspec.structs.replace(c, inside=found, text=c.text or any(label in NEEDLES for label, _, _ in found)))
        else:
            made.append(c)
    return tuple(made)


def _in_company(columns: list[ColumnPlan]) -> list[ColumnPlan]:
    """The same columns, told whether the table names persons (a religion is a statistic elsewhere), speaks of care, lists places."""
    persons, cared, sites = any(c.label in roles.PERSON for c in columns), care.spoken(columns), care.places(columns)
    return [msgspec.structs.replace(c, persons=persons, care=cared, site=sites) for c in columns]


def _asked_of_neighbours(columns: list[ColumnPlan], long: pl.DataFrame, rules: Rules) -> list[ColumnPlan]:
    """The same columns with the hits of labels that a neighbour named and nobody had asked for yet."""
    named = {label for c in columns for label in c.near if label in rules}
    if not named:
        return columns
    indexes = [c.index for c in columns if c.near]
    found = measure.hits(long.filter(pl.col("column").is_in(indexes)), {label: rules[label] for label in sorted(named)})
    return [msgspec.structs.replace(c, hits=c.hits | found.get(c.index, {})) if c.near else c for c in columns]


def _with_scores(columns: list[ColumnPlan], long: pl.DataFrame, rules: Rules) -> list[ColumnPlan]:
    """The same columns, those that no label claims with the scores of the text scanner."""
    untyped = [c.index for c in columns if c.label in UNTYPED and c.shape.letters > _LETTERS and c.shape.length_max >= _WORD]
    if not untyped:
        return columns
    scores = scanner(rules.lexicons.parent).scores(long.filter(pl.col("column").is_in(untyped)))
    return [msgspec.structs.replace(c, scores=scores.get(c.index, {})) for c in columns]


def _planned(column: ColumnPlan, rules: Rules) -> ColumnPlan:
    """The column with its provisional verdict and the labels that the census shall count."""
    verdict = judge(column, sample_counts(column), rules)
    others = [c.label for c in verdict.candidates if c.confidence != "possible"][:_RUNNERS_UP]
    labels = [label for label in (verdict.label, *others) if label in rules]
    return msgspec.structs.replace(column, label=verdict.label, confidence=verdict.confidence, labels=tuple(labels))


def _finished(column: ColumnPlan, role: str | None, long: pl.DataFrame) -> ColumnPlan:
    """The column with its role, the format of its dates and whether its texts are to be read."""
    dated = bool(_DATES & set(column.labels))
    text = column.label in UNTYPED | TEXTS and column.shape.letters > _LETTERS
    formats = dates.format_of(long, column) if dated else None
    return msgspec.structs.replace(column, role=role, date_format=formats, text=text)


def sample_counts(column: ColumnPlan) -> Counts:
    """What the probe itself counted, as the census would."""
    return Counts(
        column.shape.filled,
        column.shape.distinct,
        {label: h.rows for label, h in column.hits.items()},
        {label: h.valid for label, h in column.hits.items()},
    )
