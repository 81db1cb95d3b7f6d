"""HTML pages: their text a row a block, each table a table."""

from __future__ import annotations

import codecs
from typing import TYPE_CHECKING

from triage.entry import EntryError
from triage.readers import paragraphs
from triage.readers.markup import Page
from triage.readers.transcode import Text

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("html",)
KIND = "html"
DESCRIPTION = "HTML pages: text and tables"

_BLOCK = 1 << 16


def segments(job: Job) -> Iterator[Made]:
    """The text and the tables of a page."""
    limits = job.options.limits
    text, page, size = Text(job.entry.open(limits), job.shape), Page(), 0
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    while size <= limits.spool_bytes and (chunk := text.read(_BLOCK)):
        size += len(chunk)
        page.feed(decoder.decode(chunk))
    page.close()
    yield from paragraphs.segments(job, KIND, page.lines, page.tables)
    if size > limits.spool_bytes:
        raise EntryError("record_too_long")
