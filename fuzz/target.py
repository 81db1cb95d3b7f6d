"""One target under atheris, for a number of seconds; started by ``run.py``.

A find does not end the run: it is kept once for each place it comes from, the shortest input, and fuzzing goes on.
What ends the process (a hang, memory, a crash of a library) is kept by libFuzzer and counted by ``run.py``.
"""

from __future__ import annotations

import sys
import time
from importlib import import_module
from pathlib import Path

import atheris
from keeper import Keeper

# What the readers are written with, in Python: instrumented too, so that the fuzzer sees its way through it.
_LIBRARIES = ("py7zr", "tarfile", "zipfile", "email")


def main(target: str, folder: Path, arguments: list[str]) -> None:
    """Fuzzes until libFuzzer's own time is over."""
    package, _, name = target.partition(".")
    needs = getattr(import_module(f"triage.{package}.{name}"), "NEEDS", ())
    for known in [m for m in sys.modules if m.partition(".")[0] == "triage"]:
        del sys.modules[known]  # they are imported again, instrumented
    with atheris.instrument_imports(include=["triage", *needs, *_LIBRARIES], enable_loader_override=True):
        for library in needs:
            import_module(library)
        exercise = import_module("exercise")
        mend = import_module("mend")
        exercise.targets()
    keeper = Keeper(target, folder, "atheris")

    def once(data: bytes) -> None:
        started = time.process_time()
        try:
            keeper.reached += target in exercise.exercise(data)
        except exercise.Errors as error:
            keeper.find(data, error)
        keeper.counted(data, time.process_time() - started)

    def custom(data: bytes, size: int, seed: int) -> bytes:
        return bytes(mend.mutated(data, size, seed, atheris.Mutate))

    atheris.Setup([sys.argv[0], *arguments], once, custom_mutator=custom)
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
