"""What is always, often and rarely there: a bar for each kind of data, under the adverb of the summary."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from triage import text
from triage.summary import content, sample

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from triage.model import Result, Theme
    from triage.report.sections import Words


class Bar(NamedTuple):
    """A kind of data: its name, its share, its rows; ``tag`` marks data of article 9 and those that are rare but severe."""

    name: str
    share: str
    width: str
    rows: str
    tag: str
    style: str


class Group(NamedTuple):
    """Bars under one heading."""

    heading: str
    bars: tuple[Bar, ...]


def ladder(result: Result, words: Words) -> Iterator[Group]:
    """The data subject's types by rung; the rare but severe ones first, as they are never passed over."""
    found = content.kinds(result)
    severe = [k for k in found if k.type.rare_but_severe and k.share < content.RARE]
    if severe:
        yield Group(words.said("rung", "severe"), _bars(severe, result, words))
    own = [k for k in found if k not in severe and _is_own(k) and not content.is_detail(k, result)]
    for _, name in content.LADDER:
        if on_rung := [k for k in own if content.rung_of(k, result) == name]:
            yield Group(words.said("rung", name), _bars(on_rung, result, words))


def others(result: Result, words: Words) -> Iterator[Group]:
    """The types about practitioners, relatives and others that a row names, and those within cells of several values."""
    found = content.kinds(result)
    for role in (*content.OTHERS, content.INSIDE):
        if theirs := [k for k in found if k.type.role == role]:
            yield Group(words.said("about_role", role), _bars(theirs, result, words))
    if details := [k for k in found if _is_own(k) and content.is_detail(k, result)]:
        yield Group(words.said("about_role", "detail"), _bars(details, result, words))


def _is_own(kind: content.Kind) -> bool:
    return kind.type.role not in (*content.OTHERS, content.INSIDE)


def _bars(found: Sequence[content.Kind], result: Result, words: Words) -> tuple[Bar, ...]:
    special = {c.label for c in result.columns if c.art9}
    sampled = sample.taken(result)
    return tuple(_bar(kind, special=kind.type.label in special, sampled=sampled, words=words) for kind in found)


def _bar(kind: content.Kind, *, special: bool, sampled: bool, words: Words) -> Bar:
    tag = "art9" if special else "severe" if kind.type.rare_but_severe else ""
    return Bar(
        name=words.title(kind.type.label).partition(" (")[0],
        share=words.percent(kind.share),
        width=f"{kind.share:.2%}",
        rows=words.said("page", "estimate") if sampled else text.number(kind.type.rows, words.language),
        tag=words.said("page", f"tag_{tag}") if tag else "",
        style=tag or "plain",
    )


def themes(found: Sequence[Theme], words: Words) -> tuple[Bar, ...]:
    """Health themes by rows; those of fewer rows than may be told are named by the summary alone."""
    counted = [(t, t.rows) for t in found if t.rows]
    most = max((n for _, n in counted), default=0)
    ranked = sorted(counted, key=lambda x: (-x[1], x[0].id))
    return tuple(
        Bar(
            name=words.theme(t.id),
            share=words.percent(t.share) if t.share is not None else "",
            width=f"{n / most:.2%}",
            rows=text.number(n, words.language),
            tag="",
            style="art9",
        )
        for t, n in ranked
    )
