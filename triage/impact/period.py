"""``period``: what the date columns span, as precisely as law 3 lets dates out."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from triage import model
from triage.census.dates import DEFAULTS
from triage.detect.headers import tokens
from triage.impact.size import quantile
from triage.tally import by_day
from triage.text import safe_header

if TYPE_CHECKING:
    from triage.detect.plan import ColumnPlan, Verdict
    from triage.impact.case import Case

_EPOCH = date(1970, 1, 1)
_OLDEST_AGE = 110 * 365.2425
# A default day has so many times the rows of an ordinary one.
_STANDS_OUT = 10
# Header words of dates that lie ahead of the record: the end of a right, a validity, a deadline ("FDR", fin de droits).
_ENDS = frozenset(
    {"fin", "fdr", "echeance", "expiration", "exp", "expires", "expiry", "validite", "valid", "limite", "end", "until", "peremption"}
)
# Without --date nothing is in the future: the result must not depend on the clock.
_NO_DATE = date(2150, 1, 1)
# Header words of dates on which software wrote the record itself.
_MADE = frozenset(
    {"creation", "cree", "created", "create", "saisie", "inscription", "enregistrement", "registered", "registration", "insert", "inserted"}
    | {"maj", "modification", "modif", "modified", "updated", "update", "import", "imported", "ajout", "added", "crea"}
)
_ROLES = {"birth_date": "birth", "death_date": "death", "card_expiry": "expiry", "appointment": "event"}
_LABELS = frozenset({*_ROLES, "date", "datetime"})
_DATED = frozenset({"event", "created"})


class _Dates(NamedTuple):
    """One date column: its plan, role and the days it holds."""

    plan: ColumnPlan
    role: str
    days: Counter[int]


def period(case: Case) -> model.Period:
    """Every date column; newest and oldest are of events and of records, over the case and by file."""
    found = [
        _Dates(p, _role(p, v), days) for t in case.tables for p, v, c in t.columns() if v.label in _LABELS and (days := by_day(c.days))
    ]
    last = ((case.options.context.date or _NO_DATE) - _EPOCH).days
    events: Counter[int] = Counter()
    for dates in found:
        if dates.role in _DATED:
            events.update(_sound(dates.days, last))
    by_file = _by_file(case, last)
    least = case.options.limits.smallest_count
    # Without an event the newest of all dates, births among them: nobody was born after the files were written.
    known = events or sum((_sound(dates.days, last) for dates in found), Counter[int]())
    fields = tuple(_field(case, dates, last, max(known, default=last)) for dates in found)
    oldest, newest = _ends(events, least)
    files = [(path, _ends(days, least)) for path, days in sorted(by_file.items())]
    by = tuple(model.FilePeriod(path=path, min=first, max=final) for path, (first, final) in files)
    return model.Period(fields=fields, newest=newest, oldest=oldest, by_file=by)


def _sound(days: Counter[int], last: int) -> Counter[int]:
    return Counter({d: n for d, n in days.items() if d not in DEFAULTS and d <= last})


def _by_file(case: Case, last: int) -> dict[str, Counter[int]]:
    """The dates of events and records of each file; the parts of one table are files of their own."""
    found: dict[str, Counter[int]] = defaultdict(Counter)
    for table in case.tables:
        dated = [p.index for p, v, _ in table.columns() if v.label in _LABELS and _role(p, v) in _DATED]
        for evidence, days in table.days_by_part():
            for index in dated:
                found[evidence].update(_sound(days.get(index, Counter()), last))
    return {path: days for path, days in found.items() if days}


def _role(plan: ColumnPlan, verdict: Verdict) -> str:
    """birth, death, expiry, created (when the record was written) or event: by label, then by what the header says of the date."""
    if verdict.label in _ROLES:
        return _ROLES[verdict.label]
    words = set(tokens(plan.name))
    return "expiry" if _ENDS & words else "created" if _MADE & words else "event"


def _ends(days: Counter[int], least: int) -> tuple[str | None, str | None]:
    if not days:
        return None, None
    return said(min(days), days, "event", least), said(max(days), days, "event", least)


def said(day: int, days: Counter[int], role: str, least: int) -> str | None:
    """A date as law 3 lets it out: births as a year shared by enough rows, others to the month unless enough share the day."""
    when = _EPOCH + timedelta(days=day)
    if role == "birth":
        first, last = ((date(when.year, *end) - _EPOCH).days for end in ((1, 1), (12, 31)))
        year = sum(n for d, n in days.items() if first <= d <= last)
        return str(when.year) if year >= least else None
    return when.isoformat() if days[day] >= least else when.strftime("%Y-%m")


def _field(case: Case, dates: _Dates, last: int, newest: int) -> model.DateField:
    """The span of one column; births are told implausible against the newest event of the case."""
    plan, role, days = dates
    least = case.options.limits.smallest_count
    old = min(last, newest) - _OLDEST_AGE
    sound = Counter({d: n for d, n in days.items() if d <= last and d not in DEFAULTS}) or days
    marks = {"p5": quantile(sound, 0.05), "median": quantile(sound, 0.5), "p95": quantile(sound, 0.95)}
    ends = {"min": min(sound), "max": max(sound)}
    return model.DateField(
        column=safe_header(plan.name, case.is_name) or f"#{plan.index + 1}",
        role=role,
        n=days.total(),
        implausible=sum(n for d, n in days.items() if role == "birth" and d < old and d not in DEFAULTS),
        default=_defaults(days),
        future=sum(n for d, n in days.items() if d > last) if role != "expiry" else 0,
        histogram=_histogram(sound, role, least),
        **{name: said(day, sound, role, least) for name, day in (marks | ends).items()},
    )


def _defaults(days: Counter[int]) -> int:
    """Rows on a default day: people are born on 1 January 1970 too, so the day must stand out of the others."""
    usual = days.total() / len(days)
    return sum(n for d, n in days.items() if d in DEFAULTS and (d < 0 or n > _STANDS_OUT * usual))


def _histogram(days: Counter[int], role: str, least: int) -> tuple[model.MonthCount, ...]:
    """Rows by month (by year for births); what fewer rows share than the smallest count is left out."""
    months: Counter[str] = Counter()
    for day, n in days.items():
        when = _EPOCH + timedelta(days=day)
        months[str(when.year) if role == "birth" else when.strftime("%Y-%m")] += n
    return tuple(model.MonthCount(month=m, n=n) for m, n in sorted(months.items()) if n >= least)
