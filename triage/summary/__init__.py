"""The impact summary: sentences in French and English from the same figures of a result.

A section (S0 to S12) yields drafts, each with its figures and the JSON paths they come from; a voice says each draft in
its language. A figure that is not there has no sentence: nothing is said of what was not measured.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import model
from triage.summary import content, doubts, health, judgement, period, places, sample, secrets, size
from triage.summary import titles as named
from triage.summary.voice import Voice

if TYPE_CHECKING:
    from collections.abc import Iterable

    from triage.summary.figures import Draft

SECTIONS = (
    size.headline,
    size.examined,
    size.amounts,
    content.drafts,
    health.drafts,
    secrets.drafts,
    period.drafts,
    places.drafts,
    doubts.origin,
    doubts.authenticity,
    judgement.severity,
    judgement.duties,
    doubts.unknown,
)


def drafts(result: model.Result) -> tuple[Draft, ...]:
    """Every sentence that the result has the figures for, before any language."""
    found = (draft for section in SECTIONS for draft in section(result))
    return tuple(sample.marked(found) if sample.taken(result) else found)


def write(result: model.Result, titles: named.Titles | None = None) -> model.Summary:
    """The summary in both languages; ``titles`` are other names of labels than the shipped rules'."""
    found, known = drafts(result), titles or named.shipped()
    return model.Summary(fr=_said(found, Voice("fr", known)), en=_said(found, Voice("en", known)))


def _said(found: Iterable[Draft], voice: Voice) -> tuple[model.Sentence, ...]:
    return tuple(model.Sentence(id=d.id, text=_text(d, voice), fields=d.fields) for d in found)


def _text(draft: Draft, voice: Voice) -> str:
    said = voice.say(draft.id, draft.values)
    said = said[:1].upper() + said[1:]
    return voice.say(draft.mark, {}) + said if draft.mark else said
