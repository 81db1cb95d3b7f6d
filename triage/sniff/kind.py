"""What a stream of bytes is, by its content: the name of a file proves nothing.

Signatures are those the formats' own documents give (PKWARE APPNOTE 4.3, RFC 1952, POSIX ustar, Apache Parquet,
Compound File Binary [MS-CFB], and so on).
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable
from typing import Literal, NamedTuple

from triage.sniff import drawn, fields, lists, logs, office

Family = Literal["text", "empty", "not_text", "unsupported"]


class Kind(NamedTuple):
    """``family`` tells what to do with it, ``format`` what it is."""

    family: Family
    format: str


_HOLDS_TEXT = (
    (0, b"PK\x03\x04", "zip"),
    (0, b"PK\x05\x06", "zip"),
    (0, b"PK\x07\x08PK\x03\x04", "zip"),  # in several volumes
    (0, b"PK00PK\x03\x04", "zip"),
    (0, b"\x1f\x8b", "gzip"),
    (0, b"BZh", "bzip2"),
    (0, b"\xfd7zXZ\x00", "xz"),
    (0, b"\x28\xb5\x2f\xfd", "zstd"),
    (0, b"\x04\x22\x4d\x18", "lz4"),
    (0, b"7z\xbc\xaf\x27\x1c", "7z"),
    (0, b"Rar!\x1a\x07", "rar"),
    (0, b"MSCF", "cab"),
    (0, b"\x1f\x9d", "compress"),
    (2, b"-lh", "lha"),
    (0, b"xar!", "xar"),
    (0, b"070701", "cpio"),
    (0, b"070707", "cpio"),
    (0, b"\xc7\x71", "cpio"),
    (257, b"ustar", "tar"),
    (0, b"PAR1", "parquet"),
    (0, b"PARE", "parquet"),
    (0, b"ARROW1", "arrow"),
    (0, b"Obj\x01", "avro"),
    (0, b"ORC", "orc"),
    (0, b"SQLite format 3\x00", "sqlite"),
    (0, b"\x37\x7f\x06\x82", "sqlite_wal"),  # changes that are not in the database yet, all of them where nothing was folded in
    (0, b"\x37\x7f\x06\x83", "sqlite_wal"),
    (0, b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7", "sqlite_journal"),  # pages as they were before a change that was not finished
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "ole"),
    (0, b"%PDF-", "pdf"),
    (0, b"{\\rtf", "rtf"),
    (0, b"PGDMP", "pg_dump"),
    (0, b"\x80\x02", "pickle"),  # a program: named, never loaded
    (0, b"\x80\x03", "pickle"),
    (0, b"\x80\x04\x95", "pickle"),
    (0, b"\x80\x05\x95", "pickle"),
    (0, b"\x93NUMPY", "numpy"),
    (0, b"RDX2\n", "rdata"),
    (0, b"RDX3\n", "rdata"),
    (0, b"X\n\x00\x00\x00", "rdata"),
    (0, b"!BDN", "pst"),
    (0, b"!<arch>\n", "ar"),
    # Databases, backups and disks that nobody reads here: what lies in them is not nothing.
    (4, b"Standard Jet DB", "mdb"),
    (4, b"Standard ACE DB", "accdb"),
    (0, b"\x01\x0f\x00\x00", "mdf"),  # SQL Server
    (0, b"TAPE\x00\x00", "mtf"),  # its backups
    (0, b"MSSQLBAK", "mtf"),
    (4, b"\xef\xcd\xab\x89", "ese"),  # Exchange, Active Directory
    (3, b"EXPORT:V", "oracle"),
    (0, b"\x00\x01\x00\x00\x00\x02\x00\x01\x00\x05\x00\x02\x00\x02\xc0", "filemaker"),
    (0, b"\xfe\xfe\x07", "myisam"),
    (0, b"\xfebin", "binlog"),
    (0, b"REDIS0", "redis"),
    (0, b"\x1a\x00\x00\x04\x00\x00", "nsf"),  # Lotus Notes
    (0, b"\xcf\xad\x12\xfe", "dbx"),  # Outlook Express
    (0, b"\x89HDF\r\n\x1a\n", "hdf5"),
    (0, b"vhdxfile", "vhdx"),
    (0, b"conectix", "vhd"),
    (0, b"KDMV", "vmdk"),
    (0, b"QFI\xfb", "qcow"),
    (0, b"EVF\x09\r\n\xff\x00", "e01"),
    (0, b"MSWIM\x00", "wim"),
    (32769, b"CD001", "iso"),
)
_CONTAINERS = {"zip": office.of_zip, "ole": office.of_compound}
_NO_TEXT = (
    (0, b"\x89PNG\r\n\x1a\n", "png"),
    (0, b"\xff\xd8\xff", "jpeg"),
    (0, b"GIF87a", "gif"),
    (0, b"GIF89a", "gif"),
    (0, b"II*\x00", "tiff"),
    (0, b"MM\x00*", "tiff"),
    (0, b"\x7fELF", "elf"),
    (0, b"OggS", "ogg"),
    (0, b"ID3", "mp3"),
    (4, b"ftyp", "mp4"),
    (8, b"WEBP", "webp"),
    (8, b"WAVE", "wav"),
    (0, b"\xca\xfe\xba\xbe", "class"),
    (0, b"wOF", "font"),
    (0, b"\x00\x01\x00\x00\x00", "font"),
    (0, b"\x00asm", "wasm"),
    (128, b"DICM", "dicom"),
)
_STATEMENT = (
    r"(?:CREATE\s+(?:TABLE|DATABASE|SCHEMA)\s+[\w`\"\[]|(?:INSERT|REPLACE)\s+(?:IGNORE\s+)?INTO\s+[^\s,;]+\s*(?:\(|VALUES\b)"
    r"|INSERT\s+\[\w+\]|COPY\s+\S+.*\bFROM\s+stdin)"
)
# What stands above the first of them: comments, settings, psql's own commands, and statements that make or drop other things.
_ASIDE = (
    r"(?:[\s;]|--.*|/\*[\s\S]*?\*/|#.*|\\.*|GO\b"
    r"|(?:SET|USE|DROP|ALTER|BEGIN|START|COMMIT|PRAGMA|SELECT|LOCK|UNLOCK|IF|PRINT|DECLARE|EXEC|END|DELETE|TRUNCATE)\b"
    r"[^;\n]*(?:\n(?![^\S\n]*(?:CREATE|INSERT|COPY|REPLACE|GO)\b)[^;\n]*)*;?"
    r"|CREATE\s+(?!TABLE|DATABASE|SCHEMA)\w+\b(?:[^;$\n]|\n(?!GO\b))*+(?:\$(?P<tag>\w*)\$[\s\S]*?\$(?P=tag)\$[^;]*)?;?)"
)
_MARKUP = (
    (
        re.compile(
            r"[\s\x1e]*(?:\{\s*(?:\"(?:[^\"\\]|\\.)*\"\s*:|\}\s*(?:$|[{\[]))"
            r"|\[\s*(?:\]|[\[{]|\"(?:[^\"\\]|\\.)*\"\s*(?:[,\]]|$)|(?:-?\d[\d.eE+-]*|true|false|null)\s*(?:[,\]]|$)|$))"
        ),
        "json",
    ),
    (
        re.compile(
            r"\s*(?:<\?xml[^>]*>\s*+)?(?>(?:<!--.*?-->\s*+)*+)<(?:!DOCTYPE\s+html|html|head|body|table|div)\b", re.IGNORECASE | re.DOTALL
        ),
        "html",
    ),
    (re.compile(r"\s*(?:<\?[^>]*>\s*+|<!--(?:[^-]|-(?!->))*+-->\s*+)*+<(?:\w+:)?ClinicalDocument\b"), "cda"),
    (re.compile(r"\s*<(?:\?xml|!DOCTYPE|!--|html\b|[A-Za-z][\w:.-]*(?:\s[^<>]*)?/?>)", re.IGNORECASE), "xml"),
    (re.compile(r"[\s\x0b]*(?:(?:FHS|BHS)[^\r\n]*[\r\n]+\x0b?)*MSH[|^~$#!][^\w\s]{4}"), "hl7"),
    (re.compile(r"\s*H\|[~^][~^]\\&\|"), "hprim"),
    (
        re.compile(r"(?:[^\n]*\n){6,8}[ \t]*[0-3]\d/[01]\d/\d{4}[ \t\r]*\n(?:[^\n]*\n)*?[ \t]*\*{4}(?:LAB|FIN|FINFICHIER)\*{4}"),
        "hprim_medecin",
    ),
    (
        re.compile(
            r"(?:\s|#[^\n]*(?:\n [^\n]*)*+|version:[^\n]*)*+dn::? ?[^\n]*\n(?: [^\n]*\n)*+[A-Za-z][\w.;-]*:[:<]? ?\S", re.IGNORECASE
        ),
        "ldif",
    ),
    (re.compile(r"From \S[^\n]{0,300}?\d\d:\d\d[^\n]{0,300}\n[!-9;-~]+:"), "mbox"),
    (
        re.compile(
            r"(?=(?:[!-9;-~]+:[^\n]*\n(?:[ \t]+\S[^\n]*\n)*){2})(?=(?:[^\n]+\n){0,80}?(?:"
            r"(?:Received|Return-Path|Delivered-To|Message-ID|MIME-Version|Content-Type: (?:multipart|text|message)/)"
            r"|From: [^\n]*@|X-Mailer:))"
            r"(?:[^\n]+\n){0,80}?(?:Subject|Date|To|Message-ID|MIME-Version|From|Content-Type|Content-Transfer-Encoding): ?",
            re.IGNORECASE,
        ),
        "eml",
    ),
    (re.compile(r"\s*BEGIN:VCARD\b", re.IGNORECASE), "vcard"),
    (re.compile(rf"{_ASIDE}*+{_STATEMENT}", re.IGNORECASE), "sql"),
)
_FORMS = (drawn, lists, logs, fields)
# Text that is no table of lines: each has a reader of its own.
RECORDS = frozenset(
    {
        "json",
        "cda",
        "fhir",
        "hl7",
        "hprim",
        "hprim_medecin",
        "sql",
        "ldif",
        "eml",
        "mbox",
        "vcard",
        "html",
        "xml",
        "combo_mail",
        "combo_url",
        "stealer",
        drawn.FORMAT,
        fields.FORMAT,
    }
    | logs.FORMS.keys()
)
_FHIR, _NEAR = re.compile(r'"resourceType"\s*:\s*"[A-Z]|"fullUrl"\s*:\s*"'), 4096
_BINARY_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0b\x0c\x1a\x1b\x1c\x1d\x1e\x1f\x00\x01\x02\x03"))
_DBF_VERSIONS = frozenset(b"\x02\x03\x30\x31\x32\x43\x63\x83\x8b\x8c\xcb\xf5\xfb")
_BLOCK = "\x00" * 64  # blocks of binary formats are padded so; text is not
_SAMPLE = 1 << 16
RANDOM = "random"
_TELLING = 1024  # bytes from which it shows
_LINES = 50


def of_bytes(head: bytes) -> Kind:
    """The kind of undecoded bytes; ``text`` means "decode it and look again"."""
    if not head.strip(b"\x00 \t\r\n\x1a"):
        return Kind("empty", "empty")
    for at, magic, name in _HOLDS_TEXT:
        if head.startswith(magic, at):
            return Kind("unsupported", _CONTAINERS[name](head) if name in _CONTAINERS else name)
    for at, magic, name in _NO_TEXT:
        if head.startswith(magic, at):
            return Kind("not_text", name)
    for looks, family, name in _STRUCTURES:
        if looks(head):
            return Kind(family, name)
    return Kind("not_text", RANDOM) if _random(head[:_SAMPLE]) else Kind("text", "text")


def _random(head: bytes) -> bool:
    """Bytes that cannot be packed any smaller: encrypted, or packed by a program that leaves no mark."""
    return len(head) >= _TELLING and len(zlib.compress(head, 1)) >= len(head)


def _exe(head: bytes) -> bool:
    """A DOS or Windows program: two letters, and then bytes that are no text."""
    return head.startswith(b"MZ") and b"\x00" in head[:256]


def _bmp(head: bytes) -> bool:
    return head.startswith(b"BM") and b"\x00" in head[:16]


def _lzma(head: bytes) -> bool:
    """An .lzma file: one byte of properties, a dictionary of a round size, the size (-1 where it was not known) below a terabyte."""
    if len(head) < 13 or head[0] not in {0x5D, 0x5E, 0x6C}:  # noqa: PLR2004 - the header
        return False
    dictionary, size = int.from_bytes(head[1:5], "little"), int.from_bytes(head[5:13], "little")
    return dictionary >= 1 << 12 and dictionary & (dictionary - 1) == 0 and (size == (1 << 64) - 1 or size < 1 << 40)


def _tar(head: bytes) -> bool:
    """A tar header from before ustar has no mark, but the sum of its bytes."""
    told = head[148:156].strip(b"\x00 ")
    if len(head) < 512 or not re.fullmatch(rb"[0-7]{1,7}", told):  # noqa: PLR2004 - a block
        return False
    return int(told, 8) == sum(head[:148]) + 8 * 32 + sum(head[156:512])


def _dbf(head: bytes) -> bool:
    """A dBASE table: version, date of change (year, month, day), header length, a 0x0D that ends the field list."""
    if len(head) < 66 or head[0] not in _DBF_VERSIONS:  # noqa: PLR2004 - a header with one field
        return False
    header = int.from_bytes(head[8:10], "little")
    return head[2] <= 12 and head[3] <= 31 and b"\r" in head[64 : max(header, 65) + 264]  # noqa: PLR2004 - a date


def _bson(head: bytes) -> bool:
    """Documents as mongodump writes them (bsonspec.org): a length, a type, a name, and a NUL where the length says."""
    at = 0
    for _ in range(3):
        size = int.from_bytes(head[at : at + 4], "little")
        if at and (at + size > len(head) or not size):
            break
        if not 7 <= size <= len(head) - at or not 0 < head[at + 4] < 0x14 or head[at + size - 1 : at + size] != b"\x00":  # noqa: PLR2004 - one field; types of the list
            return False
        at += size
    return True


# What two letters or a mark cannot tell.
_STRUCTURES: tuple[tuple[Callable[[bytes], bool], Family, str], ...] = (
    (_exe, "not_text", "exe"),
    (_bmp, "not_text", "bmp"),
    (_tar, "unsupported", "tar"),
    (_lzma, "unsupported", "lzma"),
    (_dbf, "unsupported", "dbf"),
    (_bson, "unsupported", "bson"),
)


def _marked_up(sample: str) -> bool:
    """Whether tags go on after the first: the first column of a table may be named ``<script>``, or its first line be a comment."""
    lines = [line for line in sample.split("\n")[:_LINES] if line.strip()]
    return sum("<" in line for line in lines) * 2 > len(lines)


def of_text(text: str) -> Kind:
    """The kind of decoded text: ``empty``, ``not_text`` by its control characters, else text (or known markup)."""
    sample = text[:_SAMPLE]
    if not sample.strip("\ufeff\x00\x1a \t\r\n"):
        return Kind("empty", "empty")
    strange = sum(sample.count(chr(c)) for c in _BINARY_CONTROLS)
    strange += sample.count("\ufffd")
    body = sample.rstrip("\x00")
    if (strange * 20 > len(sample) and strange > 1) or (strange and body.count("\x00") * 10 > len(sample)) or _BLOCK in body:
        return Kind("not_text", "binary")
    for pattern, name in _MARKUP:
        if pattern.match(sample) and (name != "xml" or _marked_up(sample)):
            return Kind("text", "fhir" if name == "json" and _FHIR.search(sample[:_NEAR]) else name)
    return Kind("text", next((found for form in _FORMS if (found := form.of(sample))), "text"))
