"""What identifies inside text.

NIR, IBAN and card number with a right key, e-mail address, French phone number, a person's name; RPPS, birth date, street
address and password where words beside them say what they are.

A comment such as "rappeler au 06 12 34 56 78" leaks as much as a phone column. Digits in text are many, so what has a
key must pass it; a phone number has none and must stand alone among non-digits.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from triage.detect import iban, persons, validators

NEEDLES: Final = ("nir", "iban", "card", "email", "phone", "full_name", "rpps", "birth_date", "address", "password")
# Those that have a key, or words that leave no doubt, and say more of a person than how to write to him: they weigh.
WEIGHTY: Final = ("nir", "iban", "card", "password")
# Where no column names anybody (notes, letters, mails without their heads), what reaches or describes a person in a text is all there is.
REACHING: Final = ("email", "phone", "birth_date", "address")

# Five digits close together: what every needle but the e-mail holds. Most comments fail here, at the cost of one pass.
_DIGITS = r"\d(?:[ .\-/()]?\d){4}"
_EMAIL = r"[A-Za-z0-9._%+\-]+@(?:[A-Za-z0-9\-]+\.)+[A-Za-z]{2,24}\b"
# National or +33, ten digits by pairs, one separator at most between pairs; digits beside it would make it a longer number.
_PHONE = r"(?:^|[^\d.\-\s+]|[^\d]\s|[^\d\s][.\-])(?:(?:\+|00)33[ .\-]?(?:\(0\)[ .\-]?)?[1-9]|0[ ]?[1-9])(?:[ .\-/]?\d{2}){4}(?:\D|$)"
# Sex, year, month, département, commune, order, key; spaces, dots or dashes between the groups.
_NIR = r"\b[1-478][ .\-]?\d{2}[ .\-]?\d{2}[ .\-]?(?:\d{2}|2[ABab])[ .\-]?\d{3}[ .\-]?\d{3}[ .\-]{0,3}(?:(?i:cl[eé])[ :]{0,3})?\d{2}\b"
_NIR_BARE = r"^[1-478]\d{2}(?:0[1-9]|1[0-2]|[23]\d|4[0-2]|[5-9]\d)(?:0[1-9]|[1-8]\d|9\d|2A|2B)\d{8}$"
_IBAN = r"\b(?i)[A-Z]{2}\d{2}(?:[ \-]?[A-Z0-9]{1,4}){3,9}"
_CARD = r"\b(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|3[47]\d{2}|6\d{3})(?:[ \-]?\d{4}[ \-]?\d{4}[ \-]?\d{4}|[ \-]?\d{6}[ \-]?\d{5})\b"
# One number in ten has the key: it is a card's where it stands in groups, or where the text speaks of paying.
_GROUPED = r"\b(?:4\d{3}|5[1-5]\d{2}|2[2-7]\d{2}|6\d{3})[ \-]\d{4}[ \-]\d{4}[ \-]\d{4}\b|\b3[47]\d{2}[ \-]\d{6}[ \-]\d{5}\b"
_PAID = r"(?i)\b(?:cartes?|cb|cards?|visa|mastercard|amex|paiement|payment|pay[ée]|cvv|cvc|d[ée]bit|pan)\b"
# Eleven figures from 10 on, beside the word or a doctor.
_RPPS = r"\b8?10\d{9}\b"
_CARER = r"(?i)\brpps\b|\b(?:dr|pr)\b|docteur|m[ée]decin|praticien|prescri|sage[- ]femme|infirmi|pharmacien|chirurgien"
# "née MARTIN le 12/03/1962", "DDN : 12.03.62", "date de naissance 1962-03-12".
_DAY = (
    r"(?:[0-3]?\d[/. \-][01]?\d[/. \-](?:(?:18|19|20)\d\d|\d\d)|(?:18|19|20)\d\d-[01]\d-[0-3]\d"
    r"|[0-3]?\d(?:er)? (?:janv|f[ée]vr|mars|avr|mai|juin|juil|ao[ûu]t|sept|oct|nov|d[ée]c)[a-zé]*\.? (?:18|19|20)\d\d)"
)
_BORN = (
    r"(?i)(?:\bn[ée]e?(?:\(e\))?\s(?:[\p{L}'’ \-]{1,40}\s)?(?:le|en)\s?:?\s?"
    r"|\b(?:ddn|dob|naissance|naiss|birth ?date|born(?: on)?)\b\s?[.:=]?\s{0,2}(?:le |on )?)" + _DAY + r"\b"
)
_BIRTHS = ("né ", "née ", "né(e)", "nee ", "ne le", "naiss", "ddn", "dob", "born", "birth")
# A number, a word for a street, a name; what may also be counted ("2 places de parking") needs a capital.
_OF = r"(?i:de la|de l['’]|du|des?|d['’]|les?|la|l['’])"
_ADDRESS = (
    r"\b\d{1,4}(?:\s?(?:bis|ter|quater|[A-D]\b))?,?\s"
    r"(?:(?i:rue|r\.|avenue|av\.|ave|bd|bld|boulevard|impasse|imp\.?|chemin|all[ée]e|square|lotissement|faubourg|rond-point)"
    rf"\s(?:{_OF}\s?)?\p{{L}}{{2}}"
    rf"|(?i:place|pl\.?|cours|route|rte|quai|av|all|r[ée]sidence)\s(?:{_OF}\s?)?\p{{Lu}}\p{{L}}{{2}})"
)
_STREETS = (
    "rue", "r.", "avenue", "av", "bd", "bld", "boulevard", "impasse", "imp", "chemin", "allée", "allee", "all ", "square", "lotissement",
    "faubourg", "rond-point", "place", "pl ", "pl. ", "cours", "route", "rte", "quai", "résidence", "residence",
)  # fmt: skip
# "mdp : Soleil35": a word with a figure after the name for it; "mot de passe : oublié" tells none.
_TOLD = (
    r"(?i)\b(?:mots? de passe|mdp|password|passwd|pwd|passcode)\b(?:\s(?:est|is|actuel|temporaire|provisoire))?"
    r"\s{0,2}[:=]?\s{0,2}[\"'«]?\s?[^\s\d]{0,20}\d\S*"
)
_PASSWORDS = ("mot de passe", "mots de passe", "mdp", "passw", "pwd", "passcode")
# The shortest of them has five characters.
_FIVE = r"\S{5,}$"
# A country's structure without its end: capitals that follow the number ("... 106 BIC AGRIFRPP") are not part of it.
_IBAN_START = iban.STRUCTURE.removesuffix("$")


def find(cells: pl.Series) -> pl.DataFrame:
    """One Boolean column a needle (``needle:nir`` …), same height and order as ``cells`` (String, no nulls)."""
    rows = len(cells)
    gated = _where(cells, _DIGITS)
    flags = {
        "nir": _marks(gated, rows, _NIR, _KEYS["nir"]),
        "iban": _marks(gated, rows, _IBAN, _KEYS["iban"]),
        "card": _marks(gated, rows, _GROUPED, _KEYS["card"])
        | _marks(gated.filter(pl.col("text").str.contains(_PAID)), rows, _CARD, _KEYS["card"]),
        "email": cells.str.contains("@", literal=True) & cells.str.contains(_EMAIL),
        "phone": _set(rows, gated["row"].filter(gated["text"].str.contains(_PHONE))),
        "full_name": persons.find(cells),
        "rpps": _marks(gated.filter(pl.col("text").str.contains(_CARER)), rows, _RPPS, _KEYS["rpps"]),
        "birth_date": _beside(_where(cells, r"\d\d"), rows, _BIRTHS, _BORN),
        "address": _beside(_where(cells, r"\d\D"), rows, _STREETS, _ADDRESS),
        "password": _passwords(cells),
    }
    return pl.DataFrame([flags[name].alias(f"needle:{name}") for name in NEEDLES])


def _where(cells: pl.Series, pattern: str) -> pl.DataFrame:
    """``row`` and ``text`` of the cells in which the pattern is."""
    at = cells.str.contains(pattern).arg_true()
    return pl.DataFrame({"row": at, "text": cells.gather(at)})


def _beside(gated: pl.DataFrame, rows: int, words: tuple[str, ...], pattern: str) -> pl.Series:
    """Rows where the pattern is, sought in the cells that hold one of the words it cannot do without."""
    worded = gated.filter(pl.col("text").str.contains_any(list(words), ascii_case_insensitive=True))
    return _set(rows, worded["row"].filter(worded["text"].str.contains(pattern)))


def _passwords(cells: pl.Series) -> pl.Series:
    """Rows that tell a password after the word for it."""
    at = cells.str.contains_any(list(_PASSWORDS), ascii_case_insensitive=True).arg_true()
    told = cells.gather(at).str.extract(_TOLD, 0)
    return _set(len(cells), at.filter(told.str.contains(_FIVE).fill_null(value=False)))


def _set(rows: int, at: pl.Series) -> pl.Series:
    """A Boolean series, true at the row numbers ``at``."""
    return pl.repeat(value=False, n=rows, eager=True).scatter(at, values=True)


def _marks(gated: pl.DataFrame, rows: int, pattern: str, key: pl.Expr) -> pl.Series:
    """Rows where a candidate of ``pattern``, stripped of separators, has a right key."""
    found = gated.select("row", pl.col("text").str.extract_all(pattern).alias("value")).explode("value").drop_nulls("value")
    bare = found.with_columns(pl.col("value").str.replace_all(r"[^A-Za-z0-9]|(?i:cl[eé])", "").str.to_uppercase())
    return _set(rows, bare.filter(key)["row"].unique())


_VALUE = pl.col("value")
_KEYS: Final = {
    # Commune and order are never zero; `validators.nir` checks the key alone.
    "nir": _VALUE.str.contains(_NIR_BARE) & ~_VALUE.str.contains("^.{7}000|^.{10}000") & validators.nir(_VALUE),
    "iban": iban.valid(_VALUE.str.extract(_IBAN_START, 0)),
    "card": validators.luhn(_VALUE),
    "rpps": validators.luhn(_VALUE.str.slice(-11)),
}
