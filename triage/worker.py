"""One evidence file in, tables of tallies out: unpack, sniff, read, probe, census.

Everything that touches the bytes of evidence happens here. What comes back holds counts, labels, closed vocabularies
and keyed hashes; a library's exception is reduced to a problem code on the spot, because its text may quote a cell.
"""

from __future__ import annotations

import itertools
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

import msgspec
import polars as pl

from triage import model
from triage.census import Setting, take
from triage.census.segment import UNTYPED
from triage.detect.probe import probe
from triage.readers.delimited import open_tables
from triage.sniff import Shape, sniff
from triage.verdict import decide

if TYPE_CHECKING:
    from triage.detect.plan import ColumnPlan, TablePlan, Verdict
    from triage.detect.texts import TextScanner
    from triage.limits import Limits
    from triage.options import Options
    from triage.readers import Bytes, Rows, Segment, TableSource
    from triage.rules import Rules
    from triage.tally import TableTally

# A column of which the probe saw fewer cells is looked at again with cells from further down.
SPARSE, GLEANED = 30, 64


class Tools(NamedTuple):
    """What every file of a run is judged with."""

    options: Options
    rules: Rules
    scanner: TextScanner

    @property
    def limits(self) -> Limits:
        """The limits of the run."""
        return self.options.limits


@dataclass
class Scanned:
    """One table of one entry."""

    name: str | None
    shape: Shape
    setting: Setting
    verdicts: tuple[Verdict, ...]
    tally: TableTally
    lines: model.Lines


@dataclass
class Outcome:
    """What one evidence file gave."""

    kind: str
    tables: list[Scanned] = field(default_factory=list)
    problems: Counter[str] = field(default_factory=Counter)


def scan(
    opened: Callable[[], Bytes], tools: Tools, evidence_seed: int, known: Callable[[Shape], TablePlan | None], *, again: bool
) -> Outcome:
    """Scans one evidence file.

    ``opened`` opens it from its start; ``again`` says that it can be opened twice (standard input cannot);
    ``known`` gives the plan of an earlier file with the same shape in the same folder, so that both count alike.
    """
    stream = opened()
    head = stream.read(tools.limits.head_bytes)
    shape = sniff(head, tools.options.reading, tools.limits, whole=len(head) < tools.limits.head_bytes)
    outcome = Outcome(shape.kind, problems=Counter(shape.problems))
    if shape.kind not in {"csv", "text"}:
        return outcome
    for source in open_tables(_Replayed(head, stream), shape, tools.limits):
        reread = _reopener(opened, shape, tools.limits) if again else None
        outcome.tables.append(_table(source, reread, tools, evidence_seed, known(source.shape)))
    return outcome


class _Replayed:
    """A stream whose first bytes were read already."""

    def __init__(self, head: bytes, stream: Bytes) -> None:
        self._head = head
        self._stream = stream

    def read(self, size: int) -> bytes:
        """The next ``size`` bytes, fewer only at the end."""
        start, self._head = self._head[:size], self._head[size:]
        return start + self._stream.read(size - len(start)) if len(start) < size else start


def _reopener(opened: Callable[[], Bytes], shape: Shape, limits: Limits) -> Callable[[str | None], TableSource]:
    def reopen(name: str | None) -> TableSource:
        return next(s for s in open_tables(opened(), shape, limits) if s.name == name)

    return reopen


def _table(
    source: TableSource, reopen: Callable[[str | None], TableSource] | None, tools: Tools, seed: int, known: TablePlan | None
) -> Scanned:
    """Probe, census, verdict; once more where the verdicts, or cells from further down, say that the plan was wrong."""
    segments = source.segments()
    first = next(segments, None)
    rows = first.read() if first is not None else None
    names = source.shape.names
    nothing = pl.DataFrame(schema=dict.fromkeys((f"c{n}" for n in range(len(names))), pl.String))
    sample = _sample(rows.frame if rows is not None else nothing, tools.limits.probe_rows)
    plan = known or probe(sample, names, tools.rules)
    tally, gleaned = _census(rows, segments, _setting(plan, tools, seed), tools.options.jobs)
    if known is None and reopen is not None:
        better = _replan(plan, tally, sample, gleaned, names, tools)
        if better is not None:
            plan = better
            source = reopen(source.name)
            tally, _ = _census(None, source.segments(), _setting(plan, tools, seed), tools.options.jobs)
    verdicts = decide(plan, tally.columns, tally.counts.read + tally.counts.repaired, tools.rules)
    return Scanned(source.name, source.shape, _setting(plan, tools, seed), verdicts, tally, source.lines(tally.counts))


