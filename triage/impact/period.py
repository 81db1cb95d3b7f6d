"""``period``: what the date columns span, as precisely as law 3 lets dates out."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING

from triage import model
from triage.impact.size import quantile
from triage.text import safe_header

if TYPE_CHECKING:
    from triage.detect.plan import ColumnPlan, Verdict
    from triage.impact.case import Case, CaseTable

_EPOCH = date(1970, 1, 1)
# Days that software writes when it has no date: 1900-01-01, 1899-12-30 and 31 (spreadsheets), 1901, 1950, 1970, 9999.
DEFAULTS = frozenset(
    (date(y, m, d) - _EPOCH).days for y, m, d in ((1900, 1, 1), (1899, 12, 30), (1899, 12, 31), (1901, 1, 1), (1970, 1, 1))
)
_OLDEST_AGE = 110 * 365.2425
_ROLES = {"birth_date": "birth", "death_date": "death", "card_expiry": "expiry", "appointment": "event"}


def period(case: Case) -> model.Period:
    """Every date column; newest and oldest are of events, over the case and by file."""
    found = [
        (t, p, v, c.days)
        for t in case.tables
        for p, v, c in t.columns()
        if c.days and (v.label in _ROLES or v.label in {"date", "datetime"})
    ]
    events: Counter[int] = Counter()
    by_file: dict[str, Counter[int]] = defaultdict(Counter)
    for table, _, verdict, days in found:
        if _role(verdict) == "event":
            sound = Counter({d: n for d, n in days.items() if d not in DEFAULTS})
            events.update(sound)
            by_file[table.evidence].update(sound)
    last = _last_plausible(case, events)
    fields = tuple(_field(case, t, p, v, days, last) for t, p, v, days in found)
    oldest, newest = _ends(case, events, last)
    files = tuple(
        model.FilePeriod(path=path, min=lo, max=hi) for path, days in sorted(by_file.items()) for lo, hi in [_ends(case, days, last)]
    )
    return model.Period(fields=fields, newest=newest, oldest=oldest, by_file=files)


def _role(verdict: Verdict) -> str:
    return _ROLES.get(verdict.label, "event")


def _last_plausible(case: Case, events: Counter[int]) -> int:
    """The day after which a date lies in the future: the day of the examination, else none is known.

    Without ``--date`` the result must not depend on the clock, so the year 2100 bounds it.
    """
    del events
    return ((case.options.context.date or date(2100, 1, 1)) - _EPOCH).days


def _ends(case: Case, days: Counter[int], last: int) -> tuple[str | None, str | None]:
    sound = Counter({d: n for d, n in days.items() if d <= last})
    if not sound:
        return None, None
    least = case.options.limits.smallest_count
    return said(min(sound), sound, "event", least), said(max(sound), sound, "event", least)


def said(day: int, days: Counter[int], role: str, least: int) -> str | None:
    """A date as law 3 lets it out: births as a year shared by enough rows, others to the month unless enough share the day."""
    when = _EPOCH + timedelta(days=day)
    if role == "birth":
        year = sum(n for d, n in days.items() if (_EPOCH + timedelta(days=d)).year == when.year)
        return str(when.year) if year >= least else None
    return when.isoformat() if days[day] >= least else when.strftime("%Y-%m")


def _field(case: Case, table: CaseTable, plan: ColumnPlan, verdict: Verdict, days: Counter[int], last: int) -> model.DateField:
    role, least = _role(verdict), case.options.limits.smallest_count
    del table
    future = sum(n for d, n in days.items() if d > last) if role != "expiry" else 0
    default = sum(n for d, n in days.items() if d in DEFAULTS)
    reference = min(last, max(days))
    implausible = sum(n for d, n in days.items() if role == "birth" and reference - d > _OLDEST_AGE and d not in DEFAULTS)
    sound = Counter({d: n for d, n in days.items() if d <= last and d not in DEFAULTS}) or days
    marks = {
        "min": min(sound),
        "p5": quantile(sound, 0.05),
        "median": quantile(sound, 0.5),
        "p95": quantile(sound, 0.95),
        "max": max(sound),
    }
    return model.DateField(
        column=safe_header(plan.name, case.is_name) or f"#{plan.index + 1}",
        role=role,
        n=days.total(),
        implausible=implausible,
        default=default,
        future=future,
        histogram=_histogram(sound, role, least),
        **{name: said(day, sound, role, least) for name, day in marks.items()},
    )


def _histogram(days: Counter[int], role: str, least: int) -> tuple[model.MonthCount, ...]:
    """Rows by month (by year for births); what fewer rows share than the smallest count is left out."""
    months: Counter[str] = Counter()
    for day, n in days.items():
        when = _EPOCH + timedelta(days=day)
        months[str(when.year) if role == "birth" else when.strftime("%Y-%m")] += n
    return tuple(model.MonthCount(month=m, n=n) for m, n in sorted(months.items()) if n >= least)
