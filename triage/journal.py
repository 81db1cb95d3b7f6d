"""``DIR/.case/journal``: what each file has told so far, so that the same command goes on after a run that was killed.

SQLite, written ahead, synced at every commit. Commits are so far apart that they cost little: half a second where little is
told, up to half a minute where it is much; what a power cut takes is that, and what was in hand. Of a file it holds the
frames that its worker sent and, of a long entry, the last mark; they are heard again as if a worker sent them.

Every row is sealed (AES-256-GCM) with the key of the case, which lies outside DIR: it holds counts too small to be shown
and hashes without a secret. So nobody without the key reads a row, makes one or moves one elsewhere. A file is known by a
keyed hash of its path and its stamp; what was told of a file that has changed since is not found.
"""

from __future__ import annotations

import os
import sqlite3
import threading
from collections import Counter
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING

from triage import wire
from triage.files import WriteError
from triage.keys import Sealer, SealError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage.evidence import Evidence

FILE = Path(".case") / "journal"
RUNGS = "rungs"
"""The name under which it is noted what the workers reached."""
GROUP = 0.5
"""Seconds between two commits, for little; half a minute at the most."""
RATE = 3 << 20
"""Bytes a second that may be committed: to seal and write them takes a fiftieth of it."""
MARKS = 10.0
"""Seconds of work between two marks within an entry, at the least: a mark of a table with many distinct values takes half a second."""

_FORMAT = 1
_SCHEMA = (
    "CREATE TABLE said (file BLOB NOT NULL, part INTEGER NOT NULL, piece INTEGER NOT NULL, sealed BLOB NOT NULL, "
    "PRIMARY KEY (file, part, piece)) STRICT"
)
_PRAGMAS = (
    "page_size = 16384",  # a mark is large
    "trusted_schema = OFF",
    "cell_size_check = ON",
    "locking_mode = EXCLUSIVE",  # one run has it, so that no memory is shared and network disks will do
    "journal_mode = WAL",
    "synchronous = FULL",
    "wal_autocheckpoint = 8192",  # what is removed at the end need not be written twice
)
# Parts of what is said of a file: all that was told in order, then the mark of each pass.
_TOLD, _MARK = 0, 1
_TURNS = (0, 1)
_PIECE = 32 << 20
_LONGEST, _MOST = 30.0, 256 << 20
_BESIDE = ("", "-wal", "-shm", "-journal")


class Unkept:
    """The journal of a run that nobody will go on with: it takes everything and knows nothing."""

    every: float | None = None
    """Seconds between marks; None: no marks."""

    def told(self, item: Evidence) -> list[wire.Frame]:  # noqa: ARG002 - as Journal
        """What was told of a file, in order."""
        return []

    def marks(self, item: Evidence) -> list[list[wire.Frame]]:  # noqa: ARG002 - as Journal
        """The marks of the entry that comes after what was told, in the order of its passes."""
        return []

    def tell(self, item: Evidence, frames: Sequence[wire.Frame], *, done: bool = False) -> None:
        """Keeps what was told; ``done``: an entry is, and its marks have had their day."""

    def mark(self, item: Evidence, turn: int, frames: Sequence[wire.Frame]) -> None:
        """Keeps a mark in place of the one before."""

    def forget(self, item: Evidence) -> None:
        """Drops all that was told of a file."""

    def note(self, name: str, data: bytes | None = None) -> bytes | None:
        """What is noted of the run under a name; written where ``data`` is given."""

    def close(self) -> None:
        """Keeps what can be kept."""


UNKEPT = Unkept()


class DamagedError(Exception):
    """It is no journal of ours, or somebody has been at it."""