def _setting(plan: TablePlan, tools: Tools, seed: int) -> Setting:
    return Setting(plan, tools.rules, tools.scanner, tools.limits, evidence_seed=seed)


def _sample(frame: pl.DataFrame, rows: int) -> pl.DataFrame:
    """About ``rows`` rows spread evenly over the first segment: the head of an export is often its oldest, oddest part."""
    return frame.gather_every(max(1, frame.height // rows)).head(rows)


def _replan(
    plan: TablePlan, tally: TableTally, sample: pl.DataFrame, gleaned: pl.DataFrame, names: tuple[str, ...], tools: Tools
) -> TablePlan | None:
    """The plan that the whole table asks for, or None where the first one holds."""
    second = plan
    if gleaned.height:
        second = probe(pl.concat([sample, gleaned], how="diagonal"), names, tools.rules)
    verdicts = decide(second, tally.columns, tally.counts.read + tally.counts.repaired, tools.rules) if second is plan else None
    if verdicts is not None:
        columns = tuple(
            msgspec.structs.replace(c, label=v.label, role=v.role) if (c.label, c.role) != (v.label, v.role) else c
            for c, v in zip(plan.columns, verdicts, strict=True)
        )
        second = msgspec.structs.replace(plan, columns=columns)
    return None if [_counted(c) for c in plan.columns] == [_counted(c) for c in second.columns] else second


def _counted(column: ColumnPlan) -> tuple[object, ...]:
    """What of a column's plan the census counts by; that an id turns out to be a code changes nothing."""
    typed = column.label not in UNTYPED
    return (column.label, column.role, column.labels[:1]) if typed else (column.date_format, column.text)


def _census(first: Rows | None, segments: Iterable[Segment], setting: Setting, jobs: int) -> tuple[TableTally, pl.DataFrame]:
    """The merged tally of all segments, and rows in which the columns the probe hardly saw are filled."""
    sparse = [f"c{c.index}" for c in setting.plan.columns if c.shape.filled < SPARSE]
    total = setting.zero()
    kept: list[pl.DataFrame] = []
    wanting = dict.fromkeys(sparse, GLEANED)

    def count(rows: Rows) -> tuple[TableTally, pl.DataFrame]:
        return take(rows, setting), rows.frame.filter(_filled(sparse)).head(GLEANED * len(sparse)) if sparse else rows.frame.clear()

    for tally, extra in _in_order(count, first, segments, jobs):
        total.merge(tally)
        kept.append(_glean(extra, wanting))
    return total, pl.concat(kept, how="diagonal") if kept else pl.DataFrame()


def _filled(names: list[str]) -> pl.Expr:
    return pl.any_horizontal(pl.col(names).str.len_bytes() > 0)


def _glean(extra: pl.DataFrame, wanting: dict[str, int]) -> pl.DataFrame:
    """Rows for the columns that still want some, in the order of the file."""
    taken: list[pl.DataFrame] = []
    for name, n in wanting.items():
        if n and extra.height:
            found = extra.filter(pl.col(name).str.len_bytes() > 0).head(n)
            wanting[name] = n - found.height
            taken.append(found)
    return pl.concat(taken).unique(maintain_order=True) if taken else extra.clear()


def _in_order(
    count: Callable[[Rows], tuple[TableTally, pl.DataFrame]],
    first: Rows | None,
    segments: Iterable[Segment],
    jobs: int,
) -> Iterator[tuple[TableTally, pl.DataFrame]]:
    """Counts of every segment in the order of the file, ``jobs`` counting and one waiting."""
    flying: deque[Future[tuple[TableTally, pl.DataFrame]]] = deque()
    with ThreadPoolExecutor(jobs) as pool:
        work: Iterator[Future[tuple[TableTally, pl.DataFrame]]] = (pool.submit(lambda s=s: count(s.read())) for s in segments)  # type: ignore[misc]
        if first is not None:
            work = itertools.chain((pool.submit(count, first),), work)
        for future in work:
            flying.append(future)
            if len(flying) > jobs:
                yield flying.popleft().result()
        while flying:
            yield flying.popleft().result()
