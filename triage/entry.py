"""Entries: the streams inside evidence, whatever they are packed in.

An entry is opened from its start as often as a reader needs, read front to back, and never written to disk. Formats
with an index (zip, SQLite, Parquet) ask for a stream that seeks: small entries are held in memory, larger ones are
unpacked again from their start when a reader goes back, so that memory stays flat.

A stream that breaks (damage, a bomb, a wrong password) ends where it broke, and the entry keeps the problem code: what
came before the break is scanned like any other rows, and the run says that it is incomplete.
"""

from __future__ import annotations

import io
from collections import Counter
from typing import TYPE_CHECKING, TypeAlias

from triage import exhausted
from triage.evidence import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage.limits import Limits

Stream: TypeAlias = io.BufferedIOBase | io.RawIOBase
# Problems of the containers around an entry, the nearest first.
Told: TypeAlias = tuple[dict[str, int], ...]

_CHUNK = 1 << 20


class EntryError(Exception):
    """An entry cannot be read, or not to its end; ``code`` is one of ``problems.PROBLEMS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Entry:
    """One stream.

    Attributes:
        name: evidence and ``!member`` for each container: ``dump.zip!2020/users.csv``.
        again: whether it can be opened more than once (standard input cannot).
        size: its bytes, where they are known before it is read.
        packed: bytes it takes in its container, where that is known: the measure of its ratio. A stream that unpacks on
            the way tells instead, as ``consumed``, how many bytes it has taken so far.
        starts: where the volumes begin that it is read from, where there are several.
        costly: opening it again unpacks what stands before it too, so that its bytes are kept where they are few.
        around: its container; ``depth`` is how many there are.
        problems: codes met so far, with their counts.
    """

    def __init__(
        self,
        name: str,
        opener: Callable[[], Stream],
        *,
        again: bool = True,
        random: Callable[[], io.RawIOBase] | None = None,
        size: int | None = None,
        packed: int | None = None,
        costly: bool = False,
        around: Entry | None = None,
    ) -> None:
        self.name = name
        self.size = size
        self.again = again
        self.packed = packed
        self.depth: int = around.depth + 1 if around else 0
        self.costly = costly
        self.starts: tuple[int, ...] = ()
        self.around = around
        self.problems: Counter[str] = Counter()
        self._opener = opener
        self._random = random
        self._first: io.BufferedReader | None = None
        self._head = b""
        self._whole: bytes | None = None
        self._held: io.RawIOBase | None = None
        self._opened = False

    def member(
        self,
        name: str | None,
        opener: Callable[[], Stream],
        *,
        size: int | None = None,
        packed: int | None = None,
        costly: bool = False,
    ) -> Entry:
        """An entry of this container; ``None`` is the one stream of a compressed file, which adds no level to the name."""
        inner = self.name if name is None else f"{self.name}!{printable(name)}"
        return Entry(inner, opener, again=self.again, size=size, packed=packed, costly=costly, around=self)

    def told(self) -> Told:
        """What was met so far in the containers around it: some of it is met while their members are read."""
        return () if self.around is None else (dict(self.around.problems), *self.around.told())

    def remember(self, told: Told) -> None:
        """Takes up what an earlier reading of this entry had met in the containers around it."""
        if self.around is not None and told:
            self.around.problems |= Counter(told[0])
            self.around.remember(told[1:])

    def head(self, size: int, limits: Limits) -> bytes:
        """The first ``size`` bytes, fewer only where the entry is shorter."""
        if self._first is None:
            self._first = self._start(limits)
            self._head = self._first.read(size) or b""
        return self._head

    def open(self, limits: Limits) -> io.BufferedReader:
        """The stream from its start; ``read(n)`` gives ``n`` bytes unless the end is reached.

        Raises:
            EntryError: it cannot be opened, or not once more.
        """
        if self._first is not None:
            stream, self._first = self._first, None
            return io.BufferedReader(_Replayed(self._head, stream), _CHUNK)
        return self._start(limits)

    def _start(self, limits: Limits) -> io.BufferedReader:
        if self._whole is not None:
            return io.BufferedReader(io.BytesIO(self._whole), _CHUNK)
        if self._opened and not self.again:
            raise EntryError("not_repeatable")
        stream: io.BufferedReader = io.BufferedReader(_Guarded(self, self._opener(), limits), _CHUNK)
        if not self.costly or self._opened:
            self._opened = True
            return stream
        self._opened = True
        start = stream.read(limits.spool_bytes + 1) or b""
        if len(start) > limits.spool_bytes:
            return io.BufferedReader(_Replayed(start, stream), _CHUNK)
        self._whole = start
        return self._start(limits)

    def held(self, limits: Limits) -> bool:
        """Whether it can be read again: what comes once is kept, up to ``spool_bytes``."""
        if self.again:
            return True
        stream = self.open(limits)
        start = stream.read(limits.spool_bytes + 1) or b""
        if len(start) <= limits.spool_bytes:
            self._whole, self._first, self.again = start, None, True
        else:
            self._head, self._first = start, stream
        return self.again

    def descriptor(self) -> int | None:
        """An open descriptor of the evidence file that this entry is, for libraries that read by name (``/proc/self/fd/N``).

        None for what lies inside a container, in several volumes, and for standard input. It stays open as long as the entry.
        """
        if self._random is None or self.starts:
            return None
        if self._held is None:
            self._held = self._random()
        return self._held.fileno()

    def seekable(self, limits: Limits) -> io.BufferedReader | io.BytesIO:
        """The stream from its start, able to seek.

        Raises:
            EntryError: ``not_repeatable``: more than ``spool_bytes`` of a stream that can be read only once.
        """
        if self._random is not None:
            return io.BufferedReader(self._random(), 1 << 16)
        stream = self.open(limits)
        start = stream.read(limits.spool_bytes + 1) or b""
        if len(start) <= limits.spool_bytes:
            return io.BytesIO(start)
        if not self.again:
            raise EntryError("not_repeatable")
        stream.close()
        return io.BufferedReader(_Rewound(lambda: self._start(limits)), 1 << 16)


def printable(name: str) -> str:
    """A member's name as one line of text that any encoder takes; its parts keep their order, ``..`` stays harmless text."""
    text = name.encode("utf-8", "backslashreplace").decode("utf-8").replace("\\", "/")
    return "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text)


