"""Strings that make a backtracking pattern slow, made from the pattern.

What leads to each repetition, then the repeated many times, then an end that does not match: a repetition is slow where
something beside it or within it takes the same characters. So each is fed with its own body, and with each character that
the whole pattern knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from re import _constants as codes  # type: ignore[attr-defined] # the parser is there, and in no stub
from re import _parser as parser  # type: ignore[attr-defined] # as above
from typing import Any, TypeAlias

# Nodes of ``re``'s own parser, which states no types.
Node: TypeAlias = Any

KILLER = "\x00"  # what no sensible pattern ends with
_CATEGORIES = {
    codes.CATEGORY_DIGIT: "0",
    codes.CATEGORY_NOT_DIGIT: "a",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_WORD: ".",
}
_REPEATS = (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT)
_MANY = 8  # a repetition that may come more often


def attacks(pattern: str, flags: int, size: int) -> Iterator[str]:
    """Texts of about ``size`` characters against a pattern."""
    tree = parser.parse(pattern, flags)
    units = sorted(set(_characters(tree)))
    seen = set()
    for lead, body in _repetitions(tree, ""):
        for unit in [body, *units]:
            if unit and (made := lead + unit * (size // len(unit)) + KILLER) not in seen:
                seen.add(made)
                yield made
    for unit in units:
        yield unit * size + KILLER


def _repetitions(tree: Node, lead: str) -> Iterator[tuple[str, str]]:
    """For each long repetition, the shortest text that leads to it and its body."""
    for op, value in tree:
        if op in _REPEATS:
            _, most, body = value
            if most > _MANY:
                yield lead, _shortest(body)
            yield from _repetitions(body, lead)
        else:
            for branch in _within(op, value):
                yield from _repetitions(branch, lead)
        lead += _shortest([(op, value)])


def _within(op: Node, value: Node) -> list[Node]:
    if op is codes.BRANCH:
        return list(value[1])
    if op is codes.SUBPATTERN:
        return [value[-1]]
    if op is codes.ATOMIC_GROUP:
        return [value]
    if op in {codes.ASSERT, codes.ASSERT_NOT}:
        return [value[1]]
    if op is codes.GROUPREF_EXISTS:
        return [branch for branch in value[1:] if branch is not None]
    return []


def _shortest(tree: Node) -> str:
    """A short text that the pattern takes, about."""
    out = ""
    for op, value in tree:
        if op is codes.LITERAL:
            out += chr(value)
        elif op in {codes.NOT_LITERAL, codes.ANY, codes.IN}:
            out += next(_characters([(op, value)]), "a")
        elif op in _REPEATS:
            out += _shortest(value[2]) * max(1, value[0])
        elif op not in {codes.ASSERT, codes.ASSERT_NOT}:
            branches = _within(op, value)
            out += _shortest(branches[0]) if branches else ""
    return out


def _characters(tree: Node) -> Iterator[str]:
    """A character of each kind that the pattern names."""
    for op, value in tree:
        if op is codes.LITERAL:
            yield chr(value)
        elif op is codes.NOT_LITERAL:
            yield "b" if value == ord("a") else "a"
        elif op is codes.ANY:
            yield "a"
        elif op is codes.IN:
            yield from _members(value)
        elif op in _REPEATS:
            yield from _characters(value[2])
        else:
            for branch in _within(op, value):
                yield from _characters(branch)


def _members(members: Node) -> Iterator[str]:
    if members[0][0] is codes.NEGATE:
        inner = re.compile("[^" + "".join(re.escape(c) for c in _members(members[1:])) + "]")
        yield from [c for c in "a0 .-_" if inner.match(c)][:2]
        return
    for op, value in members:
        if op is codes.LITERAL:
            yield chr(value)
        elif op is codes.RANGE:
            yield chr(value[0])
        elif op is codes.CATEGORY:
            yield _CATEGORIES[value]
