"""SQL dumps: every row of every producer's way of writing, whatever stands in the cells; damage is counted."""

from __future__ import annotations

import io
import random

import polars as pl
import pytest

from triage import driver
from triage.entry import Entry
from triage.limits import Limits
from triage.options import Options
from triage.readers import Job, sql, sql_tuples
from triage.unpack import looked_at

ROWS = [
    ("1", "Müller, Zoé", "il a dit 'oui', non", None),
    ("2", "a),(b", "x');\nINSERT INTO patients VALUES (9,'y", "NULL"),
    ("3", "", "C:\\temp\\new", "'"),
    ("4", 'a "b" c', "line\nbreak\ttab", "(1, 'a'), (2"),
    ("5", "-- no comment", "/* nor this */ $$ ; ", "\\"),
]


def mysql(cell):
    if cell is None:
        return "NULL"
    for a, b in (("\\", "\\\\"), ("'", "\\'"), ("\n", "\\n"), ('"', '\\"'), ("\t", "\\t")):
        cell = cell.replace(a, b)
    return f"'{cell}'"


def standard(cell):
    return "NULL" if cell is None else "'" + cell.replace("'", "''") + "'"


def copied(cell):
    if cell is None:
        return "\\N"
    for a, b in (("\\", "\\\\"), ("\n", "\\n"), ("\t", "\\t")):
        cell = cell.replace(a, b)
    return cell


def tuples(rows, write, between=","):
    return ["(" + row[0] + between + between.join(write(c) for c in row[1:]) + ")" for row in rows]


def mysqldump(rows):
    return (
        "-- MySQL dump 10.13  Distrib 8.0.36, for Linux (x86_64)\n/*!40101 SET NAMES utf8mb4 */;\nDROP TABLE IF EXISTS `patients`;\n"
        "CREATE TABLE `patients` (\n  `id` int NOT NULL AUTO_INCREMENT,\n  `name` varchar(40) DEFAULT 'a,b' COMMENT 'l''id, (x)',\n"
        "  `said` text,\n  `other` enum('x','y') DEFAULT NULL,\n  PRIMARY KEY (`id`),\n  KEY `key` (`name`,`said`(10))\n) ENGINE=InnoDB;\n"
        "LOCK TABLES `patients` WRITE;\n/*!40000 ALTER TABLE `patients` DISABLE KEYS */;\n"
        f"INSERT INTO `patients` VALUES {','.join(tuples(rows, mysql))};\nUNLOCK TABLES;\n"
        "DELIMITER ;;\nCREATE TRIGGER t AFTER INSERT ON patients FOR EACH ROW BEGIN\nINSERT INTO log VALUES (1,'x');\nEND ;;\nDELIMITER ;\n"
    )


def phpmyadmin(rows):
    listed = ",\n".join(tuples(rows, mysql, ", "))
    create = "CREATE TABLE `patients` (`id` int, `name` text, `said` text, `other` text) ENGINE=InnoDB;\n"
    return f"-- phpMyAdmin SQL Dump\n\n{create}\nINSERT INTO `patients` (`id`, `name`, `said`, `other`) VALUES\n{listed};\n"


def mydumper(rows):
    listed = "\n,".join(tuples(rows, lambda c: "NULL" if c is None else '"' + mysql(c)[1:-1] + '"'))
    return f"/*!40101 SET NAMES binary*/;\nINSERT INTO `patients` (`id`,`name`,`said`,`other`) VALUES{listed};\n"


def pg_copy(rows):
    lines = "".join("\t".join(copied(c) for c in row) + "\n" for row in rows)
    return f"--\n-- PostgreSQL database dump\n--\n\nCOPY public.patients (id, name, said, other) FROM stdin;\n{lines}\\.\n\n"


def pg_inserts(rows):
    create = "CREATE TABLE public.patients (\n    id integer,\n    name text,\n    said text DEFAULT 'x'::text,\n    other text\n);\n\n"
    lines = "".join(f"INSERT INTO public.patients VALUES {t};\n" for t in tuples(rows, standard, ", "))
    return f"--\n-- PostgreSQL database dump\n--\nSET standard_conforming_strings = on;\n{create}{lines}"


