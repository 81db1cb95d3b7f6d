"""dBASE tables (.dbf), as the file structures of dBASE III to 7 and FoxPro describe them; deleted records too.

Memo texts lie in a second file (.dbt, .fpt) that is no table by itself; their cells here are empty.
"""

from __future__ import annotations

import datetime as dt
import struct
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

from triage.entry import EntryError
from triage.readers import Head, grid

if TYPE_CHECKING:
    from triage.readers import Job, Made

READS = ("dbf",)
KIND = "dbf"
DESCRIPTION = "dBASE and FoxPro tables (.dbf)"

_DBASE7 = 4
_CODE_PAGES = {
    0x01: "cp437",
    0x02: "cp850",
    0x03: "cp1252",
    0x57: "cp1252",
    0x64: "cp852",
    0x65: "cp866",
    0x66: "cp865",
    0x67: "cp861",
    0x6A: "cp737",
    0x6B: "cp857",
    0x78: "cp950",
    0x79: "cp949",
    0x7A: "cp936",
    0x7B: "cp932",
    0x7D: "cp1255",
    0x7E: "cp1256",
    0xC8: "cp1250",
    0xC9: "cp1251",
    0xCA: "cp1254",
    0xCB: "cp1253",
    0x08: "cp865",
    0x09: "cp437",
    0x0A: "cp850",
    0x0D: "cp437",
    0x0E: "cp850",
    0x0F: "cp437",
    0x10: "cp850",
    0x12: "cp850",
    0x14: "cp850",
    0x37: "cp850",
    0x1D: "cp850",
    0x25: "cp850",
}
_READ = 1 << 20


class Field(NamedTuple):
    """A column: its name, its type letter, its length in bytes."""

    name: str
    kind: str
    length: int


def segments(job: Job) -> Iterator[Made]:
    """The segments of the table."""
    stream = job.entry.open(job.options.limits)
    first = stream.read(32)
    if len(first) < 32:  # noqa: PLR2004 - the fixed part of a header
        raise EntryError("truncated")
    rows, header, length = struct.unpack_from("<IHH", first, 4)
    encoding = job.options.reading.encoding or _CODE_PAGES.get(first[29], "cp1252")
    fields = _fields(first[0], stream.read(max(0, header - 32)), encoding)
    if not fields or sum(f.length for f in fields) + 1 > length:
        raise EntryError("corrupt")
    head = Head(None, job.shape, names=[f.name for f in fields])
    yield from grid.table(job, head, _Records(job, fields, length, encoding).rows(stream, rows))


def _fields(version: int, data: bytes, encoding: str) -> list[Field]:
    seven = version & 7 == _DBASE7
    size, name = (48, 32) if seven else (32, 11)
    at = 36 if seven else 0
    found = []
    while at + size <= len(data) and data[at] not in b"\r\x00":
        raw = data[at : at + size]
        length = raw[name + 1] if seven else raw[16]
        # Long text columns of Clipper and FoxPro keep the high byte of their length where others have decimals.
        kind = chr(raw[name])
        if kind == "C" and not seven:
            length |= raw[17] << 8
        found.append(Field(raw[:name].partition(b"\x00")[0].decode(encoding, "replace").strip(), kind, length))
        at += size
    return found


class _Records:
    """The records of a table as rows of text."""

    def __init__(self, job: Job, fields: list[Field], length: int, encoding: str) -> None:
        self._entry = job.entry
        self._length = length
        self._encoding = encoding
        self._columns: list[tuple[str, int, int]] = []
        at = 1
        for field in fields:
            self._columns.append((field.kind, at, at + field.length))
            at += field.length

    def rows(self, stream: Any, told: int) -> Iterator[list[str | None]]:  # noqa: ANN401 - anything with read
        """Every record up to the mark of the end (0x1A); fewer than the header tells is a cut file."""
        seen = 0
        step = self._length * max(1, _READ // self._length)
        while seen < told and (block := stream.read(step)):
            for start in range(0, len(block), self._length):
                record = block[start : start + self._length]
                if len(record) < self._length or record[:1] == b"\x1a" or seen == told:
                    break
                seen += 1
                yield [self._text(kind, record[a:b]) for kind, a, b in self._columns]
        if seen < told:
            self._entry.problems["truncated"] = 1

    def _text(self, kind: str, raw: bytes) -> str | None:
        if kind == "D":
            day = raw.decode("ascii", "replace").strip("\x00 ")
            return f"{day[:4]}-{day[4:6]}-{day[6:8]}" if len(day) == 8 and day.isdecimal() else day or None  # noqa: PLR2004 - yyyymmdd
        if kind in {"I", "+"} and len(raw) == 4:  # noqa: PLR2004 - a 32-bit number
            return str(int.from_bytes(raw, "little", signed=True)) if kind == "I" else str(int.from_bytes(raw, "big") & 0x7FFFFFFF)
        if kind in "TYBOM@GP0" and any(b < 32 and b not in b"\t\r\n" for b in raw):  # noqa: PLR2004 - binary
            return _binary(kind, raw)
        if kind in "MGP":
            return None
        return raw.decode(self._encoding, "replace").strip("\x00 ") or None


def _binary(kind: str, raw: bytes) -> str | None:
    """Moments (Julian day and milliseconds), money (ten-thousandths) and doubles; others say nothing as text."""
    if len(raw) != 8:  # noqa: PLR2004 - all are of 64 bits
        return None
    if kind == "Y":
        return str(int.from_bytes(raw, "little", signed=True) / 10_000)
    if kind == "B":
        return repr(struct.unpack("<d", raw)[0])
    if kind == "T":
        day, ms = struct.unpack("<II", raw)
        return _moment(day, ms)
    return None


_JULIAN = 1_721_425  # day number of 0001-01-01, less one day


def _moment(day: int, ms: int) -> str | None:
    try:
        moment = dt.datetime.fromordinal(day - _JULIAN) + dt.timedelta(milliseconds=ms)
    except (ValueError, OverflowError):
        return None
    return moment.isoformat(" ", "seconds")
