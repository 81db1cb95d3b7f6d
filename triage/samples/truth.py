"""The truth of a table, counted on the cells that were written.

Only two things come from elsewhere, since cells do not say them: who a row is about (the person's id) and what a free
text mentions (the sentences chosen). Percentiles are lower ones: the value at floor(q × (n - 1)) of the sorted days.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import polars as pl

from triage.samples import texts
from triage.samples.kinds import kinds
from triage.samples.recipe import Column
from triage.samples.rowsets import Distinct, Together
from triage.samples.table import Block, label
from triage.samples.world import World

KEYED = ("nir", "email", "phone", "iban", "patient_id", "login", "rpps", "finess", "card", "imei", "sim", "loyalty", "contract_id")
_NAMED = ("last_name", "first_name", "birth_date")
_DATES = ("date", "datetime", "birth_date", "death_date", "appointment")
_COMMENTS = ("free_text", "health_text", "message")
_HEALTH_SHARE, _HEALTH_CELLS = 0.01, 11
_TOWNS = 20
_HEALTH = (1 << len(texts.THEMES)) - 1
_BASES = {"patient": "patient", "practitioner": "practitioner", "professional": "professional", "establishment": "establishment"}


def department(codes: pl.Expr) -> pl.Expr:
    """Département of postal codes: two digits, three overseas, Corsica by its prefixes (201 and 200 are 2A)."""
    two = codes.str.slice(0, 2)
    corsica = pl.when(codes.str.slice(0, 3).is_in(["200", "201"])).then(pl.lit("2A")).otherwise(pl.lit("2B"))
    return pl.when(two.is_in(["97", "98"])).then(codes.str.slice(0, 3)).when(two == "20").then(corsica).otherwise(two)


_COUNTED: dict[str, Callable[[pl.Expr], pl.Expr]] = {
    "postal_code": department,
    "nir": lambda cell: department(cell.str.replace_all(" ", "", literal=True).str.slice(5, 5)),
    "email": lambda cell: cell.str.split("@").list.last(),
    "city": lambda cell: cell,
    "sex": lambda cell: cell,
}


class Truth:
    """Counts the blocks of one table."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.columns = world.table.columns
        self.labels = [label(c) for c in self.columns]
        self.rows = 0
        self.long = 0
        self.lines = Distinct()
        self.who: dict[str, Distinct] = {}
        self.filled: Counter[int] = Counter()
        self.fields: Counter[int] = Counter()
        self.keys: dict[str, Distinct] = {}
        self.own_keys: dict[int, Distinct] = {}
        self.counts: dict[int, Counter[str]] = {}
        self.days: dict[int, Counter[int]] = {}
        self.mentions: dict[int, dict[str, Counter[str]]] = {}
        self.told: dict[str, Counter[str]] = {mood: Counter() for mood in (*texts.MOODS, "any")}
        self.health: Counter[int] = Counter()
        self.extra: Counter[str] = Counter()
        self.together = Together(self.labels, [self.role(c) for c in self.columns])

    def role(self, column: Column) -> str | None:
        """Whose data a column holds."""
        return column.role or self.world.recipe.entities[column.of].role

    def of_label(self, *names: str) -> list[int]:
        """Positions of the columns of some labels."""
        return [i for i, name in enumerate(self.labels) if name in names]

    def add(self, block: Block) -> None:
        """Counts one block."""
        cells = block.cells
        self.rows += len(cells)
        self.long += block.extra.count()
        self.lines.add(cells.with_columns(block.extra.alias("extra")).hash_rows())
        for index, count in enumerate(cells.select(pl.all().count()).row(0)):
            self.filled[index] += count
        per_row = cells.select(pl.sum_horizontal(pl.all().is_not_null().cast(pl.Int32))).to_series()
        self.fields.update(dict(per_row.value_counts().iter_rows()))
        self._add_people(block)
        self._add_keys(cells)
        self._add_counts(cells)
        self._add_days(cells)
        self._add_texts(block)
        self.together.add(cells)

    def _add_people(self, block: Block) -> None:
        """Who is in the rows: persons in all of theirs, others where a cell of theirs is filled."""
        for name, entity in self.world.recipe.entities.items():
            own = [pl.col(f"c{i}") for i, c in enumerate(self.columns) if c.of == name]
            if entity.per == "visit" or not own:
                continue
            ids = block.cast.who(name).ids
            if entity.per != "person":
                ids = ids.filter(block.cells.select(pl.any_horizontal(c.is_not_null() for c in own)).to_series())
            self.who.setdefault(name, Distinct()).add(ids)
        if any(e.per == "person" for e in self.world.recipe.entities.values()):
            self.who.setdefault("", Distinct()).add(block.cast.persons)

    def _add_keys(self, cells: pl.DataFrame) -> None:
        """Distinct values of identifiers, by label and by column; separators and +33 are not part of them."""
        for index in self.of_label(*KEYED):
            plain = cells[f"c{index}"].drop_nulls().str.replace_all(r"[ .]", "").str.replace(r"^\+33", "0").hash()
            self.keys.setdefault(self.labels[index], Distinct()).add(plain)
            self.own_keys.setdefault(index, Distinct()).add(plain)
        person = {self.labels[i]: f"c{i}" for i in self.of_label(*_NAMED) if self.role(self.columns[i]) == "patient"}
        if len(person) == len(_NAMED):
            names = cells.select(list(person.values())).drop_nulls()
            self.keys.setdefault("name_dob", Distinct()).add(names.hash_rows())

    def _add_counts(self, cells: pl.DataFrame) -> None:
        """Values of closed vocabularies: départements, mail domains, towns, sexes."""
        for index in self.of_label(*_COUNTED):
            values = cells.select(_COUNTED[self.labels[index]](pl.col(f"c{index}")).alias("value")).to_series().drop_nulls()
            self.counts.setdefault(index, Counter()).update(dict(values.value_counts().iter_rows()))

    def _add_days(self, cells: pl.DataFrame) -> None:
        for index in self.of_label(*_DATES):
            form = self.columns[index].options.get("format", "%d/%m/%Y")
            kind = pl.Datetime("ms") if "%H" in form else pl.Date
            parsed = cells[f"c{index}"].drop_nulls().str.strptime(kind, form)
            counted = parsed.cast(pl.Date).cast(pl.Int32).value_counts()
            self.days.setdefault(index, Counter()).update(dict(counted.iter_rows()))

    def _add_texts(self, block: Block) -> None:
        """What the free texts of the block mention, by column and by row over the comments."""
        cells, cast = block.cells, block.cast
        union = {mood: pl.Series([0], dtype=pl.UInt32).new_from_index(0, len(cells)) for mood in texts.MOODS}
        commented = pl.Series([False]).new_from_index(0, len(cells))
        for index, column in enumerate(self.columns):
            if column.kind != "text":
                continue
            kept = cells[f"c{index}"].is_not_null()
            masks = texts.told(cast.who(column.of), column).masks
            self.health[index] += int((_any(masks) & _HEALTH > 0).sum())
            self._count_bits(self.mentions.setdefault(index, {m: Counter() for m in (*texts.MOODS, "any")}), masks)
            if self.labels[index] in _COMMENTS:
                union = {m: union[m] | masks[m] for m in texts.MOODS}
                commented = commented | kept
        self._count_bits(self.told, union)
        self.extra["rows_with_comment"] += int(commented.sum())
        self.extra["rows_with_mention"] += int((_any(union) & _HEALTH > 0).sum())

    def _count_bits(self, into: dict[str, Counter[str]], masks: dict[str, pl.Series]) -> None:
        """Rows by mention and mood; "negated", "family" and "hypothesis" only where no plain mention stands beside them."""
        plain = masks[""]
        for mood, mask in {**masks, "any": _any(masks)}.items():
            alone = mask if mood in {"", "any"} else mask & ~plain
            for bit, name in enumerate(texts.MENTIONS):
                into[mood][name] += int((alone & (1 << bit) > 0).sum())

    # --- the answer

    def result(self) -> dict[str, Any]:
        """The truth of the table as plain data."""
        return {
            "rows": self.rows,
            "rows_exact_dup": self.rows - self.lines.count,
            "rows_long": self.long,
            "rows_short": 0,
            "persons": self.who[""].count if "" in self.who else None,
            "unique": {name: keys.count for name, keys in sorted(self.keys.items())},
            "fields_per_row": _spread(self.fields, "p95", "max", "median"),
            "columns": [self._column(i) for i in range(len(self.columns))],
            "places": self.places(),
            "mentions": mentions(self.told),
            **{name: self.extra[name] for name in ("rows_with_comment", "rows_with_mention")},
            "period": {self.columns[i].name: _dates(days) for i, days in sorted(self.days.items())},
        }

    def _column(self, index: int) -> dict[str, Any]:
        column = self.columns[index]
        out: dict[str, Any] = {
            "index": index,
            "name": column.name,
            "label": self._final_label(index),
            "role": self.role(column),
            "filled": self.filled[index],
            "fill_rate": self.filled[index] / self.rows,
        }
        if index in self.own_keys:
            out["distinct"] = self.own_keys[index].count
        if kinds()[column.kind].key:
            out["valid"] = self.filled[index]
        if self.labels[index] in {"email", "sex"}:
            out["values"] = dict(_ranked(self.counts[index]))
        if self.labels[index] == "city":
            out["values"] = dict(_ranked(self.counts[index])[:_TOWNS])
        if index in self.mentions:
            out["mentions"] = mentions(self.mentions[index])
        return out

    def _final_label(self, index: int) -> str:
        """Text with a health mention in 1 % of its cells and 11 of them is ``health_text``; a column without a cell ``empty``."""
        if not self.filled[index]:
            return "empty"
        if self.labels[index] not in {"free_text", "message"}:
            return self.labels[index]
        return "health_text" if self.health[index] >= max(_HEALTH_CELLS, _HEALTH_SHARE * self.filled[index]) else self.labels[index]

    def found(self) -> set[str]:
        """Labels of the columns with a cell."""
        return {self._final_label(i) for i in range(len(self.columns))} - {"empty"}

    def places(self) -> dict[str, Any]:
        """Rows by département for each basis, over the rows that tell one."""
        out: dict[str, Any] = {}
        for index in self.of_label("postal_code", "nir"):
            basis = "birthplace" if self.labels[index] == "nir" else _BASES.get(self.role(self.columns[index]) or "")
            if basis is None or basis in out:
                continue
            total = self.counts[index].total()
            out[basis] = {
                "column": self.columns[index].name,
                "denominator": total,
                "coverage": total / self.rows,
                "departments": {code: {"n": n, "share": n / total} for code, n in _ranked(self.counts[index])},
            }
        return out


