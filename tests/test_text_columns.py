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


@pytest.mark.parametrize("rows", [400, 6000])
def test_health_counted_over_the_whole_table_is_a_type_of_it(rows, tmp_path):
    """One message in eighty is about an illness, too few for the probe to say so, and another column is nearly empty."""
    path = tmp_path / "suivi.csv"
    said = ["Bonjour, pouvez-vous me rappeler demain, merci.", "Bonjour, je souhaite changer mon rendez-vous, merci."]
    ill = "Bonjour, je suis sous trithérapie pour le VIH, merci de me rappeler."
    lines = [
        f"{n};MARTIN;m{n}@example.org;{ill if n % 25 == 3 else said[n % 2]} ({n});{'x12' if n % 300 == 7 else ''}" for n in range(rows)
    ]
    path.write_text("id;nom;email;message;divers\n" + "\n".join(lines) + "\n", "utf-8")
    result = triage.scan([path])
    assert result.columns[3].label == "health_text"
    assert {t.label: t.rows for t in result.types}["health_text"] == rows
    assert result.severity.enisa.dpc == 4
