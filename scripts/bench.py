"""Times a full scan against the yardstick, as whole processes, on lab leaks made for it in bench/.

The yardstick is the least any tool built on polars must do: parse every cell of the file and add up their lengths.
Each file is read once before, so that both find it in memory. Prints a table and exits 1 below the bars.

usage: bench.py [--rows N] [--times N] [--runs N]
    --rows   rows of one lab leak (491840)
    --times  how often the UTF-8 file repeats them (6: more than 1 GB)
    --runs   runs of each command; the median counts (1)
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "bench"
YARDSTICK = (
    "import sys, polars as pl; pl.scan_csv(sys.argv[1], separator=';', infer_schema=False, encoding=sys.argv[2])"
    ".select(pl.all().str.len_bytes().sum()).collect(engine='streaming')"
)
LEAST_SPEED = 0.15  # of the yardstick
MOST_MEMORY = 1 << 30  # bytes resident
MEGABYTE = 1e6


class Run(NamedTuple):
    """One process: seconds on the wall clock, largest resident size in bytes, exit code."""

    seconds: float
    memory: int
    code: int


def timed(command: list[str]) -> Run:
    """Runs a command to its end."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(time.perf_counter() - start, usage.ru_maxrss * 1024, process.returncode)


def median(command: list[str], runs: int) -> Run:
    """The median time and the largest memory of some runs; a command that fails ends the bench."""
    done = [timed(command) for _ in range(runs)]
    if any(run.code for run in done):
        sys.exit(f"exit code {max(run.code for run in done)}: {' '.join(command[:3])} …")
    return Run(statistics.median(run.seconds for run in done), max(run.memory for run in done), 0)


def made(rows: int, times: int) -> list[tuple[Path, str]]:
    """The files to scan, with polars' name of their encoding; made if they are not there yet."""
    FOLDER.mkdir(exist_ok=True)
    single = FOLDER / f"lab-{rows}.csv"
    repeated = FOLDER / f"lab-{rows}-x{times}-utf8.csv"
    if not single.exists():
        run = timed([sys.executable, "-m", "triage", "samples", "make", "lab", "--rows", str(rows), "-o", str(single)])
        print(f"made {single.name}: {single.stat().st_size / MEGABYTE:.0f} MB in {run.seconds:.1f} s")
    if not repeated.exists():
        header, _, body = single.read_bytes().decode("cp1252").encode().partition(b"\n")
        with repeated.open("wb") as stream:
            stream.write(header + b"\n")
            for _ in range(times):
                stream.write(body)
    return [(repeated, "utf8"), (single, "utf8-lossy")]


def measured(path: Path, encoding: str, runs: int) -> bool:
    """Times one file and prints its line; true if it holds the bars."""
    subprocess.run(["cat", str(path)], stdout=subprocess.DEVNULL, check=True)
    yardstick = median([sys.executable, "-c", YARDSTICK, str(path), encoding], runs)
    scan = median([sys.executable, "-m", "triage", "scan", str(path), "-q", "-f", "json"], runs)
    size = path.stat().st_size / MEGABYTE
    speed = yardstick.seconds / scan.seconds
    cells = (
        path.name,
        f"{size:.0f}",
        f"{size / yardstick.seconds:.0f}",
        f"{size / scan.seconds:.0f}",
        f"{speed:.2f}",
        f"{scan.memory / MEGABYTE:.0f}",
    )
    print("{:<28} {:>8} {:>16} {:>10} {:>6} {:>8}".format(*cells), flush=True)
    return speed >= LEAST_SPEED and scan.memory <= MOST_MEMORY


def main() -> int:
    """Makes the files, times both commands on each, and judges."""
    parser = argparse.ArgumentParser(description="Times a full scan against the yardstick.")
    parser.add_argument("--rows", type=int, default=491_840)
    parser.add_argument("--times", type=int, default=6)
    parser.add_argument("--runs", type=int, default=1)
    given = parser.parse_args()
    files = made(given.rows, given.times)
    print("{:<28} {:>8} {:>16} {:>10} {:>6} {:>8}".format("file", "MB", "yardstick MB/s", "scan MB/s", "ratio", "RSS MB"), flush=True)
    held = [measured(path, encoding, given.runs) for path, encoding in files]
    return 0 if all(held) else 1


if __name__ == "__main__":
    sys.exit(main())
