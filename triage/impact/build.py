"""The result, section by section, in the order of impact.json."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage import classes, model, places, severity, signatures, summary
from triage.census.texts import MENTION, of_inside
from triage.impact.authenticity import authenticity
from triage.impact.claims import claims
from triage.impact.combinations import combinations
from triage.impact.credentials import contact, credentials, financial
from triage.impact.demographics import demographics
from triage.impact.duties import OPEN_QUESTIONS, duties, hibp, limits, risks
from triage.impact.geography import geography
from triage.impact.health import health
from triage.impact.inputs import inputs, problems
from triage.impact.origin import origin
from triage.impact.period import period
from triage.impact.size import size, types
from triage.impact.tables import columns, tables
from triage.summary import titles
from triage.version import __version__

if TYPE_CHECKING:
    from triage.impact.case import Case

# A person's file is complete without these: they are looked for and their absence is said.
_SOUGHT = (
    "nir",
    "iban",
    "card",
    "password",
    "password_hash",
    "email",
    "phone",
    "birth_date",
    "address",
    "health_text",
    "prescription",
    "blood_group",
)


def build(case: Case) -> model.Result:
    """Every figure of the run, then the sentences made of them."""
    sizes, found, when = size(case), types(case), period(case)
    day = _reference(case, when)
    result = model.Result(
        schema_version=model.SCHEMA_VERSION,
        language=case.options.language,
        tool=model.Tool(name="triage", version=__version__, rules_hash=case.rules.hash, polars=pl.__version__),
        inputs=inputs(case),
        tables=tables(case),
        columns=columns(case),
        size=sizes,
        claims=claims(case, sizes, found),
        types=found,
        absent=_absent(case),
        health=health(case),
        credentials=credentials(case),
        financial=financial(case),
        contact=contact(case),
        period=when,
        geography=geography(case, places.load(), sizes.persons.estimate),
        demographics=demographics(case, day),
        combinations=combinations(case, day),
        origin=origin(case),
        authenticity=authenticity(case),
        overlap=(),
        severity=_severity(case, sizes.persons.estimate),
        risks=risks(case),
        duties=duties(case, sizes.persons.estimate),
        limits=limits(case),
        open_questions=OPEN_QUESTIONS,
        summary=model.Summary(fr=(), en=()),
        hibp=hibp(case, sizes.unique, found),
        problems=problems(case),
    )
    return msgspec.structs.replace(result, summary=summary.write(result, titles.load(*case.rules.folders)))


def _absent(case: Case) -> tuple[str, ...]:
    """Labels that were looked for in every cell or column and not found, mentions included."""
    present = {label for label, _ in case.types}
    mentioned = {
        name.removeprefix("needle:").removeprefix("inside:")
        for t in case.tables
        for c in t.tally.columns
        for name, n in c.mentions.items()
        if n
    }
    return tuple(label for label in _SOUGHT if label in case.rules and label not in present | mentioned)


def _reference(case: Case, when: model.Period) -> date | None:
    """The day ages are told on: that of the examination, else the newest event of the files."""
    if case.options.context.date:
        return case.options.context.date
    if not when.newest:
        return None
    parts = [int(p) for p in when.newest.split("-")]
    year, month, day = [*parts, 1, 1][:3]
    return date(year, month, day)


def _severity(case: Case, persons: int | None) -> model.Severity:
    present = [severity.Present(label, role, case.class_id(label), case.rows_with(1 << n)) for n, (label, role) in enumerate(case.types)]
    return severity.score(
        severity.Facts(
            present=tuple(p for p in present if p.label != "health_text" or case.rows_with(MENTION)),
            rows=case.rows_seen,
            persons=persons,
            context=case.options.context,
            masks=_label_sets(case),
            public=_published(case),
        ),
    )


def _published(case: Case) -> bool:
    """Whether every table that holds something stands in a register that anybody may download."""
    known = signatures.load(*case.rules.folders)
    telling = [
        t
        for t in case.tables
        if any(case.class_id(v.label) != classes.GENERIC for v in t.verdicts) or any(any(of_inside(p)) for p, _, _ in t.columns())
    ]
    return bool(telling) and all(known.of(t.head.name, t.entry, t.head.names) in known.public for t in telling)


def _label_sets(case: Case) -> dict[frozenset[str], int]:
    """Rows by the set of labels they hold that weigh; a comment counts as health text only where it mentions health."""
    bodies = frozenset({"practitioner", "professional", "establishment", "relative"})
    told = [
        (n, label)
        for n, (label, role) in enumerate(case.types)
        if label != "health_text" and (role not in bodies or case.class_of(label).subject)
    ]
    names = dict(enumerate(sorted({label for _, label in told})))
    places = {label: n for n, label in names.items()}
    bits = {1 << n: 1 << places[label] for n, label in told}
    found: dict[frozenset[str], int] = {}
    both = pl.concat([case.presence.settle(), case.details.settle()])
    masks = both.select(_together(bits), "rows").group_by("mask").agg(pl.col("rows").sum())
    for mask, rows in masks.iter_rows():
        labels = frozenset(label for n, label in names.items() if mask >> n & 1)
        found[labels | {"health_text"} if mask & MENTION else labels] = rows
    return found


def _together(bits: dict[int, int]) -> pl.Expr:
    """The mask by label: the bit of a label is set where it is set for any of its roles."""
    mask = pl.col("mask")
    by_label: dict[int, int] = {}
    for here, there in bits.items():
        by_label[there] = by_label.get(there, 0) | here
    held = [
        (mask & pl.lit(group, dtype=pl.UInt64) != 0).cast(pl.UInt64) * pl.lit(there, dtype=pl.UInt64) for there, group in by_label.items()
    ]
    return pl.sum_horizontal([mask & pl.lit(MENTION, dtype=pl.UInt64), *held]).alias("mask")
