"""The only way out for text that came from outside, and how figures are written in each language.

A column header, a file name or a claimant's name is hostile until it passed here: it may forge a terminal line, turn
reading direction, or be a patient. Figures follow the typography of their language: French groups thousands with a
narrow no-break space (U+202F), takes a decimal comma and a no-break space before ``%``.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Callable

Language: TypeAlias = Literal["fr", "en"]

NAME_LENGTH = 120
SMALLEST_COUNT = 11  # smaller counts of themes, places and combinations could point at a person
NARROW, NBSP = "\u202f", "\u00a0"
_REPLACED = "\ufffd"

# Control, format (bidi overrides), surrogate, private use, unassigned, line and paragraph separators: the same list as
# Dangerzone's, for the same reason: none of them is needed to read a name, each of them can forge what is read.
_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

# What a column header never holds and a cell does: a file without header must not print its first record.
_IDENTIFYING = (
    re.compile(r"@[\w-]+\.|\bat\b.+\bdot\b", re.IGNORECASE),  # a mail address
    re.compile(r"(?:\d[ .\-/()+]?){9,}"),  # phone, NIR, SIREN, card, IBAN: nine digits and more, however grouped
    re.compile(r"(?:\d[ .\-]?){5}2[AB][ .\-]?(?:\d[ .\-]?){4,}", re.IGNORECASE),  # a Corsican NIR, letters among its digits
    re.compile(r"\b(?:[0-3]?\d[/.\-][01]?\d[/.\-](?:19|20)?\d{2}|(?:19|20)\d{2}-[01]\d-[0-3]\d)\b"),  # a day
)
# Sheets and tables of backups are named after a day or an hour.
_STAMP = re.compile(
    r"(?<!\d)(?:(?:19|20)\d{2}([ ._-]?)[01]\d\1[0-3]\d|[0-3]\d([./-])[01]\d\2(?:19|20)\d{2})"
    r"(?:[ T._-]?[0-2]\d[ .:h_-]?[0-5]\d(?:[ .:_-]?[0-5]\d)?)?(?!\d)"
)
_LOOKED = 2000  # characters of a header: no more than the first are ever shown
_MOST_PLACES = 9  # one row in a hundred thousand millions
_WORDS = re.compile(r"[^\W\d_]{2,}")
_SAID = re.compile(r"[^\W\d_]\s*[:=]\s*[^\W\d_]")  # a name and a value: "Nom : DUPONT"


def inert(text: str) -> str:
    """The text with every character that could forge output replaced by U+FFFD, at its full length."""
    return "".join(_REPLACED if unicodedata.category(c) in _UNSAFE else c for c in text)


def safe_name(name: str, length: int = NAME_LENGTH) -> str:
    """The name with every character that could forge output replaced by U+FFFD, cut to ``length`` characters.

    Idempotent. Good: ``"N° Sécu"`` is left alone. Bad: one that opens a terminal's escape sequence loses it.
    """
    kept = inert(name)
    return kept if len(kept) <= length else kept[: length - 1] + "…"


def safe_header(name: str, is_name: Callable[[str], bool] | None = None) -> str:
    """The column header made safe, or ``""`` where it looks like a cell.

    ``is_name`` tells whether a folded word (``fold``) is a first or last name; two such words, or one
    behind a colon, make a header a person.
    Good: ``"DATE_NAISS"``. Bad: ``"jean.dupont@free.fr"``, ``"06 12 34 56 78"``, ``"DUPONT Jean"``.
    """
    plain = unicodedata.normalize("NFKC", name[:_LOOKED])
    if any(found.search(plain) for found in _IDENTIFYING):
        return ""
    if is_name is not None and sum(is_name(fold(w)) for w in _WORDS.findall(plain)) > (_SAID.search(plain) is None):
        return ""
    return safe_name(name)


def safe_title(name: str, is_name: Callable[[str], bool] | None = None) -> str:
    """The name of a table made safe, or ``""`` where it looks like a cell, as keys of JSON may.

    As ``safe_header``, but for days and hours. Good: ``"backup_20240131_2359"``. Bad: ``"clients.jean.dupont@free.fr"``.
    """
    return safe_name(name) if not name or safe_header(_STAMP.sub("_", name[:_LOOKED]), is_name) else ""


def escaped(json: str) -> str:
    """JSON that says the same, with every character that could forge output by its number: names of files in it stay exact."""
    odd = {ord(c) for c in set(json) if unicodedata.category(c) in _UNSAFE} - {ord("\n")}
    return json.translate({n: "".join(f"\\u{unit:04x}" for unit in _utf16(n)) for n in odd})


def _utf16(code: int) -> tuple[int, ...]:
    """A character as JSON escapes it: above the basic plane it is two surrogates (RFC 8259, §7)."""
    return (code,) if code < 0x10000 else (0xD800 + (code - 0x10000 >> 10), 0xDC00 + (code & 0x3FF))  # noqa: PLR2004 - UTF-16


def fold(word: str) -> str:
    """Upper case without accents, as the name lists are written: ``"Hélène"`` gives ``"HELENE"``."""
    return "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c)).upper()


def suppress(n: int, limit: int = SMALLEST_COUNT) -> int | None:
    """The count, or ``None`` from 1 to ``limit`` - 1; zero tells nothing of anybody and stays."""
    return None if 0 < n < limit else n


def number(n: int, language: Language) -> str:
    """An exact count: ``491 840`` in French (narrow no-break space), ``491,840`` in English."""
    return f"{n:,}".replace(",", NARROW if language == "fr" else ",")


def decimal(x: float, places: int, language: Language) -> str:
    """A number with fixed decimals: ``5,0`` in French, ``5.0`` in English."""
    text = f"{x:,.{places}f}"
    return text.replace(",", NARROW).replace(".", ",") if language == "fr" else text


def percent(share: float, language: Language) -> str:
    """A share of 0-1 in percent, never rounded to 0 or 100 unless it is: ``11,9 %``, ``0,0052 %``, ``99,998 %``.

    One decimal, dropped when it is 0; as many as needed near 0 and 100.
    """
    points = share * 100
    places = next((p for p in range(1, _MOST_PLACES) if _tells(points, p)), _MOST_PLACES)
    digits = decimal(points, places, "en").rstrip("0").removesuffix(".")
    if language == "en":
        return digits + "%"
    return digits.replace(",", NARROW).replace(".", ",") + NBSP + "%"


def _tells(points: float, places: int) -> bool:
    """Whether so many decimals keep the percentage apart from 0 and 100 and show two digits of a small one."""
    if points in (0, 100):
        return True
    shown = round(points, places)
    return 0 < shown != 100 and (shown >= 1 or shown >= 10 * 10**-places)  # noqa: PLR2004 - percent


def about(n: int) -> int:
    """An estimate to three significant digits: 479 812 gives 480 000, 999 stays."""
    return n if n == 0 else round(n, 3 - len(str(abs(n))))


def volume(size: int, language: Language) -> str:
    """Bytes in decimal units with one decimal from a kilobyte on: ``187 Mo``, ``1.9 GB``."""
    units = ("o", "ko", "Mo", "Go", "To") if language == "fr" else ("B", "kB", "MB", "GB", "TB")
    amount, unit = float(size), 0
    while amount >= 999.5 and unit < len(units) - 1:  # noqa: PLR2004 - from here three digits would round to four
        amount, unit = amount / 1000, unit + 1
    places = 0 if unit == 0 or amount >= 99.95 else 1  # noqa: PLR2004 - the same
    return decimal(amount, places, language) + NBSP + units[unit]
