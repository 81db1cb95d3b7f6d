"""Everything the templates lay out, made from a result in one language."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from triage import text
from triage.report.page import atlas, bars, cards, france, lists, matrix, timeline
from triage.summary import sample

if TYPE_CHECKING:
    from triage.model import Distribution, Result
    from triage.report.sections import Words

_RULES_SHOWN = 12  # hexadecimal digits of the rules' hash, as `triage --version` prints them


def view(result: Result, words: Words) -> dict[str, Any]:
    """The views by the names that the templates know."""
    return {
        "language": words.language,
        "headline": words.headline(),
        "sampled": next((said for key, said in words.sentences() if key == "S1.sampled"), ""),
        "said": _said(words),
        "severity": cards.severity(result, words),
        "people": cards.people(result, words),
        "rows": _rows(result, words),
        "ladder": tuple(bars.ladder(result, words)),
        "others": tuple(bars.others(result, words)),
        "themes": bars.themes(result.health.themes, words),
        "outlines": france.outlines(),
        "paris": france.PARIS,
        "atlases": tuple(atlas.atlases(result.geography, words)),
        "events": tuple(timeline.events(result.period, words)),
        "births": timeline.births(result.period, words),
        "ages": timeline.ages([(b.from_, b.to, b.n) for b in result.demographics.bands], words),
        "matrix": matrix.matrix(result, words),
        "distribution": _distribution(result.severity.distribution, words),
        "columns": tuple(lists.columns(result, words)),
        "files": tuple(lists.files(result, words)),
        "problems": words.problems(),
        "method": tuple(words.table("method").values()),
        "assumptions": tuple(words.said("assumption", a) for a in result.severity.enisa.assumptions) if result.types else (),
        "made_by": _made_by(result, words),
        "drawing": timeline,
    }


def _said(words: Words) -> dict[str, list[str]]:
    """The sentences by section."""
    found: dict[str, list[str]] = {}
    for name, sentence in words.sentences():
        found.setdefault(name.partition(".")[0], []).append(sentence)
    return found


def _rows(result: Result, words: Words) -> dict[str, str]:
    """The figures of the third card."""
    size, language = result.size, words.language
    duplicates = sum(t.rows_exact_dup for t in result.tables if t.parent is None)
    per_row = size.fields_per_row
    sampled, unknown = sample.taken(result), words.said("page", "unknown")
    told = per_row.max is not None and per_row.median is not None and not sampled
    return {
        "total": words.say("basis", {"by": sample.total(result)}),
        "distinct": unknown if sampled else text.number(size.rows_unique, language),
        "duplicates": unknown if sampled else text.number(duplicates, language),
        "fields": words.fill(
            "page", "up_to", max=text.number(per_row.max or 0, language), median=text.number(per_row.median or 0, language)
        )
        if told
        else unknown,
        "files": text.number(result.inputs.files_count, language),
        "volume": text.volume(result.inputs.bytes, language),
    }


def _distribution(found: Distribution, words: Words) -> tuple[tuple[str, str, str, str, str], ...]:
    """Rows by band, worst first: style, name, rows, share, width."""
    counts = {band: getattr(found, band) for band in ("very_high", "high", "medium", "low")}
    total = sum(counts.values())
    return tuple(
        (band, words.said("level", band), text.number(n, words.language), words.percent(n / total), f"{n / total:.2%}")
        for band, n in counts.items()
        if n
    )


def _made_by(result: Result, words: Words) -> str:
    tool = result.tool
    return words.fill("page", "made_by", name=tool.name, version=tool.version, rules=tool.rules_hash[:_RULES_SHOWN], polars=tool.polars)
