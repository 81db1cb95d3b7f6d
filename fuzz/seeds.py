"""What fuzzing starts from: the golden inputs, and a small file of each format that none of them is.

A seed belongs to every target that takes part in reading it, so that a golden folder for a new format is all it takes.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import sqlite3
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import polars as pl
import zstandard

ROOT = Path(__file__).resolve().parent.parent
FINDS = ROOT / "tests" / "finds"
LARGEST = 64 << 10
_SHORT = 1 << 11

_NAMES = ("nom", "prenom", "date_naissance", "code_postal", "note")
_ROWS = [("MARTIN", "Zoé", "1975-02-03", "56000", "diabète"), ("LE GALL", "Anne", "1980-12-24", "29200", 'a;b\n"c"')] * 6
_TABLE = (";".join(_NAMES) + "\r\n" + "".join(";".join(row[:4]) + ";x\r\n" for row in _ROWS)).encode()


def golden() -> Iterator[tuple[str, bytes]]:
    """The inputs of the golden cases and earlier finds, by name."""
    for path in sorted([*(ROOT / "tests" / "golden").glob("*/input/**/*"), *FINDS.glob("*")]):
        if path.is_file() and path.stat().st_size <= LARGEST:
            yield str(path.relative_to(ROOT / "tests")), path.read_bytes()


def made() -> Iterator[tuple[str, bytes]]:
    """A small file of each format that is not text."""
    yield from ((maker.__name__.strip("_"), maker()) for maker in _MAKERS)


def every() -> dict[str, bytes]:
    """All seeds, and the beginnings of the long ones: short inputs are tried faster."""
    whole = dict([*golden(), *made()])
    return whole | {f"{name} cut": data[:_SHORT] for name, data in whole.items() if len(data) > 2 * _SHORT}


# --- the makers

_MAKERS: list[Callable[[], bytes]] = []


def _maker(make: Callable[[], bytes]) -> Callable[[], bytes]:
    _MAKERS.append(make)
    return make


def _packed(members: dict[str, bytes], method: int = zipfile.ZIP_STORED) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, method)
    return out.getvalue()


@_maker
def _zip() -> bytes:
    return _packed({"a.csv": _TABLE, "d/b.csv": _TABLE[:200]}, zipfile.ZIP_DEFLATED)


@_maker
def _zip_stored() -> bytes:
    return _packed({"a.csv": _TABLE, "in.zip": _packed({"b.csv": _TABLE[:200]})})


@_maker
def _zip_streamed() -> bytes:
    whole = _zip()
    return whole[: whole.index(b"PK\x01\x02")]


@_maker
def _gzip() -> bytes:
    return gzip.compress(_TABLE, mtime=0) + gzip.compress(_TABLE[:100], mtime=0)


@_maker
def _bzip2() -> bytes:
    return bz2.compress(_TABLE)


@_maker
def _xz() -> bytes:
    return lzma.compress(_TABLE)


@_maker
def _lzma() -> bytes:
    return lzma.compress(_TABLE, lzma.FORMAT_ALONE)


@_maker
def _zstd() -> bytes:
    return zstandard.compress(_TABLE)


def _tarred(kind: int) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=kind) as archive:
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc"
        archive.addfile(link)
        for name, data in (("a.csv", _TABLE), ("é" * 120 + "/b.csv", _TABLE[:90])):
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return out.getvalue()[: 12 * 512]


@_maker
def _tar_pax() -> bytes:
    return _tarred(tarfile.PAX_FORMAT)


@_maker
def _tar_gnu() -> bytes:
    return _tarred(tarfile.GNU_FORMAT)


@_maker
def _seven() -> bytes:
    import py7zr

    out = io.BytesIO()
    with py7zr.SevenZipFile(out, "w", filters=[{"id": py7zr.FILTER_COPY}]) as archive:
        archive.writestr(_TABLE, "a.csv")
        archive.writestr(_TABLE[:90], "d/b.csv")
    return out.getvalue()


def _archived(kind: str, compression: str | None = None) -> bytes:
    import os

    os.environ.setdefault("LIBARCHIVE", "libarchive.so.13")
    import libarchive

    out = io.BytesIO()
    with libarchive.custom_writer(lambda data: out.write(bytes(data)), kind, compression) as archive:
        archive.add_file_from_memory("a.csv", len(_TABLE), _TABLE)
    return out.getvalue()


@_maker
def _cpio() -> bytes:
    return _archived("cpio_newc")


@_maker
def _ar() -> bytes:
    return _archived("ar_svr4")


@_maker
def _xar() -> bytes:
    return _archived("xar")


@_maker
def _lz4() -> bytes:
    return _archived("raw", "lz4")


@_maker
def _compress() -> bytes:
    return _archived("raw", "compress")


def _frame() -> pl.DataFrame:
    return pl.DataFrame(_ROWS, schema=list(_NAMES), orient="row").with_columns(
        pl.col("date_naissance").str.to_date(),
        pl.lit([1, 2]).alias("liste"),
        pl.struct(x=pl.lit("é"), y=pl.lit(1)).alias("objet"),
        pl.lit(b"\xff\x00").alias("octets"),
    )


@_maker
def _parquet() -> bytes:
    out = io.BytesIO()
    _frame().write_parquet(out)
    return out.getvalue()


@_maker
def _arrow() -> bytes:
    out = io.BytesIO()
    _frame().write_ipc(out)
    return out.getvalue()


@_maker
def _parquet_plain() -> bytes:
    out = io.BytesIO()
    _frame().select(_NAMES).write_parquet(out, compression="uncompressed", statistics=False)
    return out.getvalue()


@_maker
def _avro() -> bytes:
    import fastavro

    fields = [{"name": n, "type": ["null", "string"]} for n in _NAMES] + [{"name": "n", "type": {"type": "array", "items": "long"}}]
    out = io.BytesIO()
    schema = {"type": "record", "name": "p", "fields": fields}
    fastavro.writer(out, schema, [{**dict(zip(_NAMES, row, strict=True)), "n": [1, 2]} for row in _ROWS], sync_marker=b"0" * 16)
    return out.getvalue()


@_maker
def _sqlite() -> bytes:
    base = sqlite3.connect(":memory:")
    base.execute("PRAGMA page_size = 512")
    base.execute(f"CREATE TABLE patients ({', '.join(_NAMES)}, photo BLOB)")
    base.executemany("INSERT INTO patients VALUES (?, ?, ?, ?, ?, ?)", [(*row, b"\x89\x00\xff") for row in _ROWS])
    base.execute('CREATE TABLE "un ""nom" (n INTEGER PRIMARY KEY) WITHOUT ROWID')
    base.commit()
    return base.serialize()


@_maker
def _dbf() -> bytes:
    widths, kinds = (12, 12, 8, 5, 4), "CCDCN"
    fields = b"".join(
        name.upper()[:10].encode().ljust(11, b"\0") + kind.encode() + bytes(4) + bytes([width, 0]) + bytes(14)
        for name, kind, width in zip(_NAMES, kinds, widths, strict=True)
    )
    length = 1 + sum(widths)
    rows = [b" " + b"".join(v.replace("-", "").encode()[:w].ljust(w) for v, w in zip(row, widths, strict=True)) for row in _ROWS]
    day = date(2020, 1, 1)
    head = bytes([3, day.year - 1900, 1, 1]) + len(rows).to_bytes(4, "little")
    head += (33 + len(fields)).to_bytes(2, "little") + length.to_bytes(2, "little") + bytes(17) + b"\x03" + bytes(2)
    return head + fields + b"\r" + b"".join(rows) + b"\x1a"


@_maker
def _pst() -> bytes:
    """The beginning of a mailbox: whole ones are larger than a seed may be."""
    return (ROOT / "tests" / "golden" / "outlook" / "input" / "lists.pst").read_bytes()[:LARGEST]


_MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def _workbook(extra: str = "") -> bytes:
    cells = "".join(
        f'<row r="{n}">'
        + "".join(f'<c r="{chr(65 + i)}{n}" t="inlineStr"><is><t>{v}</t></is></c>' for i, v in enumerate(row[:4]))
        + "</row>"
        for n, row in enumerate([_NAMES, *_ROWS], 1)
    )
    parts = {
        "[Content_Types].xml": f'<Types {_PACKAGE}/content-types"><Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.'
        'spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'<Relationships {_PACKAGE}/relationships"><Relationship Id="r1" Target="xl/workbook.xml" '
        f'Type="{_OFFICE}/officeDocument"/></Relationships>',
        "xl/workbook.xml": f'<workbook {_MAIN} {_REL}><sheets><sheet name="P" sheetId="1" r:id="r1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships {_PACKAGE}/relationships"><Relationship Id="r1" Target="worksheets/sheet1.xml" '
        f'Type="{_OFFICE}/worksheet"/></Relationships>',
        "xl/worksheets/sheet1.xml": f'<worksheet {_MAIN}><sheetData>{cells}<row r="20"><c r="A20" t="s"><v>0</v></c>'
        f'<c r="B20" s="1"><v>27428</v></c><c r="D20" t="b"><v>1</v></c></row>{extra}</sheetData></worksheet>',
        "xl/sharedStrings.xml": f"<sst {_MAIN}><si><r><t>LE </t></r><r><t>GALL</t></r></si></sst>",
        "xl/styles.xml": f'<styleSheet {_MAIN}><numFmts><numFmt numFmtId="164" formatCode="dd/mm/yyyy"/></numFmts>'
        '<cellXfs><xf numFmtId="0"/><xf numFmtId="164"/></cellXfs></styleSheet>',
    }
    return _packed({name: text.encode() for name, text in parts.items()})


@_maker
def _xlsx() -> bytes:
    return _workbook()


@_maker
def _xlsx_sparse() -> bytes:
    return _workbook('<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>')


@_maker
def _ods() -> bytes:
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in ("office", "table", "text"))
    rows = "".join(
        "<table:table-row>"
        + "".join(f'<table:table-cell office:value-type="string"><text:p>{v}</text:p></table:table-cell>' for v in row[:4])
        + "</table:table-row>"
        for row in [_NAMES, *_ROWS]
    )
    content = (
        f"<office:document-content {spaces}><office:body><office:spreadsheet>"
        f'<table:table table:name="P">{rows}</table:table></office:spreadsheet></office:body></office:document-content>'
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>'
    )
    parts = {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": manifest}
    return _packed({name: text.encode() for name, text in parts.items()})


@_maker
def _pdf() -> bytes:
    shown = b"BT /F1 12 Tf 72 700 Td (Patient MARTIN, diabete) Tj 0 -20 Td [(ne le ) -250 (3 mars 1975)] TJ ET"
    objects = (
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(shown), shown),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
    )
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (table, len(out))
