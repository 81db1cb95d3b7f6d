"""Who appears in which row: the entities of a recipe as columns of ids, with their facts computed once a block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from triage.samples import lists, people
from triage.samples.draw import Draws, cumulative, place
from triage.samples.recipe import Column, Entity, Recipe

if TYPE_CHECKING:
    from triage.samples.texts import Told

Fact: TypeAlias = "Callable[[Who], pl.Series]"

_EPOCH = date(1970, 1, 1)


def days(iso: str) -> int:
    """Days from 1970-01-01 to an ISO day."""
    return (date.fromisoformat(iso) - _EPOCH).days


class World:
    """What all blocks of one sample share: the draws, the row plan and the order numbers of the persons."""

    def __init__(self, recipe: Recipe, rows: int, seed: int) -> None:
        self.recipe = recipe
        self.rows = rows
        self.seed = seed
        self.draws = Draws(recipe.id, seed)
        self.today = days(recipe.today)
        self.born_before = days(recipe.born_before)
        self.visits = rows - round(rows * recipe.rows.exact_duplicates)
        self.persons = max(1, min(self.visits, round(rows * recipe.rows.persons)))
        self.plan = self._plan()
        self._orders: dict[str, pl.Series] = {}

    def _plan(self) -> pl.Series:
        """The visit of each row: every visit once, repeats of some for exact duplicates, in random order."""
        again = pl.int_range(self.rows - self.visits, dtype=pl.UInt64, eager=True)
        visits = pl.int_range(self.visits, dtype=pl.UInt64, eager=True)
        all_rows = pl.concat([visits, self.draws.below("repeated visit", again, self.visits).cast(pl.UInt64)])
        order = self.draws.words("row order", pl.int_range(self.rows, dtype=pl.UInt64, eager=True)).arg_sort()
        return all_rows.gather(order)

    def person_of(self, visits: pl.Series) -> pl.Series:
        """The person of each visit: the first visits are one person each, the others come back."""
        back = self.draws.below("person comes back", visits, self.persons).cast(pl.UInt64)
        return visits.zip_with(visits < self.persons, back)

    def cast(self, visits: pl.Series) -> Cast:
        """The entities of a block of rows."""
        return Cast(self, visits)

    def orders(self, name: str) -> pl.Series:
        """Order numbers of every person of an entity, so that no two share a NIR."""
        if name not in self._orders:
            everyone = Who(self.cast(pl.int_range(self.persons, dtype=pl.UInt64, eager=True)), name)
            self._orders[name] = people.orders(everyone.fact(people.nir_stem))
        return self._orders[name]


class Cast:
    """The entities of one block of rows."""

    def __init__(self, world: World, visits: pl.Series) -> None:
        self.world = world
        self.visits = visits
        self._members: dict[str, Who] = {}

    def only(self, kept: pl.Series) -> Cast:
        """The same for some of the rows."""
        return Cast(self.world, self.visits.filter(kept))

    def who(self, name: str) -> Who:
        """The entity of that name, made once."""
        if name not in self._members:
            self._members[name] = Who(self, name)
        return self._members[name]


class Who:
    """One entity in one block: an id for each row, draws that depend on the id alone, facts computed once."""

    def __init__(self, cast: Cast, name: str) -> None:
        self.cast = cast
        self.world = cast.world
        self.name = name
        self.settings: Entity = self.world.recipe.entities[name]
        shares = self.settings.departments or self.world.recipe.departments
        self.upper = cumulative(lists.places().weights(shares))
        self.count = {"visit": self.world.visits, "pool": self.settings.count}.get(self.settings.per, self.world.persons)
        self._facts: dict[str, pl.Series] = {}
        self.told: dict[str, Told] = {}
        self.ids = self._ids()

    def _ids(self) -> pl.Series:
        if self.settings.per == "visit":
            return self.cast.visits
        if self.settings.per == "person":
            return self.world.person_of(self.cast.visits)
        if self.settings.per == "same":
            return self.cast.who(self.settings.of).ids
        return self._pool()

    def _pool(self) -> pl.Series:
        """One of the shared ones for each visit, near the entity it goes with."""
        draws, visits = self.world.draws, self.cast.visits
        number = draws.unit(f"{self.name} of visit", visits)
        if self.settings.near:
            there = self.cast.who(self.settings.of).fact(people.department)
            starts = pl.concat([pl.Series([0.0]), self.upper[:-1]])
            inside = starts.gather(there) + (self.upper.gather(there) - starts.gather(there)) * number
            number = inside.zip_with(draws.chance(f"{self.name} nearby", visits, self.settings.near), number)
        return (number * self.count).cast(pl.UInt64).clip(0, self.count - 1)

    @property
    def present(self) -> pl.Series:
        """Whether the visit has this entity at all."""
        return self.world.draws.chance(f"{self.name} present", self.cast.visits, self.settings.present)

    def kept(self, column: Column) -> pl.Series:
        """Which cells of a column of this entity are filled."""
        return self.present & self.chance(f"{column.fill_with or column.name} filled", column.fill)

    def fact(self, fact: Fact) -> pl.Series:
        """A fact of ``people``, computed once for the block."""
        if fact.__name__ not in self._facts:
            self._facts[fact.__name__] = fact(self)
        return self._facts[fact.__name__]

    def other(self, fact: str) -> pl.Series:
        """A fact of the entity this one goes with."""
        found: Fact = getattr(people, fact)
        return self.cast.who(self.settings.of).fact(found)

    def orders(self) -> pl.Series:
        """Order number of each person's NIR."""
        return self.world.orders(self.name).gather(self.ids)

    def unit(self, purpose: str) -> pl.Series:
        """A number in [0, 1) for each id."""
        return self.world.draws.unit(f"{self.name}/{purpose}", self.ids)

    def below(self, purpose: str, bound: int) -> pl.Series:
        """An integer in [0, bound) for each id."""
        return self.world.draws.below(f"{self.name}/{purpose}", self.ids, bound)

    def chance(self, purpose: str, probability: float) -> pl.Series:
        """True with a probability for each id."""
        return self.world.draws.chance(f"{self.name}/{purpose}", self.ids, probability)

    def pick(self, purpose: str, values: Sequence[str] | pl.Series, upper: pl.Series | None = None) -> pl.Series:
        """One of the values for each id."""
        return self.world.draws.pick(f"{self.name}/{purpose}", self.ids, values, upper)

    def index(self, purpose: str, upper: pl.Series) -> pl.Series:
        """A position for each id by intervals."""
        return place(upper, self.unit(purpose))
