"""What the probe hands to the census, and what the verdict hands to the result: plain frozen data."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple, TypeAlias

import msgspec

from triage.model import Candidate, Confidence, Reason

_ORDER: dict[Confidence, int] = {"validated": 0, "likely": 1, "possible": 2}


class Plain(msgspec.Struct, frozen=True, kw_only=True):
    """Base: immutable, built by keyword, crosses the wire as JSON."""


class Header(Plain, frozen=True, kw_only=True):
    """What a column's name says about one label.

    ``strength``: 3 the name is the word, 2 a run of its words, 1 one word among others, 0 nothing. ``weak`` marks words
    that many other columns bear ("nom", "code"): they support content, they decide nothing alone. ``veto`` is a word
    that rules the label out.
    """

    strength: int = 0
    weak: bool = False
    veto: bool = False

    @property
    def speaks(self) -> bool:
        """The name alone is evidence."""
        return self.strength > 0 and not self.weak and not self.veto


class Hits(Plain, frozen=True, kw_only=True):
    """How the probed cells of one column meet one rule: rows, and distinct values.

    ``rows``/``values`` have the form; ``valid`` rows and ``valid_values`` the key too, ``keyless`` values have no key to
    check (a NIR of 13 characters); ``firm`` rows and ``firm_values``
    have a form that does not need a header to be believed; ``known`` distinct values are in the rule's lexicon;
    ``spread`` is the number of distinct slices the rule asks to vary (birth years of a NIR).
    """

    rows: int = 0
    values: int = 0
    valid: int = 0
    valid_values: int = 0
    keyless: int = 0
    firm: int = 0
    firm_values: int = 0
    known: int = 0
    spread: int = 0


class Shape(Plain, frozen=True, kw_only=True):
    """What the probed cells of one column look like, whatever they mean. Shares are of distinct values.

    ``filled``/``distinct``: probed non-empty cells and distinct values among them. Lengths are in characters,
    ``words`` is the mean number of words of a distinct value.
    """

    filled: int = 0
    distinct: int = 0
    length_min: int = 0
    length_max: int = 0
    length_mean: float = 0.0
    digits: float = 0.0
    letters: float = 0.0
    numbers: float = 0.0
    integers: float = 0.0
    lower: float = 0.0
    upper: float = 0.0
    marks: float = 0.0
    mixed: float = 0.0
    spaced: float = 0.0
    words: float = 0.0
    sentences: float = 0.0
    first_names: float = 0.0
    last_names: float = 0.0
    full_names: float = 0.0
    given: float = 0.0
    common: float = 0.0


# A label of values within cells, its role, the pattern of a cell that holds one.
Inside: TypeAlias = tuple[str, str | None, str]


class ColumnPlan(Plain, frozen=True, kw_only=True):
    """One column of a probed table.

    ``labels`` are those the census counts (the provisional ``label`` first); ``date_format`` is one or several strptime
    formats joined by ``|``, or ``epoch_s``/``epoch_ms``; ``partner`` is the index of the column that completes this one
    (the key beside a 13-digit NIR); ``text`` asks for needles and themes; ``near`` names neighbours that spoke for a
    label; ``persons`` tells whether a column of the table names persons, ``care`` whether the table speaks of care,
    ``site`` whether its rows are places;
    ``scores`` are shares of text labels found by the text scanner;
    ``inside`` are labels of values within cells, each with whose they are and the pattern of a cell that holds one.
    """

    index: int
    name: str
    labels: tuple[str, ...] = ()
    label: str = "unknown"
    confidence: Confidence | None = None
    role: str | None = None
    text: bool = False
    date_format: str | None = None
    partner: int | None = None
    persons: bool = False
    care: bool = False
    site: bool = False
    shape: Shape = Shape()
    headers: dict[str, Header] = {}
    hits: dict[str, Hits] = {}
    near: dict[str, str] = {}
    scores: dict[str, tuple[int, int]] = {}
    inside: tuple[Inside, ...] = ()


class TablePlan(Plain, frozen=True, kw_only=True):
    """The plan of one table; ``bare``: none of the columns that it was made of names anybody or tells how to reach him."""

    columns: tuple[ColumnPlan, ...]
    bare: bool = False


class Verdict(Plain, frozen=True, kw_only=True):
    """Label, confidence and reasons of one column; candidates are the labels that were not given, best first."""

    label: str
    confidence: Confidence | None
    candidates: tuple[Candidate, ...] = ()
    role: str | None = None
    reasons: tuple[Reason, ...] = ()


class Counts(NamedTuple):
    """Rows counted in one column: filled cells, distinct values, and per label cells with the form and with a right key.

    ``health`` are the cells with a health mention, ``personal`` those that speak of a person; None where only the probe has looked.
    """

    filled: int
    distinct: int
    matched: Mapping[str, int]
    valid: Mapping[str, int]
    health: int | None = None
    personal: int = 0


class Opinion(NamedTuple):
    """One label thought of for a column, with the evidence that ranks it."""

    label: str
    confidence: Confidence
    header: int
    rank: int
    reasons: tuple[Reason, ...]

    def order(self) -> tuple[int, int, int, str]:
        """Sorts the surest first, then the loudest name, then the most specific label."""
        return (_ORDER[self.confidence], -self.header, -self.rank, self.label)
