"""Synthetic leaks with their truth beside them: what the tests, the demo and the bench scan.

``make("lab", 300, Path("lab.csv"))`` writes ``lab.csv`` and ``lab.csv.truth.json``. Nothing in them comes from a real
person: names, places, dates and numbers are drawn apart from each other, distributed like France.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def recipes() -> dict[str, dict[str, str]]:
    """Recipes by name, with their title in each language."""
    from triage.samples import recipe  # noqa: PLC0415 - the command line lists recipes without polars

    return {name: recipe.load(name).title for name in recipe.names()}


def make(recipe: str, rows: int, output: Path, seed: int = 1) -> dict[str, Any]:
    """Writes a sample of ``rows`` rows to ``output`` (a file, or a folder for ``<recipe>.csv``) and returns its truth.

    The same recipe, rows and seed give the same bytes. RecipeError when the recipe does not exist.
    """
    from triage.samples import kinds, table, texts, write  # noqa: PLC0415
    from triage.samples import recipe as recipes_  # noqa: PLC0415
    from triage.samples.cast import World  # noqa: PLC0415
    from triage.samples.truth import Truth  # noqa: PLC0415

    loaded = recipes_.load(recipe)
    kinds.check(loaded)
    texts.check(loaded)
    world = World(loaded, rows, seed)
    truth = Truth(world)
    path = output / f"{recipe}.csv" if output.is_dir() else output
    with path.open("wb") as stream:
        write.header(stream, loaded.dialect, [c.name for c in loaded.columns])
        for cast, cells in table.blocks(world):
            lines = write.rows(stream, loaded.dialect, cast, cells)
            truth.add(cast, cells, lines, write.longer(loaded.dialect, cast))
    found = truth.result(path)
    path.with_name(f"{path.name}.truth.json").write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return found
