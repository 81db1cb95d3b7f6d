"""No text that a file can hold makes a pattern slow."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TESTS = Path(__file__).resolve().parent


def test_no_pattern_of_ours_is_made_slow_by_the_text_it_looks_at():
    """What takes the cube of the length, or worse, takes hours on a cell of 64 KiB and is told at 1,500 characters."""
    done = subprocess.run(
        [sys.executable, TESTS / "backtracking.py", "1500", "match", "fullmatch"], capture_output=True, text=True, check=False
    )
    *slow, count = done.stdout.splitlines()
    assert not slow, "\n".join(slow)
    assert int(count.split()[0]) > 100, done.stderr
