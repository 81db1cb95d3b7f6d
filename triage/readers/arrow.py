"""Arrow's file format (Feather 2): record batches that polars maps, a slice of rows at a time.

Buffers may be packed; how much they unpack to stands in front of each, where polars alone looks. What asks for more than a
worker has costs that worker and is told as want of memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import polars as pl

from triage.entry import EntryError
from triage.readers import sliced

if TYPE_CHECKING:
    from triage.readers import Job, Made

READS = ("arrow",)
KIND = "arrow"
DESCRIPTION = "Arrow files (Feather 2)"

_MAGIC = b"ARROW1"


def segments(job: Job) -> Iterator[Made]:
    """The segments of the table."""
    stream = job.entry.seekable(job.options.limits)
    size = stream.seek(0, 2)
    stream.seek(max(0, size - len(_MAGIC)))
    if stream.read() != _MAGIC:
        raise EntryError("truncated")
    source = sliced.source(job.entry, stream)
    yield from sliced.segments(job, lambda: pl.scan_ipc(sliced.anew(source)), size)
