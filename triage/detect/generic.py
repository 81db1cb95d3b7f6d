"""Columns that no label claims: number, boolean, identifier, code, category, text; and whether a column is of names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from triage.detect.plan import Opinion
from triage.model import Reason

if TYPE_CHECKING:
    from triage.detect.plan import ColumnPlan, Counts, Shape

# Share of the distinct values in the name lists, by how the column's name speaks: a column of surnames holds foreign,
# compound and rare ones too; a name that says so needs no list.
_ALONE, _WEAK = 0.6, 0.35
# Above it tokens are mostly commoner as first names than as last names.
_GIVEN = 0.5
_MOST = 0.9
_FEW = 30
_REPEATED = 0.5
# Digits of a number of fixed width that is no quantity, and characters of the longest code.
_WIDE, _CODE = 6, 24
# Distinct texts of a column of texts, and their share of its cells.
_TEXTS, _VARIED = 8, 0.3
# Words in the mean that no label has: a paragraph is a text even where it stands alone or comes again.
_PARAGRAPH = 20
_NAMES = frozenset({"first_name", "last_name", "birth_name", "full_name"})


def names_agree(label: str, column: ColumnPlan, *, speaks: bool, weak: bool) -> bool:
    """Whether the distinct values look like names of the label's kind; true for labels that are no name."""
    if label not in _NAMES or speaks:
        return True
    shape, asked = column.shape, _WEAK if weak else _ALONE
    if label == "full_name":
        return shape.full_names >= asked
    if label == "first_name":
        return shape.first_names >= asked and shape.given >= _GIVEN
    return shape.last_names >= asked and shape.given < _GIVEN and shape.common < _REPEATED


def prose(shape: Shape) -> bool:
    """Whether the cells differ as texts do: a few long labels that come again and again are categories."""
    return paragraphs(shape) or (shape.distinct >= _TEXTS and shape.distinct >= _VARIED * shape.filled)


def paragraphs(shape: Shape) -> bool:
    """Whether the cells are too long to be anything but texts, however few they are."""
    return shape.words >= _PARAGRAPH


def named(label: str, shape: Shape) -> bool:
    """Whether a column called "pass" holds names: PASS is the first name of the insured in old software."""
    return label == "password" and max(shape.first_names, shape.last_names) >= _MOST and shape.digits < 1 - _MOST


def opinion(column: ColumnPlan, counts: Counts) -> Opinion:
    """The generic label that the shape of the values gives; ``unknown`` where it gives none."""
    label = _label(column.shape, counts.filled, counts.distinct, set(column.headers))
    reason = Reason(code="shape", detail=label, n=counts.distinct, of=counts.filled)
    return Opinion(label, "possible" if label == "unknown" else "likely", 0, 0, (reason,))


def _label(shape: Shape, filled: int, distinct: int, said: set[str]) -> str:
    """``said`` are the labels the name has a word for."""
    few = distinct <= _FEW and distinct <= filled * _REPEATED
    if "id" in said and distinct > filled * _MOST and shape.spaced == 0.0:
        return "id"
    if shape.numbers >= _MOST:
        return _of_numbers(shape, filled, distinct, said)
    if shape.mixed >= _MOST and shape.spaced == 0.0 and shape.length_max <= _CODE:
        return "code"
    if few:
        return "category"
    return "code" if shape.mixed >= _REPEATED and shape.spaced < _REPEATED else "unknown"


def _of_numbers(shape: Shape, filled: int, distinct: int, said: set[str]) -> str:
    """Figures: a code where their width is fixed beyond a year's, a category where few digits come again and again."""
    fixed = shape.length_min == shape.length_max and shape.integers == 1.0
    if "code" in said or (fixed and shape.length_min >= _WIDE):
        return "code"
    if fixed and shape.length_max == 1 and distinct <= filled / _FEW:
        return "category"
    return "number"
