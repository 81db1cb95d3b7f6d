"""What libarchive reads and no library of Python's does: rar, cab, cpio, lha, xar, ar, compress, lz4."""

from __future__ import annotations

import ctypes
import io
import os
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from triage import exhausted
from triage.entry import Entry, EntryError
from triage.unpack import xar
from triage.unpack.passing import Blocks, Member, in_turn

if TYPE_CHECKING:
    from triage.options import Options

READS = ("rar", "cab", "cpio", "lha", "xar", "ar", "compress", "lz4")
DESCRIPTION = "RAR, CAB, cpio, LHA, xar, ar, compress and lz4, by libarchive"
NEEDS, EXTRA, SHARED = ("libarchive",), "archives", "libarchive.so.13"

_STREAMS = (b"\x1f\x9d", b"\x04\x22\x4d\x18")  # compress and lz4 hold one stream, no members
_SEVEN = b"7z\xbc\xaf\x27\x1c"  # has its index at its end
_RAR5 = b"Rar!\x1a\x07\x01\x00"
_LACKING = ("Unsupported filter", "Unknown codec", "Unexpected codec")
_BLOCK = 1 << 16
_TAIL = 24


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The regular files inside."""
    # Without it the binding looks for the library by running ldconfig and a compiler.
    os.environ.setdefault("LIBARCHIVE", SHARED)
    yield from in_turn(entry, lambda: _walk(entry, options))
    if entry.starts:
        stream = entry.seekable(options.limits)
        stream.seek(max(0, (entry.size or 0) - _TAIL))
        if _goes_on(stream.read()):
            entry.problems["missing_part"] = 1
        stream.close()


def _walk(entry: Entry, options: Options) -> Iterator[Member]:
    import libarchive  # noqa: PLC0415 - an extra

    head = entry.head(options.limits.head_bytes, options.limits)
    if head.startswith(_RAR5) and _rar5_encrypted(head):
        raise EntryError("encrypted")
    if head.startswith(xar.MAGIC) and xar.endless(head):
        raise EntryError("corrupt")
    alone = head.startswith(_STREAMS)
    stream = entry.seekable(options.limits) if head.startswith(_SEVEN) else entry.open(options.limits)
    special = 0
    try:
        with libarchive.stream_reader(stream, "raw" if alone else "all", block_size=_BLOCK) as archive:
            for member in archive:
                regular = alone or member.isfile or not member.filetype  # `ar D` leaves the kind of a file out
                if regular:
                    name = None if alone else _name(member.pathname)
                    yield Member(name, member.size, entry.size, io.BufferedReader(Blocks(_blocks(member))))
                special += not (regular or member.isdir)
    except EntryError:
        raise
    except Exception as error:  # noqa: BLE001 - its text quotes names
        raise EntryError(_code(error)) from None
    finally:
        if special:
            entry.problems["skipped_special"] = special
        stream.close()


def _goes_on(tail: bytes) -> bool:
    """Whether the end record of a RAR volume, the last that is there, says that another one follows."""
    at = tail.rfind(b"\x03\x05\x04")  # RAR 5; NULs may follow
    if 0 <= at < len(tail) - 3 and not tail[at + 4 :].strip(b"\x00"):
        return bool(tail[at + 3] & 1)
    at = tail.rfind(b"\x7b")
    return 1 < at < len(tail) - 4 and int.from_bytes(tail[at + 3 : at + 5], "little") == len(tail) - at + 2 and bool(tail[at + 1] & 1)


def _rar5_encrypted(head: bytes) -> bool:
    """Whether a file in a RAR 5 archive has the encryption record (type 1): libarchive reads its noise as if it were data."""
    at = len(_RAR5)
    try:
        while at < len(head):
            size, start = _vint(head, at + 4)
            kind, pos = _vint(head, start)
            flags, pos = _vint(head, pos)
            extra, pos = _vint(head, pos) if flags & 1 else (0, pos)
            data, pos = _vint(head, pos) if flags & 2 else (0, pos)
            end = start + size
            record, _ = _vint(head, _vint(head, end - extra)[1]) if extra else (0, 0)
            if kind == _ENCRYPTION or (kind == _FILE and record == 1):
                return True
            at = end + data
    except IndexError:
        pass
    return False


_FILE, _ENCRYPTION = 2, 4


def _vint(data: bytes, at: int) -> tuple[int, int]:
    """A RAR 5 number, seven bits a byte, and where it ends."""
    value, shift = 0, 0
    while True:
        byte = data[at]
        value |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:  # noqa: PLR2004 - the last byte
            return value, at


def _name(name: str | bytes | None) -> str:
    """A name whose encoding the archive does not tell is bytes."""
    return name.decode("utf-8", "backslashreplace") if isinstance(name, bytes) else name or ""


def _blocks(member: Any) -> Iterator[bytes]:  # noqa: ANN401 - the library has no types
    if _encrypted(member):
        raise EntryError("encrypted")
    try:
        for block in member.get_blocks():
            yield bytes(block)
    except Exception as error:  # noqa: BLE001 - as above
        raise EntryError(_code(error)) from None


def _encrypted(member: Any) -> bool:  # noqa: ANN401 - as above
    """Whether the member's data are under a key; libarchive decrypts none of these kinds and may give noise for rows."""
    from libarchive import ffi  # noqa: PLC0415 - an extra

    return bool(ffi.libarchive.archive_entry_is_data_encrypted(ctypes.c_void_p(member._entry_p)))  # noqa: SLF001 - the binding lacks it


def _code(error: Exception) -> str:
    """Encryption of a whole archive, or a method that is not known, is told by nothing but the text."""
    if any(words in str(error) for words in _LACKING):
        return "unsupported"
    return "encrypted" if "ncrypt" in str(error) or "assphrase" in str(error) else exhausted.code(error, "corrupt")
