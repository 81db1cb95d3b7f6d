"""What was read: ``tool``, ``inputs``, ``tables``, ``columns``."""

from __future__ import annotations

import msgspec

from triage.model.base import Confidence, FileStatus, Struct


class Tool(Struct, frozen=True, kw_only=True):
    """The program that made the result; ``rules_hash`` changes with any byte of any rule."""

    name: str
    version: str
    rules_hash: str
    polars: str


class FileProblem(Struct, frozen=True, kw_only=True):
    """A problem met in a file: a code of ``problems.py``, never a library's text."""

    code: str
    entry: str
    count: int


class FormatCount(Struct, frozen=True, kw_only=True):
    """Files and bytes of one kind."""

    format: str
    files: int
    bytes: int


class InputFile(Struct, frozen=True, kw_only=True):
    """One file of evidence: its path as received, its SHA-256, how far it could be read.

    ``part_of``: the file whose tables it holds a part of, where one file came in several.
    """

    path: str
    bytes: int
    sha256: str | None
    kind: str
    status: FileStatus
    duplicate_of: str | None = None
    part_of: str | None = None
    problems: tuple[FileProblem, ...] = ()


class Inputs(Struct, frozen=True, kw_only=True):
    """The evidence."""

    bytes: int
    files_count: int
    formats: tuple[FormatCount, ...]
    files: tuple[InputFile, ...]


class Part(Struct, frozen=True, kw_only=True):
    """One entry of a table that is spread over several."""

    evidence: str
    entry: str
    rows_total: int


class Lines(Struct, frozen=True, kw_only=True):
    """Lines of a delimited file that are not rows."""

    header: int = 0
    preamble: int = 0
    blank: int = 0
    footer: int = 0


class Estimate(Struct, frozen=True, kw_only=True):
    """What a sample says of the whole, with a 95 % interval."""

    estimate: int
    low: int
    high: int


class Table(Struct, frozen=True, kw_only=True):
    """Rows and columns found in one entry; ``rows_total`` is read + repaired + rejected.

    ``rows_estimated``: rows of the whole table where only a sample of it was read.
    """

    index: int
    evidence: str
    entry: str
    table: str | None
    parts: tuple[Part, ...]
    parent: str | None
    kind: str
    encoding: str | None
    delimiter: str | None
    quote: str | None
    newline: str | None
    header: bool
    columns_count: int
    rows_total: int
    rows_read: int
    rows_repaired: int
    rows_rejected: int
    rows_exact_dup: int
    rows_short: int
    rows_long: int
    sampled: bool
    unit: str
    lines: Lines
    signature: str | None
    rows_estimated: Estimate | None = None


class Candidate(Struct, frozen=True, kw_only=True):
    """A label that was considered and not given."""

    label: str
    confidence: Confidence


class Reason(Struct, frozen=True, kw_only=True):
    """Why a verdict was given: ``n`` of ``of`` cells (or distinct values), and a detail from our own vocabulary."""

    code: str
    detail: str = ""
    n: int | None = None
    of: int | None = None


class Column(Struct, frozen=True, kw_only=True):
    """One column: what it is, how full, how right, and why we say so; ``filled_estimated`` as ``Table.rows_estimated``."""

    table: int
    index: int
    name: str
    label: str
    confidence: Confidence | None
    candidates: tuple[Candidate, ...]
    role: str | None
    class_: str = msgspec.field(name="class")
    art9: bool
    filled: int
    fill_rate: float | None
    matched: int | None
    valid: int | None
    valid_rate: float | None
    distinct: int | None
    distinct_exact: bool
    mentions: dict[str, int]
    reasons: tuple[Reason, ...]
    filled_estimated: Estimate | None = None
