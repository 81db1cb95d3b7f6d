"""``health``: comments, health mentions by theme, blood groups, prescribers, prescriptions, insurers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage import model
from triage.census.texts import COMMENT, COMMENTS, HEALTH, MENTION, STATES, bit
from triage.detect.texts import THEMES
from triage.sketches import Masks
from triage.text import safe_header, suppress

if TYPE_CHECKING:
    from triage.impact.case import Case


def health(case: Case) -> model.Health:
    """Rows are those read; a theme's ``rows`` are those that assert it."""
    texts, doubts = Masks(), Masks()
    for table in case.tables:
        texts.merge(table.tally.texts)
        doubts.merge(table.tally.doubts)
    return model.Health(
        comment_columns=_comment_columns(case),
        rows_with_comment=texts.rows_with(COMMENT),
        rows_with_mention=texts.rows_with(HEALTH),
        themes=_themes(texts, doubts, case),
        blood_group=_figure(case, case.labels(["blood_group"])),
        prescriber=_figure(case, _prescriber(case)),
        prescription=_figure(case, case.labels(["prescription", "drug"], subject=False)),
        insurer=_figure(case, case.labels(["insurer", "insurer_id"], subject=False)),
        persons_art9=_persons(case),
    )


def _comment_columns(case: Case) -> tuple[str, ...]:
    names = (
        safe_header(p.name, case.is_name) or f"#{p.index + 1}"
        for t in case.tables
        for p, _, c in t.columns()
        if p.text and p.label in COMMENTS and c.filled
    )
    return tuple(names)


def _themes(texts: Masks, doubts: Masks, case: Case) -> tuple[model.Theme, ...]:
    least, rows = case.options.limits.smallest_count, case.rows_seen
    masks = dict.fromkeys(STATES["texts"], texts) | dict.fromkeys(STATES["doubts"], doubts)
    found = []
    for theme in THEMES:
        counts = {state: of.rows_with(bit(state, theme)) for state, of in masks.items()}
        if any(counts.values()):
            found.append(_theme(theme, counts, rows, least))
    return tuple(sorted(found, key=lambda t: (-(t.rows or 0), t.id)))


def _theme(theme: str, counts: dict[str, int], rows: int, least: int) -> model.Theme:
    shown = {state: suppress(n, least) for state, n in counts.items()}
    n = shown["theme"]
    share = n / rows if n is not None and rows else None
    return model.Theme(id=theme, rows=n, share=share, **{s: shown[s] for s in ("negated", "family", "hypothesis")}, suppressed=n is None)


def _figure(case: Case, bits: int) -> model.Figure:
    n, asked = (case.rows_with(bits), case.rows_asked(bits)) if bits else (0, case.rows_main)
    return model.Figure(n=n, share=n / asked if asked else None)


def _prescriber(case: Case) -> int:
    return case.mask(lambda t: t[0] in {"practitioner", "rpps"} or (t[1] == "practitioner" and t[0] in {"last_name", "full_name"}))


def art9_bits(case: Case) -> int:
    """The bits of the types of GDPR article 9 that a filled cell is enough for; free text needs a mention."""
    return MENTION | case.mask(
        lambda t: t[0] != "health_text" and t[1] not in {"practitioner", "establishment"} and case.class_of(t[0]).art9
    )


def _persons(case: Case) -> int | None:
    return case.persons_with(art9_bits(case))
