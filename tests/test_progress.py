"""The progress bar is for people: on a terminal, unless they want quiet."""

from __future__ import annotations

import io
import sys

import pytest

from triage import progress


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("stream", "quiet", "expected"), [(Terminal(), False, True), (Terminal(), True, False), (io.StringIO(), False, False)]
)
def test_a_bar_needs_a_terminal(monkeypatch, stream, quiet, expected):
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.shown(quiet=quiet) as seen:
        seen(5, 10)
        seen(10, 0)
    assert (seen is not progress.unseen) == expected
    assert bool(stream.getvalue()) == expected
