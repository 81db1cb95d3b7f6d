"""One evidence file in, tables of tallies out: unpack, sniff, read, probe, census.

Everything that touches the bytes of evidence happens here. What comes back holds counts, labels, closed vocabularies
and keyed hashes; a library's exception is reduced to a problem code on the spot, because its text may quote a cell.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import msgspec
from polars.exceptions import PanicException

from triage import exhausted
from triage.counting import Counting, Judging, Scanned, Taken, Tools
from triage.entry import Entry, EntryError
from triage.marks import Key, Mark, StaleError, Steps
from triage.plans import Identity, Known, Plans
from triage.readers import READERS, Job
from triage.sampling import Sampler
from triage.sniff.kind import RANDOM
from triage.unpack import leaves, looked_at

if TYPE_CHECKING:
    from triage.detect.plan import TablePlan
    from triage.entry import Told
    from triage.readers import Reader, Segment
    from triage.sniff import Shape

__all__ = ["Identity", "Known", "Outcome", "Plans", "Scanned", "Tools", "Watch", "scan"]


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

    def take(self, part: Outcome) -> None:
        """Adds what one entry gave."""
        self.tables += part.tables
        self.problems += part.problems
        self.read |= part.read


class Watch:
    """Who looks on while a file is scanned; this one does not care."""

    def before(self, leaf: int) -> Told | None:
        """What an interrupted run had met in the containers around an entry that it had done with; None: read it."""

    def begins(self, leaf: int) -> str | None:
        """Told of each entry, by number, before it is read; the code of the problem that keeps it from being read."""

    def beats(self) -> None:
        """Told that something was done."""

    def ends(self, leaf: int, part: Outcome, told: Told) -> None:
        """Given what an entry gave, and what was met in the containers around it; what it takes out is its own."""

    def past(self, turn: int) -> Mark | None:
        """The mark of an interrupted run in this pass over this entry."""

    def due(self, turn: int) -> bool:  # noqa: ARG002 - others care
        """Whether it is time for a mark."""
        return False

    def keep(self, mark: Mark) -> None:
        """Given a mark that was due."""

    def turns(self, mark: Mark) -> None:
        """Given the mark at the end of a first pass that a second one follows."""

    def stale(self) -> None:
        """Told that the marks of this entry count for nothing."""


def scan(entry: Entry, tools: Tools, evidence_seed: int, plans: Plans, watch: Watch | None = None) -> Outcome:
    """Scans one evidence file, whatever it is packed in; an entry that makes its reader fail does not hide the others."""
    judged = _Judged(Judging(tools, evidence_seed, entry.name), plans, watch or Watch())
    shape = looked_at(entry, tools.options)
    outcome = Outcome(kind=shape.format if shape.kind == "unsupported" or shape.format == RANDOM else shape.kind)
    for number, (leaf, found) in enumerate(leaves(entry, shape, tools.options)):
        if (before := judged.watch.before(number)) is not None:
            leaf.remember(before)
            continue
        part = Outcome()
        if (known := judged.watch.begins(number)) is not None:
            part.add(leaf.name, [known])
        else:
            _try_leaf(leaf, found, judged, part)
        judged.watch.ends(number, part, leaf.told())
        outcome.take(part)
    return outcome


def _try_leaf(leaf: Entry, found: Shape, judged: _Judged, part: Outcome) -> None:
    try:
        _scan_leaf(leaf, found, judged, part)
    except (Exception, PanicException) as error:  # noqa: BLE001 - its text may quote a cell
        part.add(leaf.name, [exhausted.code(error, "crashed")])


class _Judged(NamedTuple):
    """What an evidence file is judged with, by what plans, and who looks on."""

    judging: Judging
    plans: Plans
    watch: Watch

    @property
    def tools(self) -> Tools:
        """What every file is judged with."""
        return self.judging.tools


def _scan_leaf(entry: Entry, shape: Shape, judged: _Judged, outcome: Outcome) -> None:
    """Reads an entry that holds no others and keeps its tables and problems."""
    reader = READERS.of(shape.format) or READERS.of(shape.kind)
    problems = Counter(shape.problems)
    if reader is not None:
        extra = READERS.missing(shape.format)
        if shape.kind == "unsupported":  # to sniffing, which knows text alone
            shape = msgspec.structs.replace(shape, kind=reader.KIND)
        if extra is None:
            tables = _tables_again(reader, entry, shape, judged)
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


def _tables_again(reader: Reader, entry: Entry, shape: Shape, judged: _Judged) -> list[Scanned]:
    """The tables, from the marks of an interrupted run where they fit."""
    met = Counter(entry.problems)
    try:
        return _tables(reader, entry, shape, judged)
    except StaleError:
        judged.watch.stale()
        entry.problems = met
        return _tables(reader, entry, shape, judged)


def _tables(reader: Reader, entry: Entry, shape: Shape, judged: _Judged) -> list[Scanned]:
    """Probe, census and verdict of every table; once more where verdicts, or cells from further down, say a plan was wrong."""
    options = judged.tools.options
    job = Job(entry, shape, options, partial(judged.plans.names, entry.name))
    counters, steps = _count(reader.segments(job), judged, entry, {})
    better = {key: plan for key, c in counters.items() if (plan := c.replan()) is not None} if entry.again else {}
    if better:
        judged.watch.turns(steps.mark())
        met = Counter(entry.problems)
        columns = {name: tuple(c.head.names) for (name, _), c in counters.items()}
        again = Job(entry, shape, options, lambda _kind, name: columns.get(name, ()))
        second, _ = _count(reader.segments(again), judged, entry, better)
        for key, counter in second.items():
            counter.head.open_ended = counters[key].head.open_ended
        counters |= second
        entry.problems = met
    return [c.scanned(entry.name) for c in counters.values()]


def _count(segments: Iterator[Segment], judged: _Judged, entry: Entry, plans: Mapping[Key, TablePlan]) -> tuple[dict[Key, Counting], Steps]:
    """The counters of the tables of one pass, by key: all of them, or those that have a plan in ``plans``."""
    counters: dict[Key, Counting] = {}
    options = judged.tools.options
    sampler = Sampler(options.sample, entry.size, options.limits.segment_bytes) if options.sample else None
    steps = Steps(judged.watch if sampler is None else Watch(), int(bool(plans)), counters)
    with ThreadPoolExecutor(judged.tools.options.jobs) as pool:
        flying: deque[tuple[Counting, Future[Taken]]] = deque()
        for segment in _chosen(_until_broken(segments, entry), sampler):
            judged.watch.beats()
            key = segment.head.key
            if plans and key not in plans:
                continue
            counter = counters.get(key)
            if counter is None:
                known = judged.plans.plan(entry.name, segment.head)
                counter = counters[key] = Counting(segment.head, judged.judging, plans.get(key, known), steps.tally(key))
            flying.append((counter, counter.submit(segment, pool, counted=steps.counted())))
            # One more than are counted at a time: while the next is read none waits for it.
            if len(flying) > judged.tools.options.jobs:
                _collect(*flying.popleft(), steps)
        while flying:
            _collect(*flying.popleft(), steps)
    steps.ended()
    for key, counter in counters.items():
        counter.drawn = sampler.tables.get(key) if sampler else None
    return counters, steps


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


def _collect(counter: Counting, future: Future[Taken], steps: Steps) -> None:
    counter.add(future.result())
    steps.collected()
