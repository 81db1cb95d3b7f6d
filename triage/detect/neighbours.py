"""What columns say of each other, checked on the rows of the sample: a key beside a NIR, ABO beside rhesus.

Each finder looks at columns that already have a first label and yields findings; ``judge`` then takes them as a voice.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage.detect import dates, headers, lexicons, measure, sites, surroundings, validators
from triage.detect.findings import UNCLAIMED, Finding, Sample, within
from triage.detect.plan import Header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage.detect.plan import ColumnPlan

# Share of the rows holding both cells that must agree, and the least such rows.
_AGREE, _ROWS = 0.8, 3
# Civil status differs from the NIR now and then, and a spouse's NIR is written for a child's.
_BORN_AGREE = 0.6
# Names and logins differ by marriage, accents and nicknames.
_LOGIN_AGREE = 0.5
_NEAR, _BESIDE, _BLOCK = 2, 3, 4
_MOST = 0.9
# Birth dates lie apart as people do; visits, contracts and rights lie within a few years of each other.
_YEARS_APART, _LIFETIMES = 30, 45
# Words of a name that say of what the date is, without saying "date".
_EVENTS = (
    "start end begin debut fin entree sortie arrivee depart creation embauche hire hired join joined contrat election mandat "
    "visite consultation investigation event evenement inscription signature depot ouverture fermeture release published "
    "parution publication term termination deces death died dod mariage married vaccin vaccination operation achat vente"
)
_OTHER_DAYS = frozenset(_EVENTS.split())
# Patterns of letters and figures that secrets show at least, and how many of them may share one.
_PATTERNS, _ALIKE = 8, 20
# Values of a column of blood groups, in two spellings and with a few damaged; how alike columns far apart must be filled.
_SPELLINGS, _TOGETHER, _MOSTLY = 20, 0.99, 0.7
_ABO = {"A", "B", "AB", "O", "0", "A1", "A2", "A1B", "A2B"}
_RHESUS = {
    "+",
    "-",
    "POS",
    "NEG",
    "NÉG",
    "POSITIF",
    "NEGATIF",
    "NÉGATIF",
    "RH+",
    "RH-",
    "RH +",
    "RH -",
    "D+",
    "D-",
    "P",
    "N",
    "POS.",
    "NEG.",
    "RH1",
    "RH-1",
}

_NO_NAME = {label: Header(veto=True) for label in ("first_name", "last_name", "full_name")}
_NO_CODE = {label: Header(veto=True) for label in ("insee_code", "postal_code", "department")}


# Labels that only a neighbour may name, and whose hits the finders must see.
NEEDED = frozenset({"finess"})


def heard(columns: Sequence[ColumnPlan], frame: pl.DataFrame, long: pl.DataFrame) -> list[ColumnPlan]:
    """The columns with what their neighbours say in ``near`` and ``partner``."""
    cells = frame.select(measure.tidied(pl.all())).select(pl.when(~pl.all().is_in(measure.NOTHING)).then(pl.all()))
    first = Sample(columns, cells, long)
    columns = _ruled_out(_ruled_out(columns, surroundings.nobodys(first), _NO_NAME), sites.counters(first), _NO_CODE)
    findings = [f for find in _FINDERS for f in find(Sample(columns, cells, long))]
    # What was found speaks of further columns: births are sought beside names, a password beside a login.
    found = {f.column: f.label for f in reversed(findings)}
    named = Sample([msgspec.structs.replace(c, label=found.get(c.index, c.label)) for c in columns], cells, long)
    findings += [f for find in _LATER for f in find(named)]
    return [_told(column, [f for f in findings if f.column == column.index]) for column in columns]


def _ruled_out(columns: Sequence[ColumnPlan], which: set[int], vetoes: dict[str, Header]) -> list[ColumnPlan]:
    return [msgspec.structs.replace(c, headers={**c.headers, **vetoes}, label="unknown") if c.index in which else c for c in columns]


def _told(column: ColumnPlan, findings: list[Finding]) -> ColumnPlan:
    if not findings:
        return column
    partner = next((f.partner for f in findings if f.partner is not None), None)
    return msgspec.structs.replace(column, near={f.label: f.why for f in findings}, partner=partner)


def _nir_and_key(sample: Sample) -> Iterator[Finding]:
    """A 13-digit NIR beside its key: the pair is right in most rows."""
    keys = [c for c in sample.columns if c.shape.distinct and c.shape.length_max <= 2 and c.shape.integers >= _AGREE]  # noqa: PLR2004  # a key has two digits
    for column in sample.columns:
        hits = column.hits.get("nir")
        if hits is None or hits.rows < column.shape.filled / 2:
            continue
        for key in keys:
            if sample.agree(validators.nir_pair(sample.cell(column), sample.cell(key))) >= _AGREE:
                yield Finding(column.index, "nir", "key_beside", key.index)
                yield Finding(key.index, "nir_key", "nir_beside", column.index)
                break


def _born_as_the_nir_says(sample: Sample) -> Iterator[Finding]:
    """Year and month of a date, sex of a column: as the NIR of the same row has them."""
    for nir in sample.labelled("nir"):
        body = sample.cell(nir).str.replace_all(r"[ .\-]", "")
        for column in sample.labelled("date", "birth_date", "datetime"):
            formats = dates.format_of(sample.long, column)
            if formats is None or formats.startswith("epoch"):
                continue
            day = sample.cell(column).str.extract(r"^([^ T]+)").str.to_date(formats.split("|")[0].split(" ")[0], strict=False)
            if sample.agree(day.dt.strftime("%y%m") == body.str.slice(1, 4)) >= _BORN_AGREE:
                yield Finding(column.index, "birth_date", "nir_beside")
        for column in sample.columns:
            first = sample.cell(column).str.to_uppercase().str.slice(0, 1)
            sexes = first.replace_strict({"1": "1", "2": "2", "M": "1", "H": "1", "F": "2"}, default=None)
            if column.shape.length_max == 1 and sample.agree(sexes == body.str.slice(0, 1)) >= _MOST:
                yield Finding(column.index, "sex", "nir_beside")


def _blood(sample: Sample) -> Iterator[Finding]:
    """ABO in one column and rhesus in another, filled together: side by side, or both empty on the same rows."""
    short = [c for c in sample.columns if 0 < c.shape.distinct <= _SPELLINGS and c.shape.length_max <= 8]  # noqa: PLR2004  # NÉGATIF and a dot
    letters, words = _spoken(sample, short, _ABO), _spoken(sample, short, _RHESUS)
    groups = [c for c in short if len(letters.get(c.index, set()) & {"A", "B", "AB", "O", "0"}) >= 3]  # noqa: PLR2004  # three groups of the four
    signs = [c for c in short if 1 <= len(words.get(c.index, ())) <= 4]  # noqa: PLR2004  # two signs, two spellings
    for abo in groups:
        for rhesus in signs:
            both = sample.agree(sample.cell(abo).is_not_null() == sample.cell(rhesus).is_not_null())
            sparse = both >= _TOGETHER and _ROWS * _BLOCK <= abo.shape.filled <= _MOST * sample.cells.height
            if (
                both >= _AGREE
                and abo is not rhesus
                and _of_people(sample, rhesus, words[rhesus.index])
                and (sparse or within(rhesus.index, [abo.index], _NEAR))
            ):
                yield Finding(abo.index, "blood_group", "rhesus_beside")
                yield Finding(rhesus.index, "blood_group", "abo_beside")


def _of_people(sample: Sample, rhesus: ColumnPlan, signs: set[str]) -> bool:
    """Words, or signs in a table that names persons or care; else they are mostly positive, as with five people in six."""
    if any(len(sign) > 1 for sign in signs):
        return True
    positive = sample.cell(rhesus).str.to_uppercase().str.contains(r"^(?:RH ?|D)?(?:\+|POS|P$|1)")
    return rhesus.persons or rhesus.care or sample.agree(positive, 2 * _SPELLINGS) >= _MOSTLY


def _spoken(sample: Sample, columns: Sequence[ColumnPlan], words: set[str]) -> dict[int, set[str]]:
    """By column which of the words stand in it, in capitals; columns of which a tenth of the rows holds something else are left out."""
    filled = {c.index: c.shape.filled for c in columns}
    capitals = pl.col("cell").str.to_uppercase()
    known = sample.long.lazy().filter(capitals.is_in(list(words))).group_by("column").agg(capitals, pl.col("rows").sum()).collect()
    return {c: set(cells) for c, cells, rows in known.iter_rows() if c in filled and rows >= _MOST * filled[c]}


def _names(sample: Sample) -> Iterator[Finding]:
    """What is called "nom" is a last name beside a first name, and a whole one beside an age or a sex.

    A town beside its postal code is one even abroad or misspelt.
    """
    firsts = [c.index for c in sample.columns if c.label == "first_name" or _weakly("first_name", c)]
    lasts = [c.index for c in sample.columns if c.label == "last_name" or _weakly("last_name", c)]
    traits = [c.index for c in sample.labelled("age", "sex", "birth_date")]
    postals = [c.index for c in sample.labelled("postal_code")]
    for column in sample.columns:
        if column.label not in UNCLAIMED:
            continue
        if _weakly("first_name", column) and within(column.index, lasts, _NEAR):
            yield Finding(column.index, "first_name", "last_name_beside")
        elif _weakly("last_name", column) and within(column.index, firsts, _NEAR):
            yield Finding(column.index, "last_name", "first_name_beside")
        elif _weakly("full_name", column) and within(column.index, traits, _BESIDE):
            yield Finding(column.index, "full_name", "person_beside")
        hits, header = column.hits.get("city"), column.headers.get("city")
        if hits and not (header and header.veto) and within(column.index, postals, 1) and hits.known >= column.shape.distinct / 3:
            yield Finding(column.index, "city", "postal_code_beside")


def _weakly(label: str, column: ColumnPlan) -> bool:
    """The name supports the label without deciding it, and the cells have its form."""
    header, hits = column.headers.get(label), column.hits.get(label)
    formed = hits is not None and hits.rows >= _AGREE * column.shape.filled
    return header is not None and header.weak and not header.veto and formed


def _facilities(sample: Sample) -> Iterator[Finding]:
    """Nine figures with the key that SIREN and FINESS share: beside a hospital they are its FINESS number."""
    hospitals = [c.index for c in sample.labelled("health_facility")]
    for column in sample.columns:
        hits = column.hits.get("finess")
        if column.label != "finess" and hits and within(column.index, hospitals, _NEAR) and hits.valid >= _MOST * column.shape.filled:
            yield Finding(column.index, "finess", "health_facility_beside")


def _births(sample: Sample) -> Iterator[Finding]:
    """A date without a name of its own whose years lie decades apart: near names of persons, or the only one beside them."""
    persons = [c.index for c in sample.labelled("first_name", "last_name", "birth_name", "full_name")]
    apart = {c.index: years for c in sample.labelled("date") if persons and (years := _years_apart(sample, c)) >= _YEARS_APART}
    lone = len(apart) == 1 and max(apart.values()) >= _LIFETIMES
    for index in apart:
        if lone or within(index, persons, _BLOCK):
            yield Finding(index, "birth_date", "years_apart")


def _years_apart(sample: Sample, column: ColumnPlan) -> float:
    """Years between the early and the late dates of a column; 0 where its name says of what day it is."""
    if "date" in column.headers or _OTHER_DAYS & set(headers.tokens(column.name)):
        return 0.0
    formats = dates.format_of(sample.long, column)
    if formats is None or formats.startswith("epoch") or "%y" in formats:
        return 0.0
    form = r"(\d{4})$" if formats == "%d%m%Y" else r"(\d{4})"
    years = sample.cells.select(sample.cell(column).str.extract(form).cast(pl.Int32, strict=False)).to_series().drop_nulls()
    return (years.quantile(0.95) or 0.0) - (years.quantile(0.05) or 0.0) if len(years) >= _ROWS else 0.0


def _logins(sample: Sample) -> Iterator[Finding]:
    """One word without a blank, in small letters, that holds the last name of its row, or names of the lists: an account."""
    names = sample.labelled("last_name", "birth_name")
    for column in sample.columns:
        shape = column.shape
        words = column.label in UNCLAIMED | {"login"} and shape.spaced <= 1 - _MOST and shape.lower >= _MOST
        if not words or shape.distinct < max(2 * _BLOCK, _AGREE * shape.filled):
            continue
        if any(_holds_name(sample, column, name) for name in names) or _made_of_names(sample, column) >= _LOGIN_AGREE:
            yield Finding(column.index, "login", "name_inside")


def _holds_name(sample: Sample, column: ColumnPlan, name: ColumnPlan) -> bool:
    account, last = (lexicons.fold(sample.cell(c)).str.replace_all(" ", "") for c in (column, name))
    return sample.agree(pl.when(last.str.len_chars() >= _BLOCK).then(account.str.contains(last, literal=True))) >= _LOGIN_AGREE


def _made_of_names(sample: Sample, column: ColumnPlan) -> float:
    """Share of the values that are an initial and a last name ("jdupont42"), or first and last name ("marie.durand")."""
    values = measure.of_column(sample.long, column.index).select(
        pl.col("cell").str.extract(r"^([a-z]+(?:[._][a-z]+)?)[0-9]*$").alias("word")
    )
    parts = values.with_row_index().select("index", pl.col("word").str.to_uppercase().str.split_exact(".", 1).struct.unnest())
    parts = parts.with_columns(initial=pl.when(pl.col("field_1").is_null()).then(pl.col("field_0").str.slice(1)))
    last = lexicons.people().filter(pl.col("last").is_not_null())["token"].implode()
    either = lexicons.people()["token"].implode()
    dotted = pl.col("field_0").is_in(either) & pl.col("field_1").is_in(either)
    return float(parts.select((pl.col("initial").is_in(last) | dotted).fill_null(value=False).mean()).item() or 0.0)


def _passwords(sample: Sample) -> Iterator[Finding]:
    """Beside a login or a mail address: values like no code (`_secret`), or bare digests."""
    accounts = [c.index for c in sample.labelled("login", "email")]
    named = [c for c in sample.columns if any(h.speaks or h.strength == _BESIDE for h in c.headers.values())]
    beside = [c for c in sample.columns if c not in named and within(c.index, accounts, _BESIDE)]
    digests = [c for c in beside if _digests(c)]
    yield from (Finding(c.index, "password_hash", "account_beside") for c in digests)
    secret = [c.index for c in beside if c.label in UNCLAIMED and c not in digests and _secret(sample, c)]
    for index in secret:
        # Of two such columns side by side the first is the account's name, as lists of credentials have them.
        yield Finding(index, "login" if index + 1 in secret else "password", "account_beside")


def _digests(column: ColumnPlan) -> bool:
    hits = column.hits.get("password_hash")
    return hits is not None and column.shape.filled >= _ROWS and hits.rows >= _MOST * column.shape.filled


def _secret(sample: Sample, column: ColumnPlan) -> bool:
    """Words people choose and generators draw: of varied length and pattern, letters and figures mixed, rarely alike.

    A code has few patterns ("CMD-2020-0001" is one), a token one length, a reference capitals only.
    """
    shape = column.shape
    values = measure.of_column(sample.long, column.index)["cell"]
    if len(values) < 2 * _BLOCK or shape.spaced > 1 - _MOST or shape.length_max - shape.length_min < 1:
        return False
    drawn = values.str.replace_all("[a-z]", "a").str.replace_all("[A-Z]", "A").str.replace_all("[0-9]", "9")
    varied = drawn.n_unique() >= max(_PATTERNS, len(values) / _ALIKE) and shape.distinct >= _AGREE * shape.filled
    return varied and shape.lower >= _AGREE and shape.mixed >= 0.5 and 6 <= shape.length_mean <= 16  # noqa: PLR2004  # half; what people type


_FINDERS = (_nir_and_key, _born_as_the_nir_says, _blood, _names, _facilities, _logins, *surroundings.FINDERS, *sites.FINDERS)
_LATER = (_births, _passwords, *surroundings.LATER, *sites.LATER)
