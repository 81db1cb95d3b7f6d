"""Free text: the needles, health themes, drugs and prescriptions that a cell holds.

The unit is a series of distinct cells, trimmed and not empty; the answer is Boolean columns, never a piece of text.
A theme stands in one state a cell, the strongest of its mentions: ``theme:<id>`` asserted, ``hypothesis:<id>``
("recherche de", "?"), ``family:<id>`` ("mère diabétique"), ``negated:<id>`` (every mention of it is negated).
"""

from __future__ import annotations

from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

import polars as pl

from triage.detect import dosage, needles, prose, themes
from triage.detect.mentions import STATES, Finder
from triage.detect.themes import THEMES

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["COLUMNS", "FLAGS", "NEEDLES", "THEMES", "TextScanner"]

NEEDLES: Final = needles.NEEDLES
_FLAGS: Final = ("drug", "dosage", "posology", "prescription", "diagnosis", "health", "personal")
# What ``TextScanner.masks`` gives beside the masks of themes; the columns of ``TextScanner.scan``, in order.
FLAGS: Final = (*(f"needle:{n}" for n in NEEDLES), *_FLAGS)
COLUMNS: Final = (*(f"needle:{n}" for n in NEEDLES), *(f"{state}:{theme}" for state in STATES for theme in THEMES), *_FLAGS)


# Words of a note that is nothing but its mention.
_JOTTED = 4
_HEADLINE = r"(?i)\S\s:\s(?:l[ae]s?|l['’]|une?|des?|du|the|an?)\b"
_MENTIONED = pl.any_horizontal(pl.col("other"), *(pl.col(state) != 0 for state in STATES))


class TextScanner:
    """The vocabulary of a rules folder, ready to scan; one object serves a whole run.

    ``folder`` holds ``themes/`` (themes and cues) and ``lexicons/drugs.tsv``. ValueError where a theme file cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @cached_property
    def themes(self) -> tuple[themes.Theme, ...]:
        """The themes, read when the first text is."""
        return themes.load(self._folder / "themes")

    @cached_property
    def _finder(self) -> Finder:
        drugs = pl.read_csv(self._folder / "lexicons" / "drugs.tsv", separator="\t", infer_schema=False, quote_char=None)
        return Finder(themes.vocabulary(self.themes, drugs, self._folder / "themes" / themes.CUES))

    def scan(self, cells: pl.Series, *, medical: bool = False, codes: bool = False) -> pl.DataFrame:
        """COLUMNS as Booleans, same height and order as ``cells`` (String, distinct, trimmed, no nulls).

        ``medical``: the column is known to be about care (a plan says ``health_text``), so that abbreviations and
        words of double sense count without a medical word beside them. ``codes``: the column is known to hold CIM-10
        codes (``diagnosis``); elsewhere "B24" is a shelf or a bus stop.
        """
        found = self.masks(cells, medical=medical, codes=codes)
        themed = [((pl.col(state) & (1 << n)) != 0).alias(f"{state}:{theme}") for state in STATES for n, theme in enumerate(THEMES)]
        return found.select(*(f"needle:{n}" for n in NEEDLES), *themed, *_FLAGS)

    def masks(self, cells: pl.Series, *, medical: bool = False, codes: bool = False) -> pl.DataFrame:
        """As ``scan``, with the themes of a state as the bits of one UInt32 mask (bit n is ``THEMES[n]``)."""
        found = self.inspect(cells, medical=medical)
        if codes:
            found = found.with_columns(pl.col("theme") | themes.code_masks(cells, self.themes)).with_columns(health=_MENTIONED)
        return needles.find(cells).hstack(found.select(*STATES, *_FLAGS))

    def scores(self, long: pl.DataFrame) -> dict[int, dict[str, tuple[int, int]]]:
        """For the probe: column to label to (rows, distinct cells) that speak for it; see ``prose.scores``.

        ``long`` has ``column``, ``cell`` (distinct within the column, trimmed, no nulls) and ``rows``.
        """
        return prose.scores(long, self.inspect(long["cell"]))

    def inspect(self, cells: pl.Series, *, medical: bool = False) -> pl.DataFrame:
        """Masks of themes, characters named, and the flags of each cell."""
        mentions = self._finder.find(cells, medical=medical)
        noted = mentions.select("cell", note=pl.col("voice") | _brief(cells.gather(mentions["cell"])))
        found = _spread(mentions, len(cells))
        drug = found["drug"]
        taken = dosage.posology(cells)
        posology = taken.struct.field("form") | taken.struct.field("often")
        dosed = dosage.dosage(cells, drug)
        note = pl.repeat(value=False, n=len(cells), eager=True).scatter(noted["cell"], noted["note"])
        return found.with_columns(
            dosed.alias("dosage"),
            posology.alias("posology"),
            (drug & (dosed | posology | dosage.loose(cells, drug))).alias("prescription"),
            pl.col("illness").alias("diagnosis"),
            health=_MENTIONED,
        ).with_columns(personal=pl.col("health") & (pl.lit(note) | (pl.col("drug") & pl.col("posology"))))


@cache
def scanner(folder: Path) -> TextScanner:
    """One a process for a folder."""
    return TextScanner(folder)


def _brief(cells: pl.Series) -> pl.Series:
    """A few words, as one jots down: "DIABETE", "ss Levothyrox"; a headline has more, or a clause after its colon."""
    return (cells.str.count_matches(r"[^\s,;:.+/()]+") <= _JOTTED) & ~cells.str.contains(_HEADLINE)


def _spread(found: pl.DataFrame, rows: int) -> pl.DataFrame:
    """``found`` at its place among all ``rows``, zeros and false elsewhere."""
    at = found["cell"]
    zero = pl.repeat(0, rows, dtype=pl.UInt32, eager=True)
    false = pl.repeat(value=False, n=rows, eager=True)
    counted = [zero.scatter(at, found[name]).alias(name) for name in (*STATES, "named_drug", "named_words")]
    return pl.DataFrame([*counted, *(false.scatter(at, found[name]).alias(name) for name in ("drug", "illness", "other"))])
