"""What the census of a segment yields: counts and keyed sketches that merge.

Law 7: given one plan, any partition of the same records merges to the same tally. So every part of a tally is a
commutative monoid: counters add, sketches unite. Nothing here is a cell's value, save words of closed vocabularies.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields

from triage.sketches import Distinct, Links, Masks, People


@dataclass
class ColumnTally:
    """Counts of one column.

    ``matched``/``valid``: label to cells with its form / with a right key too. ``mentions``: needle or theme to rows.
    ``days``: days since 1970-01-01 to rows; ``words``: values of closed vocabularies (départements, communes as INSEE
    codes, mail domains, hash algorithms, sexes) by list name to rows.
    """

    filled: int = 0
    matched: Counter[str] = field(default_factory=Counter)
    valid: Counter[str] = field(default_factory=Counter)
    mentions: Counter[str] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    words: dict[str, Counter[str]] = field(default_factory=dict)
    distinct: Distinct = field(default_factory=lambda: Distinct(65_536))

    def merge(self, other: ColumnTally) -> None:
        """Adds the counts of the same column in other rows."""
        self.filled += other.filled
        for name in ("matched", "valid", "mentions", "days"):
            getattr(self, name).update(getattr(other, name))
        for name, words in other.words.items():
            self.words.setdefault(name, Counter()).update(words)
        self.distinct.merge(other.distinct)


@dataclass
class RowCounts:
    """Records of a table: ``read + repaired + rejected`` is all of them, short and long ones are among the first two.

    ``header``, ``preamble``, ``blank`` and ``footer`` are lines that are not rows.
    """

    read: int = 0
    repaired: int = 0
    rejected: int = 0
    short: int = 0
    long: int = 0
    header: int = 0
    preamble: int = 0
    blank: int = 0
    footer: int = 0

    def merge(self, other: RowCounts) -> None:
        """Adds the counts of other rows."""
        for f in fields(self):
            setattr(self, f.name, getattr(self, f.name) + getattr(other, f.name))

    @property
    def total(self) -> int:
        """All records."""
        return self.read + self.repaired + self.rejected


@dataclass
class TableTally:
    """Counts of one table, or of one of its segments.

    ``presence``: bits of the plan's types (``Setting.bits``) to rows; ``fields``: filled cells a row to rows;
    ``texts`` and ``doubts``: theme bits of the comment columns to rows; ``rows``: distinct rows; ``people``: data subjects by their
    best key; ``identities``: distinct rows of identity fields; ``unique``: kind of key to its distinct values; ``links``: the same
    of kinds that a better one may lead; ``keyed``: kind to rows that have it, ``leads`` to rows whose best key it is; ``variants``:
    the parts of names with birth dates (see ``census.persons``); ``roles``: ``role:basis`` to the distinct persons or organisations
    that other columns name.
    """

    columns: list[ColumnTally]
    people: People
    identities: Distinct
    rows: Distinct
    counts: RowCounts = field(default_factory=RowCounts)
    problems: Counter[str] = field(default_factory=Counter)
    presence: Masks = field(default_factory=Masks)
    fields: Counter[int] = field(default_factory=Counter)
    texts: Masks = field(default_factory=Masks)
    doubts: Masks = field(default_factory=Masks)
    keyed: Counter[str] = field(default_factory=Counter)
    leads: Counter[str] = field(default_factory=Counter)
    unique: dict[str, Distinct] = field(default_factory=dict)
    links: dict[str, Links] = field(default_factory=dict)
    variants: dict[str, Distinct] = field(default_factory=dict)
    roles: dict[str, Distinct] = field(default_factory=dict)

    def merge(self, other: TableTally) -> None:
        """Adds the tally of other rows, counted by the same plan."""
        # A later segment may have columns that no earlier one had (JSON): above, they were empty.
        self.columns.extend(ColumnTally(distinct=Distinct(c.distinct.cap)) for c in other.columns[len(self.columns) :])
        for mine, theirs in zip(self.columns, other.columns, strict=False):
            mine.merge(theirs)
        for name in ("people", "identities", "rows", "counts", "presence", "texts", "doubts"):
            getattr(self, name).merge(getattr(other, name))
        for name in ("problems", "fields", "keyed", "leads"):
            getattr(self, name).update(getattr(other, name))
        for name in ("unique", "links", "variants", "roles"):
            mine = getattr(self, name)
            for kind, sketch in getattr(other, name).items():
                mine.setdefault(kind, type(sketch)(sketch.cap)).merge(sketch)
