"""gzip (RFC 1952): members one after the other are one stream; what follows the last one is counted, not read."""

from __future__ import annotations

import io
import zlib
from typing import TYPE_CHECKING

from triage.entry import Entry, EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.limits import Limits
    from triage.options import Options

READS = ("gzip",)
DESCRIPTION = "gzip, several members too"

_MAGIC = b"\x1f\x8b"
# Of a step that meets damage nothing is given: small steps lose little.
_STEP = 1 << 14


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The one stream inside."""
    limits = options.limits
    yield entry.member(None, lambda: Inflated(entry, limits))


class Inflated(io.RawIOBase):
    """The members of a gzip stream, unpacked in turn.

    zlib's own loop rather than the ``gzip`` module: that one gives nothing of a chunk whose end is damaged, and takes
    bytes after the last member for an error.
    """

    def __init__(self, entry: Entry, limits: Limits) -> None:
        self._entry = entry
        self._source = entry.open(limits)
        self._left = b""
        self._inflate = self._member()
        self.consumed = 0

    @staticmethod
    def _member() -> zlib._Decompress:
        return zlib.decompressobj(zlib.MAX_WBITS | 16)

    def readable(self) -> bool:
        """True: it is only ever read."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fills ``buffer`` in part; 0 at the end of the last member.

        Raises:
            EntryError: ``corrupt`` or ``truncated``.
        """
        while True:
            if self._inflate.eof and not self._next_member():
                return 0
            given = self._left or self._taken()
            try:
                data = self._inflate.decompress(given, min(len(buffer), _STEP))
            except zlib.error:
                raise EntryError("corrupt") from None
            self._left = self._inflate.unconsumed_tail
            if data:
                buffer[: len(data)] = data
                return len(data)
            if not given and not self._inflate.eof:
                raise EntryError("truncated")

    def _taken(self) -> bytes:
        data = self._source.read(_STEP) or b""
        self.consumed += len(data)
        return data

    def _next_member(self) -> bool:
        rest = self._inflate.unused_data or self._left
        while len(rest) < len(_MAGIC) and (more := self._taken()):
            rest += more
        if not rest.startswith(_MAGIC):
            if rest.strip(b"\x00"):
                self._entry.problems["trailing_bytes"] = 1
            return False
        self._left, self._inflate = rest, self._member()
        return True

    def close(self) -> None:
        """Closes the packed stream."""
        self._source.close()
        super().close()
