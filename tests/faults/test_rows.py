"""Every row of the table through the real command: evidence untouched, no canary anywhere, in time, the right codes."""

from __future__ import annotations

import hashlib
import json
import re
import signal
import stat
import unicodedata
from importlib import import_module
from pathlib import Path

import pytest
from click.testing import CliRunner
from faults.rows import CANARY, ROWS

from triage.cli import cli

for name in ("format_rows", "other_rows", "packed_rows", "report_rows", "text_rows"):  # they fill the table
    import_module(f"faults.{name}")

pytestmark = pytest.mark.isolated

# As a reader would find it: in any case, in the encodings of the evidence, packed in JSON or not.
MARKS = tuple(CANARY.lower().encode(e) for e in ("utf-8", "utf-16-le", "utf-16-be"))

FORGING = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
BETWEEN = "\u2060"  # a word joiner of ours keeps Markdown viewers from making a link


def seen(folder: Path) -> dict:
    """All that a later look at the evidence could tell apart; the time of access is the kernel's business."""
    found = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        content = hashlib.sha256(path.read_bytes()).hexdigest() if stat.S_ISREG(status.st_mode) else ""
        found[path.relative_to(folder)] = (status.st_size, status.st_mtime_ns, status.st_ino, status.st_mode, content)
    return found


def written(folder: Path) -> bytes:
    """Names and bytes of all that a run left, its hidden folder too."""
    return b"\n".join(bytes(p.relative_to(folder)) + b"\n" + (p.read_bytes() if p.is_file() else b"") for p in sorted(folder.rglob("*")))


def odd(folder: Path, said: str) -> set[str]:
    """Characters that may forge what a terminal, a browser or an editor shows, in all that is for people to read."""
    texts = [said, *(p.read_text("utf-8") for p in folder.glob("*.*") if p.is_file())]
    return {c for text in texts for c in set(text) if unicodedata.category(c) in FORGING} - {"\n", BETWEEN}


def over(*_):
    raise TimeoutError


@pytest.fixture
def budget():
    """Ends a row that does not end by itself."""
    before = signal.signal(signal.SIGALRM, over)
    yield signal.alarm
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("name", sorted(ROWS))
def test_row(name, tmp_path, capfd, budget, request):
    row = ROWS[name]
    if row.broken:
        request.applymarker(pytest.mark.xfail(reason=row.broken, strict=True))
    evidence, out = tmp_path / "evidence", tmp_path / "out"
    evidence.mkdir()
    paths = row.build(evidence) or [evidence]
    before = seen(evidence)
    budget(row.seconds)
    done = CliRunner().invoke(cli, ["scan", *map(str, paths), "-o", str(out), "--debug", *row.words])
    budget(0)
    assert seen(evidence) == before
    told = capfd.readouterr()
    haystack = (written(out) + done.output_bytes + (told.out + told.err).encode()).lower()
    assert not [mark for mark in MARKS if mark in haystack]
    assert not odd(out, done.output + told.out + told.err)
    impact = json.loads((out / "impact.json").read_text("utf-8"))
    codes = {f["path"].rpartition("/")[2]: {p["code"] for p in f["problems"]} for f in impact["inputs"]["files"]}
    assert {file: " ".join(sorted(found)) for file, found in codes.items() if found} == row.codes
    assert done.exit_code == row.exits, done.output
    if row.rows is not None:
        assert impact["size"]["rows_total"] == row.rows, [(t["entry"], t["rows_total"]) for t in impact["tables"]]
    assert row.holds is None or row.holds(impact)


# Rows that no single folder of files can show, and the tests that do.
ELSEWHERE = {
    39: ("test_isolation.py", "test_39_"),
}


def test_every_row_of_the_table_is_shown(root):
    """By a builder here, a test whose name begins with the row, or one that is named above."""
    tests = {str(path.relative_to(root / "tests")): path.read_text("utf-8") for path in (root / "tests").rglob("test_*.py")}
    assert all(name in tests[file] for file, name in ELSEWHERE.values())
    named = {int(n) for text in tests.values() for n in re.findall(r"def test_(\d\d)_", text)}
    shown = {int(name[:2]) for name in ROWS} | named | set(ELSEWHERE)
    assert sorted(set(range(1, 45)) - shown) == []
