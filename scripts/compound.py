"""Writes compound files ([MS-CFB]), as MSG files are: no library of Python's does, and Outlook runs nowhere here."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from typing import TypeAlias

Tree: TypeAlias = Mapping[str, "bytes | Tree"]
Raw: TypeAlias = Mapping[int, tuple[int, bytes]]
_SECTOR, _SMALL, _CUTOFF = 512, 64, 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5
_ENTRY = struct.Struct("<64sHBB3I16sI8s8sIQ")


class _File:
    """Sectors and directory entries as they are added."""

    def __init__(self) -> None:
        self.sectors: list[bytes] = []
        self.fat: list[int] = []
        self.small = b""
        self.small_fat: list[int] = []
        self.entries: list[tuple[str, int, list[int], int, int]] = []

    def stream(self, data: bytes) -> int:
        """The first sector of a stream, among the small ones where it is small."""
        if not data:
            return _END
        if len(data) >= _CUTOFF:
            return self.chain(data)
        first, count = len(self.small_fat), -(-len(data) // _SMALL)
        self.small_fat += [*range(first + 1, first + count), _END]
        self.small += data.ljust(count * _SMALL, b"\0")
        return first

    def chain(self, data: bytes, mark: int = _END) -> int:
        """The first of the sectors that hold the data."""
        first, count = len(self.fat), -(-len(data) // _SECTOR)
        self.fat += [*range(first + 1, first + count), mark] if mark == _END else [mark] * count
        self.sectors += [data[i : i + _SECTOR].ljust(_SECTOR, b"\0") for i in range(0, count * _SECTOR, _SECTOR)]
        return first

    def add(self, name: str, content: bytes | Tree) -> int:
        """The number of the entry of a stream or a storage."""
        number = len(self.entries)
        if isinstance(content, bytes):
            self.entries.append((name, _STREAM, [], self.stream(content), len(content)))
        else:
            self.entries.append((name, _STORAGE if number else _ROOT, [], 0, 0))
            for each in sorted(content, key=lambda n: (len(n), n.upper())):
                self.entries[number][2].append(self.add(each, content[each]))
        return number

    def directory(self, start: int) -> bytes:
        """The entries; the children of a storage stand in a row, each the right one of the one before."""
        right: dict[int, int] = {}
        child: dict[int, int] = {}
        for number, (_, _, children, _, _) in enumerate(self.entries):
            child[number] = children[0] if children else _FREE
            right.update(zip(children, [*children[1:], _FREE], strict=False))
        out = b""
        for number, (name, kind, _, first, size) in enumerate(self.entries):
            text = (name + "\0").encode("utf-16-le")
            place = (start, len(self.small)) if kind == _ROOT else (first, size)
            out += _ENTRY.pack(text, len(text), kind, 1, _FREE, right.get(number, _FREE), child[number], b"", 0, b"", b"", *place)
        return out


def written(tree: Tree) -> bytes:
    """The compound file of some streams and storages, by name."""
    file = _File()
    file.add("Root Entry", tree)
    small = file.chain(file.small) if file.small else _END
    small_fat = file.chain(struct.pack(f"<{len(file.small_fat)}I", *file.small_fat).ljust(-(-len(file.small_fat) // 128) * 512, b"\xff"))
    directory = file.chain(file.directory(small))
    count = 1 + len(file.fat) // 127
    fat = file.chain(bytes(count * _SECTOR), _FAT)
    table = struct.pack(f"<{len(file.fat)}I", *file.fat).ljust(count * _SECTOR, b"\xff")
    file.sectors[fat:] = [table[i : i + _SECTOR] for i in range(0, len(table), _SECTOR)]
    head = struct.pack("<8s16s5H6x9I", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"", 0x3E, 3, 0xFFFE, 9, 6, 0, count, directory, 0, _CUTOFF,
                       small_fat, -(-len(file.small_fat) // 128), _END, 0)  # fmt: skip
    places = [*range(fat, fat + count)]
    return head + struct.pack(f"<{len(places)}I", *places).ljust(_SECTOR - len(head), b"\xff") + b"".join(file.sectors)


def item(own: Raw, recipients: Sequence[Raw] = (), files: Sequence[Raw] = (), items: Sequence[Tree] = (), before: int = 32) -> Tree:
    """The storages of an item of Outlook ([MS-OXMSG] 2.1 to 2.4), from its properties by number; files and items are attached to it."""
    tree = _properties(own, before)
    tree.update({f"__recip_version1.0_#{n:08X}": _properties(raw, 8) for n, raw in enumerate(recipients)})
    parts = [_properties(raw, 8) for raw in files]
    parts += [{**_properties({0x3705: (0x03, b"\5\0\0\0")}, 8), "__substg1.0_3701000D": each} for each in items]
    tree.update({f"__attach_version1.0_#{n:08X}": part for n, part in enumerate(parts)})
    return tree


def _properties(raw: Raw, before: int) -> dict[str, bytes | Tree]:
    """Short values in one stream, the others in a stream each."""
    fixed = bytes(before)
    tree: dict[str, bytes | Tree] = {}
    for tag, (kind, data) in raw.items():
        long = kind in {0x1E, 0x1F, 0x102}
        fixed += struct.pack("<HHI8s", kind, tag, 6, struct.pack("<I", len(data)) if long else data)
        if long:
            tree[f"__substg1.0_{tag:04X}{kind:04X}"] = data
    return {**tree, "__properties_version1.0": fixed}
