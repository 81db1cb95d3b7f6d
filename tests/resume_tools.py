"""A run that is killed, and the same command once more: shared by the tests and by scripts/kill.py."""

from __future__ import annotations

import gzip
import os
import random
import signal
import subprocess
import sys
import tarfile
import time
import zipfile
from pathlib import Path

from triage import samples

SEGMENT = 1 << 14

# The command, with a commit for everything it is told and a mark after every segment, so that there is much to be killed
# between; killed at the n-th of the steps named, before it or after it.
PROGRAM = """
import os, signal, sys
from triage import cli, files, journal, serve
journal.GROUP = 0.0
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


def killed_at_random(words: list[str], longest: float, rng: random.Random) -> bool:
    """Starts a run and kills it, and it alone, at some moment; whether it came to that."""
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as run:
        time.sleep(rng.uniform(0.3, longest))
        ended = run.poll() is not None
        os.kill(run.pid, signal.SIGKILL)
    return not ended
