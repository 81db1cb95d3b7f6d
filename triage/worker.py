"""One evidence file in, tables of tallies out: unpack, sniff, read, probe, census.

Everything that touches the bytes of evidence happens here. What comes back holds counts, labels, closed vocabularies
and keyed hashes; a library's exception is reduced to a problem code on the spot, because its text may quote a cell.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import msgspec
import polars as pl

from triage.census import Setting, take
from triage.census.segment import UNTYPED
from triage.detect.plan import TablePlan
from triage.detect.probe import probe
from triage.entry import Entry, EntryError
from triage.plans import Identity, Known, Plans, identity_of
from triage.readers import READERS, Job
from triage.sampling import Sampler
from triage.sniff.kind import RANDOM
from triage.unpack import leaves, looked_at
from triage.verdict import decide

if TYPE_CHECKING:
    from triage.detect.plan import ColumnPlan, Verdict
    from triage.detect.texts import TextScanner
    from triage.limits import Limits
    from triage.options import Options
    from triage.readers import Head, Reader, Rows, Segment
    from triage.rules import Rules
    from triage.sampling import Drawn
    from triage.sniff import Shape
    from triage.tally import TableTally

__all__ = ["Identity", "Known", "Outcome", "Plans", "Scanned", "Tools", "Watch", "scan"]

Key: TypeAlias = tuple[str | None, int]

# A column of which the probe saw fewer cells is looked at again with cells from further down.
SPARSE, GLEANED = 30, 64


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


@dataclass
class Outcome:
    """What one evidence file gave: its kind, its tables in the order they began, problem codes by entry.

    ``read``: a reader read something of it, or there was nothing in it to read.
    """

    kind: str = "unknown"
    tables: list[Scanned] = field(default_factory=list)
    problems: Counter[tuple[str, str]] = field(default_factory=Counter)
    read: bool = False

    def add(self, entry: str, codes: Iterable[str] | Counter[str]) -> None:
        """Counts problem codes of one entry."""
        for code, n in Counter(codes).items():
            self.problems[entry, code] += n


class Watch:
    """Who looks on while a file is scanned; this one does not care."""

    def begins(self, leaf: int) -> str | None:
        """Told of each entry, by number, before it is read; the code of the problem that keeps it from being read."""

    def beats(self) -> None:
        """Told that something was done."""


def scan(entry: Entry, tools: Tools, evidence_seed: int, plans: Plans, watch: Watch | None = None) -> Outcome:
    """Scans one evidence file, whatever it is packed in; an entry that makes its reader fail does not hide the others."""
    judged = _Judged(tools, evidence_seed, plans, watch or Watch(), entry.name)
    shape = looked_at(entry, tools.options)
    outcome = Outcome(kind=shape.format if shape.kind == "unsupported" or shape.format == RANDOM else shape.kind)
    for number, (leaf, found) in enumerate(leaves(entry, shape, tools.options)):
        if (known := judged.watch.begins(number)) is not None:
            outcome.add(leaf.name, [known])
            continue
        try:
            _scan_leaf(leaf, found, judged, outcome)
        except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - its text may quote a cell
            outcome.add(leaf.name, ["out_of_memory" if isinstance(error, MemoryError) else "crashed"])
    return outcome


class _Judged(NamedTuple):
    """What the tables of one evidence file are judged and counted with."""

    tools: Tools
    seed: int
    plans: Plans
    watch: Watch
    path: str = ""

    def setting(self, plan: TablePlan) -> Setting:
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
        return TablePlan(columns=tuple(msgspec.structs.replace(c, name=said[c.index]) for c in plan.columns))


def _scan_leaf(entry: Entry, shape: Shape, judged: _Judged, outcome: Outcome) -> None:
    """Reads an entry that holds no others and keeps its tables and problems."""
    reader = READERS.of(shape.format) or READERS.of(shape.kind)
    problems = Counter(shape.problems)
    if reader is not None:
        extra = READERS.missing(shape.format)
        if shape.kind == "unsupported":  # to sniffing, which knows text alone
            shape = msgspec.structs.replace(shape, kind=reader.KIND)
        if extra is None:
            tables = _tables(reader, entry, shape, judged)
            outcome.tables += tables
            outcome.read |= bool(tables) or "empty" in entry.problems
            for table in tables:
                judged.plans.learn(table)
                outcome.add(table.entry, table.tally.problems)
        else:
            problems["missing_library"] += 1
    elif shape.kind in {"empty", "not_text"}:
        outcome.read |= shape.kind == "empty"
    elif not entry.problems:
        problems["unsupported"] += 1
    outcome.add(entry.name, problems + entry.problems)


def _tables(reader: Reader, entry: Entry, shape: Shape, judged: _Judged) -> list[Scanned]:
    """Probe, census and verdict of every table; once more where verdicts, or cells from further down, say a plan was wrong."""
    options = judged.tools.options
    job = Job(entry, shape, options, partial(judged.plans.names, entry.name))
    counters = _count(reader.segments(job), judged, entry, {})
    better = {key: plan for key, c in counters.items() if (plan := c.replan()) is not None} if entry.again else {}
    if better:
        met = Counter(entry.problems)
        columns = {name: tuple(c.head.names) for (name, _), c in counters.items()}
        again = Job(entry, shape, options, lambda _kind, name: columns.get(name, ()))
        second = _count(reader.segments(again), judged, entry, better)
        for key, counter in second.items():
            counter.head.open_ended = counters[key].head.open_ended
        counters |= second
        entry.problems = met
    return [c.scanned(entry.name) for c in counters.values()]


def _count(segments: Iterator[Segment], judged: _Judged, entry: Entry, plans: Mapping[Key, TablePlan]) -> dict[Key, _Counter]:
    """The counters of the tables of one pass, by key: all of them, or those that have a plan in ``plans``."""
    counters: dict[Key, _Counter] = {}
    options = judged.tools.options
    sampler = Sampler(options.sample, entry.size, options.limits.segment_bytes) if options.sample else None
    with ThreadPoolExecutor(judged.tools.options.jobs) as pool:
        flying: deque[tuple[_Counter, Future[_Taken]]] = deque()
        for segment in _chosen(_until_broken(segments, entry), sampler):
            judged.watch.beats()
            key = segment.head.key
            if plans and key not in plans:
                continue
            counter = counters.get(key)
            if counter is None:
                known = judged.plans.plan(entry.name, segment.head)
                counter = counters[key] = _Counter(segment.head, judged, plans.get(key, known))
            flying.append((counter, counter.submit(segment, pool)))
            if len(flying) > judged.tools.options.jobs:
                _collect(*flying.popleft())
        while flying:
            _collect(*flying.popleft())
    for key, counter in counters.items():
        counter.drawn = sampler.tables.get(key) if sampler else None
    return counters


def _chosen(segments: Iterator[Segment], sampler: Sampler | None) -> Iterator[Segment]:
    """All segments, or those that a sample looks into."""
    for segment in segments:
        chosen = segment if sampler is None else sampler.choose(segment)
        if chosen is not None:
            yield chosen


def _until_broken(segments: Iterator[Segment], entry: Entry) -> Iterator[Segment]:
    """The segments of an entry; one that cannot be read on gives a problem code, and what came before it stays."""
    try:
        yield from segments
    except EntryError as error:
        entry.problems[error.code] += 1


class _Taken(NamedTuple):
    """What one segment gave: its tally, and rows in which the columns the probe hardly saw are filled."""

    tally: TableTally
    extra: pl.DataFrame


def _collect(counter: _Counter, future: Future[_Taken]) -> None:
    counter.add(future.result())


class _Counter:
    """One table as its segments come: its plan from the first of them, its tally from all."""

    def __init__(self, head: Head, judged: _Judged, plan: TablePlan | None) -> None:
        self.head = head
        self._judged = judged
        self._known = plan
        self._plan = plan
        self._setting: Setting | None = None
        self._sample = pl.DataFrame()
        self._gleaned: list[pl.DataFrame] = []
        self._wanting: dict[str, int] = {}
        self._tally: TableTally | None = None
        self.drawn: Drawn | None = None

    def submit(self, segment: Segment, pool: ThreadPoolExecutor) -> Future[_Taken]:
        """Has the segment counted; it is read here and now where its rows are needed for the plan."""
        width = len(self.head.names)
        if self._setting is not None and width == len(self._setting.plan.columns):
            return pool.submit(_taken, segment.read, self._setting, tuple(self._wanting))
        rows = segment.read()
        setting = self._look(_padded(rows.frame, width))
        return pool.submit(_taken, lambda: rows, setting, tuple(self._wanting))

    def _look(self, frame: pl.DataFrame) -> Setting:
        """Makes the plan from the first rows, or adds the columns that these rows have more."""
        sample = _sample(frame, self._judged.tools.limits.probe_rows)
        plan = self._plan or TablePlan(columns=())
        known = len(plan.columns)
        if known < len(self.head.names):
            fresh = self._judged.probe(sample, self.head.names)
            plan = TablePlan(columns=(*plan.columns, *fresh.columns[known:]))
        if self._setting is None:
            self._sample = sample
        self._plan, self._setting = plan, self._judged.setting(plan)
        self._judged.tools.planned(plan)
        for column in plan.columns:
            if column.shape.filled < SPARSE:
                self._wanting.setdefault(f"c{column.index}", GLEANED)
        return self._setting

    def add(self, taken: _Taken) -> None:
        """Adds what a segment gave; segments come in the order of the file."""
        if self._tally is None:
            self._tally = taken.tally
        else:
            self._tally.merge(taken.tally)
        self._gleaned.append(_glean(taken.extra, self._wanting))

    def replan(self) -> TablePlan | None:
        """The plan that the whole table asks for; None where the first one holds, or belongs to earlier files too."""
        if self._known is not None or self._plan is None or self._tally is None:
            return None
        gleaned = pl.concat(self._gleaned, how="diagonal")
        if gleaned.height:
            second = self._judged.probe(_padded(pl.concat([self._sample, gleaned], how="diagonal"), len(self.head.names)), self.head.names)
        else:
            second = self._as_decided(self._plan, self._tally)
        return None if [_counted(c) for c in self._plan.columns] == [_counted(c) for c in second.columns] else second

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
        assert self._setting is not None and self._tally is not None  # noqa: S101, PT018 - a counter is made for a segment
        return Scanned(entry, self.head, self._setting, self._verdicts(self._setting.plan, self._tally), self._tally, self.drawn)


def _taken(read: Callable[[], Rows], setting: Setting, sparse: tuple[str, ...]) -> _Taken:
    rows = read()
    rows = rows._replace(frame=_padded(rows.frame, len(setting.plan.columns)))
    extra = rows.frame.filter(_filled(sparse)).head(GLEANED * len(sparse)) if sparse else rows.frame.clear()
    return _Taken(take(rows, setting, ordered=True), extra)


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
