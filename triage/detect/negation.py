"""Cues around a health mention: negated, supposed, about a relative, or an allergen (`rules/themes/cues.toml`).

A cue speaks of mentions of its own clause that stand within its reach: characters of folded text, where words are two
spaces apart (about 8 a word). Everything is done on columns: a fill finds the nearest cue on either side.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Final

import polars as pl

from triage.detect.folding import SIGNS, expand

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# Kinds of literals, after those of themes.py.
BREAK, NO_CUE, NOT_BEFORE, NOT_AFTER, MAYBE_BEFORE, MAYBE_AFTER, KIN_BEFORE, KIN_AFTER, KIN_LIST, ALLERGEN = range(16, 26)
NAMED_BEFORE, NAMED_AFTER, VOICE = range(26, 29)

# Reaches: a list of illnesses, five words, two words, nothing between.
_LIST, _FAR, _NEAR, _NEXT = 120, 44, 18, 4
_KINDS: Final = {
    ("negated", "before"): (NOT_BEFORE, _FAR),
    ("negated", "next"): (NOT_BEFORE, _NEXT),
    ("negated", "after"): (NOT_AFTER, _NEAR),
    ("negated", "answer"): (NOT_AFTER, _NEXT),
    ("supposed", "before"): (MAYBE_BEFORE, _FAR),
    ("supposed", "after"): (MAYBE_AFTER, _NEAR),
    ("family", "before"): (KIN_BEFORE, _FAR),
    ("family", "next"): (KIN_BEFORE, _NEXT),
    ("family", "list"): (KIN_LIST, _LIST),
    ("family", "after"): (KIN_AFTER, _FAR),
    ("allergen", "before"): (ALLERGEN, _NEAR),
    ("elsewhere", "before"): (NAMED_BEFORE, _NEAR),
    ("elsewhere", "after"): (NAMED_AFTER, _NEAR),
}
# Themes (by number) that laboratories ask for in one breath: HIV and STI, hepatitis.
_SEROLOGIES: Final = (0, 1)
# These speak of the word before them and end nothing.
_ANSWERS = "?:="


def cues(path: Path) -> Iterator[tuple[str, int, int]]:
    """Every cue of the file and every sign that ends a clause: phrase, kind, reach. ValueError for an unknown key."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    yield from ((sign, BREAK, 0) for sign in SIGNS if sign not in _ANSWERS)
    yield from ((word, BREAK, 0) for word in data.pop("breaks"))
    yield from ((form, NO_CUE, 0) for phrase in data.pop("no_cue") for form in expand(phrase))
    yield from ((form, VOICE, 0) for phrase in data.pop("voice") for form in expand(phrase))
    for state, lists in data.items():
        for key, phrases in lists.items():
            if (state, key) not in _KINDS:
                msg = f"{path.name}: unknown list {state}.{key}; known ones are {', '.join(map('.'.join, _KINDS))}"
                raise ValueError(msg)
            kind, reach = _KINDS[state, key]
            yield from ((form, kind, reach) for phrase in phrases for form in expand(phrase))


def states(events: pl.DataFrame) -> pl.DataFrame:
    """``events`` with ``negated``, ``supposed``, ``family``, ``allergen``, ``elsewhere`` (Boolean): what the words around say.

    In: one row a literal found, sorted by ``cell`` then ``at`` (offset), with ``end``, ``kind``, ``reach``, ``theme``.
    """
    other = (pl.col("cell") != pl.col("cell").shift(1)).fill_null(value=True)
    clause = (other | ((pl.col("kind") == BREAK) & ~_enumerated())).cum_sum()
    sentence = (other | pl.col("literal").is_in([" . ", " ; "])).cum_sum()
    return events.with_columns(clause.alias("clause"), sentence.alias("sentence")).with_columns(
        negated=_before(NOT_BEFORE) | _after(NOT_AFTER),
        supposed=_before(MAYBE_BEFORE) | _after(MAYBE_AFTER),
        family=_before(KIN_BEFORE) | _after(KIN_AFTER) | _before(KIN_LIST, within="sentence"),
        # "allergique (aspirine)": the bracket ends a clause, not the sense.
        allergen=_before(ALLERGEN, within="cell"),
        elsewhere=_before(NAMED_BEFORE) | _after(NAMED_AFTER),
    )


def _enumerated() -> pl.Expr:
    """A comma between two serologies: "VIH, VHB, VHC négatives" is one statement, "pas de diabète, HTA" two."""
    listed = pl.col("theme").is_in(_SEROLOGIES).fill_null(value=False)
    comma = pl.col("literal") == " , "
    close = (pl.col("at") - pl.col("end").shift(1) <= _NEXT) & (pl.col("at").shift(-1) - pl.col("end") <= _NEXT)
    return (comma & listed.shift(1) & listed.shift(-1) & close).fill_null(value=False)


def _before(kind: int, within: str = "clause") -> pl.Expr:
    """A cue of ``kind`` stands before, in the same clause, and reaches here. Rows are in order: a fill finds the nearest."""
    cue = pl.col("kind") == kind
    clause = pl.when(cue).then(pl.col(within)).forward_fill()
    until = pl.when(cue).then(pl.col("end") + pl.col("reach")).forward_fill()
    return ((clause == pl.col(within)) & (pl.col("at") < until)).fill_null(value=False)


def _after(kind: int) -> pl.Expr:
    """The same for a cue that follows what it speaks of."""
    cue = pl.col("kind") == kind
    clause = pl.when(cue).then(pl.col("clause")).backward_fill()
    since = pl.when(cue).then(pl.col("at") - pl.col("reach")).backward_fill()
    return ((clause == pl.col("clause")) & (pl.col("end") > since)).fill_null(value=False)
