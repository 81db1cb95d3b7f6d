"""zip (PKWARE APPNOTE 6.3): zip64, every method in use, encrypted members with a password.

The members are those of the index. Where the index is missing or does not hold together, the local headers are followed
from the start instead, so that a cut download still gives what it holds.
"""

from __future__ import annotations

import bz2
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import inflate64
import zstandard

from triage import exhausted
from triage.entry import Entry, EntryError, Stream
from triage.evidence import EvidenceError
from triage.plugins import importable
from triage.unpack import spanned
from triage.unpack.passing import Blocks, Member, in_turn

if TYPE_CHECKING:
    from triage.limits import Limits
    from triage.options import Options

READS = ("zip",)
DESCRIPTION = "zip: zip64, deflate64, bzip2, lzma, Zstandard; encrypted members with --password-file"

_SPLIT = (b"PK\x07\x08", b"PK00")  # before the first member of an archive in volumes
_LOCAL = struct.Struct("<4s5H3I2H")
_MAGIC, _DESCRIPTOR, _CENTRAL = b"PK\x03\x04", b"PK\x07\x08", b"PK\x01\x02"
_ENCRYPTED, _SIZES_BEHIND, _UTF8 = 1, 8, 1 << 11
_STORED, _DEFLATED, _DEFLATE64, _BZIP2, _ZSTD_OLD, _ZSTD, _AES = 0, 8, 9, 12, 20, 93, 99
_BY_ZIPFILE = frozenset((_STORED, _DEFLATED, _BZIP2, 14))
_STEP = 1 << 14
_ZIP64 = 0xFFFFFFFF
_PASSWORD_CHECK = 1 << 16


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The files inside, in the order of their places."""
    stream = entry.seekable(options.limits)
    if entry.starts:
        stream = spanned.one_disk(stream, entry)
    try:
        archive = zipfile.ZipFile(stream)
        spanned.placed(archive, entry)
        infos = sorted((i for i in archive.infolist() if not i.is_dir()), key=lambda i: i.header_offset)
    except Exception:  # noqa: BLE001 - zipfile raises whatever a damaged index makes of it, with names in the text
        yield from in_turn(entry, lambda: _unindexed(entry, options.limits))
        entry.problems["truncated"] = 1
        return
    if min((i.header_offset - 4 * bool(entry.starts) for i in archive.infolist()), default=0) > 0:
        # Another archive stands before the one that the last index tells: its members are as real.
        yield from in_turn(entry, lambda: _unindexed(entry, options.limits))
        entry.problems["corrupt"] += 1
    end = 0
    for info in infos:
        if entry.starts and info.header_offset >= (entry.size or 0):
            yield entry.member(info.filename, _lacking, size=info.file_size)
            continue
        if info.header_offset < end:
            # Members that share their bytes are how a small file unpacks to petabytes (Fifield, WOOT 2019).
            entry.problems["overlap"] += 1
            continue
        end = info.header_offset + _LOCAL.size + info.compress_size
        yield entry.member(info.filename, _opener(archive, info, options), size=info.file_size, packed=max(info.compress_size, 1))


def _lacking() -> Stream:
    raise EntryError("missing_part")


def _opener(archive: zipfile.ZipFile, info: zipfile.ZipInfo, options: Options) -> Callable[[], Stream]:
    def opened() -> Stream:
        try:
            if info.flag_bits & _ENCRYPTED:
                return _decrypted(archive, info, options.passwords)
            if info.compress_type in _BY_ZIPFILE:
                return archive.open(info)  # type: ignore[return-value]
            return _raw(archive, info)
        except EntryError:
            raise
        except EvidenceError as error:
            raise EntryError(error.code) from None
        except Exception as error:  # noqa: BLE001 - as above
            raise EntryError(exhausted.code(error, "corrupt")) from None

    return opened


def _decrypted(archive: zipfile.ZipFile, info: zipfile.ZipInfo, passwords: tuple[str, ...]) -> Stream:
    """The member under the first password that opens it: the traditional cipher, or AES where pyzipper is here."""
    opener: Any = archive
    if info.compress_type == _AES:
        if passwords and not importable("pyzipper"):
            raise EntryError("missing_library")
        if passwords:
            import pyzipper  # noqa: PLC0415 - an extra

            opener = pyzipper.AESZipFile(archive.fp)
    for password in passwords:
        try:
            # A wrong password passes the check of one byte in 256 times; the data then do not unpack.
            with opener.open(info.filename, pwd=password.encode()) as trial:
                trial.read(_PASSWORD_CHECK)
            return opener.open(info.filename, pwd=password.encode())  # type: ignore[no-any-return]
        except Exception:  # noqa: BLE001, S112 - a wrong password is told in many ways
            continue
    raise EntryError("encrypted")


def _raw(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> Stream:
    """A member in a method that ``zipfile`` does not know."""
    stream = archive.fp
    if stream is None or info.compress_type not in {_DEFLATE64, _ZSTD_OLD, _ZSTD}:
        raise EntryError("unsupported")
    stream.seek(info.header_offset)
    header = _LOCAL.unpack(stream.read(_LOCAL.size))
    at = info.header_offset + _LOCAL.size + header[9] + header[10]
    return io.BufferedReader(Blocks(_decoded(stream, at, info.compress_size, info.compress_type)))


def _decoded(stream: Any, at: int, size: int, method: int) -> Iterator[bytes]:  # noqa: ANN401 - what zipfile holds
    decode: Callable[[bytes], bytes]
    decode = inflate64.Inflater().inflate if method == _DEFLATE64 else zstandard.ZstdDecompressor().decompressobj().decompress
    end = at + size
    while at < end:
        stream.seek(at)
        data = stream.read(min(_STEP, end - at))
        if not data:
            raise EntryError("truncated")
        at += len(data)
        try:
            yield decode(data)
        except (ValueError, OSError, zstandard.ZstdError):
            raise EntryError("corrupt") from None


# --- without an index


def _unindexed(entry: Entry, limits: Limits) -> Iterator[Member]:
    """The members as their local headers tell them, up to the first that cannot be passed."""
    source = _Source(entry.open(limits))
    mark = source.take(4)
    source.give_back(b"" if mark in _SPLIT else mark)
    while (fields := source.header()) is not None:
        _, _, flags, method, _, _, _, packed, size, n, extra = fields
        name = source.take(n).decode("utf-8" if flags & _UTF8 else "cp437", "backslashreplace")
        source.take(extra)
        if name.endswith("/") and not packed and not flags & _SIZES_BEHIND:
            continue
        known = None if flags & _SIZES_BEHIND or packed == _ZIP64 else packed
        body = _Body(source, method, known, encrypted=bool(flags & _ENCRYPTED))
        yield Member(name, size or None, known, io.BufferedReader(body))
        if not body.finish():
            return


class _Source:
    """The bytes of the archive, with what a decompressor read too far put back."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._back = b""

    def take(self, size: int) -> bytes:
        data, self._back = self._back[:size], self._back[size:]
        return data + (self._stream.read(size - len(data)) or b"") if len(data) < size else data

    def give_back(self, data: bytes) -> None:
        self._back = data + self._back

    def header(self) -> tuple[Any, ...] | None:
        """The next local header, past the descriptor that may stand before it (16 bytes, 24 in zip64)."""
        data = self.take(_LOCAL.size)
        if data[:4] == _DESCRIPTOR:
            data += self.take(24 + _LOCAL.size - len(data))
            at = data.find(_MAGIC, 12, 28)
            at = at if at >= 0 else data.find(_CENTRAL, 12, 28)
            self.give_back(data[at:] if at >= 0 else b"")
            data = self.take(_LOCAL.size)
        return _LOCAL.unpack(data) if len(data) == _LOCAL.size and data[:4] == _MAGIC else None


