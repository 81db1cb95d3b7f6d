"""What sniffing finds, stage by stage."""

from __future__ import annotations

import bz2
import gzip
import io
import random
import zipfile

import pytest
from delimited_tools import opened, sniffed, written

from triage.options import Reading
from triage.sniff import celltypes
from triage.sniff.encoding import canonical
from triage.sniff.records import Dialect, Splitter

FRENCH = "id;prénom;ville;remarque\n" + "".join(
    f"{i};Amélie;Orléans;née à Besançon, déjà suivie l\u2019été\n" if i % 2 else f"{i};Zoé;Nîmes;où ça ? 12 €\n" for i in range(40)
)


@pytest.mark.parametrize(
    ("encoding", "name"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16-le"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("utf-32", "utf-32-le"),
        ("utf-32-be", "utf-32-be"),
        ("cp1252", "cp1252"),
        ("mac-roman", "mac-roman"),
    ],
)
def test_encodings(encoding, name):
    found = opened(FRENCH.encode(encoding))
    assert found.shape.encoding == name
    assert found.shape.names == ("id", "prénom", "ville", "remarque")
    assert found.rows[1] == ["1", "Amélie", "Orléans", "née à Besançon, déjà suivie l\u2019été"]
    assert len(found.rows) == 40


def test_cp850_of_dos_exports():
    text = FRENCH.replace("\u2019", "'").replace("€", "F")
    assert opened(text.encode("cp850")).rows[1][1] == "Amélie"


def test_latin1_is_called_cp1252():
    assert sniffed(FRENCH.replace("\u2019", "'").replace("€", "F").encode("latin-1")).encoding == "cp1252"
    assert canonical("latin-1") == canonical("windows-1252") == "cp1252"


def test_a_character_cut_at_the_end_of_the_head_is_still_utf8():
    data = ("nom;ville\n" + "Zoé;Nîmes\n" * 10).encode()
    head = data[: data.rfind(b"\xc3") + 1]
    from triage.limits import Limits  # noqa: PLC0415 - only here the head is not whole
    from triage.sniff import sniff  # noqa: PLC0415 - as above

    assert sniff(head, Reading(), Limits(), whole=False).encoding == "utf-8"


def test_cyrillic_is_left_to_the_statistics():
    data = ("имя;город\n" + "Анна Иванова;Москва и область\n" * 20).encode("cp1251")
    assert opened(data).rows[0] == ["Анна Иванова", "Москва и область"]


def zipped() -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", "a;b\n1;2\n")
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("data", "kind", "name"),
    [
        (gzip.compress(b"a;b\n", mtime=0), "unsupported", "gzip"),
        (bz2.compress(b"a;b\n"), "unsupported", "bzip2"),
        (zipped(), "unsupported", "zip"),
        (b"PAR1" + bytes(40), "unsupported", "parquet"),
        (b"\x80\x04\x95\x0a\x00\x00\x00\x00\x00\x00\x00]\x94.", "unsupported", "pickle"),
        (b"SQLite format 3\x00" + bytes(40), "unsupported", "sqlite"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "not_text", "png"),
        (b"\x00\x01\x00\x00Standard ACE DB\x00" + bytes(4000), "unsupported", "accdb"),
        (b"\x01\x0f\x00\x00\x08\x00\x01" + bytes(4000), "unsupported", "mdf"),
        (b"TAPE\x00\x00\x03\x00" + bytes(4000), "unsupported", "mtf"),
        (bytes(4) + b"\xef\xcd\xab\x89" + bytes(4000), "unsupported", "ese"),
        (bytes(32769) + b"CD001", "unsupported", "iso"),
        (b"\x15\x00\x00\x00\x02nom\x00\x07\x00\x00\x00DURAND\x00\x00" * 3, "unsupported", "bson"),
        (b"\x15\x00\x00\x00\x02nom\x00\x07\x00\x00\x00DURAND\x00\x01" * 3, "not_text", "binary"),
        (b"32", "csv", "csv"),
        (b"abcd", "csv", "csv"),
        (b"\x7fELF\x02\x01\x01" + bytes(40), "not_text", "elf"),
        (bytes(range(256)) * 8, "not_text", "binary"),
        (random.Random(1).randbytes(4096), "not_text", "random"),
        (b'{"a": 1}\n{"a": 2}\n', "json", "json"),
        (b"<?xml version='1.0'?>\n<a>\n</a>\n", "xml", "xml"),
        (b"-- dump\nCREATE TABLE t (a int);\nINSERT INTO t VALUES (1);\n", "sql", "sql"),
        (b"2024-01-31 user typed CREATE TABLE x (a int);\nand left\n", "text", "text"),
        (b"\\restrict x\n\nSET a = 1;\nCREATE FUNCTION f() AS $$\nx;\n$$;\nCOPY t (a) FROM stdin;\n1\n", "sql", "sql"),
        (
            b"/** x **/\nIF EXISTS (SELECT a FROM b)\nBEGIN\n\tDROP DATABASE c;\nEND\nGO\n/**\n   Create x\n**/\nCREATE TABLE [d](\n",
            "sql",
            "sql",
        ),
        (b"Cher ami, il fait beau, et nous irons, peut-etre demain,\nse promener au bord de la mer, tous.\n", "text", "text"),
    ],
)
def test_kinds(data, kind, name):
    assert (sniffed(data).kind, sniffed(data).format) == (kind, name)


