r"""Logs as tables, a line a row: who asked for what, from where, when.

What a page was asked with (``?email=…&token=…``) and the pairs of ``key=value`` lines are columns of their own, named as they are
named: those that the beginning of the log shows. Nothing else of a line is lost: the address stands whole in ``url``, other pairs
in ``pairs``, and a line of another form (a trace, a message of several lines) in the last column.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import partial
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage.readers import Job, Rows, whole_lines
from triage.sniff import encoding, logs
from triage.tally import RowCounts

if TYPE_CHECKING:
    from collections.abc import Iterator

READS = tuple(logs.FORMS)
KIND = "log"
DESCRIPTION = "logs: access logs (common, combined, nginx) with the parameters of their addresses, syslog, key=value, time and level"

_MOST = 48  # parameters or keys that are columns
_ASKED = re.compile(r"[?&]([A-Za-z_][\w.\[\]-]{0,40})=")
_KEYS = re.compile(rf"(?:^|\s)({logs.KEY})=")
_MONTHS = {
    f"/{name}/": f"/{n:02}/"
    for n, name in enumerate(["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"], 1)
}
# Escapes of addresses that stand within values: one query for all of them.
_ESCAPES = {f"%{n:02X}": chr(n) for n in range(0x20, 0x7F)}


def segments(job: Job) -> Iterator[LogSegment]:
    """The one table of a log."""
    base = logs.columns(job.shape.format)
    limits = job.options.limits
    head = encoding.decode(job.entry.head(limits.head_bytes, limits)[job.shape.bom :], job.shape.encoding)
    asked = _names(head, job.shape.format)
    shape = msgspec.structs.replace(job.shape, kind=KIND, names=(*base, *asked), width=len(base) + len(asked))
    return whole_lines.segments(job, shape, partial(LogSegment))


def _names(head: str, form: str) -> list[str]:
    """Parameters, or keys, from the commonest down."""
    found = {"log_access": _ASKED, "log_keys": _KEYS}.get(form)
    return [name for name, _ in Counter(found.findall(head)).most_common(_MOST)] if found else []


class LogSegment(whole_lines.LineSegment):
    """Whole lines of a log."""

    def read(self) -> Rows:
        """The rows; a line of another form is a row whose last column holds it, and counts as short."""
        shape, piece = self.head.shape, self.piece
        base = logs.columns(shape.format)
        data = piece.data.decode("utf-8", "replace")
        lines = pl.DataFrame({"line": data.split("\n")}, schema={"line": pl.String}).select(pl.col("line").str.strip_suffix("\r"))
        filled = lines.filter(pl.col("line").str.strip_chars() != "")
        cells = filled.select("line", pl.col("line").str.extract_groups(logs.FORMS[shape.format]).alias("cells")).unnest("cells")
        odd = pl.all_horizontal(pl.col(base).is_null())
        short = int(cells.select(odd.sum()).item())
        whole = pl.when(odd).then(pl.col("line")).otherwise(pl.col(base[-1]).str.strip_chars_start()).alias(base[-1])
        # "-" is how a server writes nothing.
        told = [pl.when(_written(n).is_in(["", "-"])).then(None).otherwise(_written(n)).alias(n) for n in base]
        frame = cells.with_columns(whole).with_columns(told)
        asked = [_value(shape.format, name).alias(f"c{len(base) + n}") for n, name in enumerate(shape.names[len(base) :])]
        frame = frame.select(*(pl.col(n).alias(f"c{i}") for i, n in enumerate(base)), *asked)
        blank = lines.height - filled.height - (data.endswith("\n") or not data)
        counts = RowCounts(read=frame.height, rejected=piece.rejected, short=short, blank=blank)
        problems = Counter(bad_bytes=data.count("\ufffd") - piece.data.count("\ufffd".encode()), rows_short=short)
        return Rows(frame, counts, problems + self.rejected)


def _written(name: str) -> pl.Expr:
    """A column as it is written, the time of a web server as everybody else writes one."""
    if name != "time":
        return pl.col(name)
    return pl.col(name).str.replace_many(_MONTHS).str.replace(r"^(\d\d)/(\d\d)/(\d{4}):(\d\d:\d\d:\d\d).*$", "$3-$2-$1 $4")


def _value(form: str, name: str) -> pl.Expr:
    """What a parameter or a key was given, null where it stands not."""
    if form == "log_access":
        raw = pl.col("url").str.extract(rf"[?&]{re.escape(name)}=([^&#]*)")
        found = raw.str.replace_all("+", " ", literal=True).str.replace_many(list(_ESCAPES), list(_ESCAPES.values()))
    else:
        found = pl.col("pairs").str.extract(rf'(?:^|\s){re.escape(name)}=("(?:[^"\\]|\\.)*"|\S*)').str.strip_chars('"')
    return pl.when(found != "").then(found)
