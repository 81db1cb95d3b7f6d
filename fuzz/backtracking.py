"""Every pattern of the package that backtracks, against its own attacks; run as a program, because it counts what ``re`` compiles.

Prints a line for each pattern that does not end in time. Time is that of the process, so that a busy machine says nothing.
"""

from __future__ import annotations

import argparse
import re
import signal
import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any, NoReturn

from attacks import attacks

SECONDS = 1.0
# Patterns and flags, and the module that had them compiled.
patterns: dict[tuple[str | bytes, int], str] = {}
compiled = vars(re)["_compile"]


def noted(pattern: str | bytes, flags: int | re.RegexFlag) -> re.Pattern[Any]:
    """Compiles as ``re`` does, and remembers what the package had compiled."""
    made: re.Pattern[Any] = compiled(pattern, flags)
    frame = sys._getframe(1)
    while frame.f_globals["__name__"] == "re" and frame.f_back is not None:
        frame = frame.f_back
    if frame.f_globals["__name__"].startswith("triage"):
        patterns.setdefault((made.pattern, made.flags), frame.f_globals["__name__"])
    return made


class SlowError(Exception):
    """Too long."""


def over(*_: object) -> NoReturn:
    """The time is over."""
    raise SlowError


def all_of_the_package() -> None:
    """Has every module imported and a file scanned, and notes what they compile."""
    vars(re)["_compile"] = noted
    import triage
    from triage import driver, hiring

    for module in walk_packages(triage.__path__, "triage."):
        if not module.name.endswith("__main__"):
            import_module(module.name)
    hiring.IN_PROCESS = True
    driver.scan([Path(__file__).resolve().parent.parent / "samples" / "clinic.csv"])
    vars(re)["_compile"] = compiled


def main() -> None:
    """Tries the patterns of the package, or the one that is given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("size", type=int)
    parser.add_argument("uses", nargs="+", choices=["match", "fullmatch", "search"])
    parser.add_argument("--pattern")
    options = parser.parse_args()
    if options.pattern:
        patterns[options.pattern, 0] = "given"
    else:
        all_of_the_package()
    signal.signal(signal.SIGVTALRM, over)
    for (pattern, flags), where in sorted(patterns.items(), key=str):
        binary = isinstance(pattern, bytes)
        text = pattern.decode("latin-1") if isinstance(pattern, bytes) else pattern
        known = compiled(pattern, 0 if binary else flags & ~re.UNICODE)
        for attack in attacks(text, flags & ~re.UNICODE, options.size):
            told = attack.encode("latin-1", "replace") if binary else attack
            for use in options.uses:
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
