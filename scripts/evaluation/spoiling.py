"""Ways in which real tables are worse than those one learned from: each makes of a table the one to scan instead.

Every way keeps the truth of the columns it leaves, and names None for those it no longer asks about.
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Final

from evaluation.corpora import Table
from evaluation.names import ENGLISH, OTHER_WORDS

DAMAGED = 0.05
FEW = 20
SPARSE, SPARSE_ROWS = 0.001, 20_000
_NOISE = "?#x0 ~"

Spoiling = Callable[[Table, Random], list[Table]]


def unchanged(table: Table, _random: Random) -> list[Table]:
    """The table itself, written anew as UTF-8 with semicolons: what the others are compared to."""
    return [table]


def without_header(table: Table, _random: Random) -> list[Table]:
    """No header line."""
    return [table._replace(names=[""] * len(table.names))]


def neutral(table: Table, _random: Random) -> list[Table]:
    """Headers that say nothing: ``champ1``, ``champ2``."""
    return [table._replace(names=[f"champ{n}" for n in range(1, len(table.names) + 1)])]


def renamed(table: Table, _random: Random) -> list[Table]:
    """Headers in other French words; those of columns that hold nothing in particular stay."""
    return [_named(table, OTHER_WORDS)]


def translated(table: Table, _random: Random) -> list[Table]:
    """Headers in English; those of columns that hold nothing in particular stay."""
    return [_named(table, ENGLISH)]


def _named(table: Table, words: dict[str, str]) -> Table:
    return table._replace(names=[words.get(truth or "", name) for name, truth in zip(table.names, table.truth, strict=True)])


def upper(table: Table, _random: Random) -> list[Table]:
    """Headers in capitals."""
    return [table._replace(names=[name.upper() for name in table.names])]


def shuffled(table: Table, random: Random) -> list[Table]:
    """Columns in another order."""
    order = list(range(len(table.names)))
    random.shuffle(order)
    return [Table(table.name, [table.names[n] for n in order], [table.columns[n] for n in order], [table.truth[n] for n in order])]


def damaged(table: Table, random: Random) -> list[Table]:
    """One cell in twenty with a character lost, replaced, or its end cut off."""
    return [table._replace(columns=[[_damage(cell, random) for cell in cells] for cells in table.columns])]


def _damage(cell: str, random: Random) -> str:
    if not cell[1:] or random.random() >= DAMAGED:  # of one character nothing would be left
        return cell
    at = random.randrange(1, len(cell))
    return random.choice((cell[:at], cell[: at - 1] + cell[at:], cell[: at - 1] + random.choice(_NOISE) + cell[at:]))


def few(table: Table, random: Random) -> list[Table]:
    """Twenty rows of it; a column that has no cell in them is not asked about."""
    rows = sorted(random.sample(range(table.rows), min(FEW, table.rows)))
    columns = [[cells[n] for n in rows] for cells in table.columns]
    truth = [t if any(cell.strip() for cell in cells) else None for t, cells in zip(table.truth, columns, strict=True)]
    return [table._replace(columns=columns, truth=truth)]


def sparse(table: Table, random: Random) -> list[Table]:
    """20,000 rows, in which every second column is filled in one row in a thousand; only those are asked about."""
    if not any(table.truth) or table.rows < FEW:
        return []
    return [_sparse(table, odd, random) for odd in (0, 1) if any(table.truth[odd::2])]


def _sparse(table: Table, odd: int, random: Random) -> Table:
    columns, truth = [], list[str | None]()
    for n, (cells, told) in enumerate(zip(table.columns, table.truth, strict=True)):
        if n % 2 != odd:
            columns.append([cells[row % table.rows] for row in range(SPARSE_ROWS)])
            truth.append(None)
            continue
        filled = [cell for cell in cells if cell.strip()]
        thin = [""] * SPARSE_ROWS
        for row in random.sample(range(SPARSE_ROWS), round(SPARSE * SPARSE_ROWS)):
            thin[row] = random.choice(filled) if filled else ""
        columns.append(thin)
        truth.append(told if filled else None)
    return table._replace(columns=columns, truth=truth)


WAYS: Final[dict[str, Spoiling]] = {
    "as they are": unchanged,
    "headers removed": without_header,
    "headers that say nothing": neutral,
    "headers in other words": renamed,
    "headers in capitals": upper,
    "headers in English": translated,
    "columns shuffled": shuffled,
    "5 % of cells damaged": damaged,
    "20 rows": few,
    "filled at 0.1 %": sparse,
}
