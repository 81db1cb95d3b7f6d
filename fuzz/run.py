"""``make fuzz SECONDS=N``: every reader and unpacker, for N seconds of CPU in all, then the figures.

Each seed is damaged and stretched first (``damage.py``), then atheris mutates under the eyes of coverage (``target.py``),
three minutes at a time, the target that had the least time next. Seeds, corpus, finds and figures lie in ``out/fuzz`` and
are gone on with the next time. atheris is built for some versions of Python only; without it there is damage alone, which
the last line says. Before all, every rule is timed on a megabyte made against it (``rule_times.py``).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import exercise
import rule_times
import seeds

HERE = Path(__file__).resolve().parent
# OSS-Fuzz calls an input that takes longer, or more, a fault.
SECONDS, MEGABYTES = 25, 2560
_ROUND = 180


def main() -> int:
    """Runs until the time is over; 1 where something was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--out", type=Path, default=HERE.parent / "out" / "fuzz")
    parser.add_argument("--only", action="append", default=[], metavar="TARGET")
    options = parser.parse_args()
    guided = find_spec("atheris") is not None
    targets = [t for t in exercise.targets() if not options.only or t in options.only]
    slow = rule_times.main() if not options.only else 0
    _seed(options.out, targets)
    while _used() < options.seconds and (turn := _next(options.out, targets, guided=guided)):
        target, means = turn
        if means == "damage":
            _damage(options.out, target)
        else:
            _atheris(options.out, target, min(_ROUND, options.seconds))
    found = _summary(options.out)
    if not guided:
        print("atheris is not there for this Python: seeds were damaged, nothing was guided by coverage")
    return 1 if found or slow else 0


def _seed(out: Path, targets: Sequence[str]) -> None:
    """Gives every target the seeds that it takes part in reading."""
    for name, data in seeds.every().items():
        for target in exercise.exercise(data) & set(targets):
            folder = out / "seeds" / target
            folder.mkdir(parents=True, exist_ok=True)
            (folder / name.replace("/", "_").replace(" ", "_")).write_bytes(data)


def _next(out: Path, targets: Sequence[str], *, guided: bool) -> tuple[str, str] | None:
    """The target that had the least time, and by what means; None where nothing is left to do."""
    spent, damaged = defaultdict[str, float](float), set()
    for one in _rounds(out):
        spent[one["target"]] += one["cpu_seconds"]
        damaged |= {one["target"]} if one["means"] == "damage" else set()
    undone = [t for t in targets if t not in damaged]
    if undone:
        return undone[0], "damage"
    return (min(targets, key=lambda t: spent[t]), "atheris") if guided else None


def _damage(out: Path, target: str) -> None:
    (out / "seeds" / target).mkdir(parents=True, exist_ok=True)
    _run(out, target, [str(HERE / "damage.py"), target, str(out), str(SECONDS)])


def _atheris(out: Path, target: str, seconds: int) -> None:
    corpus = out / "corpus" / target
    corpus.mkdir(parents=True, exist_ok=True)
    words = [f"-max_total_time={seconds}", f"-timeout={SECONDS}", f"-rss_limit_mb={MEGABYTES}", f"-max_len={seeds.LARGEST}"]
    words += [f"-artifact_prefix={out / 'ends' / target}-", str(corpus), str(out / "seeds" / target)]
    _run(out, target, [str(HERE / "target.py"), target, str(out), *words])


def _run(out: Path, target: str, words: Sequence[str]) -> None:
    """A process of its own, because a library may end it; what it prints may quote the input and stays in the folder."""
    environment = {**os.environ, "POLARS_MAX_THREADS": "1", "PYTHONPATH": str(HERE.parent)}
    with (out / f"{target}.log").open("wb") as log:
        subprocess.run([sys.executable, *words], stdout=log, stderr=log, env=environment, check=False, cwd=HERE, preexec_fn=_bounds)


def _bounds() -> None:
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (4 << 30, 4 << 30))


def _used() -> float:
    """Seconds of CPU of all processes so far."""
    return sum(sum(resource.getrusage(who)[:2]) for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF))


def _rounds(out: Path) -> list[dict[str, Any]]:
    return [json.loads(path.read_text("utf-8")) for path in sorted((out / "rounds").glob("*.json"))]


def _summary(out: Path) -> int:
    """Adds up all rounds, writes ``summary.json`` and prints the table; gives the number of finds."""
    told: dict[str, dict[str, Any]] = {}
    for one in _rounds(out):
        of = told.setdefault(one["target"], {"damage": 0, "atheris": 0, "reached": 0, "cpu_seconds": 0.0, "slowest_seconds": 0.0})
        of[one["means"]] += one["inputs"]
        of["reached"] += one["reached"]
        of["cpu_seconds"] = round(of["cpu_seconds"] + one["cpu_seconds"], 1)
        of["slowest_seconds"] = max(of["slowest_seconds"], one["slowest_seconds"])
    finds = sorted(p.name for p in (out / "finds").glob("*") if p.suffix != ".txt")
    ends = sorted(p.name for p in (out / "ends").glob("*"))
    total = {key: round(sum(t[key] for t in told.values()), 1) for key in ("damage", "atheris", "reached", "cpu_seconds")}
    (out / "summary.json").write_text(json.dumps({"targets": told, "all": total, "finds": finds, "ends": ends}, indent=1), "utf-8")
    print("| target | damaged seeds | by atheris | of these read by the target | CPU s | slowest input, s |\n|---|---|---|---|---|---|")
    for target, of in [*sorted(told.items()), ("all", {**total, "slowest_seconds": ""})]:
        inputs = f"{of['damage']:,} | {of['atheris']:,} | {of['reached']:,}"
        print(f"| `{target}` | {inputs} | {of['cpu_seconds']:,.0f} | {of['slowest_seconds']} |")
    print(f"{len(finds)} finds, {len(ends)} inputs that ended their process: {out}/finds, {out}/ends")
    return len(finds) + len(ends)


if __name__ == "__main__":
    sys.exit(main())
