"""Rows about containers: damage, disguise, encryption, bombs, and members that would write elsewhere."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from pathlib import Path

import py7zr
import pytest
import pyzipper
from faults.rows import counted, put, row, table

ROWS_40, OTHER = table(40), b"a;b\n1;2\n3;4\n"

OPENS = "secret"


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return out.getvalue()


@row("04_gzip", {"tail.csv.gz": "trailing_bytes", "sum.csv.gz": "corrupt"}, exits=3, holds=lambda i: set(counted(i).values()) == {40})
def gzips(folder: Path) -> None:
    packed = gzip.compress(ROWS_40)
    half = len(ROWS_40) // 2
    for name, data in {
        "several.csv.gz": gzip.compress(ROWS_40[:half]) + gzip.compress(ROWS_40[half:]),
        "tail.csv.gz": packed + b"not a member",
        "sum.csv.gz": packed[:-8] + bytes(4) + packed[-4:],
        "disguised.csv": gzip.compress(ROWS_40.replace(b"note", b"Note")),
    }.items():
        (folder / name).write_bytes(data)


def renamed(data: bytes) -> bytes:
    """The index tells another name than the member itself."""
    at = data.index(b"PK\x01\x02")
    return data[:at] + data[at:].replace(b"a.csv", b"b.csv")


@row(
    "05_zip",
    {
        **dict.fromkeys(["headless.zip", "cut.zip", "comment.zip"], "truncated"),
        **dict.fromkeys(["names.zip", "two.zip"], "corrupt"),
        "prepended.zip": "not_text",
    },
    exits=3,
    holds=lambda i: {"two.zip!a.csv", "two.zip!b.csv"} <= {p["entry"].rpartition("/")[2] for t in i["tables"] for p in t["parts"]},
)
def zips(folder: Path) -> None:
    whole = zipped(**{"a.csv": ROWS_40})
    at = whole.index(b"PK\x01\x02")
    twice = io.BytesIO()
    with zipfile.ZipFile(twice, "w") as archive:
        archive.writestr("a.csv", ROWS_40)
        with pytest.warns(UserWarning, match="Duplicate"):
            archive.writestr("a.csv", OTHER)
    large = io.BytesIO()
    with zipfile.ZipFile(large, "w") as archive, archive.open("a.csv", "w", force_zip64=True) as member:
        member.write(ROWS_40)
    for name, data in {
        "headless.zip": whole[:at],
        "cut.zip": whole[:-5],
        "two.zip": zipped(**{"a.csv": table(30)}) + zipped(**{"b.csv": OTHER}),
        "names.zip": renamed(whole),
        "twice.zip": twice.getvalue(),
        "large.zip": large.getvalue(),
        "comment.zip": whole[:-2] + struct.pack("<H", 22) + whole[-22:],
        "prepended.zip": b"MZ" + bytes(300) + whole,
    }.items():
        (folder / name).write_bytes(data)


@row("06_encrypted", dict.fromkeys(["a.zip", "a.7z", "head.7z"], "encrypted"), exits=3, rows=0)
def encrypted(folder: Path) -> None:
    with pyzipper.AESZipFile(folder / "a.zip", "w", compression=pyzipper.ZIP_DEFLATED, encryption=pyzipper.WZ_AES) as archive:
        archive.setpassword(b"secret")
        archive.writestr("a.csv", ROWS_40)
    for name, header in (("a.7z", False), ("head.7z", True)):
        with py7zr.SevenZipFile(folder / name, "w", password=OPENS, header_encryption=header) as archive:
            archive.writestr(ROWS_40, "a.csv")


@row("07_nested", {"deep.zip": "too_deep", "deep.gz": "too_deep"}, exits=3, rows=40)
def nested(folder: Path) -> None:
    deep = zipped(**{"a.csv": ROWS_40})
    turned = gzip.compress(ROWS_40)
    for _ in range(12):
        deep = zipped(**{"in.zip": deep})
        turned = gzip.compress(turned)
    put(folder, deep_zip=deep, deep_gz=turned, beside_csv=ROWS_40)


@row("08_overlap", {"a.zip": "overlap"}, exits=3, rows=40)
def overlap(folder: Path) -> None:
    data = bytearray(zipped(**{f"{n:03}.csv": ROWS_40 for n in range(200)}))
    at = data.index(b"PK\x01\x02")
    while (at := data.find(b"PK\x01\x02", at)) > 0:
        struct.pack_into("<I", data, at + 42, 0)
        at += 4
    put(folder, a_zip=bytes(data))


@row("09_ratio", dict.fromkeys(["a.csv.gz", "a.zip"], "no_dialect ratio record_too_long rows_rejected"), exits=3)
def ratio(folder: Path) -> None:
    bomb = b"0" * (72 << 20)
    (folder / "a.csv.gz").write_bytes(gzip.compress(bomb, 9))
    put(folder, a_zip=zipped(**{"a.csv": bomb}), b_csv=ROWS_40)


@row("10_many_members", {"a.zip": "too_many_members"}, exits=3, words=("--limit", "members=50"), rows=50 * 2 + 2)
def many_members(folder: Path) -> None:
    put(folder, a_zip=zipped(**{f"{n}.csv": OTHER.replace(b"1", b"%d" % n) for n in range(3000)}))
    put(folder, b_zip=zipped(**{"d/" * 10_000 + "a.csv": OTHER}))


@row("11_tar", {"a.tar": "skipped_special"}, holds=lambda i: counted(i) == {"out.csv": 40, "passwd.csv": 2, "long.csv": 2})
def tar(folder: Path) -> None:
    with tarfile.open(folder / "a.tar", "w") as archive:
        for kind, name, target in (
            (tarfile.SYMTYPE, "link", "/etc"),
            (tarfile.SYMTYPE, "up", ".."),
            (tarfile.LNKTYPE, "hard", "../out.csv"),
            (tarfile.CHRTYPE, "zero", ""),
            (tarfile.FIFOTYPE, "pipe", ""),
        ):
            info = tarfile.TarInfo(name)
            info.type, info.linkname, info.devmajor, info.devminor = kind, target, 1, 5
            archive.addfile(info)
        for name, data in (("../../out.csv", ROWS_40), ("/etc/passwd.csv", OTHER), ("x" * 40_000 + "/long.csv", OTHER)):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
