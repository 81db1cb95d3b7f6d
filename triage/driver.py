"""The driver: paths in, a result out, in the order of the manual.

inventory → worker (unpack, sniff, read, probe, census) → merge → figures → severity → summary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage import evidence, model, resources, rules, worker
from triage.detect.texts import TextScanner
from triage.entry import Entry
from triage.impact import Case, CaseTable, build
from triage.options import Options
from triage.problems import PROBLEMS
from triage.progress import Guess, Progress, at, planned, unseen

if TYPE_CHECKING:
    from triage.detect.plan import TablePlan

# Labels that say too little of a column to be shown before it is counted.
_PLAIN = frozenset({"unknown", "empty", "number", "date", "datetime", "boolean", "category", "code", "id"})


def scan(
    paths: Sequence[Path | str], options: Options | None = None, progress: Progress = unseen, keep: Callable[[Case], None] | None = None
) -> model.Result:
    """What the files under ``paths`` hold, as one result; ``keep`` is given the case it was made of.

    >>> scan(["samples/lab.csv"]).size.rows_total  # doctest: +SKIP
    300
    """
    options = options or Options()
    tools = worker.Tools(options, _rules(options), TextScanner(resources.rules_dir()), partial(_shown, progress))
    listed = evidence.inventory(paths, follow=options.follow, limit=options.limits.table_members)
    found = _Found(tools, _Counted(progress, listed.files))
    problems = 0
    for item in listed.files:
        at(progress, item.path, problems)
        found.add(item)
        problems += len(found.files[-1].problems)
    found.leave_out(listed)
    case = Case(options, tools.rules, tuple(found.files), [t.settled(tools.rules) for t in found.tables])
    if keep is not None:
        keep(case)
    return build(case)


def _shown(progress: Progress, plan: TablePlan) -> None:
    """The columns of a plan that look like more than a number, a date or a code."""
    planned(progress, (Guess(c.index + 1, c.label, c.confidence) for c in plan.columns if c.confidence and c.label not in _PLAIN))


def _rules(options: Options) -> rules.Rules:
    """The shipped rules and the user's, less the labels that ``--only`` and ``--except`` leave out."""
    found = rules.load(resources.rules_dir(), *options.rules)
    for label in set(found) - (options.only or set(found)) | options.excluded:
        found.pop(label, None)
    return found


class _Counted:
    """Bytes read so far over all files, told to the progress bar."""

    def __init__(self, progress: Progress, listed: Sequence[evidence.Evidence]) -> None:
        self._progress = progress
        self._total = sum(e.stamp.size for e in listed if e.stamp)
        self._done = 0

    def __call__(self, n: int) -> None:
        self._done += n
        self._progress(self._done, max(self._total, self._done))


class _Found:
    """Files and tables as they come."""

    def __init__(self, tools: worker.Tools, counted: _Counted) -> None:
        self.files: list[model.InputFile] = []
        self.tables: list[CaseTable] = []
        self._tools = tools
        self._counted = counted
        self._hashes: dict[str, str] = {}
        self._plans = worker.Plans()
        self._parts: dict[worker.Identity, CaseTable] = {}

    def add(self, item: evidence.Evidence) -> None:
        """Scans one file and keeps what it gave."""
        if item.problem:
            self.files.append(_unopened(item, item.problem))
            return
        try:
            self._scan(item)
        except evidence.EvidenceError as error:
            self.files.append(_unopened(item, error.code))
        except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - one file's failure must not hide the others, and its text may quote a cell
            self.files.append(_unopened(item, "crashed"))

    def leave_out(self, listed: evidence.Inventory) -> None:
        """Says of the last file how many more there were than the limit."""
        if listed.unlisted and self.files:
            problem = model.FileProblem(code="too_many_files", entry=self.files[-1].path, count=listed.unlisted)
            self.files[-1] = msgspec.structs.replace(self.files[-1], problems=(*self.files[-1].problems, problem))

    def _scan(self, item: evidence.Evidence) -> None:
        passes: list[evidence.Stream] = []

        def opened() -> evidence.Stream:
            passes.append(_Watched(item, self._counted) if not passes else evidence.Stream(item))
            return passes[-1]

        seed = int.from_bytes(hashlib.sha256(item.path.encode()).digest()[:4], "big")
        outcome = worker.scan(_root(item, opened), self._tools, seed, self._plans)
        if not passes:
            opened()
        seal = passes[0].seal()
        for extra in passes[1:]:
            extra.close()
        outcome.add(item.path, seal.problems)
        if self._tools.options.verify and not evidence.verify(item, seal):
            outcome.add(item.path, ["changed_during_scan"])
        self._keep(item, seal, outcome)

    def _keep(self, item: evidence.Evidence, seal: evidence.Seal, outcome: worker.Outcome) -> None:
        twin = self._hashes.get(seal.sha256) if seal.size else None
        if twin is None:
            self._hashes[seal.sha256] = item.path
            for scanned in outcome.tables:
                self._keep_table(item.path, scanned)
        self.files.append(_file(item, seal, outcome, twin))

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


def _root(item: evidence.Evidence, opened: Callable[[], evidence.Stream]) -> Entry:
    """The entry that is the evidence file itself."""
    size = item.stamp.size if item.stamp else None
    if item.source is None:
        return Entry(item.path, opened, again=False)
    return Entry(item.path, opened, random=lambda: evidence.Seekable(item), size=size)


class _Watched(evidence.Stream):
    """A stream that tells the progress bar, and stays open until it is sealed."""

    def __init__(self, item: evidence.Evidence, counted: Callable[[int], None]) -> None:
        super().__init__(item)
        self._counted = counted

    def read(self, size: int | None = -1, /) -> bytes:
        """As Stream.read."""
        data = super().read(size)
        self._counted(len(data))
        return data

    def close(self) -> None:
        """Nothing: who reads it may be done with it, the seal is not."""

    def seal(self) -> evidence.Seal:
        """As Stream.seal; then it is closed."""
        seal = super().seal()
        super().close()
        return seal


def _unopened(item: evidence.Evidence, code: str) -> model.InputFile:
    status: model.FileStatus = "unreadable" if PROBLEMS[code].incomplete else "skipped"
    size = item.stamp.size if item.stamp else 0
    problem = model.FileProblem(code=code, entry=item.path, count=1)
    return model.InputFile(path=item.path, bytes=size, sha256=None, kind="unknown", status=status, problems=(problem,))


def _file(item: evidence.Evidence, seal: evidence.Seal, outcome: worker.Outcome, twin: str | None) -> model.InputFile:
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
