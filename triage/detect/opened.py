"""Cells that hold more than one value: JSON, or values joined by a separator. They are opened to learn which labels are inside.

A column that no label claims is opened at the probe: what its cells hold becomes columns of their own, judged like any
other. The answer is patterns: a cell that a label's pattern is found in holds a value of it, which the census counts.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, TypeAlias

import msgspec
import polars as pl

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from triage.detect.plan import Inside, TablePlan

    Look: TypeAlias = Callable[[pl.DataFrame, Sequence[str]], TablePlan]

SEPARATORS: Final = "|;,/\n"
# Labels that say nothing of the meaning of a part, and comments, which the text scanner reads whole.
_GENERIC: Final = frozenset(
    {
        "unknown",
        "empty",
        "date",
        "datetime",
        "number",
        "code",
        "category",
        "boolean",
        "id",
        "uuid",
        "free_text",
        "health_text",
        "message",
        "amount",
        "url",
    }
)
_SAMPLE, _KEYS, _PARTS = 500, 64, 32
# Share of the cells that must be JSON, that must bear a separator, and that must have the same number of parts.
_JSON, _JOINED, _EVEN = 0.5, 0.3, 0.95
_LEAST = 3


def inside(cells: pl.Series, look: Look) -> tuple[Inside, ...]:
    """Labels found in the cells of one column with their patterns (Rust's dialect), by label; empty where nothing is.

    ``cells`` are distinct and not empty; ``look`` is the probe for a frame of String columns ``c0…`` and their names.
    """
    sample = cells.head(_SAMPLE)
    written = sample.filter(sample.str.contains(r"^\s*[{\[]"))
    found = _keyed(written, look) if len(written) >= max(1, _JSON * len(sample)) else _joined(sample, look)
    patterns: dict[tuple[str, str], list[str]] = {}
    for label, role, pattern in found:
        patterns.setdefault((label, role or ""), []).append(pattern)
    return tuple((label, role or None, "|".join(patterns[label, role])) for label, role in sorted(patterns))


def _keyed(cells: pl.Series, look: Look) -> Iterator[Inside]:
    """JSON: each key is a column, whose name is the key."""
    values: dict[str, list[str]] = {}
    for cell in cells:
        try:
            told = msgspec.json.decode(cell)
        except (msgspec.DecodeError, RecursionError, ValueError):
            continue
        for key, value in _leaves(told, ""):
            if key in values or len(values) < _KEYS:
                values.setdefault(key, []).append(value)
    if not values:
        return
    rows = max(map(len, values.values()))
    frame = pl.DataFrame([pl.Series(f"c{n}", [*v, *[None] * (rows - len(v))], dtype=pl.String) for n, v in enumerate(values.values())])
    for key, (label, role) in zip(values, _labels(look(frame, tuple(values))), strict=True):
        if label not in _GENERIC:
            yield label, role, rf'"{re.escape(key)}"\s*:\s*(?:"[^"]|[\d\[{{-])' if key else r'[^\s\[\]{}"]'


def _leaves(told: object, key: str) -> Iterator[tuple[str, str]]:
    """Texts and numbers with the key nearest to them."""
    if isinstance(told, dict):
        for name, value in told.items():
            yield from _leaves(value, str(name))
    elif isinstance(told, list):
        for value in told:
            yield from _leaves(value, key)
    elif told is not None and not isinstance(told, bool) and str(told).strip():
        yield key, str(told).strip()


def _joined(cells: pl.Series, look: Look) -> Iterator[Inside]:
    """Parts between separators: all of one kind, or each place with a meaning of its own."""
    for separator in SEPARATORS:
        bearing = cells.str.contains(separator, literal=True)
        if bearing.sum() < max(_LEAST, _JOINED * len(cells)):
            continue
        parts = cells.str.split(separator)
        flat = parts.explode().str.strip_chars()
        label, role = _labels(look(flat.filter(flat != "").alias("c0").to_frame(), ("",)))[0]
        if label not in _GENERIC:
            yield label, role, r"\S"
            return
        counts = parts.list.len()
        usual = counts.mode().sort()[0]
        if usual <= _PARTS and (counts == usual).mean() >= _EVEN:
            frame = parts.filter(counts == usual).list.to_struct(fields=[f"c{n}" for n in range(usual)]).struct.unnest()
            labels = _labels(look(frame.select(pl.all().str.strip_chars()), ("",) * usual))
            sign = re.escape(separator)
            found = [(*told, rf"^(?:[^{sign}]*{sign}){{{n}}}\s*[^\s{sign}]") for n, told in enumerate(labels) if told[0] not in _GENERIC]
            yield from found
            if found:
                return


def _labels(plan: TablePlan) -> list[tuple[str, str | None]]:
    return [(column.label if column.confidence in {"validated", "likely"} else "unknown", column.role) for column in plan.columns]
