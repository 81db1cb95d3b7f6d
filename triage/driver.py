"""The driver: paths in, a result out, in the order of the manual.

inventory → worker (unpack, sniff, read, probe, census) → merge → figures → severity → summary.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage import evidence, exhausted, hiring, judging, model, volumes, worker
from triage.evidence import Evidence, Seal
from triage.examine import Examined, examine
from triage.hearing import Lost
from triage.impact import Case, CaseTable, build
from triage.journal import UNKEPT
from triage.options import Options
from triage.pool import Pool
from triage.problems import PROBLEMS
from triage.progress import Guess, Progress, at, planned, unseen
from triage.sandbox import Rung

if TYPE_CHECKING:
    from triage.casefolder import CaseFolder
    from triage.detect.plan import TablePlan
    from triage.hiring import Begun

# Labels that say too little of a column to be shown before it is counted.
_PLAIN = frozenset({"unknown", "empty", "number", "date", "datetime", "boolean", "category", "code", "id"})
# What says that a file in several volumes goes on behind the last of them.
_CUT = frozenset({"truncated", volumes.MISSING})


@dataclass
class Circumstances:
    """What is true of a run and not of its result: the rungs its workers reached."""

    rungs: tuple[Rung, ...] = ()


def scan(
    paths: Sequence[Path | str],
    options: Options | None = None,
    progress: Progress = unseen,
    folder: CaseFolder | None = None,
    circumstances: Circumstances | None = None,
    begun: Begun | None = None,
) -> model.Result:
    """What the files under ``paths`` hold, as one result; ``folder`` lets a later run go on, ``circumstances`` are filled in.

    ``begun``: what ``hiring.begin`` has begun for these paths and options; whoever began it ends it.

    >>> scan(["samples/lab.csv"]).size.rows_total  # doctest: +SKIP
    300
    """
    options = options or Options()
    if begun is None:
        with hiring.begin(paths, options) as own:
            return scan(paths, options, progress, folder, circumstances, own)
    listed, items = begun.listed, begun.items
    tools = judging.tools(options)._replace(planned=partial(_shown, progress))
    if folder is not None:
        folder.begin(listed.files, tools)
    counted = _Counted(progress, items)
    found = _Found(options)
    if hiring.IN_PROCESS:
        _take(_inside(items, tools, counted), found, progress)
    else:
        with Pool(tools, begun, counted, folder.journal if folder else UNKEPT) as pool:
            _take(pool.results(items), found, progress)
            if circumstances is not None:
                circumstances.rungs = folder.rungs(pool.rungs) if folder else pool.rungs
    files = found.inputs(listed, folder.changed if folder else frozenset())
    case = Case(options, tools.rules, files, [t.settled(tools.rules) for t in found.tables])
    if folder is not None:
        folder.keep(case, {f.path: f.sha256 for f in files if f.sha256})
    return build(case)


def _shown(progress: Progress, plan: TablePlan) -> None:
    """The columns of a plan that look like more than a number, a date or a code."""
    planned(progress, (Guess(c.index + 1, c.label, c.confidence) for c in plan.columns if c.confidence and c.label not in _PLAIN))


def _take(results: Iterator[tuple[Evidence, Examined | Lost]], found: _Found, progress: Progress) -> None:
    problems = 0
    for item, given in results:
        found.add(item, given)
        problems += 1 if isinstance(given, Lost) else len(given.outcome.problems)
        at(progress, item.path, problems)


def _inside(files: Sequence[Evidence], tools: worker.Tools, counted: Callable[[int], None]) -> Iterator[tuple[Evidence, Examined | Lost]]:
    """What ``Pool.results`` gives, without a pool."""
    plans = worker.Plans()
    for item in files:
        try:
            yield item, examine(item, tools, plans, counted, worker.Watch())
        except evidence.EvidenceError as error:
            yield item, Lost(error.code)
        except (Exception, pl.exceptions.PanicException) as error:  # noqa: BLE001 - one file's failure must not hide the others, and its text may quote a cell
            yield item, Lost(exhausted.code(error, "crashed"))


class _Counted:
    """Bytes read so far over all files, told to the progress bar."""

    def __init__(self, progress: Progress, listed: Sequence[Evidence]) -> None:
        self._progress = progress
        self._total = sum(e.stamp.size for e in listed if e.stamp)
        self._done = 0

    def __call__(self, n: int) -> None:
        self._done += n
        self._progress(self._done, max(self._total, self._done))


class _Found:
    """Files and tables as they come."""

    def __init__(self, options: Options) -> None:
        self.tables: list[CaseTable] = []
        self._files: list[tuple[Evidence, Examined | Lost, str | None]] = []
        self._verify = options.verify
        self._hashes: dict[str, str] = {}
        self._parts: dict[worker.Identity, CaseTable] = {}

    def add(self, item: Evidence, given: Examined | Lost) -> None:
        """Keeps what a file gave; a file of the same bytes as an earlier one is counted once."""
        twin = None
        if isinstance(given, Examined):
            digest = given.seal.sha256 + "".join(s.sha256 for s in given.seal.volumes)
            twin = self._hashes.get(digest) if given.seal.size else None
            if twin is None:
                self._hashes[digest] = item.path
                for scanned in given.outcome.tables:
                    self._keep_table(item.path, scanned)
        self._files.append((item, given, twin))

    def inputs(self, listed: evidence.Inventory, changed: frozenset[str]) -> tuple[model.InputFile, ...]:
        """The files, each looked at once more, when all are read; the last one tells how many there were beyond the limit."""
        files = [one for kept in self._files for one in self._inputs(*kept, changed)]
        if listed.unlisted and files:
            problem = model.FileProblem(code="too_many_files", entry=files[-1].path, count=listed.unlisted)
            files[-1] = msgspec.structs.replace(files[-1], problems=(*files[-1].problems, problem))
        return tuple(files)

    def _inputs(self, item: Evidence, given: Examined | Lost, twin: str | None, changed: frozenset[str]) -> list[model.InputFile]:
        """The file, and its volumes where it came in several."""
        if isinstance(given, Lost):
            return [_unopened(v, given.code) for v in item.volumes or (item,) if v.source or not item.volumes]
        outcome, seal = given
        if volumes.changed(item) or (self._verify and not volumes.verify(item, seal)):
            outcome.problems[item.path, "changed_during_scan"] = 1
        if any(v.path in changed for v in item.volumes or (item,)):
            outcome.problems[item.path, "changed_between_runs"] = 1
        lacking = volumes.missing(item, told=any(code in _CUT for _, code in outcome.problems))
        if lacking:
            outcome.problems.pop((item.path, volumes.MISSING), None)  # its reader knows no names
        outcome.problems.update(dict.fromkeys(((path, volumes.MISSING) for path in lacking), 1))
        whole = _file(item, seal, outcome, twin)
        parts = [(v, s) for v, s in zip(item.volumes, seal.volumes, strict=True) if v.problem is None]
        told = [msgspec.structs.replace(whole, path=v.path, bytes=s.size, sha256=s.sha256) for v, s in parts]
        return [f if f.path == item.path else _part(f, item.path) for f in told] or [whole]

    def _keep_table(self, path: str, scanned: worker.Scanned) -> None:
        """A new table, or a further part of one that is spread over files of a folder."""
        identity = scanned.identity
        first = self._parts.get(identity) if identity is not None else None
        if first is not None:
            first.extend(path, scanned.entry, scanned.setting, scanned.tally)
            if first.drawn is not None and scanned.drawn is not None:
                first.drawn.merge(scanned.drawn)
            return
        parts = [(path, scanned.entry, scanned.tally.counts.total)]
        table = CaseTable(path, scanned.entry, scanned.head, scanned.setting, scanned.verdicts, scanned.tally, parts, scanned.drawn)
        self.tables.append(table)
        if identity is not None:
            self._parts[identity] = table


def _part(file: model.InputFile, whole: str) -> model.InputFile:
    return msgspec.structs.replace(file, part_of=whole, problems=(), duplicate_of=None)


def _unopened(item: Evidence, code: str) -> model.InputFile:
    status: model.FileStatus = "unreadable" if PROBLEMS[code].incomplete else "skipped"
    size = item.stamp.size if item.stamp else 0
    problem = model.FileProblem(code=code, entry=item.path, count=1)
    return model.InputFile(path=item.path, bytes=size, sha256=None, kind="unknown", status=status, problems=(problem,))


def _file(item: Evidence, seal: Seal, outcome: worker.Outcome, twin: str | None) -> model.InputFile:
    incomplete = any(PROBLEMS[code].incomplete for _, code in outcome.problems)
    status: model.FileStatus = "ok"
    if twin is not None:
        status = "duplicate"
    elif outcome.read:
        status = "partial" if incomplete else "ok"
    else:
        status = "unreadable" if incomplete else "not_text"
    told = tuple(model.FileProblem(code=code, entry=entry, count=n) for (entry, code), n in sorted(outcome.problems.items()) if n)
    return model.InputFile(
        path=item.path, bytes=seal.size, sha256=seal.sha256, kind=outcome.kind, status=status, duplicate_of=twin, problems=told
    )
