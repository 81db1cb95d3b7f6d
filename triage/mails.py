"""Mail messages in a stream: one (RFC 5322), or many behind ``From`` lines (mbox, RFC 4155); their texts and attachments.

The parser of the standard library takes any bytes; what it makes of broken headers is read as far as it goes.
"""

from __future__ import annotations

import re
from email.header import decode_header
from email.message import Message
from email.parser import BytesParser
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.entry import Stream

_BLOCK = 1 << 20
_FROM = re.compile(rb"(?:\A|\n\r?\n)(?=From \S[^\n]{0,300}?\d\d:\d\d)")
_KEEPS = 400  # bytes held back at the end of a block, in which a mark may stand in part
_DEEPEST = 20  # parts within parts


class Part(NamedTuple):
    """A part that is not the text of the message."""

    name: str
    data: bytes


def raw_messages(stream: Stream, longest: int) -> Iterator[bytes | None]:
    """The bytes of each message; None for one that is longer than ``longest``."""
    held = stream.read(_BLOCK) or b""
    if not held.startswith(b"From "):
        while len(held) <= longest and (more := stream.read(_BLOCK)):
            held += more
        yield held if len(held) <= longest else None
        return
    at, searched, long = 0, 1, False
    while True:
        while found := _FROM.search(held, searched):
            yield None if long else held[at : found.end()]
            at, searched, long = found.end(), found.end() + 1, False
        held, at = held[at:], 0
        if len(held) > longest:
            held, long = held[-_KEEPS:], True
        searched = max(1, len(held) - _KEEPS)
        more = stream.read(_BLOCK) or b""
        if not more:
            yield None if long else held
            return
        held += more


def parsed(raw: bytes) -> Message:
    """The message of some bytes, its ``From`` line left out."""
    if raw.startswith(b"From "):
        raw = raw.partition(b"\n")[2]
    return BytesParser(policy=compat32).parsebytes(raw)


def header(message: Message, name: str) -> str:
    """A header as text, its encoded words decoded, its lines joined."""
    value = message.get(name)
    if value is None:
        return ""
    try:
        pieces = [text if isinstance(text, str) else _text(text, charset or "utf-8") for text, charset in decode_header(str(value))]
    except (ValueError, LookupError):
        pieces = [str(value)]
    return " ".join("".join(pieces).split())


def addresses(message: Message, name: str) -> list[tuple[str, str]]:
    """Names and addresses of a header."""
    try:
        return getaddresses([header(message, name)])
    except (ValueError, IndexError, RecursionError):
        return [("", header(message, name))]


def date(message: Message) -> str:
    """The date as ISO 8601 where it can be read, else as it stands."""
    written = header(message, "Date")
    try:
        return parsedate_to_datetime(written).isoformat(sep=" ")
    except (ValueError, TypeError, IndexError, OverflowError, RecursionError):
        return written


def body(message: Message) -> tuple[str, bool]:
    """The text of a message, and whether it is HTML because there is no other."""
    html = ""
    plain = []
    for part in _leaves(message, 0):
        if _attached(part):
            continue
        if part.get_content_type() == "text/html":
            html = html or _content(part)
        else:
            plain.append(_content(part))
    text = "\n".join(p for p in plain if p.strip())
    return (text, False) if text or not html else (html, True)


def attachments(message: Message) -> Iterator[Part]:
    """The parts that are files, messages within the message among them."""
    for number, part in enumerate(_leaves(message, 0)):
        if _attached(part):
            name = part.get_filename() or f"part-{number}"
            inner = _inner(part)
            if inner is not None:
                yield Part(str(name), b"".join(m.as_bytes() for m in inner[:1] if isinstance(m, Message)))
            else:
                yield Part(str(name), _bytes(part))


def _leaves(message: Message, depth: int) -> Iterator[Message]:
    payload = _inner(message)
    if payload is None or message.get_content_type() == "message/rfc822" or depth > _DEEPEST:
        yield message
        return
    for part in payload:
        if isinstance(part, Message):
            yield from _leaves(part, depth + 1)


def _inner(message: Message) -> list[Any] | None:
    """The parts of a message that has parts; asked for the text of one that has none, the library tries its charset, and may fail."""
    return message.get_payload() if message.is_multipart() else None  # type: ignore[return-value] # it has parts


def _attached(part: Message) -> bool:
    return bool(part.get_filename()) or part.get_content_maintype() != "text"


def _bytes(part: Message) -> bytes:
    try:
        data = part.get_payload(decode=True)
    except (ValueError, LookupError):
        data = None
    return data if isinstance(data, bytes) else b""


def _content(part: Message) -> str:
    return _text(_bytes(part), part.get_content_charset() or "utf-8")


def _text(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except (LookupError, ValueError):
        return data.decode("cp1252", "replace")
