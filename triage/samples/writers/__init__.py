"""How a leak is written. A writer is one small function from the rows of one file to its bytes, a block at a time.

It is found by walking this package: ``@writer("sql", tells)`` on a function of any module here adds it; ``tells`` says
what is true of a table as this writer writes it (kind of file, encoding, name of the table), for the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any, NamedTuple, TypeAlias

from triage.samples.recipe import Column, File, Recipe, RecipeError, Table
from triage.samples.table import Block, Source
from triage.samples.world import Leak


class Part(NamedTuple):
    """One file to write: the ``part``th (from 1) of ``parts``, ``page`` rows each where told."""

    leak: Leak
    file: File
    part: int
    parts: int
    sources: dict[str, Source]

    def extent(self, table: str) -> tuple[int, int]:
        """First row of a table in this part, and the one after the last."""
        rows = self.leak.worlds[table].rows
        if self.file.page:
            return min(rows, (self.part - 1) * self.file.page), min(rows, self.part * self.file.page)
        return rows * (self.part - 1) // self.parts, rows * self.part // self.parts

    def blocks(self, table: str) -> Iterator[Block]:
        """The rows of a table in this part."""
        return self.sources[table].rows(*self.extent(table))

    def table(self, name: str) -> Table:
        """A table as the recipe tells it."""
        return self.leak.worlds[name].table

    def columns(self, name: str) -> tuple[Column, ...]:
        """Its columns."""
        return self.table(name).columns


Write: TypeAlias = Callable[[Part], Iterator[bytes]]
Tells: TypeAlias = Callable[[File, Table], dict[str, Any]]


class Writer(NamedTuple):
    """How the bytes are made, and what is true of a table in them."""

    write: Write
    tells: Tells


_WRITERS: dict[str, Writer] = {}


def writer(name: str, tells: Tells) -> Callable[[Write], Write]:
    """Registers a writer under a name."""

    def register(write: Write) -> Write:
        _WRITERS[name] = Writer(write, tells)
        return write

    return register


@cache
def writers() -> dict[str, Writer]:
    """Every writer by name."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_WRITERS.items()))


def check(recipe: Recipe) -> None:
    """Refuses a file whose writer does not exist, or whose tables the writer cannot take."""
    for file in recipe.files:
        if file.writer not in writers():
            raise RecipeError(f"file {file.path}: no writer {file.writer}")
        for table in recipe.tables:
            if table.name in file.tables:
                writers()[file.writer].tells(file, table)
