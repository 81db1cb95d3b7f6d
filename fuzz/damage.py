"""Damage without a fuzzer, as libarchive's own tests do it: one byte in a hundred is another, now and then the end is cut.

The seed of every damage is told by its number, so that a find can be made again.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

DAMAGES, STRETCHES = 200, 20
_CUT = 5  # every so many damages the end is cut off too


def damaged(data: bytes, number: int, share: float = 0.01) -> bytes:
    """The ``number``th damage of ``data``: a share of its bytes (one at least) replaced, and every fifth time its end cut off."""
    draw = random.Random(number)
    spoilt = bytearray(data)
    for _ in range(max(1, int(len(spoilt) * share)) if spoilt else 0):
        spoilt[draw.randrange(len(spoilt))] = draw.randrange(256)
    return bytes(spoilt[: draw.randrange(len(spoilt) + 1)] if number % _CUT == _CUT - 1 else spoilt)


def stretched(data: bytes, number: int, size: int = 1 << 18) -> bytes:
    """``data`` with a short piece of it repeated in its place, many times: what takes time by the square of it takes minutes."""
    draw = random.Random(number)
    at = draw.randrange(len(data)) if data else 0
    piece = data[at : at + draw.choice((1, 1, 2, 3, 5, 8))] or b" "
    if number % 3 == 0:
        piece = draw.choice(_PIECES)
    rest = data[at + len(piece) :] if number % 2 else b""
    return data[:at] + piece * (size // len(piece)) + rest


# What opens, closes or separates in some format.
_PIECES = (
    *(b"/*", b"--", b"$a$", b"'", b'"', b"`", b"(", b")", b"[", b'{"a":', b",", b";", b":", b"|", b"=\n", b"\\", b"\n", b"\r"),
    *(b"<!--", b"<a>", b"<!DOCTYPE", b"&", b"{\\rtf", b"%PDF", b"obj <<", b"From a", b"BEGIN:VCARD\n", b"MSH|", b"H|"),
    *(b"INSERT INTO a VALUES (", b"<table>", b"--a\n", b"Content-Type: multipart/mixed; boundary=a\n\n"),
)


def main(target: str, folder: Path, seconds: int) -> None:
    """Damages every seed of a target; an input that takes longer than ``seconds`` of CPU ends the process, and is found in ``ends``."""
    import exercise  # tests import this module for ``damaged`` alone
    from keeper import Keeper

    os.environ["POLARS_MAX_THREADS"] = "1"
    keeper = Keeper(target, folder, "damage")
    for path in sorted((folder / "seeds" / target).iterdir()):
        seed = path.read_bytes()
        for number, spoil in [*((n, damaged) for n in range(DAMAGES)), *((n, stretched) for n in range(STRETCHES))]:
            data = spoil(seed, number)
            keeper.begins(data)
            signal.setitimer(signal.ITIMER_PROF, seconds)
            started = time.process_time()
            try:
                keeper.reached += target in exercise.exercise(data)
            except exercise.Errors as error:
                keeper.find(data, error)
            keeper.counted(data, time.process_time() - started)
    signal.setitimer(signal.ITIMER_PROF, 0)
    keeper.ends()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
