"""The rows of a table in the order of the files, made in blocks of one size whatever they are written in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple, TypeAlias

import polars as pl

from triage.samples.cast import Cast
from triage.samples.kinds import kinds
from triage.samples.recipe import Column
from triage.samples.world import World

BLOCK = 1 << 15


class Block(NamedTuple):
    """Rows of one table: who is in them, text columns c0 … cN-1 (null where empty), a field too many where a row has one.

    ``children``: by table, the rows that stand inside these: position of the row around each, and their block.
    """

    cast: Cast
    cells: pl.DataFrame
    extra: pl.Series
    children: dict[str, Inside]

    def slice(self, offset: int, length: int) -> Block:
        """Some of the rows, with what stands inside them."""
        if offset == 0 and length >= len(self.cells):
            return self
        children = {name: inside.slice(offset, length) for name, inside in self.children.items()}
        return Block(_some(self.cast, offset, length), self.cells.slice(offset, length), self.extra.slice(offset, length), children)


class Inside(NamedTuple):
    """Rows inside others: ``at`` is the position of the row around, ascending."""

    at: pl.Series
    block: Block

    def slice(self, offset: int, length: int) -> Inside:
        """Those inside some of the rows."""
        first = int(self.at.search_sorted(offset))
        count = int(self.at.search_sorted(offset + length)) - first
        return Inside(self.at.slice(first, count) - offset, self.block.slice(first, count))


def _some(cast: Cast, offset: int, length: int) -> Cast:
    return Cast(cast.world, cast.visits.slice(offset, length), cast.persons.slice(offset, length))


def label(column: Column) -> str:
    """The label that is the truth of a column."""
    return column.label or kinds()[column.kind].label


Counting: TypeAlias = Callable[[str, Block], None]


class Source:
    """One table, read in the order of the files: each block is made once and counted once, with what stands inside it."""

    def __init__(self, world: World, count: Counting) -> None:
        self.world = world
        self._count = count
        self._inner = [w for w in world.leak.worlds.values() if w.parent is world and w.table.inside]
        self._made = (-1, Block(Cast(world, world.plan.clear()), pl.DataFrame(), pl.Series(), {}))

    def rows(self, start: int, stop: int) -> Iterator[Block]:
        """Blocks of the rows from ``start`` to ``stop``."""
        for base in range(start // BLOCK * BLOCK, stop, BLOCK):
            if self._made[0] != base:
                self._made = (base, self._block(base))
            first = max(start - base, 0)
            yield self._made[1].slice(first, min(stop - base, BLOCK) - first)

    def _block(self, base: int) -> Block:
        visits = self.world.plan.slice(base, BLOCK)
        children = {}
        for inner in self._inner:
            at, inside = inner.children(visits)
            children[inner.table.name] = Inside(at, self._filled(inner, inside, {}))
        return self._filled(self.world, visits, children)

    def _filled(self, world: World, visits: pl.Series, children: dict[str, Inside]) -> Block:
        cast = Cast(world, visits)
        cells = pl.DataFrame([_cells(cast, column).alias(f"c{index}") for index, column in enumerate(world.table.columns)])
        words = world.draws.pick("extra word", visits, ["x", "?", "NC", "0"])
        long = world.draws.chance("extra field", visits, world.table.extra_field)
        block = Block(cast, cells, words.zip_with(long, _nothing(words)), children)
        self._count(world.table.name, block)
        return block


def _nothing(like: pl.Series) -> pl.Series:
    return pl.Series([None], dtype=pl.String).new_from_index(0, len(like))


def _cells(cast: Cast, column: Column) -> pl.Series:
    """One column of a block; what is left out is left out for the same person or visit in every row."""
    who = cast.who(column.of)
    made = kinds()[column.kind].make(who, column)
    return made.zip_with(who.kept(column), _nothing(made))
