"""Persons named inside text: a name of the lists beside a cue ("Mme", "né(e)", "Dr"), or a first and a last name together.

One hit in a list says nothing: a French surname in five is also a word, a town or a product. A cue must introduce it, or
a first name must stand beside a last name, both with a capital, and no street, school or prize be named after them.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from triage.detect import lexicons

# What a cue never goes without, in any case: one literal search spares most cells the patterns.
_GATE: Final = (
    "mme", "mlle", "mr ", "mr.", "m. ", "mm.", "monsieur", "madame", "mademoiselle", "né ", "née ", "né(", "nee ", "dr ", "dr.", "docteur",
    "pr ", "pr.", "professeur", "maître", "époux ", "épouse ", "mari ", "conjoint", "fils ", "fille ", "père ", "mère ", "frère ", "sœur ",
    "compagn", "mrs", "ms ", "doctor ", "maitre", "epoux ", "epouse ", "pere ", "mere ", "frere ", "soeur ",
)  # fmt: skip
_CAPITALS = r"[A-ZÀ-ÖØ-Þ][A-Za-zÀ-ÖØ-öø-ÿ'’\-]+"
_WORD = r"[A-Za-zÀ-ÖØ-öø-ÿ][A-Za-zÀ-ÖØ-öø-ÿ'’\-]+"
# What bears the name of somebody and is not that person, right before: "rue du Docteur Charcot", "lycée Jean Moulin".
_THING = (
    r"(?:rue|r\.|avenue|av\.?|boulevard|bd|bld|place|pl\.?|all[ée]e|impasse|chemin|quai|square|cours|esplanade|pont|route|rte|station|"
    r"gare|arr[êe]t|lyc[ée]e|coll[èe]ge|[ée]cole|universit[ée]|h[ôo]pital|clinique|chu|chru|ehpad|r[ée]sidence|centre|espace|"
    r"gymnase|stade|salle|mus[ée]e|prix|fondation|institut|maison|maladie|syndrome|cabinet|pharmacie|laboratoire|groupe|soci[ée]t[ée]|"
    r"ets|[ée]tablissements|loi|plan|affaire|film|livre|roman|album)"
)
_LINK = r"(?:\s+(?:du|de|des|de la|d'|l'|d’|l’|le|la))?\s*"
_TITLE = (
    r"(?:M(?:me|lle|rs?)\b\.?|M\.|MM\.|(?i:monsieur|madame|mademoiselle|docteur|professeur|doctor)\b|(?i:dr|pr|mme|mlle|ms|mrs)\b\.?|"
    r"(?i:n[ée](?:\(e\)|e?\b)))"
)
_KIN = r"(?i:[ée]poux|[ée]pouse|mari|conjointe?|compagn(?:on|e)|fils|fille|p[èe]re|m[èe]re|s(?:œ|oe)ur|fr[èe]re)"
# Titles may follow each other ("Monsieur et Madame", "Mme le Dr") before the name.
_CUED = rf"(?:\b((?i:{_THING}){_LINK}))?(?:^|[^\w])(?:{_TITLE}|{_KIN})(?:\s+(?:et|&|le|la)?\s*{_TITLE})?\s+({_WORD}(?:\s+{_WORD})?)"
_PAIR = rf"(?:\b((?i:{_THING}){_LINK}))?\b({_CAPITALS}\s+{_CAPITALS}(?:\s+{_CAPITALS})?)"
# Above this share of births a first name is one everybody knows; rarer ones are also words and brands.
_USUAL = 2e-5
# Shorter words with a capital are particles and initials ("Le Goff"); without one they end the name ("M. le maire").
_SHORT = 3


def find(cells: pl.Series) -> pl.Series:
    """Cells (String, no nulls) in which a person is named: Boolean, same height and order."""
    rows = len(cells)
    gated = cells.str.contains_any(list(_GATE), ascii_case_insensitive=True)
    paired = cells.str.contains(rf"{_CAPITALS}\s{_CAPITALS}") & cells.str.contains("[a-zà-öø-ÿ]{2}")
    hits = pl.concat([_named(cells, gated, _CUED, _cued), _named(cells, paired, _PAIR, _pair)]).unique()
    return pl.repeat(value=False, n=rows, eager=True).scatter(hits, values=True)


def _named(cells: pl.Series, gate: pl.Series, pattern: str, judged: pl.Expr) -> pl.Series:
    """Row numbers where a candidate of ``pattern`` (a thing before, words) is a person by ``judged``."""
    at = gate.arg_true()
    if not len(at):
        return pl.Series(dtype=pl.UInt32)
    found = pl.DataFrame({"row": at, "found": cells.gather(at).str.extract_all(pattern)}).explode("found").drop_nulls("found")
    parts = found.with_columns(pl.col("found").str.extract_groups(pattern)).unnest("found").filter(pl.col("1").is_null())
    words = parts.select("row", pl.col("2").alias("name")).with_row_index("id").with_columns(pl.col("name").str.split(" ").alias("word"))
    capital = pl.col("word").str.contains("^[A-ZÀ-ÖØ-Þ]")
    particle = (pl.col("word").str.len_chars() < _SHORT) & (capital | pl.col("word").is_in(["de", "du"]))
    tokens = (
        words.explode("word")
        .filter(~particle)
        .with_columns(capital=capital, token=lexicons.fold(pl.col("word")).str.split(" ").list.first())
    )
    known = tokens.join(lexicons.people(), on="token", how="left", maintain_order="left")
    return known.group_by("id", maintain_order=True).agg(pl.col("row").first(), judged.alias("person")).filter("person")["row"].unique()


_FIRST, _LAST = pl.col("first").fill_null(0.0), pl.col("last").fill_null(0.0)
_LISTED = (_FIRST > 0) | (_LAST > 0)
# The first word after a cue: in the lists, with a capital or no everyday word ("madame la directrice").
_long = pl.col("word").str.len_chars() >= _SHORT
_cued = (_LISTED & (pl.col("capital") | (_long & ~pl.col("common").fill_null(value=True)))).first()
_given = (_FIRST >= _USUAL) & (_FIRST >= _LAST)
_family = (_LAST > 0) & ~pl.col("common").fill_null(value=True)
# One word of the pair is a usual first name and another one a last name.
_pair = (_given.sum() > 0) & ((_family & ~_given).sum() > 0) & ~pl.col("token").first().is_in(["SAINT", "SAINTE"])
