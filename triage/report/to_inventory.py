"""inventory.csv: one line a file. The only report but impact.json that names files: a file name may be a patient."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.report import table

if TYPE_CHECKING:
    from triage.model import Result
    from triage.report import Style

FILE = "inventory.csv"
_HEAD = ("path", "bytes", "sha256", "kind", "status", "duplicate_of", "problems")


def render(result: Result, style: Style) -> str:
    """Problems are codes with their count, joined by ``|``."""
    rows = (
        (f.path, f.bytes, f.sha256, f.kind, f.status, f.duplicate_of, "|".join(f"{p.code}={p.count}" for p in f.problems))
        for f in result.inputs.files
    )
    return table.write(_HEAD, rows, excel=style.excel)
