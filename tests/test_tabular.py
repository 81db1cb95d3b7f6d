"""Spreadsheets, SQLite, Parquet, dBASE: the same rows as in delimited text, whatever the container of the table."""

from __future__ import annotations

import datetime as dt
import io
import sqlite3
import struct
import zipfile

import fastavro
import polars as pl
import pytest

import triage
from triage import driver
from triage.readers import parquet_footer, xlsx_stream

PEOPLE = [("MARTIN", "Paul", "1975-02-03", "56000"), ("LE GALL", "Anne", "1980-12-24", "29200")] * 30
NAMES = ("nom", "prenom", "date_naissance", "code_postal")


def scanned(tmp_path, data: bytes, name: str = "x"):
    path = tmp_path / name
    path.write_bytes(data)
    return triage.scan([path])


def labels(result) -> dict[str, str]:
    return {c.name: c.label for c in result.columns if c.table == 0}


def codes(result) -> set[str]:
    return {p.code for p in result.problems}


def xlsx(cells: str, *, strings: str = "", styles: str = "") -> bytes:
    """A workbook of one sheet, as small as the standard allows."""
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    rel = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    package = 'xmlns="http://schemas.openxmlformats.org/package/2006'
    parts = {
        "[Content_Types].xml": f'<Types {package}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships {package}/relationships"><Relationship Id="r1" Target="xl/workbook.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>',
        "xl/workbook.xml": f'<workbook {main} {rel}><sheets><sheet name="Patients" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {package}/relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml" '
        'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"/></Relationships>',
        "xl/worksheets/sheet1.xml": f"<worksheet {main}><sheetData>{cells}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {main}>{strings}</sst>",
        "xl/styles.xml": f"<styleSheet {main}>{styles}</styleSheet>",
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def inline(rows, first: int = 1) -> str:
    made = []
    for n, row in enumerate(rows, first):
        cells = "".join(f'<c r="{chr(65 + i)}{n}" t="inlineStr"><is><t>{v}</t></is></c>' for i, v in enumerate(row) if v is not None)
        made.append(f'<row r="{n}">{cells}</row>')
    return "".join(made)


def test_a_sheet_with_its_header_below_a_title(tmp_path):
    rows = [("Export du 3 mars",), (), NAMES, *PEOPLE]
    result = scanned(tmp_path, xlsx(inline(rows)))
    (table,) = result.tables
    assert (table.table, table.rows_total) == ("Patients", 60)
    assert labels(result) == {"nom": "last_name", "prenom": "first_name", "date_naissance": "birth_date", "code_postal": "postal_code"}


def test_one_cell_far_out_makes_no_rectangle(tmp_path):
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    result = scanned(tmp_path, xlsx(inline([NAMES, *PEOPLE]) + far))
    assert result.tables[0].rows_total == 61


def test_streamed_cells_are_those_of_calamine():
    styles = '<numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts><cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs>'
    shared = "<si><t>MARTIN</t></si><si><r><t>LE </t></r><r><t>GALL</t></r><rPh><t>no</t></rPh></si>"
    cells = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" s="1"><v>27428</v></c><c r="D1" t="b"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>1</v></c><c r="B2"><v>12.5</v></c><c r="C2"><v>3</v></c></row>'
    )
    book = xlsx_stream.Workbook(io.BytesIO(xlsx(cells, strings=shared, styles=styles)))
    assert list(book.rows("Patients")) == [["MARTIN", "1975-02-03", None, "true"], ["LE GALL", "12.5", "3"]]


