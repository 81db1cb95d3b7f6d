"""Mails: a message is a row, with its headers, its text and the names of what is attached.

The attachments themselves are entries (``unpack/attachments.py``).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triage import mails
from triage.readers.jsonscan import Values
from triage.readers.jsontable import Tables
from triage.readers.markup import stripped

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import Message

    from triage.readers import Job, Made

READS = ("eml", "mbox")
KIND = "mail"
DESCRIPTION = "mails: EML and MBOX, a message a row with headers and text; attachments are entries"

_BLOCK = 1 << 20


def segments(job: Job) -> Iterator[Made]:
    """The messages as one table."""
    limits = job.options.limits
    tables = Tables(job)
    rows: list[dict[str, Any]] = []
    size = long = 0
    for raw in mails.raw_messages(job.entry.open(limits), limits.spool_bytes):
        if raw is None:
            long += 1
            continue
        size += len(raw)
        rows.append(_row(mails.parsed(raw)))
        if size > _BLOCK:
            yield from tables.add(None, Values(rows, size, plain=False, long=long))
            rows, size, long = [], 0, 0
    yield from tables.add(None, Values(rows, size, plain=False, long=long))
    yield from tables.rest()


def _row(message: Message) -> dict[str, Any]:
    sender = [*mails.addresses(message, "From"), ("", "")][0]
    body, html = mails.body(message)
    return {
        "date": mails.date(message),
        "from_name": sender[0],
        "from_email": sender[1],
        "to_name": [name for name, _ in mails.addresses(message, "To") if name],
        "to_email": [address for _, address in mails.addresses(message, "To")],
        "cc_email": [address for _, address in mails.addresses(message, "Cc")],
        "reply_to_email": [address for _, address in mails.addresses(message, "Reply-To")],
        "subject": mails.header(message, "Subject"),
        "message": stripped(body) if html else body,
        "attachment": [part.name for part in mails.attachments(message)],
        "message_id": mails.header(message, "Message-ID"),
        "user_agent": mails.header(message, "User-Agent") or mails.header(message, "X-Mailer"),
        "originating_ip": mails.header(message, "X-Originating-IP").strip("[] "),
    }
