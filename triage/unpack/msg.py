"""MSG ([MS-OXMSG]): one item of Outlook in a compound file, given as the message or the vCard that it is."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

from triage import exhausted, mapi
from triage.entry import Entry, EntryError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.mapi import Raw
    from triage.options import Options

READS = ("msg",)
DESCRIPTION = "MSG: a message or a contact of Outlook, with what is attached"
NEEDS, EXTRA = ("olefile",), "mail"

_PROPERTIES = "__properties_version1.0"
_TEXT = "__substg1.0_"
_ENTRY = struct.Struct("<HHI8s")
_TOP, _INNER, _PART = 32, 24, 8  # bytes before the entries: of the file, of an item within it, of recipients and attachments
_DATA, _OBJECT = "37010102", "3701000D"
_COUNTS = (40, 44, 64, 72)  # where the header tells the sectors of the directory and of the three tables


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The one item."""
    import olefile  # noqa: PLC0415 - an extra

    limits = options.limits
    stream = entry.open(limits)
    data = stream.read(limits.spool_bytes + 1)
    if len(data) > limits.spool_bytes:
        raise EntryError("record_too_long")
    try:
        _weighed(data)
        with olefile.OleFileIO(io.BytesIO(data), raise_defects=olefile.DEFECT_FATAL) as file:
            written = _Storage(file, (), _TOP, _Bounds(entry, limits.nesting, 2 * len(data))).written()
    except Exception as error:  # noqa: BLE001 - the library raises whatever damage makes of it
        raise EntryError(exhausted.code(error, "corrupt")) from None
    yield entry.member(None, lambda: io.BytesIO(written), size=len(written))


def _weighed(data: bytes) -> None:
    """Raises ValueError where tables of sectors are larger than the file: the library would go round in them ([MS-CFB] 2.2)."""
    sector = 1 << min(int.from_bytes(data[30:32], "little"), 32)
    if any(int.from_bytes(data[at : at + 4], "little") * sector > len(data) + sector for at in _COUNTS):
        raise ValueError


class _Bounds:
    """How deep items may lie in items, and how much all streams hold: of a sound file they share no sector."""

    def __init__(self, entry: Entry, deepest: int, size: int) -> None:
        self._entry = entry
        self._deepest = deepest
        self._left = size

    def held(self, depth: int) -> bool:
        """Whether items may lie so deep; one that lies deeper is told."""
        if depth > self._deepest:
            self._entry.problems["too_deep"] = 1
        return depth <= self._deepest

    def take(self, size: int) -> None:
        """Before a stream of so many bytes is read; raises ValueError where all are more than the file can hold."""
        self._left -= size
        if self._left < 0:
            raise ValueError


class _Storage:
    """A storage that holds an item, a recipient or an attachment."""

    def __init__(self, file: Any, path: tuple[str, ...], before: int, bounds: _Bounds) -> None:  # noqa: ANN401 - the library has no types
        self._file = file
        self._path = path
        self._before = before
        self._bounds = bounds
        self._names = [p[len(path)] for p in file.listdir(streams=True, storages=True) if len(p) == len(path) + 1 and (*p[:-1],) == path]

    def written(self) -> bytes:
        """The item as a message or a card."""
        own = self.properties()
        people = [_Storage(self._file, p, _PART, self._bounds).properties(own.encoding) for p in self._storages("__recip_version1.0_")]
        parts = [_attached(_Storage(self._file, p, _PART, self._bounds)) for p in self._storages("__attach_version1.0_")]
        item = mapi.Item(own, people, parts)
        return mapi.card(item) if own.contact else mapi.message(item)

    @property
    def item(self) -> bool:
        """Whether it has properties, as items do."""
        return _PROPERTIES in self._names

    def properties(self, encoding: str = "") -> mapi.Properties:
        """Short values stand in one stream, longer ones in a stream each, named by number and type."""
        raw: dict[int, Raw] = {}
        if self.item:
            data = self._stream(_PROPERTIES)
            for at in range(self._before, len(data) - _ENTRY.size + 1, _ENTRY.size):
                kind, tag, _, value = _ENTRY.unpack_from(data, at)
                raw[tag] = kind, value
        for name in self._names:
            number = name.removeprefix(_TEXT)
            if name.startswith(_TEXT) and len(number) == 8 and number not in {_DATA, _OBJECT}:  # noqa: PLR2004 - two numbers of 16 bits
                raw[int(number[:4], 16)] = int(number[4:], 16), self._stream(name)
        return mapi.Properties(raw, encoding)

    def data(self) -> bytes:
        """What an attachment holds: a file, or an item in a storage of its own."""
        if _TEXT + _OBJECT in self._names and self._bounds.held(len(self._path) // 2 + 1):
            inner = _Storage(self._file, (*self._path, _TEXT + _OBJECT), _INNER, self._bounds)
            return inner.written() if inner.item else b""  # else an object of another program
        return self._stream(_TEXT + _DATA) if _TEXT + _DATA in self._names else b""

    def _storages(self, prefix: str) -> list[tuple[str, ...]]:
        return [(*self._path, name) for name in self._names if name.startswith(prefix)]

    def _stream(self, name: str) -> bytes:
        path = [*self._path, name]
        self._bounds.take(self._file.get_size(path))
        return bytes(self._file.openstream(path).read())


def _attached(part: _Storage) -> mapi.Attached:
    return mapi.Attached(part.properties().text(0x3707, 0x3704, 0x3001) or "part", part.data)
