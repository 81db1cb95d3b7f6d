"""How a medicine is taken, read in the cell as written: strength ("1000 mg") and posology ("1 cp matin et soir").

Shapes: Series of String in, Series of Boolean of the same height out.
"""

from __future__ import annotations

import polars as pl

# What posology never goes without: a moment, a frequency or an interval. One literal search spares the rest the regexes.
_GATE = (
    "matin", "midi", "soir", "coucher", "jour", "/j", "/ j", "fois", "toutes les", "x1", "x2", "x3", "x4", "x 1", "x 2", "x 3", "x 4",
    "/24", "/sem", "/ sem", "/4h", "/6h", "/8h", "/12h", "/ 6 h", "/ 8 h", "daily", "a day", "morning", "evening", "bedtime", "night",
)  # fmt: skip
_NUMBER = r"(?:\d+(?:[.,/]\d+)?|½|¼|une?|deux|trois)"
# Forms a medicine is counted in: with them a bare "/j" is enough. Grams and millilitres are also food and rainfall.
_FORM = (
    r"(?:cps?|cprs?|comp|comprim[ée]s?|g[ée]l|g[ée]lules?|caps?|capsules?|sach|sachets?|amp|ampoules?|gouttes?|gttes?|gtt|bouff[ée]es?|"
    r"inhalations?|doses?|dosettes?|pulv|pulv[ée]risations?|suppos?|suppositoires?|ovules?|patchs?|inj|injections?|applications?|mesures?|"
    r"c(?:uill[èe]res?)?\.?\s?(?:à|a)\.?\s?(?:c(?:af[ée])?|s(?:oupe)?)|UI|unit[ée]s?|tablets?|pills?|puffs?|drops?)"
)
_MASS = r"(?:mg|g|µg|μg|mcg|ug|ml|UI|U)"
_MOMENT = r"(?:(?:le |au |à |in the |at )?(?:matins?|midis?|soirs?|coucher|morning|evening|bedtime|night))"
_DAY, _WEEK = r"j(?:our|r)?", r"sem(?:aine)?"
_TIMES = (
    rf"(?:[x×*]\s?\d\s?(?:/|par)\s?(?:{_DAY}|24\s?h|{_WEEK})|\d\s?(?:fois|x)\s?(?:/|par)?\s?(?:{_DAY}|{_WEEK}|mois)\b|"
    r"(?:une|deux|trois) fois par (?:jour|semaine|mois)|toutes\s+les\s+\d+\s?h(?:eures)?|/\s?\d+\s?h|"
    r"(?:once|twice|three times) (?:a day|daily)|\d times (?:a day|daily))"
)
_A_DAY = rf"(?:/\s?{_DAY}|par\s+(?:jour|semaine|mois)|a day|daily|/\s?{_WEEK})"
_GAP = r"\b[^\n;|]{0,25}?"
_TAKEN = (
    rf"(?i)(?:^|[^\w.,]){_NUMBER}\s?"
    rf"(?:{_FORM}{_GAP}(?:\b{_MOMENT}|{_TIMES}|{_A_DAY}|[x×]\s?[1-6])|{_MASS}{_GAP}(?:\b{_MOMENT}|{_TIMES}))\b"
)
# Whole cells that say only how often: "1 matin et soir", "2/j", "1-0-1", "3 fois par jour pendant 7 jours".
_SPAN = r"(?:\s*,?\s*(?:pdt|pendant|durant|pour|QSP|x)?\s*\d+\s?(?:j(?:ours?|r)?|sem(?:aines?)?|mois))?"
_IF = r"(?:\s*,?\s*(?:si besoin|si douleurs?|if needed))?"
_PART = rf"(?:{_NUMBER}\s?(?:{_FORM}\s?)?(?:{_MOMENT}|{_TIMES}|{_A_DAY}))"
_ONLY = rf"(?i)^(?:{_PART}(?:\s*(?:[,+]|et|and)?\s*(?:{_PART}|{_MOMENT}))*|{_TIMES}){_SPAN}{_IF}$"
_DOSE = r"[0-4](?:[.,/][0-9])?"
_SCHEMA = rf"^{_DOSE}\s?-\s?{_DOSE}\s?-\s?{_DOSE}(?:\s?-\s?[0-4])?$"
# Beside a drug name, looser signs are enough.
_WORDS = ("matin", "midi", "soir", "coucher", "morning", "evening", "bedtime", "night", "fois par", "daily", "a day", "qsp", "si besoin")
_LOOSE = (
    rf"(?i)(?:\b{_MOMENT}\b|{_TIMES}|[x×]\s?[1-6]\b|\d\s?{_A_DAY}|(?:^|[^\d\-])[0-4]\s?-\s?[0-4]\s?-\s?[0-4](?:[^\d\-]|$)|\bQSP\b|"
    rf"\b\d+\s?{_FORM}\b|\bsi besoin\b|\b(?:pdt|pendant)\s+\d+\s?(?:j|sem|mois))"
)
_STRENGTH = (
    rf"(?i)(?:^|[^\w.,])\d+(?:[.,]\d+)?\s?(?:{_MASS}|MUI|mmol|%)"
    r"(?:\s?/\s?(?:\d+(?:[.,]\d+)?\s?)?(?:ml|h|24h|kg|dose|j|jour|mg|g))?(?:[^\w]|$)"
)


def dosage(cells: pl.Series, drug: pl.Series) -> pl.Series:
    """Cells that hold a strength, among those with a ``drug``: "500 g" of flour means nothing."""
    return _among(cells, drug, _STRENGTH).alias("dosage")


def loose(cells: pl.Series, drug: pl.Series) -> pl.Series:
    """Cells with any sign of a way of taking, among those with a ``drug``: each holds a digit or one of a few words."""
    return _among(cells, drug & cells.str.contains_any([*"0123456789", *_WORDS], ascii_case_insensitive=True), _LOOSE)


def posology(cells: pl.Series) -> pl.Series:
    """A struct of two Booleans: ``form``, a quantity of a form or a unit and when to take it; ``often``, a whole cell of how often.

    "1 cp matin et soir" has the form, "3 fois par jour" and "1-0-1" say how often; "500 g de farine",
    "12 rue du Matin" and "2021-01-1" are neither.
    """
    gated = cells.str.contains_any(list(_GATE), ascii_case_insensitive=True)
    often = _among(cells, gated, _ONLY) | cells.str.contains(_SCHEMA)
    return pl.DataFrame({"form": _among(cells, gated, _TAKEN), "often": often}).to_struct("posology")


def _among(cells: pl.Series, gate: pl.Series, pattern: str) -> pl.Series:
    """``pattern`` looked for where ``gate`` is true only."""
    at = gate.arg_true()
    hits = at.filter(cells.gather(at).str.contains(pattern))
    return pl.repeat(value=False, n=len(cells), eager=True).scatter(hits, values=True)
