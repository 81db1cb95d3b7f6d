"""What a table about persons or places says of columns whose cells are too few, or too foreign, to speak for themselves.

Towns and their codes bear each other out row by row; names, addresses and telephones are believed beside what identifies
a person. Finders for ``neighbours``.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl

from triage.detect import lexicons, measure, phones, validators
from triage.detect.findings import UNCLAIMED, Finding, Sample, within

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.detect.plan import ColumnPlan

_NEAR, _BLOCK, _ROWS = 2, 4, 200
# Share of the rows in which town and code must be a pair of the list: two that are none hardly ever are.
_PAIRED, _AGREE, _MOST = 0.5, 0.8, 0.9
# Names in the lists: of few values nearly all, of many nearly half, as files with people of all countries have.
_LISTED, _SURE, _MANY, _PART = 3, 0.75, 20, 0.4
_GIVEN, _NOT_GIVEN = 0.6, 0.4
# What a table about persons holds beside their names.
_PERSONAL = ("email", "phone", "nir", "ins", "birth_date", "title", "sex", "login", "iban", "rpps", "password_hash")
_PERSON_KEYS = tuple(label for label in _PERSONAL if label not in {"sex", "title"})
_FEW, _REPEATED = 60, 0.1
_CONTACTS = ("email", "address", "city", "postal_code", "first_name", "last_name", "full_name", "siret", "birth_date")
_NAMES = ("first_name", "last_name", "birth_name", "full_name", "email")
# The first figure of a ZIP code by state (United States Postal Service, publication 65).
_ZIPS = ("CT MA ME NH NJ RI VT", "DE NY PA", "DC MD NC SC VA WV", "AL FL GA MS TN", "IN KY MI OH", "IA MN MT ND SD WI", "IL KS MO NE",
         "AR LA OK TX", "AZ CO ID NM NV UT WY", "AK CA HI OR WA")  # fmt: skip
_STATES = {state: str(n) for n, states in enumerate(_ZIPS) for state in states.split()}
_ZIP = r"^\d{5}(?:-\d{4})?$"
_FRENCH_PHONE = r"^0[1-9](?:[ .\-]?\d\d){4}$"
# Six to fifteen figures in groups, as the world writes telephones, and the ten of North America in three groups.
_GROUPS = r"^\+?\(?\d[\d ().\-/]{5,18}\d$"
_AMERICAN = r"^(?:\+?1[ .\-]?)?\(?[2-9]\d\d\)?[ .\-]{1,2}\d{3}[ .\-]\d{4}$"
_SEPARATED = r"\d[ ().\-/]+\d"
_FORMS, _SURE_PHONE = 5, 0.98
# Nine figures of French numbers that lost their zero: mobiles are half of them, and their beginnings differ.
_ZEROLESS, _MOBILE, _BEGINNINGS = r"^[1-79]\d{8}$", r"^[67]", 10
# An address without a word for a street: a number among words, where most values differ.
_NUMBERED = r"\d.*\p{L}{3}|\p{L}{3}.*\d"
_STREETS = 0.3
# Distinct days, and days of the month, that numbers without separators must show.
_DAYS = 10
_LINE = 8


def _silent(column: ColumnPlan) -> bool:
    """Nothing is known of the column, and its name says nothing else."""
    return column.label in UNCLAIMED and column.shape.distinct > 0 and not any(h.speaks for h in column.headers.values())


def _values(sample: Sample, column: ColumnPlan) -> pl.Series:
    return measure.of_column(sample.long, column.index)["cell"]


def _share(values: pl.Series, pattern: str) -> float:
    return float(values.str.contains(pattern).mean() or 0.0)  # type: ignore[arg-type]


def _towns(sample: Sample) -> Iterator[Finding]:
    """A town and its postal or Insee code in the same rows: one row in two is a pair of the list."""
    digits = [c for c in sample.columns if (_silent(c) or c.label in {"postal_code", "insee_code"}) and c.shape.digits >= _AGREE]
    codes = [c for c in digits if c.shape.length_max <= 2 * _BLOCK and c.shape.length_mean >= _BLOCK]
    words = [c for c in sample.columns if _silent(c) or c.label == "city"]
    towns = [c for c in words if c.shape.letters >= _MOST and c.shape.digits < _PAIRED and c.shape.words <= _BLOCK]
    few = Sample(sample.columns, sample.cells.head(_ROWS), sample.long)
    for code in codes:
        for town in towns:
            if (code.label in UNCLAIMED or town.label in UNCLAIMED) and within(code.index, [town.index], _BLOCK):
                yield from _paired(few, code, town)


def _paired(sample: Sample, code: ColumnPlan, town: ColumnPlan) -> Iterator[Finding]:
    name = lexicons.fold(sample.cell(town)).str.replace(r" CEDEX.*$| \d+(?: ?ER?)?$", "")
    pair = pl.concat_str([sample.cell(code).str.to_uppercase().str.zfill(5), name], separator=" ")
    for label, listed in (("postal_code", "postal_codes"), ("insee_code", "insee")):
        if sample.agree(lexicons.listed(pair, lexicons.located(listed)), least=1) >= _PAIRED:
            if code.label in UNCLAIMED:
                yield Finding(code.index, label, "town_beside")
            if town.label in UNCLAIMED:
                yield Finding(town.index, "city", "postal_code_beside")
            return


def _american(sample: Sample) -> Iterator[Finding]:
    """A ZIP code whose first figure is its state's, and the town between them."""
    short = [c for c in sample.columns if c.shape.length_max == 2 and c.shape.upper >= _MOST and c.shape.distinct >= 2]  # noqa: PLR2004  # two letters, two states
    states = [c for c in short if float(_values(sample, c).is_in(list(_STATES)).mean() or 0) >= _MOST]  # type: ignore[arg-type]
    for state in states:
        for column in sample.columns:
            if not _silent(column) or not within(column.index, [state.index], _BLOCK):
                continue
            figure = sample.cell(state).replace_strict(_STATES, default=None)
            zips = column.shape.length_mean >= 5 and _share(_values(sample, column), _ZIP) >= _AGREE  # noqa: PLR2004  # figures of a ZIP code
            if zips and sample.agree(sample.cell(column).str.slice(0, 1) == figure) >= _AGREE:
                yield Finding(column.index, "postal_code", "town_beside")


