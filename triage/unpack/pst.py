"""PST and OST ([MS-PST]): the folders of Outlook, each given as the mbox or the vCards that it would be elsewhere."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from triage import mapi
from triage.entry import Entry, EntryError
from triage.unpack.passing import Blocks

if TYPE_CHECKING:
    from triage.options import Options

READS = ("pst",)
DESCRIPTION = "PST and OST: the folders of Outlook, their messages and contacts, with what is attached"
NEEDS, EXTRA = ("pypff",), "mail"

_FROM = b"From - Thu Jan  1 00:00:00 1970\n"

# What the library raises where a file is damaged; it has items that are no messages, and lack what messages have.
_BROKEN = (OSError, ValueError, AttributeError, TypeError, OverflowError)


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The folders that hold anything, in order and in depth."""
    import pypff  # noqa: PLC0415 - an extra

    if entry.descriptor() is None and (entry.size or 0) > options.limits.spool_bytes:
        raise EntryError("too_large")  # it is read back and forth
    file = pypff.file()
    try:
        file.open_file_object(entry.seekable(options.limits))
        root = file.get_root_folder()
    except _BROKEN:
        raise EntryError("corrupt") from None
    for path, folder in _folders(root, (), entry, options.limits.depth):
        name = "/".join(path) or "root"
        yield entry.member(name, _opener(folder, entry, options.limits.attached_bytes))


def _folders(
    folder: Any,  # noqa: ANN401 - the library has no types
    path: tuple[str, ...],
    entry: Entry,
    deepest: int,
) -> Iterator[tuple[tuple[str, ...], Any]]:
    try:
        if folder.number_of_sub_messages:
            yield path, folder
        inner = [folder.get_sub_folder(n) for n in range(folder.number_of_sub_folders)]
        names = [str(f.name or n) for n, f in enumerate(inner)]
    except _BROKEN:
        entry.problems["corrupt"] = 1
        return
    for name, each in zip(names, inner, strict=True):
        if len(path) < deepest:
            yield from _folders(each, (*path, name.replace("/", "_")), entry, deepest)
        else:
            entry.problems["too_deep"] = 1


def _opener(folder: Any, entry: Entry, most: int) -> Callable[[], io.BufferedReader]:  # noqa: ANN401 - as above
    return lambda: io.BufferedReader(Blocks(_written(folder, entry, most)))


def _written(folder: Any, entry: Entry, most: int) -> Iterator[bytes]:  # noqa: ANN401 - as above
    """The items of a folder, all cards in one of contacts, else messages; what Outlook keeps for itself is none."""
    cards = _properties(folder).text(0x3613).startswith("IPF.Contact")
    for number in range(folder.number_of_sub_messages):
        try:
            item = _item(folder.get_sub_message(number), entry, most)
            if not item.properties.text(0x001A).startswith("IPM.Microsoft."):
                yield mapi.card(item) if cards else _FROM + mapi.message(item) + b"\n"
        except _BROKEN:
            entry.problems["corrupt"] = 1


def _item(found: Any, entry: Entry, most: int) -> mapi.Item:  # noqa: ANN401 - as above
    own = _properties(found)
    people = getattr(found, "recipients", None)
    parts, left = [], most
    for part in getattr(found, "attachments", ()):
        left -= part.get_size()
        if left < 0:
            entry.problems["record_too_long"] = 1
            break
        parts.append(mapi.Attached(_properties(part).text(0x3707, 0x3704, 0x3001) or "part", _reader(part, entry, most)))
    return mapi.Item(own, _sets(people, own.encoding) if people is not None else [], parts)


def _reader(part: Any, entry: Entry, most: int) -> Callable[[], bytes]:  # noqa: ANN401 - as above
    def data() -> bytes:
        if size := part.get_size():
            return bytes(part.read_buffer(size))
        if part.number_of_sub_items:
            return mapi.message(_item(part.get_sub_item(0), entry, most))
        return b""

    return data


def _properties(found: Any) -> mapi.Properties:  # noqa: ANN401 - as above
    sets = _sets(found)
    return sets[0] if sets else mapi.Properties({})


def _sets(found: Any, encoding: str = "") -> list[mapi.Properties]:  # noqa: ANN401 - as above
    """The properties of an item; a table has a set for each of its rows."""
    return [
        mapi.Properties({e.entry_type: (e.value_type, e.data or b"") for e in record.entries if e.entry_type is not None}, encoding)
        for record in found.record_sets
    ]
