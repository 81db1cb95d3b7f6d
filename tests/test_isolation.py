"""Workers: what they may do, what becomes of those that misbehave, and that nobody sees from the result who scanned."""

from __future__ import annotations

import gzip
import io
import itertools
import json
import os
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

import polars as pl
import pytest
from click.testing import CliRunner

import triage
from triage import evidence, examine, exhausted, hearing, hiring, judging, packing, pool, report, sandbox, wire, worker
from triage.cli import cli
from triage.limits import Limits
from triage.options import Options
from triage.tally import TableTally

TESTS = Path(__file__).resolve().parent
CANARY = "Qzxcanari"
TABLE = "nom;ville\nMARTIN;Vannes\nPETIT;Lorient\n"

pytestmark = pytest.mark.isolated


def rendered(result) -> str:
    return report.render(result, "json", "fr")


@pytest.fixture
def faulty(monkeypatch):
    """Workers whose reader misbehaves on files that begin with ``fault:``; the hook is in the program they are started with."""
    boot = (
        "import sys, json; a = json.loads(sys.argv[1]); sys.path[:] = a.pop(); from triage import child, sandbox; "
        f"real = sandbox.restrict; sys.path.append({str(TESTS)!r})\n"
        "def restrict(bounds):\n"
        f"    rungs = real(sandbox.Bounds(bounds.memory, bounds.parent, (*bounds.readable, child.Path({str(TESTS)!r}))))\n"
        "    import fault_reader; fault_reader.main()\n"
        "    return rungs\n"
        "sandbox.restrict = restrict\n"
        "child.main(*a)"
    )
    monkeypatch.setattr(hiring, "_BOOT", boot)


def scanned(folder: Path, **limits: int):
    started = time.monotonic()
    result = triage.scan([folder], Options(limits=Limits().with_values({"stall_seconds": 50, **limits})))
    assert time.monotonic() - started < 60
    return result


def untouched(folder: Path) -> dict:
    return {p: (p.read_bytes(), p.stat().st_mtime_ns, p.stat().st_ino) for p in folder.rglob("*") if p.is_file()}


@pytest.mark.usefixtures("faulty")
@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("hang", "stalled"),
        ("early", "stalled"),
        ("ignore", "stalled"),
        ("drip", "stalled"),
        ("segv", "crashed"),
        ("oom", "out_of_memory"),
        ("large-frame", "out_of_memory"),
        ("kill", "crashed"),
        ("quit", "crashed"),
        ("large", "bad_answer"),
        ("forged", "bad_answer"),
        ("raise", "crashed"),
        ("fork", "crashed"),
    ],
)
def test_39_a_reader_that_misbehaves_ends_with_a_code_and_the_others_are_scanned(tmp_path, capfd, word, code):
    evidence_, out = tmp_path / "evidence", tmp_path / "out"
    evidence_.mkdir()
    (evidence_ / "a.csv").write_text(TABLE + f"{CANARY};{CANARY}\n", "utf-8")
    (evidence_ / "b.csv").write_text(f"fault:{word}\n{CANARY};2\n", "utf-8")
    (evidence_ / "c.csv").write_text("x;y\n1;2\n3;4\n", "utf-8")
    before, started = untouched(evidence_), time.monotonic()
    words = ["scan", str(evidence_), "-o", str(out), "--debug", "--limit", f"stall_seconds={4 if code == 'stalled' else 50}"]
    done = CliRunner().invoke(cli, words)
    assert time.monotonic() - started < 60
    assert done.exit_code == 3, done.output
    impact = json.loads((out / "impact.json").read_text("utf-8"))
    assert [(f["status"], [p["code"] for p in f["problems"]]) for f in impact["inputs"]["files"]] == [
        ("ok", []),
        ("unreadable", [code]),
        ("ok", []),
    ]
    assert impact["size"]["rows_total"] == 5
    assert untouched(evidence_) == before
    told = capfd.readouterr()
    said = (done.output + told.out + told.err).encode() + b"".join(p.read_bytes() for p in out.rglob("*") if p.is_file())
    assert CANARY.lower().encode() not in said.lower()
    assert not children(), "no process stays"


@pytest.mark.usefixtures("faulty")
def test_39_a_worker_that_the_kernel_ends_for_want_of_memory_is_told_so(tmp_path, monkeypatch):
    (tmp_path / "b.csv").write_text("fault:kill\n1;2\n", "utf-8")
    counts = itertools.count()
    monkeypatch.setattr(exhausted, "kills", lambda: next(counts))
    assert {p.code for p in scanned(tmp_path).problems} == {"out_of_memory"}


@pytest.mark.usefixtures("faulty")
def test_39_a_worker_that_floods_is_ended(tmp_path):
    (tmp_path / "b.csv").write_text("fault:flood\n1;2\n", "utf-8")
    assert {p.code for p in scanned(tmp_path, answer_bytes=1 << 20).problems} == {"bad_answer"}


