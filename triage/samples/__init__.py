"""Synthetic leaks with their truth beside them: what the tests, the demo and the bench scan.

``make("lab", 300, Path("lab.csv"))`` writes ``lab.csv`` and ``lab.csv.truth.json``. Nothing in them comes from a real
person: names, places, dates and numbers are drawn apart from each other, distributed like France.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from triage.samples import recipe as _recipe

RecipeError = _recipe.RecipeError


def recipes() -> dict[str, dict[str, str]]:
    """Titles of the recipes there are, by name and language (``fr``, ``en``)."""
    return {name: _recipe.load(name).title for name in _recipe.names()}


def make(recipe: str, rows: int, output: Path, seed: int = 1) -> dict[str, Any]:
    """Writes a sample of ``rows`` rows (at least 1) to ``output``, a file, or a folder where the leak is several.

    A leak of one file goes into ``output`` if that is a folder. Returns the truth, which is also written beside it, to
    ``<output>.truth.json``. The same recipe, rows and seed give the same bytes. RecipeError when the recipe does not
    exist or is not well formed, or the folder holds something else; ValueError for no row at all.
    """
    if rows < 1:
        raise ValueError("a sample has at least one row")
    from triage.samples import engine  # noqa: PLC0415 - listing recipes must not load polars

    return engine.make(recipe, rows, output, seed)
