"""What Outlook keeps, written as any mail program would: messages as RFC 5322, contacts as vCard.

An item is its properties ([MS-OXPROPS]) as [MS-OXMSG] and [MS-PST] store them, by number and type, with recipients and what is
attached. Written so, the readers of mails and of contacts do the rest, and what is attached becomes entries.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import cached_property
from typing import NamedTuple

from triage import lzfu, mails

Raw = tuple[int, bytes]  # type and bytes of a property
_LONG, _STRING8, _UNICODE, _TIME, _BINARY = 0x03, 0x1E, 0x1F, 0x40, 0x102
_CODEPAGES = (0x3FFD, 0x3FDE)  # of the message, of the internet
_1601 = datetime(1601, 1, 1)  # noqa: DTZ001 - UTC, which the text of a date does not say
_ADDRESS = re.compile(r"[^\s@<>\"]+@[^\s@<>\"]+\.\w+")
_NAMED = 0x8000  # from here on each file has numbers of its own
_BOUNDARY = "=_attached"
_TO, _CC = 1, 2
# Headers that no property holds.
_KEPT = ("Reply-To", "X-Originating-IP", "User-Agent", "X-Mailer", "Received")
_TELEPHONES = (0x3A1C, 0x3A09, 0x3A2F, 0x3A08, 0x3A1B, 0x3A1A, 0x3A1F, 0x3A1E, 0x3A24, 0x3A25)
_HOME, _WORK = (0x3A5D, 0x3A59, 0x3A5C, 0x3A5B, 0x3A5A), (0x3A29, 0x3A27, 0x3A28, 0x3A2A, 0x3A26)


class Attached(NamedTuple):
    """What is attached: a name, and the bytes of a file, which are read when they are asked for; an item is written like its own."""

    name: str
    data: Callable[[], bytes]


class Properties:
    """Properties by number; a text that is not there is empty."""

    def __init__(self, raw: Mapping[int, Raw], encoding: str = "") -> None:
        self._raw = raw
        self._given = encoding

    @cached_property
    def encoding(self) -> str:
        """The encoding of texts that are not Unicode."""
        numbers = (self.number(tag) for tag in _CODEPAGES)
        page = next((n for n in numbers if n), 0)
        name = "utf-8" if page == 65001 else f"cp{page}" if page else self._given or "cp1252"  # noqa: PLR2004 - its number
        try:
            "".encode(name)
        except LookupError:
            return "cp1252"
        return name

    def raw(self, tag: int) -> bytes:
        """The bytes of a property."""
        return self._raw.get(tag, (0, b""))[1]

    def text(self, *tags: int) -> str:
        """The first of the properties that is a text and not empty."""
        for tag in tags:
            kind, data = self._raw.get(tag, (0, b""))
            if kind in {_UNICODE, _STRING8, _BINARY} and data:
                name = "utf-16-le" if kind == _UNICODE else self.encoding
                if found := data.decode(name, "replace").strip("\x00").strip():
                    return found
        return ""

    def number(self, tag: int) -> int:
        """A number, 0 where there is none."""
        kind, data = self._raw.get(tag, (0, b""))
        return int.from_bytes(data[:4], "little") if kind == _LONG else 0

    def moment(self, *tags: int) -> datetime | None:
        """The first of the dates that is there."""
        for tag in tags:
            kind, data = self._raw.get(tag, (0, b""))
            if kind == _TIME and any(data):
                try:
                    return _1601 + timedelta(microseconds=int.from_bytes(data[:8], "little") // 10)
                except OverflowError:
                    return None
        return None

    def address(self, *tags: int) -> str:
        """The first of the properties that is an address; directories of Exchange have paths there."""
        return next((t for tag in tags if _ADDRESS.fullmatch(t := self.text(tag))), "")

    def named_addresses(self) -> list[str]:
        """Addresses among the properties whose numbers each file gives itself, as those of contacts are."""
        found = (self.text(tag) for tag, (kind, _) in sorted(self._raw.items()) if tag >= _NAMED and kind in {_UNICODE, _STRING8})
        return [*dict.fromkeys(t for t in found if _ADDRESS.fullmatch(t))]

    @property
    def contact(self) -> bool:
        """Whether it is somebody's card."""
        return self.text(0x001A).startswith("IPM.Contact")


class Item(NamedTuple):
    """A message, a contact, or what else lies in a folder."""

    properties: Properties
    recipients: list[Properties]
    attached: list[Attached]


