"""Damaged input of every format: a result, never a traceback; what was found by fuzzing stays fixed."""

from __future__ import annotations

import json
import re
import signal

import damage
import exercise
import pytest
import seeds
from click.testing import CliRunner

from triage.cli import cli
from triage.problems import PROBLEMS

SEEDS = seeds.every()
WHOLE = {name: data for name, data in SEEDS.items() if not name.endswith(" cut")}


@pytest.fixture(autouse=True)
def in_time():
    """OSS-Fuzz's bound for one input, of processor time; what passes takes a hundredth of it."""

    def over(*_):
        raise TimeoutError

    before = signal.signal(signal.SIGVTALRM, over)
    signal.setitimer(signal.ITIMER_VIRTUAL, 25)
    yield
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    signal.signal(signal.SIGVTALRM, before)


def test_every_reader_and_unpacker_has_something_to_begin_with():
    """A new one needs a golden folder, or a maker in fuzz/seeds.py."""
    reached = frozenset().union(*map(exercise.exercise, WHOLE.values()))
    assert set(exercise.targets()) == reached


@pytest.mark.parametrize("name", WHOLE)
def test_damage_is_read_to_a_result(name, capfd):
    for number in range(5):
        exercise.exercise(damage.damaged(WHOLE[name], number))
    assert capfd.readouterr() == ("", ""), "a library speaks of what it reads"


def test_damage_through_the_whole_command(tmp_path, capfd):
    """Something of every format, damaged, in one scan: problems are codes, and quote nothing."""
    evidence, out = tmp_path / "evidence", tmp_path / "out"
    evidence.mkdir()
    spoilt = {name.replace("/", "_"): damage.damaged(data, len(name)) for name, data in SEEDS.items() if len(data) < 2100}
    for name, data in spoilt.items():
        (evidence / name).write_bytes(data)
    done = CliRunner().invoke(cli, ["scan", str(evidence), "-o", str(out), "--debug", "-q"])
    assert done.exit_code == 3, done.output
    impact = json.loads((out / "impact.json").read_text("utf-8"))
    assert len(impact["inputs"]["files"]) == len(spoilt)
    told = [p for f in impact["inputs"]["files"] for p in f["problems"]]
    assert {p["code"] for p in told} <= set(PROBLEMS) - {"crashed", "out_of_memory", "stalled"}
    said = capfd.readouterr()
    messages = done.output + said.out + said.err + json.dumps([impact["problems"], [p["code"] for p in told]])
    assert "Traceback" not in messages
    cells = {c for data in spoilt.values() for c in re.findall(r"[\w@.+-]{9,}", data.decode("utf-8", "ignore"))} - set(PROBLEMS)
    assert len(cells) > 500
    assert not [c for c in cells if c in messages and c not in str(tmp_path)]


@pytest.mark.parametrize("path", sorted(seeds.FINDS.iterdir()), ids=lambda p: p.name)
def test_what_fuzzing_found_stays_found(path):
    """See docs/fuzzing.md; the name says what was wrong."""
    assert exercise.exercise(path.read_bytes())


STRETCHED = {
    "sql, blank lines": b"CREATE TABLE a (b TEXT," + b"\n" * 262_144,
    "two digits between blank lines": b"\n\n\n00" * 52_000,
    "a header of spaces": b"Subject: a\nFrom: " + b" " * 262_144 + b"a",
    "tags that never end": b"<html><body><table><tr><td>x" + b"<t" * 131_072,
    "comments that never end": b"<html><body>x" + b"<!--" * 65_536,
    "runs of quotes": b'a;b\n"' + b'"' * 262_144 + b"x;2\n",
}


@pytest.mark.parametrize("name", STRETCHED)
def test_what_took_time_by_the_square_of_its_length_takes_none(name):
    assert exercise.exercise(STRETCHED[name])
