"""Blocks of named lines, a block a row: cards one below the other, as people type them and programs print them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triage.readers.cut import Cutter
from triage.readers.jsonscan import Values
from triage.readers.jsontable import Tables
from triage.readers.transcode import Text
from triage.sniff import fields

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = (fields.FORMAT,)
KIND = fields.FORMAT
DESCRIPTION = "blocks of named lines (“Nom : …”), a block a row"


def segments(job: Job) -> Iterator[Made]:
    """The blocks; a name that comes several times in one gives a list."""
    limits = job.options.limits
    text, tables = Text(job.entry.open(limits), job.shape), Tables(job)
    kept: list[str] = []
    first = None
    for piece in Cutter(text, b"", limits).pieces():
        lines = [*kept, *piece.data.decode("utf-8", "replace").split("\n")]
        begun = first is not None
        first = first or fields.opening(lines)
        *whole, last = [*fields.blocks(lines, first, begun=begun)] or [[]]
        # The next piece may go on with the last block.
        kept = "\n".join(f"{name}: {value}" for name, value in last).split("\n") if last else []
        long = piece.rejected
        if sum(map(len, kept)) > limits.record_bytes:
            kept, long = [], long + 1
        yield from tables.add(None, Values([_row(block) for block in whole], len(piece.data), plain=False, long=long))
    yield from tables.add(None, Values([_row(block) for block in fields.blocks(kept, first, begun=True)], 0, plain=False))
    yield from tables.rest()
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad


def _row(block: fields.Block) -> dict[str, Any]:
    row: dict[str, Any] = {}
    for name, value in block:
        held = row.get(name)
        row[name] = value if name not in row else [*held, value] if isinstance(held, list) else [held, value]
    return row
