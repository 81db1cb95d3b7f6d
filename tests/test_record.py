"""run.json holds what belongs to the run; the same evidence still gives the same impact.json."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from triage.options import Options
from triage.record import record


def told(options: Options) -> dict:
    return json.loads(record(datetime.now(UTC), [Path("-"), Path("dump.csv")], Path("out"), options, 3))


def test_a_run_is_recorded():
    run = told(Options(rules=(Path("pack"),), only=frozenset({"nir", "email"})))
    assert run["exit_code"] == 3
    assert run["evidence"] == ["-", str(Path("dump.csv").absolute())]
    assert run["options"]["rules"] == ["pack"]
    assert sorted(run["options"]["only"]) == ["email", "nir"]
    assert run["started"].endswith("Z")
    assert run["seconds"] >= 0
    assert run["isolation"] == [], "nothing is claimed that is not there"


def test_an_option_it_does_not_know_is_an_error_without_its_value():
    with pytest.raises(TypeError, match=r"^complex$"):
        told(Options(jobs=1j))  # type: ignore[arg-type]
