"""Writes the golden inputs that real producers make: one sample table in every format, dumped, saved and packed by their own tools.

Needs Debian packages, and nothing else of this machine::

    apt-get install -y mariadb-server postgresql sqlite3 libreoffice-calc-nogui 7zip zip bzip2 xz-utils zstd binutils slapd
    pip install dbf

``tests/golden/sql_*`` are dumps, ``tests/golden/same`` the table in other formats, ``tests/golden/producers`` what cannot hold all
of it (names of ten letters, pages), ``tests/golden/volumes`` files in several parts, of which one lacks a part. Each server runs in
a temporary folder, without network, and is gone afterwards. The files differ from one version of a producer to the next; what is
read from them must not (tests/test_same_table.py).
"""

from __future__ import annotations

import base64
import csv
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import format_writers
import polars as pl

ROOT = Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
SOURCE = ROOT / "samples" / "clinic.csv"
ROWS = 40
NEEDED = (
    *("mariadbd", "mariadb", "mariadb-dump", "mariadb-install-db", "pg_dump", "psql", "sqlite3"),
    *("soffice", "7zz", "zip", "gzip", "bzip2", "xz", "zstd", "tar", "ar", "split", "slapadd", "slapcat"),
)
PACKAGES = "mariadb-server postgresql sqlite3 libreoffice-calc-nogui 7zip zip bzip2 xz-utils zstd binutils slapd"
PART = 4096  # bytes of a part, where a tool lets us choose

OUTFILES = {"plain": "", "quoted": "FIELDS TERMINATED BY ',' ENCLOSED BY '\"'"}
PACKERS = {
    "csv.gz": ["sh", "-c", "gzip -nc patients.csv > packed.csv.gz"],
    "csv.bz2": ["sh", "-c", "bzip2 -c patients.csv > packed.csv.bz2"],
    "csv.xz": ["sh", "-c", "xz -c patients.csv > packed.csv.xz"],
    "csv.zst": ["zstd", "-q", "patients.csv", "-o", "packed.csv.zst"],
    "zip": ["zip", "-q", "packed.zip", "patients.csv"],
    "7z": ["7zz", "a", "packed.7z", "patients.csv"],
    "bcj2.7z": [
        "7zz",
        "a",
        "-m0=BCJ2",
        *(f"-m{n}=LZMA" for n in (1, 2, 3)),
        "-mb0:1",
        "-mb0s1:2",
        "-mb0s2:3",
        "packed.bcj2.7z",
        "patients.csv",
    ],
    "tar": ["tar", "--mtime=@0", "-cf", "packed.tar", "patients.csv"],
    "a": ["ar", "qD", "packed.a", "patients.csv"],
}

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
    lines = [f"INSERT INTO patients VALUES ({', '.join(map(cell, row))});" for row in rows]
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
        columns = ", ".join(f"'{name}'" for name in content[0])
        for way, clauses in OUTFILES.items():
            into = f"SELECT {columns} UNION ALL SELECT * FROM patients INTO OUTFILE '{folder}/{way}' {clauses};"
            run("mariadb", *reach, "--default-character-set=utf8mb4", "clinic", stdin=into)
            _kept("same", f"outfile_{way}.txt", (folder / way).read_bytes())
        return {"sql_mariadb": run(*dump), "sql_mariadb_lines": run(*dump, "--skip-extended-insert", "--complete-insert")}


def from_postgres(folder: Path, content: Table) -> dict[str, str]:
    """The dumps of PostgreSQL, by format."""
    with postgres(folder) as reach:
        run("psql", *reach, "-q", stdin=inserts('"', *content, backslash=False))
        dump = ("pg_dump", *reach, "postgres")
        copied = run("psql", *reach, "-q", "-c", "COPY patients TO STDOUT WITH (FORMAT csv, HEADER, DELIMITER '|', FORCE_QUOTE *)")
        _kept("same", "copy.csv", copied.encode())
        return {"sql_postgres": run(*dump), "sql_postgres_inserts": run(*dump, "--column-inserts")}


def from_sqlite(folder: Path, content: Table) -> dict[str, str]:
    """The dump of SQLite."""
    base = str(folder / "base")
    run("sqlite3", base, stdin=inserts('"', *content, backslash=False))
    _kept("same", "patients.sqlite", Path(base).read_bytes())
    return {"sql_sqlite": run("sqlite3", base, ".dump")}


