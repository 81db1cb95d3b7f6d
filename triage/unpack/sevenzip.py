"""7z: py7zr unpacks a whole archive in one go and hands over each member as it comes.

It pushes, a reader pulls: a thread runs it, one block ahead, and waits where nobody reads.
"""

from __future__ import annotations

import io
import queue
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING

import py7zr
from py7zr.io import Py7zIO, WriterFactory

from triage import exhausted
from triage.entry import Entry, EntryError
from triage.plugins import missing
from triage.unpack import others
from triage.unpack.passing import Blocks, Member, in_turn

if TYPE_CHECKING:
    from triage.options import Options

READS = ("7z",)
DESCRIPTION = "7z, solid ones too; encrypted ones with --password-file"

_FILTERS = frozenset((b"\x03\x03\x01\x1b", b"\x0a", b"\x0b"))  # BCJ2, ARM64, RISC-V
_START = 32  # bytes of the header, which tells where the index is
_BLOCKS = 8
_WAIT = 0.2  # seconds between looks at whether somebody still reads


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The files inside, in the order in which they unpack; libarchive's turn, where it is here, at a method that py7zr lacks."""
    seen = 0
    try:
        for member in in_turn(entry, lambda: _walk(entry, options)):
            seen += 1
            yield member
    except EntryError as error:
        if error.code != "unsupported" or seen or missing(others):
            raise
        yield from others.members(entry, options)


def _walk(entry: Entry, options: Options) -> Iterator[Member]:
    stream = entry.seekable(options.limits)
    if _cut(stream):
        raise EntryError("missing_part" if entry.starts else "truncated")
    password = _password(stream, options.passwords)
    stream.seek(0)
    pump = _Pump(stream, password)
    try:
        yield from pump.members(entry.size)
    finally:
        pump.stop()
        stream.close()


def _cut(stream: io.BufferedReader | io.BytesIO) -> bool:
    """Whether the index, at the end, lies behind the end."""
    start = stream.read(_START)
    offset, size = (int.from_bytes(start[at : at + 8], "little") for at in (12, 20))
    return _START + offset + size > stream.seek(0, io.SEEK_END)


def _password(stream: io.BufferedReader | io.BytesIO, passwords: tuple[str, ...]) -> str | None:
    """The first password that opens the archive, None where it needs none."""
    code = "encrypted"
    for password in (None, *passwords):
        stream.seek(0)
        try:
            with py7zr.SevenZipFile(stream, password=password) as archive:
                if password is None and archive.needs_password():
                    continue
                _known(archive)
                # The check of data under a wrong password is its CRC, at the end of a member.
                if password is None or archive.testzip() is None:
                    return password
        except py7zr.exceptions.PasswordRequired:
            continue
        except py7zr.exceptions.UnsupportedCompressionMethodError:
            raise EntryError("unsupported") from None
        except Exception as error:  # noqa: BLE001 - py7zr tells a wrong password and damage in many ways, with names in the text
            code = exhausted.code(error, "corrupt" if password is None else code)
            if password is None:
                break
    raise EntryError(code)


def _known(archive: py7zr.SevenZipFile) -> None:
    """Raises what py7zr raises at a method that it lacks, at filters for programs too, of which it speaks only at the data."""
    streams = archive.header.main_streams
    if streams is not None and any(coder["method"] in _FILTERS for folder in streams.unpackinfo.folders for coder in folder.coders):
        raise py7zr.exceptions.UnsupportedCompressionMethodError(b"", "")


class _Stopped(Exception):  # noqa: N818 - a signal between two threads
    """Nobody reads any more."""


class _Pump(WriterFactory):
    """The thread in which py7zr works, and the queue between it and the reader."""

    def __init__(self, stream: io.BufferedReader | io.BytesIO, password: str | None) -> None:
        self._stream = stream
        self._password = password
        self._queue: queue.Queue[bytes | str | EntryError | None] = queue.Queue(_BLOCKS)
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)

    def _run(self) -> None:
        try:
            with py7zr.SevenZipFile(self._stream, password=self._password) as archive:
                archive.extractall(factory=self)
            self.put(None)
        except _Stopped:
            return
        except Exception as error:  # noqa: BLE001 - as above
            if not self._stopped.is_set():
                # EOFError: several frames of Zstandard in a row; an archive that is cut was told before.
                lacking = isinstance(error, py7zr.exceptions.UnsupportedCompressionMethodError | EOFError)
                self.put(EntryError("unsupported" if lacking else exhausted.code(error, "corrupt")))

    def create(self, filename: str) -> Py7zIO:
        """py7zr begins a member."""
        self.put(filename)
        return _Writer(self)

    def put(self, item: bytes | str | EntryError | None) -> None:
        """Hands one thing over, as soon as there is room."""
        while not self._stopped.is_set():
            try:
                self._queue.put(item, timeout=_WAIT)
            except queue.Full:
                continue
            return
        raise _Stopped

    def members(self, size: int | None) -> Iterator[Member]:
        """The members as they come; what is not read of one is passed over."""
        self._thread.start()
        item = self._queue.get()
        while item is not None:
            if isinstance(item, EntryError):
                raise item
            blocks = _MemberBlocks(self._queue)
            if isinstance(item, str):
                yield Member(item, None, size, io.BufferedReader(Blocks(iter(blocks))))
            item = blocks.rest()

    def stop(self) -> None:
        """Ends the thread."""
        self._stopped.set()
        if self._thread.is_alive():
            self._thread.join()


class _MemberBlocks:
    """The blocks of one member, up to the next thing that is none."""

    def __init__(self, source: queue.Queue[bytes | str | EntryError | None]) -> None:
        self._source = source
        self._next: str | EntryError | None = None
        self._over = False

    def __iter__(self) -> Iterator[bytes]:
        while not self._over:
            item = self._source.get()
            if isinstance(item, bytes):
                yield item
                continue
            self._next, self._over = item, True
            if isinstance(item, EntryError):
                # The member that was being unpacked is the damaged one, and none comes after it.
                self._next = None
                raise item

    def rest(self) -> str | EntryError | None:
        """What comes after the member."""
        for _ in self:
            pass
        return self._next


class _Writer(Py7zIO):
    """What py7zr takes for the file of one member."""

    def __init__(self, pump: _Pump) -> None:
        self._pump = pump
        self._size = 0

    def write(self, s: bytes | bytearray) -> int:
        """A block of it."""
        if s:
            self._pump.put(bytes(s))
        self._size += len(s)
        return len(s)

    def read(self, size: int | None = None) -> bytes:
        """Nothing is kept."""
        del size
        return b""

    def seek(self, offset: int, whence: int = 0) -> int:
        """Nothing to seek in."""
        del whence
        return offset

    def flush(self) -> None:
        """Nothing to do."""

    def size(self) -> int:
        """Bytes written."""
        return self._size
