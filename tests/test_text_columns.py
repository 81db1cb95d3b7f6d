"""Whole columns of text without a name: notes and messages about health, and what shops, newspapers and open data write."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import triage

COLUMNS = tomllib.loads((Path(__file__).parent / "texts" / "columns.toml").read_text("utf-8"))


@pytest.mark.parametrize("kind", COLUMNS)
def test_the_label_of_a_column_of_text(kind, tmp_path):
    column = COLUMNS[kind]
    path = tmp_path / "evidence.csv"
    rows = [f"{n}\t{cell}" for n, cell in enumerate(column["cells"] * 3)]
    path.write_text("n\tt\n" + "\n".join(rows) + "\n", "utf-8")
    result = triage.scan([path])
    assert result.columns[1].label in column["label"], column["why"]
    if "health_text" not in column["label"]:
        assert not result.health.themes, column["why"]