def plain(content: Table) -> str:
    """The table as CSV: what the dumps are compared with."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([content[0], *content[1]])
    return out.getvalue()


def from_office(folder: Path, content: Table) -> None:
    """The table as LibreOffice saves it, every column as text; and what cannot hold it whole."""
    (folder / "patients.csv").write_text(plain(content), "utf-8")
    texts = "/".join(f"{n}/2" for n in range(1, len(content[0]) + 1))
    for case, kinds in (("same", ("xlsx", "xls", "ods")), ("producers", ("pdf",))):
        for kind in kinds:
            profile = f"-env:UserInstallation=file://{folder}/profile"
            run("soffice", "--headless", profile, f"--infilter=CSV:44,34,76,1,{texts}", "--convert-to", kind, "--outdir", str(folder),
                str(folder / "patients.csv"))  # fmt: skip
            _kept(case, f"patients.{kind}", (folder / f"patients.{kind}").read_bytes())


def from_libraries(folder: Path, content: Table) -> None:
    """The table in the formats of programs: JSON, a line each, Parquet, Arrow, Avro."""
    names, rows = content
    records = [dict(zip(names, row, strict=True)) for row in rows]
    _kept("same", "patients.json", json.dumps(records, ensure_ascii=False, indent=1).encode())
    _kept("same", "patients.ndjson", "".join(json.dumps(r, ensure_ascii=False) + "\n" for r in records).encode())
    frame = pl.DataFrame(rows, schema=dict.fromkeys(names, pl.String), orient="row")
    frame.write_parquet(folder / "patients.parquet")
    frame.write_ipc(folder / "patients.arrow", compression="zstd")
    frame.write_avro(folder / "patients.avro")
    _kept("producers", "patients.dbf", _dbf(folder, content))
    for kind in ("parquet", "arrow", "avro"):
        _kept("same", f"patients.{kind}", (folder / f"patients.{kind}").read_bytes())


def from_writers(_folder: Path, content: Table) -> None:
    """What producers write that cannot run here."""
    _kept("sql_server", "dump.sql", format_writers.sql_server(content))
    _kept("ldif", "ldifde.ldf", format_writers.ldifde(content))
    for name, data in format_writers.outlook(content).items():
        _kept("outlook", name, data)
    for name, data in format_writers.clinical(content).items():
        _kept("cda", name, data)


def from_openldap(folder: Path, content: Table) -> None:
    """People as OpenLDAP's slapcat gives them."""
    schemas = "".join(f"include /etc/ldap/schema/{name}.schema\n" for name in ("core", "cosine", "inetorgperson"))
    settings = f"{schemas}modulepath /usr/lib/ldap\nmoduleload back_mdb\ndatabase mdb\nsuffix dc=example\ndirectory {folder}\n"
    (folder / "slapd.conf").write_text(settings)
    kinds = {"NOM": "sn", "PRENOM": "givenName", "TELEPHONE": "mobile", "ADRESSE": "street", "VILLE": "l", "EMAIL": "mail"}
    entries = ["dn: dc=example\nobjectClass: domain\ndc: example\n"]
    for number, row in enumerate(content[1]):
        cells = dict(zip(content[0], row, strict=True))
        lines = [f"{kind}:: {base64.b64encode(cells[name].encode()).decode()}" for name, kind in kinds.items() if cells[name]]
        password = "{SSHA}" + base64.b64encode(bytes(range(number, number + 28))).decode()
        name = base64.b64encode(f"{cells['PRENOM']} {cells['NOM']}".encode()).decode()
        lines += [f"uid: u{number}", f"cn:: {name}", "objectClass: inetOrgPerson", f"userPassword: {password}"]
        entries.append("\n".join([f"dn: uid=u{number},dc=example", *lines, ""]))
    run("slapadd", "-f", str(folder / "slapd.conf"), stdin="\n".join(entries))
    told = run("slapcat", "-f", str(folder / "slapd.conf"))
    _kept("ldif", "slapcat.ldif", told.encode())


def _dbf(folder: Path, content: Table) -> bytes:
    """The table as dBASE knows it: ten letters for a name, the first columns."""
    import dbf  # noqa: PLC0415 - `pip install dbf`; nothing else needs it

    names = [name[:10] for name in content[0][:6]]
    made = dbf.Table(str(folder / "patients.dbf"), "; ".join(f"{name} C(60)" for name in names), codepage="cp1252")
    with made.open(mode=dbf.READ_WRITE):
        for row in content[1]:
            made.append(tuple(cell[:60] for cell in row[:6]))
    return (folder / "patients.dbf").read_bytes()


def from_packers(folder: Path, content: Table) -> None:
    """The table as CSV, packed by every packer."""
    (folder / "patients.csv").write_text(plain(content), "utf-8")
    for kind, command in PACKERS.items():
        subprocess.run([*command], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        _kept("same", f"packed.{kind}", (folder / f"packed.{kind}").read_bytes())
    filtered = "packed.arm64.7z"  # by a filter that no library reads
    subprocess.run(["7zz", "a", "-m0=ARM64", "-m1=LZMA2", filtered, "patients.csv"], cwd=folder, check=True, stdout=subprocess.DEVNULL)
    _kept("producers", filtered, (folder / filtered).read_bytes())


def in_volumes(folder: Path, content: Table) -> None:
    """Archives and files in several parts."""
    (folder / "patients.csv").write_text(plain(content) * 8, "utf-8")
    volumes = GOLDEN / "volumes" / "input"
    shutil.rmtree(volumes, ignore_errors=True)
    volumes.mkdir(parents=True)
    for command in (
        ["zip", "-q", "-0", "-s", "64k", str(volumes / "stored.zip"), "patients.csv"],  # the smallest that zip makes
        ["7zz", "a", "-mx=1", "-v2k", str(volumes / "packed.7z"), "patients.csv"],
        ["split", "-b", "30000", "patients.csv", str(volumes / "cut.csv.")],
        ["7zz", "a", "-mx=1", "-v2k", str(volumes / "lacking.zip"), "patients.csv"],
    ):
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    (volumes / "lacking.zip.002").unlink()


def _kept(case: str, name: str, data: bytes) -> None:
    path = GOLDEN / case / "input" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    print(f"written: {path.relative_to(ROOT)} ({len(data)} bytes)")


def main() -> int:
    """Writes every input again."""
    lacking = [name for name in NEEDED if shutil.which(name) is None]
    if lacking or os.getuid():
        print(f"needs root and: {' '.join(lacking) or 'nothing else'}; apt-get install -y {PACKAGES}")
        return 2
    content = table()
    for alone in (from_office, from_libraries, from_writers, from_openldap, from_packers, in_volumes):
        with tempfile.TemporaryDirectory() as folder:
            alone(Path(folder), content)
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
