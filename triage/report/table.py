"""CSV that a spreadsheet can open without being attacked by it."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from triage.text import safe_name

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

# OWASP, CSV injection: a cell that begins so is a formula; the full-width twins are folded into them by some programs.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_LONGEST = 4096  # a path may be that long (PATH_MAX)
_MARK = "\ufeff"  # without it Excel takes UTF-8 for Windows-1252


def write(head: Sequence[str], rows: Iterable[Sequence[object]], *, excel: bool = False) -> str:
    """RFC 4180 with every cell quoted; text that would be a formula gets an apostrophe before it.

    Numbers are written as they are, ``None`` as nothing, booleans as ``true`` and ``false``. French Excel (``excel``)
    reads semicolons and decimal commas, and UTF-8 only behind a mark.
    """
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, delimiter=";" if excel else ",")
    writer.writerow(head)
    writer.writerows([_cell(value, excel=excel) for value in row] for row in rows)
    return (_MARK if excel else "") + out.getvalue()


def _cell(value: object, *, excel: bool) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return f"{value!r}".replace(".", ",") if excel else repr(value)
    text = str(value)
    return safe_name("'" + text if text.startswith(_FORMULA) else text, _LONGEST)
