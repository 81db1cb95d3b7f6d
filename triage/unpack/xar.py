"""What the table of a xar archive must not say: libarchive before 3.7 goes round a file of two types without an end.

The table is XML under zlib behind a header of 28 bytes or more (xar, "File Format"); it is read here for that alone.
"""

from __future__ import annotations

import zlib
from contextlib import suppress
from xml.parsers import expat

MAGIC = b"xar!"
_MOST = 64 << 20  # bytes of the table; each file takes some five hundred


def endless(head: bytes) -> bool:
    """Whether a file of the archive that begins with ``head`` has two types; a table that cannot be read has none."""
    start, packed = int.from_bytes(head[4:6], "big"), int.from_bytes(head[8:16], "big")
    parser, types = expat.ParserCreate(), _Types()
    parser.StartElementHandler, parser.EndElementHandler, parser.StartDoctypeDeclHandler = types.start, types.end, types.refuse
    with suppress(zlib.error, expat.ExpatError, ValueError):  # damage is libarchive's to tell
        parser.Parse(zlib.decompressobj().decompress(head[start : start + packed], _MOST))
    return types.several


class _Types:
    """The types of each file that is open, files lying in folders."""

    def __init__(self) -> None:
        self.several = False
        self._open: list[str] = []
        self._seen = [0]

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        if name == "file":
            self._seen.append(0)
        elif name == "type" and self._open[-1:] == ["file"]:
            self._seen[-1] += 1
            self.several |= self._seen[-1] > 1
        self._open.append(name)

    def end(self, name: str) -> None:
        self._open.pop()
        if name == "file":
            self._seen.pop()

    def refuse(self, *_: object) -> None:
        """A document type, and so any entity."""
        raise ValueError
