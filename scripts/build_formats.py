"""Writes tests/golden/<format>/input with the producers' own tools: one sample table, dumped by real databases.

Needs Debian packages, and nothing else of this machine::

    apt-get install -y mariadb-server postgresql sqlite3

Each server runs in a temporary folder, without network, and is gone afterwards. The dumps differ from one version of a
producer to the next; what is read from them must not (tests/test_same_table.py).
"""

from __future__ import annotations

import csv
import io
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
SOURCE = ROOT / "samples" / "clinic.csv"
ROWS = 40
NEEDED = ("mariadbd", "mariadb", "mariadb-dump", "mariadb-install-db", "pg_dump", "psql", "sqlite3")

Table = tuple[list[str], list[list[str]]]


def table() -> Table:
    """Column names and the first whole rows of the sample, which has damaged ones on purpose."""
    with SOURCE.open(encoding="utf-8-sig", newline="") as file:
        names, *rows = csv.reader(file, delimiter="|")
    return names, [row for row in rows if len(row) == len(names)][:ROWS]


def run(*command: str, stdin: str = "") -> str:
    """What a command prints; it must succeed."""
    return subprocess.run(command, input=stdin, stdout=subprocess.PIPE, text=True, check=True).stdout


def inserts(quote: str, names: list[str], rows: list[list[str]], *, backslash: bool) -> str:
    """The statements that fill a database with the table."""

    def cell(value: str) -> str:
        value = value.replace("\\", "\\\\") if backslash else value
        return "'" + value.replace("'", "''") + "'" if value else "NULL"

    columns = ", ".join(f"{quote}{name}{quote} TEXT" for name in names)
    lines = [f"INSERT INTO patients VALUES ({', '.join(map(cell, row))});" for row in rows]  # noqa: S608 - a sample of ours
    return "\n".join([f"CREATE TABLE patients ({columns});", *lines, ""])


@contextmanager
def mariadb(folder: Path) -> Iterator[list[str]]:
    """A MariaDB of its own; gives the options that reach it."""
    data, socket = folder / "data", folder / "sock"
    run(
        "mariadb-install-db",
        "--no-defaults",
        f"--datadir={data}",
        "--user=root",
        "--skip-test-db",
        "--auth-root-authentication-method=normal",
    )
    options = ["--no-defaults", f"--datadir={data}", f"--socket={socket}", "--skip-networking", "--user=root", f"--pid-file={folder}/pid"]
    server = subprocess.Popen(["mariadbd", *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while not socket.exists() and server.poll() is None:
            time.sleep(0.2)
        yield ["--no-defaults", f"--socket={socket}", "--user=root"]
    finally:
        server.terminate()
        server.wait()


@contextmanager
def postgres(folder: Path) -> Iterator[list[str]]:
    """A PostgreSQL of its own, which will not run as root; gives the options that reach it."""
    tools = max(Path("/usr/lib/postgresql").glob("*/bin"))
    shutil.chown(folder, "postgres")
    data = folder / "data"
    as_postgres = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    run(*as_postgres, str(tools / "initdb"), "-D", str(data), "-E", "UTF8", "--locale=C.UTF-8", "-A", "trust")
    run(
        *as_postgres,
        str(tools / "pg_ctl"),
        "-D",
        str(data),
        "-w",
        "-s",
        "-l",
        str(folder / "log"),
        "-o",
        f"-k {folder} -c listen_addresses=''",
        "start",
    )
    try:
        yield ["-h", str(folder), "-U", "postgres"]
    finally:
        run(*as_postgres, str(tools / "pg_ctl"), "-D", str(data), "-s", "-m", "fast", "stop")


def from_mariadb(folder: Path, content: Table) -> dict[str, str]:
    """The dumps of MariaDB, by format."""
    with mariadb(folder) as reach:
        run("mariadb", *reach, "--default-character-set=utf8mb4", stdin="CREATE DATABASE clinic CHARACTER SET utf8mb4;")
        run("mariadb", *reach, "--default-character-set=utf8mb4", "clinic", stdin=inserts("`", *content, backslash=True))
        dump = ("mariadb-dump", *reach, "--skip-dump-date", "clinic")
        return {"sql_mariadb": run(*dump), "sql_mariadb_lines": run(*dump, "--skip-extended-insert", "--complete-insert")}


def from_postgres(folder: Path, content: Table) -> dict[str, str]:
    """The dumps of PostgreSQL, by format."""
    with postgres(folder) as reach:
        run("psql", *reach, "-q", stdin=inserts('"', *content, backslash=False))
        dump = ("pg_dump", *reach, "postgres")
        return {"sql_postgres": run(*dump), "sql_postgres_inserts": run(*dump, "--column-inserts")}


def from_sqlite(folder: Path, content: Table) -> dict[str, str]:
    """The dump of SQLite."""
    base = str(folder / "base")
    run("sqlite3", base, stdin=inserts('"', *content, backslash=False))
    return {"sql_sqlite": run("sqlite3", base, ".dump")}


def plain(content: Table) -> str:
    """The table as CSV: what the dumps are compared with."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([content[0], *content[1]])
    return out.getvalue()


def main() -> int:
    """Writes every input again."""
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking or os.getuid():
        print(f"needs root and: {' '.join(lacking) or 'nothing else'}; apt-get install -y mariadb-server postgresql sqlite3")
        return 2
    content = table()
    written = {"csv_same": plain(content)}
    for producer in (from_mariadb, from_postgres, from_sqlite):
        with tempfile.TemporaryDirectory() as folder:
            written |= producer(Path(folder), content)
    for name, text in written.items():
        path = GOLDEN / name / "input" / ("patients.csv" if name.startswith("csv") else "dump.sql")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
        print(f"written: {path.relative_to(ROOT)} ({len(text)} characters)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
