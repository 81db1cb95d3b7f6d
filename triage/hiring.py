"""What a scan begins with: the list of files, and the process of its first worker.

Nothing heavy is imported here. An interpreter takes most of its start to import polars, and so does the command: begun first, the
worker does so at the same time.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

from triage import evidence, exhausted, resources, sandbox, volumes, wire

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.evidence import Inventory
    from triage.options import Options

# The tests' way to do without processes; everybody else gets workers.
IN_PROCESS = False
# Above this a file has a worker's threads, and the machine, to itself: its segments are read side by side.
ALONE = 8 << 20
FEW, MANY = 64, 16
_WORDS = 1 << 16  # bytes that a pipe holds
# One arena each for glibc and for polars' jemalloc, or a worker takes 1.9 GB of address space, which is bounded, instead of 0.8.
# What one segment gave back the next takes again: to return it to the kernel costs a tenth of the time.
_ALLOCATORS = {
    "MALLOC_ARENA_MAX": "1",
    "MALLOC_MMAP_THRESHOLD_": "1000000000",
    "MALLOC_TRIM_THRESHOLD_": "2000000000",
    "_RJEM_MALLOC_CONF": "narenas:1,dirty_decay_ms:10000,muzzy_decay_ms:10000",
}
_BOOT = "import sys, json; a = json.loads(sys.argv[1]); sys.path[:] = a.pop(); from triage.child import main; main(*a)"


class Terms(NamedTuple):
    """What a worker may use: bytes of address space, what it may read, whether it restricts itself, threads of polars."""

    memory: int
    readable: tuple[Path, ...]
    restricted: bool
    threads: int


class Process:
    """A fresh interpreter that restricts itself and then listens, until it is ended."""

    def __init__(self, terms: Terms) -> None:
        self._gone = False
        self._said = b""
        self.socket, other = wire.pair()
        self._kills = exhausted.kills()
        self._errors, errors = _pipe()
        with other:
            self._child = _started(other.fileno(), errors, terms)
        os.close(errors)

    def end(self) -> None:
        """Kills it and all it may have started; waits for it, so that no zombie stays."""
        if not self._gone:
            self._gone = True
            with suppress(ProcessLookupError):
                os.killpg(self._child.pid, signal.SIGKILL)
            self._child.wait()
            with suppress(BlockingIOError):
                self._said = os.read(self._errors, _WORDS)
            os.close(self._errors)
            self.socket.close()

    def heard(self) -> bytes:
        """What it printed and was not looked at yet: for the words of ``exhausted`` alone, it goes nowhere."""
        if not self._gone:
            with suppress(BlockingIOError):
                return os.read(self._errors, _WORDS)
        return b""

    def end_of_it(self) -> str:
        """Why it hung up: for want of memory, or otherwise."""
        with suppress(subprocess.TimeoutExpired):
            self._child.wait(1)  # it ends by itself, or its exit says nothing
        self.end()
        killed = self._child.returncode == -signal.SIGKILL and exhausted.kills() > self._kills
        return "out_of_memory" if killed or exhausted.said(self._said) else "crashed"


def _pipe() -> tuple[int, int]:
    """Two ends at which nobody waits: what is too much is lost."""
    read, write = os.pipe()
    os.set_blocking(read, False)
    os.set_blocking(write, False)
    return read, write


class Begun:
    """What was asked for, its files, listed and joined, and the worker that is already on its way; closed by ``with``."""

    def __init__(self, paths: Sequence[Path | str], options: Options, listed: Inventory, terms: Terms) -> None:
        self.paths = paths
        self.options = options
        self.listed = listed
        self.items = volumes.joined(listed.files)
        self.terms = terms
        self._first = None if IN_PROCESS or not any(e.stamp and not e.problem for e in listed.files) else Process(terms)

    def process(self) -> Process:
        """A process to work with: the first one, then others."""
        first, self._first = self._first, None
        return first or Process(self.terms)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._first is not None:
            self._first.end()
            self._first = None


def begin(paths: Sequence[Path | str], options: Options) -> Begun:
    """Lists the files and starts the first worker."""
    listed = evidence.inventory(paths, follow=options.follow, limit=options.limits.table_members)
    sizes = [e.stamp.size for e in listed.files if e.stamp and not e.problem]
    return Begun(paths, options, listed, terms(options, sizes, [Path(p) for p in paths if str(p) != evidence.STDIN]))


def terms(options: Options, sizes: Sequence[int], readable: Sequence[Path]) -> Terms:
    """The terms of every worker of a run over files of these sizes."""
    own = (*sandbox.libraries(), resources.rules_dir(), resources.lexicons_dir(), *options.rules)
    given = [p.resolve() for p in readable]
    if len(given) > FEW:
        given = sorted({p.parent for p in given})
    # Among many small files the workers are enough: threads of polars would cost a third more than they do.
    small = sum(size < ALONE for size in sizes)
    threads = 1 if MANY < small == len(sizes) else 2 * options.jobs
    memory = options.limits.worker_bytes + max(sizes, default=0)
    return Terms(memory, (*own, *given), options.isolation != "none", threads)


def _started(descriptor: int, errors: int, terms: Terms) -> subprocess.Popen[bytes]:
    """A fresh interpreter: no variable of the caller's, no site, its own session; what it prints is shown to nobody."""
    path = [p or str(Path.cwd()) for p in sys.path]
    words = [descriptor, os.getpid(), terms.memory, [str(p) for p in terms.readable], terms.restricted, path]
    threads = min(os.cpu_count() or 1, terms.threads)
    kept = {name: os.environ[name] for name in ("LD_LIBRARY_PATH",) if name in os.environ}
    return subprocess.Popen(  # noqa: S603 - our own interpreter and a fixed program
        [sys.executable, "-I", "-S", "-c", _BOOT, json.dumps(words)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        pass_fds=(descriptor,),
        # Each thread of polars takes address space: as many as are of use.
        env={**kept, **_ALLOCATORS, "LANG": "C.UTF-8", "HOME": "/nonexistent", "POLARS_MAX_THREADS": str(threads)},
        cwd="/",
        start_new_session=True,
    )
