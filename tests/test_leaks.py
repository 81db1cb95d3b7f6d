"""No value of a cell leaves: canaries are planted, and everything the command writes or prints is searched for them."""

from __future__ import annotations

import csv
import itertools
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from triage import report
from triage.cli import cli

CANARY = "qzxcanari"
MARK = CANARY.encode()


def everything_written(work: Path, *words: str | Path, stdin: bytes | None = None) -> bytes:
    """All that one scan prints and leaves behind, and every report made of it, as one haystack."""
    temporary, out = work / "tmp", work / "out"
    temporary.mkdir()
    environment = {**os.environ, "TMPDIR": str(temporary), "HOME": str(work)}
    call = [sys.executable, "-m", "triage", "scan", *words, "-o", out, "--debug"]
    done = subprocess.run(call, capture_output=True, check=False, input=stdin, env=environment)
    assert done.returncode in {0, 3}, done.stderr
    haystack = done.stdout + done.stderr
    for path in [*out.rglob("*"), *temporary.rglob("*")]:
        haystack += path.name.encode() + (path.read_bytes() if path.is_file() else b"")
    for name, language in itertools.product(report.names(), ("fr", "en")):
        haystack += CliRunner().invoke(cli, ["report", str(out), "-f", name, "--lang", language]).output_bytes
    assert not list(temporary.iterdir())
    return haystack


def around(haystack: bytes) -> list[bytes]:
    """Where canaries were found, with what stands before them."""
    return re.findall(rb".{0,60}" + MARK, haystack.lower())[:5]


def planted(cell: str) -> bytes:
    """Rows whose every cell holds the canary, among columns of every kind."""
    names = ("nom", "prenom", "email", "mot de passe", "commentaire", "ville", "numero", "x")
    lines = [";".join(names)]
    for n in range(60):
        mail = f"{CANARY}{n}@{CANARY}{n}.example.org"
        lines.append(f"{CANARY}{n};{CANARY}{n % 7};{mail};{CANARY}{n}!A;diabète de {CANARY} {n};{CANARY};{CANARY}-{n};{cell}{CANARY}")
    return "\r\n".join(lines).encode()


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("sound", lambda data: data),
        ("unclosed quote", lambda data: data.replace(b"20;", b'20;"', 1)),
        ("bad bytes", lambda data: data.replace(b"canari3", b"canari\xff\xfe3", 1)),
        ("no utf-8", lambda data: data.decode().encode("cp1252")),
        ("long rows", lambda data: re.sub(rb"(A;.*)\r\n", rb"\1;" + MARK + rb";" + MARK + rb"\r\n", data)),
        ("cut", lambda data: data[:-7]),
        ("nul", lambda data: data.replace(b"canari5", b"canari\x005")),
    ],
)
def test_no_cell_is_found_in_anything_written(tmp_path, name, damage):
    path = tmp_path / "evidence" / f"{name}.csv"
    path.parent.mkdir()
    path.write_bytes(damage(planted("")))
    haystack = everything_written(tmp_path, path)
    assert not around(haystack)
    assert b"60" in haystack


def test_standard_input_is_as_tight(tmp_path):
    assert not around(everything_written(tmp_path, "-", stdin=planted("x")))


def test_a_header_that_is_a_person_is_not_shown(tmp_path):
    path = tmp_path / "evidence.csv"
    path.write_text("a;durand@example.org\n" + "1;2\n" * 30, "utf-8")
    assert b"durand@" not in everything_written(tmp_path, path)


def test_file_names_are_in_the_inventory_alone(tmp_path):
    path = tmp_path / f"{CANARY}.csv"
    path.write_text("a;b\n" + "1;2\n" * 30, "utf-8")
    everything_written(tmp_path, path)
    holding = {p.name for p in (tmp_path / "out").rglob("*") if p.is_file() and MARK in p.read_bytes()}
    # The manifest lies in .case, which is never sent.
    assert holding <= {"impact.json", "inventory.csv", "run.json", "manifest.jsonl"}


def test_no_personal_cell_of_the_lab_sample_is_found(tmp_path, root):
    truth = json.loads((root / "samples" / "lab.csv.truth.json").read_text("utf-8"))
    told = {"nir", "email", "phone", "iban", "address", "password", "login", "rpps", "birth_date", "health_text", "free_text", "patient_id"}
    columns = [n for n, column in enumerate(truth["tables"][0]["columns"]) if column["label"] in told]
    assert len(columns) > 5
    with (root / "samples" / "lab.csv").open(encoding="cp1252", newline="") as stream:
        cells = {row[n].strip() for row in list(csv.reader(stream, delimiter=";"))[1:] for n in columns if n < len(row)}
    sought = {c for c in cells if len(c) >= 6 and not re.fullmatch(r"0+|[A-Za-z]+", c)}
    haystack = everything_written(tmp_path, root / "samples" / "lab.csv").decode("utf-8", "replace")
    found = sorted(c for c in sought if c in haystack and re.search(rf"(?<!\w){re.escape(c)}(?!\w)", haystack))
    assert len(sought) > 500
    assert not found, f"{len(found)} cells"
