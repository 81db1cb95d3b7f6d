"""An entry that was interrupted anywhere gives, taken up again, what it gives at once: whatever its format and container."""

from __future__ import annotations

import gzip
import io
import itertools
import tarfile
import zipfile
from pathlib import Path

import pytest

from triage import evidence, examine, judging, packing, worker
from triage.limits import Limits
from triage.marks import Mark
from triage.options import Options

ROOT = Path(__file__).resolve().parent.parent.parent
SMALL = Limits(segment_bytes=4096)
TOOLS = judging.tools(Options())


class Listening(worker.Watch):
    """Keeps everything: what each entry gave, and a mark after every segment."""

    def __init__(self, first=0, around=(), marks=()):
        self.first, self.around, self.marks = first, around, {m.turn: m for m in marks}
        self.leaf = 0
        self.cuts = []  # (entries done, what was met around them, marks of the next one)
        self.parts = []
        self.tables = []
        self._whole = None

    def before(self, leaf):
        return self.around[leaf] if leaf < self.first else None

    def begins(self, leaf):
        self.leaf, self._whole = leaf, None
        if leaf != self.first:
            self.marks = {}

    def past(self, turn):
        return self.marks.get(turn)

    def stale(self):
        raise AssertionError("a mark that does not fit")

    def due(self, turn):
        return turn == 0 or self._whole is not None

    def keep(self, mark):
        mark = thawed(mark)
        self.cuts.append((self.leaf, [told for _, told in self.parts], [mark] if mark.turn == 0 else [self._whole, mark]))

    def turns(self, mark):
        self._whole = thawed(mark)
        self.cuts.append((self.leaf, [told for _, told in self.parts], [self._whole]))

    def ends(self, leaf, part, told):
        self.parts.append((frozen(part), told))
        self.tables.append(tuple(part.tables))
        part.tables.clear()
        part.problems.clear()
        self.cuts.append((leaf + 1, [told for _, told in self.parts], []))


def thawed(mark):
    """As a journal has it: the counts go on meanwhile."""
    tables = {}
    for key, (digest, tally) in mark.tables.items():
        blocks = []
        told = packing.packed(tally, blocks.append)
        source = iter(blocks)
        tables[key] = digest, packing.unpacked(type(tally), told, lambda _, source=source: next(source))
    return Mark(mark.turn, mark.taken, tables)


def frozen(outcome):
    """All that an entry told, before it is taken out."""
    tables = [(t.entry, t.head.name, tuple(t.head.names), t.setting.plan, t.verdicts, t.tally) for t in outcome.tables]
    return tables, dict(outcome.problems), outcome.read


def scanned(path, watch, options, before=()):
    """``before``: tables of the entries that were done with; a worker asks the command for their plans."""
    plans = worker.Plans()
    for table in itertools.chain.from_iterable(before):
        plans.learn(table)
    (item,) = evidence.inventory([path]).files
    tools = TOOLS._replace(options=options)
    found = examine.examine(item, tools, plans, lambda _: None, watch)
    return [part for part, _ in watch.parts], frozen(found.outcome)[:2], found.seal


def small():
    """A file of each golden case: the largest, and what is kept small by its format."""
    cases = sorted((ROOT / "tests" / "golden").glob("*/input"))
    files = [[p for p in case.rglob("*") if p.is_file() and p.stat().st_size < 60_000] for case in cases]
    return [max(of, key=lambda p: (p.stat().st_size, p.name)) for of in files if of]


def packed(folder: Path) -> list[Path]:
    golden = ROOT / "tests" / "golden"
    files = [golden / name for name in ("csv_same/input/patients.csv", "json_records/input/users.ndjson", "combo/input/mails.txt")]
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w") as archive:
        for path in files[:3]:
            archive.write(path, path.name)
    with tarfile.open(folder / "a.tar.gz", "w:gz") as archive:
        for path in files:
            archive.add(path, path.name)
        info = tarfile.TarInfo("in.zip")
        info.size = len(inner.getvalue())
        archive.addfile(info, io.BytesIO(inner.getvalue()))
        info = tarfile.TarInfo("link")
        info.type = tarfile.SYMTYPE
        archive.addfile(info)
    whole = (folder / "a.tar.gz").read_bytes()
    (folder / "cut.tar.gz").write_bytes(whole[: len(whole) * 2 // 3])
    (folder / "tail.csv.gz").write_bytes(gzip.compress(files[0].read_bytes()) + b"not a member")
    (folder / "bad.zip").write_bytes(inner.getvalue()[:-5])
    return sorted(folder.iterdir())


def taken_up(path, most):
    """Compares what is told at once with what is told from some cuts on."""
    options = Options(limits=SMALL)
    whole = Listening()
    parts, rest, seal = scanned(path, whole, options)
    some = whole.cuts[:: max(1, len(whole.cuts) // most)]
    for first, around, marks in [*some[:-1], *whole.cuts[-2:]]:
        again = Listening(first, around, marks)
        found = scanned(path, again, options, whole.tables[:first])
        assert found == (parts[first:], rest, seal), (path.name, first, [(m.turn, m.taken) for m in marks])
    return len(whole.cuts)


@pytest.mark.parametrize("path", small(), ids=lambda p: f"{p.parent.parent.name}/{p.name}")
def test_files(path):
    assert taken_up(path, 2)


def test_containers(tmp_path):
    assert sum(taken_up(path, 2) for path in packed(tmp_path)) > 8