@pytest.mark.usefixtures("faulty")
def test_39_a_file_that_never_ends_meets_the_total_time(tmp_path):
    (tmp_path / "b.csv").write_text("fault:flood\n1;2\n", "utf-8")
    assert {p.code for p in scanned(tmp_path, total_seconds=2).problems} == {"stalled"}


@pytest.mark.usefixtures("faulty")
def test_39_an_entry_that_ends_its_worker_does_not_hide_its_neighbours(tmp_path):
    with tarfile.open(tmp_path / "x.tar", "w") as tar:
        for name, text in (("a.csv", TABLE), ("b.csv", "fault:segv\n1;2\n"), ("c.csv", "x;y\n1;2\n3;4\n")):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text.encode()))
    result = scanned(tmp_path)
    (file,) = result.inputs.files
    assert [(p.entry.rpartition("!")[2], p.code) for p in file.problems] == [("b.csv", "crashed")]
    assert result.size.rows_total == 4


def children() -> list[str]:
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            text = path.read_text()
        except OSError:
            continue
        if int(text.rpartition(")")[2].split()[1]) == os.getpid():
            found.append(text)
    return found


def test_a_worker_reaches_every_rung_that_this_kernel_has():
    rungs = {r.name: r for r in pool.rungs()}
    assert list(rungs) == list(sandbox.MEANING)
    for name in ("environment", "resources", "privileges", "dumping", "death"):
        assert rungs[name].reached, rungs[name]


def test_the_doctor_says_what_holds_a_worker():
    done = CliRunner().invoke(cli, ["doctor"])
    assert [line.split()[1] for line in done.output.splitlines() if line.startswith(("yes ", "NO "))] == list(sandbox.MEANING)
    assert done.exit_code == (0 if "no other file" in done.output else 1)


def test_what_a_restricted_worker_cannot_do(tmp_path, monkeypatch):
    """Its own attempts, told over its one connection as the rules' hash."""
    secret = tmp_path / "secret.txt"
    secret.write_text("x", "utf-8")
    attempts = {
        "read a foreign file": f"open({str(secret)!r}).read()",
        "write": f"open({str(tmp_path / 'new')!r}, 'w')",
        "list": f"__import__('os').listdir({str(tmp_path)!r})",
        "fork": "__import__('os').fork()",
        "program": "__import__('os').execv('/bin/true', ['true'])",
        "network": "__import__('socket').create_connection(('127.0.0.1', 9), 1)",
        "variables": "__import__('os').environ['PATH']",
        "see how much memory the machine has": "open('/proc/meminfo').read()",
    }
    boot = (
        "import sys, json; a = json.loads(sys.argv[1]); sys.path[:] = a.pop()\n"
        "from triage import child, sandbox\n"
        "real = sandbox.restrict\n"
        f"attempts = {attempts!r}\n"
        "def restrict(bounds):\n"
        "    rungs = real(bounds)\n"
        "    told = []\n"
        "    for name, code in attempts.items():\n"
        "        try:\n"
        "            eval(code)\n"
        "            told.append(sandbox.Rung(name, True))\n"
        "        except (OSError, KeyError):\n"
        "            told.append(sandbox.Rung(name, False))\n"
        "    return (*rungs, *told)\n"
        "sandbox.restrict = restrict\n"
        "child.main(*a)"
    )
    monkeypatch.setenv("PATH", os.environ.get("PATH", "/bin"))
    monkeypatch.setattr(hiring, "_BOOT", boot)
    rungs = {r.name: r.reached for r in pool.rungs()}
    if not (rungs["files"] and rungs["calls"]):
        pytest.skip("this kernel has no Landlock or no seccomp")
    # Without it polars is four times slower.
    assert {name for name in attempts if rungs[name]} == {"see how much memory the machine has"}


def test_the_result_does_not_depend_on_who_scans(tmp_path, root, monkeypatch):
    """Files of many kinds at once: in this process and in three workers; the parts of tables among them."""
    for n in range(12):
        (tmp_path / f"part{n:02}.csv").write_text("login;note\n" + "".join(f"u{n}{i};{i * n}\n" for i in range(40)), "utf-8")
    kinds = ("json_pages", "lab", "medical", "mixed", "sql_postgres", "volumes")
    paths = [tmp_path, *(root / "tests" / "golden" / kind / "input" for kind in kinds)]
    monkeypatch.setattr(hiring, "IN_PROCESS", True)
    alone = rendered(triage.scan(paths))
    monkeypatch.setattr(hiring, "IN_PROCESS", False)
    assert rendered(triage.scan(paths, Options(jobs=3))) == alone
    assert rendered(triage.scan(paths[:1], Options(jobs=1))) == rendered(triage.scan(paths[:1], Options(jobs=3)))


