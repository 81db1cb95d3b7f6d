"""A rule's own examples, run through the expressions that the probe and the census use."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from triage.detect import lexicons, patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.rules import Rule


class Failure(NamedTuple):
    """An example that the engine judges otherwise than its rule says."""

    label: str
    value: str
    expected: bool
    why: str

    def __str__(self) -> str:
        asked = "must be found" if self.expected else f"must not be found ({self.why})"
        return f'{self.label}: "{self.value}" {asked}'


def failures(rules: Mapping[str, Rule]) -> list[Failure]:
    """Every example that fails, in the order of the rules; labels of the text scanner are tried by its own tests."""
    return [failure for rule in rules.values() if rule.text is None for failure in _failures(rule)]


def _failures(rule: Rule) -> Iterator[Failure]:
    asked = [(value, True, "") for value in rule.examples.match] + [(e.value, False, e.why) for e in rule.examples.no_match]
    cells = pl.Series("cell", [value for value, _, _ in asked])
    for (value, expected, why), held in zip(asked, holds(rule, cells), strict=True):
        if held is not expected:
            yield Failure(rule.id, value, expected, why)


def holds(rule: Rule, cells: pl.Series) -> list[bool]:
    """Whether each cell has the form, the key where it carries one, and stands in the rule's list where it has one."""
    cell = pl.col("cell")
    tests = [patterns.form(rule, cell), patterns.key(rule, cell)]
    if rule.value.lexicon:
        tests.append(lexicons.listed(lexicons.fold(cell), lexicons.codes(rule.value.lexicon)))
    trimmed = cells.alias("cell").to_frame().with_columns(pl.when(cell != "").then(cell))
    keyless_holds = [t.fill_null(value=n == 1) for n, t in enumerate(tests) if t is not None]
    return trimmed.select(pl.all_horizontal(cell.is_not_null(), *keyless_holds)).to_series().to_list()