class Journal(Unkept):
    """The journal of a case; one run has it at a time."""

    def __init__(self, path: Path, secret: bytes) -> None:
        """Opens or makes it.

        Raises:
            DamagedError: what is there was not written with this key, or is damaged.
            WriteError: it cannot be written.
        """
        self.every = MARKS
        self._path = path
        self._sealer = Sealer(secret)
        self._lock = threading.Lock()
        self._committed = monotonic()
        self._names: dict[Evidence, bytes] = {}
        self._waiting: dict[bytes, list[wire.Frame]] = {}
        self._next: dict[bytes, int] = {}
        self._bytes = 0
        self._broken = False
        _make(path)
        with self._reported():
            self._base = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        try:
            self._begin()
        except BaseException:
            self._base.close()
            raise

    def _begin(self) -> None:
        try:
            for pragma in _PRAGMAS:
                self._base.execute(f"PRAGMA {pragma}")
            known = [sql for (sql,) in self._base.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")]
            version = self._base.execute("PRAGMA user_version").fetchone()[0]
        except sqlite3.DatabaseError as error:
            raise _told(error, self._path) from None
        if not known and version == 0:
            with self._reported():
                self._base.executescript(f"BEGIN; {_SCHEMA}; PRAGMA user_version = {_FORMAT}; COMMIT")
        elif known != [_SCHEMA] or version != _FORMAT:
            raise DamagedError
        else:
            self._check()
        with self._reported():
            self._base.execute("BEGIN IMMEDIATE")

    def _check(self) -> None:
        """Opens every row: one that is not ours makes all of them suspect."""
        try:
            sound = self._base.execute("PRAGMA quick_check(1)").fetchone() == ("ok",)
            met: Counter[tuple[bytes, int]] = Counter()
            for file, part, piece, sealed in self._base.execute("SELECT file, part, piece, sealed FROM said ORDER BY piece"):
                self._sealer.opened(sealed, _place(file, part, piece))
                sound &= piece == met[file, part]
                met[file, part] += 1
            self._next = {file: count for (file, part), count in met.items() if part == _TOLD}
        except sqlite3.DatabaseError as error:
            raise _told(error, self._path) from None
        except SealError:
            raise DamagedError from None
        if not sound:
            raise DamagedError

    # --- of the run

    def note(self, name: str, data: bytes | None = None) -> bytes | None:
        """As Unkept."""
        with self._lock, self._reported():
            file = name.encode()
            if data is not None:
                self._replace(file, _TOLD, data)
            return self._read(file, _TOLD)

    def clear(self) -> None:
        """Drops everything."""
        with self._lock, self._reported():
            self._base.execute("DELETE FROM said")
            self._next.clear()
            self._waiting.clear()
            self._commit()

    def commit(self) -> None:
        """Has all that was told so far on the disk."""
        with self._lock, self._reported():
            self._commit()

    def close(self) -> None:
        """As Unkept."""
        with self._lock:
            if not self._broken:
                with suppress(WriteError), self._reported():
                    self._commit()
            self._base.close()

    def remove(self) -> None:
        """Closes it and takes it away: the run is over."""
        self._broken = True
        self._base.close()
        remove(self._path)

    # --- of a file

    def _name(self, item: Evidence) -> bytes:
        """A keyed hash of all that tells a file: its paths and its stamp."""
        name = self._names.get(item)
        if name is None:
            told = [part for one in (item, *item.volumes) for part in _telling(one)]
            name = self._names[item] = self._sealer.name(b"\0".join(told))
        return name

    def told(self, item: Evidence) -> list[wire.Frame]:
        """As Unkept; raises wire.WireError where it is damaged."""
        with self._lock, self._reported():
            name = self._name(item)
            return wire.parted(self._read(name, _TOLD) or b"") + self._waiting.get(name, [])

    def marks(self, item: Evidence) -> list[list[wire.Frame]]:
        """As Unkept; raises wire.WireError where it is damaged."""
        with self._lock, self._reported():
            found = (self._read(self._name(item), _MARK + turn) for turn in _TURNS)
            return [wire.parted(data) for data in found if data]

    def tell(self, item: Evidence, frames: Sequence[wire.Frame], *, done: bool = False) -> None:
        """As Unkept; raises WriteError where the disk takes no more."""
        with self._lock, self._reported():
            name = self._name(item)
            self._waiting.setdefault(name, []).extend(frames)
            self._bytes += sum(len(data) for _, data in frames)
            if done:
                self._base.execute("DELETE FROM said WHERE file = ? AND part >= ?", (name, _MARK))
            self._in_time()

    def mark(self, item: Evidence, turn: int, frames: Sequence[wire.Frame]) -> None:
        """As Unkept; raises WriteError where the disk takes no more."""
        if turn not in _TURNS:
            raise wire.WireError("a mark of no pass")
        with self._lock, self._reported():
            self._replace(self._name(item), _MARK + turn, wire.joined(frames))
            self._commit()

    def forget(self, item: Evidence) -> None:
        """As Unkept."""
        with self._lock, self._reported():
            name = self._name(item)
            self._waiting.pop(name, None)
            self._next.pop(name, None)
            self._base.execute("DELETE FROM said WHERE file = ?", (name,))

    # --- rows

    def _read(self, file: bytes, part: int) -> bytes | None:
        found = self._base.execute("SELECT piece, sealed FROM said WHERE file = ? AND part = ? ORDER BY piece", (file, part)).fetchall()
        return b"".join(self._sealer.opened(sealed, _place(file, part, piece)) for piece, sealed in found) if found else None

    def _replace(self, file: bytes, part: int, data: bytes) -> None:
        self._base.execute("DELETE FROM said WHERE file = ? AND part = ?", (file, part))
        for piece, start in enumerate(range(0, max(1, len(data)), _PIECE)):
            self._insert(file, part, piece, data[start : start + _PIECE])

    def _insert(self, file: bytes, part: int, piece: int, data: bytes) -> None:
        sealed = self._sealer.sealed(data, _place(file, part, piece))
        self._base.execute("INSERT INTO said VALUES (?, ?, ?, ?)", (file, part, piece, sealed))

    def _in_time(self) -> None:
        if self._bytes > _MOST or monotonic() - self._committed >= min(GROUP + self._bytes / RATE, _LONGEST):
            self._commit()

    def _commit(self) -> None:
        for name, frames in self._waiting.items():
            piece = self._next.get(name, 0)
            self._insert(name, _TOLD, piece, wire.joined(frames))
            self._next[name] = piece + 1
        self._waiting.clear()
        self._bytes = 0
        self._base.execute("COMMIT")
        self._base.execute("BEGIN IMMEDIATE")
        self._committed = monotonic()

    @contextmanager
    def _reported(self) -> Iterator[None]:
        """What SQLite says of the disk, in our words; what fails to open in a checked journal is the disk's fault too.

        After that nothing more is written: a part of what was to be written together may be gone.
        """
        if self._broken:
            raise _cannot(sqlite3.OperationalError(), self._path)
        try:
            yield
        except (sqlite3.Error, SealError) as error:
            self._broken = True
            raise _cannot(error, self._path) from None


def remove(path: Path) -> None:
    """Takes a journal away, with what SQLite keeps beside it."""
    for end in _BESIDE:
        path.with_name(path.name + end).unlink(missing_ok=True)


def _make(path: Path) -> None:
    """An empty file of mode 0600 where there is none; never through a link."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        os.close(descriptor)
    except OSError as error:
        if path.is_symlink():
            raise DamagedError from None
        raise WriteError(f"{path}: cannot write ({os.strerror(error.errno or 0)})") from None


def _telling(item: Evidence) -> list[bytes]:
    return [os.fsencode(str(item.source)), item.path.encode(), *(b"%d" % n for n in item.stamp or ())]


def _place(file: bytes, part: int, piece: int) -> bytes:
    return b"%d %d " % (part, piece) + file


def _cannot(error: Exception, path: Path) -> WriteError:
    """SQLite's own texts are not passed on."""
    why = {"SQLITE_FULL": "no space left on the disk", "SQLITE_READONLY": "it may not be written"}
    told = why.get(getattr(error, "sqlite_errorname", ""), "the disk does not take or give it")
    return WriteError(f"{path}: cannot write ({told}); what was read is kept: make room, then run the same command again")


def _told(error: sqlite3.DatabaseError, path: Path) -> Exception:
    """Whether it is the file that is bad, or the disk."""
    ours = {"SQLITE_CORRUPT", "SQLITE_NOTADB"}
    name = getattr(error, "sqlite_errorname", "")
    return DamagedError() if not name or any(name.startswith(one) for one in ours) else _cannot(error, path)
