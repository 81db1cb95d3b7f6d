"""The restrictions a worker puts on itself before it imports anything that parses evidence.

A ladder: each rung is tried, none is taken for granted, and what was reached is told with the reason for what was not.
Order matters. Landlock holds for threads started after it, so that it stands before polars and its threads; the death
signal and the dump flag are reset by a change of credentials, so that they follow the user namespace; system calls are
filtered last.

By ctypes, because the packages that wrap these calls are pre-releases or unmaintained, and because this is little:
prctl(2), unshare(2), landlock(7), seccomp(2).
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import resource
import signal
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from triage import syscalls


class Rung(NamedTuple):
    """One step of the ladder: whether it was reached, and if not why (a word of ``_WHY`` or the name of an errno)."""

    name: str
    reached: bool
    why: str = ""


MEANING = {
    "environment": "a fresh interpreter with no variable of the caller's",
    "resources": "bounds on memory, open files and written files; no core dump",
    "privileges": "no program it starts can gain rights",
    "namespaces": "a user namespace without rights and a network namespace without a network",
    "dumping": "neither a debugger of the same user nor a core dump sees its memory",
    "death": "it ends when the command ends",
    "files": "Landlock: it opens nothing but its libraries, its rules and the evidence, to read them",
    "calls": "seccomp: no socket, no process, no program, no kernel interface that parsing does not need",
}
REMEDY = {
    "namespaces": "allow unprivileged user namespaces (sysctl user.max_user_namespaces, kernel.unprivileged_userns_clone; "
    "in a container, a seccomp profile that allows unshare)",
    "files": "a kernel from 5.13 with landlock in its list of security modules (lsm=landlock,...)",
    "calls": "an x86-64 machine and a kernel with CONFIG_SECCOMP_FILTER",
}


_WHOLE = "What reads evidence here sees no other file, reaches no network and starts no program."
_IN_PART = (
    "Evidence is read all the same, and run.json says with what; `scan --require-sandbox` refuses to. Against files from people who\n"
    "target you, add a ring of your own: SECURITY.md says how with bubblewrap or a container."
)


def whole(rungs: Iterable[Rung]) -> bool:
    """Whether what matters was reached: no foreign file, no network, no other program.

    A namespace and the filter of calls both close the network; one of them is enough.
    """
    reached = {r.name for r in rungs if r.reached}
    return {"environment", "resources", "privileges", "dumping", "death", "files"} <= reached and bool({"namespaces", "calls"} & reached)


def told(rungs: Iterable[Rung]) -> str:
    """The ladder for people: a line a rung, what to do about those that were not reached, and what that means."""
    rungs, lines = tuple(rungs), []
    for rung in rungs:
        lines.append(f"{'yes' if rung.reached else 'NO':<4} {rung.name:<12} {MEANING[rung.name]}")
        if not rung.reached:
            lines.append(f"{'':<18}{rung.why}; {REMEDY.get(rung.name, 'this system does not offer it')}")
    lines.append(f"\n{_WHOLE if whole(rungs) else _IN_PART}")
    return "\n".join(lines)


@dataclass(frozen=True)
class Bounds:
    """What a worker may use: bytes of address space, files it may read below ``readable``, and who started it."""

    memory: int
    parent: int
    readable: tuple[Path, ...] = field(default=())
    open_files: int = 2048  # two for each volume of a file in many


def restrict(bounds: Bounds) -> tuple[Rung, ...]:
    """Climbs the ladder in this process, which must have a single thread and no library of a reader loaded."""
    steps: tuple[tuple[str, Callable[[], None]], ...] = (
        ("environment", _environment),
        ("resources", lambda: _resources(bounds)),
        ("privileges", lambda: _prctl(_NO_NEW_PRIVS, 1)),
        ("namespaces", _namespaces),
        ("dumping", lambda: _prctl(_DUMPABLE, 0)),
        ("death", lambda: _death(bounds.parent)),
        ("files", lambda: _files(bounds.readable)),
        ("calls", _calls),
    )
    return tuple(_tried(name, step) for name, step in steps)


def unrestricted(why: str = "not asked for") -> tuple[Rung, ...]:
    """The ladder of a worker that did not climb it."""
    return tuple(Rung(name, reached=False, why=why) for name in MEANING)


def without_dumps() -> None:
    """No core dump and no debugger for the command itself: it holds hashes and names of columns."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _tried("dumping", lambda: _prctl(_DUMPABLE, 0))


def _tried(name: str, step: Callable[[], None]) -> Rung:
    try:
        step()
    except OSError as error:
        return Rung(name, reached=False, why=errno.errorcode.get(error.errno or 0, "unknown"))
    except (AttributeError, ValueError, RuntimeError) as error:
        return Rung(name, reached=False, why=str(error) if isinstance(error, _UnavailableError) else "not on this system")
    return Rung(name, reached=True)


