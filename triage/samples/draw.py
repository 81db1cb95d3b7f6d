"""Random numbers that depend on what they are for, not on when they are asked.

Every number is a hash of (sample, seed, purpose, id): the same person keeps the same name in every row and every block,
a new column changes no other one, and nothing need be kept in memory. The mix is SplitMix64 (Steele, Lea and Flood,
"Fast splittable pseudorandom number generators", OOPSLA 2014) in polars' wrapping 64-bit arithmetic, so a sample is
the same bytes on every machine and version; ``Series.hash`` promises that for one version only.
"""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import accumulate

import polars as pl

_GOLDEN = 0x9E3779B97F4A7C15
_MIX = ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB))


def _mixed(state: pl.Series) -> pl.Series:
    """SplitMix64's finalizer; column by column, since an expression would compute each shared step again."""
    for shift, factor in _MIX:
        state = (state ^ (state // (1 << shift))) * pl.Series([factor], dtype=pl.UInt64)
    return state ^ (state // (1 << 31))


def cumulative(weights: Sequence[float]) -> pl.Series:
    """Upper ends of the intervals of [0, 1) that weights of any scale stand for."""
    total = sum(weights)
    return pl.Series([w / total for w in accumulate(weights)], dtype=pl.Float64)


class Draws:
    """All random choices of one sample."""

    def __init__(self, sample: str, seed: int) -> None:
        self._salt = f"{sample}\0{seed}"

    def words(self, purpose: str, ids: pl.Series) -> pl.Series:
        """64 random bits for each id (UInt64)."""
        key = int.from_bytes(blake2b(f"{self._salt}\0{purpose}".encode(), digest_size=8).digest(), "big")
        return _mixed(ids * pl.Series([_GOLDEN], dtype=pl.UInt64) + pl.Series([key], dtype=pl.UInt64))

    def unit(self, purpose: str, ids: pl.Series) -> pl.Series:
        """A number in [0, 1) for each id."""
        return (self.words(purpose, ids) // (1 << 11)).cast(pl.Float64) * 2.0**-53

    def below(self, purpose: str, ids: pl.Series, bound: int) -> pl.Series:
        """An integer in [0, bound) for each id (Int64)."""
        return ((self.words(purpose, ids) // 2) % bound).cast(pl.Int64)

    def chance(self, purpose: str, ids: pl.Series, probability: float) -> pl.Series:
        """True with a probability, for each id."""
        return self.unit(purpose, ids) < probability

    def index(self, purpose: str, ids: pl.Series, upper: pl.Series) -> pl.Series:
        """A position for each id, by the intervals that ``cumulative`` gave."""
        return place(upper, self.unit(purpose, ids))

    def pick(self, purpose: str, ids: pl.Series, values: Sequence[str] | pl.Series, upper: pl.Series | None = None) -> pl.Series:
        """One of the values for each id, evenly or by intervals."""
        values = values if isinstance(values, pl.Series) else pl.Series(values, dtype=pl.String)
        at = self.below(purpose, ids, len(values)) if upper is None else self.index(purpose, ids, upper)
        return values.gather(at)


def place(upper: pl.Series, numbers: pl.Series) -> pl.Series:
    """The interval each number in [0, 1) falls in; rounding at the upper end stays inside."""
    at = upper.search_sorted(numbers, side="right")
    return at.clip(0, len(upper) - 1)
