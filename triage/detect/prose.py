"""What the text scanner says of whole columns: drug, prescription, posology, diagnosis, health text, free text, message.

Input is the probe's long frame (``column``, ``cell``, ``rows``: distinct trimmed cells of each column and how many rows
hold them). Output is, per column and label, the rows and the distinct cells that speak for the label; rules of
``rules/text`` hold the shares asked.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from triage.detect import dosage, lexicons

if TYPE_CHECKING:
    from collections.abc import Mapping

LABELS: Final = ("drug", "prescription", "posology", "diagnosis", "health_text", "free_text", "message")

# Share of the letters of a cell that drug names (or illnesses) must cover for the cell to be nothing else.
_WHOLE = 0.6
# CONTRACT §2: health text from one cell in a hundred and eleven cells.
_MENTION_SHARE, _MENTIONS = 0.01, 11
# Share of distinct cells that must read like sentences before a mention makes the column health text: a list of
# specialities or of companies mentions illnesses too.
_PROSE = 0.25
# "3 fois par jour" and "1-0-1" are also surveys and sports: they count beside cells that name a form or a unit.
_COMPANY = 0.1

_WORDS = r"\p{L}{2,}"
_FUNCTION = (
    r"(?i)(?:^|[^\p{L}])(?:le|la|les|l|de|des|du|d|un|une|et|est|à|au|aux|pour|par|dans|sur|avec|sans|ne|pas|que|qui|en|ce|se|si|je|il|elle|nous|vous|son|sa|ses|mon|ma|plus|"
    r"the|of|and|to|is|are|for|in|with|on|at|was|not|this|that|it|he|she|you|we)(?:$|[^\p{L}])"
)
_CLAUSE = r"\p{L}{2}\s?[,;:!?]\s|\p{L}{2}[.!?]+(?:\s+\p{Lu}|$)"
_MESSAGE = (
    r"(?i)(?:^|[^\p{L}])(?:bonjour|bonsoir|merci|cordialement|salutations|coucou|s'il vous pla[iî]t|s’il vous pla[iî]t|svp|je vous|pouvez-vous|pourriez-vous|auriez-vous|avez-vous|je souhaite|"
    r"je voudrais|je suis|j'ai|j’ai|dear|hello|hi|thanks|thank you|regards|sincerely|could you|please)(?:$|[^\p{L}])"
)
_CODE = r"^[A-Za-z]\d{2}(?:\.?[\dxX+*]{1,4})?$"
# Forms, units and numbers around a drug's name: no letters of another subject.
_FRAME = (
    r"(?i)\b(?:cps?|cpr|comp|comprim[ée]s?|g[ée]lules?|gel|caps?|capsules?|sachets?|ampoules?|gouttes?|sol|solution|sirop|susp|suspension|buvable|inj|injectable|pdr|poudre|creme|cr[èe]me|pommade|"
    r"patch|spray|collyre|suppositoires?|sec|secables?|pellicul[ée]s?|enrob[ée]s?|effervescents?|orodispersibles?|dispersibles?|lp|lib[ée]ration|prolong[ée]e|gastro|r[ée]sistants?|mg|g|ml|ug|mcg|ui|"
    r"pour cent|boite|b|de|a|en|et|par|pour|usage|oral|orale|voie|tablets?|oral|injection|mylan|biogaran|sandoz|teva|arrow|eg|zentiva|cristers|viatris|ratiopharm|winthrop|gnr|accord|zydus|almus|evolugen)\b"
)


def scores(long: pl.DataFrame, found: pl.DataFrame) -> dict[int, dict[str, tuple[int, int]]]:
    """Column to label to (rows, distinct cells); labels without a cell are left out.

    ``found`` is ``TextScanner.inspect`` of ``long["cell"]``: what the cell names and how much of it names cover.
    """
    flags = long.select("column", "rows").hstack(labels(long["cell"], found))
    frame = flags.group_by("column", maintain_order=True).agg(
        pl.len().alias("distinct"),
        pl.col("rows").sum().alias("filled"),
        pl.col("prose").mean().alias("prose_share"),
        *(pl.col("rows").filter(pl.col(label)).sum().alias(label) for label in (*LABELS, "often")),
        *(pl.col(label).sum().alias(f"{label} distinct") for label in (*LABELS, "often")),
    )
    return {row["column"]: _judged(row) for row in frame.iter_rows(named=True)}


def _judged(row: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The scores of one column, those of labels that its whole does not bear out left out."""
    made = {label: (row[label], row[f"{label} distinct"]) for label in LABELS}
    if made["posology"][1] >= _COMPANY * row["distinct"] and made["posology"][1]:
        made["posology"] = (row["posology"] + row["often"], row["posology distinct"] + row["often distinct"])
    mentioned = row["health_text"]
    if row["prose_share"] < _PROSE or mentioned < _MENTIONS or mentioned < _MENTION_SHARE * row["filled"]:
        del made["health_text"]
    return {label: hits for label, hits in made.items() if hits[0]}


def labels(cells: pl.Series, found: pl.DataFrame) -> pl.DataFrame:
    """Per distinct cell a Boolean for each of LABELS, ``often`` (a frequency without a form) and ``prose``."""
    cell, letters = pl.col("cell"), pl.col("letters")
    framed = cell.str.replace_all(_FRAME, " ").str.count_matches(r"\p{L}")
    words = cell.str.count_matches(_WORDS)
    coded = cell.str.contains(_CODE) & cell.str.replace_all(r"[.+*xX]", "").str.to_uppercase().is_in(lexicons.codes("cim10").implode())
    taken = dosage.posology(cells)
    frame = found.with_columns(cells.alias("cell"), taken.struct.field("form").alias("form"), taken.struct.field("often").alias("often"))
    return (
        frame.with_columns(framed.alias("letters"), prose=(words >= 3) & (cell.str.contains(_FUNCTION) | cell.str.contains(_CLAUSE)))  # noqa: PLR2004 - fewer is a label
        .with_columns(named=(pl.col("drug") & (pl.col("named_drug") >= _WHOLE * letters)))
        .select(
            (pl.col("named") & ~pl.col("prescription")).alias("drug"),
            pl.col("prescription"),
            (pl.col("form") & ~pl.col("drug")).alias("posology"),
            (coded | (~pl.col("drug") & (pl.col("named_words") > 0) & (pl.col("named_words") >= _WHOLE * letters))).alias("diagnosis"),
            pl.col("health").alias("health_text"),
            pl.col("prose").alias("free_text"),
            (pl.col("prose") & cell.str.contains(_MESSAGE)).alias("message"),
            (pl.col("often") & ~pl.col("form") & ~pl.col("drug")).alias("often"),
            pl.col("prose"),
        )
    )
