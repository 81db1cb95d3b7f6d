"""``authenticity``: whether the data hold together, whether they look made up, and whether several sources were glued.

A verdict needs checks that can fail. Keys tell random digits from numbers that were given out; pairs (NIR and sex, postal
code and town) tell a record from a shuffled or invented one. No check proves that data are real.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

import polars as pl

from triage import model
from triage.census.coherence import ACCENTED
from triage.impact.origin import column_name
from triage.impact.size import quantile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage.impact.case import Case, CaseTable
    from triage.tally import Block

# Labels whose values carry a key. Random digits pass one NIR in 97: a real file passes nearly all.
_KEYED = ("nir", "rpps", "finess", "siret", "siren", "iban", "card", "imei", "vat", "tax_id")
_PAIRED = ("nir_sex", "nir_birth_year", "nir_birth_month", "title_sex", "postal_city")
# A check of fewer cells says nothing.
_LEAST = 11


class _Bar(NamedTuple):
    """From which rate on a check is passed, and below which it is failed."""

    sound: float
    poor: float


_KEY, _PAIR, _TEXT = _Bar(0.95, 0.5), _Bar(0.9, 0.6), _Bar(0.98, 0.0)
# Repeated rows are common in honest exports: they never make data suspicious alone.
_ROWS = _Bar(0.5, 0.0)


def authenticity(case: Case) -> model.Authenticity:
    """The checks, the signs of generated data, the breaks, and one verdict."""
    checks = tuple(_checks(case))
    signs = tuple(_signs(case))
    told = [c.verdict for c in checks if c.verdict != "undetermined" and c.id not in {"rows_distinct", "text_intact"}]
    return model.Authenticity(checks=checks, verdict=_verdict(told, len(signs)), schema_breaks=tuple(_breaks(case)), signs=signs)


def _verdict(told: Sequence[model.Coherence], signs: int) -> model.Coherence:
    """Suspicious where a check fails, or where two signs speak of a generator; one sign alone leaves doubt."""
    if "suspicious" in told or signs > 1:
        return "suspicious"
    if "mixed" in told or signs:
        return "mixed"
    return "consistent" if told else "undetermined"


def _checks(case: Case) -> Iterator[model.Check]:
    for label in _KEYED:
        columns = [c for t in case.tables for _, v, c in t.columns() if v.label == label and label in c.valid]
        yield from _check(f"{label}_key", sum(c.matched[label] for c in columns), sum(c.valid[label] for c in columns), _KEY)
    asked = sum((t.tally.checks for t in case.tables), Counter[str]())
    for name in _PAIRED:
        yield from _check(name, asked[name], asked[f"{name}!"], _PAIR)
    columns = [c for t in case.tables for p, _, c in t.columns() if p.label in ACCENTED]
    filled = sum(c.filled for c in columns)
    yield from _check("text_intact", filled, filled - sum(c.damaged for c in columns), _TEXT)
    yield from _check("rows_distinct", case.rows_seen, min(case.rows_seen, sum(t.tally.rows.count for t in case.tables)), _ROWS)


def _check(name: str, n: int, passed: int, bar: _Bar) -> Iterator[model.Check]:
    if n:
        rate = passed / n
        verdict: model.Coherence = "consistent" if rate >= bar.sound else "mixed" if rate >= bar.poor else "suspicious"
        yield model.Check(id=name, n=n, passed=passed, rate=rate, verdict=verdict if n >= _LEAST else "undetermined")


# --- signs of generated data

# Of so many persons fewer than this share bear a last name of their own only where names come from a short list:
# among 5,000 French there are some 3,500 names, and generators know a few hundred.
_MANY, _NAMES, _SHORT_LIST = 5_000, 0.1, 1_500
# Mail domains kept for documentation (RFC 2606, 6761).
_RESERVED = ("example.com", "example.org", "example.net", "example.fr")
_RESERVED_ENDS = (".example", ".test", ".invalid", ".localhost")
_HALF = 0.5
# Births of real people rise and fall over the years; those of a generator are as even as dice.
_BIRTHS, _YEARS, _EVEN = 5_000, 20, 1.6


def _signs(case: Case) -> Iterator[str]:
    """What generators do and life does not, each told only where there is enough to tell it by."""
    persons = case.people.count if case.leads else 0
    columns = [(v, c) for t in case.tables for _, v, c in t.columns() if c.filled]
    names = [c.distinct.count for v, c in columns if (v.label, v.role) == ("last_name", "patient")]
    if names and persons >= _MANY and max(names) < min(_SHORT_LIST, _NAMES * persons):
        yield "few_last_names"
    domains = sum((c.counted.get("domain", Counter()) for v, c in columns if v.label == "email"), Counter[str]())
    reserved = sum(n for d, n in domains.items() if d in _RESERVED or d.endswith(_RESERVED_ENDS))
    if domains.total() >= _LEAST and reserved > _HALF * domains.total():
        yield "reserved_mail_domains"
    if _even(case):
        yield "even_birth_years"


def _even(case: Case) -> bool:
    """Whether births vary from year to year no more than dice (index of dispersion about 1) between 5 % and 95 % of them."""
    days = case.people.settle()["birth"].drop_nulls()
    if len(days) < _BIRTHS:
        return False
    years = Counter(dict(days.cast(pl.Date).dt.year().alias("year").value_counts().iter_rows()))
    low, high = quantile(years, 0.05), quantile(years, 0.95)
    counts = [years[y] for y in range(low + 1, high)]
    if len(counts) < _YEARS:
        return False
    mean = sum(counts) / len(counts)
    return sum((n - mean) ** 2 for n in counts) / len(counts) < _EVEN * mean


# --- breaks of schema: glued sources

# A column changes where its fill goes from nearly never to often, or back; one column may be an upgrade of the software.
_SELDOM, _OFTEN, _CHANGED = 0.05, 0.5, 2
# The first file of a table may be short, but a break needs rows on both sides.
_SIDE = 100


def _breaks(case: Case) -> Iterator[model.SchemaBreak]:
    for index, table in enumerate(case.tables):
        yield from _breaks_of(case, index, table)


def _breaks_of(case: Case, index: int, table: CaseTable) -> Iterator[model.SchemaBreak]:
    """Rows from which several columns are filled otherwise than in all rows since the break before."""
    plans = table.setting.plan.columns
    since, start = _none(len(plans)), 0
    at = 0
    blocks = table.tally.blocks
    for n, block in enumerate(blocks):
        after = _sum(blocks[n:], len(plans), _SIDE)
        changed = _changed(since, after) if since[0] >= _SIDE and after[0] >= _SIDE else []
        if len(changed) >= _CHANGED and at > start:
            yield model.SchemaBreak(table=index, row=at + 1, columns=tuple(column_name(case, plans[c]) for c in changed))
            since, start = _none(len(plans)), at
        since = _add(since, block)
        at += block[0]


def _changed(before: Block, after: Block) -> list[int]:
    found = []
    for column, (here, there) in enumerate(zip(before[1], after[1], strict=True)):
        rates = sorted((here / before[0], there / after[0]))
        if rates[0] <= _SELDOM and rates[1] >= _OFTEN:
            found.append(column)
    return found


def _none(width: int) -> Block:
    return 0, (0,) * width


def _add(one: Block, other: Block) -> Block:
    """Both; a block of earlier rows may have fewer columns."""
    lacking = (0,) * (len(one[1]) - len(other[1]))
    return one[0] + other[0], tuple(a + b for a, b in zip(one[1], (*other[1], *lacking), strict=True))


def _sum(blocks: Sequence[Block], width: int, rows: int) -> Block:
    """As many of the blocks as it takes to have so many rows."""
    whole = _none(width)
    for block in blocks:
        if whole[0] >= rows:
            break
        whole = _add(whole, block)
    return whole
