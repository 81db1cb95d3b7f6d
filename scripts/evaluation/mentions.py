"""Values of a label in one cell of a hundred of a column that holds anything: are they found, as mentions?"""

from __future__ import annotations

from pathlib import Path
from random import Random
from typing import NamedTuple

from evaluation.corpora import Corpus, Table
from evaluation.decidable import ALONE
from evaluation.measure import scanned

SHARE, ROWS = 0.01, 5000
# What stands in such columns: states, codes, initials, dates.
_ANYTHING = (
    "OK",
    "RAS",
    "EN COURS",
    "à voir",
    "X",
    "NC",
    "A12",
    "lot 7",
    "idem",
    "voir dossier",
    "12/2021",
    "n° 48",
    "KO",
    "?",
    "DB",
    "2e envoi",
    "vu",
    "néant",
)


class Mention(NamedTuple):
    """A label, the rows that hold a value of it, the rows found, and the labels of others found in vain."""

    label: str
    rows: int
    found: int
    others: dict[str, int]


def hidden(corpus: Corpus, folder: Path, seed: int) -> list[Mention]:
    """One table a label of which one cell tells; its values are those of the corpus."""
    random = Random(f"{seed}/hidden")
    values: dict[str, list[str]] = {}
    for table in corpus.tables:
        for label, cells in zip(table.truth, table.columns, strict=True):
            if label in ALONE:
                values.setdefault(label or "", []).extend(cell for cell in cells if cell.strip())
    labels = sorted(label for label, cells in values.items() if cells)
    said = scanned([_table(label, values[label], random) for label in labels], folder)
    return [_told(label, columns[1].label, columns[1].mentions) for label, columns in zip(labels, said, strict=True)]


def _table(label: str, values: list[str], random: Random) -> Table:
    cells = [random.choice(_ANYTHING) for _ in range(ROWS)]
    for row in random.sample(range(ROWS), round(SHARE * ROWS)):
        cells[row] = random.choice(values)
    return Table(label, ["ligne", "divers"], [[str(n) for n in range(ROWS)], cells], ["id", label])


def _told(label: str, verdict: str | None, mentions: dict[str, int]) -> Mention:
    rows = round(SHARE * ROWS)
    found = rows if verdict == label else mentions.get(label, 0)
    return Mention(label, rows, found, {other: n for other, n in mentions.items() if other != label})
