"""A recipe: one TOML that says what a synthetic leak looks like.

``[dialect]`` how it is written, ``[rows]`` how often persons come back, ``[entities.NAME]`` whose data there are,
``[[columns]]`` what is written, ``[texts.NAME]`` sentences with ``{fillers}``, ``[banks.NAME]`` the words for them.
An unknown key or a kind, entity, text or bank that does not exist is refused by name: a recipe cannot half work.
"""

from __future__ import annotations

import tomllib
from typing import Any, Literal, TypeAlias

import msgspec

from triage import resources

Mood: TypeAlias = Literal["", "negated", "family", "hypothesis"]


class RecipeError(ValueError):
    """A recipe that cannot be used; the text names the place, recipes hold nobody's data."""


class _Strict(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: unknown keys are errors."""


class Dialect(_Strict, frozen=True):
    """How the file is written. ``empty_quoted`` is the share of empty cells written ``""``, ``extra_field`` of long rows."""

    encoding: str
    delimiter: str
    newline: Literal["\n", "\r\n", "\r"]
    quote: str = '"'
    empty_quoted: float = 0.0
    extra_field: float = 0.0


class Rows(_Strict, frozen=True):
    """``persons``: distinct persons by row; ``exact_duplicates``: share of rows that repeat another one whole."""

    persons: float
    exact_duplicates: float = 0.0


class Entity(_Strict, frozen=True):
    """Whose data some columns hold.

    ``per``: ``visit`` (a new one each row), ``person`` (comes back), ``same`` as another entity (a spouse: ``of``), or
    ``pool`` of ``count`` shared ones, near the ``of`` entity's département with probability ``near``.
    ``present``: share of visits that have one. ``departments``: weights by code, ``*`` for the rest by population.
    """

    per: Literal["visit", "person", "same", "pool"]
    role: str | None = None
    of: str = ""
    count: int = 0
    near: float = 0.0
    present: float = 1.0
    women: float = 0.52
    opposite_sex: bool = False
    oldest: int = 104
    youngest: int = 0
    departments: dict[str, float] = msgspec.field(default_factory=dict)
    names: tuple[str, ...] = ()


class Column(_Strict, frozen=True):
    """A column: header, kind, whose, how often filled; ``label`` only where the kind's own is not the truth.

    ``fill_with`` names a column whose luck it shares: at one rate both are filled together, at a lower one within it.
    """

    name: str
    kind: str
    of: str = "visit"
    fill: float = 1.0
    fill_with: str = ""
    label: str = ""
    role: str = ""
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class Template(_Strict, frozen=True):
    """A sentence with its weight, the themes its own words carry, and whether it denies, supposes or speaks of family."""

    text: str
    weight: float = 1.0
    themes: tuple[str, ...] = ()
    mood: Mood = ""


class Recipe(_Strict, frozen=True):
    """One synthetic leak. ``today`` is the day ages are counted from, ``born_before`` the last possible birth."""

    id: str
    title: dict[str, str]
    today: str
    born_before: str
    unit: str
    dialect: Dialect
    rows: Rows
    departments: dict[str, float]
    entities: dict[str, Entity]
    columns: tuple[Column, ...]
    texts: dict[str, tuple[Template, ...]] = msgspec.field(default_factory=dict)
    banks: dict[str, dict[str, str] | tuple[str, ...]] = msgspec.field(default_factory=dict)


def names() -> list[str]:
    """The recipes there are."""
    return sorted(path.stem for path in resources.recipes_dir().glob("*.toml"))


def load(name: str) -> Recipe:
    """The recipe of that name; RecipeError when it does not exist or is not well formed."""
    if name not in names():
        raise RecipeError(f"no recipe {name}; there are: {', '.join(names())}")
    with (resources.recipes_dir() / f"{name}.toml").open("rb") as stream:
        try:
            recipe = msgspec.convert(tomllib.load(stream), Recipe)
        except (tomllib.TOMLDecodeError, msgspec.ValidationError) as error:
            raise RecipeError(f"{name}.toml: {error}") from None
    _check(recipe)
    return recipe


def _check(recipe: Recipe) -> None:
    """Refuses a reference to nothing."""
    for column in recipe.columns:
        if column.of not in recipe.entities:
            raise RecipeError(f"column {column.name}: no entity {column.of}")
    for name, entity in recipe.entities.items():
        if entity.of and entity.of not in recipe.entities:
            raise RecipeError(f"entity {name}: no entity {entity.of}")
        if entity.per == "pool" and entity.count < 1:
            raise RecipeError(f"entity {name}: a pool needs a count")
