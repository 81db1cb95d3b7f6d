"""Kills scans at random moments, goes on with each, and compares what is written with what an undisturbed scan writes.

usage: kill.py [N] [SEED]     N kills, 50 if not told; the exit code is 1 if any bytes differ
"""

from __future__ import annotations

import gzip
import random
import signal
import subprocess
import sys
import tarfile
import tempfile
import time
import zipfile
from collections import Counter
from pathlib import Path

from triage import samples

INCOMPLETE = 3  # one of the files is cut
SEGMENT = 1 << 14

# The command, with a commit for everything it is told and a mark after every segment, so that there is much to be killed
# between; killed at the n-th of the steps named, before it or after it.
PROGRAM = """
import os, signal, sys
from triage import cli, files, journal, serve
journal.GROUP, journal.RATE = 0.0, 1e18
journal.MARKS = 0.0
step, number, when = sys.argv.pop(1).split(":")
left = int(number)

def dying(real):
    def run(*args, **words):
        global left
        left -= 1
        if left == 0 and when == "before":
            os.kill(os.getpid(), signal.SIGKILL)
        found = real(*args, **words)
        if left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return found
    return run

if step == "commit":
    journal.Journal._commit = dying(journal.Journal._commit)
elif step == "write":
    files._write_synced = dying(files._write_synced)
cli.main()
"""


def evidence(folder: Path, rows: int = 300) -> Path:
    """Tables in many segments, parts of one table, an archive, a damaged one, a file that is read a second time."""
    folder.mkdir(parents=True)
    samples.make("lab", rows, folder / "lab.csv")
    samples.make("clinic", rows // 3, folder / "clinic.csv")
    for truth in folder.glob("*.truth.json"):
        truth.unlink()
    for n in range(8):
        rows_of = "".join(f"{n}{i};u{n}{i}@example.org;{n % 3}\n" for i in range(40))
        (folder / f"part_{n}.csv").write_text("code;email;n\n" + rows_of, "utf-8")
    # Its last column is empty for long: the plan made of the first rows does not hold.
    late = "".join(f"{i};{'' if i < rows else f'06{i:08d}'}\n" for i in range(3 * rows))
    (folder / "late.csv").write_text("code;x\n" + late, "utf-8")
    with tarfile.open(folder / "all.tar.gz", "w:gz") as archive:
        for name in ("clinic.csv", "part_0.csv", "late.csv"):
            archive.add(folder / name, f"old/{name}")
    with zipfile.ZipFile(folder / "two.zip", "w") as archive:
        archive.writestr("a.csv", (folder / "part_1.csv").read_text("utf-8").replace("u1", "z1"))
    (folder / "cut.csv.gz").write_bytes(gzip.compress((folder / "late.csv").read_bytes())[:-900])
    return folder


def command(paths: list[Path], out: Path, key: Path, *words: str, dies: str = "never:0:after") -> list[str]:
    """The words of the command that is killed as told."""
    limits = ("--limit", f"segment_bytes={SEGMENT}")
    return [sys.executable, "-c", PROGRAM, dies, "scan", *map(str, paths), "-o", str(out), "--key-file", str(key), *limits, *words]


def written(out: Path) -> dict[str, bytes]:
    """All that a run leaves, but the record of the run itself, and the process that held the lock."""
    left = {str(p.relative_to(out)): p.read_bytes() for p in sorted(out.rglob("*")) if p.is_file()}
    return {name: data for name, data in left.items() if name not in {"run.json", ".case/lock"}}


def killed_at_random(words: list[str], longest: float, rng: random.Random, by: int = signal.SIGKILL) -> bool:
    """Starts a run and ends it, and it alone, at some moment; whether it came to that. Nothing that it started stays."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        time.sleep(rng.uniform(0.3, longest))
        workers = children(run.pid)
        ended = run.poll() is not None
        run.send_signal(by)
    last = time.monotonic() + 20
    while any(alive(pid) for pid in workers):
        if time.monotonic() > last:
            raise RuntimeError("an orphan stays")
        time.sleep(0.05)
    return not ended


def children(pid: int) -> list[int]:
    """The processes that a process has started."""
    told = Path(f"/proc/{pid}/task/{pid}/children")
    return (
        [int(child) for task in told.parent.parent.iterdir() for child in (task / "children").read_text().split()] if told.exists() else []
    )


def alive(pid: int) -> bool:
    """Whether a process still runs; one that waits to be buried does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def main(kills: int = 50, seed: int = 1) -> int:
    """Runs all, tells each that went wrong, and sums up."""
    rng = random.Random(seed)
    seen: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as work:
        folder, key, whole = evidence(Path(work) / "evidence"), Path(work) / "key", Path(work) / "whole"
        began = time.monotonic()
        subprocess.run(command([folder], whole, key), check=False)
        longest = time.monotonic() - began
        expected = written(whole)
        for number in range(kills):
            out = Path(work) / f"out{number}"
            words = command([folder], out, key)
            killed = killed_at_random(words, longest, rng)
            done = subprocess.run(words, capture_output=True, text=True, check=False)
            same = done.returncode == INCOMPLETE and written(out) == expected
            seen["killed" if killed else "ended before"] += 1
            seen["went on" if "Going on" in done.stderr else "began anew"] += 1
            seen["same bytes" if same else "OTHER BYTES"] += 1
            if not same:
                print(f"kill {number}: exit code {done.returncode}, {done.stderr[-300:]}")
    print(", ".join(f"{what}: {n}" for what, n in seen.items()), f"({kills} kills, seed {seed})")
    return int(bool(seen["OTHER BYTES"]))


if __name__ == "__main__":
    sys.exit(main(*map(int, sys.argv[1:])))