def message(item: Item) -> bytes:
    """The item as a message; what it holds is in base64, so that no line of it means anything."""
    own = item.properties
    lines = ["MIME-Version: 1.0", _header("From", [_mailbox(*_sender(own))])]
    for name, kind, shown in (("To", _TO, 0x0E04), ("Cc", _CC, 0x0E03)):
        people = [_person(r) for r in item.recipients if (r.number(0x0C15) or _TO) == kind]
        lines.append(_header(name, people or [_mailbox(n, "") for n in own.text(shown).split(";") if n.strip()]))
    sent = own.moment(0x0039, 0x0E06, 0x3007)
    lines += [f"Date: {format_datetime(sent)}"] if sent else []
    lines.append(_header("Subject", [own.text(0x0037, 0x0E1D, 0x3001)]))
    lines.append(_header("Message-ID", [own.text(0x1035)]))
    lines += _transported(own.text(0x007D))
    text, html = _body(own)
    body = _part(f"Content-Type: text/{'html' if html else 'plain'}; charset=utf-8", text.encode("utf-8", "replace"))
    parts = [body, *(_part(_disposition(a.name), a.data()) for a in item.attached)]
    head = "\n".join(line for line in lines if line)
    return f'{head}\nContent-Type: multipart/mixed; boundary="{_BOUNDARY}"\n\n'.encode() + b"".join(parts) + f"--{_BOUNDARY}--\n".encode()


def card(item: Item) -> bytes:
    """The item as a vCard."""
    own = item.properties
    born = own.moment(0x3A42)
    lines = [
        ("FN", [own.text(0x3001, 0x0037)]),
        ("N", [own.text(0x3A11), own.text(0x3A06), own.text(0x3A44), own.text(0x3A45)]),
        *(("TEL", [own.text(tag)]) for tag in _TELEPHONES),
        *(("EMAIL", [address]) for address in own.named_addresses()),
        ("BDAY", [str(born.date()) if born else ""]),
        ("ORG", [own.text(0x3A16)]),
        ("TITLE", [own.text(0x3A17)]),
        *(("ADR", ["", "", *(own.text(tag) for tag in tags)]) for tags in (_HOME, _WORK)),
        ("NOTE", [_body(own)[0]]),
    ]
    told = [f"{name}:{';'.join(map(_escaped, values))}" for name, values in lines if any(values)]
    return "\n".join(["BEGIN:VCARD", "VERSION:3.0", *told, "END:VCARD", ""]).encode("utf-8", "replace")


def _escaped(value: str) -> str:
    lines = value.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").splitlines()
    return "\\n".join(lines)


def _sender(own: Properties) -> tuple[str, str]:
    return own.text(0x0042, 0x0C1A), own.address(0x5D02, 0x5D01, 0x0065, 0x0C1F)


def _person(recipient: Properties) -> str:
    return _mailbox(recipient.text(0x3001, 0x5FF6), recipient.address(0x39FE, 0x3003))


def _mailbox(name: str, address: str) -> str:
    """``"Durand, Anne" <a@example.org>``."""
    quoted = name.strip().replace("\\", "\\\\").replace('"', '\\"')
    return f'"{quoted}" <{address}>' if name != address else address


def _header(name: str, values: Iterable[str]) -> str:
    value = ", ".join(v for v in values if v)
    return f"{name}: =?utf-8?b?{base64.b64encode(value.encode('utf-8', 'replace')).decode()}?=" if value else ""


def _transported(headers: str) -> list[str]:
    """What the headers of the way tell besides."""
    if not headers:
        return []
    way = mails.parsed(headers.encode("utf-8", "replace"))
    return [_header(name, [mails.header(way, name)]) for name in _KEPT]


def _body(own: Properties) -> tuple[str, bool]:
    """The text of an item, and whether it is HTML because there is no other."""
    if text := own.text(0x1000):
        return text, False
    if html := own.text(0x1013):
        return html, True
    return lzfu.text(own.raw(0x1009)), False


def _disposition(name: str) -> str:
    escaped = "".join(f"%{byte:02X}" for byte in name.encode("utf-8", "replace"))
    return f"Content-Type: application/octet-stream\nContent-Disposition: attachment; filename*=utf-8''{escaped}"


def _part(head: str, data: bytes) -> bytes:
    return f"--{_BOUNDARY}\n{head}\nContent-Transfer-Encoding: base64\n\n".encode() + base64.encodebytes(data) + b"\n"
