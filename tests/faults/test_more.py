"""Rows of the table that need more than files: evidence that moves, broken rule packs, poor machines, other readers' eyes."""

from __future__ import annotations

import csv
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from faults.report_rows import formulas
from faults.rows import CANARY, put, table

import triage
from scripts.kill import command, written
from triage import evidence, hearing, hiring, pool
from triage.cli import cli

pytestmark = pytest.mark.isolated

RULE = next((Path(__file__).resolve().parents[2] / "rules").rglob("email.toml")).read_text("utf-8")
POOR = (
    "import sys, json; a = json.loads(sys.argv[1]); sys.path[:] = a.pop(); from triage import child, sandbox\n"
    "def gone(*_): raise OSError(38, '')\n"
    "sandbox._files = sandbox._calls = sandbox._namespaces = gone\n"
    "child.main(*a)"
)


def codes(result) -> dict[str, str]:
    return {f.path.rpartition("/")[2]: " ".join(p.code for p in f.problems) for f in result.inputs.files}


# --- 14: evidence that cannot be read, or moves


@pytest.mark.parametrize(
    ("moves", "code"),
    [
        (lambda path: path.unlink(), "changed_during_scan"),
        (lambda path: path.write_bytes(path.read_bytes() + b"x;y;z\n"), "changed_during_scan"),
        (lambda path: os.truncate(path, 10), "changed_during_scan"),
        (lambda path: path.replace(path.with_name("b.csv")), "changed_during_scan"),
    ],
    ids=["vanishes", "grows", "shrinks", "is moved away"],
)
def test_14_evidence_that_changes_while_it_is_read_is_told(tmp_path, monkeypatch, moves, code):
    put(tmp_path, a_csv=table())
    real = hearing.Hearing.run

    def run(*args):
        real(*args)
        moves(tmp_path / "a.csv")

    monkeypatch.setattr(hearing.Hearing, "run", run)
    assert codes(triage.scan([tmp_path]))["a.csv"] == code


def test_14_evidence_that_vanishes_before_it_is_opened_does_not_hide_the_others(tmp_path, monkeypatch):
    put(tmp_path, a_csv=table(), b_csv="x;y\n1;2\n")
    real = evidence.inventory

    def listed(*args, **options):
        found = real(*args, **options)
        (tmp_path / "a.csv").unlink()
        return found

    monkeypatch.setattr(evidence, "inventory", listed)
    result = triage.scan([tmp_path])
    assert codes(result) == {"a.csv": "unreadable", "b.csv": ""}
    assert result.size.rows_total == 1


def test_14_an_input_error_is_a_code():
    """A process' own memory is a regular file of which the first page cannot be read."""
    assert codes(triage.scan(["/proc/self/mem"])) == {"mem": "io_error"}


# --- 35: what a spreadsheet or a Markdown viewer would make of the reports


def test_35_no_cell_of_a_report_begins_a_formula(tmp_path):
    evidence_, out = tmp_path / "evidence", tmp_path / "out"
    evidence_.mkdir()
    formulas(evidence_)
    assert CliRunner().invoke(cli, ["scan", str(evidence_), "-o", str(out), "--header"]).exit_code == 0
    for path in out.glob("*.csv"):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            cells = [c for line in csv.reader(stream) for c in line]
        assert len(cells) > 20
        assert not [c for c in cells if c.startswith(("=", "+", "@", "\t", "\r", "\uff1d", "\uff0b", "\uff0d", "\uff20"))]
        assert not [c for c in cells if c.startswith("-") and not c[1:].replace(".", "").isdigit()]
    text = (out / "impact.md").read_text("utf-8")
    for block in text.split("\n\n"):
        widths = {line.replace("\\|", "").count("|") for line in block.strip().split("\n") if line.startswith("|")}
        assert len(widths) <= 1, block
    assert "[b](c)" not in text
    assert "<b>" not in text


# --- 43: rule packs


@pytest.mark.parametrize(
    "spoil",
    [
        lambda text: "[[[\n" + text,
        lambda text: "unknown_key = 1\n" + text,
        lambda text: text.partition("[examples]")[0],
        lambda text: text.replace("pattern = '''", "pattern = '''((", 1),
        lambda text: text.replace("pattern = '''", "pattern = '''" + "(?:a|b){1,1000}" * 1000, 1),
        lambda _: "\x00\xff",
    ],
    ids=["bad TOML", "unknown key", "no examples", "bad pattern", "large pattern", "no text"],
)
def test_43_a_broken_pack_is_refused_before_any_evidence_is_opened(tmp_path, monkeypatch, spoil):
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "mine.toml").write_text(spoil(RULE), "utf-8")
    put(tmp_path, a_csv=table())
    monkeypatch.setattr(evidence, "opened", lambda *_: pytest.fail("opened"))
    done = CliRunner().invoke(cli, ["scan", str(tmp_path / "a.csv"), "--rules", str(pack)])
    assert done.exit_code == 2, done.output
    assert "mine.toml" in done.output
    assert CANARY not in done.output


