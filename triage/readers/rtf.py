"""RTF: a paragraph a row."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.entry import EntryError
from triage.readers import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("rtf",)
KIND = "rtf"
DESCRIPTION = "RTF: paragraphs"
NEEDS = ("striprtf",)
EXTRA = "documents"


def segments(job: Job) -> Iterator[Made]:
    """The paragraphs as rows."""
    from striprtf import striprtf  # noqa: PLC0415 - an extra: the package is there only where it is installed

    limits = job.options.limits
    data = job.entry.open(limits).read(limits.spool_bytes + 1)
    try:
        text = str(striprtf.rtf_to_text(data[: limits.spool_bytes].decode("latin-1"), encoding="cp1252", errors="replace"))  # type: ignore[no-untyped-call] # the package has no types
    except (ValueError, LookupError, TypeError, RecursionError, ArithmeticError):
        raise EntryError("corrupt") from None
    yield from paragraphs.segments(job, KIND, text.splitlines())
    if len(data) > limits.spool_bytes:
        raise EntryError("record_too_long")
