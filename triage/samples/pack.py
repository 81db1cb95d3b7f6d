"""Where the bytes of a leak go: files, gzip, members of zips; the same bytes every time."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Protocol
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


class Stream(Protocol):
    """What bytes are written to."""

    def write(self, data: bytes, /) -> int:
        """Takes some more."""


class Folder:
    """Writes below ``root``, which is the file itself where the leak is ``single``; ``written`` are the evidences so far.

    Members of a zip carry the leak's day, and gzip no time at all.
    """

    def __init__(self, root: Path, day: str, *, single: bool) -> None:
        self.root, self.single = root, single
        self.written: list[str] = []
        self._day = date.fromisoformat(day)
        self._archive: tuple[str, ZipFile] | None = None

    def path(self, name: str) -> Path:
        """Where an evidence stands."""
        return self.root if self.single else self.root / name

    @contextmanager
    def open(self, entry: str) -> Iterator[Stream]:
        """A stream to write an entry to."""
        outer, _, member = entry.partition("!")
        if not member or (self._archive and self._archive[0] != outer):
            self.close()
        if outer not in self.written:
            self.written.append(outer)
            self.path(outer).parent.mkdir(parents=True, exist_ok=True)
        if member:
            info = ZipInfo(member, (self._day.year, self._day.month, self._day.day, 3, 14, 0))
            info.compress_type = ZIP_DEFLATED
            info.external_attr = 0o644 << 16
            with self._zip(outer).open(info, "w", force_zip64=False) as stream:
                yield stream
        elif outer.endswith(".gz"):
            with self.path(outer).open("wb") as raw, gzip.GzipFile("", "wb", fileobj=raw, mtime=0) as stream:
                yield stream
        else:
            with self.path(outer).open("wb") as stream:
                yield stream

    def _zip(self, outer: str) -> ZipFile:
        if self._archive is None:
            self._archive = (outer, ZipFile(self.path(outer), "w"))
        return self._archive[1]

    def close(self) -> None:
        """Ends the zip that is open."""
        if self._archive:
            self._archive[1].close()
            self._archive = None
