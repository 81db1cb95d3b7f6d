"""Unpacking: an entry to the entries inside it, down to those that hold no others.

One container a file, found by walking this package. A module states

- ``READS``: the formats of ``sniff`` it opens;
- ``DESCRIPTION``: one line for ``triage formats``;
- ``NEEDS``: the modules it imports beyond the core's, and ``EXTRA``, the extra that brings them (both may be left out);
- ``READ_TOO``, true where a reader has a table of the container itself (mails and what is attached to them);
- ``members(entry, options)``: the entries inside, each made by ``entry.member``; it raises ``EntryError`` with a code.

Nothing is extracted to disk. A member that cannot be opened is still yielded, with its problem code and no bytes.
"""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, NamedTuple, Protocol

from triage.entry import Entry, EntryError
from triage.evidence import EvidenceError
from triage.plugins import Plugins
from triage.sniff import Shape, sniff

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from triage.options import Options


class Unpacker(Protocol):
    """What a module of this package states."""

    __name__: str
    READS: tuple[str, ...]
    DESCRIPTION: str

    def members(self, entry: Entry, options: Options) -> Iterator[Entry]:
        """The entries inside, in the order of the container."""
        ...


# The names that 7-Zip, Info-ZIP and RAR give to the parts of one archive.
_VOLUME = re.compile(r"\.(?:\d{3}|z\d\d|part\d+\.rar|r\d\d)$", re.IGNORECASE)

UNPACKERS: Plugins[Unpacker] = Plugins(__name__)


class Leaf(NamedTuple):
    """An entry that holds no others, and what sniffing says of it."""

    entry: Entry
    shape: Shape


def leaves(entry: Entry, shape: Shape, options: Options) -> Iterator[Leaf]:
    """The entry itself, or, where its shape is a container's, every entry within, in order and in depth.

    A container is given as a leaf too, after what it holds, when it has problems of its own to tell (it is damaged,
    encrypted, nested too deep): whoever walks sees every problem once.
    """
    unpacker = UNPACKERS.of(shape.format)
    read_too = bool(getattr(unpacker, "READ_TOO", False))
    if unpacker is None:
        yield Leaf(entry, shape)
        return
    if read_too and not entry.held(options.limits):
        entry.problems["attachments_unread"] = 1
    elif entry.depth >= options.limits.nesting:
        entry.problems["too_deep"] += 1
    elif UNPACKERS.missing(shape.format):
        entry.problems["missing_library"] += 1
    else:
        seen = yield from _within(unpacker, entry, options)
        if not (seen or entry.problems or read_too):
            entry.problems["empty"] += 1
    if read_too:
        yield Leaf(entry, shape)
    elif entry.problems:
        yield Leaf(entry, Shape(kind=shape.format, format=shape.format))


def _within(unpacker: Unpacker, entry: Entry, options: Options) -> Generator[Leaf, None, int]:
    """The leaves within a container; returns how many members there were."""
    seen = 0
    try:
        for member in unpacker.members(entry, options):
            seen += 1
            if seen > options.limits.members:
                entry.problems["too_many_members"] += 1
                break
            yield from leaves(member, looked_at(member, options), options)
    except (EntryError, EvidenceError) as error:
        entry.problems[error.code] += 1
    if entry.problems and entry.depth and _VOLUME.search(entry.name):
        entry.problems["split_volume"] = 1
    return seen


def looked_at(entry: Entry, options: Options) -> Shape:
    """What sniffing says of an entry; one that cannot be opened is ``unsupported`` and has its problem."""
    limits = options.limits
    try:
        head = entry.head(limits.head_bytes, limits)
    except EntryError as error:
        entry.problems[error.code] += 1
        return Shape(kind="unsupported", format="unknown")
    if not head and entry.problems:
        return Shape(kind="unsupported", format="unknown")
    return sniff(head, options.reading, limits, whole=len(head) < limits.head_bytes)


def nothing() -> io.BytesIO:
    """The stream of a member that cannot be opened."""
    return io.BytesIO()
