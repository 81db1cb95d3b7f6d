"""What fuzzing keeps: figures, and an input for each place that an error came from."""

from __future__ import annotations

import hashlib
import json
import time
import traceback
from pathlib import Path


class Keeper:
    """Figures and finds, written down once a second: libFuzzer leaves without a word."""

    def __init__(self, target: str, folder: Path, means: str) -> None:
        self.inputs = self.reached = 0
        self._slowest = 0.0
        self._finds: dict[str, int] = {}
        self._written = 0.0
        self._target, self._folder, self._means = target, folder, means
        self._file = folder / "rounds" / f"{target}.{time.time_ns()}.json"
        self._last = folder / "ends" / f"{target}-{means}-last"
        for file in (self._file, self._last):
            file.parent.mkdir(parents=True, exist_ok=True)

    def begins(self, data: bytes) -> None:
        """Leaves the input where it is found, should it be the last of this process."""
        self._last.write_bytes(data)

    def ends(self) -> None:
        """All inputs were survived."""
        self._last.unlink(missing_ok=True)
        self._write()

    def counted(self, data: bytes, seconds: float) -> None:
        """One input was survived in so many seconds of CPU."""
        self.inputs += 1
        if seconds > self._slowest:
            self._slowest = seconds
            if seconds > 1:
                (self._folder / f"slow-{self._target}").write_bytes(data)
        if time.monotonic() - self._written > 1:
            self._write()

    def _write(self) -> None:
        self._written = time.monotonic()
        told = {
            "target": self._target,
            "means": self._means,
            "inputs": self.inputs,
            "reached": self.reached,
            "cpu_seconds": round(time.process_time(), 1),
            "slowest_seconds": round(self._slowest, 3),
        }
        self._file.write_text(json.dumps(told), "utf-8")

    def find(self, data: bytes, error: BaseException) -> None:
        """Keeps an input with the places it went through, and no text of the error."""
        frames = [f"{Path(f.filename).name}:{f.lineno} {f.name}" for f in traceback.extract_tb(error.__traceback__)]
        own = [f for f in traceback.extract_tb(error.__traceback__) if "triage" in f.filename]
        text = str(error) if type(error).__name__ == "BrokenPromiseError" else ""  # the others may quote the input
        key = hashlib.sha256(f"{type(error).__name__} {text} {own[-1].filename}:{own[-1].lineno}".encode()).hexdigest()[:12]
        if len(data) < self._finds.get(key, 1 << 62):
            self._finds[key] = len(data)
            kept = self._folder / "finds" / f"{self._target}-{key}"
            kept.parent.mkdir(parents=True, exist_ok=True)
            if not kept.exists() or kept.stat().st_size > len(data):
                kept.write_bytes(data)
                kept.with_name(f"{kept.name}.txt").write_text("\n".join([f"{type(error).__name__} {text}", *frames]) + "\n", "utf-8")
