"""Each limit is tripped once: what is beyond it is said, or only its unit of work changes."""

from __future__ import annotations

import gzip
import io
import lzma
import sqlite3
import subprocess
import sys
import zipfile
from dataclasses import fields
from pathlib import Path
from unittest.mock import patch

import polars as pl
import pytest
import zstandard
from click.testing import CliRunner

import triage
from triage import arguments, evidence, judging, worker
from triage.cli import cli
from triage.entry import Entry
from triage.examine import inside
from triage.limits import Limits
from triage.options import Options
from triage.readers import READERS, Job
from triage.unpack import looked_at

LIMITS = tuple(f.name for f in fields(Limits))
PEOPLE = "nom;mail;departement\n" + "".join(f"MARTIN{n};p{n}@example.org;{29 + n % 2}\n" for n in range(60))
TRIPS = {}
TESTS = Path(__file__).resolve().parent


def trips(test):
    TRIPS[test.__name__] = test
    return test


class Tried:
    """A folder, and what a scan of it says under a limit."""

    def __init__(self, folder):
        self.folder = folder / "evidence"
        self.folder.mkdir()

    def scan(self, **limits: int):
        options = Options(limits=Limits().with_values(limits))
        self.result = triage.scan([self.folder], options)
        return {p.code for p in self.result.problems}

    def put(self, data: bytes | str, name: str = "a.csv"):
        (self.folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
        return self

    def segments(self, **limits: int) -> int:
        options = Options(limits=Limits().with_values(limits))
        path = self.folder / "a.csv"
        with path.open("rb") as stream:
            item = inside(stream.fileno(), "a", path.stat().st_size)
            entry = Entry("a", lambda: evidence.Stream(item))
            shape = looked_at(entry, options)
            return len(list(READERS.of(shape.format).segments(Job(entry, shape, options))))


@trips
def segment_bytes(tried):
    tried.put(PEOPLE * 40)
    assert tried.segments() == 1
    assert tried.segments(segment_bytes=4096) > 10


@trips
def head_bytes(tried):
    """The end of the file speaks of another encoding: it is not looked at."""
    tried.put(("nom;ville\n" + "MARTIN;Vannes\n" * 40).encode() + "DURAND;Besançon\n".encode("cp1252") * 40)
    tried.scan()
    assert tried.result.tables[0].encoding == "cp1252"
    tried.scan(head_bytes=200)
    assert tried.result.tables[0].encoding == "utf-8"


@trips
def probe_rows(tried):
    tried.put(PEOPLE)
    path = tried.folder / "a.csv"
    for rows in (60, 7):
        plans = []
        tools = judging.tools(Options(limits=Limits(probe_rows=rows)))._replace(planned=plans.append)
        with path.open("rb") as stream:
            item = inside(stream.fileno(), "a", path.stat().st_size)
            worker.scan(Entry("a", lambda item=item: evidence.Stream(item)), tools, 0, worker.Plans())
        assert plans[0].columns[0].shape.filled == rows


@trips
def columns(tried):
    tried.put(";".join(f"c{n}" for n in range(30)) + "\n" + (";".join("x" * 30) + "\n") * 5)
    assert "too_many_columns" in tried.scan(columns=10)
    assert len(tried.result.columns) == 10


@trips
def cell_bytes(tried):
    assert tried.put(PEOPLE).scan(cell_bytes=8) == {"cell_cut"}


@trips
def record_bytes(tried):
    tried.put(PEOPLE + "x" * 5000 + ";;\n" + PEOPLE.partition("\n")[2])
    assert tried.scan(record_bytes=1000, segment_bytes=500, resync_bytes=500) >= {"record_too_long"}
    assert sum(t.rows_rejected for t in tried.result.tables) > 0


@trips
def resync_bytes(tried):
    """A quote that never closes hides no more than so many bytes from the fast lane."""
    rows = [f'"MARTIN{n}";"p{n}@example.org"' for n in range(4000)]
    rows[20] = rows[20].removesuffix('"')
    tried.put('"nom";"mail"\n' + "\n".join(rows) + "\n")
    repaired = []
    for reach in (1 << 10, 1 << 20):
        tried.scan(resync_bytes=reach, segment_bytes=1 << 14)
        (table,) = tried.result.tables
        assert table.rows_total >= 3999
        repaired.append(table.rows_repaired)
    assert repaired[0] <= repaired[1]


@trips
def distinct(tried):
    tried.put(PEOPLE).scan(distinct=20)
    assert [c.distinct_exact for c in tried.result.columns] == [False, False, True]


@trips
def persons(tried):
    tried.put(PEOPLE).scan()
    assert tried.result.size.persons.exact
    tried.scan(persons=20)
    assert not tried.result.size.persons.exact


@trips
def smallest_count(tried):
    for least, hidden in ((11, False), (31, True)):
        tried.put(PEOPLE).scan(smallest_count=least)
        (places,) = tried.result.geography
        assert {d.n is None for d in places.departments} == {hidden} or (hidden and not places.departments)


@trips
def depth(tried):
    tried.put("<l>" + "<p>" + "<a>" * 20 + "x" + "</a>" * 20 + "</p><p><a>y</a></p></l>", "a.xml")
    assert "too_deep" in tried.scan(depth=10)
    assert "too_deep" not in tried.scan(depth=30)


def _zipped(name: str, data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


@trips
def database_bytes(tried):
    base = sqlite3.connect(":memory:")
    base.execute("CREATE TABLE t (a, b)")
    base.executemany("INSERT INTO t VALUES (?, ?)", [(n, "x") for n in range(100)])
    base.commit()
    tried.put(_zipped("a.db", base.serialize()), "a.zip")
    assert tried.scan(database_bytes=1000) == {"too_large"}
    assert tried.scan() == set()


@trips
def document_bytes(tried):
    body = "".join(f"<w:p><w:r><w:t>ligne {n}</w:t></w:r></w:p>" for n in range(5000))
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    tried.put(_zipped("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>'.encode()), "a.docx")
    assert "record_too_long" in tried.scan(document_bytes=1 << 16)
    assert "record_too_long" not in tried.scan()


@trips
def attached_bytes(tried):
    tried.put((TESTS / "golden" / "outlook" / "input" / "lists.pst").read_bytes(), "a.pst")
    assert tried.scan(attached_bytes=1) - tried.scan() == {"record_too_long"}


@trips
def window_bytes(tried):
    tried.put(lzma.compress(PEOPLE.encode()), "a.csv.xz")
    assert tried.scan(window_bytes=1 << 20) == {"out_of_memory"}
    assert tried.scan() == set()
    tried.put(zstandard.ZstdCompressor(level=19).compress(PEOPLE.encode() * 2000), "a.csv.xz")
    assert tried.scan(window_bytes=1 << 16) == {"out_of_memory"}


@trips
def sheet_cells(tried):
    """What is above is streamed: the same rows without the library."""
    tried.put((TESTS / "golden" / "same" / "input" / "patients.xlsx").read_bytes(), "a.xlsx")
    tried.scan()
    rows = tried.result.size.rows_total
    with patch("python_calamine.load_workbook", side_effect=ValueError):
        assert tried.scan() == {"corrupt"}
        assert tried.scan(sheet_cells=1) == set()
    assert tried.result.size.rows_total == rows > 0


@trips
def rows_per_byte(tried):
    out = io.BytesIO()
    pl.DataFrame({"x": pl.repeat("a", 1_000_000, eager=True)}).write_parquet(out)
    tried.put(out.getvalue(), "a.parquet")
    assert tried.scan(rows_per_byte=10) == {"ratio"}
    assert tried.scan() == set()


@trips
def nesting(tried):
    data = PEOPLE.encode()
    for _ in range(3):
        data = gzip.compress(data)
    assert tried.put(data).scan(nesting=2) == {"too_deep"}
    assert tried.scan(nesting=3) == set()


@trips
def members(tried):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n in range(5):
            archive.writestr(f"{n}.csv", PEOPLE)
    assert tried.put(out.getvalue()).scan(members=3) == {"too_many_members"}


@trips
def ratio(tried):
    tried.put(gzip.compress(PEOPLE.encode() * 500))
    assert "ratio" in tried.scan(ratio_free_bytes=1 << 16, ratio=2)
    assert tried.scan(ratio_free_bytes=1 << 16, ratio=2000) == set()


@trips
def ratio_free_bytes(tried):
    tried.put(gzip.compress(PEOPLE.encode() * 500))
    assert tried.scan(ratio=2) == set()


@trips
def spool_bytes(_):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.csv", PEOPLE)
    words = [sys.executable, "-m", "triage", "scan", "-", "-q", "-f", "columns"]
    done = subprocess.run([*words, "--limit", "spool_bytes=500"], input=out.getvalue(), capture_output=True, check=False)
    assert done.returncode == 3
    assert subprocess.run(words, input=out.getvalue(), capture_output=True, check=False).returncode == 0


@trips
def worker_bytes(tried):
    """The address space of polars alone is half of this: nothing is read, the other things are said."""
    assert tried.put(PEOPLE).scan(worker_bytes=1 << 28) == {"out_of_memory"}


@trips
def start_seconds(tried):
    assert tried.put(PEOPLE).scan(start_seconds=0) == {"stalled"}


@trips
def frame_bytes(tried):
    assert tried.put(PEOPLE).scan(frame_bytes=2000) == {"bad_answer"}


@trips
def table_members(tried):
    for n in range(4):
        tried.put(PEOPLE, f"{n}.csv")
    assert tried.scan(table_members=2) == {"too_many_files"}
    assert len(tried.result.inputs.files) == 2


# Those of readers that misbehave: tests/test_isolation.py.
ELSEWHERE = {"stall_seconds", "total_seconds", "answer_bytes"}
ISOLATED = {"start_seconds", "worker_bytes", "frame_bytes", "spool_bytes"}


@pytest.mark.parametrize("name", sorted(set(TRIPS) - ISOLATED))
def test_it_is_tripped(name, tmp_path):
    TRIPS[name](Tried(tmp_path))


@pytest.mark.isolated
@pytest.mark.parametrize("name", sorted(ISOLATED))
def test_it_is_tripped_by_a_worker(name, tmp_path):
    TRIPS[name](Tried(tmp_path))


def test_every_limit_is_tripped_somewhere(root):
    isolation = (root / "tests" / "test_isolation.py").read_text("utf-8")
    assert all(f"{name}=" in isolation or f'"{name}":' in isolation for name in ELSEWHERE)
    assert set(TRIPS) | ELSEWHERE == set(LIMITS)


@pytest.mark.parametrize("name", LIMITS)
def test_it_has_a_reason_a_flag_and_a_line_in_the_table(name, root):
    (field,) = (f for f in fields(Limits) if f.name == name)
    assert len(field.metadata["reason"]) > 15
    assert arguments.limit(f"{name}=77") == (name, 77)
    assert f"| `{name}` |" in (root / "docs" / "limits.md").read_text("utf-8")


def test_limits_are_frozen_and_unknown_ones_are_refused(tmp_path):
    with pytest.raises(AttributeError):
        Limits().columns = 1
    for word in ("colunms=3", "columns=0", "columns=many", "columns"):
        assert CliRunner().invoke(cli, ["scan", str(tmp_path), "--limit", word]).exit_code == 2
