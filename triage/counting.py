"""One table as its segments come: the plan from the first of them, the tally from all, the verdicts at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import polars as pl

from triage.census import Setting, take
from triage.census.known import Lore
from triage.census.segment import UNTYPED
from triage.detect.plan import TablePlan
from triage.detect.probe import probe
from triage.plans import Identity, identity_of
from triage.verdict import decide

if TYPE_CHECKING:
    from triage.detect.plan import ColumnPlan, Verdict
    from triage.detect.texts import TextScanner
    from triage.limits import Limits
    from triage.options import Options
    from triage.readers import Head, Rows, Segment
    from triage.rules import Rules
    from triage.sampling import Drawn
    from triage.tally import TableTally

# A column of which the probe saw fewer cells is looked at again with cells from further down.
SPARSE, GLEANED = 30, 64
HEALTH = "health_text"


class Tools(NamedTuple):
    """What every file of a run is judged with; ``planned`` is shown each plan as it is made, before the rows are counted."""

    options: Options
    rules: Rules
    scanner: TextScanner
    planned: Callable[[TablePlan], None] = lambda _: None

    @property
    def limits(self) -> Limits:
        """The limits of the run."""
        return self.options.limits


@dataclass
class Scanned:
    """One table of one entry."""

    entry: str
    head: Head
    setting: Setting
    verdicts: tuple[Verdict, ...]
    tally: TableTally
    drawn: Drawn | None = None

    @property
    def identity(self) -> Identity | None:
        """What it shares with further parts of the same table."""
        return identity_of(self.entry, self.head)


class Judging(NamedTuple):
    """What the tables of one evidence file, ``path``, are judged and counted with."""

    tools: Tools
    seed: int
    path: str

    def setting(self, plan: TablePlan) -> Setting:
        """What the census of a table needs beside its rows."""
        return Setting(plan, self.tools.rules, self.tools.scanner, self.tools.limits, evidence_seed=self.seed)

    def probe(self, frame: pl.DataFrame, names: Iterable[str]) -> TablePlan:
        """The plan of a table of which ``frame`` is a sample."""
        said = tuple(names)
        hidden = {n for n, name in enumerate(said) if self.tools.options.allows(self.path, name)}
        if not hidden:
            return probe(frame, said, self.tools.rules)
        # A column put aside says nothing of itself and nothing of its neighbours.
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(frame.columns[n]) for n in hidden)
        plan = probe(frame, ["" if n in hidden else name for n, name in enumerate(said)], self.tools.rules)
        return msgspec.structs.replace(plan, columns=tuple(msgspec.structs.replace(c, name=said[c.index]) for c in plan.columns))


class Taken(NamedTuple):
    """What one segment gave: its tally, if it was not counted before, and rows in which the columns the probe hardly saw are filled."""

    tally: TableTally | None
    extra: pl.DataFrame


class Counting:
    """One table as its segments come: its plan from the first of them, its tally from all."""

    def __init__(self, head: Head, judged: Judging, plan: TablePlan | None, tally: TableTally | None = None) -> None:
        self.head = head
        self.plan = plan
        self.tally = tally
        self._judged = judged
        self._known = plan
        self._setting: Setting | None = None
        self._lore = Lore()
        self._sample = pl.DataFrame()
        self._gleaned: list[pl.DataFrame] = []
        self._wanting: dict[str, int] = {}
        self.drawn: Drawn | None = None

    def submit(self, segment: Segment, pool: ThreadPoolExecutor, *, counted: bool) -> Future[Taken]:
        """Has the segment counted, or only read; this is done here and now where its rows are needed for the plan."""
        width = len(self.head.names)
        if self._setting is not None and width == len(self._setting.plan.columns):
            return pool.submit(_taken, segment.read, self._setting, self._lore, self._sparse(), counted=counted)
        rows = segment.read()
        setting = self._look(_padded(rows.frame, width))
        # A segment that the probe saw whole has no further cell for its sparse columns.
        sparse = self._sparse() if rows.frame.height > self._judged.tools.limits.probe_rows else ()
        return pool.submit(_taken, lambda: rows, setting, self._lore, sparse, counted=counted)

    def _sparse(self) -> tuple[str, ...]:
        """The columns of which rows are gathered; none once there are enough of each."""
        return tuple(self._wanting) if any(self._wanting.values()) else ()

    def _look(self, frame: pl.DataFrame) -> Setting:
        """Makes the plan from the first rows, or adds the columns that these rows have more."""
        sample = _sample(frame, self._judged.tools.limits.probe_rows)
        plan = self.plan or TablePlan(columns=())
        known = len(plan.columns)
        if known < len(self.head.names):
            fresh = self._judged.probe(sample, self.head.names)
            # What columns that come later tell does not change what was counted before.
            plan = TablePlan(columns=(*plan.columns, *fresh.columns[known:]), bare=plan.bare if known else fresh.bare)
        if self._setting is None:
            self._sample = sample
        self.plan, self._setting, self._lore = plan, self._judged.setting(plan), Lore()
        self._judged.tools.planned(plan)
        for column in plan.columns:
            if column.shape.filled < SPARSE:
                self._wanting.setdefault(f"c{column.index}", GLEANED)
        return self._setting

    def add(self, taken: Taken) -> None:
        """Adds what a segment gave; segments come in the order of the file."""
        if self.tally is None:
            self.tally = taken.tally
        elif taken.tally is not None:
            self.tally.merge(taken.tally)
        self._gleaned.append(_glean(taken.extra, self._wanting))

    def replan(self) -> TablePlan | None:
        """The plan that the whole table asks for; None where the first one holds, or belongs to earlier files too."""
        if self._known is not None or self.plan is None or self.tally is None:
            return None
        gleaned = pl.concat(self._gleaned, how="diagonal")
        if gleaned.height:
            second = self._judged.probe(_padded(pl.concat([self._sample, gleaned], how="diagonal"), len(self.head.names)), self.head.names)
            second = self._with_health(second, self.plan, self.tally)
        else:
            second = self._as_decided(self.plan, self.tally)
        return None if [_counted(c) for c in self.plan.columns] == [_counted(c) for c in second.columns] else second

    def _with_health(self, second: TablePlan, plan: TablePlan, tally: TableTally) -> TablePlan:
        """A second plan, with the texts whose mentions of health were counted over the whole table: a probe sees too few."""
        told = {c.index for c, v in zip(plan.columns, self._verdicts(plan, tally), strict=True) if v.label == HEALTH}
        columns = (msgspec.structs.replace(c, label=HEALTH) if c.index in told and c.text else c for c in second.columns)
        return msgspec.structs.replace(second, columns=tuple(columns))

    def _as_decided(self, plan: TablePlan, tally: TableTally) -> TablePlan:
        columns = tuple(
            msgspec.structs.replace(c, label=v.label, role=v.role) if (c.label, c.role) != (v.label, v.role) else c
            for c, v in zip(plan.columns, self._verdicts(plan, tally), strict=True)
        )
        return msgspec.structs.replace(plan, columns=columns)

    def _verdicts(self, plan: TablePlan, tally: TableTally) -> tuple[Verdict, ...]:
        return decide(plan, tally.columns, tally.counts.read + tally.counts.repaired, self._judged.tools.rules)

    def scanned(self, entry: str) -> Scanned:
        """The table with its verdicts."""
        assert self._setting is not None and self.tally is not None  # noqa: S101, PT018 - a counter is made for a segment
        return Scanned(entry, self.head, self._setting, self._verdicts(self._setting.plan, self.tally), self.tally, self.drawn)


def _taken(read: Callable[[], Rows], setting: Setting, lore: Lore, sparse: tuple[str, ...], *, counted: bool) -> Taken:
    if counted and not sparse:
        return Taken(None, pl.DataFrame(schema=dict.fromkeys((f"c{n}" for n in range(len(setting.plan.columns))), pl.String)))
    rows = read()
    rows = rows._replace(frame=_padded(rows.frame, len(setting.plan.columns)))
    extra = rows.frame.filter(_filled(sparse)).head(GLEANED * len(sparse)) if sparse else rows.frame.clear()
    return Taken(None if counted else take(rows, setting, lore, ordered=True), extra)


def _padded(frame: pl.DataFrame, width: int) -> pl.DataFrame:
    """The frame with the columns that later rows of its table brought, empty."""
    lacking = [f"c{n}" for n in range(width) if f"c{n}" not in frame.columns]
    return frame.with_columns(pl.lit(None, dtype=pl.String).alias(name) for name in lacking) if lacking else frame


def _sample(frame: pl.DataFrame, rows: int) -> pl.DataFrame:
    """About ``rows`` rows spread evenly over the first segment: the head of an export is often its oldest, oddest part."""
    return frame.gather_every(max(1, frame.height // rows)).head(rows)


def _counted(column: ColumnPlan) -> tuple[object, ...]:
    """What of a column's plan the census counts by; that an id turns out to be a code changes nothing."""
    typed = column.label not in UNTYPED
    return (column.label, column.role, column.labels[:1]) if typed else (column.date_format, column.text)


def _filled(names: Iterable[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(list(names)).str.len_bytes() > 0)


def _glean(extra: pl.DataFrame, wanting: dict[str, int]) -> pl.DataFrame:
    """Rows for the columns that still want some, in the order of the file."""
    taken: list[pl.DataFrame] = []
    for name, n in wanting.items():
        if n and extra.height and name in extra.columns:
            found = extra.filter(pl.col(name).str.len_bytes() > 0).head(n)
            wanting[name] = n - found.height
            taken.append(found)
    return pl.concat(taken, how="diagonal").unique(maintain_order=True) if taken else extra.clear()
