"""What the run found, before it becomes figures: evidence, tables, their plans, verdicts and tallies."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, TypeAlias

import polars as pl

from triage import classes
from triage.census import owners
from triage.census.keys import ORDER
from triage.census.subject import INSIDE
from triage.census.texts import MENTION, SENSITIVE
from triage.detect.lexicons import people
from triage.sketches import Distinct, Links, Masks, People, moved
from triage.tally import by_day
from triage.verdict import decide

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from triage import model
    from triage.census import Setting
    from triage.detect.plan import ColumnPlan, Verdict
    from triage.options import Options
    from triage.readers import Head
    from triage.rules import Rules
    from triage.sampling import Drawn
    from triage.tally import ColumnTally, TableTally

Type = tuple[str, str | None]
# Index of a column to its days and their rows.
Days: TypeAlias = dict[int, Counter[int]]


def _days_of(tally: TableTally) -> Days:
    return {index: days for index, column in enumerate(tally.columns) if (days := by_day(column.days))}


@dataclass
class CaseTable:
    """One table with everything known of it; ``parts`` are the entries it is spread over."""

    evidence: str
    entry: str
    head: Head
    setting: Setting
    verdicts: tuple[Verdict, ...]
    tally: TableTally
    parts: list[tuple[str, str, int]] = field(default_factory=list)
    drawn: Drawn | None = None
    _days: list[tuple[str, Days]] = field(default_factory=list)

    @property
    def rows(self) -> int:
        """Every record, rejected ones too."""
        return self.tally.counts.total

    @property
    def rows_seen(self) -> int:
        """Rows read and repaired: the denominator of every rate."""
        return self.tally.counts.read + self.tally.counts.repaired

    def extend(self, evidence: str, entry: str, setting: Setting, tally: TableTally) -> None:
        """Takes a further part of the same table, counted by the same plan; it may have brought columns."""
        self.parts.append((evidence, entry, tally.counts.total))
        # Merging adds to the counts in place: what one file holds by itself is kept beside.
        self._days = self._days or [(self.evidence, _days_of(self.tally))]
        self._days.append((evidence, _days_of(tally)))
        self.tally.merge(tally)
        if len(setting.plan.columns) > len(self.setting.plan.columns):
            self.setting = setting

    def settled(self, rules: Rules) -> CaseTable:
        """This table with the verdicts that all its parts together give."""
        if len(self.parts) > 1:
            self.verdicts = decide(self.setting.plan, self.tally.columns, self.rows_seen, rules)
        return self

    def days_by_part(self) -> list[tuple[str, Days]]:
        """Of each part its evidence, and the dates of its columns."""
        return self._days or [(self.evidence, _days_of(self.tally))]

    def columns(self) -> Iterator[tuple[ColumnPlan, Verdict, ColumnTally]]:
        """Plan, verdict and counts of each column."""
        return zip(self.setting.plan.columns, self.verdicts, self.tally.columns, strict=True)


@dataclass
class Case:
    """One run: its options, rules, files and tables."""

    options: Options
    rules: Rules
    files: tuple[model.InputFile, ...]
    tables: list[CaseTable]

    @property
    def rows_total(self) -> int:
        """Every record of every table; rows within rows (JSON lists) are parts of theirs."""
        return sum(t.rows for t in self.tables if t.head.parent is None)

    @property
    def rows_seen(self) -> int:
        """Rows read and repaired over all tables, details too."""
        return sum(t.rows_seen for t in self.tables)

    @property
    def rows_main(self) -> int:
        """Rows read and repaired, without the details: rows within rows."""
        return sum(t.rows_seen for t in self.tables if t.head.parent is None)

    def class_id(self, label: str) -> str:
        """The sensitivity class of a label; what has no rule (unknown, empty) is generic."""
        rule = self.rules.get(label)
        return rule.class_ if rule else classes.GENERIC

    def class_of(self, label: str) -> classes.Class:
        """The class as it holds for a label."""
        return classes.shipped().of(label, self.class_id(label))

    @cached_property
    def is_name(self) -> Callable[[str], bool]:
        """Whether a folded word is a first or last name; everyday words that few people bear (REVENU, PART) are none."""
        known = people().filter(~pl.col("common"))["token"].sort()
        return cache(lambda word: known.index_of(word) is not None)

    @cached_property
    def types(self) -> tuple[Type, ...]:
        """Every (label, role) that some table plans for, most columns first: bit n of the case's masks is ``types[n]``."""
        seen = Counter(t for table in self.tables for t in _present(table))
        return tuple(sorted(seen, key=lambda t: (-seen[t], t[0], t[1] or "")))[:62]

    @cached_property
    def presence(self) -> Masks:
        """Masks of types over the rows of the case."""
        return self._masks(details=False)

    @cached_property
    def details(self) -> Masks:
        """Masks of types over rows within rows: the items of a receipt, the visits of a patient."""
        return self._masks(details=True)

    def _masks(self, *, details: bool) -> Masks:
        whole = Masks()
        for table in self.tables:
            if (table.head.parent is not None) == details:
                whole.add(self._moving(table)(table.tally.presence.settle()))
        return whole

    @cached_property
    def people(self) -> People:
        """The persons of all tables; one who stands in two tables under the same key is one."""
        parts = [t.tally.people.with_masks(self._moving(t)) for t in self.tables if t.tally.leads.total()]
        whole = parts[0] if len(parts) == 1 else People(self.options.limits.persons)
        for part in parts if len(parts) > 1 else ():
            whole.merge(part)
        led = self.leads.total() > max(self.leads.values(), default=0) or "maiden" in self.links
        told = [links for kind, links in self.links.items() if kind not in owners.KINDS]
        return whole.linked([*self.owned, *told]) if led else whole

    @cached_property
    def owned(self) -> list[Links]:
        """Of each table its loose keys that lead to a customer whom a table of the same folder names under the same number."""
        folders: dict[str, list[Mapping[str, Links]]] = defaultdict(list)
        for table in self.tables:
            if owners.OWNERS in table.tally.links:
                folders[table.evidence.rpartition("/")[0]].append(table.tally.links)
        return [links for tables in folders.values() for links in owners.resolved(tables)]

    @cached_property
    def leads(self) -> Counter[str]:
        """Kinds of keys and the rows whose best key they are, best kind first."""
        total = sum((t.tally.leads for t in self.tables), Counter[str]())
        return Counter({kind: total[kind] for kind in ORDER if total[kind]})

    @cached_property
    def links(self) -> dict[str, Links]:
        """Kind of lesser key to its links over all tables."""
        if len(self.tables) == 1:
            return self.tables[0].tally.links
        whole: dict[str, Links] = {}
        for table in self.tables:
            for kind, links in table.tally.links.items():
                whole.setdefault(kind, Links(links.cap)).merge(links)
        return whole

    def distinct(self, kind: str) -> Distinct | None:
        """The distinct values of a kind over all tables, None where no column carries it."""
        found = [t.tally.unique[kind] for t in self.tables if kind in t.tally.unique]
        found += [self.links[kind].distinct()] if kind in self.links else []
        return together(found)

    def _moving(self, table: CaseTable) -> Callable[[pl.DataFrame], pl.DataFrame]:
        """Moves the bits of a table's masks to where they stand in the case's."""
        bits = {1 << n: 1 << self.types.index(t) for n, t in enumerate(table.setting.bits) if t in self.types}
        return lambda frame: moved(frame, bits, MENTION | SENSITIVE)

    def mask(self, wanted: Callable[[Type], bool]) -> int:
        """The bits of every type that ``wanted`` accepts."""
        return sum(1 << n for n, t in enumerate(self.types) if wanted(t))

    def labels(self, names: Iterable[str], *, subject: bool = True) -> int:
        """The bits of some labels, of data subjects only unless ``subject`` is false."""
        wanted = frozenset(names)
        return self.mask(lambda t: t[0] in wanted and not (subject and t[1] in OTHER_ROLES))

    def rows_with(self, *groups: int) -> int:
        """Rows that hold at least one bit of every group, or the details that do where those are more."""
        return max(self.presence.rows_with(*groups), self.details.rows_with(*groups))

    def rows_asked(self, *groups: int) -> int:
        """The rows, or the details, among which ``rows_with`` counted."""
        told = self.details.rows_with(*groups) > self.presence.rows_with(*groups)
        return self.rows_seen - self.rows_main if told else self.rows_main

    def persons_with(self, *groups: int) -> int | None:
        """Persons whose rows together hold at least one bit of every group; ``None`` where no key tells persons."""
        frame = self.people.settle()
        if not frame.height:
            return None
        held = [(pl.col("mask") & pl.lit(g, dtype=pl.UInt64)) != 0 for g in groups]
        return int(frame.select(pl.all_horizontal(held).sum()).item()) << self.people.shift


def _present(table: CaseTable) -> Iterator[Type]:
    """The types of a table; what might have stood within cells, and stands in none, is left out."""
    held = int(table.tally.presence.settle().select(pl.col("mask").bitwise_or()).item() or 0)
    yield from (t for n, t in enumerate(table.setting.bits) if t[1] != INSIDE or held >> n & 1)


def together(sketches: Sequence[Distinct]) -> Distinct | None:
    """The union of sketches, None of none."""
    if len(sketches) < 2:  # noqa: PLR2004 - one is its own union
        return next(iter(sketches), None)
    whole = Distinct(sketches[0].cap)
    for sketch in sketches:
        whole.merge(sketch)
    return whole


OTHER_ROLES = frozenset({"practitioner", "professional", "relative", "establishment"})
NAMES = ("last_name", "full_name", "birth_name")
