"""A run that is killed goes on with the same command and ends in the same bytes; what must not be mixed is not (hostile 40 to 44)."""

from __future__ import annotations

import json
import random
import subprocess

import pytest
from resume_tools import command, evidence, killed_at_random, written

pytestmark = pytest.mark.isolated


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    """Evidence, the key, and what an uninterrupted run writes of it."""
    work = tmp_path_factory.mktemp("case")
    folder = evidence(work / "evidence")
    done = subprocess.run(command([folder], work / "whole", work / "key"), capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert done.stderr == ""
    return folder, work / "key", written(work / "whole")


def gone_on(case, out, *words):
    """The same command once more; what it said."""
    folder, key, _ = case
    done = subprocess.run(command([folder], out, key, *words), capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    return done.stderr


@pytest.mark.parametrize("dies", ["commit:9:after", "commit:40:before", "write:5:after"])
def test_killed_at_a_step(case, tmp_path, dies):
    folder, key, whole = case
    done = subprocess.run(command([folder], tmp_path / "out", key, dies=dies), capture_output=True, check=False)
    assert done.returncode == -9, done.stderr
    assert "Going on with the run" in gone_on(case, tmp_path / "out")
    assert written(tmp_path / "out") == whole


def test_killed_at_random(case, tmp_path):
    folder, key, whole = case
    rng = random.Random(40)  # noqa: S311 - reproducible
    assert sum(killed_at_random(command([folder], tmp_path / "out", key), 6, rng) for _ in range(3))
    gone_on(case, tmp_path / "out")
    assert written(tmp_path / "out") == whole
    run = json.loads((tmp_path / "out" / "run.json").read_text("utf-8"))
    assert len(run["isolation"]) > 5
