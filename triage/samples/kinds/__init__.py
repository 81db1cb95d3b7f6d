"""What a column can hold. A kind is one small function from an entity to a column of cells (null where empty).

It is found by walking this package: ``@kind("nir", label="nir")`` on a function of any module here adds it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import NamedTuple, TypeAlias

import polars as pl

from triage.samples.cast import Who
from triage.samples.recipe import Column, Recipe, RecipeError

Maker: TypeAlias = Callable[[Who, Column], pl.Series]


class Kind(NamedTuple):
    """The label a kind is the truth of, how its cells are made, and whether they carry a check digit (always right)."""

    label: str
    make: Maker
    key: bool = False


_KINDS: dict[str, Kind] = {}


def kind(name: str, label: str, *, key: bool = False) -> Callable[[Maker], Maker]:
    """Registers a maker of cells under a name, with the label of CONTRACT that its cells deserve."""

    def register(maker: Maker) -> Maker:
        _KINDS[name] = Kind(label, maker, key)
        return maker

    return register


@cache
def kinds() -> dict[str, Kind]:
    """Every kind by name."""
    for module in iter_modules(__path__):
        import_module(f"{__name__}.{module.name}")
    return dict(sorted(_KINDS.items()))


def check(recipe: Recipe) -> None:
    """Refuses a column whose kind does not exist."""
    for column in recipe.columns:
        if column.kind not in kinds():
            raise RecipeError(f"column {column.name}: no kind {column.kind}")


def cased(names: pl.Series, column: Column) -> pl.Series:
    """Names in the column's ``case``: as vendored (upper, no accents) or ``title``."""
    return names.str.to_titlecase() if column.options.get("case") == "title" else names


def constant(text: str, like: pl.Series) -> pl.Series:
    """A text as long as another column."""
    return pl.Series([text]).new_from_index(0, len(like))
