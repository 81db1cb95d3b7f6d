"""Wilson's interval: what a share of a sample says of the whole."""

from __future__ import annotations

import math

# The normal quantile of a 95 % interval.
_Z = 1.96


def interval(n: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: sound for few cells and for shares near 0 and 1 (E. B. Wilson 1927)."""
    share, scale = n / of, 1 + _Z * _Z / of
    middle = (share + _Z * _Z / (2 * of)) / scale
    width = _Z / scale * math.sqrt(share * (1 - share) / of + _Z * _Z / (4 * of * of))
    return max(0.0, middle - width), min(1.0, middle + width)