class _UnavailableError(RuntimeError):
    """A rung this machine does not have; the text is one of this module's."""


# --- the rungs

_DEATHSIG, _DUMPABLE, _NO_NEW_PRIVS, _SECCOMP = 1, 4, 38, 22
_NEW_IPC, _NEW_USER, _NEW_NET = 0x0800_0000, 0x1000_0000, 0x4000_0000
_FILTER = 2


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _checked(result: int) -> int:
    if result < 0:
        raise OSError(ctypes.get_errno(), "")
    return result


def _prctl(option: int, value: int) -> None:
    _checked(_libc().prctl(option, ctypes.c_ulong(value), ctypes.c_ulong(0), ctypes.c_ulong(0), ctypes.c_ulong(0)))


def _environment() -> None:
    if not (sys.flags.isolated and sys.flags.no_site):
        raise _UnavailableError("not a fresh interpreter")


def _resources(bounds: Bounds) -> None:
    for kind, value in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, bounds.open_files),
        (resource.RLIMIT_AS, bounds.memory),
    ):
        hard = resource.getrlimit(kind)[1]
        allowed = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (allowed, allowed))
    try:
        # Where memory runs out all the same, the kernel ends this process first.
        Path("/proc/self/oom_score_adj").write_text("1000", "ascii")
    except OSError:
        return


def _namespaces() -> None:
    _checked(_libc().unshare(_NEW_USER | _NEW_NET | _NEW_IPC))


def _death(parent: int) -> None:
    _prctl(_DEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        raise SystemExit(1)  # it ended before the signal was asked for


_ACCESS_BY_VERSION = ((1, 13), (2, 14), (3, 15), (5, 16))  # Landlock's version to the number of rights it handles
_READ_FILE, _READ_FOLDER = 1 << 2, 1 << 3
_NET_FROM, _SCOPE_FROM = 4, 6


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("net", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _files(readable: Iterable[Path]) -> None:
    libc = _libc()
    version = _checked(libc.syscall(syscalls.LANDLOCK_CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1)))
    rights = max(count for since, count in _ACCESS_BY_VERSION if version >= since)
    ruleset = _Ruleset((1 << rights) - 1, 3 if version >= _NET_FROM else 0, 3 if version >= _SCOPE_FROM else 0)
    size = 24 if version >= _SCOPE_FROM else 16 if version >= _NET_FROM else 8
    handle = _checked(libc.syscall(syscalls.LANDLOCK_CREATE, ctypes.byref(ruleset), ctypes.c_size_t(size), ctypes.c_uint32(0)))
    try:
        for path in readable:
            _allow(libc, handle, path)
        _checked(libc.syscall(syscalls.LANDLOCK_RESTRICT, ctypes.c_int(handle), ctypes.c_uint32(0)))
    finally:
        os.close(handle)


def _allow(libc: ctypes.CDLL, handle: int, path: Path) -> None:
    """Lets ``path`` and what lies below be read; a path that is not there needs no right."""
    try:
        descriptor = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except OSError:
        return
    try:
        rights = _READ_FILE | _READ_FOLDER if path.is_dir() else _READ_FILE
        rule = _Beneath(rights, descriptor)
        _checked(libc.syscall(syscalls.LANDLOCK_ADD, ctypes.c_int(handle), ctypes.c_int(1), ctypes.byref(rule), ctypes.c_uint32(0)))
    finally:
        os.close(descriptor)


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))


def _calls() -> None:
    if platform.machine() != "x86_64":
        raise _UnavailableError("not on this kind of machine")
    code = syscalls.program()
    buffer = ctypes.create_string_buffer(code, len(code))
    program = _Program(len(code) // syscalls.STEP.size, ctypes.addressof(buffer))
    _checked(_libc().prctl(_SECCOMP, ctypes.c_ulong(_FILTER), ctypes.byref(program), ctypes.c_ulong(0), ctypes.c_ulong(0)))


def libraries() -> tuple[Path, ...]:
    """What an interpreter reads when it imports: its own files, the packages, the system's shared libraries and time zones.

    And what polars asks of the machine: where it cannot see how much memory there is, it takes it for none and works in
    tiny steps, four times slower.
    """
    files = ("/etc/ld.so.cache", "/usr/share/zoneinfo", "/dev/null", "/dev/urandom", "/proc/meminfo")
    system = ("/lib", "/lib64", "/usr/lib", "/usr/lib64", *files)
    own: tuple[str | Path, ...] = (sys.prefix, sys.base_prefix, sys.exec_prefix, *(p for p in sys.path if p), Path(__file__).parent)
    return tuple(dict.fromkeys(Path(p).resolve() for p in (*system, *own)))
