"""The cells of a sample, block by block."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from triage.samples.cast import Cast, World
from triage.samples.kinds import kinds
from triage.samples.recipe import Column

BLOCK = 1 << 15


def label(column: Column) -> str:
    """The label that is the truth of a column."""
    return column.label or kinds()[column.kind].label


def blocks(world: World) -> Iterator[tuple[Cast, pl.DataFrame]]:
    """Blocks of rows in file order, as text columns c0 … cN-1 (null where empty) and who is in them."""
    for start in range(0, world.rows, BLOCK):
        cast = world.cast(world.plan.slice(start, BLOCK))
        cells = [_cells(cast, column).alias(f"c{index}") for index, column in enumerate(world.recipe.columns)]
        yield cast, pl.DataFrame(cells)


def _cells(cast: Cast, column: Column) -> pl.Series:
    """One column of a block; what is left out is left out for the same person or visit in every row."""
    who = cast.who(column.of)
    made = kinds()[column.kind].make(who, column)
    return made.zip_with(who.kept(column), pl.Series([None], dtype=pl.String).new_from_index(0, len(made)))
