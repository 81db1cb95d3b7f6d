"""MSG ([MS-OXMSG]): one item of Outlook in a compound file, given as the message or the vCard that it is."""

from __future__ import annotations

import io
import struct
from typing import TYPE_CHECKING, Any

from triage import exhausted, mapi
from triage.entry import Entry, EntryError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

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


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The one item."""
    import olefile  # noqa: PLC0415 - an extra

    limits = options.limits
    stream = entry.open(limits)
    data = stream.read(limits.spool_bytes + 1)
    if len(data) > limits.spool_bytes:
        raise EntryError("record_too_long")
    try:
        with olefile.OleFileIO(data, raise_defects=olefile.DEFECT_FATAL) as file:
            written = _Storage(file, (), _TOP, lambda depth: _held(entry, limits.nesting, depth)).written()
    except Exception as error:  # noqa: BLE001 - the library raises whatever damage makes of it
        raise EntryError(exhausted.code(error, "corrupt")) from None
    yield entry.member(None, lambda: io.BytesIO(written), size=len(written))


def _held(entry: Entry, most: int, depth: int) -> bool:
    """Whether items may lie so deep in items; one that lies deeper is told."""
    if depth > most:
        entry.problems["too_deep"] = 1
    return depth <= most


class _Storage:
    """A storage that holds an item, a recipient or an attachment."""

    def __init__(self, file: Any, path: tuple[str, ...], before: int, held: Callable[[int], bool]) -> None:  # noqa: ANN401 - the library has no types
        self._file = file
        self._path = path
        self._before = before
        self._held = held
        self._names = [p[len(path)] for p in file.listdir(streams=True, storages=True) if len(p) == len(path) + 1 and (*p[:-1],) == path]

    def written(self) -> bytes:
        """The item as a message or a card."""
        own = self.properties()
        people = [_Storage(self._file, p, _PART, self._held).properties(own.encoding) for p in self._storages("__recip_version1.0_")]
        parts = [_attached(_Storage(self._file, p, _PART, self._held)) for p in self._storages("__attach_version1.0_")]
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
        if _TEXT + _OBJECT in self._names and self._held(len(self._path) // 2 + 1):
            inner = _Storage(self._file, (*self._path, _TEXT + _OBJECT), _INNER, self._held)
            return inner.written() if inner.item else b""  # else an object of another program
        return self._stream(_TEXT + _DATA) if _TEXT + _DATA in self._names else b""

    def _storages(self, prefix: str) -> list[tuple[str, ...]]:
        return [(*self._path, name) for name in self._names if name.startswith(prefix)]

    def _stream(self, name: str) -> bytes:
        return bytes(self._file.openstream([*self._path, name]).read())


def _attached(part: _Storage) -> mapi.Attached:
    return mapi.Attached(part.properties().text(0x3707, 0x3704, 0x3001) or "part", part.data)
