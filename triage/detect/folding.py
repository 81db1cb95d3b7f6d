"""Text as the scanner of free text sees it: lower case, no accents, every word and sign set apart.

Two spaces stand between words and one at each end, so that the literal `` vih `` can only be a whole word and two
neighbours never share the space between them. One pass of Aho-Corasick over literals then does what a regular
expression with word boundaries does many times slower (measured: 5,600 literals over 8 MB in 0.09 s).
"""

from __future__ import annotations

import re
import string
import unicodedata
from itertools import product
from typing import TYPE_CHECKING

import polars as pl

if TYPE_CHECKING:
    from collections.abc import Iterator

# Signs that end a clause (a negation does not reach beyond them) and signs that speak of the word before them
# ("grossesse ?", "allergie : non", "grossesse = 0") stay, as words of their own; all others part words.
SIGNS = ".;,!()[]{}|?:="
_LETTERS = {"œ": "oe", "Œ": "OE", "æ": "ae", "Æ": "AE", "ß": "ss", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "µ": "u", "μ": "u"}
# How laboratories write a result: "HIV (-)"; and forms a question: "Grossesse (O/N) : N".
_RESULTS = {"(-)": "  negatif  ", "(+)": "  positif  "} | dict.fromkeys(("(O/N)", "(o/n)", "(oui/non)", "(Oui/Non)", "(OUI/NON)"), "  ")
_BRACES = re.compile(r"\{([^{}]*)\}")
_SPACES = "\u00a0\u2007\u2009\u202f‘’–—…«»“”"


def _table(*, lower: bool) -> dict[str, str]:
    """Character (or a laboratory's sign) to its replacement: ASCII letters and digits stay, Latin letters lose their accents."""
    # The longest first: among what begins at one place the first listed wins.
    made = _RESULTS | dict.fromkeys(string.punctuation + string.whitespace + _SPACES, "  ")
    made |= {c: f"  {c}  " for c in SIGNS} | dict.fromkeys("\n\r", "  .  ")
    for code in range(0xC0, 0x180):
        base = "".join(c for c in unicodedata.normalize("NFKD", chr(code)) if not unicodedata.combining(c))
        if base.isascii():
            made[chr(code)] = base
    made |= _LETTERS
    if lower:
        made = {c: to.lower() for c, to in made.items()} | {c: c.lower() for c in string.ascii_uppercase}
    return made


_LOWER = _table(lower=True)
_CASED = _table(lower=False)


def fold(cells: pl.Series, *, lower: bool = True) -> pl.Series:
    """Cells (String) as padded folded text of the same height; ``lower=False`` keeps capitals at the same offsets.

    "Mère diabétique, VIH ?" becomes `` mere  diabetique  ,    vih    ?   ``.
    """
    table = _LOWER if lower else _CASED
    text = cells.str.replace_many(list(table), list(table.values()), leftmost=True)
    return pl.DataFrame({"text": text}).select(pl.concat_str(pl.lit(" "), "text", pl.lit(" "))).to_series()


def settle(text: pl.Series) -> pl.Series:
    """Folded text with exactly two spaces between words, and ASCII only, so that byte offsets are characters."""
    return text.str.replace_all(r"[^ -~]", " ").str.replace_all(r" {3,}", "  ")


def expand(word: str) -> Iterator[str]:
    """The forms of a word written with braces, as a shell does: ``sourd{,e,s}`` is sourd, sourde, sourds."""
    parts = _BRACES.split(word)
    for choice in product(*(part.split(",") if n % 2 else [part] for n, part in enumerate(parts))):
        yield "".join(choice)


def literals(phrases: pl.Series) -> pl.Series:
    """Words and phrases of a vocabulary as they stand in settled text: `` charge  virale ``."""
    bare = settle(fold(phrases)).str.strip_chars(" ")
    return pl.DataFrame({"text": bare}).select(pl.concat_str(pl.lit(" "), "text", pl.lit(" "))).to_series()
