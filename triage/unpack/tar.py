"""tar (POSIX ustar, pax, GNU), read as it passes: an archive of any size in constant memory.

Links and devices are named in the problems and never followed.
"""

from __future__ import annotations

import io
import tarfile
from typing import TYPE_CHECKING, cast

from triage.entry import Entry, EntryError
from triage.unpack.passing import Member, in_turn

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.limits import Limits
    from triage.options import Options

READS = ("tar",)
DESCRIPTION = "tar: ustar, pax and GNU"

_BLOCK = tarfile.BLOCKSIZE
_KEPT = 4 * tarfile.RECORDSIZE


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The regular files inside."""
    return in_turn(entry, lambda: _walk(entry, options.limits))


def _walk(entry: Entry, limits: Limits) -> Iterator[Member]:
    stream = _Kept(entry.open(limits))
    special = 0
    try:
        with tarfile.open(fileobj=cast("io.BufferedReader", stream), mode="r|", errorlevel=1) as archive:
            while (info := archive.next()) is not None:
                archive.members = []  # type: ignore[attr-defined] # it keeps every header it has seen
                file = archive.extractfile(info) if info.isreg() else None
                if file is not None:
                    yield Member(info.name, info.size, _packed(info), file)  # type: ignore[arg-type]
                special += not (info.isreg() or info.isdir())
            end = stream.ends_well(archive.offset)
    except (tarfile.TarError, EOFError, ValueError, OSError, RecursionError):
        # The texts of tarfile quote names.
        raise EntryError("corrupt") from None
    finally:
        if special:
            entry.problems["skipped_special"] = special
        stream.close()
    if not end:
        raise EntryError("corrupt")


def _packed(info: tarfile.TarInfo) -> int | None:
    """What a sparse file takes in the archive: its holes are a way to write a bomb."""
    sparse: list[tuple[int, int]] | None = getattr(info, "sparse", None)
    return None if sparse is None else _BLOCK + sum(size for _, size in sparse)


class _Kept(io.RawIOBase):
    """A stream that keeps its last bytes: tarfile stops without a word at a header that it cannot read."""

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = stream
        self._tail = b""
        self._at = 0

    def read(self, size: int | None = -1, /) -> bytes:
        """The next bytes."""
        data = self._stream.read(-1 if size is None else size)
        self._at += len(data)
        self._tail = (self._tail + data)[-_KEPT:]
        return data

    def ends_well(self, offset: int) -> bool:
        """Whether the block at which reading stopped is the end of the archive: one of zeros, or nothing at all."""
        at = offset - (self._at - len(self._tail))
        return not self._tail[max(0, at) : at + _BLOCK].strip(b"\x00") if at >= -_BLOCK else True

    def close(self) -> None:
        """Closes the archive's stream."""
        self._stream.close()
        super().close()
