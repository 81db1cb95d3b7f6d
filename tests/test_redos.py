"""No text that a file can hold makes a pattern slow."""

from __future__ import annotations

import subprocess
import sys

import pytest
import rule_times

from triage import resources, rules

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


@pytest.mark.parametrize("name", RULES)
def test_a_rule_takes_what_was_made_against_it(name):
    """In the linear engine, or not at all: a look-around would be refused here. Times are measured by ``make fuzz``."""
    rule = RULES[name]
    cells = rule_times.column(rule, 1 << 16)
    assert cells.str.len_bytes().sum() >= 1 << 16
    found = cells.to_frame("cell").select(rule_times.asked(rule))
    assert all(str(kind) == "Boolean" for kind in found.dtypes)
