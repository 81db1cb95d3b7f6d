"""Mutations that get past checksums: the parts of a container are changed one by one, then its sums are made right again.

Without it nearly every changed zip, 7z or tar is refused at its first checksum, and what lies behind is never tried.
"""

from __future__ import annotations

import io
import random
import struct
import zipfile
import zlib
from collections.abc import Callable

Mutate = Callable[[bytes, int], bytes]

_BLOCK = 512
_START = 32  # bytes of the start header of a 7z


def mutated(data: bytes, size: int, seed: int, mutate: Mutate) -> bytes:
    """``data`` changed by ``mutate``, half the time inside its container."""
    draw = random.Random(seed)
    if draw.getrandbits(1):
        return mutate(data, size)
    if data.startswith(b"PK"):
        return _zip(data, size, draw, mutate)
    changed = mutate(data, size)
    if data.startswith(b"7z\xbc\xaf"):
        return _seven(bytearray(changed))
    return _tar(bytearray(changed)) if data[257:262] == b"ustar" else changed


def _zip(data: bytes, size: int, draw: random.Random, mutate: Mutate) -> bytes:
    """One member changed; all stored as they are."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [(name, archive.read(name)) for name in archive.namelist()]
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError, struct.error):
        return mutate(data, size)
    if not members:
        return mutate(data, size)
    chosen = draw.randrange(len(members))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for n, (name, body) in enumerate(members):
            archive.writestr(zipfile.ZipInfo(name), mutate(body or b" ", size // 2) if n == chosen else body)
    return out.getvalue()[:size]


def _seven(data: bytearray) -> bytes:
    """The sums of the start header and of the header it points at (7zFormat.txt)."""
    data[:6] = b"7z\xbc\xaf\x27\x1c"
    if len(data) >= _START:
        at = _START + int.from_bytes(data[12:20], "little")
        header = data[at : at + int.from_bytes(data[20:28], "little")]
        data[28:32] = zlib.crc32(header).to_bytes(4, "little")
        data[8:12] = zlib.crc32(data[12:_START]).to_bytes(4, "little")
    return bytes(data)


def _tar(data: bytearray) -> bytes:
    """The sum of each header (ustar)."""
    for at in range(0, len(data) - _BLOCK + 1, _BLOCK):
        if data[at + 257 : at + 262] == b"ustar":
            data[at + 148 : at + 156] = b" " * 8
            data[at + 148 : at + 156] = b"%06o\0 " % sum(data[at : at + _BLOCK])
    return bytes(data)
