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

# No label: cells that mention an illness, whether or not the column is a text.
MENTIONS: Final = "mentions"
LABELS: Final = ("drug", "prescription", "posology", "diagnosis", "health_text", "free_text", "message")

# Share of the letters of a cell that drug names must cover for the cell to be nothing else; an illness has its place
# beside it ("cancer du sein").
_WHOLE, _MOSTLY = 0.6, 0.5
# CONTRACT §2: health text from one cell in a hundred and eleven cells.
_MENTION_SHARE, _MENTIONS = 0.01, 11
# Share of distinct cells that must read like sentences before a mention makes the column health text (a list of
# companies mentions illnesses too), unless mentions are many and various: notes may be two words long.
_PROSE, _OFTEN = 0.25, 0.05
# Share of the mentions that must be of one who writes of a person: shops, newspapers and open data name illnesses too.
PERSONAL: Final = 0.15
# "3 fois par jour" and "1-0-1" are also surveys and sports: they count beside cells that name a form or a unit.
_COMPANY = 0.1

_WORDS = r"\p{L}{2,}"
_FUNCTION = (
    r"(?i)(?:^|[^\p{L}])(?:le|la|les|l|de|des|du|d|un|une|et|est|à|au|aux|pour|par|dans|sur|avec|sans|ne|pas|que|qui|en|ce|se|si|je|il|elle|nous|vous|son|sa|ses|mon|ma|plus|"
    r"the|of|and|to|is|are|for|in|with|on|at|was|not|this|that|it|he|she|you|we)(?:$|[^\p{L}])"
)
_CLAUSE = r"\p{L}{2}\s?[,;:!?]\s|\p{L}{2}[.!?]+(?:\s+\p{Lu}|$)"
_MESSAGE = (
    r"(?i)(?:^|[^\p{L}])(?:bonjour|bonsoir|merci|cordialement|salutations|coucou|s['’]il vous pla[iî]t|svp|je vous|pouvez-vous|"
    r"pourriez-vous|auriez-vous|avez-vous|je souhaite|je voudrais|je suis|j['’]ai|dear|hello|hi|thanks|thank you|regards|sincerely|"
    r"could you|please)(?:$|[^\p{L}])"
)
# With fewer words a cell is a label; "Dupont, Inc." is one with a comma.
_LABEL = 4
# A browser's name has commas and brackets too: "Mozilla/5.0 (Windows NT 10.0; …".
_AGENT = r"[A-Za-z]/\d"
# JSON and arrays of PostgreSQL: what they hold is no sentence of theirs.
_STRUCTURE = r'^(?:[\[{]\s*["\[{]|[\[{]\s*[\]}]$)'
_CODE = r"^[A-Za-z]\d{2}(?:\.?[\d+*]{1,4})?$"
# Forms, units and numbers around a drug's name: no letters of another subject.
_FRAME = (
    r"(?i)\b(?:cps?|cpr|comp|comprim[ée]s?|g[ée]lules?|gel|caps?|capsules?|sachets?|ampoules?|gouttes?|sol|solution|sirop|susp|suspension|"
    r"buvable|inj|injectable|pdr|poudre|cr[èe]me|pommade|patch|spray|collyre|suppositoires?|sec|secables?|pellicul[ée]s?|enrob[ée]s?|"
    r"effervescents?|orodispersibles?|dispersibles?|lp|lib[ée]ration|prolong[ée]e|gastro|r[ée]sistants?|mg|g|ml|ug|mcg|ui|pour cent|boite|"
    r"b|de|a|en|et|par|pour|usage|orale?|voie|tablets?|injection|mylan|biogaran|sandoz|teva|arrow|eg|zentiva|cristers|viatris|ratiopharm|"
    r"winthrop|gnr|accord|zydus|almus|evolugen)\b"
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
        *(pl.col("rows").filter(pl.col(label)).sum().alias(label) for label in (*LABELS, "often", "personal")),
        *(pl.col(label).sum().alias(f"{label} distinct") for label in (*LABELS, "often")),
    )
    return {row["column"]: _judged(row) for row in frame.iter_rows(named=True)}


def _judged(row: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """The scores of one column, those of labels that its whole does not bear out left out."""
    made = {label: (row[label], row[f"{label} distinct"]) for label in LABELS}
    if made["posology"][1] >= _COMPANY * row["distinct"] and made["posology"][1]:
        made["posology"] = (row["posology"] + row["often"], row["posology distinct"] + row["often distinct"])
    mentions = made["health_text"]
    mentioned = row["health_text"]
    various = mentioned >= _OFTEN * row["filled"] and row["health_text distinct"] >= _MENTIONS
    enough = mentioned >= max(_MENTIONS, _MENTION_SHARE * row["filled"]) and row["personal"] >= PERSONAL * mentioned
    if not (enough and (various or row["prose_share"] >= _PROSE)):
        del made["health_text"]
    return {label: hits for label, hits in (made | {MENTIONS: mentions}).items() if hits[0]}


def labels(cells: pl.Series, found: pl.DataFrame) -> pl.DataFrame:
    """Per distinct cell a Boolean for each of LABELS, ``often`` (a frequency without a form), ``personal`` and ``prose``."""
    cell, letters = pl.col("cell"), pl.col("letters")
    framed = cell.str.replace_all(_FRAME, " ").str.count_matches(r"\p{L}")
    words = cell.str.count_matches(_WORDS)
    # Extensions beyond the fourth character change every year.
    code = cell.str.replace_all(r"[.+*]", "").str.to_uppercase().str.slice(0, 4)
    coded = cell.str.contains(_CODE) & lexicons.listed(code, lexicons.codes("cim10"))
    sentence = (cell.str.contains(_FUNCTION) & (words >= _LABEL)) | (
        cell.str.contains(_CLAUSE) & (words > _LABEL) & ~cell.str.contains(_AGENT)
    )
    sentence &= ~cell.str.contains(_STRUCTURE)
    taken = dosage.posology(cells)
    frame = found.with_columns(cells.alias("cell"), taken.struct.field("form").alias("form"), taken.struct.field("often").alias("often"))
    return (
        frame.with_columns(framed.alias("letters"), prose=sentence)
        .with_columns(named=(pl.col("drug") & (pl.col("named_drug") >= _WHOLE * letters)))
        .select(
            (pl.col("named") & ~pl.col("prescription")).alias("drug"),
            pl.col("prescription"),
            (pl.col("form") & ~pl.col("drug")).alias("posology"),
            (coded | (~pl.col("drug") & (pl.col("named_words") > 0) & (pl.col("named_words") >= _MOSTLY * letters))).alias("diagnosis"),
            pl.col("health").alias("health_text"),
            pl.col("prose").alias("free_text"),
            (pl.col("prose") & cell.str.contains(_MESSAGE)).alias("message"),
            (pl.col("often") & ~pl.col("form") & ~pl.col("drug")).alias("often"),
            pl.col("personal", "prose"),
        )
    )
