"""Wilson's interval: what a share of a sample says of the whole."""

from __future__ import annotations

import math

# The normal quantile of a 95 % interval.
Z = 1.96


def interval(n: int, of: int) -> tuple[float, float]:
    """Wilson's 95 % interval of a share: sound for few cells and for shares near 0 and 1 (E. B. Wilson 1927)."""
    share, scale = n / of, 1 + Z * Z / of
    middle = (share + Z * Z / (2 * of)) / scale
    width = Z / scale * math.sqrt(share * (1 - share) / of + Z * Z / (4 * of * of))
    return max(0.0, middle - width), min(1.0, middle + width)
