"""S10 and S11: how bad it is and why, what may follow, which duties to examine. Hints, not legal advice."""

from __future__ import annotations

from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from triage import resources, signatures
from triage.summary import sample
from triage.summary.content import within
from triage.summary.figures import Count, Draft, Listing, Noun, Share, Value, Word, listing, part, plain

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage import model

_BANDS = ("very_high", "high", "medium", "low")
# AEPD 2018, annex III: the product above which each duty follows, where two of the three criteria are met.
_AEPD_DUTIES = ((40, "persons"), (20, "authority"))
_AEPD_CRITERIA = 2
_NAMED = 4  # labels named in a reason; all of them are in impact.json


def severity(result: model.Result) -> Iterator[Draft]:
    """S10: the sum, its reasons, its assumptions, the rows by band; without personal data there is no sum to do."""
    if not result.types:
        yield Draft("S10.none", {}, ("types",))
        yield from recognised(result)
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
    weighing = {label for reason in (*enisa.dpc_reasons, *enisa.ei_reasons[:1]) for label in reason.detail.split(",")}
    if (found := within(result, weighing)).parts:
        yield Draft("S10.inside", {"list": found}, ("severity.enisa.dpc_reasons", "types", "columns[].mentions"))
    if enisa.flags.unintelligible:
        yield Draft("S10.unintelligible", {}, ("severity.enisa.flags.unintelligible",))
    yield from _distribution(result.severity.distribution)
    yield from _aepd(result.severity.aepd)
    yield from _edpb(result)
    yield from recognised(result)


def recognised(result: model.Result) -> Iterator[Draft]:
    """The tables whose form betrays a public register, or the program that wrote them, with their rows."""
    public = _public()
    rows: Counter[str] = Counter()
    for table in result.tables:
        if table.signature:
            rows[table.signature] += table.rows_total
    for key, found in (("S10.public", [s for s in rows if s in public]), ("S10.program", [s for s in rows if s not in public])):
        if found:
            named = listing(part("S10.table", what=Noun(s), rows=Count(rows[s])) for s in sorted(found))
            yield Draft(key, {"list": named}, ("tables",))


@lru_cache(maxsize=1)
def _public() -> frozenset[str]:
    return signatures.load(resources.rules_dir()).public


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


def _aepd(found: model.Aepd) -> Iterator[Draft]:
    """The AEPD's product and what its annex III draws from it: over 20 the authority, over 40 the persons too, two criteria met."""
    verdict = "none"
    if found.count >= _AEPD_CRITERIA:
        verdict = next((name for least, name in _AEPD_DUTIES if found.score > least), "none")
    values: dict[str, Value] = {name: Count(getattr(found, name)) for name in ("v", "t", "i", "score", "count")}
    yield Draft("S10.aepd", values | {"verdict": Word("aepd", verdict)}, tuple(f"severity.aepd.{name}" for name in values))


def _edpb(result: model.Result) -> Iterator[Draft]:
    """The nearest of the eighteen cases of EDPB 01/2021, and what it concludes; some leaks resemble none."""
    if near := nearest(result):
        cases = listing(part("S10.case", n=Count(n)) for n in near.cases)
        fields = ("severity.enisa.assumptions", "severity.enisa.flags.unintelligible", "duties.art9")
        yield Draft("S10.edpb", {"cases": cases, "duty": Word("edpb", near.duty)}, fields)


class Near(NamedTuple):
    """Cases of EDPB 01/2021 and the duty that they end in."""

    cases: tuple[int, ...]
    duty: str


def nearest(result: model.Result) -> Near | None:
    """By what the data are and how they were lost, as the assumptions say it.

    10: a lost device, encrypted; 11: not encrypted. 14: a mail with sensitive data to the wrong persons; 13: with little
    in it. 6: hashed passwords alone. 4, 5: data exfiltrated; a health leak on a forum has none closer.
    """
    enisa, sensitive = result.severity.enisa, result.duties.art9 or result.duties.art10
    nobody = enisa.band == "low" and result.size.persons.estimate is None
    exposure = next((a.removeprefix("exposure_") for a in enisa.assumptions if a.startswith("exposure_")), "unknown")
    if enisa.flags.unintelligible:
        return Near((10,), "register")
    if exposure == "none":
        return Near((11,), "persons")
    if "malicious" in enisa.assumptions:
        hashed = {t.label for t in result.types} <= {"password_hash", "login", "id"} and bool(result.types)
        if nobody and not hashed:
            return None  # these cases end in informing persons; such data lead to none
        return Near((6,), "register") if hashed else Near((4, 5) if sensitive else (5,), "persons")
    if exposure == "known":
        return Near((14,), "persons") if sensitive else Near((13,), "register")
    return None


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
        "records": sample.total(result) if sample.taken(result) else Count(found.records),
    }
    yield Draft("S11", values, ("duties.cnil_categories", "duties.cnil_band", "duties.records"))
    for name in ("art9", "art10", "nir"):
        if getattr(found, name):
            yield Draft(f"S11.{name}", {}, (f"duties.{name}",))
