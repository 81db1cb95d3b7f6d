"""Reports: one renderer a file, ``to_<name>.py``, found by walking this package.

A renderer states ``FILE`` (its file in an output folder) and ``render(result, style)``. A new report is a new file
here; nothing else is edited.
"""

from __future__ import annotations

import pkgutil
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

import msgspec

from triage import files
from triage.model import Result

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from triage.text import Language

_PREFIX = "to_"
_SCHEMA = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "impact.json"}
# What `-o DIR` writes when no format is named: all that may share DIR by contract.
WRITTEN = ("json", "markdown", "html", "columns", "inventory")


@dataclass(frozen=True)
class Style:
    """How a report is wanted: its language, colours only for a terminal (``tty``), CSV as French Excel reads it."""

    language: Language
    tty: bool = False
    excel: bool = False


class Renderer(Protocol):
    """What a ``to_<name>.py`` states."""

    FILE: str

    def render(self, result: Result, style: Style) -> str:
        """The whole report."""
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


def about(name: str) -> str:
    """What a report is, in one line: the first of its module's documentation, after the file's name."""
    return (_renderer(name).__doc__ or "").strip().splitlines()[0].partition(": ")[2]


def render(result: Result, name: str, language: Language, *, tty: bool = False, excel: bool = False) -> str:
    """A result as one report.

    Raises:
        KeyError: there is no such report.
    """
    return _renderer(name).render(result, Style(language, tty, excel))


def write(result: Result, directory: Path, formats: Sequence[str] = (), *, excel: bool = False) -> None:
    """Writes the reports into ``directory``: those named and impact.json, or all that share DIR by contract."""
    files.make_directory(directory)
    for name in dict.fromkeys(["json", *(formats or (n for n in WRITTEN if n in names()))]):
        files.write(directory / file_name(name), render(result, name, result.language, excel=excel).encode())


def schema() -> str:
    """The JSON Schema (2020-12) of impact.json, made from the types of ``triage.model``."""
    return msgspec.json.format(msgspec.json.encode(_SCHEMA | msgspec.json.schema(Result)), indent=2).decode() + "\n"


def _renderer(name: str) -> Renderer:
    if name not in names():
        raise KeyError(name)
    return cast("Renderer", import_module(f"{__name__}.{_PREFIX}{name}"))
