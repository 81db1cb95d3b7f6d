"""The time each rule takes on a megabyte made against it.

No rule may take ten times what the middle one takes or, where that is next to nothing, a tenth of a second.

Patterns of rules are Rust's, which go through a text once whatever it is; check digits, gates of length and separators
that are taken out come on top. Made from the rules, so that a new one is measured too. Times are those of the process.
"""

from __future__ import annotations

import re
import sys
import time
from collections.abc import Iterator
from itertools import cycle, islice
from statistics import median

import attacks
import polars as pl

from triage import resources, rules
from triage.detect import patterns
from triage.rules import Rule

SIZE = 1 << 20
MOST = 10
# A hundred megabytes a second, a third of what reading them takes: the middle rule is below, and ratios to it say little.
FLOOR = 0.01
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


def asked(rule: Rule) -> list[pl.Expr]:
    """What the census asks of a cell for one rule: its form, and its key where the form holds."""
    cell = pl.col("cell")
    shaped, firm = patterns.form(rule, cell), patterns.firm(rule, cell)
    keyed = None if shaped is None else patterns.key(rule, cell, pl.when(shaped).then(patterns.bare(rule, cell)))
    return [e.alias(str(n)) for n, e in enumerate((shaped, keyed, firm)) if e is not None]


def seconds(rule: Rule, size: int = SIZE) -> float:
    """Processor time of the rule on its own column, the best of two."""
    frame, wanted = column(rule, size).to_frame("cell"), asked(rule)
    found = []
    for _ in range(2):
        started = time.process_time()
        frame.select(wanted)
        found.append(time.process_time() - started)
    return min(found)


def main() -> int:
    """Prints the middle, the dearest and what is slow; 1 where something is."""
    times = {name: seconds(rule) for name, rule in rules.load(resources.rules_dir()).items() if asked(rule)}
    middle, dearest = median(times.values()), max(times, key=lambda name: times[name])
    slow = {name: taken for name, taken in sorted(times.items()) if taken > MOST * max(FLOOR, middle)}
    print(f"rules on 1 MB made against each: {middle * 1000:.1f} ms in the middle, {times[dearest] * 1000:.0f} ms for {dearest}")
    for name, taken in slow.items():
        print(f"  too slow: {name}, {taken * 1000:.0f} ms")
    return 1 if slow else 0


if __name__ == "__main__":
    sys.exit(main())
