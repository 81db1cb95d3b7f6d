"""The rows of the table of hostile inputs: what each plants, and what the command must say of it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

# Planted in cells, in every row; no file that a run writes and nothing it prints may hold it.
CANARY = "Qzxcanari"

ROWS: dict[str, Row] = {}

Impact = dict[str, Any]


class Row(NamedTuple):
    """One input or fault.

    Attributes:
        build: writes the evidence into a folder; may return the paths to scan instead of that folder.
        codes: problem codes by file name, separated by blanks; a file that is not named has none.
        exits: the exit code.
        rows: rows counted in all tables, where the row promises some.
        words: further words of the command.
        seconds: the budget, several times what it takes, because machines differ.
        holds: what else must be true of impact.json.
        broken: why the promise does not hold today: the test is expected to fail, and says when it no longer does.
    """

    name: str
    build: Callable[[Path], list[Path] | None]
    codes: dict[str, str]
    exits: int
    rows: int | None
    words: tuple[str, ...]
    seconds: int
    holds: Callable[[Impact], bool] | None
    broken: str | None


def row(
    name: str,
    codes: dict[str, str] | None = None,
    *,
    exits: int = 0,
    rows: int | None = None,
    words: tuple[str, ...] = (),
    seconds: int = 60,
    holds: Callable[[Impact], bool] | None = None,
    broken: str | None = None,
) -> Callable[[Callable[[Path], list[Path] | None]], Callable[[Path], list[Path] | None]]:
    """Adds a builder to the table."""

    def add(build: Callable[[Path], list[Path] | None]) -> Callable[[Path], list[Path] | None]:
        assert name not in ROWS
        ROWS[name] = Row(name, build, codes or {}, exits, rows, words, seconds, holds, broken)
        return build

    return add


def put(folder: Path, **files: bytes | str) -> None:
    """Writes files; ``a_csv`` is ``a.csv``."""
    for name, data in files.items():
        path = folder / ".".join(name.rsplit("_", 1))
        path.write_bytes(data.encode() if isinstance(data, str) else data)


def table(count: int = 40) -> bytes:
    """A delimited table of persons who do not exist; every cell holds the canary."""
    head = "nom;email;commentaire\n"
    return (head + "".join(f"{CANARY}{n};{CANARY}{n}@example.org;note {CANARY} {n}\n" for n in range(count))).encode()


def counted(impact: Impact) -> dict[str, int]:
    """Rows by the last part of each entry's name, where tables of the same columns were joined too."""
    return {p["entry"].rpartition("!")[2].rpartition("/")[2]: p["rows_total"] for t in impact["tables"] for p in t["parts"]}


def labels(impact: Impact) -> list[list[str]]:
    """Labels of the columns of each table."""
    return [[c["label"] for c in impact["columns"] if c["table"] == t["index"]] for t in impact["tables"]]
