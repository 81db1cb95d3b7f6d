"""The measure of accuracy: right answers count as right, wrong ones are named, spoiling keeps the truth in step."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path
from random import Random

import pytest

from triage import samples

SCRIPTS = Path(__file__).resolve().parent.parent / "scripts"
sys.path.append(str(SCRIPTS))
from evaluation import measure, page, spoiling  # noqa: E402 - scripts are found on a path of their own
from evaluation.corpora import Corpus, Table  # noqa: E402

NEGATIVE = frozenset({"id", "unknown"})
CORPUS = Corpus("made", [], lambda label: label, NEGATIVE, frozenset({"nir"}), frozenset({"nir", "email"}))
TABLE = Table(
    "t", ["a", "b", "c"], [[f"a{n}" for n in range(40)], [f"b{n}" for n in range(40)], ["", "c1"] * 20], ["email", "nir", "last_name"]
)


def seeded() -> Random:
    return Random(1)


def answer(truth: str, got: str | None, confidence: str | None = "likely", candidates=()) -> measure.Answer:
    return measure.Answer("t", 0, "h", truth, got, measure.Said(got, confidence, list(candidates), {}))


def test_hits_misses_and_false_positives():
    found = [answer("email", "email"), answer("email", "phone"), answer("id", "nir"), answer("id", "unknown"), answer("nir", None)]
    score = measure.score(CORPUS, found)
    assert (score.hits, score.missed) == ({"email": 1}, {"email": 1, "nir": 1})
    assert score.false == {"phone": 1, "nir": 1}
    assert [a.truth for a in score.alarms] == ["id"]
    assert score.f1() == {"email": pytest.approx(2 / 3), "nir": 0.0}
    assert score.macro(least=2) == (pytest.approx(2 / 3), 1)
    assert score.confusions[("nir", "not read")] == 1


def test_one_sensitive_label_for_another_is_no_alarm_but_wrong():
    score = measure.score(CORPUS._replace(sensitive=frozenset({"nir", "card"})), [answer("card", "nir")])
    assert (score.alarms, score.missed["card"]) == ([], 1)


def test_reliability_counts_verdicts_and_first_possible_candidates():
    possible = answer("nir", "unknown", None, [("nir", "possible"), ("card", "possible")])
    found = [answer("email", "email"), answer("id", "email"), possible, answer("id", "number", "likely")]
    assert measure.reliability(CORPUS, found) == {"validated": (0, 0), "likely": (1, 2), "possible": (1, 1)}


def test_the_interval_of_a_share_is_wilsons():
    # Newcombe, Statistics in Medicine 17 (1998), table I: 81 of 263, 0.2553 to 0.3662; 0 of 20, 0 to 0.1611.
    assert page.wilson(81, 263) == pytest.approx((0.2553, 0.3662), abs=1e-4)
    assert page.wilson(0, 20) == pytest.approx((0.0, 0.1611), abs=1e-4)


@pytest.mark.parametrize("way", spoiling.WAYS)
def test_spoiled_tables_keep_their_shape_and_truth(way):
    for spoiled in spoiling.WAYS[way](TABLE, seeded()):
        assert len(spoiled.names) == len(spoiled.columns) == len(spoiled.truth) == 3
        assert len({len(cells) for cells in spoiled.columns}) == 1
        for cells, truth in zip(spoiled.columns, spoiled.truth, strict=True):
            letter = {"email": "a", "nir": "b", "last_name": "c"}.get(truth)
            filled = [cell for cell in cells if cell]
            assert letter is None or sum(cell.startswith(letter) for cell in filled) >= 0.9 * len(filled) > 0


def test_sparse_tables_ask_for_each_column_once_at_a_thousandth():
    tables = spoiling.sparse(TABLE, seeded())
    assert sorted(truth for t in tables for truth in t.truth if truth) == ["email", "last_name", "nir"]
    for table in tables:
        asked = [cells for cells, truth in zip(table.columns, table.truth, strict=True) if truth]
        assert all(sum(map(bool, cells)) == 20 for cells in asked)
        assert table.rows == 20_000


def test_five_in_a_hundred_cells_are_damaged():
    table = TABLE._replace(columns=[["abcdef"] * 4000])
    changed = sum(cell != "abcdef" for cell in spoiling.damaged(table, seeded())[0].columns[0])
    assert 160 <= changed <= 240


def test_without_labelled_tables_the_generated_ones_are_measured(tmp_path, monkeypatch, capsys):
    some = {name: recipe for name, recipe in samples.recipes().items() if name in {"clinic", "telecom", "messages"}}
    monkeypatch.setattr(samples, "recipes", lambda: some)
    monkeypatch.setattr(spoiling, "WAYS", {"as they are": spoiling.unchanged, "headers removed": spoiling.without_header})
    monkeypatch.setattr(
        sys, "argv", ["eval.py", "--devset", str(tmp_path / "none"), "--rows", "60", "--written", "0", "--out", str(tmp_path / "out")]
    )
    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(SCRIPTS / "eval.py"), run_name="__main__")
    assert end.value.code == 0
    assert "only generated tables are measured" in capsys.readouterr().err
    written = (tmp_path / "out" / "accuracy.md").read_text("utf-8")
    assert "## Generated leaks, as written" in written
    assert "| headers removed |" in written
    assert "not read" not in written
    assert (tmp_path / "out" / "wrong.tsv").read_text("utf-8").startswith("corpus\tway\t")
