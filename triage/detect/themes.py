"""Health themes and drug names as one vocabulary: `rules/themes/<id>.toml` and the drug list.

A theme file holds its words, the abbreviations that count in capitals only, the words that count beside other
medical words only, and the ATC and CIM-10 prefixes that stand for it. A drug name belongs to the theme of its ATC codes
when they agree, else to ``treatment``.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from triage.detect import negation
from triage.detect.folding import expand, literals

if TYPE_CHECKING:
    from pathlib import Path

# The closed list of CONTRACT §2, in its order: bit numbers and column order follow it.
THEMES: Final = (
    "hiv_sti", "hepatitis", "cancer", "psychiatry", "addiction", "pregnancy", "abortion_fertility", "genetics", "disability",
    "violence_social", "neurology", "diabetes", "thyroid", "cardiology", "respiratory", "infection", "allergy", "treatment",
)  # fmt: skip
TREATMENT = THEMES.index("treatment")

# What a literal is. WORD decides alone; CAPITALS does in capitals inside mixed case; BESIDE and those in a cell all in
# capitals do only beside a WORD, a DRUG or a CONTEXT word; WEAK is a drug name that is also an everyday word; DENIED is
# a phrase that says no by itself ("non enceinte"); ILLNESS is a health word that no theme of the list covers.
WORD, CAPITALS, BESIDE, DRUG, WEAK, DENIED, ILLNESS, CONTEXT = range(8)

# The one file of the folder that is no theme.
CUES: Final = "cues.toml"
_KEYS = {
    "id", "title", "references", "words", "capitals", "beside", "denied", "illnesses", "context", "other_sense", "atc", "cim10", "drugs",
    "examples",
}  # fmt: skip


@dataclass(frozen=True)
class Theme:
    """One theme file, its words with braces expanded; accents and case as the author wrote them."""

    id: str
    title: dict[str, str]
    words: tuple[str, ...]
    capitals: tuple[str, ...]
    beside: tuple[str, ...]
    denied: tuple[str, ...]
    illnesses: tuple[str, ...]
    context: tuple[str, ...]
    other_sense: tuple[str, ...]
    atc: tuple[str, ...]
    cim10: tuple[str, ...]
    drugs: dict[str, tuple[str, ...]]
    brands: dict[str, str]
    match: tuple[str, ...]
    no_match: tuple[tuple[str, str], ...]


def read(path: Path) -> Theme:
    """One theme file; ValueError names the file and what to change."""
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    if unknown := sorted(set(data) - _KEYS):
        msg = f"{path.name}: unknown key {unknown[0]}; known keys are {', '.join(sorted(_KEYS))}"
        raise ValueError(msg)
    if data.get("id") != path.stem or path.stem not in THEMES:
        msg = f"{path.name}: id must be the file's name and one of the themes {', '.join(THEMES)}"
        raise ValueError(msg)
    examples = data.get("examples", {})
    if not examples.get("match") or not examples.get("no_match"):
        msg = f"{path.name}: needs [examples] with at least one match and one no_match"
        raise ValueError(msg)
    return _theme(data, examples)


def _theme(data: dict[str, Any], examples: dict[str, Any]) -> Theme:
    def words(key: str) -> tuple[str, ...]:
        return tuple(form for word in data.get(key, ()) for form in expand(word))

    return Theme(
        id=data["id"],
        title=data["title"],
        words=words("words"),
        capitals=words("capitals"),
        beside=words("beside"),
        denied=words("denied"),
        illnesses=words("illnesses"),
        context=words("context"),
        other_sense=words("other_sense"),
        atc=tuple(data.get("atc", ())),
        cim10=tuple(data.get("cim10", ())),
        drugs={key: tuple(names) for key, names in data.get("drugs", {}).items() if key != "atc"},
        brands=data.get("drugs", {}).get("atc", {}),
        match=tuple(examples["match"]),
        no_match=tuple((e["value"], e["why"]) for e in examples["no_match"]),
    )


def load(folder: Path) -> tuple[Theme, ...]:
    """The themes of ``folder``, in the order of THEMES."""
    paths = (path for path in folder.glob("*.toml") if path.name != CUES)
    return tuple(sorted((read(path) for path in paths), key=lambda t: THEMES.index(t.id)))


def vocabulary(themes: tuple[Theme, ...], drugs: pl.DataFrame, cues: Path) -> pl.DataFrame:
    """Every literal to look for: ``literal`` String, ``kind`` UInt8, ``theme`` UInt8 or null, ``reach`` Int32 (cues).

    ``drugs`` is the vendored list (term, atc, common), ``cues`` the file of cues. A literal may stand twice, as a drug
    and as a word of a theme.
    """
    rows: list[tuple[str, int, int | None]] = [
        (word, kind, THEMES.index(theme.id))
        for theme in themes
        for kind, listed in ((WORD, theme.words), (CAPITALS, theme.capitals), (BESIDE, theme.beside), (DENIED, theme.denied))
        for word in listed
    ]
    rows += [(word, ILLNESS, None) for theme in themes for word in theme.illnesses]
    rows += [(word, CONTEXT, None) for theme in themes for word in theme.context]
    rows += [(phrase, negation.NO_CUE, None) for theme in themes for phrase in theme.other_sense]
    words = pl.DataFrame(rows, schema={"phrase": pl.String, "kind": pl.UInt8, "theme": pl.UInt8}, orient="row")
    named = _drug_names(themes, drugs)
    around = pl.DataFrame(list(negation.cues(cues)), schema={"phrase": pl.String, "kind": pl.UInt8, "reach": pl.Int32}, orient="row")
    whole = pl.concat([words, named, around], how="diagonal")
    return whole.select(literals(whole["phrase"]).alias("literal"), "kind", "theme", "reach").unique(maintain_order=True)


_LATIN = r"^(?:[A-Z]{6,}(?:IN|FEN)|ASPIRIN|HEPARIN|INSULIN|DIGOXIN)E$"


def _drug_names(themes: tuple[Theme, ...], drugs: pl.DataFrame) -> pl.DataFrame:
    """Drug terms (phrase, kind, theme): the theme of their ATC codes, weak where a word of everyday life."""
    lists = {key: names for theme in themes for key, names in theme.drugs.items()}
    never, weak, known = (set(lists.get(key, ())) for key in ("never", "weak", "known"))
    prefixes = {prefix: THEMES.index(theme.id) for theme in themes for prefix in theme.atc}
    term, everyday = pl.col("term"), (pl.col("common") == "1") | (pl.col("term").str.len_chars() <= 3)  # noqa: PLR2004 - see identifiers
    brands = {name: code for theme in themes for name, code in theme.brands.items()}
    more = pl.DataFrame({"term": list(brands), "atc": list(brands.values()), "common": ["0"] * len(brands)}, schema=drugs.schema)
    listed = drugs.filter(~term.is_in(sorted({*never, *brands})))
    # English and German write the same name without its last letter: "atorvastatin", "ibuprofen".
    abroad = listed.filter(term.str.contains(_LATIN)).with_columns(term.str.strip_suffix("E")).filter(~term.is_in(drugs["term"].implode()))
    chosen = pl.concat([listed, abroad, more])
    kind = pl.when(term.is_in(sorted(known))).then(DRUG).when(everyday | term.is_in(sorted(weak))).then(WEAK).otherwise(DRUG)
    codes = chosen["atc"].str.split("|").to_list()
    return chosen.select(
        term.alias("phrase"),
        kind.cast(pl.UInt8).alias("kind"),
        pl.Series("theme", [_atc_theme(listed, prefixes) for listed in codes], dtype=pl.UInt8),
    )


def _atc_theme(codes: list[str], prefixes: dict[str, int]) -> int:
    """The theme all codes agree on, else ``treatment``: aspirin is for the heart and for the head."""
    found = {next((prefixes[code[:n]] for n in range(len(code), 0, -1) if code[:n] in prefixes), TREATMENT) for code in codes}
    return found.pop() if len(found) == 1 else TREATMENT


def code_masks(cells: pl.Series, themes: tuple[Theme, ...]) -> pl.Series:
    """Per cell the UInt32 mask of the theme whose CIM-10 prefix begins it, the longest prefix winning; 0 for other cells."""
    bits = {prefix: 1 << THEMES.index(theme.id) for theme in themes for prefix in theme.cim10}
    code = pl.col("cell").str.replace_all(r"[ .+*]", "").str.to_uppercase()
    shaped = code.str.contains(r"^[A-Z]\d{2}[0-9X]{0,4}$")
    known = [code.str.slice(0, n).replace_strict(bits, default=None, return_dtype=pl.UInt32) for n in range(4, 0, -1)]
    return cells.to_frame("cell").select(pl.when(shaped).then(pl.coalesce(known)).fill_null(0)).to_series().alias("theme")
