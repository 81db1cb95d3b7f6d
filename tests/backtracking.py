"""Every pattern of the package that backtracks, against its own attacks; run as a program, because it counts what ``re`` compiles.

Prints a line for each pattern that does not end in time. Time is that of the process, so that a busy machine says nothing.
"""

from __future__ import annotations

import re
import signal
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

SIZE, SECONDS, USES = int(sys.argv[1]), 1.0, sys.argv[2:]
patterns: dict[tuple[str | bytes, int], str] = {}
compiled = re._compile


def noted(pattern, flags):
    made = compiled(pattern, flags)
    frame = sys._getframe(1)
    while frame.f_globals["__name__"] == "re":
        frame = frame.f_back
    if frame.f_globals["__name__"].startswith("triage"):
        patterns.setdefault((made.pattern, made.flags), frame.f_globals["__name__"])
    return made


class SlowError(Exception):
    """Too long."""


def over(*_):
    raise SlowError


def main():
    re._compile = noted
    import triage
    from triage import driver

    for module in walk_packages(triage.__path__, "triage."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    driver.IN_PROCESS = True
    driver.scan([Path(__file__).parent / "golden" / "lab" / "input"])  # what is compiled as it goes
    re._compile = compiled
    from attacks import attacks

    signal.signal(signal.SIGVTALRM, over)
    for (pattern, flags), where in sorted(patterns.items(), key=str):
        binary = isinstance(pattern, bytes)
        text = pattern.decode("latin-1") if binary else pattern
        known = compiled(pattern, 0 if binary else flags & ~re.UNICODE)
        for attack in attacks(text, flags & ~re.UNICODE, SIZE):
            told = attack.encode("latin-1", "replace") if binary else attack
            for use in USES:
                signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
                try:
                    getattr(known, use)(told)
                except SlowError:
                    print(f"{where} {use} {text[:100]!r} on {attack[:24]!r}…")
                    break
                finally:
                    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            else:
                continue
            break
    print(len(patterns), "patterns")


if __name__ == "__main__":
    main()
