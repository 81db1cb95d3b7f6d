"""No text that a file can hold makes a pattern slow."""

from __future__ import annotations

import subprocess
import sys

import polars as pl
import pytest
import rule_times

from triage import resources, rules
from triage.detect import validators

RULES = rules.load(resources.rules_dir())


def test_no_pattern_of_ours_is_made_slow_by_the_text_it_looks_at(root):
    """What takes the cube of the length, or worse, takes hours on a cell of 64 KiB and is told at 1,500 characters."""
    words = [sys.executable, root / "fuzz" / "backtracking.py", "1500", "match", "fullmatch"]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    *slow, count = done.stdout.splitlines() or [""]
    assert not slow, "\n".join(slow)
    assert done.returncode == 0, done.stderr
    assert int(count.split()[0]) > 100


@pytest.mark.parametrize("pattern", [r"(\w+\s?)*$", r"(?:[ .-]?\(?\d+\)?){3,6}$", r"(?:<!--.*?-->\s*)*<a>"])
def test_the_guard_knows_a_slow_pattern(root, pattern):
    words = [sys.executable, root / "fuzz" / "backtracking.py", "1500", "match", "--pattern", pattern]
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    assert len(done.stdout.splitlines()) == 2, done.stderr


def test_no_rule_takes_ten_times_the_middle_one_on_what_was_made_against_it():
    """In processor time, as the census asks: the engine is linear, keys are arithmetic, and neither may be made dear."""
    _, told = rule_times.shares(RULES)
    assert len(told) > 80
    assert not {name: times for name, times in told.items() if times > rule_times.MOST}


def test_the_clock_knows_a_dear_rule(monkeypatch):
    """A key that is worked out in Python."""
    monkeypatch.setattr(validators, "check", lambda _, cell: cell.map_elements(lambda _: not sum(range(3000)), return_dtype=pl.Boolean))
    few = {name: RULES[name] for name in ("email", "url", "city", "ip", "iban")}
    assert rule_times.shares(few)[1]["iban"] > rule_times.MOST
