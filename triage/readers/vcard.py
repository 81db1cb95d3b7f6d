"""vCard 2.1, 3.0 and 4.0 (RFC 6350): a contact is a row."""

from __future__ import annotations

import quopri
import re
from typing import TYPE_CHECKING, Any

from triage.readers.jsonscan import Values
from triage.readers.jsontable import Tables
from triage.readers.transcode import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("vcard",)
KIND = "vcard"
DESCRIPTION = "vCard: a contact a row, with names, telephones, addresses"

_BLOCK = 1 << 20
_NAMES = {
    "FN": "full_name",
    "TEL": "phone",
    "EMAIL": "email",
    "BDAY": "birth_date",
    "ORG": "company",
    "TITLE": "job_title",
    "NOTE": "note",
    "URL": "url",
    "NICKNAME": "nickname",
    "UID": "uid",
    "GENDER": "sex",
    "PHOTO": "photo",
}
_PARTS = {
    "N": ("last_name", "first_name", "second_name", "title"),
    "ADR": ("po_box", "address_2", "address", "city", "region", "postal_code", "country"),
}
_END = re.compile(rb"^END:VCARD[ \t]*\r?\n?", re.IGNORECASE | re.MULTILINE)
_FOLDED = re.compile(r"\r?\n[ \t]")
_SOFT = re.compile(r"=\r?\n")


def segments(job: Job) -> Iterator[Made]:
    """The contacts as one table."""
    limits = job.options.limits
    tables, text = Tables(job), Text(job.entry.open(limits), job.shape)
    tail = b""
    while chunk := text.read(_BLOCK):
        *cards, tail = _END.split(tail + chunk)
        yield from _added(tables, cards)
        if len(tail) > limits.record_bytes:
            yield from tables.add(None, Values([], len(tail), plain=False, long=1))
            tail = b""
    if tail.strip():
        yield from tables.add(None, Values([], len(tail), plain=False, bad=1))
    yield from tables.rest()
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad


def _added(tables: Tables, cards: list[bytes]) -> Iterator[Made]:
    return tables.add(None, Values([_card(card.decode("utf-8", "replace")) for card in cards], sum(map(len, cards)), plain=False))


def _card(text: str) -> dict[str, Any]:
    row: dict[str, Any] = {}
    if "QUOTED-PRINTABLE" in text.upper():
        text = _SOFT.sub("", text)
    for line in _FOLDED.sub("", text).splitlines():
        name, _, value = line.partition(":")
        key, *options = name.upper().split(";")
        key = key.rpartition(".")[2]
        if any("QUOTED-PRINTABLE" in option for option in options):
            value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
        if key == "PHOTO":
            value = "photo"
        if key in _NAMES:
            row.setdefault(_NAMES[key], []).append(_plain(value))
        for part, inner in zip(_PARTS.get(key, ()), re.split(r"(?<!\\);", value), strict=False):
            if inner:
                row.setdefault(part, []).append(_plain(inner))
    return row


def _plain(value: str) -> str:
    return re.sub(r"\\([nN,;\\])", lambda found: "\n" if found[1] in "nN" else found[1], value.removeprefix("tel:").removeprefix("mailto:"))
