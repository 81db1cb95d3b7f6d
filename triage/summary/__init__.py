"""The impact summary: sentences in French and English from the same figures of a result.

A section (S0 to S12) yields drafts, each with its figures and the JSON paths they come from; a voice says each draft in
its language. A figure that is not there has no sentence: nothing is said of what was not measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import model
from triage.summary import titles as named
from triage.summary.content import content
from triage.summary.doubts import authenticity, limits, origin
from triage.summary.health import health
from triage.summary.judgement import duties, judgement
from triage.summary.period import period
from triage.summary.places import places
from triage.summary.secrets import secrets
from triage.summary.size import amounts, examined, headline
from triage.summary.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage.summary.figures import Draft

SECTIONS = (
    headline,
    examined,
    amounts,
    content,
    health,
    secrets,
    period,
    places,
    origin,
    authenticity,
    judgement,
    duties,
    limits,
)


def drafts(result: model.Result) -> tuple[Draft, ...]:
    """Every sentence that the result has the figures for, before any language."""
    return tuple(draft for section in SECTIONS for draft in section(result))


def write(result: model.Result, titles: named.Titles | None = None) -> model.Summary:
    """The summary in both languages; ``titles`` are other names of labels than the shipped rules'."""
    found, known = drafts(result), titles or named.shipped()
    return model.Summary(fr=_said(found, Voice("fr", known)), en=_said(found, Voice("en", known)))


def _said(found: Iterable[Draft], voice: Voice) -> tuple[model.Sentence, ...]:
    return tuple(model.Sentence(id=d.id, text=voice.say(d.id, d.values), fields=d.fields) for d in found)