def records(rng: random.Random, count: int) -> list[list[str | None]]:
    names, towns = ["Durand", "Le Goff", "Petit", "N'Diaye"], ["Rennes", "Saint-Malo", "Vannes"]
    return [
        [
            str(1000 + i),
            rng.choice(names),
            f"{rng.randint(1, 28):02d}/{rng.randint(1, 12):02d}/{rng.randint(1930, 2015)}",
            rng.choice([None, f"a{i}@example.org"]),
            rng.choice([None, "RAS", "à jeun; rappeler", "12,5 mg, matin et soir", 'dit "non"']),
            rng.choice(towns),
            f"{rng.random() * 100:.2f}".replace(".", ","),
        ]
        for i in range(count)
    ]


HEADER = ["id", "nom", "naissance", "email", "remarque", "ville", "montant"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|", "\x01", "^", "||", "~", "§"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("headed", [True, False])
@pytest.mark.parametrize("quote", ['"', "'"])
def test_dialects_of_ordinary_tables(delimiter, newline, headed, quote):
    rows = records(random.Random(f"{delimiter}{newline}{headed}"), 60)
    data = written([HEADER, *rows] if headed else rows, delimiter, newline, quote).encode()
    found = opened(data)
    assert (found.shape.delimiter, found.shape.newline, found.shape.header) == (delimiter, newline, headed)
    assert found.shape.names == (tuple(HEADER) if headed else ("",) * 7)
    assert found.rows == rows


@pytest.mark.parametrize("delimiter", [";", "|"])
def test_lists_of_logins(delimiter):
    data = "".join(f"user{i}@example.org{delimiter}Pa5sw0rd{i}!\n" for i in range(30)).encode()
    found = opened(data)
    assert (found.shape.delimiter, found.shape.header, found.counts.total) == (delimiter, False, 30)


def test_the_users_word_is_final():
    data = FRENCH.encode()
    asked = sniffed(data, Reading(encoding="latin-1", delimiter=",", quote="", header=False))
    assert (asked.encoding, asked.delimiter, asked.quote, asked.header) == ("cp1252", ",", None, False)
    assert sniffed(data, Reading(header=False)).header is False
    assert opened(b"1;2\n3;4\n", Reading(header=True)).rows == [["3", "4"]]


@pytest.mark.parametrize(
    ("first", "below", "header"),
    [
        ("nom;prenom;ville", "DURAND;Jean;Rennes", True),
        ("A;B;C", "12;3;2020-01-01", True),
        ("annee;2019;2020", "total;12;13", True),
        ("ana@example.org;1;x", "bo@example.org;2;y", False),
        ("12;3;2020-01-01", "13;4;2020-01-02", False),
        ("LONG;LAT;NOM", "2,35;48,85;Paris", True),
    ],
)
def test_headers(first, below, header):
    assert sniffed("\n".join([first, *[below] * 6]).encode()).header is header


def test_names_of_persons_head_no_column():
    rows = ["MARTIN;Jean", "BERNARD;Marie", "THOMAS;Pierre", "PETIT;Nathalie", "ROBERT;Michel", "RICHARD;Isabelle"]
    assert not sniffed("\n".join(rows).encode()).header


def test_padded_title_of_a_spreadsheet():
    data = b"Liste des patients;;;\n" + b"id;nom;ville;cp\n" + b"1;Durand;Rennes;35000\n" * 9
    found = opened(data)
    assert (found.shape.preamble, found.shape.names) == (1, ("id", "nom", "ville", "cp"))
    assert found.counts.total == 9


@pytest.mark.parametrize(
    ("cell", "kind"), [("", "empty"), ("12,5", "number"), ("5;2", "dirty"), ("2020-01-31", "date"), ("Rennes", "word")]
)
def test_looks_of_cells(cell, kind):
    assert celltypes.of(cell) == kind


def test_records_end_where_they_end():
    text = 'a;"b\nc";d\n\n"e""f";g;h'
    found = list(Splitter(Dialect(";", '"', 3)).records(text))
    assert [r.cells for r in found] == [["a", "b\nc", "d"], [], ['e"f', "g", "h"]]
    assert not any(r.odd for r in found)


def test_a_column_named_like_a_tag_makes_no_markup():
    head = ("<script>alert(1)</script>;b\n" + "1;2\n" * 30).encode()
    assert sniffed(head).kind == "csv"
