"""What follows from the figures: ``severity``, ``risks``, ``duties``, ``summary``, ``problems``, ``hibp``."""

from __future__ import annotations

from triage.model.base import Band, Struct
from triage.model.source import Reason


class Breach(Struct, frozen=True, kw_only=True):
    """ENISA's circumstances of breach: each term 0, 0.25 or 0.5 (malicious 0 or 0.5)."""

    confidentiality: float
    integrity: float
    availability: float
    malicious: float


class EnisaFlags(Struct, frozen=True, kw_only=True):
    """What ENISA tells beside the score."""

    over_100: bool
    unintelligible: bool


class Enisa(Struct, frozen=True, kw_only=True):
    """SE = DPC x EI + CB, each term with its reasons."""

    dpc: int
    dpc_reasons: tuple[Reason, ...]
    ei: float
    ei_reasons: tuple[Reason, ...]
    cb: Breach
    se: float
    band: Band
    flags: EnisaFlags
    assumptions: tuple[str, ...]


class Distribution(Struct, frozen=True, kw_only=True):
    """Rows by the ENISA band that their own fields would give."""

    low: int
    medium: int
    high: int
    very_high: int


class Cnil(Struct, frozen=True, kw_only=True):
    """The level of the CNIL's gravity scale, 1-4."""

    level: int
    name: str


class Aepd(Struct, frozen=True, kw_only=True):
    """The Spanish authority's volume x type x impact."""

    v: int
    t: int
    i: int
    score: int
    count: int


class Severity(Struct, frozen=True, kw_only=True):
    """How bad it is, on three scales."""

    enisa: Enisa
    distribution: Distribution
    cnil: Cnil
    aepd: Aepd


class Risk(Struct, frozen=True, kw_only=True):
    """A risk and the labels that make it real."""

    id: str
    because: tuple[str, ...]


class Duties(Struct, frozen=True, kw_only=True):
    """What the notification form asks and the files answer: hints, not legal advice."""

    cnil_categories: tuple[str, ...]
    cnil_band: str
    records: int
    persons: int | None
    art9: bool
    art10: bool
    nir: bool


class Limit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Something the reader must know of the figures; ``detail`` are the labels it is about, or how many columns."""

    code: str
    detail: tuple[str, ...] = ()


class Sentence(Struct, frozen=True, kw_only=True):
    """One sentence of the summary and the JSON paths its figures come from."""

    id: str
    text: str
    fields: tuple[str, ...]


class Summary(Struct, frozen=True, kw_only=True):
    """The sentences in both languages, from the same figures."""

    fr: tuple[Sentence, ...]
    en: tuple[Sentence, ...]


class ProblemCount(Struct, frozen=True, kw_only=True):
    """A problem over the whole run."""

    code: str
    count: int
    remedy: str


class Hibp(Struct, frozen=True, kw_only=True):
    """The figures of a Have I Been Pwned entry that the files can give; the rest is the submitter's."""

    PwnCount: int
    DataClasses: tuple[str, ...]
    IsSensitive: bool
