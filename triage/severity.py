"""How bad it is: ENISA's severity of a personal data breach, with the CNIL's and the AEPD's scales beside it.

ENISA (working document v1.0, 2013): SE = DPC x EI + CB. DPC, the data processing context, is the highest score of any
kind of data; EI, the ease of identification, the highest of any combination of identifiers *in one row*; CB, the
circumstances of the breach, only adds. Weights are data (``rules/classes.toml``), circumstances are the user's
(``options.Context``), and both come out as reasons, so that the sum can be done again by hand.

The lab leak of 2021: 4 x 1 + 0.5 + 0.5 = 5.0, very high.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from triage import classes, model

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from triage.options import Context

# People named beside the data subject; a datum about them is not one about a patient.
OTHERS = frozenset({"practitioner", "professional", "establishment"})
_IDENTIFYING = frozenset({"identity", "contact", "address", "national_id"})

_EXPOSURE = {"none": 0.0, "known": 0.25, "unknown": 0.5, "public": 0.5}
_MALICIOUS = 0.5
# SE below which each band ends; the last has no end.
_BANDS: tuple[tuple[float, model.Band], ...] = ((2, "low"), (3, "medium"), (4, "high"))
# The CNIL's gravity scale (PIA knowledge base): ENISA's four sentences are its own four.
_CNIL: dict[model.Band, tuple[int, str]] = {
    "low": (1, "négligeable"),
    "medium": (2, "limitée"),
    "high": (3, "importante"),
    "very_high": (4, "maximale"),
}
# AEPD 2018, annex III: persons from which the volume counts 2, 3, 4, 5; impact by who could see the data.
_AEPD_VOLUME = (100, 1_000, 100_000, 1_000_000)
_AEPD_IMPACT = {"none": 2, "known": 6, "public": 8, "unknown": 10}
_PLAIN = (1, "simple_plain")
_MANY = 100  # ENISA's flag: more individuals than this


class Present(NamedTuple):
    """A label found in the leak: whose data it is, its sensitivity class, in how many rows."""

    label: str
    role: str | None
    class_id: str
    rows: int


@dataclass(frozen=True)
class Facts:
    """What severity is computed from.

    ``masks``: the labels that one row holds together, to the number of such rows (data subjects' labels, and those of
    health professionals where they say something of the subject). Without masks all labels count as one row's.
    """

    present: tuple[Present, ...]
    rows: int
    persons: int | None
    context: Context
    masks: Mapping[frozenset[str], int] = field(default_factory=dict)
    unintelligible: bool = False


class _Score(NamedTuple):
    """A score and the reasons that gave it."""

    value: float
    reasons: tuple[model.Reason, ...]


class _Scale:
    """The classes, bent to one leak: who is the controller, is there a data subject at all."""

    def __init__(self, facts: Facts, known: classes.Classes) -> None:
        self._known = known
        self._controller = facts.context.controller
        self._class_of = {p.label: p.class_id for p in facts.present}
        self._subject = any(p.class_id in _IDENTIFYING and p.role not in OTHERS for p in facts.present)
        self._weights = {label: self._weigh(label) for label in self._class_of}

    def _weigh(self, label: str) -> tuple[int, str]:
        """DPC of one label and why."""
        found = self._known.of(label, self._class_of[label])
        if found.category == "none" or (found.subject and not self._subject):
            return _PLAIN
        if found.category == "simple":
            return self._simple(found)
        return found.dpc, found.because

    def _simple(self, found: classes.Class) -> tuple[int, str]:
        """ENISA: that one is among a controller's patients (+2) or clients (+1) is told by any datum of its file."""
        if self._controller == "health":
            return 3, "controller_health"
        if self._controller == "bank":
            return max(2, found.dpc), "controller_bank"
        return found.dpc, found.because

    def dpc(self, labels: Iterable[str]) -> _Score:
        """The highest score of the labels and of their combinations; the labels that reach it are the reason."""
        held = frozenset(labels)
        scores: list[tuple[int, str, tuple[str, ...]]] = [(*self._weights.get(label, _PLAIN), (label,)) for label in sorted(held)]
        scores += [(r.dpc, r.because, self._named(held, r.all)) for r in self._known.raises if self._known.meets(held, r.all)]
        best = max((s[0] for s in scores), default=1)
        because: dict[str, dict[str, None]] = {}
        for score, code, found in scores:
            if score == best:
                because.setdefault(code, {}).update(dict.fromkeys(found))
        return _Score(best, tuple(model.Reason(code=c, detail=",".join(found)) for c, found in sorted(because.items())))

    def ei(self, labels: Iterable[str]) -> _Score:
        """The ease of identification that one row with these labels gives; 0.25 where nothing identifies."""
        held = frozenset(labels)
        met = [i for i in self._known.identification if self._known.meets(held, i.all)]
        if not met:
            return _Score(0.25, (model.Reason(code="code_alone"),))
        best = max(i.ei for i in met)
        found: dict[str, str] = {}
        for i in met:
            if i.ei == best:
                found.setdefault(i.id, ",".join(self._named(held, i.all)))
        return _Score(best, tuple(model.Reason(code=c, detail=d) for c, d in found.items()))

    def _named(self, held: frozenset[str], wanted: tuple[str, ...]) -> tuple[str, ...]:
        """The labels by which a combination is met."""
        return tuple(label for w in wanted if (label := self._known.held(held, w)))

    def special(self, labels: Iterable[str]) -> bool:
        """Whether some of the labels are data of GDPR art. 9 or 10 about a data subject."""
        found = [self._known.of(label, self._class_of[label]) for label in labels]
        return any((c.art9 or c.art10) and (self._subject or not c.subject) for c in found)