@pytest.mark.parametrize("other", ["email.toml", "again.toml"])
def test_43_a_pack_that_names_a_label_twice_is_refused(tmp_path, other):
    """Two files of one label, of which the second is a link too."""
    pack = tmp_path / "pack"
    pack.mkdir()
    (pack / "email.toml").write_text(RULE, "utf-8")
    (pack / "sub").mkdir()
    (pack / "sub" / other).symlink_to(pack / "email.toml")
    put(tmp_path, a_csv=table())
    done = CliRunner().invoke(cli, ["scan", str(tmp_path / "a.csv"), "--rules", str(pack)])
    assert done.exit_code == 2, done.output
    assert other in done.output


# --- 44: poor machines


def test_44_a_machine_that_isolates_nothing_says_so_and_still_scans(tmp_path, monkeypatch):
    put(tmp_path, a_csv=table())
    monkeypatch.setattr(hiring, "_BOOT", POOR)
    rungs = {r.name: r.reached for r in pool.rungs()}
    assert not any(rungs[name] for name in ("files", "calls", "namespaces"))
    assert triage.scan([tmp_path / "a.csv"]).size.rows_total == 40
    done = CliRunner().invoke(cli, ["scan", str(tmp_path / "a.csv"), "--require-sandbox"])
    assert done.exit_code == 2
    assert "triage doctor" in done.output
    told = CliRunner().invoke(cli, ["doctor"])
    assert told.exit_code == 1
    for words in ("NO   files", "lsm=landlock", "user.max_user_namespaces", "--require-sandbox", "bubblewrap"):
        assert words in told.output


def test_44_a_poor_environment_changes_no_figure(tmp_path):
    variables = {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0", "TMPDIR": "/nonexistent", "HOME": "/nonexistent"}
    folder = tmp_path / "é"
    folder.mkdir()
    put(folder, a_csv=table())
    kept = {name: os.environ[name] for name in ("PATH", "XDG_STATE_HOME")}
    words = [sys.executable, "-m", "triage", "scan", str(folder), "-f", "json"]
    told = [subprocess.run(words, env={**kept, **more}, capture_output=True, check=False) for more in ({"LANG": "C.UTF-8"}, variables)]
    assert [t.returncode for t in told] == [0, 0], told[1].stderr
    assert told[0].stdout == told[1].stdout


def test_44_few_descriptors_are_enough(tmp_path):
    for n in range(60):
        (tmp_path / f"{n}.csv").write_bytes(table().replace(b"note", b"note%d" % n))
    command = f"ulimit -n 40; exec {sys.executable} -m triage scan {tmp_path} -f columns"
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


# --- 42: a journal that was damaged


@pytest.mark.parametrize("spoil", [lambda data: data[:100] + b"\xff" * (len(data) - 100)])
def test_42_a_damaged_journal_is_never_mixed_into_a_result(tmp_path, spoil):
    folder, key = tmp_path / "evidence", tmp_path / "key"
    folder.mkdir()
    for n in range(3):
        (folder / f"{n}.csv").write_bytes(table(2000).replace(b"note", b"note%d" % n))
    whole = subprocess.run(command([folder], tmp_path / "whole", key), capture_output=True, check=False)
    assert whole.returncode == 0, whole.stderr
    killed = subprocess.run(command([folder], tmp_path / "out", key, dies="commit:6:after"), capture_output=True, check=False)
    assert killed.returncode == -9
    journal = tmp_path / "out" / ".case" / "journal"
    journal.with_name("journal-wal").unlink(missing_ok=True)
    journal.write_bytes(spoil(journal.read_bytes()))
    again = subprocess.run(command([folder], tmp_path / "out", key), capture_output=True, text=True, check=False)
    assert again.returncode in {0, 2}, again.stderr
    assert "Traceback" not in again.stderr
    if again.returncode == 2:  # said, with what to do
        assert "--no-resume" in again.stderr
        words = command([folder], tmp_path / "out", key, "--no-resume")
        assert subprocess.run(words, capture_output=True, check=False).returncode == 0
    assert written(tmp_path / "out") == written(tmp_path / "whole")
