"""Rows about text: empty, cut, long, wide, ragged, quoted, encoded, nested, and cells and names that attack."""

from __future__ import annotations

import json
from pathlib import Path

from faults.rows import CANARY, counted, labels, put, row, table

TWIN = "nom;prénom;email;ville\n" + "".join(
    f"{name};{first};{CANARY}{n}.{n % 7}@example.org;{town}\n"
    for n, (name, first, town) in enumerate(
        [("MARTIN", "Éloïse", "Orléans"), ("PETIT", "François", "Besançon"), ("DURAND", "Zoé", "Nîmes")] * 20
    )
)


@row("01_empty", {**dict.fromkeys(["none.csv", "mark.csv", "lines.csv", "nul.csv"], "empty"), "byte.csv": "no_dialect"}, rows=0)
def empty(folder: Path) -> None:
    put(folder, none_csv=b"", mark_csv=b"\xef\xbb\xbf", lines_csv=b"\n\r\n\n", nul_csv=bytes(9000), byte_csv=b"x")


@row("02_hardly_any", {"column.csv": "no_dialect"}, holds=lambda i: counted(i) == {"header.csv": 0, "one.csv": 1, "column.csv": 40})
def hardly_any(folder: Path) -> None:
    put(folder, header_csv="nom;email;ville\n", one_csv=f"nom;email\n{CANARY};{CANARY}@example.org\n")
    put(folder, column_csv="note\n" + f"{CANARY}\n" * 40)


@row(
    "15_long",
    {"line.csv": "no_dialect record_too_long rows_rejected", "cell.csv": "cell_cut"},
    exits=3,
    holds=lambda i: counted(i)["cell.csv"] == 41,
)
def long(folder: Path) -> None:
    put(folder, line_csv=CANARY.encode() * 4_000_000, cell_csv=table() + b'a;b;"' + CANARY.encode() * 200_000 + b'"\n')


@row(
    "16_wide",
    {"wide.csv": "segment_repaired too_many_columns", "tall.csv": "no_dialect"},
    exits=3,
    words=("--limit", "columns=200"),
    holds=lambda i: counted(i) == {"wide.csv": 3, "tall.csv": 2_000_000},
)
def wide(folder: Path) -> None:
    line = ";".join([CANARY] * 200_000)
    put(folder, wide_csv=";".join(f"c{n}" for n in range(200_000)) + f"\n{line}\n{line}\n{line}\n", tall_csv="n\n" + "7\n" * 2_000_000)


@row(
    "17_ragged",
    {"ragged.csv": "rows_long rows_short segment_repaired"},
    rows=42,
    holds=lambda i: (i["tables"][0]["rows_short"], i["tables"][0]["rows_long"]) == (1, 1),
)
def ragged(folder: Path) -> None:
    put(folder, ragged_csv=table() + f"{CANARY}\n{CANARY};a;b;{CANARY};{CANARY}\n".encode())


@row("18_quotes", {"open.csv": "segment_repaired"}, holds=lambda i: counted(i) == {"open.csv": 4000, "middle.csv": 41})
def quotes(folder: Path) -> None:
    lines = [b'"' + line.replace(b";", b'";"') + b'"' for line in table(4000).split(b"\n")[:-1]]
    lines[100] = lines[100][:-1]
    put(folder, open_csv=b"\n".join(lines) + b"\n", middle_csv=table() + f'{CANARY} "x" y;a;b\n'.encode())


@row("18_backslash", rows=40)
def backslash(folder: Path) -> None:
    put(folder, a_csv="a;b\n" + f'"{CANARY} \\" x";{CANARY}\n{CANARY};"z"\n' * 20)


@row("19_nul", {"padded.csv": "rows_short segment_repaired truncated"}, exits=3, holds=lambda i: counted(i)["cells.csv"] == 40)
def nul(folder: Path) -> None:
    put(folder, cells_csv=table().replace(b"note ", b"note \x00"), padded_csv=table() + bytes(4000))


@row(
    "20_bad_bytes",
    {"bad.csv": "bad_bytes segment_repaired", "mixed.csv": "encoding_guessed"},
    holds=lambda i: min(counted(i).values()) == 60,
)
def bad_bytes(folder: Path) -> None:
    data = TWIN.encode()
    at = len(data) // 2
    odd = b"\xc0\xaf\xed\xa0\x80\xed\xb2\x80\xff"
    put(folder, bad_csv=data[:at] + odd + data[at:], mixed_csv=data.replace("François".encode(), "François".encode("cp1252")))


def same(impact) -> bool:
    """All twins are parts of one table, because they have the same columns."""
    return labels(impact) == [["last_name", "first_name", "email", "city"]] and set(counted(impact).values()) == {60}


@row("21_encodings", {"cp1252.csv": "encoding_guessed"}, holds=same)
def encodings(folder: Path) -> None:
    put(folder, twin_csv=TWIN)
    for name in ("utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252"):
        (folder / f"{name}.csv").write_bytes(TWIN.encode(name))


@row("22_newlines", holds=same)
def newlines(folder: Path) -> None:
    put(folder, twin_csv=TWIN, cr_csv=TWIN.replace("\n", "\r"), crlf_csv=TWIN.replace("\n", "\r\n"))
    lines = TWIN.split("\n")
    put(folder, mixed_csv="\r\n".join(lines[:30]) + "\n" + "\n".join(lines[30:]), feed_csv=TWIN.replace("MARTIN", "MAR\u2028TIN\x0c"))


