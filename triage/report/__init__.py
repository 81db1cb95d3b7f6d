"""Reports: one renderer a file, ``to_<name>.py``, found by walking this package.

A renderer states ``FILE`` (its file in an output folder) and ``render(result, language, tty=...)``. A new report is
a new file here; nothing else is edited.
"""

from __future__ import annotations

import pkgutil
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

import msgspec

from triage.model import Result

if TYPE_CHECKING:
    from triage.text import Language

_PREFIX = "to_"
_SCHEMA = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "impact.json"}


class Renderer(Protocol):
    """What a ``to_<name>.py`` states."""

    FILE: str

    def render(self, result: Result, language: Language, *, tty: bool = False) -> str:
        """The whole report; colours only for a terminal (``tty``)."""
        ...


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    """The names of all reports, sorted."""
    return tuple(sorted(m.name.removeprefix(_PREFIX) for m in pkgutil.iter_modules(__path__) if m.name.startswith(_PREFIX)))


def file_name(name: str) -> str:
    """The file that a report is written to: ``impact.json`` for ``json``.

    Raises:
        KeyError: there is no such report.
    """
    return _renderer(name).FILE


def render(result: Result, name: str, language: Language, *, tty: bool = False) -> str:
    """A result as one report.

    Raises:
        KeyError: there is no such report.
    """
    return _renderer(name).render(result, language, tty=tty)


def schema() -> str:
    """The JSON Schema (2020-12) of impact.json, made from the types of ``triage.model``."""
    return msgspec.json.format(msgspec.json.encode(_SCHEMA | msgspec.json.schema(Result)), indent=2).decode() + "\n"


def _renderer(name: str) -> Renderer:
    if name not in names():
        raise KeyError(name)
    return cast("Renderer", import_module(f"{__name__}.{_PREFIX}{name}"))
