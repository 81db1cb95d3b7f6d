"""The footer of a Parquet file: how much it unpacks to, which polars does not tell before it unpacks, and types polars knows.

It is a structure in Thrift's compact protocol (thrift-compact-protocol.md); of it only ``total_byte_size`` of each row
group (parquet.thrift, FileMetaData 4, RowGroup 2) and the logical type of each column (FileMetaData 2, SchemaElement 10)
are wanted. What lies is met by the worker's own bounds.
"""

from __future__ import annotations

from collections.abc import Iterator

_ROW_GROUPS, _TOTAL_BYTE_SIZE = 4, 2
_SCHEMA, _LOGICAL_TYPE = 2, 10
# The members of the union of logical types up to FLOAT16; 9 was never given out. Polars refuses a file with a later one.
_KNOWN = frozenset(range(1, 16)) - {9}
_BYTE, _I64, _BINARY, _LIST, _STRUCT = 3, 6, 8, 9, 12
_NUMBERS, _TRUTH = frozenset({4, 5, _I64}), frozenset({1, 2})
_BYTES = {1: 0, 2: 0, _BYTE: 1, 7: 8}  # the truth is in the type; a double has eight bytes
_DEEPEST = 16


def unpacked(footer: bytes) -> int:
    """Bytes that all pages unpack to; 0 where the footer is damaged, which polars tells better."""
    walk = _Walk(footer)
    try:
        return sum(walk.number() if found == (_TOTAL_BYTE_SIZE, _I64) else walk.skip(found[1]) for found in walk.listed(_ROW_GROUPS))
    except (IndexError, ValueError):
        return 0


def plainer(footer: bytes) -> bytes:
    """The footer without the logical types that polars does not know (VARIANT, GEOMETRY): such a column is read as it is stored."""
    walk = _Walk(footer)
    cuts: list[tuple[int, int]] = []
    try:
        for found in walk.listed(_SCHEMA):
            start = walk.at - 1
            walk.skip(found[1])
            # It is the last field, so that no other is numbered from it.
            if found == (_LOGICAL_TYPE, _STRUCT) and footer[start + 1] >> 4 not in _KNOWN and footer[walk.at] == 0:
                cuts.append((start, walk.at))
    except (IndexError, ValueError):
        return footer
    for start, end in reversed(cuts):
        footer = footer[:start] + footer[end:]
    return footer


class _Walk:
    """A position in the footer."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self.at = 0

    def _byte(self) -> int:
        self.at += 1
        return self._data[self.at - 1]

    def _varint(self) -> int:
        value = shift = 0
        while (byte := self._byte()) >= 0x80:  # noqa: PLR2004 - more bytes follow
            value |= (byte & 0x7F) << shift
            shift += 7
        return value | byte << shift

    def number(self) -> int:
        """A whole number, zigzag."""
        value = self._varint()
        return value >> 1 ^ -(value & 1)

    def fields(self) -> Iterator[tuple[int, int]]:
        """Number and type of each field of a structure, whose value is read or skipped before the next is asked for."""
        number = 0
        while head := self._byte():
            number = number + (head >> 4) if head >> 4 else self.number()
            yield number, head & 15

    def listed(self, number: int) -> Iterator[tuple[int, int]]:
        """The fields of all structures in the list ``number`` of this structure, as ``fields`` gives them."""
        for found in self.fields():
            if found != (number, _LIST):
                self.skip(found[1])
                continue
            for _ in range(self.items()[0]):
                yield from self.fields()

    def items(self) -> tuple[int, int]:
        """How many values a list has, and their type; no more than there are bytes."""
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._varint()  # noqa: PLR2004 - longer ones say so
        if size > len(self._data):
            raise ValueError
        return size, head & 15

    def skip(self, kind: int, depth: int = 0) -> int:
        """Passes over a value; raises ValueError where no type is like that."""
        if depth > _DEEPEST:
            raise ValueError
        if kind in _BYTES:
            self.at += _BYTES[kind]
        elif kind in _NUMBERS:
            self._varint()
        elif kind == _BINARY:
            size = self._varint()
            self.at += size
        else:
            self._pass_within(kind, depth)
        return 0

    def _pass_within(self, kind: int, depth: int) -> None:
        if kind == _STRUCT:
            for _, inner in self.fields():
                self.skip(inner, depth + 1)
        elif kind == _LIST:
            size, inner = self.items()
            for _ in range(size):
                self.skip(_BYTE if inner in _TRUTH else inner, depth + 1)
        else:
            raise ValueError  # maps and sets are in no footer
