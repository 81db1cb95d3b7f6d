"""What the driver promises of a run over several files."""

from __future__ import annotations

import triage
from triage import outcome, report, worker

TABLE = "nom;ville\nMARTIN;Vannes\nPETIT;Lorient\n"


def test_a_file_that_makes_the_reader_fail_does_not_hide_the_others(tmp_path, monkeypatch):
    for name in ("a.csv", "b.csv"):
        (tmp_path / name).write_text(TABLE if name == "a.csv" else "x;y\n1;2\n", encoding="utf-8")
    real, asked = worker.scan, []

    def scan(*args, **kwargs):
        asked.append(1)
        if len(asked) == 1:
            raise ValueError("could not parse MARTIN")
        return real(*args, **kwargs)

    monkeypatch.setattr(worker, "scan", scan)
    result = triage.scan([tmp_path])
    assert [f.status for f in result.inputs.files] == ["unreadable", "ok"]
    assert [p.code for p in result.problems] == ["crashed"]
    assert result.size.rows_total == 1
    assert outcome.exit_code(result, None) == outcome.INCOMPLETE
    assert "MARTIN" not in report.render(result, "json", "fr")


def test_a_giant_cell_is_judged_on_its_beginning_and_said(tmp_path):
    path = tmp_path / "giant.csv"
    path.write_text("a;b\n1;" + "mot " * 30_000 + "\n2;court\n", encoding="utf-8")
    result = triage.scan([path])
    assert result.size.rows_total == 2
    assert {p.code: p.count for p in result.problems}["cell_cut"] == 1
