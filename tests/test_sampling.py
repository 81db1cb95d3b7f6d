"""A sample says that it is one, and the truth lies within its intervals."""

from __future__ import annotations

import random
import re

import pytest
from persons_tools import NAMES, NIR, people, write

import triage
from triage import report
from triage.limits import Limits
from triage.options import Options

ROWS = 20_000


@pytest.fixture(scope="module")
def leak(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sample") / "leak"
    rng = random.Random(4)
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


def test_nothing_of_a_sample_reads_as_a_count_of_the_whole(leak):
    """Headline, size and content give intervals; the rest says that it is of the sample; no page shows the sample's rows as all."""
    result = sampled(leak, 2000)
    read = str(result.size.rows_total)
    for sentences, estimate, sample in (
        (result.summary.fr, "ESTIMATION", "Dans l\u2019\u00e9chantillon"),
        (result.summary.en, "ESTIMATE", "In the sample"),
    ):
        said = {s.id: s.text for s in sentences}
        assert said["S0.sampled"].startswith(estimate)
        assert said["S1.table"].startswith(estimate)
        assert said["S1.sampled"].startswith(estimate)
        assert said["S2.sampled"].startswith(estimate)
        assert "S1.read" not in said
        assert "S3.every" not in said
        for key, text in said.items():
            if key.startswith(("S2", "S3", "S4", "S5", "S6", "S7", "S8", "S9")):
                assert text.startswith((estimate, sample)), key
    for language in ("fr", "en"):
        for name in ("html", "text", "markdown"):
            page = plain(report.render(result, name, language))
            assert read in page  # as the number of rows read
            assert f'"figure">{read}<' not in page
            assert f" {read} \u00d7" not in page


def plain(page):
    """Digits together, as the result has them."""
    return re.sub(r"(?<=\d)[\u202f\u00a0,](?=\d{3})", "", page)
