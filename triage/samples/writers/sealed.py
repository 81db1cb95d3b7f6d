"""What holds no table: files that a ransomware encrypted, and its note."""

from __future__ import annotations

from collections.abc import Iterator
from hashlib import shake_256
from typing import Any

from triage.samples.recipe import File, RecipeError, Table
from triage.samples.writers import Part, writer


def _tells(file: File, _table: Table) -> dict[str, Any]:
    raise RecipeError(f"file {file.path}: holds no table")


@writer("sealed", _tells)
def sealed(part: Part) -> Iterator[bytes]:
    """``bytes`` without any order, as encryption leaves them."""
    purpose = f"{part.leak.recipe.id}\0{part.leak.seed}\0{part.file.path}\0{part.part}"
    yield shake_256(purpose.encode()).digest(int(part.file.options["bytes"]))


@writer("note", _tells)
def note(part: Part) -> Iterator[bytes]:
    """The ``text`` as it stands."""
    yield str(part.file.options["text"]).encode()