def test_an_entity_of_the_document_is_refused(tmp_path):
    data = xlsx(inline([NAMES, *PEOPLE]) + '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            text = source.read(name)
            if "sheet1" in name:
                text = b'<!DOCTYPE a [<!ENTITY b "' + b"c" * 100 + b'">]>' + text
            target.writestr(name, text)
    assert "corrupt" in codes(scanned(tmp_path, out.getvalue()))


def sqlite_file(tmp_path) -> bytes:
    path = tmp_path / "made.db"
    base = sqlite3.connect(path)
    base.execute(f"CREATE TABLE patients ({', '.join(NAMES)}, photo BLOB)")
    base.executemany("INSERT INTO patients VALUES (?, ?, ?, ?, ?)", [(*row, b"\x89\x00\xff") for row in PEOPLE])
    base.execute('CREATE TABLE "un ""nom" (n INTEGER)')
    base.execute("CREATE VIEW trap AS SELECT load_extension('x') FROM patients")
    base.commit()
    base.close()
    data = path.read_bytes()
    path.unlink()
    return data


@pytest.mark.parametrize("nested", [False, True])
def test_sqlite(tmp_path, nested):
    data = sqlite_file(tmp_path)
    if nested:
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("base.db", data)
        data = out.getvalue()
    result = scanned(tmp_path, data)
    assert {t.table: t.rows_total for t in result.tables} == {"patients": 60, 'un "nom': 0}
    assert labels(result)["nom"] == "last_name"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["x"]


def test_a_damaged_sqlite_file_gives_what_can_be_read(tmp_path):
    data = bytearray(sqlite_file(tmp_path))
    data[4096:4200] = b"\xff" * 104
    result = scanned(tmp_path, bytes(data))
    assert result.inputs.files[0].status in {"partial", "unreadable"}
    assert "corrupt" in codes(result)


def parquet_file() -> bytes:
    frame = pl.DataFrame(PEOPLE, schema=list(NAMES), orient="row").with_columns(
        pl.col("date_naissance").str.to_date(),
        pl.lit([1, 2]).alias("liste"),
        pl.struct(x=pl.lit("é"), y=pl.lit(1)).alias("objet"),
        pl.lit(b"\xff\x00").alias("octets"),
    )
    out = io.BytesIO()
    frame.write_parquet(out)
    return out.getvalue()


def test_parquet(tmp_path):
    result = scanned(tmp_path, parquet_file())
    (table,) = result.tables
    assert (table.kind, table.rows_total, codes(result)) == ("parquet", 60, set())
    assert labels(result)["date_naissance"] == "birth_date"
    assert all(c.filled == 60 for c in result.columns)


def test_a_cut_parquet_file_is_told_as_such(tmp_path):
    assert codes(scanned(tmp_path, parquet_file()[:-100])) == {"truncated"}


def dbf_file() -> bytes:
    widths = (20, 20, 8, 5)
    kinds = "CCDC"
    fields = b"".join(
        struct.pack("<11sc4xBB14x", name.upper()[:10].encode(), kind.encode(), width, 0)
        for name, kind, width in zip(NAMES, kinds, widths, strict=True)
    )
    length = 1 + sum(widths)
    today = dt.date(2020, 1, 1)
    head = struct.pack("<BBBBIHH17xB2x", 3, today.year - 1900, 1, 1, len(PEOPLE), 33 + len(fields), length, 3)
    rows = b"".join(b" " + b"".join(v.replace("-", "").encode().ljust(w) for v, w in zip(row, widths, strict=True)) for row in PEOPLE)
    return head + fields + b"\r" + rows + b"\x1a"


def test_dbf(tmp_path):
    result = scanned(tmp_path, dbf_file())
    (table,) = result.tables
    assert (table.kind, table.rows_total, codes(result)) == ("dbf", 60, set())
    assert labels(result)["DATE_NAISS"] == "birth_date"
    assert codes(scanned(tmp_path, dbf_file()[:-500])) == {"truncated"}


def test_avro(tmp_path):
    schema = {"type": "record", "name": "p", "fields": [{"name": n, "type": ["null", "string"]} for n in NAMES]}
    out = io.BytesIO()
    fastavro.writer(out, schema, [dict(zip(NAMES, row, strict=True)) for row in PEOPLE])
    result = scanned(tmp_path, out.getvalue())
    assert (result.tables[0].kind, result.tables[0].rows_total, codes(result)) == ("avro", 60, set())
    assert labels(result)["date_naissance"] == "birth_date"
    assert "corrupt" in codes(scanned(tmp_path, out.getvalue()[:-40]))


def test_a_damaged_part_of_a_workbook_is_told_and_what_stands_before_it_is_read(tmp_path):
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    result = scanned(tmp_path, xlsx(inline([NAMES, *PEOPLE]) + far + "<broken"))
    assert result.tables[0].rows_total == 61
    assert "corrupt" in codes(result)
    shared = xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>' + far, strings="<si><t>MARTIN</t>")
    assert "corrupt" in codes(scanned(tmp_path, shared))


def test_the_footer_of_a_parquet_file_tells_what_it_unpacks_to():
    """The writer's own account of it, pyarrow's in the field, is what polars wrote for pages of known sizes."""
    for height, groups in ((100_000, 1), (100_000, 4)):
        out = io.BytesIO()
        frame = pl.DataFrame({"x": [f"{n:010}" for n in range(height)]})
        frame.write_parquet(out, compression="zstd", row_group_size=height // groups, statistics=False)
        data = out.getvalue()
        size = parquet_footer.unpacked(data[-8 - int.from_bytes(data[-8:-4], "little") : -8])
        assert 14 * height <= size <= 14 * height + 5000 * groups  # ten letters and a length of four bytes each
    assert parquet_footer.unpacked(b"\x19\xfc\xff\xff\xff\xff\x0f") == parquet_footer.unpacked(b"") == 0


def test_a_parquet_bomb_is_known_by_its_footer(tmp_path):
    out = io.BytesIO()
    pl.DataFrame({"x": ["x" * 1_000_000 + str(n) for n in range(70)]}).write_parquet(out, compression="zstd", compression_level=19)
    assert len(out.getvalue()) < 300_000
    assert codes(scanned(tmp_path, out.getvalue())) == {"ratio"}


def test_groups_of_columns_above_their_names_are_no_names(tmp_path):
    """As French administrations lay out their sheets; the names below would be a person more."""
    path = tmp_path / "agents.csv"
    rows = [f"{n};Durand{n};Anne;0{n % 9 + 1}/02/1980;Brest;Pompier;06 12 34 56 {n:02d};a{n}@exemple.fr" for n in range(30)]
    names = "Numéro;Nom;Prénom;Né(e) le;Ville;Métier;Tél. portable;Courriel"
    path.write_text("\n".join([";Identité;;;;Emploi;Contact;", names, *rows]) + "\n", encoding="utf-8")
    result = driver.scan([path])
    assert ([c.name for c in result.columns], result.size.rows_total) == (names.split(";"), 30)
    assert result.tables[0].lines.preamble == 1


def test_a_type_that_polars_does_not_know_is_read_as_it_is_stored(tmp_path):
    """Footers of newer programs name types (GEOMETRY, VARIANT) for which polars refuses the whole file."""
    path = tmp_path / "table.parquet"
    pl.DataFrame({"nom": ["Durand", "Martin"]}).write_parquet(path, compression="uncompressed")
    data = path.read_bytes()
    string, unknown = b"\xac\x1c\x00\x00", b"\xac\x9c\x00\x00"  # logical type (field 10): member 1; member 9, which is none
    footer = data[-8 - int.from_bytes(data[-8:-4], "little") : -8]
    at = footer.find(b"\x1c\x00\x00\x00")
    assert at > 0, (string, footer[:80])
    changed = footer[:at] + unknown[1:2] + footer[at + 1 :]
    path.write_bytes(data.replace(footer, changed))
    with pytest.raises(pl.exceptions.ComputeError):
        pl.read_parquet(path)
    result = driver.scan([path])
    assert (result.size.rows_total, [c.name for c in result.columns], result.problems) == (2, ["nom"], ())
