"""Patterns tried where they stay compiled.

To compile a pattern costs what trying it on ten thousand cells costs. polars keeps the last 32 of each thread, and a probe tries a
hundred and fifty in turn, of which none would be met again. So each pattern has a thread of its own here, shared with few others.
"""

from __future__ import annotations

from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Mapping

# Patterns of a thread, below what polars keeps; threads, above which patterns of large packs are compiled again.
_KEPT, _THREADS = 28, 16
_homes: dict[str, int] = {}


class Asked(NamedTuple):
    """A pattern, and the column whose cells shall hold it."""

    column: str
    pattern: str


def contains(frame: pl.DataFrame, asked: Mapping[str, Asked]) -> pl.DataFrame:
    """A Boolean column for each name in ``asked``, null for null; the height of ``frame``."""
    by_home: defaultdict[int, list[pl.Expr]] = defaultdict(list)
    for name, (column, pattern) in asked.items():
        by_home[_homes.setdefault(pattern, len(_homes) // _KEPT % _THREADS)].append(pl.col(column).str.contains(pattern).alias(name))
    # In sequence: what polars does side by side it does in threads of its own.
    done: list[Future[pl.DataFrame]] = [_thread(home).submit(frame.select_seq, exprs) for home, exprs in by_home.items()]
    return pl.concat([one.result() for one in done], how="horizontal") if done else pl.DataFrame()


@cache
def _thread(number: int) -> ThreadPoolExecutor:
    return ThreadPoolExecutor(1, thread_name_prefix=f"patterns-{number}")
