"""Whether a JSON object is an envelope around collections, as APIs answer with, or a record by itself.

An envelope is no row: its pages, counts and links would be counted among patients. A record whose lists are its parts (one
patient with its visits) is one. What stands beside the lists decides, by its names, and by what identifies a person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from triage.readers.jsontable import keyed

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_ABOUT = frozenset(
    [
        "api",
        "code",
        "collection",
        "count",
        "counts",
        "current",
        "cursor",
        "database",
        "db",
        "elements",
        "empty",
        "error",
        "errors",
        "export",
        "exported",
        "filter",
        "filters",
        "first",
        "format",
        "from",
        "generated",
        "generator",
        "has",
        "hits",
        "href",
        "last",
        "limit",
        "link",
        "links",
        "max",
        "message",
        "messages",
        "meta",
        "metadata",
        "more",
        "next",
        "number",
        "offset",
        "ok",
        "order",
        "out",
        "page",
        "pageable",
        "pages",
        "pagination",
        "paging",
        "per",
        "prev",
        "previous",
        "query",
        "request",
        "resource",
        "response",
        "result",
        "results",
        "schema",
        "score",
        "search",
        "self",
        "shards",
        "size",
        "sort",
        "source",
        "status",
        "success",
        "table",
        "timed",
        "timestamp",
        "to",
        "token",
        "took",
        "total",
        "totals",
        "type",
        "uri",
        "url",
        "version",
    ]
)
_WHO = re.compile(
    r"(?:^|[._-])(?:nom|prenom|name|first_?name|last_?name|full_?name|surname|e?_?mails?|telephone|phone|tel|mobile|naissance|birth|dob|ssn|nir|"
    r"secu|iban|adresse|address|gender|sexe)",
    re.IGNORECASE,
)
_VALUE = re.compile(r"[^@\s]+@[^@\s]+\.\w+|(?:\+|0)\d(?:[ .-]?\d\d){4}|[12]\d{12}(?:\d\d)?")
_FEW, _MANY = 12, 5


def envelope(value: dict[str, Any]) -> bool:
    """Whether the object holds collections and, beside them, nothing of a record."""
    lists = list(_collections(value, 0))
    if not lists:
        return False
    leaves = list(_leaves(value, ""))
    if all(_about(path) for path, _ in leaves):
        return True
    if len(leaves) > _FEW or max(map(len, lists)) < _MANY:
        return False
    return not any(_WHO.search(path) or _VALUE.fullmatch(str(v)) for path, v in leaves)


def beside(value: dict[str, Any]) -> dict[str, Any]:
    """What of an object may be a record: its values that do not speak of an answer, by their path."""
    return {path: leaf for path, leaf in _leaves(value, "") if not _about(path)}


def _collections(value: dict[str, Any], depth: int) -> Iterator[Any]:
    for inner in value.values():
        listed = isinstance(inner, list) and all(isinstance(v, dict | list) for v in inner[:_MANY])
        if listed or (isinstance(inner, dict) and keyed(inner)):
            yield inner
        elif isinstance(inner, dict) and depth < _MANY:
            yield from _collections(inner, depth + 1)


def _leaves(value: dict[str, Any], path: str) -> Iterator[tuple[str, Any]]:
    for name, inner in value.items():
        whole = f"{path}.{name}" if path else name
        if isinstance(inner, dict):
            if not keyed(inner):
                yield from _leaves(inner, whole)
        elif not isinstance(inner, list):
            yield whole, inner


def _about(path: str) -> bool:
    """Whether a name speaks of the answer, not of a person: one of its words, or of the objects around it."""
    return bool(_ABOUT.intersection(word.lower() for word in _WORD.findall(path)))
