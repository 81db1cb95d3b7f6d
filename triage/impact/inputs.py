"""``inputs`` and ``problems``: the files as received, and what went wrong with them."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from triage import model
from triage.problems import PROBLEMS

if TYPE_CHECKING:
    from triage.impact.case import Case


def inputs(case: Case) -> model.Inputs:
    """Files in the order of the inventory, formats by volume."""
    files, size = Counter[str](), Counter[str]()
    for file in case.files:
        files[file.kind] += 1
        size[file.kind] += file.bytes
    formats = sorted(files, key=lambda kind: (-size[kind], kind))
    return model.Inputs(
        bytes=size.total(),
        files_count=len(case.files),
        formats=tuple(model.FormatCount(format=kind, files=files[kind], bytes=size[kind]) for kind in formats),
        files=case.files,
    )


def problems(case: Case) -> tuple[model.ProblemCount, ...]:
    """Every problem of the run by code, with what the reader can do."""
    total: Counter[str] = Counter()
    for file in case.files:
        for problem in file.problems:
            total[problem.code] += problem.count
    return tuple(model.ProblemCount(code=code, count=n, remedy=PROBLEMS[code].remedy) for code, n in sorted(total.items()))
