"""``tables`` and ``columns``: what was read, and what each column is."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from triage import model, signatures
from triage.impact.size import unit
from triage.intervals import interval
from triage.text import safe_header, safe_title

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.detect.plan import ColumnPlan, Verdict
    from triage.impact.case import Case, CaseTable
    from triage.tally import ColumnTally


def tables(case: Case) -> tuple[model.Table, ...]:
    """One entry a table, in the order of the evidence."""
    known = signatures.load(*case.rules.folders)
    return tuple(_table(case, n, t, known) for n, t in enumerate(case.tables))


def _table(case: Case, index: int, table: CaseTable, known: signatures.Signatures) -> model.Table:
    counts, shape = table.tally.counts, table.head.shape
    unique = table.tally.rows.count
    return model.Table(
        index=index,
        evidence=table.evidence,
        entry=table.entry,
        table=_title(case, table, table.head.name),
        parts=tuple(model.Part(evidence=e, entry=n, rows_total=rows) for e, n, rows in table.parts),
        parent=_title(case, table, table.head.parent),
        kind=shape.kind,
        encoding=shape.encoding,
        delimiter=shape.delimiter,
        quote=shape.quote or None,
        newline=shape.newline,
        header=shape.header,
        columns_count=len(table.verdicts),
        rows_total=counts.total,
        rows_read=counts.read,
        rows_repaired=counts.repaired,
        rows_rejected=counts.rejected,
        rows_exact_dup=max(0, table.rows_seen - unique),
        rows_short=counts.short,
        rows_long=counts.long,
        sampled=table.drawn is not None,
        rows_estimated=table.drawn.rows() if table.drawn else None,
        unit=unit(table),
        lines=model.Lines(header=counts.header, preamble=counts.preamble, blank=counts.blank, footer=counts.footer),
        signature=known.of(table.head.name, table.entry, table.head.names),
    )


def _title(case: Case, table: CaseTable, name: str | None) -> str | None:
    """A table's name as it may be told: that of a collection of JSON may be the key of a person."""
    return None if name is None else safe_title(name, case.is_name if table.head.shape.kind == "json" else None)


def columns(case: Case) -> tuple[model.Column, ...]:
    """One entry a column, by table and position."""
    return tuple(_columns(case))


def _columns(case: Case) -> Iterator[model.Column]:
    for index, table in enumerate(case.tables):
        for plan, verdict, tally in table.columns():
            yield _column(case, index, table.rows_seen, plan, verdict, tally)


def _estimated(table: CaseTable, rows: int, filled: int) -> model.Estimate | None:
    """Filled cells of the whole table, from those of its sample."""
    whole = table.drawn.rows() if table.drawn else None
    if whole is None or not rows:
        return None
    low, high = interval(filled, rows)
    share = filled / rows
    return model.Estimate(estimate=round(whole.estimate * share), low=math.floor(whole.low * low), high=math.ceil(whole.high * high))


def _column(case: Case, table: int, rows: int, plan: ColumnPlan, verdict: Verdict, tally: ColumnTally) -> model.Column:
    shaped = verdict.label in tally.matched
    matched = tally.matched[verdict.label] if shaped else None
    valid = tally.valid.get(verdict.label)
    return model.Column(
        table=table,
        index=plan.index,
        name=safe_header(plan.name, case.is_name),
        label=verdict.label,
        confidence=verdict.confidence,
        candidates=verdict.candidates,
        role=verdict.role,
        class_=case.class_id(verdict.label),
        art9=case.class_of(verdict.label).art9,
        filled=tally.filled,
        fill_rate=tally.filled / rows if rows else None,
        matched=matched,
        valid=valid,
        valid_rate=valid / tally.filled if valid is not None and tally.filled else None,
        distinct=tally.distinct.count,
        distinct_exact=tally.distinct.exact,
        mentions=_mentions(tally, case.options.limits.smallest_count),
        reasons=verdict.reasons,
        filled_estimated=_estimated(case.tables[table], rows, tally.filled),
    )


# What a text column mentions beside themes and needles, by the scanner's own names.
_FLAGS = ("drug", "prescription")


def _mentions(tally: ColumnTally, least: int) -> dict[str, int]:
    """Rows by what their text mentions; themes of few rows are left out (law 3), needles never are."""
    found: dict[str, int] = {}
    for name, n in tally.mentions.items():
        kind, _, what = name.rpartition(":")
        if kind in {"needle", "inside"} or (not kind and what in _FLAGS) or (kind == "theme" and n >= least):
            found[what] = max(n, found.get(what, 0))
    return dict(sorted(found.items()))
