"""S8, S9 and S12: clues on the origin, consistency checks, and what the files cannot tell."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.summary.figures import Count, Draft, Part, Share, Text, Value, Word, listing, part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage import model


# The five questions of Have I Been Pwned, in its order.
_HIBP = ("acknowledged", "copied", "structure", "attack_vector", "track_record")
_SEQUENCES = 3
_LOOKUP = "no_lookup"  # has its own sentence
_TOLD = ("not_a_diagnosis",)  # said where it matters, beside the themes


def origin(result: model.Result) -> Iterator[Draft]:
    """S8: organisations by number, kind and share, never by name; a clue does not name the source."""
    yield from _organisations(result.origin.organisations)
    if counters := result.origin.sequences[:_SEQUENCES]:
        items = listing(part("S8.sequence", column=Text(c.column), density=Share(c.density), gaps=Count(c.gaps)) for c in counters)
        yield Draft("S8.sequences", {"list": items}, tuple(f"origin.sequences[{i}].density" for i in range(len(counters))))
    if result.origin.clues:
        items = listing(part("S8.clue", kind=Word("clue", c.kind), value=Text(c.value)) for c in result.origin.clues)
        yield Draft("S8.clues", {"list": items}, ("origin.clues",))


def _organisations(found: model.Organisations) -> Iterator[Draft]:
    """How many bodies a column names, and the share of the first."""
    if not found.distinct:
        return
    values: dict[str, Value] = {"n": Count(found.distinct)}
    fields = ("origin.organisations.distinct",)
    if found.first_share is None:
        yield Draft("S8", values, fields)
    else:
        yield Draft("S8.first", values | {"share": Share(found.first_share)}, (*fields, "origin.organisations.first_share"))
    if found.kinds:
        kinds = listing(part("S8.kind", kind=Word("body", k)) for k in found.kinds)
        yield Draft("S8.kinds", {"list": kinds}, ("origin.organisations.kinds",))


def authenticity(result: model.Result) -> Iterator[Draft]:
    """S9: consistency checks with their rates, the verdict, and the overlaps asked for."""
    rated = [(i, c) for i, c in enumerate(result.authenticity.checks) if c.rate is not None and c.verdict != "undetermined"]
    if rated:
        checks = listing(part("S9.check", check=Word("check", c.id), rate=Share(c.rate or 0)) for _, c in rated)
        values: dict[str, Value] = {
            "passed": Count(sum(c.verdict == "consistent" for _, c in rated)),
            "n": Count(len(rated)),
            "list": checks,
            "verdict": Word("coherence", result.authenticity.verdict),
        }
        yield Draft("S9", values, (*(f"authenticity.checks[{i}].rate" for i, _ in rated), "authenticity.verdict"))
    if result.authenticity.signs:
        signs = listing(part("S9.sign", sign=Word("sign", s)) for s in result.authenticity.signs)
        yield Draft("S9.signs", {"list": signs}, ("authenticity.signs",))
    if breaks := result.authenticity.schema_breaks:
        yield Draft("S9.breaks", {"n": Count(len(breaks))}, ("authenticity.schema_breaks",))
    for index, overlap in enumerate(result.overlap):
        values = {
            "here": Share(overlap.share_here),
            "there": Share(overlap.share_there),
            "reference": Text(overlap.reference),
        }
        yield Draft("S9.overlap", values, (f"overlap[{index}].share_here", f"overlap[{index}].share_there"))


def unknown(result: model.Result) -> Iterator[Draft]:
    """S12: open questions, limits of this examination, and what nobody may do with the file."""
    hibp = [q for q in _HIBP if q in result.open_questions]
    for key, asked in (("S12", [q for q in result.open_questions if q not in hibp]), ("S12.hibp", hibp)):
        if asked:
            questions = listing(part("S12.question", question=Word("question", q)) for q in asked)
            yield Draft(key, {"list": questions}, ("open_questions",))
    codes = [x.code for x in result.limits]
    if told := [x for x in result.limits if x.code not in (_LOOKUP, *_TOLD)]:
        yield Draft("S12.limits", {"list": listing(_limit(x) for x in told)}, ("limits",))
    if _LOOKUP in codes:
        yield Draft("S12.lookup", {}, ("limits",))


def _limit(found: model.Limit) -> Part:
    """A limit, with the labels or the number of columns it is about."""
    if not found.detail:
        return part("S12.limit", limit=Word("limit", found.code))
    return part("S12.limit.of", limit=Word("limit", found.code), detail=Text(", ".join(found.detail)))
