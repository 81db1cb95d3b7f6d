"""Spreadsheets: every sheet, hidden ones too; dates as dates; the header wherever it stands.

python-calamine reads them whole and fast, but holds a sheet as a full rectangle: one cell far out makes a small file
huge. So a workbook's cells are counted first, and one that is large or sparse is read as it streams (``xlsx_stream``).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

import python_calamine as calamine

from triage import exhausted
from triage.entry import EntryError
from triage.readers import grid, xlsx_stream

if TYPE_CHECKING:
    from triage.readers import Job, Made

READS = ("xlsx", "xlsb", "xls", "ods")
KIND = "spreadsheet"
DESCRIPTION = "spreadsheets: XLSX, XLSM, XLSB, XLS, ODS; every sheet, hidden ones too"

_TEXT = 1 << 18  # bytes; a cell has 32,767 characters at the most, and each that shares a longer one would get its own copy
_MIDNIGHT = dt.time()


def segments(job: Job) -> Iterator[Made]:
    """The segments of all sheets."""
    stream = job.entry.seekable(job.options.limits)
    if job.shape.format == "xlsx":
        most = job.options.limits.sheet_cells
        workbook = xlsx_stream.Workbook(stream, job.options.limits.cell_bytes + 1)  # one more tells that it was cut
        if workbook.cells(most) > most or workbook.text() > _TEXT:
            for name in workbook.sheets:
                yield from grid.sheet(job, name, _streamed(job, workbook, name))
            return
        stream.seek(0)
    try:
        book = calamine.load_workbook(stream)
        names = book.sheet_names
    except calamine.PasswordError:
        raise EntryError("encrypted") from None
    except Exception as error:  # noqa: BLE001 - its text may quote a cell
        raise EntryError(exhausted.code(error, "corrupt")) from None
    for name in names:
        yield from grid.sheet(job, name, _rows(job, book, name))


def _streamed(job: Job, workbook: xlsx_stream.Workbook, name: str) -> Iterator[list[str | None]]:
    try:
        yield from workbook.rows(name)
    except EntryError as error:
        job.entry.problems[error.code] += 1


def _rows(job: Job, book: calamine.CalamineWorkbook, name: str) -> Iterator[list[str | None]]:
    try:
        for row in book.get_sheet_by_name(name).iter_rows():
            yield [text(cell) for cell in row]
    except Exception as error:  # noqa: BLE001 - as above; the other sheets may be sound
        job.entry.problems[exhausted.code(error, "corrupt")] += 1


def text(cell: object) -> str | None:
    """A cell as a spreadsheet's user would write it: whole numbers without a fraction, dates as ISO 8601."""
    if isinstance(cell, str):
        return cell or None
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)  # noqa: PLR2004 - exact in a double
    if isinstance(cell, dt.datetime):
        return str(cell.date()) if cell.time() == _MIDNIGHT else cell.isoformat(" ")
    return None if cell is None else str(cell)
