"""``triage diff``: one scan beside another. Growth, columns, what both share, and what that does and does not say.

From the two results, and for persons from the sketches beside them. Two sets are set beside each other only where both
have a thousand persons or more: a smaller one would be a list of people to look up. An e-mail address is in a dozen leaks
by now; that two files share addresses never means that one is made of the other.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec
import polars as pl

from triage import model, text
from triage.summary import titles
from triage.summary.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from triage.casefile import Sketches

Reading: TypeAlias = Literal["same_persons", "some_persons", "same_addresses", "apart", "undetermined"]
Refusal: TypeAlias = Literal["no_sketches", "other_key", "other_polars", "too_few_persons"]

LEAST_PERSONS = 1000
# Of the smaller side: from here on most persons are the same; below it some are; below the last, chance and typing errors.
_MOST, _SOME = 0.5, 0.01
_ZEROS = 56


class Side(model.Struct, frozen=True, kw_only=True):
    """The size of one scan."""

    rows: int
    persons: int | None
    emails: int | None
    files: int
    bytes: int
    newest: str | None


class Shared(model.Struct, frozen=True, kw_only=True):
    """Distinct values, or combinations of ``fields``, that both scans hold; shares are of each side's."""

    fields: tuple[str, ...]
    here: int
    there: int
    common: int | None
    share_here: float | None
    share_there: float | None
    exact: bool
    standard_error: float | None
    suppressed: bool = False


class Anomaly(model.Struct, frozen=True, kw_only=True):
    """An oddity that both scans show: chance seldom repeats it, kinship does."""

    id: str
    columns: tuple[str, ...]


class Diff(model.Struct, frozen=True, kw_only=True):
    """Scan B beside scan A. ``growth`` is B over A, less one."""

    a: Side
    b: Side
    growth_rows: float | None
    growth_persons: float | None
    columns_new: tuple[str, ...]
    columns_gone: tuple[str, ...]
    columns_common: int
    labels_new: tuple[str, ...]
    labels_gone: tuple[str, ...]
    overlap: tuple[Shared, ...]
    refused: Refusal | None
    reading: Reading
    anomalies: tuple[Anomaly, ...]


def compare(a: model.Result, b: model.Result, mine: Sketches | None, theirs: Sketches | None) -> Diff:
    """Everything that can be told of two scans; the overlap of persons, or why it is refused."""
    refused = _refusal(a, b, mine, theirs)
    overlap = () if refused or mine is None or theirs is None else tuple(_overlap(mine, theirs, text.SMALLEST_COUNT))
    here, there = _names(a), _names(b)
    labels = {t.label for t in a.types}, {t.label for t in b.types}
    return Diff(
        a=_side(a),
        b=_side(b),
        growth_rows=_growth(a.size.rows_total, b.size.rows_total),
        growth_persons=_growth(a.size.persons.estimate, b.size.persons.estimate),
        columns_new=tuple(sorted(there - here)),
        columns_gone=tuple(sorted(here - there)),
        columns_common=len(here & there),
        labels_new=tuple(sorted(labels[1] - labels[0])),
        labels_gone=tuple(sorted(labels[0] - labels[1])),
        overlap=overlap,
        refused=refused,
        reading=_reading(overlap),
        anomalies=tuple(_anomalies(a, b)),
    )


def _side(result: model.Result) -> Side:
    size = result.size
    return Side(
        rows=size.rows_total,
        persons=size.persons.estimate,
        emails=size.unique.email,
        files=result.inputs.files_count,
        bytes=result.inputs.bytes,
        newest=result.period.newest,
    )


def _growth(before: int | None, after: int | None) -> float | None:
    return after / before - 1 if before and after is not None else None


def _names(result: model.Result) -> set[str]:
    return {c.name for c in result.columns if c.name}


def _refusal(a: model.Result, b: model.Result, mine: Sketches | None, theirs: Sketches | None) -> Refusal | None:
    if min(a.size.persons.estimate or 0, b.size.persons.estimate or 0) < LEAST_PERSONS:
        return "too_few_persons"
    if mine is None or theirs is None:
        return "no_sketches"
    if mine.polars != theirs.polars:
        return "other_polars"
    return "other_key" if mine.key != theirs.key else None


# --- overlap


def _overlap(mine: Sketches, theirs: Sketches, least: int) -> Iterator[Shared]:
    """Each set that both have, in the order of what tells most; sets of few are left out."""
    order = ("nir", "name_dob", "email+birth", "email+name", "email+phone", "phone", "email", "persons")
    for name in order:
        if name in mine.sets and name in theirs.sets:
            found = _shared(tuple(name.split("+")), mine.sets[name], theirs.sets[name], least)
            if found is not None:
                yield found


def _shared(fields: tuple[str, ...], one: tuple[int, pl.Series], other: tuple[int, pl.Series], least: int) -> Shared | None:
    here, there = len(one[1]) << one[0], len(other[1]) << other[0]
    if min(here, there) < LEAST_PERSONS:
        return None
    shift = max(one[0], other[0])
    left, right = _sampled(one[1], shift), _sampled(other[1], shift)
    kept = int(left.is_in(right.implode()).sum())
    common = kept << shift
    hidden = 0 < common < least
    return Shared(
        fields=fields,
        here=here,
        there=there,
        common=None if hidden else common,
        share_here=None if hidden else kept / max(1, len(left)),
        share_there=None if hidden else kept / max(1, len(right)),
        exact=shift == 0,
        standard_error=common / math.sqrt(kept) if shift and kept else None,
        suppressed=hidden,
    )


