"""S4: health content. A mention is not a diagnosis, and the sentence says so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.summary.figures import Count, Draft, Part, Share, Theme, Value, Word, listing, part
from triage.summary.size import rows_among

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage import model

_PRESENT = ("blood_group", "prescriber", "prescription", "insurer")


def drafts(result: model.Result) -> Iterator[Draft]:
    """S4 as a whole; nothing where there is no comment and no health datum."""
    found = result.health
    total = rows_among(result, found.rows_with_comment)
    if found.rows_with_comment and total:
        values: dict[str, Value] = {
            "comments": Count(found.rows_with_comment),
            "comments_share": Share(found.rows_with_comment / total),
            "mentions": Count(found.rows_with_mention),
            "mentions_share": Share(found.rows_with_mention / total),
        }
        # Columns of diagnoses are no comments, and their terms are counted too.
        diagnosed = any(c.label == "diagnosis" for c in result.columns)
        yield Draft(
            "S4.diagnosed" if diagnosed else "S4",
            values,
            ("health.rows_with_comment", "health.rows_with_mention", "tables[].rows_read", "tables[].rows_repaired"),
        )
    yield from _themes(found.themes)
    if found.themes:
        yield Draft("S4.caveat", {}, ("health.themes",))
    yield from _present(found)
    if found.persons_art9:
        values = {"persons": Count(found.persons_art9, about=not result.size.persons.exact)}
        # Union membership, religion and the like stand under the same article.
        others = any(c.art9 and c.class_ == "special" for c in result.columns)
        yield Draft("S4.persons_special" if others else "S4.persons", values, ("health.persons_art9",))
    for index, together in enumerate(result.combinations):
        if together.id == "minor_health" and together.persons:
            values = {"n": Count(together.persons, about=not result.size.persons.exact)}
            yield Draft("S4.minors", values, (f"combinations[{index}].persons",))


def _themes(themes: tuple[model.Theme, ...]) -> Iterator[Draft]:
    """Themes by rows, ties by id; then those too small to be counted, and those that some rows negate."""
    order = sorted(range(len(themes)), key=lambda i: (-(themes[i].rows or 0), themes[i].id))
    for key, field in (("S4.themes", "rows"), ("S4.negated", "negated")):
        # A suppressed count of negations is left out: its theme is named without it.
        if counts := {i: n for i in order if (n := getattr(themes[i], field))}:
            items = listing(part("S4.theme", theme=Theme(themes[i].id), rows=Count(n)) for i, n in counts.items())
            yield Draft(key, {"list": items}, tuple(f"health.themes[{i}].{field}" for i in counts))
        if field == "rows" and (small := [i for i in order if themes[i].suppressed]):
            items = listing(part("S4.theme_small", theme=Theme(themes[i].id)) for i in small)
            yield Draft("S4.small", {"list": items}, tuple(f"health.themes[{i}].suppressed" for i in small))


def _present(found: model.Health) -> Iterator[Draft]:
    """Health data in columns of their own, with their share of the rows."""
    items: list[Part] = []
    fields: list[str] = []
    for name in _PRESENT:
        figure: model.Figure = getattr(found, name)
        if figure.share:
            items.append(part("S4.datum", datum=Word("health", name), share=Share(figure.share)))
        elif figure.suppressed:
            items.append(part("S4.datum_small", datum=Word("health", name)))
        else:
            continue
        fields.append(f"health.{name}.share")
    if items:
        yield Draft("S4.present", {"list": listing(items)}, tuple(fields))
