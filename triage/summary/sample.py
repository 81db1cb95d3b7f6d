"""What ``--sample`` lets be said: rows of the whole and shares of it as intervals, everything else as of the sample alone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from triage.intervals import interval
from triage.summary.figures import Count, Draft, Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from triage import model

# Sentences whose figures are intervals bear the first mark, those that count within the sample the other.
_ESTIMATE, _SAMPLE = "sample.estimate", "sample.only"
_INTERVALS = frozenset({"S1.table", "S1.table_plain", "S1.largest", "S1.largest_plain", "S2.sampled"})
_OF_ROWS = frozenset({"S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9"})
_ALSO = ("S1.unread", "S10.rows", "S10.table", "S10.public", "S10.program", "S10.aepd")
_TOLD = ("S2.claim_unmeasured", "S2.keys", "S4.caveat", "S5.by_content")  # no figure of their own


def taken(result: model.Result) -> bool:
    """Whether some table was read in part only."""
    return any(t.sampled for t in result.tables)


def table_rows(table: model.Table, unit: str | None = None) -> Count:
    """Rows of a table: counted, or estimated with their interval."""
    found = table.rows_estimated
    if found is None or found.low == found.high:
        return Count(table.rows_total if found is None else found.estimate, unit=unit)
    return Count(found.estimate, about=True, unit=unit, low=found.low, high=found.high)


def total(result: model.Result, unit: str | None = None) -> Count:
    """Rows of all tables; bounds are added up, which is wider than need be, never narrower."""
    if not taken(result):
        return Count(result.size.rows_total, unit=unit)
    rows = [table_rows(t) for t in result.tables if t.parent is None]
    low = sum(r.n if r.low is None else r.low for r in rows)
    high = sum(r.n if r.high is None else r.high for r in rows)
    whole = sum(r.n for r in rows)
    return Count(whole, unit=unit) if low == high else Count(whole, about=True, unit=unit, low=low, high=high)


def share(n: int, of: int, *, sampled: bool) -> Share:
    """So many of so many rows; of a sample with the interval that holds for the whole."""
    if not sampled:
        return Share(n / of)
    low, high = interval(n, of)
    return Share(n / of, low, high)


def marked(drafts: Iterable[Draft]) -> Iterator[Draft]:
    """The drafts of a sampled result, none of which may read as a count of the whole."""
    for draft in drafts:
        if draft.id in _INTERVALS or draft.interval:
            yield replace(draft, mark=_ESTIMATE)
        elif draft.id not in _TOLD and (draft.id.partition(".")[0] in _OF_ROWS or draft.id in _ALSO):
            yield replace(draft, mark=_SAMPLE)
        else:
            yield draft