class _Body(io.RawIOBase):
    """The data of one member; those of unknown size end where their compression says so."""

    def __init__(self, source: _Source, method: int, size: int | None, *, encrypted: bool) -> None:
        self._source = source
        self._left = size
        self._code = "encrypted" if encrypted else None if method in {_STORED, _DEFLATED, _BZIP2} else "unsupported"
        if method == _STORED and size is None:
            self._code = self._code or "corrupt"
        self._decode: Any = {_DEFLATED: zlib.decompressobj(-zlib.MAX_WBITS), _BZIP2: bz2.BZ2Decompressor()}.get(method)
        self._data = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        if self._code:
            raise EntryError(self._code)
        while not self._data:
            if self._decode is not None and self._decode.eof:
                return 0
            packed = self._source.take(_STEP if self._left is None else min(_STEP, self._left))
            if not packed:
                if self._left == 0 and self._decode is None:
                    return 0
                raise EntryError("truncated")
            self._left = None if self._left is None else self._left - len(packed)
            self._data = memoryview(self._unpacked(packed))
        n = min(len(buffer), len(self._data))
        buffer[:n] = self._data[:n]
        self._data = self._data[n:]
        return n

    def _unpacked(self, packed: bytes) -> bytes:
        if self._decode is None:
            return packed
        try:
            data: bytes = self._decode.decompress(packed)
        except (zlib.error, OSError, ValueError):
            raise EntryError("corrupt") from None
        if self._decode.eof:
            rest = self._decode.unused_data
            self._source.give_back(rest)
            self._left = None if self._left is None else self._left + len(rest)
        return data

    def finish(self) -> bool:
        """Passes what was not read; false where the next header cannot be found."""
        try:
            if self._code and self._left is None:
                return False
            if not self._code and self._left is None:
                while self.read(1 << 20):
                    pass
            while self._left:
                packed = self._source.take(min(_STEP, self._left))
                if not packed:
                    return False
                self._left -= len(packed)
        except EntryError:
            return False
        return True
