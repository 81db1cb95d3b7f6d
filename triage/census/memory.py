"""What was told of the values of earlier segments, by their hash; never a value.

Towns, comments and names of drugs come again over a file and from file to file. Remembering saves work and changes nothing:
two segments that are counted at once may each tell of a value.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable

    import polars as pl

# Values remembered of one question, in some 50 bytes each.
_REMEMBERED = 200_000


class Memory:
    """Answers to questions about values, each of which means the same whatever the table."""

    def __init__(self) -> None:
        self._known: dict[Hashable, pl.DataFrame] = {}

    def told(self, question: Hashable, values: pl.DataFrame, tell: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
        """What ``tell`` says of each of the ``values``, which have a ``hash``, in their order; it is asked of new ones alone."""
        known = self._known.get(question)
        fresh = values if known is None else values.join(known, on="hash", how="anti", maintain_order="left")
        fresh = fresh.unique("hash", maintain_order=True)
        if fresh.height or known is None:
            told = fresh.select("hash").hstack(tell(fresh))
            known = told if known is None else known.vstack(told).rechunk()
            if known.height <= _REMEMBERED:
                self._known[question] = known
        return values.select("hash").join(known, on="hash", how="left", maintain_order="left").drop("hash")


@lru_cache(maxsize=1)
def shared(seed: int, rules: str) -> Memory:  # noqa: ARG001 - what hashes and answers depend on
    """The memory of this process, begun anew where values are hashed by another seed or judged by other rules."""
    return Memory()