def _sampled(words: pl.Series, shift: int) -> pl.Series:
    """The values that a sample of so many halvings keeps: those whose first hash began with as many zeros."""
    return words.filter(words // (1 << _ZEROS) >= shift) if shift else words


def _reading(overlap: tuple[Shared, ...]) -> Reading:
    """What the shares allow to say. Only what tells a person says that persons are the same; an address alone never does."""
    if not overlap:
        return "undetermined"
    shares = {s.fields: max(s.share_here or 0.0, s.share_there or 0.0) for s in overlap}
    firm = [share for fields, share in shares.items() if fields in {("nir",), ("name_dob",)} or len(fields) > 1]
    best = max(firm, default=0.0)
    if best >= _MOST:
        return "same_persons"
    if best >= _SOME:
        return "some_persons"
    loose = max((share for fields, share in shares.items() if fields in {("email",), ("phone",)}), default=0.0)
    return "same_addresses" if loose >= _SOME else "apart" if firm else "undetermined"


# --- anomalies that both show


def _anomalies(a: model.Result, b: model.Result) -> Iterator[Anomaly]:
    """Oddities by kind, with the columns of the same name that show them on both sides."""
    kinds: dict[str, Callable[[model.Result], set[str]]] = {
        "empty_columns": lambda r: {c.name for c in r.columns if c.name and c.label == "empty"},
        "comment_columns": lambda r: {name for name in r.health.comment_columns if not name.startswith("#")},
        "default_dates": lambda r: {f.column for f in r.period.fields if f.default and not f.column.startswith("#")},
        "impossible_dates": lambda r: {f.column for f in r.period.fields if f.implausible and not f.column.startswith("#")},
        "wrong_keys": lambda r: {c.name for c in r.columns if c.name and c.valid is not None and c.matched and c.valid < c.matched},
    }
    for kind, of in kinds.items():
        if both := of(a) & of(b):
            yield Anomaly(id=kind, columns=tuple(sorted(both)))
    orders = [{tuple(names) for names in _orders(r)} for r in (a, b)]
    if orders[0] & orders[1]:
        yield Anomaly(id="same_order_of_columns", columns=())
    if all(any(c.id == "text_intact" and c.passed < c.n for c in r.authenticity.checks) for r in (a, b)):
        yield Anomaly(id="damaged_accents", columns=())


_FEW = 5


def _orders(result: model.Result) -> Iterator[list[str]]:
    """The names of each table of several columns, in their order."""
    for table in result.tables:
        names = [c.name for c in result.columns if c.table == table.index]
        if len(names) >= _FEW and all(names):
            yield names


# --- shown


def as_json(diff: Diff) -> str:
    """The whole as JSON."""
    return text.escaped(msgspec.json.format(msgspec.json.encode(diff), indent=1).decode())


def as_text(diff: Diff, language: text.Language) -> str:
    """The whole in words."""
    voice = Voice(language, titles.shipped())
    words = voice.table("diff")
    lines = [_line(words, name, diff, language) for name in ("rows", "persons", "emails")]
    for name in ("columns_new", "columns_gone", "labels_new", "labels_gone"):
        told = [voice.title(x) if name.startswith("labels") else x for x in getattr(diff, name)]
        lines += [f"{words[name]} {', '.join(told)}"] if told else []
    lines += [_overlap_line(words, shared, language) for shared in diff.overlap]
    lines.append(words[f"refused_{diff.refused}"] if diff.refused else words[f"reading_{diff.reading}"])
    lines += [f"{words[f'anomaly_{x.id}']}{words['colon'] + ' ' if x.columns else ''}{', '.join(x.columns)}" for x in diff.anomalies]
    return "\n".join(lines) + "\n"


def _line(words: dict[str, str], name: str, diff: Diff, language: text.Language) -> str:
    counts = [getattr(diff.a, name), getattr(diff.b, name)]
    shown = [words["unknown"] if n is None else text.number(n, language) for n in counts]
    growth = _growth(*counts)
    change = "" if growth is None else f" ({'+' if growth >= 0 else '−'}{text.percent(abs(growth), language)})"
    return f"{words[name]} A {shown[0]}, B {shown[1]}{change}"


def _overlap_line(words: dict[str, str], shared: Shared, language: text.Language) -> str:
    fields = " + ".join(words[f"field_{f}"] for f in shared.fields)
    if shared.common is None:
        return f"{words['common']} {fields}{words['colon']} {words['few']}"
    about = "" if shared.exact else f"{words['about']} "
    number = text.number(shared.common if shared.exact else text.about(shared.common), language)
    shares = [text.percent(share or 0.0, language) for share in (shared.share_here, shared.share_there)]
    return f"{words['common']} {fields}{words['colon']} {about}{number} ({shares[0]} {words['of']} A, {shares[1]} {words['of']} B)"
