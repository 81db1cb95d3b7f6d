"""Who stands in which row of which table, as numbers: a leak is one population, seen by the rows of its tables."""

from __future__ import annotations

from datetime import date
from math import gcd

import polars as pl

from triage.samples.draw import Draws
from triage.samples.recipe import Recipe, RecipeError, Table

_EPOCH = date(1970, 1, 1)
_GOLDEN = 0.618
# A block of consecutive persons holds whole families; half of them found one, so that a family is two persons on average.
_BLOCK, _FOUNDERS = 8, 0.42


def days(iso: str) -> int:
    """Days from 1970-01-01 to an ISO day."""
    return (date.fromisoformat(iso) - _EPOCH).days


def numbers(count: int) -> pl.Series:
    """0 to ``count`` - 1 as ids."""
    return pl.int_range(count, dtype=pl.UInt64, eager=True)


def spread(ids: pl.Series, count: int) -> pl.Series:
    """Numbers below ``count`` put in another order, one for one: what comes first is then no sample of its own kind."""
    step = int(count * _GOLDEN) | 1
    while gcd(step, count) != 1:
        step += 2
    return ids * step % count


class Leak:
    """What all tables of one sample share: the draws, the population and its families."""

    def __init__(self, recipe: Recipe, rows: int, seed: int) -> None:
        self.recipe = recipe
        self.seed = seed
        self.draws = Draws(recipe.id, seed)
        self.today = days(recipe.today)
        self.born_before = days(recipe.born_before)
        self.worlds: dict[str, World] = {}
        for table in recipe.tables:
            self.worlds[table.name] = World(self, table, rows)
        self.persons: int = max([1, round(rows * recipe.persons), *(world.persons for world in self.worlds.values())])
        self.known_orders: dict[str, pl.Series] = {}

    def heads(self, persons: pl.Series) -> pl.Series:
        """The head of each person's family: the last founder before the person in the block."""
        first = persons // _BLOCK * _BLOCK
        found = first
        for place in range(1, _BLOCK):
            other = first + place
            is_head = (other <= persons) & self.draws.chance("founds a family", other, _FOUNDERS)
            found = other.zip_with(is_head, found)
        return found


class World:
    """One table: its row plan, and whose row each is."""

    def __init__(self, leak: Leak, table: Table, rows: int) -> None:
        self.leak, self.table = leak, table
        self.recipe, self.draws, self.today, self.born_before = leak.recipe, leak.draws, leak.today, leak.born_before
        self.parent = leak.worlds.get(table.inside or table.of)
        self._key = f"{table.name}/" if leak.worlds else ""
        self.rows = max(table.least, round(rows * table.rows))
        self.visits = self.rows - round(self.rows * table.exact_duplicates)
        if table.inside and self.parent:
            self.rows, self.visits = 0, self.parent.visits * table.most
        own = max(1, min(self.visits, round(self.rows * table.persons)))
        self.persons: int = self.parent.persons if self.parent else own
        self.plan = self._plan()

    def _plan(self) -> pl.Series:
        """The visit of each row: every visit once, repeats of some for exact duplicates, in random order."""
        if self.table.inside:
            return numbers(0)
        again = self.draws.below(f"{self._key}repeated visit", numbers(self.rows - self.visits), self.visits)
        all_rows = pl.concat([numbers(self.visits), again.cast(pl.UInt64)])
        order = self.draws.words(f"{self._key}row order", numbers(self.rows)).arg_sort()
        return all_rows.gather(order)

    def person_of(self, visits: pl.Series) -> pl.Series:
        """The person of each visit: the first visits are one person each, the others come back."""
        if self.parent:
            return self.parent.person_of(self.parent_of(visits))
        back = self.draws.below(f"{self._key}person comes back", visits, self.persons).cast(pl.UInt64)
        number = visits.zip_with(visits < self.persons, back)
        everyone = self.leak.persons
        if self.persons == everyone and not self.table.start:
            return number
        return spread((number + round(self.table.start * everyone)) % everyone, everyone)

    def parent_of(self, visits: pl.Series) -> pl.Series:
        """The row of the table above that each row belongs to."""
        if self.table.inside:
            return visits // self.table.most
        count = self._above.visits
        again = self.draws.below(f"{self._key}whose", visits, count).cast(pl.UInt64)
        return spread(visits % count, count).zip_with(visits < count, again)

    @property
    def _above(self) -> World:
        if self.parent is None:
            raise RecipeError(f"table {self.table.name}: belongs to no other")
        return self.parent

    def visits_of(self, visits: pl.Series, table: str) -> pl.Series:
        """The rows of ``table`` that rows of this one belong to; their own for no name."""
        if table in {"", self.table.name}:
            return visits
        return self._above.visits_of(self.parent_of(visits), table)

    def children(self, visits: pl.Series) -> tuple[pl.Series, pl.Series]:
        """The rows of this table that stand inside some of the table above: positions among these, and visits."""
        count = self.draws.below(f"{self._key}how many", visits, self.table.most) + 1
        inside = pl.DataFrame({"visit": visits, "place": pl.select(pl.int_ranges(pl.lit(0), count)).to_series()})
        each = inside.with_row_index("at").explode("place")
        return each["at"], each["visit"] * self.table.most + each["place"].cast(pl.UInt64)
