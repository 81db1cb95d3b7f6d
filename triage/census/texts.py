"""Text columns: the scanner runs on the distinct cells of a segment, and its answers go back to the rows."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from triage.census.subject import INSIDE, OTHERS
from triage.detect.needles import REACHING, WEIGHTY
from triage.detect.texts import FLAGS, THEMES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from triage.census.cells import Folded
    from triage.census.memory import Memory
    from triage.detect.plan import ColumnPlan
    from triage.detect.texts import TextScanner
    from triage.tally import ColumnTally, TableTally

# Bits of a presence mask that texts give: a theme that stigmatises, any health mention.
SENSITIVE, MENTION = 1 << 62, 1 << 63
STIGMA = ("hiv_sti", "psychiatry", "addiction", "abortion_fertility", "genetics", "violence_social")
# A row's mentions stand in two masks of 18 themes x 2 states; `texts` has two bits more: any mention, any comment.
STATES = {"texts": ("theme", "negated"), "doubts": ("family", "hypothesis")}
HEALTH, COMMENT = 1 << 62, 1 << 63


def bit(state: str, theme: str) -> int:
    """The bit of a theme in the mask that holds its state."""
    pair = next(p for p in STATES.values() if state in p)
    return 1 << (pair.index(state) * len(THEMES) + THEMES.index(theme))


# Labels of columns in which people write, and of those whose cells name an illness: their themes are the leak's health
# content. What another column mentions ("CARDIOLOGIE" as a speciality) is counted with that column only.
COMMENTS = frozenset({"health_text", "free_text", "message"})
ILLNESSES = frozenset({"diagnosis"})
# Columns whose every mention is one of a person in care. In other texts, of tables that hold no person's data, a mention
# counts where the cell speaks of a person: headlines, products and laws name illnesses too.
ABOUT_CARE = ILLNESSES | {"health_text"}
_PERSON = (frozenset({"nir", "ins", "birth_date", "patient_id"}),)
_CONTACT = (frozenset({"last_name", "full_name", "birth_name"}), frozenset({"phone", "email", "address"}))


def of_persons(labels: Collection[str]) -> bool:
    """Whether columns of these labels are persons' data: a key or a birth date, or a name with a way to reach its bearer."""
    return any(all(not group.isdisjoint(labels) for group in needed) for needed in (_PERSON, _CONTACT))


@dataclass(frozen=True)
class TextColumn:
    """A column the scanner reads; ``label`` is the plan's; ``every`` mention counts, or those of cells that speak of a person.

    ``subject``: what identifies in it is of a data subject, as far as the column tells.
    """

    index: int
    label: str
    every: bool
    subject: bool = True


