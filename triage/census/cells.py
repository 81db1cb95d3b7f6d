"""Raw cells to judged cells: trimmed, the words for "nothing" made null, giants judged on their beginning."""

from __future__ import annotations

import polars as pl

# A padded or fixed-width export fills cells with blanks, tabs, no-break spaces or NUL.
PADDING = " \t\r\n\x00\u00a0"
# What exports write for "nothing": MySQL's \N, SQL's NULL (CONTRACT §2, `filled`).
NOTHING = ("", "\\N", "NULL")


def judged(frame: pl.DataFrame, limit: int) -> tuple[pl.DataFrame, dict[str, int]]:
    """The same frame with trimmed cells, null where nothing stands, and how many cells were cut, by column.

    Shapes: (rows, columns) of String in and out; ``limit`` is in bytes. Only columns that hold a giant pay for it.
    """
    trimmed = frame.select(pl.all().str.strip_chars(PADDING))
    longest = trimmed.select(pl.all().str.len_bytes().max()).row(0) if trimmed.height else ()
    giants = [name for name, size in zip(trimmed.columns, longest, strict=False) if (size or 0) > limit]
    cut = {name: int((trimmed[name].str.len_bytes() > limit).sum()) for name in giants}
    if giants:
        # A quarter of the limit in characters is never more than the limit in UTF-8 bytes.
        whole = pl.col(giants)
        trimmed = trimmed.with_columns(pl.when(whole.str.len_bytes() > limit).then(whole.str.slice(0, limit // 4)).otherwise(whole))
    every = pl.all()
    filled = (every != NOTHING[0]) & (every != NOTHING[1]) & (every != NOTHING[2])
    return trimmed.select(pl.when(filled).then(every)), cut
