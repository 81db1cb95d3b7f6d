"""Logs of password stealers: blocks of ``URL: … / Username: … / Password: …``, a block a row."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage.readers import Head, Job, Made, Rows
from triage.readers.cut import Cutter
from triage.readers.transcode import Text
from triage.sniff.lists import KEYED, KEYS
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

READS = ("stealer",)
KIND = "stealer"
DESCRIPTION = "logs of password stealers: blocks of URL, user name and password"
_ROWS = 100_000
_WHICH = {name: re.compile(pattern, re.IGNORECASE) for name, pattern in KEYS.items()}


def segments(job: Job) -> Iterator[Made]:
    """The blocks, some thousands at a time; a field that comes a second time begins the next block."""
    names = tuple(KEYS)
    shape = msgspec.structs.replace(job.shape, kind=KIND, names=names, width=len(names))
    limits = job.options.limits
    text = Text(job.entry.open(limits), shape)
    head = Head(None, shape)
    blocks: list[dict[str, str]] = []
    block: dict[str, str] = {}
    size, top, rejected, yielded = 0, 0, 0, False
    for piece in Cutter(text, b"", limits).pieces():
        size += len(piece.data)
        rejected += piece.rejected
        for line in piece.data.decode("utf-8", "replace").split("\n"):
            found = KEYED.fullmatch(line.rstrip("\r"))
            if found is None:
                top += bool(line.strip()) and not blocks and not block
                continue
            name = _name(found["key"])
            if name in block:
                blocks.append(block)
                block = {}
            block[name] = found["value"].strip()
        if len(blocks) >= _ROWS:
            yield _made(head, blocks, size, RowCounts(preamble=top, rejected=rejected))
            blocks, size, top, rejected, yielded = [], 0, 0, 0, True
    blocks += [block] if block else []
    if blocks or not yielded:
        yield _made(head, blocks, size, RowCounts(preamble=top, rejected=rejected))
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad


def _name(key: str) -> str:
    return next(name for name, pattern in _WHICH.items() if pattern.fullmatch(key))


def _made(head: Head, blocks: list[dict[str, str]], size: int, counts: RowCounts) -> Made:
    columns = {f"c{i}": [b.get(name) or None for b in blocks] for i, name in enumerate(KEYS)}
    counts.read = len(blocks)
    problems = +Counter(record_too_long=counts.rejected, rows_rejected=counts.rejected)
    return Made(head, Rows(pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String)), counts, problems), size)
