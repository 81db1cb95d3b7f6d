"""The beginning of a worker: a fresh interpreter that restricts itself before it imports anything that parses.

It knows no path of the evidence, and answers over one local connection.
"""

from __future__ import annotations

from pathlib import Path
from threading import Thread

from triage import sandbox, wire


def main(descriptor: int, parent: int, memory: int, readable: list[str], restricted: bool) -> None:  # noqa: FBT001 - from JSON
    """Runs a worker until the command hangs up.

    In a thread of its own: how far the stack of the first one reaches stands in /proc/self/maps, which a restricted process does
    not read, and without knowing it polars takes a new stack for every step of a query.
    """
    bounds = sandbox.Bounds(memory, parent, tuple(Path(p) for p in readable))
    rungs = sandbox.restrict(bounds) if restricted else sandbox.unrestricted()
    server = Thread(target=_serve, args=(descriptor, rungs))
    server.start()
    server.join()


def _serve(descriptor: int, rungs: tuple[sandbox.Rung, ...]) -> None:
    from triage import serve  # noqa: PLC0415 - polars and the readers come after the restriction

    try:
        serve.serve(wire.Channel(wire.end(descriptor), serve.FRAME), rungs)
    except wire.EndedError:
        return
