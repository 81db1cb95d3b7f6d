"""Rows about formats: cut files, dumps of SQL that set traps, workbooks that are bombs or programs, what is never loaded."""

from __future__ import annotations

import gzip
import io
import pickle
import sqlite3
import zipfile
from contextlib import closing
from pathlib import Path

import fastavro
import polars as pl
from faults.rows import CANARY, counted, put, row, table


@row(
    "03_truncated",
    {
        **dict.fromkeys(["cut.csv", "cut.csv.gz"], "rows_short segment_repaired truncated"),
        "cut.json": "rows_rejected truncated",
        "cut.sql": "rows_rejected segment_repaired truncated",
    },
    exits=3,
    holds=lambda i: (
        counted(i)["cut.csv"] == 30 and counted(i)["cut.json"] >= 20 and counted(i)["cut.sql"] >= 20 and counted(i)["cut.csv.gz"] > 3000
    ),
)
def truncated(folder: Path) -> None:
    """In the middle of a record, of a gzip stream, of an array, of a statement: what came before is counted."""
    put(folder, cut_csv=table(30)[:-25])
    packed = gzip.compress(table(5000))
    (folder / "cut.csv.gz").write_bytes(packed[: len(packed) * 9 // 10])
    rows = [f'{{"nom": "{CANARY}{n}", "id": {n}}}' for n in range(40)]
    put(
        folder,
        cut_json=("[" + ", ".join(rows))[:-300],
        cut_sql="INSERT INTO t (a, b) VALUES " + ", ".join([f"({n}, '{CANARY}')" for n in range(40)])[:-200],
    )


@row(
    "26_sql",
    {"open.sql": "rows_rejected segment_repaired truncated"},
    exits=3,
    holds=lambda i: {t["table"]: t["rows_total"] for t in i["tables"]} == {"a": 2, "b": 2, "c": 2, "d": 3},
)
def sql(folder: Path) -> None:
    """Comments within comments and in strings, conditional ones, a false end of COPY, programs that would insert."""
    dump = f"""/* outer /* not nested */
-- INSERT INTO hidden VALUES (1);
/*!40000 ALTER TABLE `a` DISABLE KEYS */;
CREATE TABLE a (x INT, y TEXT);
INSERT INTO a VALUES (1, 'it''s /* no comment */ {CANARY}; INSERT INTO hidden VALUES (9)'), (2, '-- {CANARY}');
DELIMITER ;;
CREATE TRIGGER t AFTER INSERT ON a FOR EACH ROW BEGIN INSERT INTO hidden VALUES (3); END;;
DELIMITER ;
INSERT INTO b (x, y) SELECT x, y FROM a;
INSERT INTO b (x, y) VALUES (1, 'a);'), (2, '(((');
"""
    copied = f"""-- PostgreSQL database dump
CREATE FUNCTION f() RETURNS void AS $body$ BEGIN INSERT INTO hidden VALUES (4); END $body$ LANGUAGE plpgsql;
COPY c (x, y) FROM stdin;
1\t{CANARY}
2\t\\\\.
\\.
"""
    put(folder, dump_sql=dump, copied_sql=copied)
    put(folder, open_sql=f"INSERT INTO d VALUES (1, '{CANARY}'), (2, 'x'), (3, 'open {CANARY}\n" + "x\n" * 4000)


MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
CELLS = '<row r="1"><c r="A1" t="inlineStr"><is><t>nom</t></is></c><c r="B1" t="inlineStr"><is><t>note</t></is></c></row>'
MANY = "".join(
    f'<row r="{n}"><c r="A{n}" t="s"><v>0</v></c><c r="B{n}" t="inlineStr"><is><t>{CANARY}{n}</t></is></c></row>' for n in range(2, 32)
)
LAUGHS = (
    '<!DOCTYPE x [<!ENTITY a "'
    + "ha" * 50
    + '">'
    + "".join(f'<!ENTITY {b} "{f"&{a};" * 50}">' for a, b in ("ab", "bc", "cd", "de", "ef"))
    + "]>"
)
FAR = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'


def related(*targets: tuple[str, str, str]) -> str:
    """A part that names others: identifier, kind, target."""
    links = "".join(
        f'<Relationship Id="{name}" Type="{OFFICE}/{kind}" Target="{target}" TargetMode="{"Ex" if ":" in target else "In"}ternal"/>'
        for name, kind, target in targets
    )
    return f'<Relationships xmlns="{PACKAGE}/relationships">{links}</Relationships>'


def workbook(
    cells: str = MANY, *, before: str = "", shared: str = f"<si><t>{CANARY}</t></si>", more: dict[str, str] | None = None
) -> bytes:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}"/></Types>',
        "_rels/.rels": related(("r1", "officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {MAIN} xmlns:r="{OFFICE}"><sheets><sheet name="P" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": related(("r1", "worksheet", "worksheets/sheet1.xml"), ("r2", "externalLink", "http://127.0.0.1:9/x")),
        "xl/worksheets/sheet1.xml": f"{before}<worksheet {MAIN}><sheetData>{CELLS}{cells}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {MAIN}>{shared}</sst>",
        **(more or {}),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


@row(
    "27_workbooks",
    {"laughs.xlsx": "corrupt", "laughs_far.xlsx": "corrupt", "entity.xlsx": "corrupt", "long.xlsx": "cell_cut", "far.xlsx": "rows_long"},
    exits=3,
    holds=lambda i: (
        (counted(i)["far.xlsx"], counted(i)["order.xlsx"], counted(i)["macro.xlsx"], counted(i)["long.xlsx"]) == (31, 30, 30, 30)
    ),
)
def workbooks(folder: Path) -> None:
    entity = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>'
    put(
        folder,
        laughs_xlsx=workbook(MANY.replace(f"{CANARY}2", "&f;"), before=LAUGHS),
        laughs_far_xlsx=workbook(FAR.replace(">x<", ">&f;<"), before=LAUGHS),
        entity_xlsx=workbook(FAR.replace(">x<", ">&f;<"), before=entity),
        far_xlsx=workbook(MANY + FAR),
        order_xlsx=workbook("".join(reversed(MANY.split("</row>")[:-1])).replace("<row", "</row><row").removeprefix("</row>") + "</row>"),
        macro_xlsx=workbook(more={"xl/vbaProject.bin": "Sub AutoOpen() " + CANARY, "xl/externalLinks/externalLink1.xml": "<x/>"}),
        long_xlsx=workbook(shared=f"<si><t>{CANARY * 1_000_000}</t></si>"),
        blank_xlsx=workbook(MANY + " " * (100 << 20)),
    )


class Program:
    """What a pickle may hold: the name of a function and its arguments."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __reduce__(self):
        return Path.touch, (self.path,)


@row(
    "29_binary",
    {
        **dict.fromkeys(["a2.pkl", "a5.pkl", "a.npy", "a.rds", "open.db-wal"], "unsupported"),
        "cut.avro": "corrupt",
        "broken.db": "corrupt",
        "open.db": "empty",
    },
    exits=3,
    holds=lambda i: (counted(i)["a.avro"], counted(i)["trap.db"], counted(i)["a.txt"]) == (40, 1, 2),
)
def binary(folder: Path) -> None:
    """Programs are never loaded, a schema that calls functions calls none, what has no reader is named, changes in a log too."""
    ran = folder / "a.txt"
    ran.write_text("x;y\n1;2\n3;4\n", "utf-8")
    for protocol in (2, 5):
        (folder / f"a{protocol}.pkl").write_bytes(pickle.dumps([Program(ran), CANARY], protocol))
    (folder / "a.npy").write_bytes(b"\x93NUMPY\x01\x00v\x00{'descr': '<f8', }" + CANARY.encode())
    (folder / "a.rds").write_bytes(gzip.compress(b"X\n\x00\x00\x00\x03" + bytes(20) + CANARY.encode()))
    pl.DataFrame({"nom": [CANARY] * 10}).write_ipc(folder / "a.feather")
    out = io.BytesIO()
    schema = {"type": "record", "name": "p", "fields": [{"name": "nom", "type": "string"}]}
    fastavro.writer(out, schema, [{"nom": f"{CANARY}{n}"} for n in range(40)])
    put(folder, a_avro=out.getvalue(), cut_avro=out.getvalue()[:-60])
    with closing(sqlite3.connect(folder / "trap.db")) as base:
        base.execute("CREATE TABLE t (a TEXT, b TEXT GENERATED ALWAYS AS (upper(a)) VIRTUAL)")
        base.execute("CREATE VIEW v AS SELECT writefile('x', a) FROM t")
        base.execute("INSERT INTO t (a) VALUES (?)", (CANARY,))
        base.commit()
    with closing(sqlite3.connect(folder.parent / "open.db")) as base:  # all of it waits in its log
        base.execute("PRAGMA journal_mode = WAL")
        base.execute("CREATE TABLE t (a TEXT)")
        base.execute("INSERT INTO t VALUES (?)", (CANARY,))
        base.commit()
        for name in ("open.db", "open.db-wal"):
            (folder / name).write_bytes((folder.parent / name).read_bytes())
    whole = (folder / "trap.db").read_bytes()
    (folder / "broken.db").write_bytes(whole[:100] + b"\xff" * (len(whole) - 100))
