"""``triage explain``: why a column got its label, with every count that weighed and the threshold it was held against."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import text
from triage.report.sections import Words
from triage.summary.figures import Count, Noun, Share, Text, Value, Word

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.model import Column, Reason, Result
    from triage.rules import Rule
    from triage.text import Language

# The threshold of a rule that each kind of reason is held against: with the column's name on its side, and without.
_HELD = {"form": ("header_share", "min_share"), "key": ("header_key_share", "key_share"), "lexicon": ("header_known_share", "known_share")}
_SPOKEN = frozenset({"header_exact", "header_run", "neighbour"})


def find(result: Result, wanted: str) -> list[Column]:
    """The columns called so: by name, by number within any table (from 1), or by ``TABLE:NUMBER`` (both from 1)."""
    named = [c for c in result.columns if c.name and c.name == wanted]
    if named:
        return named
    table, _, number = wanted.rpartition(":")
    if not number.isdecimal() or (table and not table.isdecimal()):
        return []
    return [c for c in result.columns if c.index + 1 == int(number) and (not table or c.table + 1 == int(table))]


def explain(result: Result, column: Column, language: Language, rules: Mapping[str, Rule]) -> str:
    """A few lines on one column; ``rules`` are those of the scan, for their thresholds."""
    return "\n".join(_lines(column, Words(result, language), rules.get(column.label))) + "\n"


def _lines(c: Column, words: Words, rule: Rule | None) -> Iterator[str]:
    values: dict[str, Value] = {"number": Text(str(c.index + 1)), "table": Text(str(c.table + 1)), "name": Text(c.name)}
    yield words.say("why.column" if c.name else "why.unnamed", values)
    confidence = Word("confidence", c.confidence) if c.confidence else Word("confidence", "none")
    yield "  " + words.say("why.verdict", {"noun": Noun(c.label), "label": Text(c.label), "confidence": confidence})
    if c.role:
        yield "  " + words.say("why.role", {"role": Word("role", c.role)})
    yield "  " + words.say("why.filled", {"n": Count(c.filled), "share": Share(c.fill_rate or 0), "distinct": _distinct(c)})
    for reason in c.reasons:
        yield "  " + why(reason, words)
        yield from _held(reason, c, words, rule)
    yield "  " + _runners_up(c, words)


def _distinct(c: Column) -> Count:
    return Count(c.distinct or 0, about=not c.distinct_exact)


def why(reason: Reason, words: Words) -> str:
    """A reason in words; its code where the language file lacks it."""
    values: dict[str, Value] = {"detail": Word("detail", reason.detail), "noun": Noun(reason.detail)}
    if reason.n is None or not reason.of:
        return words.say_or(f"why.{reason.code}", values, reason.code)
    values |= {"n": Count(reason.n), "of": Count(reason.of), "share": Share(reason.n / reason.of)}
    return words.say_or(f"why.{reason.code}", values, reason.code)


def _held(reason: Reason, c: Column, words: Words, rule: Rule | None) -> Iterator[str]:
    """The threshold of the rule, where the reason has one; lower where the name or a neighbour speaks too."""
    if rule is None or reason.code not in _HELD:
        return
    spoken = any(r.code in _SPOKEN for r in c.reasons)
    least = getattr(rule.decide, _HELD[reason.code][0 if spoken else 1])
    if least:
        yield "    " + words.say("why.held_spoken" if spoken else "why.held", {"share": Share(least)})


def _runners_up(c: Column, words: Words) -> str:
    if not c.candidates:
        return words.say("why.no_other", {})
    said = [f"{words.title(x.label)} ({words.said('confidence', x.confidence)})" for x in c.candidates]
    return words.say("why.others", {"list": Text(text.safe_name("; ".join(said), 400))})
