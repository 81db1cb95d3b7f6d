"""How much a Parquet file unpacks to, from its footer: the one figure that polars does not tell before it unpacks.

The footer is a structure in Thrift's compact protocol (thrift-compact-protocol.md); of it only ``total_byte_size`` of
each row group is wanted (parquet.thrift, FileMetaData 4, RowGroup 2). What lies is met by the worker's own bounds.
"""

from __future__ import annotations

from collections.abc import Iterator

_ROW_GROUPS, _TOTAL_BYTE_SIZE = 4, 2
_BYTE, _I64, _BINARY, _LIST, _STRUCT = 3, 6, 8, 9, 12
_NUMBERS, _TRUTH = frozenset({4, 5, _I64}), frozenset({1, 2})
_BYTES = {1: 0, 2: 0, _BYTE: 1, 7: 8}  # the truth is in the type; a double has eight bytes
_DEEPEST = 16


def unpacked(footer: bytes) -> int:
    """Bytes that all pages unpack to; 0 where the footer is damaged, which polars tells better."""
    walk = _Walk(footer)
    total = 0
    try:
        for number, kind in walk.fields():
            if (number, kind) != (_ROW_GROUPS, _LIST):
                walk.skip(kind)
                continue
            size, _ = walk.items()
            for _ in range(size):
                total += sum(walk.number() if found == (_TOTAL_BYTE_SIZE, _I64) else walk.skip(found[1]) for found in walk.fields())
    except (IndexError, ValueError):
        return 0
    return total


class _Walk:
    """A position in the footer."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

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
            self._at += _BYTES[kind]
        elif kind in _NUMBERS:
            self._varint()
        elif kind == _BINARY:
            size = self._varint()
            self._at += size
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
