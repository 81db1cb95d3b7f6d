"""Whether memory ran out: Python raises MemoryError, but what is written in Rust or C prints a line and aborts.

polars does so at the first allocation that its worker's bound refuses, which no exception catches. What tells that end
from others is what the process said last, or, where the kernel ended it, the kernel's own count.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_SAID = (
    b"memory allocation of",  # Rust
    b"MemoryError",
    b"bad_alloc",  # C++
    b"Cannot allocate memory",  # errno(3) as text
    b"out of memory",  # jemalloc
    b"failed to map segment",  # the loader, where a worker may not even hold its libraries
    b"Memory usage limit",  # xz, of the window it may have
    b"too much memory",  # Zstandard, of the same
    b"start new thread",  # no room for its stack: threads themselves are not bounded
)


def said(text: bytes) -> bool:
    """Whether these are the last words of a process that wanted memory."""
    return any(words in text for words in _SAID)


def code(error: BaseException, otherwise: str) -> str:
    """The problem code of an exception: ``out_of_memory`` whoever raised it, else ``otherwise``; its text goes no further."""
    return "out_of_memory" if isinstance(error, MemoryError) or said(str(error).encode("utf-8", "replace")) else otherwise


def kills() -> int:
    """Processes that the kernel has ended for want of memory since it started, in a control group or at large; 0 where it does not say."""
    with suppress(OSError, ValueError):
        counts = dict(line.split() for line in Path("/proc/vmstat").read_text("ascii").splitlines())
        return int(counts.get("oom_kill", 0))
    return 0
