"""FHIR: bundles and a resource a line; each type of resource is a table, whose lists stand side by side in its rows.

So a patient's names, numbers and telephones are in one row, as in any other table of patients.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from triage.readers import json
from triage.readers.jsonscan import Values
from triage.readers.jsontable import VALUE, Tables

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("fhir",)
KIND = "fhir"
DESCRIPTION = "FHIR: JSON bundles and a resource a line; a table for each type of resource"

_TYPE = re.compile(r"[A-Z][A-Za-z]{2,40}")
_TYPES = 200  # R5 has 157
# Written text that repeats the resource as XHTML, and what an answer says of itself.
_LEFT_OUT = frozenset({"resourceType", "text", "meta"})


def segments(job: Job) -> Iterator[Made]:
    """The segments of all resources."""
    return json.walked(job, Resources(job, spread=True), wraps=lambda value: "entry" in value or "resource" in value)


class Resources(Tables):
    """Tables by type of resource."""

    def __init__(self, job: Job, *, spread: bool) -> None:
        super().__init__(job, spread=spread)
        self._types: set[str] = set()

    def add(self, name: str | None, found: Values, *, own: str = VALUE) -> Iterator[Made]:
        """Adds resources, or entries that hold them."""
        by_type: dict[str | None, list[Any]] = defaultdict(list)
        for value in found.values:
            resource = value.get("resource", value) if isinstance(value, dict) else value
            by_type[self._type(resource, name)].append(_kept(resource))
        for kind, values in by_type.items():
            part = Values(values, found.size * len(values) // len(found.values), found.plain)
            yield from super().add(kind, part, own=own)
        if found.bad or found.long or not found.values:
            yield from super().add(name, found._replace(values=[], size=0, repaired=0), own=own)

    def _type(self, resource: object, name: str | None) -> str | None:
        kind = resource.get("resourceType") if isinstance(resource, dict) else None
        if not isinstance(kind, str) or not _TYPE.fullmatch(kind) or (len(self._types) >= _TYPES and kind not in self._types):
            return name
        self._types.add(kind)
        return kind


def _kept(resource: object) -> object:
    """The resource without its prose, its contact points by what they are (``telecom.phone``)."""
    if not isinstance(resource, dict):
        return resource
    kept = {k: v for k, v in resource.items() if k not in _LEFT_OUT}
    points = kept.get("telecom")
    if isinstance(points, list) and all(isinstance(p, dict) and isinstance(p.get("system"), str) for p in points):
        by_system: dict[str, list[Any]] = {}
        for point in points:
            by_system.setdefault(point["system"][:20], []).append(point.get("value"))
        kept["telecom"] = by_system
    return kept
