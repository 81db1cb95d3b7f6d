"""The time each rule takes on a megabyte made against it.

No rule may take ten times what the middle one takes.

Patterns of rules are Rust's, which go through a text once whatever it is; check digits, gates of length and separators
that are taken out come on top. Made from the rules, so that a new one is measured too. Times are those of the process.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator, Mapping
from itertools import cycle, islice
from statistics import median

import attacks
import polars as pl

from triage import resources, rules
from triage.detect import patterns
from triage.rules import Rule

SIZE = 1 << 20
MOST = 10
_LENGTHS = (30, 300, 3000, 60_000)
_CLASS = re.compile(r"\\[pP]\{[^}]*\}|\\u\{[^}]*\}")


def column(rule: Rule, size: int = SIZE) -> pl.Series:
    """About ``size`` bytes of cells that are nearly what the rule looks for, the same share of them of each length."""
    keyword = rule.value.keyword or ""
    cells: list[str] = []
    for length in _LENGTHS:
        made = [c if keyword in c else c + keyword for c in islice(_cells(rule, length), 60)]
        left = size // len(_LENGTHS)
        for cell in cycle(made):
            cells.append(cell)
            left -= len(cell.encode())
            if left <= 0:
                break
    return pl.Series(cells, dtype=pl.String)


def _cells(rule: Rule, length: int) -> Iterator[str]:
    for shown in rule.examples.match[:4] or ("a",):
        yield shown * max(1, length // len(shown)) + "!"
        yield (shown[:-1] or "a") * max(1, length // len(shown))
    for pattern in filter(None, (rule.value.pattern, rule.value.none, rule.value.firm, rule.value.ambiguous)):
        try:
            yield from islice(attacks.attacks(_CLASS.sub(r"\\w", pattern), 0, length), 40)
        except re.error:
            continue  # a construct of Rust's alone: the examples remain


def asked(rule: Rule, cells: pl.Series) -> pl.DataFrame | None:
    """What the census asks of cells for one rule, as it asks it: their form, and their key where the form holds."""
    strip, cell, bare = rule.value.strip, pl.col("cell"), pl.col("bare")
    shaped = patterns.form(rule, cell, bare)
    if shaped is None:
        return None
    keyed = patterns.key(rule, cell, pl.when(shaped).then(bare))
    without = patterns.stripped(strip, cells) if strip else cells
    wanted = {"form": shaped, "key": keyed}
    return (
        pl.LazyFrame([cells.alias("cell"), without.alias("bare")]).select(e.alias(n) for n, e in wanted.items() if e is not None).collect()
    )


def seconds(rule: Rule, size: int = SIZE) -> float | None:
    """Processor time of the rule on its own column, the best of five; None for one that asks nothing of a cell."""
    cells = column(rule, size)
    found = []
    for _ in range(5):
        started = time.process_time()
        if asked(rule, cells) is None:
            return None
        found.append(time.process_time() - started)
    return min(found)


def shares(found: Mapping[str, Rule]) -> tuple[float, dict[str, float]]:
    """Seconds of the middle rule, and of each rule how many times that it takes."""
    times = {name: taken for name, rule in found.items() if (taken := seconds(rule)) is not None}
    middle = median(times.values())
    return middle, {name: taken / middle for name, taken in times.items()}


def main() -> int:
    """Prints the middle, the dearest and what is slow; 1 where something is."""
    middle, told = shares(rules.load(resources.rules_dir()))
    dearest = max(told, key=lambda name: told[name])
    print(f"rules on 1 MB made against each: {middle * 1000:.1f} ms in the middle, {told[dearest]:.1f} times that for {dearest}")
    slow = [name for name, times in told.items() if times > MOST]
    print("".join(f"  too slow: {name}, {told[name]:.1f} times\n" for name in slow), end="")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
