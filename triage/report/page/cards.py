"""The first screen's figures: severity with its sum, persons with their bracket, rows."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage import text
from triage.report.page import account
from triage.summary import content, judgement, sample
from triage.summary.figures import Word, plain

if TYPE_CHECKING:
    from triage.model import Persons, Reason, Result
    from triage.report.sections import Words

_MOST_SE = 6  # 4 x 1 + 2: the end of ENISA's scale
_BANDS = (("low", 0, 2), ("medium", 2, 3), ("high", 3, 4), ("very_high", 4, _MOST_SE))


class Term(NamedTuple):
    """A term of the sum: its sign, value, name, why it has that value, the columns behind it."""

    sign: str
    value: str
    name: str
    because: tuple[str, ...]
    columns: str


class Segment(NamedTuple):
    """A band of the scale: its name, where it begins and how wide it is, in percent."""

    style: str
    name: str
    x: str
    width: str


class Severity(NamedTuple):
    """The score, its band, the CNIL's level, the sum, the scale with the place of the score on it, what would change it."""

    score: str
    style: str
    band: str
    cnil: str
    terms: tuple[Term, ...]
    scale: tuple[Segment, ...]
    at: str
    changes: tuple[str, ...]


class People(NamedTuple):
    """Persons: the figure, what it is based on, others whom rows name, the bracket (empty where there is none)."""

    figure: str
    basis: str
    others: tuple[tuple[str, str], ...]
    low: str
    high: str
    at: str


def severity(result: Result, words: Words) -> Severity | None:
    """The sum of ENISA; none where no personal data was recognised."""
    if not result.types:
        return None
    enisa = result.severity.enisa
    level = result.severity.cnil.level
    return Severity(
        score=words.decimal(plain(enisa.se, 1)),
        style=enisa.band,
        band=words.said("band", enisa.band),
        cnil=words.fill("page", "cnil_level", level=str(level), name=words.said("cnil", str(level))),
        terms=_terms(result, words),
        scale=tuple(Segment(b, words.said("band", b), f"{a / _MOST_SE:.2%}", f"{(z - a) / _MOST_SE:.2%}") for b, a, z in _BANDS),
        at=f"{enisa.se / _MOST_SE:.2%}",
        changes=tuple(account.changes(result, words)),
    )


def _terms(result: Result, words: Words) -> tuple[Term, ...]:
    enisa = result.severity.enisa
    ei = enisa.ei_reasons[:1]
    added = enisa.cb.confidentiality + enisa.cb.integrity + enisa.cb.availability + enisa.cb.malicious
    assumed = tuple(words.said("assumption", a) for a in enisa.assumptions if not a.startswith("controller"))
    behind = (account.columns(enisa.dpc_reasons, result, words), account.columns(ei, result, words))
    return (
        Term("", words.decimal(plain(enisa.dpc)), words.said("page", "dpc"), _because("dpc", enisa.dpc_reasons, words), behind[0]),
        Term("×", words.decimal(plain(enisa.ei)), words.said("page", "ei"), _because("ei", ei, words), behind[1]),
        Term("+", words.decimal(plain(added)), words.said("page", "cb"), assumed, ""),
    )


def _because(kind: str, reasons: tuple[Reason, ...], words: Words) -> tuple[str, ...]:
    return tuple(words.say(part.key, part.values) for part in judgement.reasons(kind, reasons).parts)


def people(result: Result, words: Words) -> People:
    """The persons and their bracket; where there is no key to count them by, nothing stands in for them."""
    found = result.size.persons
    sampled = sample.taken(result)
    if found.estimate is None or sampled:
        why = "sampled" if sampled else "no_key"
        return People(words.said("page", "unknown"), words.said("page", why), () if sampled else _others(result, words), "", "", "")
    figure = text.number(found.estimate if found.exact else text.about(found.estimate), words.language)
    about = "" if found.exact else words.said("grammar", "about") + text.NBSP
    first, *more = found.basis.split("+")
    by = words.fill("page", "by", basis=words.say("basis_and_others" if more else "basis", {"by": Word("basis", first)}))
    return People(about + figure, by, _others(result, words), *_bracket(found, words))


def _others(result: Result, words: Words) -> tuple[tuple[str, str], ...]:
    """Practitioners, relatives and others that rows name beside the data subject: counted apart."""
    found = ((role, result.size.persons_by_role.get(role)) for role in content.OTHERS)
    return tuple(
        (words.said("about_role", role), text.number(p.estimate if p.exact else text.about(p.estimate), words.language))
        for role, p in found
        if p is not None and p.estimate
    )


def _bracket(found: Persons, words: Words) -> tuple[str, str, str]:
    low, high = found.low, found.high
    if low is None or high is None or found.estimate is None or low == high:
        return "", "", ""
    at = min(max((found.estimate - low) / (high - low), 0.0), 1.0) if high > low else 0.5
    return text.number(low, words.language), text.number(high, words.language), f"{at:.2%}"
