"""Writing results: whole or not at all, readable by their owner only, never among the evidence.

A report that is half written lies about what was found, so a file appears under its name only when its bytes are on
the disk (POSIX ``rename`` replaces atomically; the directory is synced too, or a power cut may undo the rename).
"""

from __future__ import annotations

import fcntl
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

_PART = re.compile(r"\.[0-9a-f]{16}\.part")


class WriteError(Exception):
    """Nothing was written; the text names the place and the reason, both from the caller's arguments."""


class CaseError(Exception):
    """A key or the sketches of a case cannot serve; the text says why in our own words."""


def make_directory(path: Path) -> None:
    """Makes a directory of mode 0700, with its parents; one that exists keeps its mode."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise WriteError(f"{path}: cannot make the directory ({os.strerror(error.errno or 0)})") from None


def write(path: Path, data: bytes) -> None:
    """Writes ``data`` under ``path`` with mode 0600, atomically.

    A file that was there stays as it is until the new one is complete; on failure the temporary file is removed.

    Raises:
        WriteError: the disk is full, the directory is missing or read-only, a quota is hit.
    """
    part = path.with_name(f".{os.urandom(8).hex()}.part")
    try:
        _write_synced(part, data)
        part.replace(path)
        sync_directory(path.parent)
    except OSError as error:
        part.unlink(missing_ok=True)
        raise WriteError(f"{path}: cannot write ({os.strerror(error.errno or 0)})") from None
    except BaseException:
        part.unlink(missing_ok=True)
        raise


def _write_synced(path: Path, data: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC | os.O_NOFOLLOW
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(descriptor)


def sync_directory(path: Path) -> None:
    """Has the names in a directory on the disk."""
    descriptor = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def sweep(path: Path) -> None:
    """Takes away what a killed run had half written in a directory."""
    for part in path.glob(".*.part"):
        if _PART.fullmatch(part.name):
            part.unlink(missing_ok=True)


@contextmanager
def held(path: Path) -> Iterator[None]:
    """Holds a file against other runs; it is free again when the process ends, however it ends.

    Raises:
        CaseError: another run holds it; the text names the process.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise WriteError(f"{path}: cannot write ({os.strerror(error.errno or 0)})") from None
    try:
        _lock(descriptor, path)
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, b"%d" % os.getpid(), 0)
        yield
    finally:
        os.close(descriptor)


def _lock(descriptor: int, path: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        other = os.pread(descriptor, 20, 0)
        who = f"process {int(other)}" if other.isdigit() else "another process"
        raise CaseError(f"{path.parent.parent}: {who} is at work on this case; wait for it, end it, or give another folder") from None
    except OSError as error:
        raise WriteError(f"{path}: cannot lock ({os.strerror(error.errno or 0)}); give a folder on a local disk") from None


def refuse_among_evidence(target: Path, evidence: Iterable[Path]) -> None:
    """Refuses to write to ``target`` if that would add to, or replace, what was received.

    Links are resolved on both sides. A folder below that of an evidence *file* is fine (``scan dump.csv -o out``),
    that folder itself is not: reports would lie beside the evidence.

    Raises:
        WriteError: ``target`` is an evidence file, its folder, an evidence folder or something below one.
    """
    real = target.resolve()
    for one in evidence:
        given = one.resolve()
        below = given in (real, *real.parents)
        beside = given.parent == real and not given.is_dir()
        if below or beside:
            raise WriteError(f"{target}: would write among the evidence; choose another folder")
