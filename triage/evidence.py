"""Evidence: listed before anything is opened, read without a trace, hashed on the way, checked at the end.

What is listed is never modified, and nothing but regular files is opened: a pipe would hang the scan and a device has
no end. Symbolic links are listed, not followed, because a link in a seized folder may point at the examiner's own
files. The SHA-256 (FIPS 180-4) is that of the bytes the scan has seen; it is taken while they pass, not in a second
reading, and covers what no reader asked for.
"""

from __future__ import annotations

import errno
import hashlib
import io
import itertools
import os
import stat
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

STDIN = "-"
_CHUNK = 1 << 20
_FLAGS = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class Stamp(NamedTuple):
    """What tells that a file is the same one, unchanged: bytes, nanoseconds since 1970, and its place on disk.

    ``ctime_ns`` is that of its last change of any kind: nobody can set it, but a new name or new rights change it too.
    """

    size: int
    mtime_ns: int
    device: int
    inode: int
    ctime_ns: int = 0


@dataclass(frozen=True)
class Evidence:
    r"""One listed file.

    Attributes:
        path: its name in every report: POSIX, relative to the parent of the argument (``scan x/lab`` gives
            ``lab/a.csv``); bytes that are no UTF-8 are written ``\xff``.
        source: where to open it (never a link); ``None`` is standard input.
        stamp: its state when it was listed; ``None`` for standard input and for what could not be looked at.
        problem: the code that keeps it from being opened, or ``None``.
        descriptor: the file, open already: a worker is given this and no path. It stays its giver's to close.
        volumes: its parts, where it is one file in several (``volumes.py``): ``path`` is the name of one of them, ``stamp`` the size
            of all.
    """

    path: str
    source: Path | None
    stamp: Stamp | None = None
    problem: str | None = None
    descriptor: int | None = None
    volumes: tuple[Evidence, ...] = ()


class Inventory(NamedTuple):
    """The listed files in the order of their paths, and the number of files beyond the limit (counted, not listed)."""

    files: tuple[Evidence, ...]
    unlisted: int


class Seal(NamedTuple):
    """What was read: its bytes, their SHA-256 in hexadecimal, the problem codes met at the end, and the same of each volume."""

    size: int
    sha256: str
    problems: tuple[str, ...]
    volumes: tuple[Seal, ...] = ()


