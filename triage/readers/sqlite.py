"""SQLite files: every table, read in place, nothing in the file executed.

The file is opened immutable (no journal is replayed, no lock taken, nothing written), its schema is not trusted, and an
authorizer lets nothing pass but reading: views, triggers and functions that a hostile schema hides run nowhere.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from typing import TYPE_CHECKING

from triage.entry import EntryError
from triage.readers import Head, grid

if TYPE_CHECKING:
    from triage.readers import Job, Made

READS = ("sqlite",)
KIND = "sqlite"
DESCRIPTION = (
    "SQLite files: every table, without running anything in them; a log beside one (`-wal`) is told, not read: "
    "have a copy of both take it in (`sqlite3 COPY vacuum`)"
)

# Damage meets the library's decoder too, which reads names and its own messages as UTF-8.
_BROKEN = (sqlite3.Error, UnicodeDecodeError)
_ALLOWED = frozenset((sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_PRAGMA))
_BLOB = 32
_TABLES = "SELECT name, sql FROM sqlite_master WHERE type = 'table' ORDER BY rowid"
# A virtual table is code of an extension; its rows lie in plain tables beside it.
_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL", re.IGNORECASE)


def segments(job: Job) -> Iterator[Made]:
    """The segments of all tables."""
    try:
        base = _connected(job)
    except _BROKEN:
        raise EntryError("corrupt") from None
    with closing(base):
        try:
            tables = [(str(name), str(sql)) for name, sql in base.execute(_TABLES)]
        except _BROKEN:
            raise EntryError("corrupt") from None
        named = [name for name, sql in tables if not name.startswith("sqlite_") and not _VIRTUAL.match(sql)]
        if not named:
            job.entry.problems["empty"] += 1
        for name in named:
            yield from _table(job, base, name)


def _connected(job: Job) -> sqlite3.Connection:
    descriptor = job.entry.descriptor()
    if descriptor is not None:
        base = sqlite3.connect(f"file:/proc/self/fd/{descriptor}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    else:
        longest = job.options.limits.database_bytes
        data = job.entry.open(job.options.limits).read(longest + 1)
        if len(data) > longest:
            raise EntryError("too_large")
        # A file in WAL mode cannot be opened from memory: say that it is in rollback mode (file format, §1.3.3).
        data = data[:18] + b"\x01\x01" + data[20:] if data[18:20] == b"\x02\x02" else data
        base = sqlite3.connect(":memory:", check_same_thread=False)
        base.deserialize(data)
    base.text_factory = lambda raw: raw.decode("utf-8", "replace")
    for pragma in ("trusted_schema = OFF", "cell_size_check = ON", "query_only = ON", "mmap_size = 0"):
        base.execute(f"PRAGMA {pragma}")
    base.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
    return base


def _table(job: Job, base: sqlite3.Connection, name: str) -> Iterator[Made]:
    quoted = '"' + name.replace('"', '""') + '"'
    try:
        cursor = base.execute(f"SELECT * FROM {quoted}")  # noqa: S608 - a name of the schema, quoted
    except _BROKEN:
        job.entry.problems["corrupt"] += 1
        return
    head = Head(name, job.shape, names=[str(d[0]) for d in cursor.description])
    yield from grid.table(job, head, _rows(job, cursor))


def _rows(job: Job, cursor: sqlite3.Cursor) -> Iterator[list[str | None]]:
    try:
        for row in cursor:
            yield [_text(cell) for cell in row]
    except _BROKEN:
        job.entry.problems["corrupt"] += 1


def _text(cell: object) -> str | None:
    if isinstance(cell, bytes):
        try:
            return cell.decode("utf-8")
        except UnicodeDecodeError:
            return "\\x" + cell[:_BLOB].hex()
    return None if cell is None else str(cell)
