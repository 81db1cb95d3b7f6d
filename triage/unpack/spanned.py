"""zip in several volumes (APPNOTE 8.5): places in the index count from the beginning of the volume that they name.

The module of the standard library reads such an index where all volumes stand in one stream, but for two things: it takes all
places for places in one file, and it refuses an index of the 64-bit kind that speaks of more than one disk.
"""

from __future__ import annotations

import io
from bisect import bisect_right
from typing import TYPE_CHECKING

from triage.volumes import MISSING

if TYPE_CHECKING:
    import zipfile

    from triage.entry import Entry

_LOCATOR, _SIZE, _REACH = b"PK\x06\x07", 20, 1 << 17
_END = b"PK\x05\x06"


def one_disk(stream: io.BufferedReader | io.BytesIO, entry: Entry) -> io.BufferedReader:
    """The stream with an index that speaks of one disk."""
    size = stream.seek(0, io.SEEK_END)
    start = max(entry.starts[-1], size - _REACH)
    stream.seek(start)
    at = stream.read().rfind(_LOCATOR)
    return io.BufferedReader(_Changed(stream, size if at < 0 else start + at))


def placed(archive: zipfile.ZipFile, entry: Entry) -> None:
    """Puts the members where they are in the stream of all volumes; those of a volume that lacks behind its end."""
    lacking = _volumes(archive, entry) - (len(entry.starts) - 1) if entry.starts else -1
    if lacking < 0:
        return  # one archive with one count of places, cut after it was made or not at all
    own = entry.starts[bisect_right(entry.starts, archive.start_dir) - 1]
    last = len(entry.starts) - 1
    for info in archive.infolist():
        # What lacks, lacks before the last one: that is named otherwise and is there, for the index is.
        number = last if info.volume == last + lacking else info.volume
        inside = number < last or (number == last and not lacking) or info.volume == last + lacking
        info.header_offset += (entry.starts[number] if inside and number < len(entry.starts) else entry.size or 0) - own
    if lacking:
        entry.problems[MISSING] = lacking


def _volumes(archive: zipfile.ZipFile, entry: Entry) -> int:
    """The number of the volume that the index ends in, from 0."""
    stream = archive.fp
    if stream is None:
        return 0
    stream.seek(max(entry.starts[-1], stream.seek(0, io.SEEK_END) - _REACH))
    end = stream.read()
    at = end.rfind(_END)
    return int.from_bytes(end[at + 4 : at + 6], "little") if at >= 0 else 0


class _Changed(io.RawIOBase):
    """A stream in which the locator of the 64-bit index, at a position, tells of one disk."""

    def __init__(self, stream: io.BufferedReader | io.BytesIO, at: int) -> None:
        self._stream = stream
        self._at = at

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._stream.tell()

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        return self._stream.seek(offset, whence)

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        position = self._stream.tell()
        data = bytearray(self._stream.read(len(buffer)))
        for at, value in ((self._at + 4, 0), (self._at + 16, 1)):
            for n, byte in enumerate(value.to_bytes(4, "little")):
                if 0 <= at + n - position < len(data):
                    data[at + n - position] = byte
        buffer[: len(data)] = data
        return len(data)