class EvidenceError(Exception):
    """Evidence could not be opened or read; ``code`` is one of ``problems.PROBLEMS``."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


# --- the inventory


def inventory(paths: Sequence[str | Path], *, follow: bool = False, limit: int = 1_000_000) -> Inventory:
    """Lists the files under ``paths``, folders in depth.

    Args:
        paths: files, folders or ``-`` for standard input.
        follow: follow symbolic links whose target lies within one of ``paths`` (and a link given as argument).
        limit: files listed from one argument; the others are counted.
    """
    walk = _Walk(tuple(Path(p).resolve() for p in paths if str(p) != STDIN) if follow else ())
    files: list[Evidence] = []
    unlisted = 0
    for argument, name in zip(paths, _names(paths), strict=True):
        found = walk.list(argument, name)
        files.extend(itertools.islice(found, limit))
        unlisted += sum(1 for _ in found)
    return Inventory(tuple(sorted(files, key=lambda e: e.path)), unlisted)


def _names(paths: Sequence[str | Path]) -> list[str]:
    """The name each argument has in reports: its last part, under ``1/``, ``2/``… where two are equal."""
    names = ["stdin" if str(p) == STDIN else Path(os.path.abspath(p)).name for p in paths]  # noqa: PTH100 - resolve() follows links
    times = Counter(names)
    numbers = {name: (n for n in map(str, itertools.count(1)) if n not in times) for name in times}
    return [f"{next(numbers[name])}/{name}" if times[name] > 1 else name for name in names]


class _Walk:
    """A walk in the order of names; ``roots`` are the folders links may lead into (none: links are not followed)."""

    def __init__(self, roots: tuple[Path, ...]) -> None:
        self._roots = roots
        self._seen: set[tuple[int, int]] = set()

    def list(self, argument: str | Path, name: str) -> Iterator[Evidence]:
        """The evidence of one argument. A stack, not recursion: folders may be nested deeper than Python allows calls."""
        if str(argument) == STDIN:
            yield Evidence(printable(name), None)
            return
        self._seen.clear()
        stack = [(Path(argument), name)]
        while stack:
            source, path = stack.pop()
            source, status = self._look(source)
            if isinstance(status, str):
                yield Evidence(printable(path), source, None, status)
            elif stat.S_ISDIR(status.st_mode):
                if (children := self._children(source, path, status)) is None:
                    yield Evidence(printable(path), source, None, "unreadable")
                else:
                    stack.extend(children)
            else:
                problem = None if stat.S_ISREG(status.st_mode) else "not_regular"
                yield Evidence(printable(path), source, _stamp(status), problem)

    def _look(self, source: Path) -> tuple[Path, os.stat_result | str]:
        """The file (a link's target where it may be followed) with its status, or with a problem code."""
        try:
            status = source.lstat()
            if not stat.S_ISLNK(status.st_mode):
                return source, status
            target = source.resolve(strict=True) if self._roots else source
            if not any(target.is_relative_to(root) for root in self._roots):
                return source, "link_not_followed"
            return target, target.lstat()
        except (OSError, RuntimeError):
            return source, "unreadable"

    def _children(self, source: Path, path: str, status: os.stat_result) -> Sequence[tuple[Path, str]] | None:
        """The members of a folder, last name first, none if it was walked already (a link that leads back up)."""
        if (status.st_dev, status.st_ino) in self._seen:
            return ()
        self._seen.add((status.st_dev, status.st_ino))
        try:
            with os.scandir(source) as entries:
                names = sorted((e.name for e in entries), reverse=True)
        except OSError:
            return None
        return [(source / n, f"{path}/{n}" if path else n) for n in names]


def printable(path: str | Path) -> str:
    r"""A path as text that any encoder takes: a byte that is no UTF-8 becomes ``\xff``."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _stamp(status: os.stat_result) -> Stamp:
    return Stamp(status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino, status.st_ctime_ns)


# --- reading


class Stream(io.RawIOBase):
    """The bytes of one evidence file, front to back, hashed as they pass.

    ``read(n)`` gives ``n`` bytes unless the end is reached, from a pipe too. It cannot seek: a byte is hashed once.
    """

    def __init__(self, evidence: Evidence) -> None:
        self._descriptor, self.without_atime = _open(evidence)
        self._evidence = evidence
        self._digest = hashlib.sha256()
        self._opened = _stamp(os.fstat(self._descriptor))
        self.position = 0

    def readable(self) -> bool:
        """True: a stream is only ever read."""
        return True

    def read(self, size: int | None = -1, /) -> bytes:
        """The next ``size`` bytes, all that is left without a size, ``b""`` at the end; raises EvidenceError."""
        if size is None or size < 0:
            return self.readall()
        first = self._next(size)
        if len(first) == size or not first:
            return first
        parts = [first]
        missing = size - len(first)
        while missing and (part := self._next(missing)):
            parts.append(part)
            missing -= len(part)
        return b"".join(parts)

    def readall(self) -> bytes:
        """All that is left."""
        return b"".join(iter(lambda: self._next(_CHUNK), b""))

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fills ``buffer``, in part only at the end, and gives the number of bytes."""
        data = self.read(len(buffer))
        buffer[: len(data)] = data
        return len(data)

    def _next(self, size: int) -> bytes:
        if self.closed:
            raise ValueError("the stream is closed")
        try:
            # At a position of its own: the passes over a file may share one open descriptor.
            data = os.read(self._descriptor, size) if self._evidence.source is None else os.pread(self._descriptor, size, self.position)
        except OSError:
            raise EvidenceError("io_error") from None
        self._digest.update(data)
        self.position += len(data)
        return data

    def seal(self) -> Seal:
        """Reads what no reader asked for, checks that the file is still the one that was listed, and closes it."""
        problems: list[str] = []
        try:
            while self._next(_CHUNK):
                pass
        except EvidenceError as error:
            problems.append(error.code)
        if self._changed():
            problems.append("changed_during_scan")
        self.close()
        return Seal(self.position, self._digest.hexdigest(), tuple(problems))

    def _changed(self) -> bool:
        if self._evidence.descriptor is not None:
            return False  # whoever opened it knows its path and looks
        return changed(self._evidence, self._descriptor, self._opened)

    def close(self) -> None:
        """Closes the descriptor; standard input stays open, it is not ours."""
        if not self.closed and (self._evidence.source is not None or self._evidence.descriptor is not None):
            os.close(self._descriptor)
        super().close()


class Placed(io.RawIOBase):
    """A stream of so many bytes that keeps a place of its own in them; ``readinto`` is its users' to add."""

    def __init__(self, size: int) -> None:
        self._size = size
        self._at = 0

    def readable(self) -> bool:
        """True: it is only ever read."""
        return True

    def seekable(self) -> bool:
        """True."""
        return True

    def tell(self) -> int:
        """The position in bytes."""
        return self._at

    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        """Moves to a position and gives it."""
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at


class Seekable(Placed):
    """The bytes of one evidence file in any order, for formats with an index; not hashed."""

    def __init__(self, evidence: Evidence) -> None:
        self._descriptor, self.without_atime = _open(evidence)
        super().__init__(os.fstat(self._descriptor).st_size)

    def fileno(self) -> int:
        """The descriptor."""
        return self._descriptor

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fills ``buffer``, in part only at the end, and gives the number of bytes; raises EvidenceError."""
        try:
            count = os.preadv(self._descriptor, [buffer], self._at)
        except OSError:
            raise EvidenceError("io_error") from None
        self._at += count
        return count

    def close(self) -> None:
        """Closes the descriptor."""
        if not self.closed:
            os.close(self._descriptor)
        super().close()


@contextmanager
def opened(evidence: Evidence) -> Iterator[int]:
    """The file open for reading, to be handed to a worker; raises EvidenceError."""
    descriptor, _ = _open(evidence)
    try:
        yield descriptor
    finally:
        if evidence.source is not None:
            os.close(descriptor)


def changed(evidence: Evidence, descriptor: int | None = None, before: Stamp | None = None) -> bool:
    """Whether the file is another, or other than when it was listed (or when it was opened, ``before``)."""
    if evidence.source is None:
        return False
    try:
        found = [evidence.stamp, before, _stamp(evidence.source.lstat()), None if descriptor is None else _stamp(os.fstat(descriptor))]
    except OSError:
        return True
    return len({stamp._replace(ctime_ns=0) for stamp in found if stamp is not None}) > 1


def verify(evidence: Evidence, seal: Seal) -> bool:
    """Reads the file again from disk: is it still what was sealed? Standard input cannot be read twice: true."""
    if evidence.source is None:
        return True
    try:
        with Stream(evidence) as stream:
            again = stream.seal()
    except EvidenceError:
        return False
    return again == seal


def _open(evidence: Evidence) -> tuple[int, bool]:
    """A descriptor of the file and whether its access time is left alone (needs its ownership or CAP_FOWNER)."""
    if evidence.problem:
        raise EvidenceError(evidence.problem)
    if evidence.descriptor is not None:
        return os.dup(evidence.descriptor), True
    if evidence.source is None:
        return 0, True
    descriptor, without_atime = _open_quietly(evidence.source)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise EvidenceError("not_regular")
    return descriptor, without_atime


def _open_quietly(source: Path) -> tuple[int, bool]:
    try:
        return os.open(source, _FLAGS | os.O_NOATIME), True
    except OSError as error:
        if error.errno != errno.EPERM:
            raise _refusal(error) from None
    try:
        return os.open(source, _FLAGS), False
    except OSError as error:
        raise _refusal(error) from None


def _refusal(error: OSError) -> EvidenceError:
    codes = {errno.ELOOP: "link_not_followed", errno.ENXIO: "not_regular"}
    return EvidenceError(codes.get(error.errno or 0, "unreadable"))
