"""Raw cells to judged cells: trimmed, the words for "nothing" made null, giants judged on their beginning."""

from __future__ import annotations

import polars as pl

# What exports write for "nothing" beside an empty cell: MySQL's \N, SQL's NULL (CONTRACT §2, `filled`).
WORDS = ("\\N", "NULL")
# Fixed-width exports fill cells with NUL; blanks, tabs and no-break spaces are stripped anyway.
NUL = "\x00"


def judged(frame: pl.DataFrame, limit: int, *, plain: bool) -> tuple[pl.DataFrame, int]:
    """The same frame with trimmed cells, null where nothing stands, and how many cells were cut.

    Shapes: (rows, columns) of String in and out; ``limit`` is in bytes. ``plain``: no cell holds NUL or one of WORDS,
    which spares looking for them. Only columns that hold a giant pay for its cutting.
    """
    every = pl.all()
    trimmed = frame.select(every.str.strip_chars())
    if not plain:
        trimmed = trimmed.select(every.str.strip_chars(NUL).str.strip_chars())
    longest = trimmed.select(every.str.len_bytes().max()).row(0) if trimmed.height else ()
    giants = [name for name, size in zip(trimmed.columns, longest, strict=False) if (size or 0) > limit]
    cut = sum(int((trimmed[name].str.len_bytes() > limit).sum()) for name in giants)
    if giants:
        # A quarter of the limit in characters is never more than the limit in UTF-8 bytes.
        whole = pl.col(giants)
        trimmed = trimmed.with_columns(pl.when(whole.str.len_bytes() > limit).then(whole.str.slice(0, limit // 4)).otherwise(whole))
    filled = every != ""
    if not plain:
        filled = filled & (every != WORDS[0]) & (every != WORDS[1])
    return trimmed.select(pl.when(filled).then(every)), cut
