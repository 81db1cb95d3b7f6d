"""Free text made of a recipe's sentences and words, with what each cell mentions.

The mentions come from the sentences and words that were chosen, never from searching the text: the truth must not
share a mistake with the detector. A mention is a theme of CONTRACT or an identifier inside text (nir, phone, email …).
"""

from __future__ import annotations

import re
from typing import NamedTuple

import polars as pl

from triage.samples.cast import Who
from triage.samples.draw import cumulative
from triage.samples.keys import two_digits
from triage.samples.lists import last_names
from triage.samples.recipe import Column, Recipe, RecipeError, Template
from triage.samples.world import days

THEMES = (
    "hiv_sti", "hepatitis", "cancer", "psychiatry", "addiction", "pregnancy", "abortion_fertility", "genetics", "disability",
    "violence_social", "neurology", "diabetes", "thyroid", "cardiology", "respiratory", "infection", "allergy", "treatment",
)  # fmt: skip
MENTIONS = (*THEMES, "nir", "iban", "card", "email", "phone")
MOODS = ("", "negated", "family", "hypothesis")

_FILLER = re.compile(r"\{(\w+)\}")
_UPPER = 0.45
_SECOND = 0.25


class Told(NamedTuple):
    """Cells and, by mood, a bit mask over ``MENTIONS`` for each of them."""

    cells: pl.Series
    masks: dict[str, pl.Series]


class _Part(NamedTuple):
    text: pl.Series
    mask: pl.Series
    mood: pl.Series


def _bits(themes: tuple[str, ...] | list[str]) -> int:
    return sum(1 << MENTIONS.index(theme) for theme in set(themes))


def fillers(template: str) -> list[str]:
    """Names between braces."""
    return _FILLER.findall(template)


def check(recipe: Recipe) -> None:
    """Refuses text columns, sentences and words that refer to nothing."""
    for column in recipe.columns:
        if column.kind == "text" and column.options.get("text") not in recipe.texts:
            raise RecipeError(f"column {column.name}: no text {column.options.get('text')}")
    for name, templates in recipe.texts.items():
        for template in templates:
            unknown = [f for f in fillers(template.text) if f not in _MADE and f not in recipe.banks]
            unknown += [t for t in template.themes if t not in MENTIONS]
            if unknown:
                raise RecipeError(f"text {name}: nothing is called {unknown[0]}")


def _day(who: Who, key: str) -> pl.Series:
    first = days("2017-01-01")
    return (who.below(key, 1400) + first).cast(pl.Int32).cast(pl.Date).dt.strftime("%d/%m/%Y")


def _hour(who: Who, key: str) -> pl.Series:
    return (who.below(key, 12) + 7).cast(pl.String) + "h" + who.pick(f"{key} minutes", ["", "", "15", "30", "45"])


def _small(who: Who, key: str) -> pl.Series:
    return (who.below(key, 9) + 1).cast(pl.String)


def _week(who: Who, key: str) -> pl.Series:
    return (who.below(key, 36) + 5).cast(pl.String)


def _level(who: Who, key: str) -> pl.Series:
    return (who.below(key, 190) + 10).cast(pl.String)


def _name(who: Who, key: str) -> pl.Series:
    return who.pick(key, last_names().names, last_names().upper)


def _mobile(who: Who, key: str) -> pl.Series:
    number = who.pick(f"{key} head", ["06 1", "06 2", "06 6", "06 7", "07 8"]) + _small(who, key)
    for pair in range(3):
        number = number + " " + two_digits(who.below(f"{key} {pair}", 100))
    return number


_MADE = {"day": _day, "hour": _hour, "n": _small, "week": _week, "level": _level, "name": _name, "mobile": _mobile}


def _words(bank: dict[str, str] | tuple[str, ...]) -> tuple[list[str], list[int]]:
    """Words of a bank and the mask of each."""
    if isinstance(bank, dict):
        return list(bank), [_bits(themes.split()) for themes in bank.values()]
    return list(bank), [0] * len(bank)


def _part(who: Who, templates: tuple[Template, ...], key: str) -> _Part:
    """One sentence for each id, its words filled in."""
    at = who.index(f"{key} sentence", cumulative([t.weight for t in templates]))
    text = pl.Series([t.text for t in templates]).gather(at)
    mask = pl.Series([_bits(t.themes) for t in templates], dtype=pl.UInt32).gather(at)
    used = [fillers(t.text) for t in templates]
    for name in sorted({f for fs in used for f in fs}):
        here = pl.Series([name in fs for fs in used]).gather(at)
        words, bits = _filled(who, name, key)
        text = _replaced(text, name, words)
        mask = mask | bits.zip_with(here, mask)
    return _Part(text, mask, pl.Series([MOODS.index(t.mood) for t in templates]).gather(at))


def _filled(who: Who, name: str, key: str) -> tuple[pl.Series, pl.Series]:
    """The words for one filler and their masks; one key gives the same words in every column that shares it."""
    purpose = f"{key} {name}"
    if name in _MADE:
        return _MADE[name](who, purpose), pl.Series([0], dtype=pl.UInt32).new_from_index(0, len(who.ids))
    words, bits = _words(who.world.recipe.banks[name])
    at = who.below(purpose, len(words))
    return pl.Series(words).gather(at), pl.Series(bits, dtype=pl.UInt32).gather(at)


def _replaced(text: pl.Series, name: str, words: pl.Series) -> pl.Series:
    frame = pl.DataFrame({"text": text, "word": words})
    return frame.select(pl.col("text").str.replace(f"{{{name}}}", pl.col("word"), literal=True)).to_series()


def _shouted(text: pl.Series) -> pl.Series:
    """Capitals without accents; the micro sign stays, its capital is Greek and outside cp1252."""
    plain = text.str.normalize("NFD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    return plain.str.replace_all("\N{GREEK CAPITAL LETTER MU}", "\N{MICRO SIGN}", literal=True)


def told(who: Who, column: Column) -> Told:
    """The cells of a text column (null where empty) and what they mention, computed once a block, for filled cells only."""
    if column.name not in who.told:
        kept = who.kept(column)
        some = _tell(who.cast.only(kept).who(who.name), column)
        at = pl.select(pl.when(kept).then(kept.cum_sum() - 1)).to_series()
        masks = {mood: mask.gather(at).fill_null(0) for mood, mask in some.masks.items()}
        who.told[column.name] = Told(some.cells.gather(at), masks)
    return who.told[column.name]


def _tell(who: Who, column: Column) -> Told:
    """One sentence, or two; in capitals as old software has it."""
    templates = who.world.recipe.texts[column.options["text"]]
    key = column.options.get("key", column.name)
    first = _part(who, templates, key)
    second_share = float(column.options.get("second", _SECOND))
    second = _part(who, templates, f"{key} second")
    twice = who.chance(f"{key} twice", second_share)
    text = (first.text + column.options.get("joint", ". ") + second.text).zip_with(twice, first.text)
    text = _shouted(text).zip_with(who.chance(f"{key} capitals", float(column.options.get("upper", _UPPER))), text)
    nothing = pl.Series([0], dtype=pl.UInt32).new_from_index(0, len(text))
    masks = {}
    for index, mood in enumerate(MOODS):
        one = first.mask.zip_with(first.mood == index, nothing)
        masks[mood] = one | second.mask.zip_with(twice & (second.mood == index), nothing)
    return Told(text, masks)