@dataclass(frozen=True)
class Texts:
    """The scanner and the columns it reads; comments are repeated over a file, and so are codes that may be words.

    ``sought``: the needles that count as types of the row.
    """

    scanner: TextScanner
    columns: tuple[TextColumn, ...]
    memory: Memory
    sought: tuple[str, ...] = WEIGHTY

    def scan(self, folded: Sequence[Folded], tally: TableTally) -> pl.DataFrame:
        """Per row ``texts`` and ``doubts`` over all text columns, ``mention``, their part in a presence mask, and ``needles``.

        Mentions by needle and theme go to the columns' counts. Bit n of ``needles`` is ``sought[n]``.
        """
        whole = {name: pl.repeat(0, len(folded[0].cells), dtype=pl.UInt64, eager=True) for name in (*STATES, "needles")}
        scanned = self._scanned(folded)
        for c in self.columns:
            column, found = folded[c.index], scanned.get(c.index, pl.DataFrame())
            _count({name: column.ask(name, partial(found.get_column, name)) for name in _SAID}, column, tally.columns[c.index])
            names = [*(STATES if c.label in COMMENTS | ILLNESSES else ()), *(["needles"] if c.subject else ())]
            for name in names:
                mask = column.ask(name, partial(found.get_column, name))
                # Few columns hold a needle: only their rows are asked.
                if mask.max():
                    whole[name] = whole[name] | column.at_rows(mask).fill_null(0)
        return pl.DataFrame([mask.alias(name) for name, mask in whole.items()]).with_columns(_mention().alias("mention"))

    def surplus(self, cells: pl.Series, counts: ColumnTally) -> None:
        """Adds what fields beyond the last column hold to that column: an unquoted separator in its text has cut them off."""
        found = cells.str.strip_chars().drop_nulls().alias("cell").value_counts(name="rows").filter(pl.col("cell") != "")
        if found.height:
            said = self.scanner.masks(found["cell"]).select(_said())
            _count_said(said.hstack([found["rows"]]), counts)

    def _scanned(self, folded: Sequence[Folded]) -> dict[int, pl.DataFrame]:
        """Column to what is said of its values that no earlier segment held.

        Columns that are read alike are scanned as one: a scan costs 20 ms however few its cells.
        """
        masks: dict[int, pl.DataFrame] = {}
        alike: dict[tuple[bool, bool], list[TextColumn]] = {}
        for column in self.columns:
            # Among medical comments "SEP" is an illness; elsewhere it may be September.
            alike.setdefault((column.label == "health_text", column.label in ILLNESSES), []).append(column)
        for (medical, codes), columns in alike.items():
            if not any(folded[c.index].asked or not folded[c.index].known for c in columns):
                continue
            cells = {c.index: folded[c.index].told.rename({f"c{c.index}": "cell"}) for c in columns}
            found = self._told(pl.concat(cells.values()), medical=medical, codes=codes)
            start = 0
            for column in columns:
                part = found.slice(start, cells[column.index].height)
                start += part.height
                masks[column.index] = part.select(*_said(), *(_mask(name, column) for name in STATES), _needles(self.sought))
        return masks

    def _told(self, cells: pl.DataFrame, *, medical: bool, codes: bool) -> pl.DataFrame:
        """What the scanner says of each of the ``cells`` (``cell`` and its ``hash``), in their order."""

        def tell(fresh: pl.DataFrame) -> pl.DataFrame:
            return self.scanner.masks(fresh["cell"], medical=medical, codes=codes)

        return self.memory.told(("texts", medical, codes), cells, tell)


def of_inside(column: ColumnPlan) -> Iterator[tuple[str, str | None]]:
    """The types that a column's cells hold within: they weigh as others do, but identify no person, so their role is INSIDE.

    What is of a practitioner or a body is a mention and no more.
    """
    yield from ((label, INSIDE) for label, role, _ in column.inside if (role or column.role) not in OTHERS)


def sought(*, bare: bool) -> tuple[str, ...]:
    """The needles that weigh: a NIR in a comment is one too many.

    What has no key (a telephone, a name) is a mention and no more, but where the table is ``bare`` of columns that name anybody.
    """
    return (*WEIGHTY, *REACHING) if bare else WEIGHTY


def of_needles(column: ColumnPlan, *, bare: bool) -> Iterator[tuple[str, str | None]]:
    """The types that the scanner may find in a column's texts."""
    if column.text and column.role not in OTHERS:
        yield from ((label, INSIDE) for label in sought(bare=bare))


def within(opened: pl.DataFrame, needles: pl.Series, asked: Sequence[str]) -> pl.DataFrame:
    """``inside:<label>`` by row: in a cell of several values, or in a text, of which ``asked`` are the bits of ``needles``."""
    found = {f"{INSIDE}:{label}": (needles & (1 << n)) != 0 for n, label in enumerate(asked)}
    found |= {flag.name: flag | found[flag.name] if flag.name in found else flag for flag in opened}
    return pl.DataFrame([flag.alias(name) for name, flag in found.items()])


