"""Recipe to leak: the one module of this package that knows all the others."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from triage.samples import kinds, recipe, texts, writers
from triage.samples.ledger import Ledger
from triage.samples.pack import Folder
from triage.samples.recipe import File, Recipe, RecipeError
from triage.samples.table import Source
from triage.samples.world import Leak
from triage.samples.writers import Part


def make(name: str, rows: int, output: Path, seed: int) -> dict[str, Any]:
    """Writes the leak and its truth, block by block; returns the truth."""
    loaded = recipe.load(name)
    for check in (kinds.check, texts.check, writers.check):
        check(loaded)
    leak = Leak(loaded, rows, seed)
    root = _root(loaded, output)
    folder = Folder(root, loaded.today, single=loaded.single)
    ledger = Ledger(leak)
    sources = {table: Source(world, ledger.add) for table, world in leak.worlds.items() if not world.table.inside}
    for entry, part in _parts(leak, sources):
        with folder.open(entry) as stream:
            for chunk in writers.writers()[part.file.writer].write(part):
                stream.write(chunk)
        ledger.wrote(entry, part)
    folder.close()
    found = ledger.result(folder)
    _truth(root).write_text(f"{json.dumps(found, ensure_ascii=False, indent=1)}\n", encoding="utf-8")
    return found


def _parts(leak: Leak, sources: dict[str, Source]) -> Iterator[tuple[str, Part]]:
    """Every file in the order of the recipe, with the entry it is."""
    for file in leak.recipe.files:
        parts = _count(leak, file)
        for number in range(1, parts + 1):
            yield file.path.replace("{n}", str(number)), Part(leak, file, number, parts, sources)


def _count(leak: Leak, file: File) -> int:
    if not file.page:
        return file.parts
    rows = max(leak.worlds[name].rows for name in file.tables)
    return -(-rows // file.page)


def _truth(root: Path) -> Path:
    return root.with_name(f"{root.name}.truth.json")


def _root(loaded: Recipe, output: Path) -> Path:
    """The file or the folder of the leak. A folder made before by a recipe is emptied; one of somebody else is refused."""
    if loaded.single:
        return output / loaded.files[0].path if output.is_dir() else output
    if output.is_dir() and any(output.iterdir()):
        if not _truth(output).is_file():
            raise RecipeError("the folder is not empty, and no recipe made it")
        ours = {file["path"] for file in json.loads(_truth(output).read_text("utf-8"))["files"]}
        if {path.relative_to(output).as_posix() for path in output.rglob("*") if not path.is_dir()} - ours:
            raise RecipeError("the folder holds files that no recipe made")
        shutil.rmtree(output)
    output.mkdir(exist_ok=True)
    return output
