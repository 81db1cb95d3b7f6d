"""A rule's form and key as polars expressions: no Python per row.

The cell is trimmed and null where nothing stands, as the census and the probe have it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import polars as pl

from triage.detect import compiled, validators

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.rules import Rule


def bare(rule: Rule, cell: pl.Expr) -> pl.Expr:
    """The cell without the separators people put into the value (``strip``): "1 85 06…" becomes "18506…"."""
    strip = rule.value.strip
    return cell.str.replace_all(f"[{re.escape(strip)}]", "") if strip else cell


def stripped(strip: str, cells: pl.Series) -> pl.Series:
    """As ``bare``, for many cells, most of which are whole numbers as they stand."""
    pattern = f"[{re.escape(strip)}]"
    if any(c.isdigit() or c == "+" for c in strip):
        return cells.str.replace_all(pattern, "")
    odd = (cells.cast(pl.UInt64, strict=False).is_null() & cells.is_not_null()).arg_true()
    # A copy: to scatter changes the series in place.
    return cells.clone().scatter(odd, cells.gather(odd).str.replace_all(pattern, "")) if len(odd) else cells


def form(rule: Rule, cell: pl.Expr, stripped: pl.Expr | None = None) -> pl.Expr | None:
    """Whether the whole cell has the label's form, null for null; None for a label without a form of its own.

    ``stripped``: the cell without separators, where that has been worked out.
    """
    value = rule.value
    if not formed(rule):
        return None
    stripped = bare(rule, cell) if stripped is None else stripped
    tests: list[pl.Expr] = []
    if value.min_length or value.max_length:
        tests.append(stripped.str.len_chars().is_between(value.min_length, value.max_length or 1 << 30))
    if value.keyword:
        tests.append(cell.str.contains(value.keyword, literal=True))
    if value.pattern:
        tests.append(stripped.str.contains(whole(value.pattern, ignore_case=value.ignore_case)))
    if value.none:
        tests.append(~cell.str.contains(whole(value.none, ignore_case=value.ignore_case)))
    return pl.all_horizontal(tests)


def formed(rule: Rule) -> bool:
    """Whether the label has a form of its own."""
    value = rule.value
    return bool(value.pattern or value.keyword or value.max_length or value.min_length)


def forms(cells: pl.Series, rules: Mapping[str, Rule]) -> pl.DataFrame:
    """As ``form``, for many rules and cells without nulls: a column a label that has a form."""
    rules = {label: rule for label, rule in rules.items() if formed(rule)}
    frame = freed(cells, rules)
    tried = compiled.contains(frame, {k: v for label, rule in rules.items() for k, v in _patterns(label, rule)})
    return frame.hstack(tried).select(pl.all_horizontal(_tests(label, rule)).alias(label) for label, rule in rules.items())


def _patterns(label: str, rule: Rule) -> Iterator[tuple[str, compiled.Asked]]:
    value = rule.value
    if value.pattern:
        yield f"{label}+", compiled.Asked(f"cell{value.strip}", whole(value.pattern, ignore_case=value.ignore_case))
    if value.none:
        yield f"{label}-", compiled.Asked("cell", whole(value.none, ignore_case=value.ignore_case))


def _tests(label: str, rule: Rule) -> Iterator[pl.Expr]:
    value = rule.value
    if value.min_length or value.max_length:
        yield pl.col(f"chars{value.strip}").is_between(value.min_length, value.max_length or 1 << 30)
    if value.keyword:
        yield pl.col("cell").str.contains(value.keyword, literal=True)
    if value.pattern:
        yield pl.col(f"{label}+")
    if value.none:
        yield ~pl.col(f"{label}-")


def firms(cells: pl.Series, rules: Mapping[str, Rule]) -> pl.DataFrame:
    """As ``firm``, for many rules: a column for each that asks more of a form to believe it without a header."""
    asked = {}
    for label, rule in rules.items():
        if text := rule.value.firm or rule.value.ambiguous:
            asked[label] = compiled.Asked(f"cell{rule.value.strip}", whole(text, ignore_case=rule.value.ignore_case))
    found = compiled.contains(freed(cells, rules), asked)
    return found.with_columns(~pl.col(label) for label in asked if not rules[label].value.firm)


def freed(cells: pl.Series, rules: Mapping[str, Rule]) -> pl.DataFrame:
    """The cells as ``cell``, and without the separators of each rule as ``cell…``, with their numbers of characters as ``chars…``."""
    strips = {"", *(rule.value.strip for rule in rules.values())}
    frame = pl.DataFrame([(stripped(strip, cells) if strip else cells).alias(f"cell{strip}") for strip in sorted(strips)])
    return frame.with_columns(pl.all().str.len_chars().name.replace("^cell", "chars"))


def key(rule: Rule, cell: pl.Expr, stripped: pl.Expr | None = None) -> pl.Expr | None:
    """Whether a cell that has the form also has a right key; None for a label without one."""
    validator = rule.value.validator
    return validators.check(validator, bare(rule, cell) if stripped is None else stripped) if validator else None


def firm(rule: Rule, cell: pl.Expr) -> pl.Expr | None:
    """Whether the form is one that can be believed without a header; None where every form is."""
    value = rule.value
    if value.firm:
        return bare(rule, cell).str.contains(whole(value.firm, ignore_case=value.ignore_case))
    return ~bare(rule, cell).str.contains(whole(value.ambiguous, ignore_case=value.ignore_case)) if value.ambiguous else None


# Letters of living scripts in a few ranges: Unicode's own class has six hundred, and makes a pattern ten times dearer
# to compile. A pattern is compiled for every table.
_ANY_LETTER = r"\p{L}"
_LETTERS = r"[A-Za-z\u{c0}-\u{d6}\u{d8}-\u{f6}\u{f8}-\u{2af}\u{370}-\u{1fff}\u{3040}-\u{d7ff}\u{f900}-\u{fdff}]"


def whole(pattern: str, *, ignore_case: bool = False) -> str:
    """The pattern anchored to the whole cell ("125" inside "SCN-125" is no hit).

    Backslash-d is read as 0-9 (Unicode's other digits are no part of any identifier here) and the class of letters as the
    letters of living scripts.
    """
    digits = pattern.replace(r"\d", "[0-9]")
    # Folding the case of ranges costs more than they save; the class of Unicode is folded already.
    return f"^(?i:{digits})$" if ignore_case else f"^(?s:{digits.replace(_ANY_LETTER, _LETTERS)})$"
