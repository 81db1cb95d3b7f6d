"""Severity as an accountant shows it: the columns behind each term, and what the score would be if something were not so."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, TypeAlias, cast

from triage import severity, text
from triage.options import Context
from triage.summary import content
from triage.summary.figures import plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.model import Band, Enisa, Reason, Result
    from triage.report.sections import Words

Exposure: TypeAlias = Literal["unknown", "known", "public", "none"]
Controller: TypeAlias = Literal["health", "bank", "none"]

_COLUMNS = 8  # columns named behind a term; the table of columns has them all
_KNOWN = 0.25  # CB where the recipients are known in number
_BANDS: tuple[tuple[float, Band], ...] = ((2, "low"), (3, "medium"), (4, "high"))


def columns(reasons: tuple[Reason, ...], result: Result, words: Words) -> str:
    """The columns that hold the labels of the reasons, by number and name."""
    labels = {label for reason in reasons for label in reason.detail.split(",")}
    found = [c for c in result.columns if c.label in labels and c.role not in content.OTHERS]
    said = [f"{c.index + 1} {text.safe_name(c.name)}".strip() for c in found[:_COLUMNS]] + (["…"] if len(found) > _COLUMNS else [])
    return words.fill("page", "columns_behind", list=", ".join(said)) if said else ""


def changes(result: Result, words: Words) -> Iterator[str]:
    """What would change the score: each assumption turned, then the labels that weigh most left out."""
    enisa = result.severity.enisa
    confidentiality = enisa.cb.confidentiality
    if confidentiality > _KNOWN:
        yield _said("change_known", enisa.se - confidentiality + _KNOWN, words)
    if confidentiality:
        yield _said("change_nobody", enisa.se - confidentiality, words)
    if enisa.cb.malicious:
        yield _said("change_error", enisa.se - enisa.cb.malicious, words)
    weighing = {label for reason in enisa.dpc_reasons for label in reason.detail.split(",") if label}
    dpc = _without(result, weighing)
    # The class of what stands within cells alone is not in the result: such a sum cannot be done again.
    known = {t.label for t in result.types} <= {c.label for c in result.columns}
    if weighing and known and dpc < enisa.dpc:
        named = ", ".join(words.title(label) for label in sorted(weighing))
        yield _said("change_without", enisa.se - (enisa.dpc - dpc) * enisa.ei, words, list=named, dpc=str(dpc))


def _said(key: str, se: float, words: Words, **values: str) -> str:
    band = next((band for end, band in _BANDS if se < end), "very_high")
    return words.fill("page", key, se=words.decimal(plain(se, 1)), band=words.said("band", band), **values)


def _without(result: Result, left_out: set[str]) -> int:
    """The context's score on the other labels."""
    classes = {c.label: c.class_ for c in result.columns}
    present = tuple(
        severity.Present(t.label, t.role, classes[t.label], t.rows) for t in result.types if t.label in classes and t.label not in left_out
    )
    facts = severity.Facts(present, result.size.rows_total, result.size.persons.estimate, _context(result.severity.enisa))
    return severity.score(facts).enisa.dpc


def _context(enisa: Enisa) -> Context:
    """The circumstances that the scan was told, as the assumptions keep them."""
    told = dict(a.partition("_")[::2] for a in enisa.assumptions if a.startswith(("exposure_", "controller_")))
    return Context(
        exposure=cast("Exposure", told.get("exposure", "unknown")),
        malicious="malicious" in enisa.assumptions,
        controller=cast("Controller", told.get("controller", "none")),
    )
