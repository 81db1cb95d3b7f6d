"""Exports of many trades: every column gets its label, whatever the style of its name, and without one where content decides."""

from __future__ import annotations

import polars as pl
import pytest
from exports import programs, world
from exports.tables import TABLES, tables

from triage import driver, resources, rules
from triage.detect.probe import probe

ROWS = 150
# Labels that these columns get by their name alone, although others of the label speak for themselves.
NAMED = {
    ("pharmacy", "part_ro"): "an amount without a currency is a number",
    ("car insurance", "prime_ttc"): "the same",
    ("bank", "solde"): "the same",
    ("screening", "resultat_pcr"): "a result without a unit is a category",
    ("business contacts", "Raison sociale"): "a company is told by its name",
}
# Glued capitals cannot be cut: "TBLPAT_STRALLERGIES".
GLUED = {("hospital base, Hungarian", "tblPat_strAllergies")}


@pytest.fixture(scope="module")
def known():
    return rules.load(resources.rules_dir())


@pytest.fixture(scope="module")
def written():
    return dict(tables(ROWS))


def labels(known, columns, names, rows=ROWS):
    frame = pl.DataFrame({f"c{n}": c.cells[:rows] for n, c in enumerate(columns)})
    return [c.label for c in probe(frame, names, known).columns]


def wrong(columns, found):
    return {c.name: label for c, label in zip(columns, found, strict=True) if label not in c.truth}


@pytest.mark.parametrize("title", TABLES)
def test_every_column_has_its_label(known, written, title):
    columns = written[title]
    assert not wrong(columns, labels(known, columns, [c.name for c in columns]))


@pytest.mark.parametrize("title", TABLES)
def test_capitals_change_nothing(known, written, title):
    columns = written[title]
    found = wrong(columns, labels(known, columns, [c.name.upper() for c in columns]))
    assert not {name: label for name, label in found.items() if (title, name) not in GLUED}


@pytest.mark.parametrize("title", TABLES)
def test_content_decides_without_names_and_cries_no_wolf(known, written, title):
    columns = written[title]
    found = dict(zip([c.name for c in columns], labels(known, columns, [f"champ{n}" for n in range(len(columns))]), strict=True))
    decidable = [c for c in columns if any(t in known and known[t].content_decidable for t in c.truth) and (title, c.name) not in NAMED]
    assert not wrong(decidable, [found[c.name] for c in decidable])
    assert not {
        c.name: found[c.name] for c in columns if found[c.name] not in c.truth and found[c.name] in known and known[found[c.name]].sensitive
    }


@pytest.mark.parametrize("title", programs.TABLES)
def test_names_that_programs_write(known, title):
    """Labels and roles."""
    columns = dict(programs.tables(120))[title]
    frame = pl.DataFrame({f"c{n}": c.cells for n, (c, _) in enumerate(columns)})
    found = probe(frame, [c.name for c, _ in columns], known).columns
    assert not {c.name: f.label for (c, _), f in zip(columns, found, strict=True) if f.label not in c.truth}
    assert not {c.name: f.role for (c, role), f in zip(columns, found, strict=True) if role and f.role != role}


@pytest.mark.parametrize("title", world.TABLES)
def test_words_mean_what_their_table_is_about(known, title):
    """An appointment, a height and a speciality are of health where the table speaks of care, and nowhere else."""
    columns = dict(tables(ROWS, world.TABLES, world.MAKERS))[title]
    assert not wrong(columns, labels(known, columns, [c.name for c in columns]))


def test_appointments_without_care_are_no_data_of_health(tmp_path):
    """Through severity, duties and sentences: estate agents have appointments too."""
    written = dict(tables(ROWS, world.TABLES, world.MAKERS))
    found = {}
    for title in ("estate agents' appointments", "appointments of patients, no doctor named"):
        columns = written[title]
        path = tmp_path / f"{len(found)}.csv"
        path.write_text("\n".join(";".join(row) for row in zip(*([c.name, *c.cells] for c in columns), strict=True)), encoding="utf-8")
        result = driver.scan([path])
        found[title] = (result.duties.art9, result.severity.enisa.dpc, any(c.art9 for c in result.columns))
    assert list(found.values()) == [(False, 1, False), (True, 3, True)]
