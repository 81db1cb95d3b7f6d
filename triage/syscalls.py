"""Numbers of system calls, and the filter that keeps a worker from those that parsing never needs (x86-64).

Numbers are of the kernel's table (arch/x86/entry/syscalls/syscall_64.tbl); Landlock's are the same on every machine.
The filter refuses with EPERM rather than killing: a library that tries and falls back goes on.
"""

from __future__ import annotations

import errno
import struct

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446

STEP = struct.Struct("=HBBI")
_X86_64 = 0xC000_003E
_X32 = 0x4000_0000
_CLONE, _CLONE3 = 56, 435
_THREAD = 0x0001_0000

_REFUSED = (
    # network
    *(41, 42, 43, 49, 50, 288),  # socket connect accept bind listen accept4
    # processes and programs
    *(
        57,
        58,
        59,
        322,
        109,
        112,
        101,
        310,
        311,
        312,
        434,
        438,
    ),  # fork vfork execve execveat setpgid setsid ptrace process_vm_* kcmp pidfd_*
    # file systems, namespaces
    *(155, 161, 165, 166, 272, 308, 303, 304, 428, 429, 430, 431, 432, 433, 442),  # pivot_root chroot mount* unshare setns *_handle fs*
    # interfaces with a history of faults
    *(246, 320, 175, 176, 313, 321, 298, 323, 425, 426, 427, 248, 249, 250),  # kexec modules bpf perf userfaultfd io_uring keys
)

_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_ALLOW, _ERRNO = 0x7FFF_0000, 0x0005_0000


def program() -> bytes:
    """The filter, in classic BPF (seccomp(2)): machine, number, then a comparison a call.

    ``clone`` is let through for threads alone; ``clone3`` says that it does not exist, because its flags lie in memory that
    a filter cannot read, and the C library then falls back to ``clone``.
    """
    refuse, allow = (_RETURN, 0, 0, _ERRNO | errno.EPERM), (_RETURN, 0, 0, _ALLOW)
    steps: list[tuple[int, int, int, int]] = [
        (_LOAD, 0, 0, 4),
        (_EQUAL, 1, 0, _X86_64),
        refuse,
        (_LOAD, 0, 0, 0),
        (_AT_LEAST, 0, 1, _X32),
        refuse,
        (_EQUAL, 0, 1, _CLONE3),
        (_RETURN, 0, 0, _ERRNO | errno.ENOSYS),
        (_EQUAL, 0, 4, _CLONE),
        (_LOAD, 0, 0, 16),
        (_ANY_BIT, 0, 1, _THREAD),
        allow,
        refuse,
    ]
    for number in _REFUSED:
        steps += [(_EQUAL, 0, 1, number), refuse]
    return b"".join(STEP.pack(*step) for step in (*steps, allow))
