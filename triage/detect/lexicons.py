"""The vendored lists as polars series, read once a process: names with their frequency, places, codes."""

from __future__ import annotations

from functools import cache, partial

import polars as pl

from triage import resources

# Share among births above which an everyday word is a name all the same: one birth in ten thousand.
_FREQUENT = 1e-4
# Cells that are looked up one by one.
_FEW = 10_000
_FILES = {
    "postal_codes": ("communes.tsv", "postal_codes"),
    "insee_codes": ("communes.tsv", "insee"),
    "departments": ("departments.tsv", "code"),
    "department_names": ("departments.tsv", "name"),
    "regions": ("regions.tsv", "name"),
    "countries": ("birth_countries.tsv", "name"),
    "first_names": ("first_names.tsv", "name"),
    "last_names": ("last_names.tsv", "name"),
}
_WORDS = {"cim10": "cim10_codes.txt", "common_words": "common_words.txt"}
_FOLDED = frozenset({"department_names", "regions", "countries"})


@cache
def table(name: str) -> pl.DataFrame:
    """A list as a frame of strings."""
    return pl.read_csv(resources.lexicons_dir() / name, separator="\t", infer_schema=False, quote_char=None)


@cache
def communes() -> pl.DataFrame:
    """The communes with their folded names as ``key``."""
    return table("communes.tsv").with_columns(key=fold(pl.col("name")))


@cache
def codes(name: str) -> pl.Series:
    """The distinct entries of a list, folded where they are words (see ``fold``).

    A list of our own is ``<name>.txt``: a title, then entries, several forms of one on a line with ``|`` between them.
    ``towns`` are the communes of France and towns abroad.
    """
    if name == "towns":
        return pl.concat([codes("communes"), codes("foreign_towns")]).unique().sort()
    if name == "communes":
        return communes()["key"].unique().sort()
    if name not in _FILES and name not in _WORDS:
        text = (resources.lexicons_dir() / f"{name}.txt").read_text(encoding="utf-8")
        found = pl.Series(name, text.splitlines()[1:]).str.split("|").explode()
    elif name in _WORDS:
        text = (resources.lexicons_dir() / _WORDS[name]).read_text(encoding="utf-8").upper()
        found = pl.Series(name, text.splitlines()[1:])
    else:
        file, column = _FILES[name]
        found = table(file)[column]
    if name == "postal_codes":
        found = found.str.split("|").explode()
    if name in _FOLDED or name == "common_words" or name not in _FILES | _WORDS:
        found = found.to_frame("word").select(fold(pl.col("word"))).to_series()
    return found.drop_nulls().unique().sort()


def listed(cell: pl.Expr, entries: pl.Series) -> pl.Expr:
    """Whether a cell is among sorted entries; to look a few up costs a hundredth of what it costs to hash the list."""
    return cell.map_batches(partial(_among, entries), return_dtype=pl.Boolean, is_elementwise=True)


def _among(entries: pl.Series, cells: pl.Series) -> pl.Series:
    if len(cells) > _FEW:
        return cells.is_in(entries.implode())
    return entries.gather(entries.search_sorted(cells).clip(upper_bound=len(entries) - 1)) == cells


@cache
def located(column: str) -> pl.Series:
    """Code and town of each commune, "35000 RENNES", by ``postal_codes`` or by ``insee``."""
    towns = communes().select("key", code=pl.col(column).str.split("|")).explode("code")
    return towns.select(pl.concat_str(["code", "key"], separator=" ")).to_series().drop_nulls().unique().sort()


def fold(cell: pl.Expr) -> pl.Expr:
    """Capitals without accents, hyphens and apostrophes as blanks, blanks single: "Saint-Étienne" and "ST ETIENNE" meet."""
    return cell.map_batches(_folded, return_dtype=pl.String, is_elementwise=True)


# What is more than words of plain capitals with a blank between them.
_ODD = r"[^A-Z0-9 ]|^ | $|  |\bSTE?\b"


def _folded(cells: pl.Series) -> pl.Series:
    """Most words are plain once they are capitals: the others alone go the long way."""
    capitals = cells.str.to_uppercase()
    odd = capitals.str.contains(_ODD).arg_true()
    return capitals.scatter(odd, cells.gather(odd).to_frame("cell").select(_plain(pl.col("cell"))).to_series()) if len(odd) else capitals


def _plain(cell: pl.Expr) -> pl.Expr:
    letters = cell.str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_uppercase()
    spaced = letters.str.replace_all(r"[^A-Z0-9]+", " ").str.strip_chars(" ")
    return spaced.str.replace_all(r"\bST\b", "SAINT").str.replace_all(r"\bSTE\b", "SAINTE")


@cache
def people() -> pl.DataFrame:
    """Tokens of first and last names: ``token``, ``first`` and ``last`` (share among births, null where it is none), ``common``.

    ``common`` are everyday words that few people bear as a name: PETIT and MARTIN are not, MAISON is.
    """
    parts = []
    for kind in ("first", "last"):
        names = table(f"{kind}_names.tsv").select(fold(pl.col("name")).str.split(" ").alias("token"), count=pl.col("count").cast(pl.UInt32))
        tokens = names.explode("token").group_by("token").agg(pl.col("count").sum())
        parts.append(tokens.select("token", (pl.col("count") / pl.col("count").sum()).alias(kind)))
    both = parts[0].join(parts[1], on="token", how="full", coalesce=True)
    return _with_common(both)


@cache
def everyone() -> pl.DataFrame:
    """As ``people``, with the names that are borne elsewhere: for whole columns, where many names bear each other out."""
    million = 1e6
    abroad = table("foreign_names.tsv").select(
        pl.col("name").alias("token"), *(pl.col(k).cast(pl.Float64).replace(0.0, None) / million for k in ("first", "last"))
    )
    both = pl.concat([people().drop("common"), abroad]).group_by("token").agg(pl.col("first", "last").max())
    return _with_common(both)


def _with_common(both: pl.DataFrame) -> pl.DataFrame:
    rare = pl.max_horizontal("first", "last") < _FREQUENT
    return both.with_columns(common=rare & pl.col("token").is_in(codes("common_words").implode()))
