"""Parquet: slices of rows through polars, after the footer's figures were weighed against the size of the file."""

from __future__ import annotations

import io
from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

import polars as pl

from triage.entry import EntryError
from triage.readers import sliced
from triage.readers.parquet_footer import plainer, unpacked

if TYPE_CHECKING:
    from triage.limits import Limits
    from triage.readers import Job, Made

READS = ("parquet",)
KIND = "parquet"
DESCRIPTION = "Parquet"

_MAGIC = b"PAR1"


def segments(job: Job) -> Iterator[Made]:
    """The segments of the table."""
    stream = job.entry.seekable(job.options.limits)
    size, footer = _weighed(stream, job.options.limits)
    yield from sliced.segments(job, partial(_scan, _source(job, stream, size, footer)), size)


def _source(job: Job, stream: io.BufferedReader | io.BytesIO, size: int, footer: bytes) -> sliced.Source:
    """What polars is given: the file, or, where it is not too large, the same with types that polars knows."""
    known = plainer(footer)
    if known != footer and size <= job.options.limits.spool_bytes:
        return io.BytesIO(stream.read(size - 8 - len(footer)) + known + len(known).to_bytes(4, "little") + _MAGIC)
    return sliced.source(job.entry, stream)


def _weighed(stream: io.BufferedReader | io.BytesIO, limits: Limits) -> tuple[int, bytes]:
    """The size of the file and its footer, which must lie within it (Parquet format, "File format") and promise no bomb."""
    size = stream.seek(0, 2)
    stream.seek(max(0, size - 8))
    tail = stream.read(8)
    stream.seek(0)
    if tail[4:] != _MAGIC:
        raise EntryError("encrypted" if tail[4:] == b"PARE" else "truncated")
    length = int.from_bytes(tail[:4], "little")
    if length + 12 > size:
        raise EntryError("corrupt")
    stream.seek(size - 8 - length)
    footer = stream.read(length)
    if unpacked(footer) > max(limits.ratio_free_bytes, limits.ratio * size):
        raise EntryError("ratio")
    stream.seek(0)
    return size, footer


def _scan(source: sliced.Source) -> pl.LazyFrame:
    return pl.scan_parquet(sliced.anew(source), glob=False, hive_partitioning=False)
