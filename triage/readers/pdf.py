"""PDF: the text of each page; a page without text is a picture, and is said to be none."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING

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

_PAGES = 100_000


def segments(job: Job) -> Iterator[Made]:
    """The pages as rows."""
    import pypdf  # noqa: PLC0415 - an extra: the package is there only where it is installed

    logging.getLogger("pypdf").disabled = True  # what it logs may quote the document
    pages: list[str] = []
    code = ""
    try:
        reader = pypdf.PdfReader(job.entry.seekable(job.options.limits))
        if reader.is_encrypted and not reader.decrypt(""):
            code = "encrypted"
        else:
            pages = [page.extract_text() for page, _ in zip(reader.pages, range(_PAGES), strict=False)]
    except (pypdf.errors.PyPdfError, ValueError, TypeError, KeyError, IndexError, AttributeError, RecursionError, OSError, ArithmeticError):
        code = "corrupt"
    except (NotImplementedError, ImportError, AssertionError, LookupError, EOFError):
        code = "corrupt"
    blank = sum(not page.strip() for page in pages)
    if blank:
        job.entry.problems["not_text"] += blank
    if blank < len(pages):
        yield from paragraphs.segments(job, KIND, pages)
    if code:
        raise EntryError(code)
