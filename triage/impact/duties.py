"""``risks``, ``duties``, ``limits``, ``open_questions`` and ``hibp``: what follows from the figures, as hints.

Sources: EDPB guidelines 9/2022, the CNIL's notification form and its open data bands (impact.md §3.3), SAN-2022-009
§77 for the risks of a health leak, Have I Been Pwned's breach model.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import model
from triage.impact.health import art9_bits

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.impact.case import Case

# What makes each risk real: all the groups must be found, one label of each is enough.
_RISKS: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = (
    ("identity_theft", (("last_name", "full_name"), ("birth_date",), ("nir", "ins", "id_card", "passport"))),
    ("phishing", (("email", "phone"), ("last_name", "full_name"))),
    ("blackmail", (("email", "phone", "address"), ("health_text", "diagnosis", "prescription", "drug", "lab_result"))),
    ("false_prescriptions", (("practitioner", "rpps"), ("last_name", "full_name", "nir"))),
    ("direct_debits", (("iban",), ("last_name", "full_name"))),
    ("card_fraud", (("card",),)),
    ("password_reuse", (("password", "password_hash"), ("email", "login"))),
    ("physical", (("address",), ("appointment", "door_code", "lat_long"))),
)
# The CNIL's bands of persons, as its open data writes them.
_BANDS = ((5, "0-5"), (50, "6-50"), (300, "51-300"), (5000, "301-5000"))
# What no file answers; the last five are HIBP's questions to whoever submits a breach, in its order.
OPEN_QUESTIONS = (
    "source", "date_of_theft", "confirmed_by_persons", "acknowledged", "copied", "structure", "attack_vector", "track_record",
)  # fmt: skip
_ALWAYS = ("not_a_diagnosis", "no_lookup")


def risks(case: Case) -> tuple[model.Risk, ...]:
    """Each risk with the labels that make it real."""
    present = {t[0] for t in case.types}
    found = []
    for name, groups in _RISKS:
        because = [sorted(present & set(group)) for group in groups]
        if all(because):
            found.append(model.Risk(id=name, because=tuple(label for labels in because for label in labels)))
    return tuple(found)


def duties(case: Case, persons: int | None) -> model.Duties:
    """The fields of the CNIL's form that the files answer; hints, not legal advice. A sample does not tell the band of persons."""
    persons = None if _sampled(case) else persons
    classes = [case.class_of(label) for label, _ in case.types]
    art9 = case.rows_with(art9_bits(case)) > 0
    return model.Duties(
        cnil_categories=tuple(sorted({c.cnil for c in classes} - {"non_connues"})),
        cnil_band=_band(persons),
        records=case.rows_total,
        persons=persons,
        art9=art9,
        art10=any(c.art10 for c in classes),
        nir=any(label in {"nir", "ins"} for label, _ in case.types),
    )


def _sampled(case: Case) -> bool:
    return any(t.drawn is not None for t in case.tables)


def _band(persons: int | None) -> str:
    """The band of so many persons; rows are no stand-in where persons could not be counted."""
    if persons is None:
        return "unknown"
    return next((name for top, name in _BANDS if persons <= top), "> 5000")


def limits(case: Case) -> tuple[model.Limit, ...]:
    """What the reader must know of the figures, as codes the summary puts into words."""
    codes = list(_ALWAYS)
    if not case.people.exact and case.people.count:
        codes.append("persons_estimated")
    if any(f.status in {"partial", "unreadable"} for f in case.files):
        codes.append("incomplete")
    if _sampled(case):
        codes.append("sampled")
    if any(t.tally.counts.repaired for t in case.tables):
        codes.append("repaired")
    return (*(model.Limit(code=c) for c in codes), *_left_out(case))


def _left_out(case: Case) -> Iterator[model.Limit]:
    """What the user had left out: a report that is silent on a label must not read as if it had been sought."""
    options = case.options
    for code, labels in (("only", options.only), ("excluded", options.excluded)):
        if labels:
            yield model.Limit(code=code, detail=tuple(sorted(labels)))
    if options.allowed:
        aside = sum(options.allows(t.evidence, c.name) for t in case.tables for c, _, _ in t.columns())
        yield model.Limit(code="allowed", detail=(str(aside),))


def hibp(case: Case, unique: model.Unique, types: tuple[model.TypeCount, ...]) -> model.Hibp:
    """PwnCount is e-mail addresses, neither rows nor persons; classes in alphabetical order."""
    classes = sorted({t.hibp_class for t in types if t.hibp_class and t.rows})
    return model.Hibp(PwnCount=unique.email or 0, DataClasses=tuple(classes), IsSensitive=case.rows_with(art9_bits(case)) > 0)
