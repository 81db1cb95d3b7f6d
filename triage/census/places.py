"""Places as codes of closed vocabularies: the département of a postal or INSEE code, the commune of a city cell."""

from __future__ import annotations

import polars as pl

from triage.detect.lexicons import fold

# La Poste numbers Corsica 20: Corse-du-Sud (2A) has 200xx and 201xx, Haute-Corse (2B) 202xx to 206xx.
_CORSICA = pl.Series(["200", "201"])


def department(code: pl.Expr) -> pl.Expr:
    """The département code of a five-character postal or INSEE code, null where the cell is neither.

    Good: ``56100`` gives ``56``, ``20137`` gives ``2A``, ``97400`` gives ``974``, ``2B033`` gives ``2B``;
    a lost leading zero is given back (``1000`` gives ``01``). Bad: ``00000``, ``99341`` (INSEE's codes of foreign
    countries).
    """
    # A spreadsheet drops the zero of départements 01 to 09, and a CEDEX or a city may follow the code.
    five = code.str.extract(r"^(\d[\dABab]\d{3}|\d{4})(?:\D.*)?$").str.to_uppercase().str.zfill(5)
    two, three = five.str.slice(0, 2), five.str.slice(0, 3)
    place = (
        pl.when(two == "20")
        .then(pl.when(three.is_in(_CORSICA.implode())).then(pl.lit("2A")).otherwise(pl.lit("2B")))
        .when(two.is_in(pl.Series(["97", "98"]).implode()))
        .then(three)
        .otherwise(two)
    )
    return pl.when(two.is_in(pl.Series(["00", "99", "96"]).implode()).not_()).then(place)


def folded(name: pl.Expr) -> pl.Expr:
    """A place name without case, accents, hyphens, apostrophes, CEDEX or arrondissement: the key of the commune list.

    ``Saint-Brieuc``, ``ST BRIEUC CEDEX 1`` and ``SAINT BRIEUC`` all give ``SAINT BRIEUC``.
    """
    return fold(name).str.replace(r"\s*\b(?:CEDEX|\d+)\b.*$", "")
