"""Where health words stand in text and what is said of them: from cells to one mask of themes a state.

Only cells that hold a word of the vocabulary are looked at closely: one literal search over all cells chooses them.
"""

from __future__ import annotations

import polars as pl

from triage.detect import negation
from triage.detect.folding import fold, settle
from triage.detect.negation import VOICE
from triage.detect.themes import BESIDE, CAPITALS, CONTEXT, DENIED, DRUG, ILLNESS, TREATMENT, WEAK, WORD

STATES = ("theme", "hypothesis", "family", "negated")
# A strength in mass or international units right after a name, in settled text: what an everyday word needs to be a drug.
_STRENGTH = r"(?i)^\s*\d+(\s+[.,]\s+\d+)?\s*(mg|ug|mcg|ui|mui)\b"
_STRENGTH_SPAN = 24
_SEROLOGY = "vih|hiv|vhb|vhc|hbv|hcv|ag hbs|covid|bw|tpha|vdrl"
# What is written in signs and figures, spelt out before words are looked for. One result ends where the next serology
# begins ("VHC+ VIH-"); a minus sign counts at the end of what is said ("VIH -" is a result, "VIH - suivi" a dash).
_SPELT = (
    (rf"(?i)\b({_SEROLOGY})\s?\+\s*[,;/]?\s*({_SEROLOGY})\b", "$1 positif , $2"),
    (rf"(?i)\b({_SEROLOGY})-\s+({_SEROLOGY})\b", "$1 negatif , $2"),
    (rf"(?i)\b({_SEROLOGY})\s?-\s*($|[,;.)/])", "$1 negatif $2"),
    (rf"(?i)\b((?:posit|n[ée]gat)i(?:f|ve)s?)\s+({_SEROLOGY})\b", "$1 , $2"),
    (r"(?i)\btabac\s*:?\s*(\d{1,3}\s?(?:PA|paquets?[ -]ann[ée]es?)\b)", "tabagisme $1"),
    (
        r"(?i)\b(?:smoker|fumeu(?:r|se))\s*[:,(]?\s*(\d+\s*(?:cig\w*|packs?|paquets?)?\s*(?:/|per |a |par )\s*(?:d|day|j|jour)\b)",
        "fumeur actif $1",
    ),
    (r"(?i)\b(possible|probable|suspected|active|latent|pulmonary|history of|treated for|rule out|r/o) TB\b", "$1 tuberculosis"),
)
# Rewritten twice: what ends one result may begin the next.
_PASSES = 2
# Below it the words of all cells are fewer than those of the vocabulary.
_FEW = 20_000


class Finder:
    """The vocabulary made ready for searching; ``vocabulary`` is that of ``themes.vocabulary``."""

    def __init__(self, vocabulary: pl.DataFrame) -> None:
        first = pl.col("literal").str.strip_chars(" ").str.split("  ").list.first()
        length = pl.col("literal").str.len_bytes()
        # Among literals that begin at one place the first listed wins: the longest.
        self._vocabulary = vocabulary.with_columns(first.alias("first")).sort(
            length, "literal", descending=[True, False], maintain_order=True
        )

    def find(self, cells: pl.Series, *, medical: bool = False) -> pl.DataFrame:
        """What stands in ``cells`` (String, no nulls): a row per cell that holds a health word, and no other.

        ``cell`` (UInt32) is the row number; each of STATES a UInt32 mask of themes, a theme in one state only;
        ``medical``: the cells are known to be about care, so abbreviations need no company. Booleans: ``drug``;
        ``illness``, named and not denied, in doubt or another's; ``other``, an illness of no theme; ``voice``, a word of
        one who writes of a person. ``named_drug`` and ``named_words`` are the characters that drug names and other words cover.
        """
        folded = fold(cells)
        gate = self._present(folded) if len(cells) < _FEW else self._vocabulary
        at = folded.str.contains_any(_patterns(gate.filter(pl.col("kind") < CONTEXT))).arg_true()
        raw, text = _told_by_signs(cells.gather(at), folded.gather(at))
        events = self._events(text)
        found = _masks(_accepted(events, raw, medical=medical))
        voiced = events.filter(pl.col("kind") == VOICE)["cell"].unique()
        return found.with_columns(at.gather(found["cell"]).alias("cell"), voice=pl.col("cell").is_in(voiced.implode()))

    def _present(self, text: pl.Series) -> pl.DataFrame:
        """The vocabulary whose first word occurs in ``text``: an automaton of 7,000 literals takes 50 ms to build, one of few none."""
        words = text.str.split("  ").explode().str.strip_chars(" ").unique()
        return self._vocabulary.filter(pl.col("first").is_in(words.implode()))

    def _events(self, text: pl.Series) -> pl.DataFrame:
        """One row a literal found (and meaning of it), in order, with what the cues say of it; ``cell`` is the row of ``text``."""
        present = self._present(text)
        patterns = _patterns(present)
        located = {"literal": text.str.extract_many(patterns, leftmost=True), "at": text.str.find_many(patterns, leftmost=True)}
        found = pl.DataFrame(located).with_row_index("cell").explode("literal", "at").drop_nulls("literal")
        known = found.join(present, on="literal", how="left", maintain_order="left")
        start = pl.col("at").cast(pl.Int32)
        return negation.states(known.with_columns(start, (start + pl.col("literal").str.len_bytes().cast(pl.Int32)).alias("end")))


