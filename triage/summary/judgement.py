"""S10 and S11: how bad it is and why, what may follow, which duties to examine. Hints, not legal advice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.summary.figures import Count, Draft, Listing, Noun, Share, Value, Word, listing, part, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage import model

_BANDS = ("very_high", "high", "medium", "low")
_NAMED = 4  # labels named in a reason; all of them are in impact.json


def severity(result: model.Result) -> Iterator[Draft]:
    """S10: the sum, its reasons, its assumptions, the rows by band; without personal data there is no sum to do."""
    if not result.types:
        yield Draft("S10.none", {}, ("types",))
        return
    enisa, cnil = result.severity.enisa, result.severity.cnil
    cb = enisa.cb
    added = cb.confidentiality + cb.integrity + cb.availability + cb.malicious
    values: dict[str, Value] = {
        "dpc": Count(enisa.dpc),
        "ei": plain(enisa.ei),
        "cb": plain(added),
        "se": plain(enisa.se, 1),
        "band": Word("band", enisa.band),
        "dpc_reason": reasons("dpc", enisa.dpc_reasons),
        "ei_reason": reasons("ei", enisa.ei_reasons[:1]),  # one combination that identifies is enough to be told
        "level": Count(cnil.level),
        "cnil": Word("cnil", str(cnil.level)),
    }
    yield Draft("S10", values, ("severity.enisa.dpc", "severity.enisa.ei", "severity.enisa.cb", "severity.enisa.se", "severity.cnil.level"))
    if enisa.assumptions:
        assumed = listing(part("S10.assumption", assumption=Word("assumption", a)) for a in enisa.assumptions)
        yield Draft("S10.assumed", {"list": assumed}, ("severity.enisa.assumptions",))
    if enisa.flags.unintelligible:
        yield Draft("S10.unintelligible", {}, ("severity.enisa.flags.unintelligible",))
    yield from _distribution(result.severity.distribution)


def reasons(kind: str, found: Sequence[model.Reason]) -> Listing:
    """Each reason's own template, with the first labels that gave it."""
    said = []
    for reason in found:
        labels = [label for label in reason.detail.split(",") if label][:_NAMED]
        nouns = listing(part("S3.name", noun=Noun(label)) for label in labels)
        said.append(part(f"{kind}.{reason.code}", labels=nouns))
    return listing(said)


def _distribution(found: model.Distribution) -> Iterator[Draft]:
    counts = {band: getattr(found, band) for band in _BANDS}
    total = sum(counts.values())
    met = {band: n for band, n in counts.items() if n}
    if len(met) > 1:
        items = listing(part("S10.row_band", rows=Count(n), share=Share(n / total), band=Word("level", band)) for band, n in met.items())
        yield Draft("S10.rows", {"list": items}, tuple(f"severity.distribution.{band}" for band in met))


def _vague(category: str) -> bool:
    """The form's catch-all categories are told after the others."""
    return category in ("autres", "non_connues")


def duties(result: model.Result) -> Iterator[Draft]:
    """S11: risks by rule, and what the CNIL's form asks for."""
    if result.risks:
        risks = listing(part("S11.risk", risk=Word("risk", r.id)) for r in result.risks)
        yield Draft("S11.risks", {"list": risks}, ("risks",))
    found = result.duties
    if not found.cnil_categories:
        return
    values: dict[str, Value] = {
        "list": listing(part("S11.category", category=Word("cnil_category", c)) for c in sorted(found.cnil_categories, key=_vague)),
        "band": Word("cnil_band", found.cnil_band),
        "records": Count(found.records),
    }
    yield Draft("S11", values, ("duties.cnil_categories", "duties.cnil_band", "duties.records"))
    for name in ("art9", "art10", "nir"):
        if getattr(found, name):
            yield Draft(f"S11.{name}", {}, (f"duties.{name}",))
