"""Cues around a health mention: negated, supposed, or about a relative.

A cue speaks of mentions of its own clause that stand within its reach (characters of folded text, where words are two
spaces apart: about 8 a word). French first, English too. ``PSEUDO`` phrases hold a cue's words without its sense
("sans doute") and are listed so that the longer literal wins.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from triage.detect.folding import SIGNS

if TYPE_CHECKING:
    from collections.abc import Iterator

# Kinds of literals, after those of themes.py.
BREAK, PSEUDO, NOT_BEFORE, NOT_AFTER, MAYBE_BEFORE, MAYBE_AFTER, KIN_BEFORE, KIN_AFTER = range(16, 24)

_NEXT, _NEAR, _FAR = 4, 18, 44

_BREAKS = ("mais", "cependant", "par contre", "sauf", "but", "however", "except", "en revanche", "et puis")
_PSEUDO = (
    "sans doute", "sans aucun doute", "aucun doute", "pas de doute", "no doubt", "pas exclu", "pas exclue", "n exclut pas",
    "ne permet pas d exclure", "ne permet pas d eliminer", "pas d amelioration", "pas de changement", "sans changement",
    "pas d evolution", "sans rdv", "sans rendez vous", "pas de rdv", "pas de rendez vous", "pas de probleme", "pas de souci",
    "pas de soucis", "pas de nouvelle", "pas de nouvelles", "pas de reponse", "sans reponse", "pas d appel", "sans ordonnance", "pas d ordonnance",
    "non seulement", "not only", "no change", "maison mere", "mere porteuse", "carte mere", "si possible", "des que possible", "si besoin", "si necessaire",
    "si oui", "si non", "if possible", "non substituable", "pas a jeun", "non a jeun", "non ecarte", "non exclu", "pas ecarte", "pere noel", "saint pere",
)  # fmt: skip
_NOT_FAR = (
    "pas de", "pas d", "pas du", "pas des", "pas eu de", "pas eu d", "plus de", "absence de", "absence d", "absence du", "absence des", "aucun", "aucune", "sans",
    "ni", "nie", "nient", "dement", "jamais eu de", "jamais eu d", "jamais de", "jamais d", "negatif pour", "negative pour", "negatifs pour", "elimine", "exclut", "ecarte",
    "exclusion de", "exclusion d", "indemne de", "indemne d", "no", "without", "denies", "denied", "negative for", "no history of", "no evidence of", "absence of", "free of",
    "rules out", "ruled out", "never had", "pas connu pour", "pas porteur de", "pas porteur du", "pas porteuse de", "pas porteuse du", "non porteur de", "non porteur du",
)  # fmt: skip
_NOT_NEXT = ("pas", "non", "not", "jamais", "never", "n est pas", "is not", "pas encore", "non connu", "pas connu")
_NOT_AFTER = (
    "negatif", "negatifs", "negative", "negatives", "neg", "absent", "absente", "absents", "absentes", "exclu", "exclue", "exclus", "exclues", "elimine",
    "eliminee", "ecarte", "ecartee", "infirme", "infirmee", "negativee", "negativees", "ruled out", "excluded",
)  # fmt: skip
_NOT_ANSWER = (": non", "= non", ": 0", "= 0", ": aucun", ": aucune", ": no", "= no", ": neant", "non", ": none", "= neg", ": neg", ": n", "( non )", ": false", ": faux", "0")
_MAYBE_FAR = (
    "recherche de", "recherche d", "recherche du", "recherche des", "recherche", "rech", "rech de", "rech d", "suspicion de", "suspicion d", "suspicion", "susp", "suspecte",
    "suspectee", "suspect", "suspectes", "depistage", "depister", "depistage de", "depistage du", "eventuel", "eventuelle", "eventuels", "eventuelles", "possible", "possibles",
    "probable", "probables", "probablement", "peut etre", "risque de", "risque d", "eliminer", "eliminer un", "eliminer une", "exclure", "ecarter", "verifier si", "hypothese de",
    "hypothese d", "hypothese", "si", "evoque", "evoquer", "doute sur", "en cas de", "en cas d", "craint", "inquiet pour", "inquiete pour", "test de", "demande de test", "bilan pre",
    "screening for", "suspected", "suspicion of", "possible", "probable", "rule out", "r o", "query", "risk of", "might be", "may be", "maybe", "to exclude", "tested for", "testing for",
    "controle serologie", "serologie a faire", "verifier", "dd",
)  # fmt: skip
_MAYBE_AFTER = ("?", "possible", "possibles", "probable", "probables", "eventuel", "eventuelle", "a eliminer", "a exclure", "a confirmer", "a rechercher", "a depister", "suspecte", "suspectee", "a verifier", "suspected", "to be confirmed")
_KIN = (
    "mere", "pere", "maman", "papa", "frere", "freres", "soeur", "soeurs", "mari", "epoux", "epouse", "conjoint", "conjointe", "compagnon", "compagne", "concubin", "concubine", "sa femme",
    "sa fille", "ses filles", "son fils", "ses fils", "tante", "oncle", "cousin", "cousine", "cousins", "neveu", "niece", "grand mere", "grand pere", "grands parents", "gd mere", "gd pere",
    "famille", "familial", "familiale", "familiaux", "familiales", "atcd familial", "atcd familiaux", "atcd fam", "antecedent familial", "antecedents familiaux", "parents", "belle mere", "beau pere",
    "mother", "father", "brother", "sister", "husband", "wife", "aunt", "uncle", "family", "family history of", "family history", "son ami", "sa belle soeur", "son beau frere",
)  # fmt: skip
_KIN_AFTER = (
    "chez la mere", "chez sa mere", "chez le pere", "chez son pere", "de la mere", "de sa mere", "du pere", "de son pere", "de sa soeur", "de son frere", "chez sa soeur", "chez son frere",
    "du mari", "de son mari", "du conjoint", "de son conjoint", "de sa femme", "de sa fille", "de son fils", "de sa tante", "de sa grand mere", "maternel", "maternelle", "paternel", "paternelle",
    "familial", "familiale", "familiaux", "familiales", "dans la famille", "in the family", "in family", "du compagnon", "de son compagnon", "de la grand mere", "du grand pere", "d une soeur", "d un frere",
)  # fmt: skip


def cues() -> Iterator[tuple[str, int, int]]:
    """Every cue: phrase (folded by the caller), kind, reach in characters of folded text."""
    listed = (
        (tuple(set(SIGNS) - set("?:=")), BREAK, 0), (_BREAKS, BREAK, 0), (_PSEUDO, PSEUDO, 0),
        (_NOT_FAR, NOT_BEFORE, _FAR), (_NOT_NEXT, NOT_BEFORE, _NEXT), (_NOT_AFTER, NOT_AFTER, _NEAR), (_NOT_ANSWER, NOT_AFTER, _NEXT),
        (_MAYBE_FAR, MAYBE_BEFORE, _FAR), (_MAYBE_AFTER, MAYBE_AFTER, _NEAR), (_KIN, KIN_BEFORE, _FAR), (_KIN_AFTER, KIN_AFTER, _FAR),
    )  # fmt: skip
    for phrases, kind, reach in listed:
        for phrase in sorted(phrases):
            yield phrase, kind, reach


def states(events: pl.DataFrame) -> pl.DataFrame:
    """``events`` with ``negated``, ``supposed``, ``kin`` (Boolean): what the cues around each literal say of it.

    In: one row a literal found, sorted by ``cell`` then ``at`` (offset), with ``end``, ``kind``, ``reach``.
    """
    new = (pl.col("kind") == BREAK) | (pl.col("cell") != pl.col("cell").shift(1)).fill_null(value=True)
    return events.with_columns(new.cum_sum().alias("clause")).with_columns(
        negated=_before(NOT_BEFORE) | _after(NOT_AFTER),
        supposed=_before(MAYBE_BEFORE) | _after(MAYBE_AFTER),
        kin=_before(KIN_BEFORE) | _after(KIN_AFTER),
    )


def _before(kind: int) -> pl.Expr:
    """A cue of ``kind`` stands before, in the same clause, and reaches here. Rows are in order: a fill finds the nearest."""
    cue = pl.col("kind") == kind
    clause = pl.when(cue).then(pl.col("clause")).forward_fill()
    until = pl.when(cue).then(pl.col("end") + pl.col("reach")).forward_fill()
    return ((clause == pl.col("clause")) & (pl.col("at") < until)).fill_null(value=False)


def _after(kind: int) -> pl.Expr:
    """The same for a cue that follows what it speaks of."""
    cue = pl.col("kind") == kind
    clause = pl.when(cue).then(pl.col("clause")).backward_fill()
    since = pl.when(cue).then(pl.col("at") - pl.col("reach")).backward_fill()
    return ((clause == pl.col("clause")) & (pl.col("end") > since)).fill_null(value=False)