def count_opened(frame: pl.DataFrame, columns: Iterable[ColumnPlan], tally: TableTally) -> pl.DataFrame:
    """Adds the rows of each label that stands inside cells; gives, for each type of ``of_inside``, the rows that hold it."""
    told: dict[str, list[pl.Expr]] = {}
    for c in columns:
        held: dict[str, list[pl.Expr]] = {}
        for label, role, pattern in c.inside:
            found = pl.col(f"c{c.index}").str.contains(pattern).fill_null(value=False)
            held.setdefault(label, []).append(found)
            if (role or c.role) not in OTHERS:
                told.setdefault(f"{INSIDE}:{label}", []).append(found)
        if held:
            totals = frame.select(pl.any_horizontal(found).sum().alias(label) for label, found in held.items()).row(0, named=True)
            tally.columns[c.index].mentions.update({f"inside:{label}": n for label, n in totals.items() if n})
    return frame.select(pl.any_horizontal(found).alias(name) for name, found in told.items())


# What the scanner says of a cell, as it is counted: flags, and the themes in two states each.
_SAID = ("flags", "said:texts", "said:doubts")


def _said() -> Iterator[pl.Expr]:
    """_SAID from what the scanner gives."""
    yield pl.sum_horizontal(pl.col(name).cast(pl.UInt64) * pl.lit(1 << n, dtype=pl.UInt64) for n, name in enumerate(FLAGS)).alias("flags")
    yield from (_both(*pair).alias(f"said:{name}") for name, pair in STATES.items())


def _both(first: str, second: str) -> pl.Expr:
    return pl.col(first).cast(pl.UInt64) + pl.col(second).cast(pl.UInt64) * pl.lit(1 << len(THEMES), dtype=pl.UInt64)


def _count(said: Mapping[str, pl.Series], column: Folded, counts: ColumnTally) -> None:
    _count_said(column.answered(**said), counts)


def _count_said(said: pl.DataFrame, counts: ColumnTally) -> None:
    """Adds the ``rows`` of each flag, and of each theme in each state."""
    for name in _SAID:
        bits = FLAGS if name == "flags" else [f"{state}:{theme}" for state in STATES[name.removeprefix("said:")] for theme in THEMES]
        for mask, n in said.group_by(name).agg(pl.col("rows").sum()).iter_rows():
            counts.mentions.update({bit: n for place, bit in enumerate(bits) if mask >> place & 1})


def _mask(name: str, column: TextColumn) -> pl.Expr:
    """The mask of each distinct cell, from the scanner's masks; themes count in the cells where ``whose`` is true."""
    told = pl.col("health" if column.every else "personal").cast(pl.UInt64)
    mask = _both(*STATES[name]) * told
    if name == "texts":
        comment = COMMENT if column.label in COMMENTS else 0
        mask += told * pl.lit(HEALTH, dtype=pl.UInt64) + pl.lit(comment, dtype=pl.UInt64)
    return mask.alias(name)


def _needles(asked: Sequence[str]) -> pl.Expr:
    """The needles that weigh, as the bits of a mask."""
    flags = (pl.col(f"needle:{name}").cast(pl.UInt64) * pl.lit(1 << n, dtype=pl.UInt64) for n, name in enumerate(asked))
    return pl.sum_horizontal(flags).alias("needles")


def _mention() -> pl.Expr:
    """The two text bits of a presence mask: any health mention, and a theme that stigmatises."""
    texts = pl.col("texts")
    stigma = sum(bit("theme", theme) for theme in STIGMA)
    zero = pl.lit(0, dtype=pl.UInt64)
    health = pl.when(texts & pl.lit(HEALTH, dtype=pl.UInt64) != 0).then(pl.lit(MENTION, dtype=pl.UInt64)).otherwise(zero)
    worse = pl.when(texts & pl.lit(stigma, dtype=pl.UInt64) != 0).then(pl.lit(SENSITIVE, dtype=pl.UInt64)).otherwise(zero)
    return health | worse
