"""Writes the expected results of tests/golden again; the reviewer reads the diff.

A case is a folder with the evidence in ``input/`` and the result in ``expected.json``: impact.json without ``tool``,
whose version and hash change with every release.
"""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec

from triage import driver, hiring
from triage.model import Result

GOLDEN = Path(__file__).resolve().parent.parent / "tests" / "golden"


def cases() -> list[Path]:
    """The folders of the cases."""
    return sorted(p.parent for p in GOLDEN.glob("*/input"))


def actual(case: Path) -> bytes:
    """The result of a case as it is compared."""
    result: Result = driver.scan([case / "input"])
    told = msgspec.to_builtins(result)
    del told["tool"]
    return msgspec.json.format(msgspec.json.encode(told), indent=1) + b"\n"


def main() -> int:
    """Writes every case that changed."""
    hiring.IN_PROCESS = True  # these files are ours
    for case in cases():
        expected = case / "expected.json"
        new = actual(case)
        if not expected.exists() or expected.read_bytes() != new:
            expected.write_bytes(new)
            print(f"written: {expected.relative_to(GOLDEN.parent.parent)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