def sqlite(rows):
    lines = "".join(f"INSERT INTO patients VALUES{t};\n" for t in tuples(rows, standard))
    create = "CREATE TABLE patients(id INTEGER PRIMARY KEY, name TEXT, said TEXT, other TEXT);\n"
    return f"PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n{create}{lines}COMMIT;\n"


def sql_server(rows):
    def cell(c):
        return "NULL" if c is None else "N" + standard(c)

    lines = "".join(f"INSERT [dbo].[patients] ([id], [name], [said], [other]) VALUES {t}\r\nGO\r\n" for t in tuples(rows, cell, ", "))
    columns = "[id] [int] NOT NULL,\r\n\t[name] [nvarchar](40) NULL,\r\n\t[said] text,\r\n\t[other] text"
    create = f"CREATE TABLE [dbo].[patients](\r\n\t{columns})\r\nGO\r\n"
    return f"USE [clinic]\r\nGO\r\n{create}SET IDENTITY_INSERT [dbo].[patients] ON\r\nGO\r\n{lines}"


WRITERS = {w.__name__: w for w in (mysqldump, phpmyadmin, mydumper, pg_copy, pg_inserts, sqlite, sql_server)}


def read(data, **limits):
    """Name and number of each table to its names, its rows, its counts and its problems."""
    bounds = Limits(**limits)
    entry = Entry("dump.sql", lambda: io.BytesIO(data))
    options = Options(limits=bounds)
    shape = looked_at(entry, options)
    assert shape.format == "sql"
    found = {}
    for segment in sql.segments(Job(entry, shape, options)):
        rows = segment.read()
        _, frames, counts, problems = found.setdefault(segment.head.key, (segment.head.names, [], [], []))
        frames.append(rows.frame)
        counts.append(rows.counts)
        problems.append(rows.problems)
    return found


def filled(cell):
    return cell if cell not in {None, "", "NULL"} else None


def told(table):
    return [row for frame in table[1] for row in frame.rows()]


@pytest.mark.parametrize("name", WRITERS)
@pytest.mark.parametrize("segment_bytes", [1 << 20, 64])
def test_every_row_is_read_as_it_was_written(name, segment_bytes):
    found = read(WRITERS[name](ROWS).encode(), segment_bytes=segment_bytes)
    (key, table), *others = found.items()
    assert not others
    assert key[0].split(".")[-1] == "patients"
    assert table[0] == ["id", "name", "said", "other"]
    # An unquoted NULL, the text NULL and nothing all mean that nothing is there (CONTRACT §2, filled).
    assert [[filled(c) for c in row] for row in told(table)] == [[filled(c) for c in row] for row in ROWS]


@pytest.mark.parametrize("name", WRITERS)
def test_random_tables_come_back(name):
    draw = random.Random(name)
    parts = ["a", "é", "'", "''", ",", "),(", ");", "\n", "\\", '"', " ", "(", ")", ", '", "x'", "0"]
    rows = [(str(n), *("".join(draw.choices(parts, k=draw.randrange(1, 9))) for _ in range(3))) for n in range(200)]
    (table,) = read(WRITERS[name](rows).encode(), segment_bytes=4096).values()
    assert told(table) == rows


def test_the_fast_lane_and_the_careful_one_agree():
    body = ",".join(tuples([r for r in ROWS if r[3] != "NULL"], standard)).encode()
    layout = sql_tuples.Layout(4, 4, b"INSERT INTO patients VALUES ", b"'")
    fast = sql_tuples.bulk(body, layout)
    assert fast is not None
    careful = sql_tuples.one_by_one(body, layout, last=True).frame
    assert [[filled(c) for c in row] for row in fast.rows()] == [[filled(c) for c in row] for row in careful.rows()]