def _departments(sample: Sample) -> Iterator[Finding]:
    """Two or three characters that begin the postal code of their row, in several départements."""
    for column in sample.columns:
        if not _silent(column) or column.shape.length_max > 3 or column.shape.distinct < _LISTED or column.shape.digits < _MOST:  # noqa: PLR2004  # 974
            continue
        for code in sample.labelled("postal_code", "insee_code"):
            cell = sample.cell(column).str.zfill(2)
            if sample.agree(sample.cell(code).str.zfill(5).str.starts_with(cell)) >= _MOST:
                yield Finding(column.index, "department", "postal_code_beside")


def _names_together(sample: Sample) -> Iterator[Finding]:
    """First and last names side by side, in a table that says more of persons."""
    if not sample.labelled(*_PERSONAL):
        return
    silent = [c for c in sample.columns if c.label in UNCLAIMED and c.shape.distinct >= _LISTED and not _comes_again(c)]
    silent = [c for c in silent if c.shape.digits <= 1 - _MOST]
    given = [c for c in silent if c.shape.given >= _GIVEN and _listed(c, c.shape.first_names)]
    family = [c for c in silent if c.shape.given <= _NOT_GIVEN and _listed(c, c.shape.last_names)]
    firsts = [c.index for c in (*given, *sample.labelled("first_name"))]
    lasts = [c.index for c in (*family, *sample.labelled("last_name", "birth_name"))]
    for column in given:
        if within(column.index, lasts, _NEAR) and not _vetoed(column, "first_name"):
            yield Finding(column.index, "first_name", "last_name_beside")
    for column in family:
        if within(column.index, firsts, _NEAR) and not _vetoed(column, "last_name"):
            yield Finding(column.index, "last_name", "first_name_beside")


def _vetoed(column: ColumnPlan, label: str) -> bool:
    header = column.headers.get(label)
    return header is not None and header.veto


def nobodys(sample: Sample) -> set[int]:
    """Columns of names that are nobody's: a few that come again and again, where nothing else is said of persons.

    Brands, models, horses and titles are in the lists of names too, and stations are named after persons.
    """
    said = any(h.speaks for c in sample.labelled(*_NAMES) for label, h in c.headers.items() if label in _NAMES)
    if said or sample.labelled(*_PERSON_KEYS):
        return set()
    site = bool(sample.labelled("lat_long"))
    named = (c for c in sample.labelled("first_name", "last_name", "full_name") if not any(h.speaks for h in c.headers.values()))
    return {c.index for c in named if site or _comes_again(c)}


