"""Every limit, its default and its reason."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace


def _limit(default: int, reason: str) -> int:
    made: int = field(default=default, metadata={"reason": reason})
    return made


@dataclass(frozen=True)
class Limits:
    """Bounds of one run; ``--limit NAME=VALUE`` sets one."""

    segment_bytes: int = _limit(20 << 20, "unit of work: larger ones are hardly faster, small ones keep memory flat")
    head_bytes: int = _limit(1 << 20, "bytes looked at to find kind, encoding, dialect and header")
    probe_rows: int = _limit(4000, "rows of the probe")
    columns: int = _limit(4096, "more is no table; the first are scanned and the rest is said")
    cell_bytes: int = _limit(64 << 10, "a cell is judged on its beginning, so that one cell cannot hold the scan")
    record_bytes: int = _limit(24 << 20, "a record above this is rejected with a count")
    resync_bytes: int = _limit(1 << 20, "where an unclosed quote is given up and records are sought again")
    distinct: int = _limit(65_536, "distinct values per column counted exactly; an estimate above")
    persons: int = _limit(5_000_000, "persons counted exactly; an estimate with its error above")
    smallest_count: int = _limit(11, "themes, places, combinations and minors below it are suppressed")
    depth: int = _limit(64, "elements of XML, folders of Outlook within each other: no export goes deeper")
    nesting: int = _limit(8, "containers within containers: deeper nesting is a bomb or a quine")
    members: int = _limit(1_000_000, "members of one archive, pages of one document")
    ratio: int = _limit(200, "bytes unpacked from one packed byte; text packs 20 to 1 at the most, a bomb 1,000 to 1")
    ratio_free_bytes: int = _limit(64 << 20, "bytes unpacked before the ratio is looked at")
    spool_bytes: int = _limit(64 << 20, "an entry up to this size is held in memory where its format seeks; larger ones are unpacked again")
    database_bytes: int = _limit(512 << 20, "a database inside an archive, which is held whole: SQLite has no other way to read bytes")
    document_bytes: int = _limit(256 << 20, "text of a DOCX or ODT with its markup: a book has a two-hundredth of it")
    attached_bytes: int = _limit(24 << 20, "bytes attached to one message of Outlook: what mail servers let pass")
    window_bytes: int = _limit(256 << 20, "memory a decompressor may ask for: xz -9 and zstd --ultra -22 take less")
    sheet_cells: int = _limit(5_000_000, "cells of a sheet that are read at once; larger ones are streamed, slower and in flat memory")
    rows_per_byte: int = _limit(
        10_000, "rows of Parquet for a byte of its file: a run of one value takes next to nothing, a bomb is all runs"
    )
    worker_bytes: int = _limit(2 << 30, "address space of a worker, beside the size of the largest file, which may be mapped")
    start_seconds: int = _limit(120, "a worker that has not started by then never will, on the slowest machine")
    stall_seconds: int = _limit(120, "without a byte read or a segment counted: a file that hangs its reader does not hang the run")
    total_seconds: int = _limit(86_400, "one file, all in all: a reader that crawls ends too")
    frame_bytes: int = _limit(64 << 20, "one message from a worker: thousands of columns take a tenth of it")
    answer_bytes: int = _limit(4 << 30, "all that a worker says of one file: sketches of five million persons take an eighth of it")
    table_members: int = _limit(1_000_000, "files listed from one argument")

    def with_values(self, values: dict[str, int]) -> Limits:
        """These limits with some values replaced; an unknown name raises KeyError."""
        known = {f.name for f in fields(self)}
        if unknown := sorted(set(values) - known):
            raise KeyError(unknown[0])
        return replace(self, **values)
