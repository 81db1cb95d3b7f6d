"""JSON whose rows are written otherwise than one object each: by columns, as lists under names, as what a search engine is sent.

- pandas: ``{"columns": […], "data": [[…]]}`` (split), ``{"name": {"0": …, "1": …}}`` (columns), ``{"name": […]}`` (list);
- lists of cells below a list of names, as APIs of databases answer;
- Elasticsearch's bulk lines: an action, then what it is done to.
"""

from __future__ import annotations

from typing import Any, TypeAlias

from triage.sniff import header
from triage.sniff.records import Record

Row: TypeAlias = dict[str, Any]

NAMES = frozenset({"columns", "cols", "column_names", "fields", "header", "headers"})
ROWS = frozenset({"data", "rows", "values", "records", "items", "result", "results"})
_ACTIONS = ("index", "create", "update", "delete")
_ABOUT_ACTIONS = frozenset({"routing", "version", "version_type", "pipeline", "retry_on_conflict", "require_alias", "if_seq_no", "parent"})
_LEAST, _LOOKED = 5, 100
TOLD = 3
"""Lists from which it is told whether the first holds names."""


class Bulk:
    """Bulk lines as they come: an action is the beginning of the row that follows it, or a row where none does."""

    def __init__(self) -> None:
        self._action: Row | None = None

    def rows(self, values: list[Any], *, last: bool) -> list[Any]:
        """The values, actions joined to theirs."""
        if self._action is None and not any(isinstance(v, dict) and _action(v) for v in values[:2]):
            return values
        found: list[Any] = []
        for value in values:
            action = _action(value) if isinstance(value, dict) else None
            if action is None:
                found.append({**(self._action or {}), **_source(value)} if isinstance(value, dict) else value)
                self._action = None
                continue
            found += [self._action] if self._action else []
            self._action = action
            if "delete" in value:
                found.append(action)
                self._action = None
        if last and self._action:
            found.append(self._action)
            self._action = None
        return found


def _action(value: Row) -> Row | None:
    """The action's own values, where the object is one."""
    if len(value) != 1:
        return None
    name, inner = next(iter(value.items()))
    if name not in _ACTIONS or not isinstance(inner, dict):
        return None
    return inner if all(key.startswith("_") or key in _ABOUT_ACTIONS for key in inner) else None


def _source(value: Row) -> Row:
    doc = value.get("doc")
    return doc if isinstance(doc, dict) and len(value) <= 2 else value  # noqa: PLR2004 - doc_as_upsert beside it


def transposed(value: Row) -> list[Row] | None:
    """The rows of an object of columns, None where it is none."""
    columns = list(value.values())
    if len(columns) < 2 or not columns[0]:  # noqa: PLR2004 - a list under a name is a list
        return None
    if all(isinstance(c, list) and len(c) == len(columns[0]) >= _LEAST and not any(map(_nested, c)) for c in columns):
        return [dict(zip(value, cells, strict=True)) for cells in zip(*columns, strict=True)]
    if not all(isinstance(c, dict) and c.keys() == columns[0].keys() and not any(map(_nested, c.values())) for c in columns):
        return None
    if not counted(columns[0]) or counted(value):
        return None
    return [dict(zip(value, cells, strict=True)) for cells in zip(*(c.values() for c in columns), strict=True)]


def counted(value: Row) -> bool:
    """Whether the names are numbers in a row, as pandas and PHP write lists."""
    if len(value) < 3 or not all(name.isdecimal() for name in value):  # noqa: PLR2004 - years and codes come in pairs
        return False
    numbers = [int(name) for name in value if len(name) < 10]  # noqa: PLR2004 - what is longer is an identifier
    return numbers in (list(range(len(value))), list(range(1, len(value) + 1)))


def _nested(value: object) -> bool:
    return isinstance(value, dict | list)


def names(value: object) -> tuple[str, ...] | None:
    """The names of columns that a list holds, as texts or as objects with a name."""
    if not isinstance(value, list) or not value:
        return None
    found = [v.get("name") or v.get("display_name") or v.get("title") or v.get("field") if isinstance(v, dict) else v for v in value]
    told = tuple(name for name in found if isinstance(name, str))
    return told if len(told) == len(value) else None


def under(columns: tuple[str, ...], values: list[Any]) -> list[Any]:
    """Lists of cells as objects; cells beyond the last name keep their place as a name."""
    return [{(columns[i] if i < len(columns) else str(i)): cell for i, cell in enumerate(v)} if isinstance(v, list) else v for v in values]


def headed(values: list[Any]) -> tuple[str, ...] | None:
    """The first of several lists of cells, where it names the columns of the others."""
    lists = values[:_LOOKED]
    if len(lists) < TOLD or not all(isinstance(v, list) and len(v) == len(lists[0]) > 1 for v in lists):
        return None
    if not all(isinstance(cell, str) and cell for cell in lists[0]) or any(_nested(cell) for v in lists for cell in v):
        return None
    records = [Record([None if cell is None else str(cell) for cell in v], 0, odd=False) for v in lists]
    return tuple(lists[0]) if header.proves(records) else None