@pytest.mark.parametrize(
    ("body", "fast"),
    [
        (b"(1, N'a', N'2020-01-31'),(2, N'', NULL)", True),
        (b"(N'1', N'd''un, l''autre', N'x'),(N'2', N'CAST(N''z'' AS Date), N', N'')", False),
        (b"(N'1', N'd''un, l''autre', N'x'),(N'2', N'N''z'', b', N'')", True),
        (b"(1, N'said, N''no'' and', N''),(2, N'), (N''x', NULL)", False),
    ],
)
def test_what_sql_server_writes_around_strings_is_taken_off_and_nothing_else(body, fast):
    layout = sql_tuples.Layout(3, 3, b"INSERT [t] VALUES ", b"'")
    careful = sql_tuples.one_by_one(body, layout, last=True).frame.rows()
    assert (sql_tuples.bulk(body, layout) is not None) == fast
    found = sql_tuples.read(body, layout, suspect=False, last=True).frame.rows()
    assert [[filled(c) for c in row] for row in found] == [[filled(c) for c in row] for row in careful]


def test_values_that_sql_server_casts_are_what_they_were():
    written = (b"N'1975-02-03' AS Date", b"0x5B950A00 AS Date", b"0x00006A2F01499700 AS DateTime", b"0x6A2F04EC AS SmallDateTime",
               b"0x070755438A69832E0B AS DateTime2", b"-12.50 AS Decimal(18, 2)", b"0x00 AS Date", b"'a''b' AS x")  # fmt: skip
    body = b"(" + b", ".join(b"CAST(" + w + b")" for w in written) + b")"
    rows = sql_tuples.read(body, sql_tuples.Layout(8, 8, b"INSERT [t] VALUES ", b"'"), suspect=False, last=True).frame.rows()
    dates = ("1975-02-03", "1900-01-01", "1974-06-05 20:00:00", "1974-06-05 21:00:00", "2007-05-08 12:35:29")
    assert rows == [(*dates, "-12.50", "CAST(0x00 AS Date)", "a'b")]


@pytest.mark.parametrize(
    "body",
    [b"(1,'a,b'),(2)", b"(1,X'a'),(2,X'b')", b"(1,'a'),(2)", b"(1,'a'),(2,'b','c')", b"(1,CAST('a' AS x)),(2,'b')", b"(1,'a')x,(2,'b')"],
)
def test_what_cannot_be_proved_leaves_the_fast_lane(body):
    assert sql_tuples.bulk(body, sql_tuples.Layout(2, 2, b"INSERT INTO t VALUES ", b"'")) is None


def test_columns_listed_in_another_order_go_to_their_place():
    dump = b"CREATE TABLE t (a int, b text, c text);\nINSERT INTO t VALUES (1,'x','y');\nINSERT INTO t (c, a) VALUES ('z', 2);\n"
    (table,) = read(dump).values()
    assert table[0] == ["a", "b", "c"]
    assert pl.concat(table[1], how="diagonal").rows() == [("1", "x", "y"), ("2", None, "z")]


def test_tables_that_take_turns_are_gathered():
    lines = "".join(f"INSERT INTO a VALUES ({n},'x');\nINSERT INTO b VALUES ({n});\n" for n in range(500))
    found = read(b"CREATE TABLE a (i int, j text);\nCREATE TABLE b (i int);\n" + lines.encode())
    assert [(key, len(told(t)), len(t[1])) for key, t in found.items()] == [(("a", 0), 500, 1), (("b", 0), 500, 1)]


def test_a_table_without_rows_is_told():
    assert read(b"CREATE TABLE t (a int, b text, PRIMARY KEY (a));\n")["t", 0][0] == ["a", "b"]


def test_a_table_of_the_same_name_in_another_database_is_another():
    dump = b"CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\nCREATE TABLE t (b int, c int);\nINSERT INTO t VALUES (2,3);\n"
    assert [told(t) for t in read(dump).values()] == [[("1",)], [("2", "3")]]


def test_rows_of_a_trigger_are_none_of_the_dump():
    trigger = b"CREATE TRIGGER x AFTER INSERT ON t BEGIN\n  INSERT INTO log VALUES (1);\nEND;\n"
    dump = b"CREATE TABLE t (a int);\n" + trigger + b"INSERT INTO t VALUES (1);\n"
    assert list(read(dump)) == [("t", 0)]


