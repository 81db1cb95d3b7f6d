"""A finished scan, read again, and its exit code: what a script must know without reading the report.

The first that applies: 4 internal error, 2 usage, 3 incomplete, 1 the severity asked about is reached, 0. The first
two are found where they happen (``cli.py``), the others follow from the result.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import get_args

import msgspec

from triage.model import SCHEMA_VERSION, Band, Limit, Result
from triage.problems import PROBLEMS

BANDS: tuple[Band, ...] = get_args(Band)

DONE = 0
REACHED = 1
INCOMPLETE = 3

WAIVED = "unreadable_skipped"
_VERSION = re.compile(r"\d{1,4}(\.\d{1,4}){0,2}")  # anything else may be a text that forges the terminal


def incomplete(result: Result) -> bool:
    """True where a readable kind was not read whole: what was counted is a part, and must not pass for the whole."""
    return any(PROBLEMS[p.code].incomplete for p in result.problems)


def waive(result: Result) -> Result:
    """The result, saying among its limits that the user accepted an incomplete scan (``--skip-unreadable``)."""
    if not incomplete(result):
        return result
    return msgspec.structs.replace(result, limits=(*result.limits, Limit(code=WAIVED)))


def exit_code(result: Result, fail_on: Band | None) -> int:
    """The exit code of a finished scan."""
    waived = any(limit.code == WAIVED for limit in result.limits)
    if incomplete(result) and not waived:
        return INCOMPLETE
    if fail_on is not None and BANDS.index(result.severity.enisa.band) >= BANDS.index(fail_on):
        return REACHED
    return DONE


class _Versioned(msgspec.Struct):
    """What every impact.json states, whatever its version."""

    schema_version: str


def load(path: Path) -> Result:
    """The result in an ``impact.json``.

    Raises:
        ValueError: the file cannot be opened, is of another schema version or of another shape; the decoder's message
            is dropped, it quotes the file.
    """
    try:
        data = path.read_bytes()
        version = msgspec.json.decode(data, type=_Versioned).schema_version
        if version == SCHEMA_VERSION:
            return msgspec.json.decode(data, type=Result)
    except (OSError, UnicodeDecodeError, msgspec.MsgspecError, RecursionError):
        raise ValueError(f"not an impact.json of schema {SCHEMA_VERSION}") from None
    told = version if _VERSION.fullmatch(version) else "unknown"
    raise ValueError(f"its schema version is {told}, this triage reads {SCHEMA_VERSION}: use the version of triage that wrote it")


# Sentences that say that something was not read.
_UNREAD = frozenset({"S1.unread", "S1.incomplete", "S1.random"})


def headline(result: Result) -> str:
    """What is said where the reports go to a folder: the headline, and what was not read, a sentence a line."""
    sentences = getattr(result.summary, result.language)
    return "\n".join(s.text for s in sentences if s.id.partition(".")[0] == "S0" or s.id in _UNREAD)
