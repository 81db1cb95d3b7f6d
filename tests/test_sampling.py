"""A sample says that it is one, and the truth lies within its intervals."""

from __future__ import annotations

import random

import pytest
from persons_tools import NAMES, NIR, people, write

import triage
from triage.limits import Limits
from triage.options import Options

ROWS = 20_000


@pytest.fixture(scope="module")
def leak(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "leak"
    rng = random.Random(4)  # noqa: S311 - reproducible, not secret
    mail = {"EMAIL": lambda p: f"{p.first}@free.fr" if len(p.last) % 3 else ""}
    write(folder, people(ROWS, rng), NIR | NAMES | mail, files=1)
    return folder


def sampled(leak, n):
    return triage.scan([leak], Options(sample=n, limits=Limits().with_values({"segment_bytes": 1 << 16})))


def test_the_truth_is_within_the_intervals(leak):
    whole = triage.scan([leak])
    result = sampled(leak, 2000)
    (table,) = result.tables
    assert table.sampled
    assert 1000 <= table.rows_total <= 2200
    rows = table.rows_estimated
    assert rows.low <= ROWS <= rows.high
    assert rows.high - rows.low < 0.1 * ROWS
    for estimated, exact in zip(result.columns, whole.columns, strict=True):
        assert estimated.label == exact.label
        assert estimated.filled_estimated.low <= exact.filled <= estimated.filled_estimated.high
    assert "sampled" in {x.code for x in result.limits}
    assert sampled(leak, 2000) == result


def test_a_whole_scan_estimates_nothing(leak):
    result = triage.scan([leak])
    assert not result.tables[0].sampled
    assert result.tables[0].rows_estimated is None
    assert "sampled" not in {x.code for x in result.limits}
