"""``origin``: organisations named, counters among the columns, technical clues. None of it names a source."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from triage import model
from triage.sketches import Weights
from triage.text import safe_header

if TYPE_CHECKING:
    from triage.detect.plan import ColumnPlan
    from triage.impact.case import Case

# Labels that name organisations, those that tell them apart best first.
_ORGANISATIONS = ("finess", "siret", "siren", "health_facility", "company")
# A column whose numbers fill less of their range is no counter, or too thin an extract of one to say so.
_DENSE, _LONG = 0.01, 50


def column_name(case: Case, plan: ColumnPlan) -> str:
    """The column's name where it may be shown, else its number."""
    return safe_header(plan.name, case.is_name) or f"#{plan.index + 1}"


def origin(case: Case) -> model.Origin:
    """How many organisations, of which kinds, and what the numbering says; names of them never leave the worker."""
    return model.Origin(organisations=_organisations(case), sequences=_sequences(case), clues=_clues(case))


def _organisations(case: Case) -> model.Organisations:
    named = [(p, v, c) for t in case.tables for p, v, c in t.columns() if v.label in _ORGANISATIONS and c.filled]
    found = [(_ORGANISATIONS.index(v.label), p, c) for p, v, c in named]
    if not found:
        return model.Organisations()
    _, plan, counts = min(found, key=lambda f: f[0])
    kinds = sum((c.counted.get("kind", Counter()) for _, _, c in found), Counter[str]())
    return model.Organisations(
        distinct=counts.distinct.count,
        kinds=tuple(sorted((k for k, n in kinds.items() if n >= case.options.limits.smallest_count), key=lambda k: (-kinds[k], k))),
        first_share=_first(counts.bodies, counts.filled),
        column=column_name(case, plan),
    )


def _first(bodies: Weights, filled: int) -> float | None:
    """The share of the organisation with most rows; None where there were too many to keep."""
    rows = bodies.settle()
    return max(rows["rows"].to_list()) / filled if rows.height and filled else None


def _sequences(case: Case) -> tuple[model.Sequence, ...]:
    """Counters: how much of their range is there. Gaps say that the files are an extract of more, or that rows were deleted."""
    found = []
    for table in case.tables:
        for plan, _, counts in table.columns():
            low, high = counts.span.low, counts.span.high
            distinct = counts.distinct.count
            if low is None or high is None or distinct < _LONG:
                continue
            width = high - low + 1
            if distinct / width >= _DENSE:
                density = min(1.0, distinct / width)
                found.append(model.Sequence(column=column_name(case, plan), density=density, gaps=max(0, width - distinct)))
    return tuple(found)


def _clues(case: Case) -> tuple[model.Clue, ...]:
    """Traces of the software that wrote the files: its encoding and line ends tell the system it ran on."""
    shapes = [t.head.shape for t in case.tables]
    encodings = {s.encoding for s in shapes if s.encoding in {"cp1252", "cp850", "mac-roman", "utf-16-le", "utf-16-be"}}
    newlines = {{"\r\n": "crlf", "\r": "cr"}.get(s.newline or "") for s in shapes} - {None}
    found = [model.Clue(kind="encoding", value=e) for e in sorted(str(e) for e in encodings)]
    return (*found, *(model.Clue(kind="newline", value=n) for n in sorted(str(n) for n in newlines)))
