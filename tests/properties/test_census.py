"""Law 7 for the census: given one plan, any partition of the rows merges to the same tally."""

from __future__ import annotations

import itertools
from collections import Counter

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage import resources, rules
from triage.census import Setting, take
from triage.census.cells import Folded
from triage.census.keys import named
from triage.census.known import Known, Lore, Sought
from triage.detect.probe import probe
from triage.detect.texts import TextScanner
from triage.limits import Limits
from triage.options import Reading
from triage.readers import Rows
from triage.readers.delimited import cut
from triage.sniff import sniff
from triage.tally import RowCounts

ROWS = 300


@pytest.fixture(scope="module", params=["lab", "clinic"])
def table(request, root):
    """The rows of a sample leak, and the setting under which they are counted."""
    path = root / "samples" / f"{request.param}.csv"
    limits = Limits()
    shape = sniff(path.read_bytes(), Reading(), limits, whole=True)
    with path.open("rb") as stream:
        (segment,) = cut(stream, shape, limits)
        frame = segment.read().frame.drop("_extra", strict=False)
    known = rules.load(resources.rules_dir())
    plan = probe(frame, shape.names, known)
    return frame, Setting(plan, known, TextScanner(resources.rules_dir()), limits)


def counted(frame, setting, lore=None, *, plain=False):
    return take(Rows(frame, RowCounts(read=frame.height), Counter(), plain), setting, lore)


@given(st.lists(st.integers(0, ROWS), max_size=3), st.permutations(range(4)))
@settings(max_examples=6, deadline=None)
def test_any_partition_in_any_order_gives_the_same_tally(table, cuts, order):
    frame, setting = table
    edges = [0, *sorted(cuts), frame.height]
    parts = [frame.slice(a, b - a) for a, b in itertools.pairwise(edges)]
    total = setting.zero()
    for n in order:
        if n < len(parts):
            total.merge(counted(parts[n], setting))
    assert total == counted(frame, setting)


@pytest.mark.parametrize("parts", [2, 7])
def test_what_earlier_parts_told_of_a_value_is_what_this_one_would_tell(table, parts):
    """Every third cell is in need of tidying, so that a value comes as it is known and as it is not."""
    frame, setting = table
    every = pl.all()
    frame = frame.select(pl.when(pl.int_range(pl.len()) % 3 == 0).then(every + pl.lit(" ")).otherwise(every))
    lore, total, size = Lore(), setting.zero(), -(-frame.height // parts)
    for start in range(0, frame.height, size):
        total.merge(counted(frame.slice(start, size), setting, lore))
    assert total == counted(frame, setting)


@given(st.lists(st.lists(st.integers(0, 40_000), max_size=60), min_size=1, max_size=8), st.integers(0, 1))
@settings(max_examples=60, deadline=None)
def test_a_value_that_was_told_of_is_found_again(segments, crowded):
    """``crowded``: hashes that meet in every window but the last, nothing's among them."""
    known, asked = Known(pl.Series([0], dtype=pl.UInt64)), Counter()
    for numbers in segments:
        hashes = pl.Series([n << 44 if crowded else n * 0x9E3779B97F4A7C15 % (1 << 64) for n in numbers], dtype=pl.UInt64)
        sought = Sought(known, hashes, *known.find(hashes))
        asked.update(hashes[sought.fresh].to_list())
        assert not sought.numbers.filter(hashes == 0).sum()
        answers = sought.ask("itself", lambda hashes=hashes, sought=sought: hashes[sought.fresh])
        assert answers[sought.numbers].fill_null(0).to_list() == hashes.to_list()
        known = sought.learnt
    assert set(asked.values()) <= {1}


def test_looking_for_words_for_nothing_changes_nothing_where_there_are_none(table):
    frame, setting = table
    assert counted(frame, setting, plain=True) == counted(frame, setting)


def test_two_hundred_parts_at_random_give_the_tally_of_the_single_pass(root):
    """What law 7 is for: rows scattered over machines at random, given one plan, are counted as one file."""
    path = root / "samples" / "clinic.csv"
    limits = Limits()
    shape = sniff(path.read_bytes(), Reading(), limits, whole=True)
    with path.open("rb") as stream:
        frame = pl.concat([segment.read().frame.drop("_extra", strict=False) for segment in cut(stream, shape, limits)])
    known = rules.load(resources.rules_dir())
    scanner = TextScanner(resources.rules_dir())
    setting = Setting(probe(frame, shape.names, known), known, scanner, limits)
    dealt = frame.with_columns(part=pl.int_range(pl.len()).shuffle(seed=5) % 200)
    total = setting.zero()
    for part in dealt.partition_by("part", include_key=False):
        total.merge(counted(part, setting))
    # A setting of its own, so that nothing the parts have left behind helps the single pass.
    assert total == counted(frame, Setting(setting.plan, known, scanner, limits))


def test_values_are_counted_whatever_stands_around_them(table):
    """Blanks, NUL and the words for nothing are seen by value: a column without any is not trimmed, one with some is."""
    frame, setting = table
    column = frame.columns[0]
    dirty = frame.with_columns(
        pl.when(pl.int_range(pl.len()) % 3 == 0)
        .then(pl.concat_str(pl.lit("\x00 "), pl.col(column), pl.lit(" \t")))
        .otherwise(column)
        .alias(column)
    )
    assert counted(dirty, setting) == counted(frame, setting)
    for word in ("NULL", "\\N", " ", "\x00", " NULL "):
        emptied = frame.with_columns(pl.lit(word).alias(column))
        assert counted(emptied, setting) == counted(frame.with_columns(pl.lit(None, dtype=pl.String).alias(column)), setting)


def test_names_compared_without_their_signs_leave_the_column_as_it_was():
    cells = pl.Series("c0", ["LE GOFF", "MARTIN", "LE-GOFF", "LE GOFF"])
    hashes = cells.hash(7)
    known = Known(pl.Series([None], dtype=pl.String).hash(7))
    for sought in (None, Sought(known, hashes, *known.find(hashes))):
        folded = Folded(cells, hashes, cells.is_not_null(), sought)
        before = folded.hashes.to_list()
        compared = named(folded, 7)
        assert compared[0] == compared[2] != compared[1]
        assert folded.hashes.to_list() == before