def _patterns(vocabulary: pl.DataFrame) -> pl.Series:
    """The literals as polars' many-pattern searches take them: one list."""
    return vocabulary["literal"].unique(maintain_order=True).implode()


def _told_by_signs(cells: pl.Series, folded: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The cells and their settled text, with what signs say spelt out."""
    signed = cells.str.contains("|".join(f"(?:{pattern})" for pattern, _ in _SPELT))
    if signed.any():
        at = signed.arg_true()
        spelt = cells.gather(at)
        for pattern, words in _SPELT * _PASSES:
            spelt = spelt.str.replace_all(pattern, words)
        cells, folded = cells.scatter(at, spelt), folded.scatter(at, fold(spelt))
    return cells, settle(folded)


def _accepted(events: pl.DataFrame, cells: pl.Series, *, medical: bool) -> pl.DataFrame:
    """The events that are health mentions: abbreviations and everyday words must show more than their letters."""
    kind = pl.col("kind")
    beside = pl.lit(medical) | pl.col("cell").is_in(_about_care(events).implode())
    treated = (kind.is_in([DRUG, WEAK]) | (pl.col("theme") == TREATMENT)).fill_null(value=False)
    named = (pl.col("allergen") & treated) | (pl.col("elsewhere") & kind.is_in([WORD, CAPITALS, BESIDE, ILLNESS]))
    mentions = events.filter((kind < CONTEXT) & ~named).with_columns(beside=beside, negated=pl.col("negated") | (kind == DENIED))
    plain = mentions.filter(kind.is_in([WORD, DRUG, DENIED, ILLNESS]) | (kind.is_in([BESIDE, CAPITALS]) & pl.col("beside")))
    doubtful = mentions.filter((kind == WEAK) | ((kind == CAPITALS) & ~pl.col("beside")))
    doubtful = doubtful.with_columns(settle(fold(cells.gather(doubtful["cell"]), lower=False)).alias("cased"))
    written = pl.col("cased").str.slice(pl.col("at"), pl.col("end") - pl.col("at"))
    shouted = ~written.str.contains("[a-z]")
    dosed = pl.col("cased").str.slice(pl.col("end"), _STRENGTH_SPAN).str.contains(_STRENGTH)
    shown = doubtful.filter(shouted & pl.when(kind == WEAK).then(dosed).otherwise(pl.col("cased").str.contains("[a-z]")))
    return pl.concat([plain, shown.drop("cased")])


def _about_care(events: pl.DataFrame) -> pl.Series:
    """Cells whose other words speak of care: one that decides alone, or two different ones that do not."""
    kind = pl.col("kind")
    sure = events.filter(kind.is_in([WORD, DRUG, DENIED, ILLNESS, CONTEXT]) & ~pl.col("elsewhere"))["cell"]
    unsure = events.filter(kind.is_in([BESIDE, CAPITALS]) & ~pl.col("elsewhere")).group_by("cell").agg(pl.col("literal").n_unique())
    return pl.concat([sure, unsure.filter(pl.col("literal") > 1)["cell"]]).unique()


def _masks(mentions: pl.DataFrame) -> pl.DataFrame:
    """Per cell the themes by state and what drug names and words cover of it."""
    state = pl.when("negated").then(3).when("family").then(2).when("supposed").then(1).otherwise(0)
    bit = pl.lit(1, dtype=pl.UInt32) * 2 ** pl.col("theme").cast(pl.UInt32)
    width = (pl.col("end") - pl.col("at") - 2).cast(pl.UInt32)
    named = pl.col("kind").is_in([DRUG, WEAK])
    themed = pl.col("theme").is_not_null()
    told = ~named & (pl.col("state") == 0) & (pl.col("theme") != TREATMENT).fill_null(value=True)
    per_cell = (
        mentions.with_columns(state=state, bit=bit.cast(pl.UInt32), width=width)
        .group_by("cell", maintain_order=True)
        .agg(
            *(pl.col("bit").filter(themed & (pl.col("state") == n)).bitwise_or().fill_null(0).alias(name) for n, name in enumerate(STATES)),
            named.any().alias("drug"),
            told.any().alias("illness"),
            (~themed).any().alias("other"),
            pl.col("width").filter(named).sum().alias("named_drug"),
            pl.col("width").filter(~named).sum().alias("named_words"),
        )
    )
    seen = pl.lit(0, dtype=pl.UInt32)
    for name in STATES:
        per_cell = per_cell.with_columns((pl.col(name) & ~seen).alias(name))
        seen = seen | pl.col(name)
    return per_cell