class _Replayed(io.RawIOBase):
    """A stream whose first bytes were read already."""

    def __init__(self, head: bytes, stream: Stream) -> None:
        self._head = memoryview(head)
        self._stream = stream

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        if self._head:
            n = min(len(buffer), len(self._head))
            buffer[:n] = self._head[:n]
            self._head = self._head[n:]
            return n
        data = self._stream.read(len(buffer)) or b""
        buffer[: len(data)] = data
        return len(data)


class _Guarded(io.RawIOBase):
    """The stream of an entry that ends, with a problem code, where its container breaks or where it is a bomb."""

    def __init__(self, entry: Entry, stream: Stream, limits: Limits) -> None:
        self._entry = entry
        self._stream = stream
        self._given = 0
        self._limits = limits
        self._ended = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        if self._ended:
            return 0
        try:
            data = self._stream.read(len(buffer)) or b""
        except (EntryError, EvidenceError) as error:
            return self._end(error.code)
        except EOFError:
            return self._end("truncated")
        except Exception as error:  # noqa: BLE001 - a library of containers raises whatever damage makes of it, and may quote the entry
            return self._end(exhausted.code(error, "corrupt"))
        self._given += len(data)
        if self._given > self._limits.ratio_free_bytes and self._bomb():
            return self._end("ratio")
        buffer[: len(data)] = data
        return len(data)

    def _bomb(self) -> bool:
        packed = self._entry.packed if self._entry.packed is not None else getattr(self._stream, "consumed", None)
        return packed is not None and self._given > self._limits.ratio * packed

    def _end(self, code: str) -> int:
        self._ended = True
        self._entry.problems[code] = 1  # once, however often the entry is read
        return 0

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Rewound(io.RawIOBase):
    """A stream that seeks by reading on, and by beginning anew to go back."""

    def __init__(self, start: Callable[[], Stream]) -> None:
        self._start = start
        self._stream = start()
        self._at = 0
        self._size: int | None = None

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at}.get(whence)
        target = (self._length() if base is None else base) + offset
        if target < self._at:
            self._stream.close()
            self._stream, self._at = self._start(), 0
        self._skip(target - self._at)
        return self._at

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        data = self._stream.read(len(buffer)) or b""
        buffer[: len(data)] = data
        self._at += len(data)
        return len(data)

    def _skip(self, count: int) -> None:
        while count > 0 and (data := self._stream.read(min(count, _CHUNK))):
            self._at += len(data)
            count -= len(data)

    def _length(self) -> int:
        if self._size is None:
            self._skip(1 << 62)
            self._size = self._at
        return self._size
