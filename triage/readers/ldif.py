"""LDIF (RFC 2849): what a directory gives when asked, Active Directory among them. An entry is a row, each class a table.

Values in base64 are text where they are text, dates of both clocks are ISO 8601, and what lies behind an address (``:<``) is not read.
"""

from __future__ import annotations

import base64
import re
import uuid
from collections import defaultdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from triage.readers.jsonscan import Values
from triage.readers.jsontable import Tables
from triage.readers.transcode import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("ldif",)
KIND = "ldif"
DESCRIPTION = "LDIF: exports of directories (Active Directory, OpenLDAP), an entry a row, a table for each class"

_BLOCK = 1 << 20
_END = re.compile(rb"\n\r?\n")
_FOLDED = re.compile(r"\r?\n ")
_LINE = re.compile(r"([A-Za-z][\w.-]*)(?:;[\w;.-]*)?:([:<]?) *([^\r\n]*)")
# Of a record that is no entry: what ldapsearch says of its answer, what a change says of itself.
_ASIDE = frozenset({"version", "search", "result", "ref", "control", "matcheddn", "numentries"})
_CHANGES = frozenset({"changetype", "add", "replace", "delete", "increment"})
_CLASSES = 200
_OURS = {"dn": "dn", "objectclass": "objectClass"}
_ZULU = re.compile(r"(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)?(?:[.,]\d+)?Z")
# Tenths of microseconds since 1601 ([MS-ADTS] 3.1.1.2.2.2.10); the largest stands for never.
_TICKS = frozenset({"pwdlastset", "lastlogon", "lastlogontimestamp", "lastlogoff", "badpasswordtime", "lockouttime", "accountexpires"})
_NEVER, _1601 = 9223372036854775807, datetime(1601, 1, 1)  # noqa: DTZ001 - UTC, which the text of a date does not say
_PICTURES = frozenset({"jpegphoto", "thumbnailphoto", "photo"})


def segments(job: Job) -> Iterator[Made]:
    """The entries, a table for each class."""
    limits = job.options.limits
    tables, text = Tables(job), Text(job.entry.open(limits), job.shape)
    classes: set[str] = set()
    tail = b""
    while chunk := text.read(_BLOCK):
        *records, tail = _END.split(tail + chunk)
        yield from _added(tables, records, classes)
        if len(tail) > limits.record_bytes:
            yield from tables.add(None, Values([], len(tail), plain=False, long=1))
            tail = b""
    yield from _added(tables, [tail], classes)
    yield from tables.rest()
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad


def _added(tables: Tables, records: list[bytes], classes: set[str]) -> Iterator[Made]:
    rows: dict[str | None, list[dict[str, Any]]] = defaultdict(list)
    size, bad = sum(map(len, records)), 0
    for record in records:
        row = _row(record.decode("utf-8", "replace"))
        if "dn" in row:
            rows[_class(row, classes)].append(row)
        else:
            bad += any(name.lower() not in _ASIDE for name in row)
    total = sum(map(len, rows.values())) or 1
    for name, found in rows.items():
        yield from tables.add(name, Values(found, size * len(found) // total, plain=False))
    if bad:
        yield from tables.add(None, Values([], 0, plain=False, bad=bad))


def _class(row: dict[str, Any], classes: set[str]) -> str | None:
    """The class that says most of an entry: by custom the last, ``top`` says nothing."""
    name = next((str(c) for c in reversed(row.get("objectClass", [])) if str(c).lower() != "top"), None)
    if name is not None and len(classes) < _CLASSES:
        classes.add(name)
    return name if name in classes else None


def _row(text: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    known: dict[str, str] = {}
    for line in _FOLDED.sub("", text).split("\n"):
        found = _LINE.match(line)
        if found is None:
            continue
        name, how, written = found.groups()
        name = known.setdefault(name.lower(), _OURS.get(name.lower(), name))
        if (value := _value(name.lower(), how, written)) != "":
            row.setdefault(name, []).append(value)
    if "changetype" in known:
        row = {name: values for name, values in row.items() if name.lower() not in _CHANGES}
    return row


def _value(name: str, how: str, written: str) -> str:
    if how == ":":
        try:
            return _bytes(name, base64.b64decode(written))
        except ValueError:
            return written
    if name in _PICTURES:
        return "photo"
    if (zulu := _ZULU.fullmatch(written)) is not None:
        year, month, day, hour, minute, second = zulu.groups("00")
        return f"{year}-{month}-{day} {hour}:{minute}:{second}"
    return _moment(written) if name in _TICKS else written


def _bytes(name: str, data: bytes) -> str:
    if name in _PICTURES:
        return "photo"
    if name == "objectguid" and len(data) == 16:  # noqa: PLR2004 - RFC 4122
        return str(uuid.UUID(bytes_le=data))
    try:
        return data.decode()
    except UnicodeDecodeError:
        return "\\x" + data[:32].hex()


def _moment(written: str) -> str:
    """A date of Active Directory; none where it never was."""
    if not written.isascii() or not written.isdigit() or not written.strip("0") or written.lstrip("0") == str(_NEVER):
        return ""
    if len(written) > len(str(_NEVER)):
        return written
    try:
        return str(_1601 + timedelta(seconds=int(written) // 10**7))
    except OverflowError:
        return written
