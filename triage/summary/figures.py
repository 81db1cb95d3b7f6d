"""What a sentence is made of, before any language: figures, words of closed lists, names of labels.

A section builds a ``Draft`` once; each language says it with its own template. So the two languages cannot differ in
a figure.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True)
class Count:
    """A count, exact or (``about``) an estimate, maybe with its interval; ``unit`` is a word of the ``units`` list, said with it."""

    n: int
    about: bool = False
    unit: str | None = None
    low: int | None = None
    high: int | None = None


@dataclass(frozen=True)
class Share:
    """A share of 0-1, said in percent, with its interval where a sample gave it."""

    x: float
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Decimal:
    """A number with fixed decimals."""

    x: float
    places: int = 1


def plain(x: float, least: int = 0) -> Decimal:
    """A score with the decimals it has (two at most, for quarters) and ``least`` at least: 1, 0.75, 5.0."""
    return Decimal(x, next((p for p in (least, 1, 2) if p >= least and round(x, p) == x), 2))


@dataclass(frozen=True)
class Volume:
    """A number of bytes."""

    n: int


@dataclass(frozen=True)
class When:
    """An ISO day, month or year."""

    iso: str


@dataclass(frozen=True)
class Word:
    """A word of a closed list of the language file; a key that the list lacks is said as it is."""

    table: str
    key: str


@dataclass(frozen=True)
class Noun:
    """The name of a label."""

    label: str


@dataclass(frozen=True)
class Theme:
    """The name of a health theme."""

    id: str


@dataclass(frozen=True)
class Text:
    """Text that is the same in every language: a place, a mail domain, a safe column name."""

    text: str


@dataclass(frozen=True)
class Listing:
    """Parts said one after the other, each with the template named by its key."""

    parts: tuple[Part, ...]

    @property
    def count(self) -> Count:
        """How many parts: verbs agree with it."""
        return Count(len(self.parts))


Value: TypeAlias = Count | Share | Decimal | Volume | When | Word | Noun | Theme | Text | Listing


@dataclass(frozen=True)
class Part:
    """A template's key and its values."""

    key: str
    values: Mapping[str, Value]


@dataclass(frozen=True)
class Draft:
    """A sentence before its language: the template's key is its id, ``fields`` the JSON paths of its figures.

    ``interval``: its figures are intervals where only a sample was read; ``mark`` is the template said before it.
    """

    id: str
    values: Mapping[str, Value]
    fields: tuple[str, ...]
    interval: bool = False
    mark: str | None = None


def part(key: str, /, **values: Value) -> Part:
    """A part by keyword: ``part("S3.name", noun=Noun("nir"))``."""
    return Part(key, values)


def listing(parts: Iterable[Part]) -> Listing:
    """Parts one after the other."""
    return Listing(tuple(parts))
