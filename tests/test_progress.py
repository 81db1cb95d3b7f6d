"""The progress bar is for people: on a terminal, unless they want quiet."""

from __future__ import annotations

import io
import sys

import pytest

import triage
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
        progress.at(seen, "a.csv", 1)
        progress.planned(seen, [progress.Guess(1, "nir", "likely")])
    assert (seen is not progress.unseen) == expected
    assert bool(stream.getvalue()) == expected


def test_a_terminal_sees_the_file_its_problems_and_the_first_verdicts_but_no_name_that_forges(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.shown(quiet=False) as seen:
        progress.at(seen, "leak/\x1b]0;x\x07[red]users.csv", 3)
        progress.planned(seen, [progress.Guess(11, "nir", "validated"), progress.Guess(16, "city", "likely")])
        seen(5, 10)
    shown = stream.getvalue()
    assert "users.csv" in shown
    assert "[red]" in shown
    assert "3 !" in shown
    assert "nir" in shown
    assert "likely ?" in shown
    assert "\x1b]0;" not in shown


def test_a_scan_shows_its_first_verdicts_while_rows_are_still_to_come(monkeypatch, root):
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.shown(quiet=False) as seen:
        triage.scan([root / "samples" / "lab.csv"], triage.Options(), seen)
    shown = stream.getvalue()
    assert "lab.csv" in shown
    assert "birth_date" in shown
    assert "NSS" not in shown


def test_a_folder_of_tables_does_not_flow_past(monkeypatch):
    stream = Terminal()
    monkeypatch.setattr(sys, "stderr", stream)
    with progress.shown(quiet=False) as seen:
        for number in range(20):
            progress.planned(seen, [progress.Guess(number, f"label_{number}", "likely")])
        progress.planned(seen, [])
    assert stream.getvalue().count("label_") == 5
