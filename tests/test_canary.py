"""No value of a cell is in any report: every cell of a leak is a canary, and each report is searched for each of them."""

from __future__ import annotations

import csv
import re

import pytest

import triage
from triage import report
from triage.detect import lexicons
from triage.driver import scan
from triage.samples import make

# What may leave by contract: places of the closed list, and words that are ours.
_LEAST = 6


@pytest.fixture(scope="module", params=["lab", "clinic"])
def scanned(request, tmp_path_factory):
    """A sample of 40 rows, too few for any value to be shared by many, and its distinct cells."""
    folder = tmp_path_factory.mktemp("leak") / "evidence"
    folder.mkdir()
    make(request.param, 40, folder)
    path = next(p for p in folder.iterdir() if p.suffix == ".csv")
    raw = path.read_bytes()
    text = raw.decode("cp1252" if request.param == "lab" else "utf-8", errors="replace")
    result = scan([path], triage.Options())
    rows = list(csv.reader(text.splitlines(), delimiter=result.tables[0].delimiter))
    cells = {cell.strip() for row in rows[1:] for cell in row}
    return result, rows[0], cells


def _towns():
    return {name.casefold() for name in lexicons.table("communes.tsv")["name"]} | {
        name.casefold() for name in lexicons.table("departments.tsv")["name"]
    }


@pytest.mark.parametrize("name", sorted(report.names()))
def test_no_cell_is_in_any_report(scanned, name):
    result, head, cells = scanned
    towns = _towns()
    canaries = {c for c in cells if len(c) >= _LEAST and not c.isalpha() and c not in head and c.casefold() not in towns}
    canaries |= {c for c in cells if re.fullmatch(r"[A-ZÀ-Ý' -]{6,}", c) and c.casefold() not in towns and c not in head}
    assert len(canaries) > 100
    for language in ("fr", "en"):
        text = report.render(result, name, language)
        flat = text.replace("\\", "")
        assert not [c for c in canaries if c in flat and re.search(rf"(?<!\w){re.escape(c)}(?!\w)", flat)]
