"""Measures how often the delimiter and the rows of messy CSV files come out right, beside DuckDB's sniffer and CleverCSV.

The folder holds a ``manifest.tsv`` whose rows of the set ``dialect`` give each file's delimiter and, where the peer's own
dialect could be read by Python's csv module, its records: every one that is not blank, header and titles too. All three
are counted that way: rows, the header, and the lines above the table that are not blank.

usage: dialects.py FOLDER [--misses] [--no-peers]
    --misses    lists every file that we miss
    --no-peers  measures this project alone; the peers are otherwise installed in bench/.venv
"""

from __future__ import annotations

import argparse
import csv
import subprocess
import sys
import venv
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import msgspec

from triage.entry import Entry, EntryError
from triage.options import Options, Reading
from triage.readers import READERS, Job
from triage.sniff import encoding, sniff
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

ROOT = Path(__file__).resolve().parent.parent
PEERS = ROOT / "bench" / ".venv"
WORDS = {"comma": ",", "semicolon": ";", "\\t": "\t"}
DUCKDB = """
import json, sys, duckdb
for path in json.load(sys.stdin):
    quoted, delimiter, rows = path.replace("'", "''"), None, None
    try:
        found = duckdb.sql(f"SELECT Delimiter, SkipRows, HasHeader FROM sniff_csv('{quoted}')").fetchall()[0]
        delimiter = found[0]
        rows = duckdb.sql(f"SELECT count(*) FROM read_csv('{quoted}')").fetchall()[0][0] + found[2]
        with open(path, "rb") as file:
            rows += sum(bool(line.strip()) for _, line in zip(range(found[1]), file))
    except duckdb.Error:
        pass
    print(json.dumps([delimiter, rows]))
"""
CLEVERCSV = """
import json, sys, clevercsv
for path in json.load(sys.stdin):
    delimiter, rows = None, None
    try:
        text = open(path, encoding=clevercsv.encoding.get_encoding(path), newline="").read()
        dialect = clevercsv.Sniffer().sniff(text, verbose=False)
        delimiter = dialect.delimiter
        rows = sum(any(row) for row in clevercsv.reader(text.splitlines(True), dialect))
    except Exception:
        pass
    print(json.dumps([delimiter, rows]))
"""


class Told(NamedTuple):
    """What a tool says of a file; ``None`` where it says nothing."""

    delimiter: str | None
    records: int | None


class Case(NamedTuple):
    """A file and the truth; ``records`` is ``None`` where nobody counted them."""

    path: Path
    delimiter: str
    records: int | None


def cases(folder: Path) -> list[Case]:
    """The files of the manifest."""
    with (folder / "manifest.tsv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE) if r["set"] == "dialect"]
    return [
        Case(folder / r["path"], WORDS.get(r["delimiter"], r["delimiter"]), int(r["rows"]) if r["rows"].isdecimal() else None) for r in rows
    ]


def ours(paths: Sequence[Path]) -> list[Told]:
    """What this project says."""
    return [_ours(path) for path in paths]


def _ours(path: Path) -> Told:
    options = Options()
    entry = Entry(path.name, lambda: path.open("rb"))
    head = entry.head(options.limits.head_bytes, options.limits)
    shape = sniff(head, Reading(), options.limits, whole=len(head) < options.limits.head_bytes)
    reader = READERS.of(shape.kind)
    if reader is None:
        return Told(None, None)
    counts = RowCounts()
    try:
        for segment in reader.segments(Job(entry, shape, options)):
            counts.merge(segment.read().counts)
    except EntryError:
        return Told(shape.delimiter, None)
    lines = encoding.decode(head[shape.bom :], shape.encoding).split("\n")[: shape.preamble]
    above = counts.preamble - shape.preamble + sum(bool(line.strip()) for line in lines)
    return Told(shape.delimiter, counts.total + counts.header + above)


def peer(program: str) -> Callable[[Sequence[Path]], list[Told]]:
    """What a program in the peers' environment says, one line a file."""

    def run(paths: Sequence[Path]) -> list[Told]:
        names = msgspec.json.encode([str(p) for p in paths])
        done = subprocess.run([PEERS / "bin" / "python", "-c", program], input=names, stdout=subprocess.PIPE, check=True)
        return [Told(*msgspec.json.decode(line)) for line in done.stdout.splitlines()]

    return run


def install() -> None:
    """The peers, in an environment of their own: the project never depends on them."""
    if not (PEERS / "bin" / "python").exists():
        venv.create(PEERS, with_pip=True)
    subprocess.run([PEERS / "bin" / "pip", "install", "-q", "--disable-pip-version-check", "duckdb", "clevercsv[full]"], check=True)


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--no-peers", action="store_true")
    asked = parser.parse_args(arguments)
    tools: dict[str, Callable[[Sequence[Path]], list[Told]]] = {"triage": ours}
    if not asked.no_peers:
        install()
        tools |= {"DuckDB": peer(DUCKDB), "CleverCSV": peer(CLEVERCSV)}
    known = cases(asked.folder)
    counted = [c for c in known if c.records is not None]
    print(f"| | right delimiter, of {len(known)} | right records, of {len(counted)} |\n|---|---|---|")
    for name, tool in tools.items():
        told = dict(zip(known, tool([c.path for c in known]), strict=True))
        split = sum(told[c].delimiter == c.delimiter for c in known)
        rows = sum(told[c].records == c.records for c in counted)
        print(f"| {name} | {split} ({split / len(known):.1%}) | {rows} ({rows / len(counted):.1%}) |")
        if asked.misses and tool is ours:
            for case in known:
                said = told[case]
                if said.delimiter != case.delimiter or case.records not in (None, said.records):
                    print(
                        f"{case.path.name}: {said.delimiter!r} for {case.delimiter!r}, {said.records} records for {case.records}",
                        file=sys.stderr,
                    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