def score(facts: Facts, known: classes.Classes | None = None) -> model.Severity:
    """The severity of a leak; ``known`` are other classes than the shipped ones."""
    known = known or classes.shipped()
    scale = _Scale(facts, known)
    everything = frozenset(p.label for p in facts.present if p.rows)
    rows = {labels: n for labels, n in facts.masks.items() if n} or {everything: facts.rows}
    dpc = scale.dpc(everything)
    ei = max((scale.ei(labels) for labels in sorted(rows, key=sorted)), key=lambda s: s.value)
    cb = _circumstances(facts.context)
    added = cb.confidentiality + cb.integrity + cb.availability + cb.malicious
    se = dpc.value * ei.value + added
    band = _band(se)
    count = facts.persons if facts.persons is not None else facts.rows
    enisa = model.Enisa(
        dpc=int(dpc.value),
        dpc_reasons=dpc.reasons,
        ei=ei.value,
        ei_reasons=ei.reasons,
        cb=cb,
        se=se,
        band=band,
        flags=model.EnisaFlags(over_100=count > _MANY, unintelligible=facts.unintelligible),
        assumptions=_assumptions(facts, dpc),
    )
    return model.Severity(
        enisa=enisa,
        distribution=_distribution(rows, scale, added),
        cnil=model.Cnil(level=_CNIL[band][0], name=_CNIL[band][1]),
        aepd=_aepd(count, scale.special(everything), facts.context),
    )


def _circumstances(context: Context) -> model.Breach:
    """CB of what the user stated; a leak changes and destroys nothing, so integrity and availability add nothing."""
    return model.Breach(
        confidentiality=_EXPOSURE[context.exposure], integrity=0.0, availability=0.0, malicious=_MALICIOUS if context.malicious else 0.0
    )


def _assumptions(facts: Facts, dpc: _Score) -> tuple[str, ...]:
    """Codes of what the score takes for granted: the files cannot tell it."""
    found = [f"exposure_{facts.context.exposure}", "malicious" if facts.context.malicious else "not_malicious"]
    if facts.context.controller != "none":
        found.append(f"controller_{facts.context.controller}")
    if any(r.code == "credentials_open" for r in dpc.reasons):
        found.append("credentials_open")
    return tuple(found)


def _band(se: float) -> model.Band:
    return next((band for end, band in _BANDS if se < end), "very_high")


def _distribution(rows: Mapping[frozenset[str], int], scale: _Scale, added: float) -> model.Distribution:
    """Rows by the band that their own fields would give: the worst rows do not hide the rest."""
    counts: dict[model.Band, int] = dict.fromkeys(("low", "medium", "high", "very_high"), 0)
    for labels, n in rows.items():
        counts[_band(scale.dpc(labels).value * scale.ei(labels).value + added)] += n
    return model.Distribution(**counts)


def _aepd(count: int, special: bool, context: Context) -> model.Aepd:  # noqa: FBT001 - a fact, named where it is passed
    """AEPD: volume x type x impact; ``count`` is how many of the three are above their threshold."""
    v = 1 + sum(count >= n for n in _AEPD_VOLUME)
    t = 2 if special else 1
    i = _AEPD_IMPACT[context.exposure]
    return model.Aepd(v=v, t=t, i=i, score=v * t * i, count=(v > 3) + (t > 1) + (i > 4))  # noqa: PLR2004 - the annex's own thresholds
