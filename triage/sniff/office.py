"""What a zip or a compound file really is: office formats are archives, told by what stands in them.

Open Packaging (ECMA-376 part 2) lists its parts in ``[Content_Types].xml``, OpenDocument (ISO 26300) has a first member
``mimetype`` that is not compressed, compound files ([MS-CFB]) have a directory of streams by name.
"""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from typing import NamedTuple

_LOCAL = struct.Struct("<4s5H3I2H")
_MAGIC = b"PK\x03\x04"
_STORED, _DEFLATED = 0, 8
_PARTS = 1 << 20  # bytes of a part that are looked at
_LOOKED = 64  # members

_CONTENT_TYPES = (
    (b"sheet.binary.macroEnabled.main", "xlsb"),
    (b"spreadsheetml.", "xlsx"),
    (b"ms-excel.sheet.macroEnabled", "xlsx"),
    (b"wordprocessingml.", "docx"),
    (b"ms-word.document.macroEnabled", "docx"),
    (b"presentationml.", "pptx"),
)
_MIMETYPES = (
    (b"application/vnd.oasis.opendocument.spreadsheet", "ods"),
    (b"application/vnd.oasis.opendocument.text", "odt"),
    (b"application/vnd.oasis.opendocument.presentation", "odp"),
    (b"application/epub+zip", "epub"),
)
# Where the list of parts does not stand in front; an archive may well hold a folder named word.
_FOLDERS = (
    (b"xl/workbook.bin", "xlsb"),
    (b"xl/workbook.xml", "xlsx"),
    (b"xl/worksheets/sheet", "xlsx"),
    (b"word/document.xml", "docx"),
    (b"ppt/presentation.xml", "pptx"),
)

_DIRECTORY = (
    ("Workbook", "xls"),
    ("Book", "xls"),
    ("WordDocument", "doc"),
    ("__properties_version1.0", "msg"),
    ("PowerPoint Document", "ppt"),
)
_BIFF = (b"\x09\x08\x10\x00\x00\x06", b"\x09\x08\x08\x00\x00\x05")


class Part(NamedTuple):
    """A member of a zip as its local header tells it; ``data`` is what the look at its beginning gave."""

    name: bytes
    data: bytes


def of_zip(head: bytes) -> str:
    """``xlsx``, ``xlsb``, ``ods``, ``docx``, ``odt``, ``pptx``, ``odp``, ``epub``, or ``zip`` for any other archive."""
    folder = "zip"
    for number, part in enumerate(_parts(head)):
        if number == 0 and part.name == b"mimetype":
            return next((name for mark, name in _MIMETYPES if part.data.startswith(mark)), "zip")
        if part.name == b"[Content_Types].xml":
            found = next((name for mark, name in _CONTENT_TYPES if mark in part.data), None)
            if found:
                return found
        if folder == "zip":
            folder = next((name for mark, name in _FOLDERS if part.name.startswith(mark)), "zip")
    return folder


def _parts(head: bytes) -> Iterator[Part]:
    at = 0
    for _ in range(_LOOKED):
        if head[at : at + 4] != _MAGIC or len(head) < at + _LOCAL.size:
            return
        _, _, flags, method, _, _, _, packed, _, n, extra = _LOCAL.unpack_from(head, at)
        start = at + _LOCAL.size + n + extra
        body = head[start : start + packed] if packed else head[start:]
        name = head[at + _LOCAL.size : at + _LOCAL.size + n]
        data = _beginning(body, method, wanted=name in {b"mimetype", b"[Content_Types].xml"} and not flags & 1)
        yield Part(name, data)
        # A size in a descriptor behind the data (streamed zips): the next header is sought.
        at = start + packed if packed or not flags & 8 else head.find(_MAGIC, start)
        if at < 0:
            return


def _beginning(body: bytes, method: int, *, wanted: bool) -> bytes:
    if not wanted or method not in {_STORED, _DEFLATED}:
        return b""
    if method == _STORED:
        return body[:_PARTS]
    try:
        return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, _PARTS)
    except zlib.error:
        return b""


def of_compound(head: bytes) -> str:
    """``xls``, ``doc``, ``msg``, ``ppt``, or ``ole`` for any other compound file."""
    shift = int.from_bytes(head[30:32], "little")
    sector = int.from_bytes(head[48:52], "little")
    at = (sector + 1) << shift if shift in {9, 12} else 0
    directory = head[at : at + (1 << 14)]
    names = {directory[i : i + 64].decode("utf-16-le", "replace").partition("\x00")[0] for i in range(0, len(directory), 128)}
    found = next((name for stream, name in _DIRECTORY if stream in names), None)
    if found:
        return found
    # The directory may lie beyond what was read; a workbook's first stream mostly begins in the first sector.
    return "xls" if head[512:].startswith(_BIFF) else "ole"
