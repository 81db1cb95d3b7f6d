"""Combo lists: ``mail:password`` and ``url:login:password``, a line each; a password may hold the colon too."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage.readers import Job, Rows, whole_lines
from triage.sniff.lists import FORMS
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

READS = ("combo_mail", "combo_url")
KIND = "combo"
DESCRIPTION = "combo lists: mail:password and url:login:password, a line each"
NAMES = {"combo_mail": ("email", "password"), "combo_url": ("url", "login", "password")}


def segments(job: Job) -> Iterator[ComboSegment]:
    """The one table of a list. Its columns have names because its form says what they are."""
    names = NAMES[job.shape.format]
    shape = msgspec.structs.replace(job.shape, kind=KIND, delimiter=":", names=names, width=len(names))
    return whole_lines.segments(job, shape, ComboSegment)


class ComboSegment(whole_lines.LineSegment):
    """Whole lines of a list."""

    def read(self) -> Rows:
        """The rows; a line of another form is a row whose first cell holds all of it, and counts as repaired."""
        shape, piece = self.head.shape, self.piece
        columns = [f"c{i}" for i in range(shape.width)]
        data = piece.data.decode("utf-8", "replace")
        lines = pl.DataFrame({"line": data.split("\n")}, schema={"line": pl.String}).select(pl.col("line").str.strip_suffix("\r"))
        filled = lines.filter(pl.col("line").str.strip_chars() != "")
        pattern = f"(?i)^{FORMS[shape.format].pattern}$"
        cells = filled.select(
            pl.col("line"), pl.col("line").str.extract_groups(pattern).struct.rename_fields(columns).alias("cells")
        ).unnest("cells")
        odd = pl.col(columns[0]).is_null()
        repaired = int(cells.select(odd.sum()).item())
        frame = cells.with_columns(pl.when(odd).then(pl.col("line")).otherwise(pl.col(columns[0])).alias(columns[0])).select(columns)
        blank = lines.height - filled.height - (data.endswith("\n") or not data)
        counts = RowCounts(read=frame.height - repaired, repaired=repaired, rejected=piece.rejected, short=repaired, blank=blank)
        problems = Counter(
            bad_bytes=data.count("\ufffd") - piece.data.count("\ufffd".encode()),
            rows_short=repaired,
        )
        return Rows(frame, counts, problems + self.rejected)
