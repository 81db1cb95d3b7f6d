"""Recipe to leak: the one module of this package that knows all the others."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from triage.samples import kinds, recipe, table, texts, write
from triage.samples.cast import World
from triage.samples.truth import Truth


def make(name: str, rows: int, output: Path, seed: int) -> dict[str, Any]:
    """Writes the leak and its truth, block by block; returns the truth."""
    loaded = recipe.load(name)
    kinds.check(loaded)
    texts.check(loaded)
    world = World(loaded, rows, seed)
    truth = Truth(world)
    path = output / f"{name}.csv" if output.is_dir() else output
    with path.open("wb") as stream:
        write.header(stream, loaded.dialect, [c.name for c in loaded.columns])
        for cast, cells in table.blocks(world):
            lines = write.rows(stream, loaded.dialect, cast, cells)
            truth.add(cast, cells, lines, write.longer(loaded.dialect, cast))
    found = truth.result(path)
    text = json.dumps(found, ensure_ascii=False, indent=1)
    path.with_name(f"{path.name}.truth.json").write_text(f"{text}\n", encoding="utf-8")
    return found
