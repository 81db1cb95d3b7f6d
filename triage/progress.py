"""What a scan is doing, on standard error, for people only: bytes, rate, time left, the file, problems, first verdicts.

The driver calls a ``Progress`` with bytes; ``at`` and ``planned`` tell it more where it is one that shows more.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from triage.text import safe_name

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

Progress: TypeAlias = Callable[[int, int], None]
"""Called with the bytes read so far and the bytes to read (0 where unknown, as from a pipe)."""

_NAME = 32  # characters of the file's name beside the bar
_TABLES = 5  # tables whose first verdicts are shown; a folder of thousands would only flow past


class Guess(NamedTuple):
    """What the first rows make a column look like: its number, its label, how sure. Never its name: it may be a cell."""

    number: int
    label: str
    confidence: str


def unseen(_done: int, _total: int) -> None:
    """The progress nobody looks at."""


def at(progress: Progress, entry: str, problems: int) -> None:
    """Tells which file is read now, and how many problems were met so far."""
    if isinstance(progress, Shown):
        progress.at(entry, problems)


def planned(progress: Progress, guesses: Iterable[Guess]) -> None:
    """Tells what the columns of a table look like after its first rows, while the rest is still to be read."""
    if isinstance(progress, Shown):
        progress.planned(guesses)


class Shown:
    """A progress bar on a terminal."""

    def __init__(self, bar: Bar, task: TaskID) -> None:
        self._bar = bar
        self._task = task
        self._tables = 0

    def __call__(self, done: int, total: int) -> None:
        """Moves the bar."""
        self._bar.update(self._task, completed=done, total=total or None)

    def at(self, entry: str, problems: int) -> None:
        """Names the file, by the end of its path, and counts the problems."""
        name = safe_name(entry)
        short = name if len(name) <= _NAME else "…" + name[1 - _NAME :]
        self._bar.update(self._task, description=short, problems=f"· {problems} !" if problems else "")

    def planned(self, guesses: Iterable[Guess]) -> None:
        """Prints the first verdicts above the bar, as provisional."""
        from rich.table import Table  # noqa: PLC0415 - 60 ms that only a terminal pays
        from rich.text import Text  # noqa: PLC0415 - the same

        found = list(guesses)
        if not found or self._tables >= _TABLES:
            return
        self._tables += 1
        table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
        for head in ("#", "label", "confidence"):
            table.add_column(Text(head))
        for guess in found:
            table.add_row(Text(str(guess.number)), Text(safe_name(guess.label)), Text(safe_name(guess.confidence) + " ?", style="dim"))
        self._bar.console.print(table)


@contextmanager
def shown(*, quiet: bool) -> Iterator[Progress]:
    """A progress bar on standard error, gone when the block ends; nothing if ``quiet`` or not a terminal.

    A log or a pipe would be filled with the traces of a moving bar, so it needs a terminal.
    """
    if quiet or not sys.stderr.isatty():
        yield unseen
        return
    from rich.console import Console  # noqa: PLC0415 - 60 ms that only a terminal pays
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn  # noqa: PLC0415 - the same
    from rich.progress import Progress as Bar  # noqa: PLC0415 - the same

    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
        TimeRemainingColumn(),
        TextColumn("{task.fields[problems]}", markup=False),
    )
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        yield Shown(bar, bar.add_task("", total=None, problems=""))