@pytest.mark.parametrize("options", [Options(sample=40), Options(only=frozenset({"nir", "email"})), Options(excluded=frozenset({"nir"}))])
def test_a_worker_is_told_every_option_and_tells_what_came_of_it(root, options, monkeypatch):
    leak = [root / "tests" / "golden" / "lab" / "input"]
    there = rendered(triage.scan(leak, options))
    monkeypatch.setattr(hiring, "IN_PROCESS", True)
    assert rendered(triage.scan(leak, options)) == there
    assert rendered(triage.scan(leak)) != there


def test_standard_input_is_handed_on():
    done = subprocess.run(
        [sys.executable, "-m", "triage", "scan", "-", "-f", "json", "-q"], input=TABLE.encode(), capture_output=True, check=True
    )
    assert json.loads(done.stdout)["size"]["rows_total"] == 2


def test_run_json_names_the_rungs(tmp_path):
    (tmp_path / "e").mkdir()
    (tmp_path / "e" / "a.csv").write_text(TABLE, "utf-8")
    done = CliRunner().invoke(cli, ["scan", str(tmp_path / "e"), "-o", str(tmp_path / "o"), "-q"])
    assert done.exit_code == 0, done.output
    told = json.loads((tmp_path / "o" / "run.json").read_text("utf-8"))["isolation"]
    assert [r[0] if isinstance(r, list) else r["name"] for r in told] == list(sandbox.MEANING)


def test_required_isolation_that_is_not_there_is_fatal(tmp_path, monkeypatch):
    (tmp_path / "a.csv").write_text(TABLE, "utf-8")
    monkeypatch.setattr(sandbox, "whole", lambda _: False)
    done = CliRunner().invoke(cli, ["scan", str(tmp_path / "a.csv"), "--require-sandbox", "-q"])
    assert done.exit_code != 0
    assert "not isolated" in done.output


def test_a_tally_crosses_the_wire_unchanged(root):
    tools = judging.tools(Options())
    (item,) = evidence.inventory([root / "samples" / "lab.csv"]).files
    (table,) = examine.examine(item, tools, worker.Plans(), lambda _: None, worker.Watch()).outcome.tables
    blocks: list[bytes] = []
    sent = json.loads(json.dumps(packing.packed(table.tally, blocks.append)))
    waiting = list(blocks)
    assert packing.unpacked(TableTally, sent, lambda _: waiting.pop(0)) == table.tally
    assert not waiting


@pytest.mark.parametrize("spoil", ["swap", "above"])
def test_a_sketch_that_is_no_sketch_is_refused(spoil):
    good = [3, 0, 2]
    block = (5).to_bytes(8, "little") + (2).to_bytes(8, "little")
    value = good if spoil == "swap" else [1, 0, 2]
    with pytest.raises(wire.WireError):
        packing.unpacked(packing.Distinct, value, lambda size: block if size > 0 else b"")


@pytest.mark.parametrize("dtype", [pl.UInt64, pl.Int32, pl.UInt8])
@pytest.mark.parametrize("height", [1, 7, 64, 1000, packing._STEP, packing._STEP + 3])
@pytest.mark.parametrize("lacking", ["none", "some", "filled", "joined"])
def test_values_are_packed_as_memory_has_them(dtype, height, lacking):
    values = pl.Series([n % 200 for n in range(height)], dtype=dtype)
    if lacking != "none":
        values = pl.select(pl.when(pl.lit(values) % 3 > 0).then(values)).to_series()
    if lacking == "filled":
        values = values.fill_null(1)
    elif lacking == "joined":
        values = pl.concat([values[: height // 2], values[height // 2 :]], rechunk=False)
    blocks: list[bytes] = []
    packing._write(values, blocks.append)
    source = iter(blocks)
    assert packing._read(height, dtype, lambda _: next(source)).equals(values, null_equal=True)


def test_the_evidence_that_changes_while_a_worker_reads_it_is_told(tmp_path, monkeypatch):
    path = tmp_path / "a.csv"
    path.write_text(TABLE, "utf-8")
    real = hearing.Hearing.run

    def run(*args):
        found = real(*args)
        os.utime(path, ns=(1, 1))
        return found

    monkeypatch.setattr(hearing.Hearing, "run", run)
    assert "changed_during_scan" in {p.code for p in triage.scan([path]).problems}


def test_gzip_bomb_in_a_worker(tmp_path):
    (tmp_path / "bomb.csv.gz").write_bytes(gzip.compress(b"0" * (80 << 20)))
    assert "ratio" in {p.code for p in triage.scan([tmp_path]).problems}


def test_zip_is_scanned_in_a_worker(tmp_path):
    with zipfile.ZipFile(tmp_path / "x.zip", "w") as archive:
        archive.writestr("a.csv", TABLE)
    result = triage.scan([tmp_path])
    assert result.size.rows_total in {0, 2}
    assert all(p.code == "unsupported" for p in result.problems)
