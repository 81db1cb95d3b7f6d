"""Rows about the run itself, through the real command: killed, short of disk, set upon from two sides (hostile 40, 41, 44).

What they do to the folder of the case without workers is in test_casefolder.py.
"""

from __future__ import annotations

import json
import random
import re
import signal
import subprocess
from pathlib import Path

import pytest

from scripts.kill import command, evidence, killed_at_random, written

pytestmark = [pytest.mark.isolated, pytest.mark.xdist_group("case")]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Evidence, the key, and what an uninterrupted run writes of it."""
    work = tmp_path_factory.mktemp("case")
    folder = evidence(work / "evidence", rows=150)
    done = subprocess.run(command([folder], work / "whole", work / "key"), capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert "Going on" not in done.stderr
    return folder, work / "key", written(work / "whole")


def gone_on(case, out, *words):
    """The same command once more; what it said."""
    folder, key, _ = case
    done = subprocess.run(command([folder], out, key, *words), capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    return done.stderr


@pytest.mark.parametrize("dies", ["commit:20:before", "write:5:after"])
def test_40_killed_at_a_step(case, tmp_path, dies):
    folder, key, whole = case
    done = subprocess.run(command([folder], tmp_path / "out", key, dies=dies), capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    assert "Going on with the run" in gone_on(case, tmp_path / "out")
    assert written(tmp_path / "out") == whole


def test_40_ended_at_random(case, tmp_path):
    folder, key, whole = case
    rng = random.Random(40)
    words = command([folder], tmp_path / "out", key)
    assert sum(killed_at_random(words, 5, rng, by) for by in (signal.SIGKILL, signal.SIGINT, signal.SIGKILL))
    gone_on(case, tmp_path / "out")
    assert written(tmp_path / "out") == whole
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert len(run["isolation"]) > 5


def test_41_a_disk_that_is_full(case, tmp_path):
    """It is told in a line; what was read is kept, the report of an earlier run too, and the same command goes on."""
    folder, key, whole = case
    out = tmp_path / "out"
    out.mkdir()
    (out / "impact.json").write_text("an earlier report")
    words = ["sh", "-c", 'ulimit -f 600; exec "$@"', "sh", *command([folder], out, key)]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert done.returncode == 2, done.stderr
    assert "Traceback" not in done.stderr
    assert "make room, then run the same command again" in done.stderr
    assert (out / "impact.json").read_text() == "an earlier report"
    assert "Going on with the run" in gone_on(case, out)
    assert written(out) == whole


def test_44_two_runs_on_one_case(case, tmp_path):
    folder, key, whole = case
    words = command([folder], tmp_path / "out", key)
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as first:
        while not (tmp_path / "out" / ".case" / "journal").exists():
            assert first.poll() is None
        bounds = Path(f"/proc/{first.pid}/limits").read_text("ascii")
        second = subprocess.run(words, capture_output=True, text=True, check=False)
    assert re.search(r"^Max core file size +0 +0 ", bounds, re.MULTILINE), "it may hold the key"
    assert second.returncode == 2
    assert f"process {first.pid} is at work on this case" in second.stderr
    assert first.returncode == 3
    assert written(tmp_path / "out") == whole
