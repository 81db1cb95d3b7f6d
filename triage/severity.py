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
    from collections.abc import Iterable, Iterator, Mapping

    from triage.options import Context

# People named beside the data subject; a datum about them is not one about a patient.
OTHERS = frozenset({"practitioner", "professional", "establishment"})
_IDENTIFYING = frozenset({"identity", "contact", "address", "national_id"})

_EXPOSURE = {"none": 0.0, "known": 0.25, "unknown": 0.5, "public": 0.5}
_MALICIOUS = 0.5
# ENISA: data that were public before the breach score 1 in every category.
_PUBLISHED = "published_before"
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
_PLAIN: tuple[int, str] = (1, "simple_plain")
_NEGLIGIBLE = 0.25  # EI of a code or a hash that nothing explains
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
    ``public``: all of it stands in registers that anybody may download.
    """

    present: tuple[Present, ...]
    rows: int
    persons: int | None
    context: Context
    masks: Mapping[frozenset[str], int] = field(default_factory=dict)
    unintelligible: bool = False
    public: bool = False


class _Rule(NamedTuple):
    """What a row must hold, as bits (one of each number), to score ``value``; ``names`` are those labels and groups."""

    value: float
    code: str
    names: tuple[str, ...]
    wanted: tuple[int, ...]

    def met(self, held: int) -> bool:
        for bits in self.wanted:  # noqa: SIM110 - a loop takes a third of the time of all(), and this is the innermost one
            if not held & bits:
                return False
        return True


class _Scale:
    """The classes, bent to one leak: who is the controller, is there a data subject at all.

    Label sets are numbers with a bit a label: a leak may hold a hundred thousand of them.
    """

    def __init__(self, facts: Facts, known: classes.Classes) -> None:
        self._known = known
        self._controller = facts.context.controller
        self._class_of = {p.label: p.class_id for p in facts.present}
        self._public = facts.public
        self._subject = any(p.class_id in _IDENTIFYING and p.role not in OTHERS for p in facts.present)
        labels = set(self._class_of).union(*facts.masks)
        self._bits = {label: 1 << n for n, label in enumerate(sorted(labels))}
        weighed = [_Rule(*self._weigh(label), (label,), (bit,)) for label, bit in self._bits.items()]
        raised = [_Rule(r.dpc, r.because, r.all, self._wanted(r.all)) for r in known.raises]
        self._dpc = sorted((*weighed, *raised), key=_highest_first)
        self._ei = sorted((_Rule(i.ei, i.id, i.all, self._wanted(i.all)) for i in known.identification), key=_highest_first)

    def _wanted(self, names: tuple[str, ...]) -> tuple[int, ...]:
        """The bits of each name, a group being held by any of its members; a label that the leak lacks has none."""
        members = (self._known.groups[n[1:]] if n.startswith("@") else (n,) for n in names)
        return tuple(sum(self._bits.get(m, 0) for m in found) for found in members)

    def _weigh(self, label: str) -> tuple[int, str]:
        """DPC of one label and why."""
        found = self._known.of(label, self._class_of.get(label, classes.GENERIC))
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

    def held(self, labels: Iterable[str]) -> int:
        """The labels as a number."""
        return sum(self._bits[label] for label in labels)

    def dpc(self, held: int) -> float:
        """The highest score of the labels and of their combinations."""
        return _PLAIN[0] if self._public else next((r.value for r in self._dpc if r.met(held)), _PLAIN[0])

    def ei(self, held: int) -> float:
        """The ease of identification that one row with these labels gives; negligible where nothing identifies."""
        return next((r.value for r in self._ei if r.met(held)), _NEGLIGIBLE)

    def dpc_reasons(self, held: int) -> tuple[model.Reason, ...]:
        """Why the context scores so high, by code, each with all labels that reach the score."""
        return (model.Reason(code=_PUBLISHED),) if self._public else self._reasons(held, self._dpc)

    def ei_reasons(self, held: int) -> tuple[model.Reason, ...]:
        """Which combinations identify so well."""
        return self._reasons(held, self._ei) or (model.Reason(code="code_alone"),)

    def _reasons(self, held: int, rules: Iterable[_Rule]) -> tuple[model.Reason, ...]:
        met = [r for r in rules if r.met(held)]
        found: dict[str, dict[str, None]] = {}
        for rule in met:
            if rule.value == met[0].value:
                found.setdefault(rule.code, {}).update(dict.fromkeys(self._named(rule, held)))
        return tuple(model.Reason(code=code, detail=",".join(labels)) for code, labels in found.items())

    def _named(self, rule: _Rule, held: int) -> Iterator[str]:
        """The labels by which a rule is met, of a group the first that is held."""
        for name in rule.names:
            members = self._known.groups[name[1:]] if name.startswith("@") else (name,)
            yield next(m for m in members if held & self._bits.get(m, 0))

    def special(self, labels: Iterable[str]) -> bool:
        """Whether some of the labels are data of GDPR art. 9 or 10 about a data subject."""
        found = [self._known.of(label, self._class_of[label]) for label in labels]
        return any((c.art9 or c.art10) and (self._subject or not c.subject) for c in found)


def _highest_first(rule: _Rule) -> float:
    """Sorts rules by value; equal ones keep the order of the classes file."""
    return -rule.value


def score(facts: Facts, known: classes.Classes | None = None) -> model.Severity:
    """The severity of a leak; ``known`` are other classes than the shipped ones."""
    known = known or classes.shipped()
    scale = _Scale(facts, known)
    everything = frozenset(p.label for p in facts.present if p.rows)
    rows = {scale.held(labels): n for labels, n in facts.masks.items() if n} or {scale.held(everything): facts.rows}
    held = scale.held(everything)
    eased = {row: scale.ei(row) for row in rows}
    worst = max(eased, key=lambda row: (eased[row], row))
    dpc, ei = scale.dpc(held), eased[worst]
    cb = _circumstances(facts)
    added = cb.confidentiality + cb.integrity + cb.availability + cb.malicious
    se = dpc * ei + added
    band = _band(se)
    count = facts.persons if facts.persons is not None else facts.rows
    enisa = model.Enisa(
        dpc=int(dpc),
        dpc_reasons=scale.dpc_reasons(held),
        ei=ei,
        ei_reasons=scale.ei_reasons(worst),
        cb=cb,
        se=se,
        band=band,
        flags=model.EnisaFlags(over_100=count > _MANY, unintelligible=facts.unintelligible),
        assumptions=_assumptions(facts, scale.dpc_reasons(held)),
    )
    return model.Severity(
        enisa=enisa,
        distribution=_distribution({row: scale.dpc(row) * eased[row] + added for row in rows}, rows),
        cnil=model.Cnil(level=_CNIL[band][0], name=_CNIL[band][1]),
        aepd=_aepd(count, scale.special(everything), facts.context),
    )


def _circumstances(facts: Facts) -> model.Breach:
    """CB of what the user stated; a leak changes and destroys nothing, so integrity and availability add nothing.

    What was public before has no confidentiality to lose.
    """
    context = facts.context
    return model.Breach(
        confidentiality=0.0 if facts.public else _EXPOSURE[context.exposure],
        integrity=0.0,
        availability=0.0,
        malicious=_MALICIOUS if context.malicious else 0.0,
    )


def _assumptions(facts: Facts, reasons: Iterable[model.Reason]) -> tuple[str, ...]:
    """Codes of what the score takes for granted: the files cannot tell it."""
    exposure = _PUBLISHED if facts.public else f"exposure_{facts.context.exposure}"
    found = [exposure, "malicious" if facts.context.malicious else "not_malicious"]
    if facts.context.controller != "none":
        found.append(f"controller_{facts.context.controller}")
    if any(r.code == "credentials_open" for r in reasons):
        found.append("credentials_open")
    return tuple(found)


def _band(se: float) -> model.Band:
    return next((band for end, band in _BANDS if se < end), "very_high")


def _distribution(scores: Mapping[int, float], rows: Mapping[int, int]) -> model.Distribution:
    """Rows by the band that their own fields would give: the worst rows do not hide the rest."""
    counts: dict[model.Band, int] = dict.fromkeys(("low", "medium", "high", "very_high"), 0)
    for held, se in scores.items():
        counts[_band(se)] += rows[held]
    return model.Distribution(**counts)


def _aepd(count: int, special: bool, context: Context) -> model.Aepd:  # noqa: FBT001 - a fact, named where it is passed
    """AEPD: volume x type x impact; ``count`` is how many of the three are above their threshold."""
    v = 1 + sum(count >= n for n in _AEPD_VOLUME)
    t = 2 if special else 1
    i = _AEPD_IMPACT[context.exposure]
    return model.Aepd(v=v, t=t, i=i, score=v * t * i, count=(v > 3) + (t > 1) + (i > 4))  # noqa: PLR2004 - the annex's own thresholds
