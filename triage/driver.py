"""The driver: paths in, a result out, in the order of the manual.

inventory → worker (unpack, sniff, read, probe, census) → merge → figures → severity → summary.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage import evidence, files, model, report, resources, rules, worker
from triage.detect.texts import TextScanner
from triage.impact import Case, CaseTable, build
from triage.options import Options
from triage.problems import PROBLEMS
from triage.progress import Progress, unseen

if TYPE_CHECKING:
    from triage.detect.plan import TablePlan
    from triage.sniff import Shape

# What `-o DIR` writes when no format is named.
WRITTEN = ("json", "markdown", "html", "columns", "inventory")


def scan(paths: Sequence[Path | str], options: Options | None = None, progress: Progress = unseen) -> model.Result:
    """What the files under ``paths`` hold, as one result.

    >>> scan(["samples/lab.csv"]).size.rows_total  # doctest: +SKIP
    300
    """
    options = options or Options()
    tools = worker.Tools(options, _rules(options), TextScanner(resources.rules_dir()))
    listed = evidence.inventory(paths, follow=options.follow, limit=options.limits.table_members)
    found = _Found(tools, _Counted(progress, listed.files))
    for item in listed.files:
        found.add(item)
    found.leave_out(listed)
    return build(Case(options, tools.rules, tuple(found.files), [t.settled(tools.rules) for t in found.tables]))


def write(result: model.Result, directory: Path, formats: Sequence[str] = ()) -> None:
    """Writes the reports into ``directory``: those named and impact.json, or all that share DIR by contract."""
    files.make_directory(directory)
    names = dict.fromkeys(["json", *(formats or (n for n in WRITTEN if n in report.names()))])
    for name in names:
        files.write(directory / report.file_name(name), report.render(result, name, result.language).encode())


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
        self._plans: dict[tuple[object, ...], CaseTable] = {}

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

        folder = str(PurePosixPath(item.path).parent)
        seed = int.from_bytes(hashlib.sha256(item.path.encode()).digest()[:4], "big")
        outcome = worker.scan(opened, self._tools, seed, lambda shape: self._known(folder, shape), again=item.source is not None)
        seal = passes[0].seal()
        for extra in passes[1:]:
            extra.close()
        problems = outcome.problems + Counter(seal.problems)
        if self._tools.options.verify and not evidence.verify(item, seal):
            problems["changed_during_scan"] += 1
        self._keep(item, seal, outcome, problems, folder)

    def _known(self, folder: str, shape: Shape) -> TablePlan | None:
        table = self._plans.get(_identity(folder, shape))
        return table.setting.plan if table else None

    def _keep(self, item: evidence.Evidence, seal: evidence.Seal, outcome: worker.Outcome, problems: Counter[str], folder: str) -> None:
        twin = self._hashes.get(seal.sha256) if seal.size else None
        if twin is None:
            self._hashes[seal.sha256] = item.path
            for scanned in outcome.tables:
                problems.update(scanned.tally.problems)
                self._keep_table(item.path, scanned, folder)
        self.files.append(_file(item, seal, outcome.kind, problems, twin))

    def _keep_table(self, path: str, scanned: worker.Scanned, folder: str) -> None:
        """A new table, or a further part of one that is spread over files of a folder."""
        rows = scanned.tally.counts.total
        identity = _identity(folder, scanned.shape)
        first = self._plans.get(identity)
        if first is None:
            table = CaseTable(
                path,
                path,
                scanned.name,
                scanned.shape,
                scanned.setting,
                scanned.verdicts,
                scanned.tally,
                scanned.lines,
                [(path, path, rows)],
            )
            self.tables.append(table)
            if scanned.shape.header:
                self._plans[identity] = table
            return
        first.extend(path, scanned.tally, scanned.lines)


def _identity(folder: str, shape: Shape) -> tuple[object, ...]:
    """What parts of one table share: folder, kind and column names."""
    return folder, shape.kind, shape.header, shape.names


class _Watched(evidence.Stream):
    """A stream that tells the progress bar."""

    def __init__(self, item: evidence.Evidence, counted: Callable[[int], None]) -> None:
        super().__init__(item)
        self._counted = counted

    def read(self, size: int | None = -1, /) -> bytes:
        """As Stream.read."""
        data = super().read(size)
        self._counted(len(data))
        return data


def _unopened(item: evidence.Evidence, code: str) -> model.InputFile:
    status: model.FileStatus = "unreadable" if PROBLEMS[code].incomplete else "skipped"
    size = item.stamp.size if item.stamp else 0
    problem = model.FileProblem(code=code, entry=item.path, count=1)
    return model.InputFile(path=item.path, bytes=size, sha256=None, kind="unknown", status=status, problems=(problem,))


def _file(item: evidence.Evidence, seal: evidence.Seal, kind: str, problems: Counter[str], twin: str | None) -> model.InputFile:
    incomplete = any(PROBLEMS[code].incomplete for code in problems)
    status: model.FileStatus = "ok"
    if twin is not None:
        status = "duplicate"
    elif kind in {"csv", "text", "empty"}:
        status = "partial" if incomplete else "ok"
    else:
        status = "not_text" if kind == "not_text" else "unreadable"
    told = tuple(model.FileProblem(code=code, entry=item.path, count=n) for code, n in sorted(problems.items()) if n)
    return model.InputFile(path=item.path, bytes=seal.size, sha256=seal.sha256, kind=kind, status=status, duplicate_of=twin, problems=told)