HEADERS = ("a|b", "__class__", "^.*$", "*", "", "", "c0", "c0", "1", "x" * 10_000, "literal", '{"a":1}', "nom", "nom")


@row("23_headers", holds=lambda i: [c["distinct"] for c in i["columns"]] == [30] * len(HEADERS))
def headers(folder: Path) -> None:
    lines = [";".join(f"{CANARY}{n}-{c}" for c in range(len(HEADERS))) for n in range(30)]
    put(folder, a_csv="\n".join([";".join(HEADERS), *lines, ""]))


@row("24_around", {"a.csv": "segment_repaired"}, holds=lambda i: i["tables"][0]["lines"]["preamble"] == 2, rows=40)
def around(folder: Path) -> None:
    put(folder, a_csv=b"Export des comptes\nService informatique\n\n" + table() + b"\n(40 rows)\n")


@row(
    "24_two_tables",
    holds=lambda i: (
        [[t["table"], t["rows_total"], t["lines"]["header"]] for t in i["tables"]] == [[None, 80, 2], ["#2", 40, 1], ["#2", 80, 2]]
    ),
)
def two_tables(folder: Path) -> None:
    """A narrow table above a wide one, with and without a blank line, and a header that comes again."""
    wide = b"produit;prix;stock;rayon;taxe\n" + b"vis;3;4;12;5,5\n" * 40
    put(folder, a_csv=table() + b"\n\n" + wide, b_csv=table() + wide * 2)


@row(
    "25_json",
    {"deep.json": "rows_rejected", "lines.json": "rows_rejected segment_repaired", "numbers.json": "segment_repaired"},
    exits=3,
    holds=lambda i: counted(i)["lines.json"] == 82,
)
def json_rows(folder: Path) -> None:
    good = [json.dumps({"nom": f"{CANARY}{n}", "email": f"{CANARY}{n}@example.org"}) for n in range(80)]
    put(folder, deep_json=f'[{{"nom": "{CANARY}"}}, ' + "[" * 100_000 + "]" * 100_000 + "]")
    put(
        folder,
        lines_json="\n".join([*good[:40], '{"nom": "' + CANARY, *good[40:], '{"nom": 1e400, "nom": NaN, "email": ' + "9" * 5000 + "}", ""]),
    )
    put(folder, numbers_json='[{"a": 1e400, "a": NaN}, {"a": -Infinity}, {"a": ' + "9" * 5000 + '}, {"a": "\\ud800' + CANARY + '"}]')


@row("31_redos", rows=300)
def redos(folder: Path) -> None:
    cells = [
        "a" * 3000 + "!",
        "a@" * 1500,
        "a." * 1500 + "@",
        "1 " * 1500,
        "06." * 1000 + "x",
        "FR76" + " 1" * 1500,
        "http://" + "a/" * 1500,
        "((" * 1500,
        "é-" * 1500 + CANARY,
    ]
    names = ["email", "téléphone", "iban", "nir", "adresse", "commentaire", "url", "x", ("nom de " * 60).strip()]
    lines = [";".join(cells[(n + c) % len(cells)] for c in range(len(names))) for n in range(300)]
    put(folder, a_csv="\n".join([";".join(names), *lines, ""]))


@row("32_validators", {"a.csv": "cell_cut"}, rows=20)
def validators(folder: Path) -> None:
    cells = ["9" * 1_000_000, "+33" + "6" * 100_000, "FR76" + "\u0301" * 50_000, "1" * 5000 + "e400", CANARY]
    names = ["nir", "téléphone", "iban", "carte", "nom"]
    put(folder, a_csv="\n".join([";".join(names), *[";".join(cells)] * 20, ""]))


NAMES = (
    "\x1b]0;x\x07.csv",
    "\u202evsc.exe.csv",
    "a\nb.csv",
    "<img src=x onerror=alert(1)>.csv",
    "=cmd().csv",
    "-rf.csv",
    "CON",
    "..\\a.csv",
    "\x9b31m\u200b\ufeff\U000e0041.csv",
)


@row("33_file_names", rows=40 * (len(NAMES) + 3), holds=lambda i: len(i["inputs"]["files"]) == len(NAMES) + 3)
def file_names(folder: Path) -> None:
    data = table()
    for number, name in enumerate([*NAMES, "x" * 251 + ".csv", "р\u0430ypal.csv"]):
        (folder / name).write_bytes(data.replace(b"note", b"note%d" % number))
    (Path(bytes(folder).decode()) / b"caf\xe9\xff.csv".decode("utf-8", "surrogateescape")).write_bytes(data)


HOSTILE = ("<script>alert(1)</script>", '"><svg onload=x>', "javascript:x", "=1+1", "+1", "-1", "@x", "\uff1d1+1", "`a`[b](c)", "a\x07b")


@row("34_hostile_headers", rows=30, words=("--header",))
def hostile_headers(folder: Path) -> None:
    lines = ["\t".join(f"{CANARY}{n}-{c}" for c in range(len(HOSTILE))) for n in range(30)]
    put(folder, a_csv="\n".join(["\t".join(HOSTILE), *lines, ""]))


@row(
    "38_small_counts",
    holds=lambda i: all(t["rows"] is None or t["rows"] > 10 for t in i["health"]["themes"]) and i["health"]["themes"] != [],
)
def small_counts(folder: Path) -> None:
    lines = [
        f"{CANARY}{n};{'patiente séropositive VIH' if n < 5 else 'patient diabétique sous insuline'}, suivi {CANARY}" for n in range(100)
    ]
    put(folder, a_csv="\n".join(["nom;commentaire", *lines, ""]))
