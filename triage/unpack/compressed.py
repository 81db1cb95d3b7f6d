"""bzip2, xz, lzma and zstd: one stream in one file, several one after the other too."""

from __future__ import annotations

import bz2
import io
import lzma
from functools import partial
from typing import TYPE_CHECKING, Protocol

import zstandard

from triage import exhausted
from triage.entry import Entry, EntryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triage.limits import Limits
    from triage.options import Options

DESCRIPTION = "bzip2, xz, lzma and Zstandard, several streams in a row too"

_STEP = 1 << 14


class _Decompressor(Protocol):
    """What the three libraries share."""

    @property
    def eof(self) -> bool: ...

    @property
    def unused_data(self) -> bytes: ...

    def decompress(self, data: bytes, /) -> bytes: ...


def _bzip2(_memory: int) -> _Decompressor:
    return bz2.BZ2Decompressor()  # a megabyte at the most


def _xz(memory: int) -> _Decompressor:
    return lzma.LZMADecompressor(memlimit=memory)


def _zstd(memory: int) -> _Decompressor:
    return zstandard.ZstdDecompressor(max_window_size=memory).decompressobj()


_MAKERS: dict[str, Callable[[int], _Decompressor]] = {"bzip2": _bzip2, "xz": _xz, "lzma": _xz, "zstd": _zstd}
READS = tuple(_MAKERS)
_BY_MAGIC = ((b"BZh", "bzip2"), (b"\xfd7zXZ\x00", "xz"), (b"\x28\xb5\x2f\xfd", "zstd"), (b"", "lzma"))


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The one stream inside."""
    limits = options.limits
    magic = entry.head(limits.head_bytes, limits)[:6]
    maker = _MAKERS[next(name for mark, name in _BY_MAGIC if magic.startswith(mark))]
    yield entry.member(None, lambda: Decompressed(entry, limits, partial(maker, limits.window_bytes)))


class Decompressed(io.RawIOBase):
    """The streams in a row, unpacked in small steps, because of a step that meets damage nothing is given."""

    def __init__(self, entry: Entry, limits: Limits, maker: Callable[[], _Decompressor]) -> None:
        self._entry = entry
        self._source = entry.open(limits)
        self._maker = maker
        self._current = maker()
        self._left = memoryview(b"")
        self.consumed = 0

    def readable(self) -> bool:
        """True: it is only ever read."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fills ``buffer`` in part; 0 at the end of the last stream.

        Raises:
            EntryError: ``corrupt`` or ``truncated``.
        """
        while not self._left:
            if not self._step():
                return 0
        n = min(len(buffer), len(self._left))
        buffer[:n] = self._left[:n]
        self._left = self._left[n:]
        return n

    def _step(self) -> bool:
        """Unpacks a little more; false at the end."""
        given = b""
        if self._current.eof:
            given = self._current.unused_data or self._taken()
            # Streams are padded with NUL bytes to a block of the medium.
            while given and not given.strip(b"\x00"):
                given = self._taken()
            if not given:
                return False
            self._current = self._maker()
            first = False
        else:
            given = self._taken()
            first = True
        if not given:
            raise EntryError("truncated")
        try:
            self._left = memoryview(self._current.decompress(given))
        except (OSError, EOFError, ValueError, MemoryError, lzma.LZMAError, zstandard.ZstdError) as error:
            if first:
                raise EntryError(exhausted.code(error, "corrupt")) from None
            self._entry.problems["trailing_bytes"] = 1
            return False
        return True

    def _taken(self) -> bytes:
        data = self._source.read(_STEP) or b""
        self.consumed += len(data)
        return data

    def close(self) -> None:
        """Closes the packed stream."""
        self._source.close()
        super().close()
