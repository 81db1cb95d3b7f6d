"""PDF: the text of each page; a page without text is a picture, and is said to be none."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

from triage import exhausted
from triage.entry import EntryError
from triage.readers import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("pdf",)
KIND = "pdf"
DESCRIPTION = "PDF: the text of each page; scans are listed as not_text"
NEEDS = ("pypdf",)
EXTRA = "documents"


def segments(job: Job) -> Iterator[Made]:
    """The pages as rows."""
    import pypdf  # noqa: PLC0415 - an extra: the package is there only where it is installed

    _silence(logging.getLogger("pypdf"))
    limits = job.options.limits
    pages: list[str] = []
    code = ""
    try:
        reader = pypdf.PdfReader(job.entry.seekable(limits))
        if reader.is_encrypted and not reader.decrypt(""):
            code = "encrypted"
        else:
            for page in reader.pages:
                if len(pages) == limits.members:
                    job.entry.problems["too_many_members"] += 1
                    break
                pages.append(page.extract_text())
    except Exception as error:  # noqa: BLE001 - pypdf raises whatever damage makes of it
        code = exhausted.code(error, "corrupt")
    blank = sum(not page.strip() for page in pages)
    if blank:
        job.entry.problems["not_text"] += blank
    if blank < len(pages):
        yield from paragraphs.segments(job, KIND, pages)
    if code:
        raise EntryError(code)


def _silence(logger: logging.Logger) -> None:
    """What it logs quotes the document. Switching it off would not do: each of its modules has a logger of its own below it."""
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())
    logger.propagate = False
