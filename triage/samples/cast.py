"""Who appears in which row: the entities of a recipe as columns of ids, with their facts computed once a block."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from triage.samples import lists, people
from triage.samples.draw import cumulative, place
from triage.samples.recipe import Column, Entity
from triage.samples.world import World, numbers

if TYPE_CHECKING:
    from triage.samples.texts import Told

Fact: TypeAlias = "Callable[[Who], pl.Series]"


class Cast:
    """The entities of one block of rows; ``persons`` are those of the visits unless told."""

    def __init__(self, world: World, visits: pl.Series, persons: pl.Series | None = None) -> None:
        self.world = world
        self.visits = visits
        self.persons = world.person_of(visits) if persons is None else persons
        self._members: dict[str, Who] = {}

    def only(self, kept: pl.Series) -> Cast:
        """The same for some of the rows."""
        return Cast(self.world, self.visits.filter(kept), self.persons.filter(kept))

    def who(self, name: str) -> Who:
        """The entity of that name, made once."""
        if name not in self._members:
            self._members[name] = Who(self, name)
        return self._members[name]


class Who:
    """One entity in one block: an id for each row, draws that depend on the id alone, facts computed once.

    ``kin`` stands for the family where the entity has families, else for the person.
    """

    def __init__(self, cast: Cast, name: str) -> None:
        self.cast = cast
        self.world = cast.world
        recipe = self.world.recipe
        self.entity: Entity = recipe.entities[name]
        # The head of a family is one of its persons: same draws, same settings.
        self.name = self.entity.of if self.entity.per == "head" else name
        self.settings: Entity = recipe.entities[self.name]
        shares = self.settings.departments or recipe.departments
        self.upper = cumulative(lists.places().weights(shares))
        self.count = self._count()
        self._facts: dict[str, pl.Series] = {}
        self.told: dict[str, Told] = {}
        self.ids = self._ids()
        self.kin = self.world.leak.heads(self.ids) if self.settings.family else self.ids

    def _count(self) -> int:
        if self.settings.per == "visit":
            named = self.world.leak.worlds.get(self.settings.table, self.world)
            return named.visits
        return self.settings.count if self.settings.per == "pool" else self.world.leak.persons

    def _ids(self) -> pl.Series:
        entity = self.entity
        if entity.per == "visit":
            return self.world.visits_of(self.cast.visits, entity.table)
        if entity.per == "person":
            return self.cast.persons
        if entity.per == "pool":
            return self._pool()
        other = self.cast.who(entity.of).ids
        return other if entity.per == "same" else self.world.leak.heads(other)

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
        purpose = f"{column.fill_with or column.name} filled"
        if column.fill_by == "row":
            return self.present & self.world.draws.chance(f"{self.world.table.name}/{purpose}", self.cast.visits, column.fill)
        return self.present & self.chance(purpose, column.fill)

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
        """Order number of each person's NIR; no two persons of an entity share a NIR."""
        known = self.world.leak.known_orders
        if self.name not in known:
            everyone = numbers(self.world.leak.persons)
            known[self.name] = people.orders(Cast(self.world, everyone, everyone).who(self.name).fact(people.nir_stem))
        return known[self.name].gather(self.ids)

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

    def shared(self, purpose: str) -> pl.Series:
        """A number in [0, 1) for each family."""
        return self.world.draws.unit(f"{self.name}/{purpose}", self.kin)

    def index(self, purpose: str, upper: pl.Series) -> pl.Series:
        """A position for each id by intervals."""
        return place(upper, self.unit(purpose))
