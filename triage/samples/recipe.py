"""A recipe: one TOML that says what a synthetic leak looks like.

``[entities.NAME]`` whose data there are, ``[[tables]]`` with their ``[[tables.columns]]`` what is known of them,
``[[files]]`` how that is written, ``[texts.NAME]`` sentences with ``{fillers}``, ``[banks.NAME]`` the words for them.
An unknown key or a kind, entity, table, text or bank that does not exist is refused by name: a recipe cannot half work.
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


class Entity(_Strict, frozen=True):
    """Whose data some columns hold.

    ``per``: ``visit`` (a new one each row of ``table``, by default of the table itself), ``person`` (comes back), ``same``
    as another entity (a spouse: ``of``), ``head`` of the family of ``of``, who is one of its persons, or ``pool`` of
    ``count`` shared ones, near the ``of`` entity's département with probability ``near``.
    ``present``: share of visits that have one. ``family``: persons of consecutive numbers are families of one name and home.
    ``departments``: weights by code, ``*`` for the rest by population.
    """

    per: Literal["visit", "person", "same", "head", "pool"]
    role: str | None = None
    of: str = ""
    table: str = ""
    count: int = 0
    near: float = 0.0
    present: float = 1.0
    women: float = 0.52
    opposite_sex: bool = False
    family: bool = False
    oldest: int = 104
    youngest: int = 0
    departments: dict[str, float] = msgspec.field(default_factory=dict)
    names: tuple[str, ...] = ()


class Column(_Strict, frozen=True):
    """A column: header, kind, whose, how often filled; ``label`` only where the kind's own is not the truth.

    ``fill_with`` names a column whose luck it shares: at one rate both are filled together, at a lower one within it.
    ``fill_by = "row"``: a person has the cell in one row and not in another. ``type`` is the SQL type; numbers and
    booleans of JSON follow from it.
    """

    name: str
    kind: str
    of: str = "visit"
    fill: float = 1.0
    fill_with: str = ""
    fill_by: Literal["entity", "row"] = "entity"
    label: str = ""
    role: str = ""
    type: str = ""
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class Table(_Strict, frozen=True):
    """Rows of one kind, before they are written.

    ``rows``: its size by row asked for, at least ``least``. ``persons``: distinct persons by row; they begin at the share
    ``start`` of the population, so that tables overlap as told. ``exact_duplicates``: share of rows that repeat another
    one whole; ``extra_field``: share of rows with a field too many. ``typos``: share of rows whose names are misspelt;
    ``married``: share of rows that call a married person by the birth name.
    ``of``: every row belongs to a row of another table, any number of them. ``inside``: the rows stand within the rows
    of another table, one to ``most`` in each (as the items of a receipt), and ``at`` is where.
    """

    name: str
    columns: tuple[Column, ...]
    rows: float = 1.0
    least: int = 1
    persons: float = 1.0
    start: float = 0.0
    exact_duplicates: float = 0.0
    extra_field: float = 0.0
    typos: float = 0.0
    married: float = 0.0
    of: str = ""
    inside: str = ""
    most: int = 1
    at: str = ""
    unit: str = ""


class File(_Strict, frozen=True):
    """What is written: ``tables`` by a ``writer`` into ``path``, whose ``{n}`` is the number of the part.

    ``page``: rows of a part; else ``parts`` of them, of equal size. A path that ends in ``.gz`` is compressed; one with
    ``!`` is a member of a zip, which holds the members that follow each other under its name.
    """

    path: str
    writer: str
    tables: tuple[str, ...] = ()
    parts: int = 1
    page: int = 0
    options: dict[str, Any] = msgspec.field(default_factory=dict)


class Template(_Strict, frozen=True):
    """A sentence with its weight, the themes its own words carry, and whether it denies, supposes or speaks of family."""

    text: str
    weight: float = 1.0
    themes: tuple[str, ...] = ()
    mood: Mood = ""


class Recipe(_Strict, frozen=True):
    """One synthetic leak. ``today`` is the day ages are counted from, ``born_before`` the last possible birth.

    ``persons``: the population by row asked for; by default as many as the table that has most.
    """

    id: str
    title: dict[str, str]
    today: str
    born_before: str
    unit: str
    departments: dict[str, float]
    files: tuple[File, ...]
    tables: tuple[Table, ...] = ()
    entities: dict[str, Entity] = msgspec.field(default_factory=dict)
    persons: float = 0.0
    texts: dict[str, tuple[Template, ...]] = msgspec.field(default_factory=dict)
    banks: dict[str, dict[str, str] | tuple[str, ...]] = msgspec.field(default_factory=dict)

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of all tables."""
        return tuple(column for table in self.tables for column in table.columns)

    @property
    def single(self) -> bool:
        """Whether the leak is one file, not a folder."""
        file = self.files[0]
        return len(self.files) == 1 and file.parts == 1 and not file.page and not set("/!") & set(file.path)


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
    known = [table.name for table in recipe.tables]
    for number, table in enumerate(recipe.tables):
        _known(f"table {table.name}", (table.of, table.inside), known[:number])
    for name, entity in recipe.entities.items():
        _check_entity(name, entity, recipe.entities, known)
    for file in recipe.files:
        _known(f"file {file.path}", file.tables, known)


def _known(place: str, named: tuple[str, ...], tables: list[str]) -> None:
    for other in filter(None, named):
        if other not in tables:
            raise RecipeError(f"{place}: no table {other}" + (" before it" if place.startswith("table") else ""))


def _check_entity(name: str, entity: Entity, entities: dict[str, Entity], tables: list[str]) -> None:
    if entity.of and entity.of not in entities:
        raise RecipeError(f"entity {name}: no entity {entity.of}")
    if entity.per == "pool" and entity.count < 1:
        raise RecipeError(f"entity {name}: a pool needs a count")
    if entity.per in {"same", "head"} and not entity.of:
        raise RecipeError(f"entity {name}: of whom")
    if entity.table and entity.table not in tables:
        raise RecipeError(f"entity {name}: no table {entity.table}")
