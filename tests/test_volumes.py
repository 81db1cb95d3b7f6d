"""One file in several: the parts are read as one, each is listed and hashed, and a part that lacks is named."""

from __future__ import annotations

import gzip
import hashlib
import io
import random
import struct
import zipfile

import py7zr
import pytest

import triage
from triage import evidence, volumes

TEXT = "nom;email\n" + "".join(f"N{n};a{random.Random(n).random()}@example.org\n" for n in range(400))
ROWS = 400


def cut(data: bytes, size: int) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def zipped(*names: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(name, TEXT.replace("email", name.partition(".")[0]))
    return out.getvalue()


def spanned(data: bytes, size: int) -> list[bytes]:
    """The archive in volumes, its places told as Info-ZIP tells them: volume, and bytes from its beginning."""
    data = bytearray(b"PK\x07\x08" + data)
    end = data.rfind(b"PK\x05\x06")
    count, _, start = struct.unpack_from("<HII", data, end + 10)
    at = start = start + 4
    for _ in range(count):
        names = struct.unpack_from("<HHH", data, at + 28)
        place = struct.unpack_from("<I", data, at + 42)[0] + 4
        struct.pack_into("<H", data, at + 34, place // size)
        struct.pack_into("<I", data, at + 42, place % size)
        at += 46 + sum(names)
    last = (len(data) - 1) // size
    assert start // size == last, "the index lies in the last volume"
    struct.pack_into("<HH", data, end + 4, last, last)
    struct.pack_into("<I", data, end + 16, start - last * size)
    return cut(bytes(data), size)


def sevenzipped() -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w") as archive:
        archive.writestr(TEXT.encode(), "a.csv")
    return out.getvalue()


def named(form: str) -> tuple[dict[str, bytes], str]:
    """The parts of one file by name, and the name its entries have."""
    if form == "z01":
        parts = spanned(zipped("a.csv", "b.csv", "c.csv"), 4500)
        return {f"x.z{n:02}": p for n, p in enumerate(parts[:-1], 1)} | {"x.zip": parts[-1]}, "x.zip"
    data = {"7z": sevenzipped(), "gz": gzip.compress(TEXT.encode(), mtime=0), "csv": TEXT.encode(), "zip": zipped("a.csv")}[form]
    if form == "csv":
        return {f"x.csv.a{chr(97 + n)}": p for n, p in enumerate(cut(data, 4096))}, "x.csv.aa"
    return {f"x.{form}.{n:03}": p for n, p in enumerate(cut(data, 2000), 1)}, f"x.{form}.001"


def put(folder, parts, *without):
    for name, data in parts.items():
        if name not in without:
            (folder / name).write_bytes(data)
    return triage.scan([folder])


def lacking(result):
    return {p.entry.rpartition("/")[2] for f in result.inputs.files for p in f.problems if p.code == "missing_part" and "!" not in p.entry}


FORMS = ["7z", "gz", "csv", "zip", "z01"]


@pytest.mark.parametrize("form", [*FORMS, *(pytest.param(form, marks=pytest.mark.isolated) for form in ("7z", "z01"))])
def test_parts_are_one_file(tmp_path, form):
    parts, lead = named(form)
    assert len(parts) > 2
    result = put(tmp_path, parts)
    files = {f.path.rpartition("/")[2]: f for f in result.inputs.files}
    assert {n: (f.bytes, f.sha256) for n, f in files.items()} == {n: (len(p), hashlib.sha256(p).hexdigest()) for n, p in parts.items()}
    assert {f.part_of and f.part_of.rpartition("/")[2] for f in files.values()} == {None, lead}
    assert {f.status for f in files.values()} == {"ok"}
    assert [t.rows_total for t in result.tables] == [ROWS] * (3 if form == "z01" else 1)
    assert {t.evidence.rpartition("/")[2] for t in result.tables} == {lead}


@pytest.mark.parametrize("form", [form for form in FORMS if form != "csv"])  # parts without a sign of it are known by their sizes alone
def test_a_part_that_lacks_is_named(tmp_path, form):
    parts, _ = named(form)
    names = list(parts)
    for lost in {names[0], names[1], names[-1]}:
        folder = tmp_path / lost
        folder.mkdir()
        result = put(folder, parts, lost)
        assert lacking(result) == {lost}, result.problems
        assert {f.status for f in result.inputs.files} <= {"partial", "unreadable"}


def test_what_lies_in_the_other_parts_is_read(tmp_path):
    parts, _ = named("z01")
    result = put(tmp_path, parts, "x.z02")
    assert [t.rows_total for t in result.tables] != []
    assert {p.code for p in result.problems} >= {"missing_part"}


@pytest.mark.parametrize(
    "names",
    [
        {"log.001": b"a;b\n1;2\n", "log.002": b"a;b\n1;2\n3;4\n"},
        {"fr": b"a;b\n1;2\n", "en": b"a;b\n1;3\n"},
        {"x.003": b"a;b\n1;2\n", "x.004": b"a;b\n1;2\n"},
        {"x.rar": b"a;b\n1;2\n", "y.r01": b"a;b\n1;4\n"},
    ],
)
def test_files_of_their_own_stay_so(tmp_path, names):
    result = put(tmp_path, names)
    assert lacking(result) == set()
    assert {f.part_of for f in result.inputs.files} == {None}
    assert len(result.inputs.files) == len(names)


def test_the_order_is_that_of_numbers_and_names_of_both_kinds(tmp_path):
    for name in ("b.part10.rar", "b.part9.rar", "b.part1.rar", "old.rar", "old.r00", "old.r01", "UP.Z01", "UP.ZIP"):
        (tmp_path / name).write_bytes(b"x" * 10)
    found = {e.path.rpartition("/")[2]: e for e in volumes.joined(evidence.inventory([tmp_path]).files)}
    assert set(found) == {"b.part1.rar", "old.rar", "UP.ZIP"}
    order = {lead: [v.path.rpartition("/")[2] for v in item.volumes] for lead, item in found.items()}
    assert order["b.part1.rar"] == [f"b.part{n}.rar" for n in range(1, 11)]
    assert order["old.rar"] == ["old.rar", "old.r00", "old.r01"]
    assert order["UP.ZIP"] == ["UP.Z01", "UP.ZIP"]
    assert [v.problem for v in found["b.part1.rar"].volumes].count(volumes.MISSING) == 7


def test_rar_volumes_say_themselves_that_another_follows():
    from triage.unpack import others  # noqa: PLC0415 - only here

    assert others._goes_on(bytes.fromhex("378b4751260305040100000000000000000000"))
    assert not others._goes_on(bytes.fromhex("aa04ab5bd17502371d77565103050400"))
    assert others._goes_on(bytes.fromhex("ffffffff56557b0f401400c3a58ef5000000000000000000"))
