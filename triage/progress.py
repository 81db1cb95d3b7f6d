"""The progress bar: bytes read, rate and time left, on standard error, for people only."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeAlias

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes read so far and the bytes to read (0 where unknown, as from a pipe)."""


def unseen(_done: int, _total: int) -> None:
    """The progress nobody looks at."""


@contextmanager
def shown(*, quiet: bool) -> Iterator[Progress]:
    """A progress bar on standard error, gone when the block ends; nothing if ``quiet`` or not a terminal.

    A log or a pipe would be filled with the traces of a moving bar, so it needs a terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield unseen
        return
    from rich.console import Console  # noqa: PLC0415 - 60 ms that only a terminal pays
    from rich.progress import BarColumn, DownloadColumn, TimeRemainingColumn, TransferSpeedColumn  # noqa: PLC0415 - the same
    from rich.progress import Progress as Bar  # noqa: PLC0415 - the same

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total or None)
