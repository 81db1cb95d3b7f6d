"""The little grammar that sentences need: number, articles, elision, lists, dates.

French: plural from 2 (0 and 1 are singular), ``le/la/l'`` by the noun's gender and first sound, ``de`` elided before
a vowel, ``1er`` for the first of a month. English: singular for 1 alone.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, NamedTuple

from triage.text import NARROW, NBSP

if TYPE_CHECKING:
    from collections.abc import Sequence

    from triage.text import Language

# Endings of French nouns that are feminine but for a few, which the language file lists.
_FEMININE = ("tion", "sion", "xion", "té", "ie", "ance", "ence", "ure", "ette", "ée", "esse", "ise", "ille")
# h and y that are sounded: no elision ("le handicap", "le hachage", "le yen").
_NO_ELISION = ("handicap", "hach", "hash", "haut", "hors", "hobby", "yen", "yaourt", "oui", "onze")
_MONTHS = {
    "fr": ("janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"),
    "en": ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December"),
}
_AND = {"fr": "et", "en": "and"}
_BEFORE = re.compile(r" ([;?!])")
_WORD = re.compile(r"[^\W\d_]+")


def is_plural(n: int, language: Language) -> bool:
    """Whether a noun after this count takes its plural: ``0 ligne``, ``1 ligne``, ``2 lignes``; ``0 rows``, ``1 row``."""
    return abs(n) > 1 if language == "fr" else n != 1


def starts_with_vowel(phrase: str) -> bool:
    """Whether ``le`` and ``de`` are elided before the phrase: ``adresse``, ``hôpital``; not ``RPPS``, ``handicap``, ``1er``."""
    first = unicodedata.normalize("NFKD", phrase[:1]).upper()[:1]
    if not first or phrase.lower().startswith(_NO_ELISION):
        return False
    # A lone capital U, H or Y of an abbreviation is spelt with a consonant ("l'IBAN", "l'INS", but "le UUID", "le HIV").
    return first in ("AEIO" if phrase[1:2].isupper() else "AEIOUHY")


class Nouns(NamedTuple):
    """French nouns that do not follow their ending: in gender, and in number."""

    odd_gender: frozenset[str] = frozenset()
    singular: frozenset[str] = frozenset()


def definite(phrase: str, nouns: Nouns) -> str:
    """The French phrase after its article: ``le NIR``, ``la date de naissance``, ``l’adresse``, ``les coordonnées``.

    The gender is the one that the head noun's ending announces, unless ``nouns`` says otherwise; so a new rule needs
    nothing but its title.
    """
    found = _WORD.match(phrase)
    head = found.group() if found else ""
    if head.islower() and head.endswith(("s", "x")) and head not in nouns.singular:
        return "les " + phrase
    if starts_with_vowel(phrase):
        return "l’" + phrase
    feminine = head.endswith(_FEMININE) != (head in nouns.odd_gender)
    return ("la " if feminine else "le ") + phrase


def of(phrase: str) -> str:
    """The French phrase after ``de``: ``de mars 2015``, ``d’octobre 2020``."""
    return ("d’" if starts_with_vowel(phrase) else "de ") + phrase


def enumerate_words(words: Sequence[str], language: Language, joint: str = "") -> str:
    """``a, b et c``; with ``,`` or ``;`` as joint that alone; with ``x|y``: ``a, x b, y c``.

    >>> enumerate_words(["the NIR", "e-mail", "phone"], "en", "else|then")
    'the NIR, else e-mail, then phone'
    """
    if joint in (",", ";"):
        return typeset(f" {joint} " if joint == ";" and language == "fr" else joint + " ", language).join(words)
    first, _, between = joint.partition("|")
    if between:
        return f", {first} ".join(x for x in (words[0], f", {between} ".join(words[1:])) if x)
    *others, last = words or ("",)
    return f"{', '.join(others)} {_AND[language]} {last}" if others else last


def day(iso: str, language: Language, preposition: str = "") -> str:
    """An ISO day, month or year in words, after ``from``, ``to``, ``of``, ``the`` or nothing.

    ``2020-10`` gives ``d’octobre 2020`` (of), ``à octobre 2020`` (to); ``2015-01-01`` gives ``du 1er janvier 2015`` (from).
    """
    year, month, date = (*iso.split("-"), "", "")[:3]
    words = " ".join(w for w in (_ordinal(date, language), _MONTHS[language][int(month) - 1] if month else "", year) if w)
    if language == "en":
        return f"{preposition} {words}" if preposition in ("from", "to") else words
    return _after(preposition, words, exact=bool(date))


def _ordinal(date: str, language: Language) -> str:
    if not date:
        return ""
    return "1er" if language == "fr" and date == "01" else str(int(date))


def _after(preposition: str, words: str, *, exact: bool) -> str:
    """The French preposition with a day (``du``, ``au``, ``le``) or with a month or year (``de``, ``à``)."""
    if exact:
        return {"from": "du ", "of": "du ", "to": "au ", "the": "le "}.get(preposition, "") + words
    if preposition in ("from", "of"):
        return of(words)
    return ("à " if preposition == "to" else "") + words


def typeset(template: str, language: Language) -> str:
    """The template with the typography of its language: curly apostrophes, French no-break spaces.

    Done on templates, not on sentences, so that a column's name is shown as it is.
    """
    text = re.sub(r"(?<=\w)'(?=[\w{«])", "’", template)
    if language == "en":
        return text
    text = _BEFORE.sub(NARROW + r"\1", text)
    return (
        text.replace(" :", NBSP + ":")
        .replace("« ", "«" + NBSP)
        .replace("§ ", "§" + NBSP)
        .replace(" »", NBSP + "»")
        .replace(" %", NBSP + "%")
    )
