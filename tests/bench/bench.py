"""Whole processes, one run, one machine: the yardstick and the full scan, as figures and as a ratio.

The yardstick is polars reading the same bytes and touching every cell (DESIGN of the project: the parser's own speed);
a ratio of 0.5 means that the scan takes twice as long as the parser. `python tests/bench/bench.py --rows 491840`.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import triage.samples

YARDSTICK = (
    "import polars as pl; pl.scan_csv({path!r}, separator=';', infer_schema=False)"
    ".select(pl.all().str.len_bytes().sum()).collect(engine='streaming')"
)


def measure(command: list[str], runs: int) -> tuple[float, int]:
    """Median seconds of whole processes, and the largest resident set seen, in KiB."""
    seconds, resident = [], 0
    for _ in range(runs):
        start = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds.append(time.perf_counter() - start)
        resident = max(resident, usage.ru_maxrss)
        if status:
            sys.exit(f"{command[:4]} ended with status {status}")
    return statistics.median(seconds), resident


def files(folder: Path, rows: int, copies: int) -> dict[str, Path]:
    """The lab leak as it is written (cp1252), and in UTF-8 several times over."""
    made = folder / "lab.csv"
    triage.samples.make("lab", rows, made)
    header, body = made.read_bytes().decode("cp1252").encode().split(b"\r\n", 1)
    large = folder / "lab-utf8.csv"
    with large.open("wb") as out:
        out.write(header + b"\r\n")
        for _ in range(copies):
            out.write(body)
    return {"lab cp1252": made, f"lab utf-8 x{copies}": large}


def main() -> None:
    """Writes the table to standard output."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--rows", type=int, default=491_840)
    parser.add_argument("--copies", type=int, default=6)
    parser.add_argument("--runs", type=int, default=3)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        made = files(Path(folder), asked.rows, asked.copies)
        yard_path = made[f"lab utf-8 x{asked.copies}"]
        yard, _ = measure([sys.executable, "-c", YARDSTICK.format(path=str(yard_path))], asked.runs)
        speed = yard_path.stat().st_size / yard / 1e6
        print("| what | MB | s | MB/s | of the yardstick | RSS MB |\n|---|---|---|---|---|---|")
        print(f"| yardstick | {yard_path.stat().st_size / 1e6:.0f} | {yard:.1f} | {speed:.0f} | 1 | |")
        for name, path in made.items():
            taken, resident = measure([sys.executable, "-m", "triage", "scan", str(path), "-q"], asked.runs)
            size = path.stat().st_size / 1e6
            print(f"| scan, {name} | {size:.0f} | {taken:.1f} | {size / taken:.0f} | {size / taken / speed:.2f} | {resident / 1024:.0f} |")


if __name__ == "__main__":
    main()
