"""A stream of text to pieces of whole records.

Without quoting a record ends at every newline. With quoting it ends at a newline before which the quotes are even;
where there is none within reach (a quote that never closes), the piece ends at its last newline all the same and is
marked, so that the damage stays in it.
"""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.limits import Limits
    from triage.readers import Bytes
    from triage.sniff.records import Splitter


class Piece(NamedTuple):
    """Whole records. ``suspect``: cut by force; ``last``: nothing follows; ``rejected``: records too long to keep.

    ``quotes``: how many quote bytes it holds, counted for the cut and handed on for the proof.
    """

    data: bytes
    quotes: int = 0
    suspect: bool = False
    last: bool = False
    rejected: int = 0


class Cutter:
    """Cuts one stream; ``quote`` is one byte, or empty when the dialect has no quoting."""

    def __init__(self, source: Bytes, quote: bytes, limits: Limits) -> None:
        self._source = source
        self._quote = quote
        self._limits = limits
        self._chunk = max(1, min(limits.segment_bytes, limits.record_bytes))
        self._ahead = io.BytesIO()
        self._buffer = b""
        self._ended = False

    def skip_top(self, preamble: int, header: Splitter | None) -> int:
        """Drops the lines before the table, then one record split by ``header`` and the blank lines before it.

        Returns the number of those blank lines.
        """
        for _ in range(preamble):
            self._take(self._find_newline())
        blank = 0
        if header is not None:
            while (end := self._find_newline()) and not self._buffer[:end].strip(b"\r\n"):
                self._take(end)
                blank += 1
            self._skip_record(header, end)
        # What was read ahead is given back, so that pieces do not depend on how long the header is.
        self._ahead, self._buffer, self._ended = io.BytesIO(self._buffer), b"", False
        return blank

    def _skip_record(self, splitter: Splitter, line: int) -> None:
        self._fill(self._limits.head_bytes - len(self._buffer))
        head = self._buffer[: max(line, self._limits.head_bytes)].decode("utf-8", "surrogateescape")
        end = splitter.record(head, 0).end
        self._take(len(head[:end].encode("utf-8", "surrogateescape")))

    def pieces(self) -> Iterator[Piece]:
        """The rest of the stream; the last piece may lack its final newline and may be empty."""
        while True:
            self._fill(self._chunk)
            if self._ended:
                break
            yield self._whole_records()
        while self._too_long(first := self._buffer.find(b"\n")):
            self._take(first + 1 or len(self._buffer))
            yield Piece(b"", rejected=1)
        yield self._piece(len(self._buffer), last=True)

    def peek(self, size: int) -> bytes:
        """Bytes behind the pieces given so far, without taking them; fewer only at the end of the stream."""
        self._fill(size - len(self._buffer))
        return self._buffer[:size]

    def rest(self) -> bytes:
        """Takes what was read and not given."""
        return self._take(len(self._buffer)) + self._ahead.read()

    def _too_long(self, newline: int) -> bool:
        """Whether the first line is above the limit, given where its newline is."""
        return (newline + 1 or len(self._buffer)) > self._limits.record_bytes

    def _whole_records(self) -> Piece:
        limits = self._limits
        first = self._buffer.find(b"\n")
        if self._too_long(first):
            self._drop_line(first + 1)
            return Piece(b"", rejected=1)
        end, quotes = self._last_end(limits.resync_bytes)
        if not end and first >= 0 and len(self._buffer) > self._chunk + limits.resync_bytes:
            return self._piece(self._buffer.rfind(b"\n") + 1, suspect=True)
        return self._piece(end, quotes)

    def _last_end(self, reach: int) -> tuple[int, int]:
        """Where the last whole record in the buffer ends, sought ``reach`` bytes and a chunk back, and the quotes before it.

        (0, 0) where there is none.
        """
        buffer, quote = self._buffer, self._quote
        end = buffer.rfind(b"\n") + 1
        quotes = buffer.count(quote, 0, end) if quote else 0
        low = max(0, end - reach - self._chunk)
        while end and quotes % 2:
            before = buffer.rfind(b"\n", low, end - 1) + 1
            quotes -= buffer.count(quote, before, end)
            end = before
        return end, quotes if end else 0

    def _piece(self, end: int, quotes: int | None = None, *, suspect: bool = False, last: bool = False) -> Piece:
        data = self._take(end)
        if quotes is None:
            quotes = data.count(self._quote) if self._quote else 0
        return Piece(data, quotes, suspect=suspect, last=last)

    def _drop_line(self, end: int) -> None:
        """Drops the first line, which ends at ``end``, or (0) further down the stream: it is read without being kept."""
        while not end and not self._ended:
            self._buffer = b""
            self._fill(self._chunk)
            end = self._buffer.find(b"\n") + 1
        self._take(end or len(self._buffer))

    def _find_newline(self, start: int = 0) -> int:
        """The position after the next newline, or the end of what can be had."""
        while True:
            found = self._buffer.find(b"\n", start)
            if found >= 0:
                return found + 1
            if self._ended or len(self._buffer) > self._limits.record_bytes:
                return len(self._buffer)
            self._fill(len(self._buffer) + self._chunk)

    def _fill(self, size: int) -> None:
        """Reads ``size`` bytes more, or to the end of the stream (a pipe gives less than it was asked for)."""
        parts = [self._buffer] if self._buffer else []
        while size > 0 and not self._ended:
            data = self._ahead.read(size) or self._source.read(size)
            self._ended = not data
            size -= len(data)
            parts.append(data)
        self._buffer = parts[0] if len(parts) == 1 else b"".join(parts)

    def _take(self, end: int) -> bytes:
        taken, self._buffer = self._buffer[:end], self._buffer[end:]
        return taken
