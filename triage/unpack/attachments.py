"""The attachments of mails, as entries: ``inbox.mbox!12/scan.pdf`` is of the twelfth message."""

from __future__ import annotations

import io
from functools import partial
from typing import TYPE_CHECKING

from triage import mails

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.entry import Entry
    from triage.options import Options

READS = ("eml", "mbox")
DESCRIPTION = "the attachments of mails"
READ_TOO = True


def members(entry: Entry, options: Options) -> Iterator[Entry]:
    """The attachments of every message, in order."""
    limits = options.limits
    for number, raw in enumerate(mails.raw_messages(entry.open(limits), limits.spool_bytes), 1):
        if raw is None:
            continue
        for part in mails.attachments(mails.parsed(raw)):
            name = part.name.replace("\\", "/").rpartition("/")[2] or "part"
            yield entry.member(f"{number}/{name}", partial(io.BytesIO, part.data), size=len(part.data))
