"""Containers: what is packed is read like what is not; what cannot be read is named, and what can be read still is."""

from __future__ import annotations

import bz2
import io
import lzma
import struct
import tarfile
import zipfile
import zlib

import py7zr
import pytest
import pyzipper
import zstandard

import triage
from triage.options import Options
from triage.unpack import UNPACKERS

ROWS = ("nom;ville\n" + "".join(f"MARTIN{n};Vannes\n" for n in range(3000))).encode()
OPENS = "secret"
OTHER = b"a,b\n1,2\n3,4\n"


def scanned(tmp_path, data: bytes, *passwords: str):
    path = tmp_path / "x"
    path.write_bytes(data)
    return triage.scan([path], Options(passwords=passwords))


def codes(result) -> dict[str, int]:
    return {p.code: p.count for p in result.problems}


def zipped(method: int = zipfile.ZIP_DEFLATED, **files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


def tarred(*, special: bool = False) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        if special:
            link = tarfile.TarInfo("link")
            link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
            archive.addfile(link)
        for name, data in (("a.csv", ROWS), ("d/b.csv", OTHER)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def sevenzipped(**options) -> bytes:
    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", **options) as archive:
        archive.writestr(ROWS, "a.csv")
        archive.writestr(OTHER, "d/b.csv")
    return out.getvalue()


WHOLE = {
    "zip": lambda: zipped(**{"a.csv": ROWS, "d/b.csv": OTHER}),
    "zip stored": lambda: zipped(zipfile.ZIP_STORED, **{"a.csv": ROWS, "d/b.csv": OTHER}),
    "zip lzma": lambda: zipped(zipfile.ZIP_LZMA, **{"a.csv": ROWS, "d/b.csv": OTHER}),
    "tar": tarred,
    "tar.xz": lambda: lzma.compress(tarred()),
    "tar.lzma": lambda: lzma.compress(tarred(), lzma.FORMAT_ALONE),
    "tar.bz2": lambda: bz2.compress(tarred()),
    "tar.zst": lambda: zstandard.compress(tarred()),
    "7z": sevenzipped,
    "zip in tar in zip": lambda: zipped(**{"in.tar": tarred()}),
}


@pytest.mark.parametrize("make", WHOLE.values(), ids=WHOLE)
def test_what_is_packed_is_read_like_what_is_not(tmp_path, make):
    result = scanned(tmp_path, make())
    rows = {t.entry.rpartition("!")[2]: t.rows_total for t in result.tables}
    assert rows == {"a.csv": 3000, "d/b.csv": 2}
    assert codes(result) == {}


def test_two_streams_in_a_row_are_one(tmp_path):
    for pack in (bz2.compress, lzma.compress, zstandard.compress):
        result = scanned(tmp_path, pack(ROWS[:500]) + pack(ROWS[500:]))
        assert result.size.rows_total == 3000


def test_links_in_an_archive_are_named_and_not_followed(tmp_path):
    result = scanned(tmp_path, tarred(special=True))
    assert codes(result) == {"skipped_special": 1}
    assert result.size.rows_total == 3002


@pytest.mark.parametrize("make", [tarred, lambda: zipped(**{"a.csv": ROWS, "d/b.csv": OTHER}), sevenzipped], ids=["tar", "zip", "7z"])
def test_a_cut_archive_is_told_as_such(tmp_path, make):
    whole = make()
    result = scanned(tmp_path, whole[: len(whole) * 2 // 3])
    assert {"corrupt", "truncated"} & set(codes(result))
    assert result.inputs.files[0].status in {"partial", "unreadable"}


def test_a_zip_without_index_gives_what_its_members_hold(tmp_path):
    whole = zipped(**{"a.csv": ROWS, "d/b.csv": OTHER})
    result = scanned(tmp_path, whole[: whole.index(b"PK\x01\x02")])
    assert result.size.rows_total == 3002
    assert codes(result) == {"truncated": 1}


def test_a_streamed_zip_without_index_too(tmp_path):
    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    out = Pipe()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", ROWS)
        archive.writestr("d/b.csv", OTHER)
    whole = out.getvalue()
    result = scanned(tmp_path, whole[: whole.index(b"PK\x01\x02")])
    assert result.size.rows_total == 3002


def test_an_encrypted_zip_opens_with_its_password_alone(tmp_path):
    out = io.BytesIO()
    with pyzipper.AESZipFile(out, "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"secret")
        archive.writestr("a.csv", ROWS)
    data = out.getvalue()
    assert codes(scanned(tmp_path, data)) == {"encrypted": 1}
    assert codes(scanned(tmp_path, data, "wrong")) == {"encrypted": 1}
    assert scanned(tmp_path, data, "wrong", "secret").size.rows_total == 3000


@pytest.mark.parametrize("header", [False, True])
def test_an_encrypted_7z_opens_with_its_password_alone(tmp_path, header):
    data = sevenzipped(password=OPENS, header_encryption=header)
    assert codes(scanned(tmp_path, data)) == {"encrypted": 1}
    assert codes(scanned(tmp_path, data, "wrong")) == {"encrypted": 1}
    assert scanned(tmp_path, data, "secret").size.rows_total == 3002


def test_members_that_share_their_bytes_are_a_bomb(tmp_path):
    data = bytearray(zipped(**{"a.csv": OTHER, "b.csv": OTHER}))
    second = data.rindex(b"PK\x01\x02")
    struct.pack_into("<I", data, second + 42, 0)
    result = scanned(tmp_path, bytes(data))
    assert codes(result)["overlap"] == 1


def test_a_member_that_breaks_does_not_hide_the_next(tmp_path):
    data = bytearray(zipped(**{"a.csv": ROWS, "b.csv": OTHER}))
    data[2000:2400] = bytes(400)
    result = scanned(tmp_path, bytes(data))
    assert codes(result).get("corrupt") == 1
    assert {t.entry: t.rows_total for t in result.tables}["x!b.csv"] == 2


def test_a_name_is_one_line_of_text(tmp_path):
    result = scanned(tmp_path, zipped(**{"../a\n\x1b[31m.csv": OTHER}))
    assert result.tables[0].entry == "x!../a\\x0a\\x1b[31m.csv"


def test_a_volume_of_a_split_archive_is_told_as_such(tmp_path):
    result = scanned(tmp_path, zipped(**{"x.7z.001": sevenzipped()[:300]}))
    assert codes(result)["split_volume"] == 1


def test_an_archive_whose_library_is_not_here_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(UNPACKERS.modules["others"], "NEEDS", ("no_such_library",))
    result = scanned(tmp_path, b"Rar!\x1a\x07\x01\x00" + bytes(200))
    assert codes(result) == {"missing_library": 1}
    assert result.inputs.files[0].status == "unreadable"


@pytest.mark.parametrize(("types", "told"), [(1, set()), (2, {"corrupt"})])
def test_a_xar_file_of_two_types_is_not_given_to_the_library_that_goes_round_it(tmp_path, types, told):
    kind = '<type link="original">hardlink</type>' if types > 1 else "<type>directory</type>"
    table = f'<?xml version="1.0"?><xar><toc><file id="1"><name>a</name>{kind * types}</file></toc></xar>'.encode()
    packed = zlib.compress(table)
    data = struct.pack(">4sHHQQI", b"xar!", 28, 1, len(packed), len(table), 0) + packed
    assert set(codes(scanned(tmp_path, data))) - {"empty"} == told