def mentions(counters: dict[str, Counter[str]]) -> dict[str, dict[str, int]]:
    """Rows by mention: plainly, and only denied, only of a relative, only supposed; ``any`` of these."""
    named = {"rows": "", "negated": "negated", "family": "family", "hypothesis": "hypothesis", "any": "any"}
    return {m: {key: counters[mood][m] for key, mood in named.items()} for m in texts.MENTIONS if counters["any"][m]}


def _ranked(counts: Counter[str]) -> list[tuple[str, int]]:
    """Most frequent first, then by name."""
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _any(masks: dict[str, pl.Series]) -> pl.Series:
    """The union of all moods."""
    total = masks[""]
    for mood in texts.MOODS[1:]:
        total = total | masks[mood]
    return total


_EPOCH = date(1970, 1, 1)
_QUANTILES = {"min": 0.0, "p5": 0.05, "median": 0.5, "p95": 0.95, "max": 1.0}


def _spread(counts: Counter[int], *wanted: str) -> dict[str, int | None]:
    """Lower percentiles of counted numbers."""
    ordered, total = sorted(counts.items()), counts.total()
    out: dict[str, int | None] = {}
    for name in wanted:
        rest = int(_QUANTILES[name] * (total - 1))
        out[name] = None
        for value, count in ordered:
            if rest < count:
                out[name] = value
                break
            rest -= count
    return out


def _dates(days: Counter[int]) -> dict[str, Any]:
    """How many dates, and their spread as ISO days."""
    spread = _spread(days, *_QUANTILES)
    return {"n": days.total(), **{name: None if day is None else (_EPOCH + timedelta(day)).isoformat() for name, day in spread.items()}}