def _comes_again(column: ColumnPlan) -> bool:
    """A few values again and again, as persons' names do not."""
    return column.shape.distinct < min(_FEW, _REPEATED * column.shape.filled)


def _listed(column: ColumnPlan, share: float) -> bool:
    return share >= (_PART if column.shape.distinct >= _MANY else _SURE)


def _addresses(sample: Sample) -> Iterator[Finding]:
    """Beside a town or its code: streets, or a number among words, that differ from row to row."""
    places = [c.index for c in sample.labelled("city", "postal_code")]
    persons = bool(sample.labelled(*_NAMES))
    for column in sample.columns:
        shape = column.shape
        if not _silent(column) or not within(column.index, places, _NEAR) or shape.spaced < _GIVEN or shape.words > _LINE:
            continue
        hits = column.hits.get("address")
        streets = hits is not None and hits.firm_values >= _STREETS * shape.distinct
        varied = shape.distinct >= max(_LISTED, _AGREE * shape.filled)
        if streets or (persons and varied and _share(_values(sample, column), _NUMBERED) >= _GIVEN):
            yield Finding(column.index, "address", "town_beside")


def _telephones(sample: Sample) -> Iterator[Finding]:
    """A few French numbers beside an address or a name; groups of figures, as other countries write them, beside a person."""
    contacts = [c.index for c in sample.labelled(*_CONTACTS)]
    persons = [c.index for c in sample.labelled(*_NAMES)]
    for column in sample.columns:
        shape = column.shape
        if not (_silent(column) and shape.length_max >= 2 * _LISTED and shape.letters == 0.0 and (shape.numbers < 1.0 or _alike(column))):
            continue
        values = _values(sample, column)
        if contacts and (_share(values, _FRENCH_PHONE) >= _MOST or _zeroless(values)):
            yield Finding(column.index, "phone", "person_beside")
        elif within(column.index, persons, 3 * _BLOCK) and shape.distinct >= max(_LISTED, _PAIRED * shape.filled):
            forms = values.str.replace_all(r"\d", "9").n_unique()
            grouped = _share(values, _GROUPS) >= _MOST and _share(values, _SEPARATED) >= _PAIRED and forms >= _FORMS
            if _share(values, _AMERICAN) >= _MOST or (grouped and not _share(values, r"^\d{3}-\d\d-\d{4}$")):
                yield Finding(column.index, "phone", "person_beside")


def _alike(column: ColumnPlan) -> bool:
    """Ten figures, or the nine that are left without a zero, all alike in length."""
    shape = column.shape
    return shape.integers == 1.0 and shape.length_min == shape.length_max and shape.length_max in {9, 10}


def _zeroless(values: pl.Series) -> bool:
    kept = values.filter(values.str.contains(_ZEROLESS))
    if len(kept) < max(_MANY, _MOST * len(values)) or kept.str.slice(0, 4).n_unique() < _BEGINNINGS or _share(kept, _MOBILE) < _PAIRED:
        return False
    told = kept.alias("cell").to_frame().select(right=phones.valid(pl.col("cell")), siren=validators.luhn(pl.col("cell"))).mean().row(0)
    return bool(told[0] >= _SURE_PHONE and told[1] < _PAIRED)


def _compact_days(sample: Sample) -> Iterator[Finding]:
    """Eight figures without separators that are all days ("19790301"), of many days: one number in 1,400 is one."""
    for column in sample.columns:
        shape, hits = column.shape, column.hits.get("date")
        eight = shape.integers == 1.0 and shape.length_min == shape.length_max == 8  # noqa: PLR2004  # figures of a day
        if eight and _silent(column) and hits and hits.rows >= _SURE_PHONE * shape.filled and hits.values >= _DAYS:
            values = _values(sample, column)
            ends = values.str.slice(6, 2).n_unique() if _share(values, "^(?:19|20)") >= _MOST else values.str.slice(0, 2).n_unique()
            if ends >= _DAYS:
                yield Finding(column.index, "date", "all_days")


FINDERS = (_compact_days, _towns, _american, _names_together)
LATER = (_departments, _addresses, _telephones)
