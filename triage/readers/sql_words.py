"""The words of SQL that a dump is made of, as patterns over UTF-8 bytes: names, strings, comments, statement heads.

Strings are read as the standard has them, with doubled quotes; what MySQL writes with backslashes was turned into that
before (``Unescaped`` in ``sql_stream``). So one rule of quoting holds for every producer.
"""

from __future__ import annotations

import re
from typing import NamedTuple

NAME = rb'(?:`(?:[^`]|``)*+`|"(?:[^"]|"")*+"|\[(?:[^\]]|\]\])*+\]|[\w$#@\x80-\xff]++)'
QUALIFIED = NAME + rb"(?:\s*\.\s*" + NAME + rb")*+"
STRING = rb"'(?:[^']|'')*+'"
QUOTED = rb'"(?:[^"]|"")*+"'

_MODES = rb"(?:(?:IGNORE|DELAYED|LOW_PRIORITY|HIGH_PRIORITY|OR\s+\w+)\s+)*+"
INSERT = re.compile(
    rb"(?:INSERT|REPLACE)\s+" + _MODES + rb"(?:INTO\s+)?(?:ONLY\s+)?(?P<name>" + QUALIFIED + rb")\s*+"
    rb"(?P<columns>\(\s*" + NAME + rb"(?:\s*,\s*" + NAME + rb")*+\s*\))?\s*+(?:OVERRIDING\s+\w+\s+VALUE\s+)?VALUES?\s*(?=\()",
    re.IGNORECASE,
)
COPY = re.compile(
    rb"COPY\s+(?P<name>" + QUALIFIED + rb")\s*+(?P<columns>\([^)]*+\))?\s*+FROM\s+stdin(?P<options>[^;\n]*+);[^\n]*+\n", re.IGNORECASE
)
CREATE = re.compile(
    rb"CREATE\s+(?:(?:GLOBAL|LOCAL|TEMP|TEMPORARY|UNLOGGED|FOREIGN)\s+)*+TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(?P<name>"
    + QUALIFIED
    + rb")\s*(?=\()",
    re.IGNORECASE,
)
# Statements whose body is a program: rows it would insert are not rows of the dump.
PROGRAM = re.compile(
    rb"CREATE\s[^;(]*?\b(?:TRIGGER|FUNCTION|PROC(?:EDURE)?|EVENT|PACKAGE|RULE)\b|ALTER\s+(?:TRIGGER|FUNCTION|PROC(?:EDURE)?)\b",
    re.IGNORECASE,
)
# What ends a program that is written for SQL Server, whose statements need no semicolon.
BATCH = re.compile(rb"\nGO[ \t]*+\r?(?:\n|\Z)", re.IGNORECASE)
DELIMITER = re.compile(rb"DELIMITER\s+(?!;\s*\n)\S.*?(?:\nDELIMITER\s+;|\Z)", re.IGNORECASE | re.DOTALL)
USE = re.compile(rb"USE\s+(?P<name>" + NAME + rb")\s*;", re.IGNORECASE)

# What may stand between statements.
BLANK = re.compile(
    rb"(?:[\s;]++|--[^\n]*+(?:\n|\Z)|#[^\n]*+(?:\n|\Z)|/\*.*?\*/|\\[^\n]*+(?:\n|\Z)|GO[ \t]*+\r?(?:\n|\Z))*+", re.DOTALL | re.IGNORECASE
)
_HEADS = rb"(?:INSERT|REPLACE|CREATE|COPY|DROP|ALTER|LOCK|UNLOCK|SET|COMMIT|BEGIN|USE|GO|PRINT|DELIMITER)\b"
# A line that begins a statement: where reading is taken up again; and the same some blank lines further.
_BEGINS = rb"(?=" + _HEADS + rb"|--[ \r\n]|/\*!)"
STRONG = re.compile(rb"\n[^\S\n]*+" + _BEGINS, re.IGNORECASE)
SOON = re.compile(rb"\n\s*+" + _BEGINS, re.IGNORECASE)
# What a statement other than INSERT is made of, as far as its end is concerned.
TOKEN = re.compile(
    STRING + rb"|" + QUOTED + rb"|`[^`]*+`|--[^\n]*+|/\*.*?\*/|\$(?P<tag>\w*+)\$.*?\$(?P=tag)\$|[();,]|" + STRONG.pattern,
    re.DOTALL | re.IGNORECASE,
)
_CONSTRAINT = re.compile(rb"(?:PRIMARY|FOREIGN|UNIQUE|CONSTRAINT|CHECK|KEY|INDEX|FULLTEXT|SPATIAL|PERIOD|EXCLUDE|LIKE)\b", re.IGNORECASE)
_FIRST_NAME = re.compile(rb"\s*(?P<name>" + NAME + rb")")
_COMMENTS = re.compile(rb"(?:\s++|--[^\n]*+\n|/\*.*?\*/)*+", re.DOTALL)

_MYSQL = re.compile(
    rb"MySQL dump|MariaDB dump|phpMyAdmin|/\*M?!\d{5}|mydumper|HeidiSQL|\bENGINE\s*=|\bAUTO_INCREMENT\b|INSERT\s+(?:IGNORE\s+)?INTO\s+`",
    re.IGNORECASE,
)
_STANDARD = re.compile(rb"PostgreSQL database dump|^PRAGMA\s|standard_conforming_strings\s*=\s*on", re.MULTILINE)
_BATCHES = re.compile(rb"\[dbo\]|^GO[ \t]*+\r?$", re.MULTILINE | re.IGNORECASE)
_ESCAPED = re.compile(rb"\\'(?![,)\s])")
_DOUBLE = re.compile(rb"VALUES\s*\((?:\s*(?:[-\w.]++)\s*,)*+\s*\"", re.IGNORECASE)


class Manner(NamedTuple):
    """How a producer writes: the quote around strings, whether a backslash escapes inside, whether ``GO`` ends batches (SQL Server)."""

    quote: bytes
    backslash: bool
    batches: bool = False


def manner(head: bytes) -> Manner:
    """The manner of a dump, by what its producer says of itself, else by its strings."""
    quote = b'"' if _DOUBLE.search(head) else b"'"
    if _BATCHES.search(head):
        return Manner(quote, backslash=False, batches=True)
    if _STANDARD.search(head):
        return Manner(quote, backslash=False)
    return Manner(quote, backslash=bool(_MYSQL.search(head) or _ESCAPED.search(head)))


def plain(name: bytes) -> str:
    """A name without its quotes, its parts joined by dots."""
    parts = re.findall(NAME, name)
    return ".".join(_bare(p).decode("utf-8", "replace") for p in parts)


def _bare(name: bytes) -> bytes:
    close = {b"`": b"`", b'"': b'"', b"[": b"]"}.get(name[:1])
    return name[1:-1].replace(close * 2, close) if close else name


def names(listed: bytes | None) -> tuple[str, ...]:
    """The names of a list in parentheses; empty without one."""
    return tuple(_bare(n).decode("utf-8", "replace") for n in re.findall(NAME, listed)) if listed else ()


def columns(parts: list[bytes]) -> tuple[str, ...]:
    """The column names of the parts of a CREATE TABLE; keys and constraints are none."""
    found = []
    for part in parts:
        text = _COMMENTS.sub(b"", part, count=1)
        name = _FIRST_NAME.match(text)
        if name is not None and not _CONSTRAINT.match(text):
            found.append(_bare(name["name"]).decode("utf-8", "replace"))
    return tuple(found)