def test_rows_of_a_procedure_are_none_of_a_script_for_sql_server():
    routine = (
        "CREATE PROC [dbo].[x] @n int AS\r\nBEGIN\r\n\tIF @n > 0\r\n\t\tINSERT INTO [dbo].[log] VALUES (1);\r\n\tSELECT 1;\r\nEND\r\nGO\r\n"
    )
    dump = "CREATE TABLE [dbo].[t]([a] [int])\r\nGO\r\n" + routine + "INSERT [dbo].[t] ([a]) VALUES (1)\r\n"
    assert list(read(dump.encode())) == [("dbo.t", 0)]


def test_what_follows_the_rows_is_no_row():
    dump = b"INSERT INTO t VALUES (1,'a') ON DUPLICATE KEY UPDATE a=VALUES(a);\nINSERT INTO t VALUES (2,'b') ON CONFLICT DO NOTHING;\n"
    (table,) = read(dump).values()
    assert told(table) == [("1", "a"), ("2", "b")]


@pytest.mark.parametrize("name", WRITERS)
def test_a_dump_that_breaks_off_keeps_what_came_before(name):
    rows = [(str(n), f"name {n}", "some text", "x") for n in range(100)]
    whole = WRITERS[name](rows).encode()
    cut = whole[: whole.rindex(b"name 90") + 4]
    found = read(cut)
    table = next(t for key, t in found.items() if "patients" in key[0])
    assert told(table)[:90] == rows[:90]
    assert sum(c.total for c in table[2]) >= 91
    assert sum(p["truncated"] for p in table[3]) == 1 or name == "sql_server"


@pytest.mark.parametrize("name", ["mysqldump", "phpmyadmin", "pg_inserts", "sqlite"])
def test_a_lost_quote_costs_rows_around_it_only(name):
    rows = [(str(n), f"name {n}", "some text", "x") for n in range(1000)]
    whole = WRITERS[name](rows).encode()
    at = whole.index(b"name 500")
    found = read(whole[: at - 1] + whole[at:] + b"\nINSERT INTO other VALUES (1);\n")
    table = next(t for key, t in found.items() if "patients" in key[0])
    got = {row[0] for row in told(table)}
    assert len(got & {str(n) for n in range(1000)}) >= 990
    assert sum(c.rejected for c in table[2]) >= 1
    assert told(found["other", 0]) == [("1",)]


def test_memory_is_flat_on_a_statement_of_any_size():
    body = ",".join(f"({n},'{'x' * 80}')" for n in range(20_000))
    (table,) = read(b"INSERT INTO t VALUES " + body.encode() + b";", segment_bytes=1 << 16).values()
    segments = table[1]
    assert sum(f.height for f in segments) == 20_000
    assert max(f.height for f in segments) < 4000


def test_rows_of_many_statements_make_no_segment_above_its_size():
    """A piece a little short of a segment waited for the next one, and the two were twice as large."""
    rows = "".join(f"INSERT INTO t VALUES ({n},'{'x' * 80}');\n" for n in range(2500))
    dump = "".join(rows + f"UPDATE u SET v = {n};\n" for n in range(3))
    (table,) = read(dump.encode(), segment_bytes=300_000).values()
    assert sum(f.height for f in table[1]) == 7500
    assert max(f.height for f in table[1]) < 300_000 // 80


def test_other_encodings_are_read(tmp_path):
    for encoding in ("utf-16", "cp1252", "utf-8-sig"):
        path = tmp_path / "dump.sql"
        path.write_bytes(phpmyadmin([("1", "Zoé Lefèvre", "né à l'Haÿ", "x")] * 3).encode(encoding))
        result = driver.scan([path])
        assert (result.tables[0].table, result.tables[0].rows_read) == ("patients", 3)
        assert not [p for p in result.problems if p.code != "encoding_guessed"]


def test_bytes_that_are_no_text_are_counted():
    (table,) = read(
        b"CREATE TABLE t (a int, b blob);\nINSERT INTO t VALUES (1,_binary '\xff\xfe'),(2,'" + "é".encode() * 40 + b"');\n"
    ).values()
    assert told(table) == [("1", "\ufffd\ufffd"), ("2", "é" * 40)]
    assert sum(p["bad_bytes"] for p in table[3]) == 2
