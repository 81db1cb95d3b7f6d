"""Columns that no label claims: number, boolean, identifier, code, category, text; and whether a column is of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.detect.plan import Opinion
from triage.model import Reason

if TYPE_CHECKING:
    from triage.detect.plan import ColumnPlan, Counts, Shape

# Shares of distinct values in the name lists: a column of surnames holds foreign, compound and rare ones too.
_NAMES_ALONE, _NAMES_WITH_HEADER = 0.6, 0.15
# Above it tokens are mostly commoner as first names than as last names.
_GIVEN = 0.5
_MOST = 0.9
# Words a text has in the mean; cells shorter are labels, not sentences.
_SENTENCE_WORDS = 4.0
_FEW = 30
_REPEATED = 0.5


def names_agree(label: str, column: ColumnPlan, *, voice: bool) -> bool:
    """Whether the distinct values look like names of the label's kind; true for labels that are no name."""
    if label not in {"first_name", "last_name", "birth_name", "full_name", "practitioner"}:
        return True
    shape = column.shape
    if voice:
        return True
    if label == "full_name":
        return shape.full_names >= _NAMES_ALONE
    if label == "first_name":
        return shape.first_names >= _NAMES_ALONE and shape.given >= _GIVEN and shape.common < _REPEATED
    return shape.last_names >= _NAMES_ALONE and shape.given < _GIVEN and shape.common < _REPEATED


def opinion(column: ColumnPlan, counts: Counts) -> Opinion:
    """The generic label that the shape of the values gives; ``unknown`` where it gives none."""
    label = _label(column.shape, counts.filled, counts.distinct, set(column.headers))
    reason = Reason(code="shape", detail=label, n=counts.distinct, of=counts.filled)
    return Opinion(label, "possible" if label == "unknown" else "likely", 0, 0, (reason,))


def _label(shape: Shape, filled: int, distinct: int, said: set[str]) -> str:
    few = distinct <= _FEW and (distinct <= filled * _REPEATED)
    if shape.numbers >= _MOST:
        unique = distinct == filled and shape.integers == 1.0
        return "id" if "id" in said and unique else ("code" if "code" in said else "number")
    if shape.words >= _SENTENCE_WORDS or shape.sentences >= _REPEATED:
        return "free_text"
    if "id" in said and distinct > filled * _MOST and shape.spaced == 0.0:
        return "id"
    if few:
        return "category"
    return "code" if shape.mixed >= _REPEATED and shape.spaced < _REPEATED else "unknown"
