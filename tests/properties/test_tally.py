"""Law 7: a tally is a commutative monoid, so any partition of the same records gives the same tally."""

from __future__ import annotations

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from triage.sketches import LINK, PERSON, Distinct, Links, People

hashes = st.lists(st.integers(0, 2**64 - 1), max_size=300)
persons = st.lists(
    st.tuples(st.integers(0, 40), st.integers(0, 2**64 - 1), st.one_of(st.none(), st.integers(-30000, 20000)), st.integers(0, 3)),
    max_size=120,
)


def distinct(values, cap=16):
    sketch = Distinct(cap)
    sketch.add(pl.Series(values, dtype=pl.UInt64))
    return sketch


def people(rows, cap=8):
    sketch = People(cap)
    # Keys spread over the whole range, as hashes are.
    spread = [(k * 0x9E3779B97F4A7C15 % 2**64, *rest) for k, *rest in rows]
    sketch.add(pl.DataFrame(spread, schema=PERSON, orient="row"))
    return sketch


@given(hashes, hashes, hashes)
def test_distinct_merges_in_any_order(a, b, c):
    left, right, whole = distinct(a), distinct(c), distinct(a + b + c)
    left.merge(distinct(b))
    left.merge(distinct(c))
    right.merge(distinct(a))
    right.merge(distinct(b))
    assert left == right == whole


@given(hashes)
def test_distinct_is_exact_up_to_its_cap(values):
    sketch = distinct(values, cap=1000)
    assert sketch.exact
    assert sketch.count == len(set(values))


@given(hashes)
def test_distinct_has_a_zero(values):
    sketch = distinct(values)
    sketch.merge(Distinct(16))
    assert sketch == distinct(values)


def test_distinct_above_its_cap_is_an_estimate_near_the_truth():
    sketch = Distinct(4096)
    sketch.add(pl.Series(range(200_000), dtype=pl.UInt64).hash(3))
    assert not sketch.exact
    assert abs(sketch.count - 200_000) < 200_000 * 0.08


@given(persons, persons)
def test_people_merge_in_any_order(a, b):
    left, right, whole = people(a), people(b), people(a + b)
    left.merge(people(b))
    right.merge(people(a))
    assert left == right == whole


@given(persons)
def test_people_or_their_masks(rows):
    found = people(rows, cap=1000).settle()
    assert found.height == len({k for k, *_ in rows})
    total = 0
    for _, mask, *_ in rows:
        total |= mask
    seen = 0
    for mask in found["mask"]:
        seen |= mask
    assert seen == total


pairs = st.lists(st.tuples(st.integers(0, 40), st.one_of(st.none(), st.integers(0, 2**64 - 1))), max_size=120)


def links(rows, cap=8):
    sketch = Links(cap)
    sketch.add(pl.DataFrame([(k * 0x9E3779B97F4A7C15 % 2**64, lead) for k, lead in rows], schema=LINK, orient="row"))
    return sketch


@given(pairs, pairs)
def test_links_merge_in_any_order(a, b):
    left, right, whole = links(a), links(b), links(a + b)
    left.merge(links(b))
    right.merge(links(a))
    assert left == right == whole


@given(pairs)
def test_links_hold_every_lesser_key_once(rows):
    found = links(rows, cap=1000)
    assert found.distinct().count == len({k for k, _ in rows})
    assert found.settle()["lead"].null_count() == len({k for k, _ in rows} - {k for k, lead in rows if lead is not None})


@given(persons, persons, st.permutations(range(41)))
def test_linked_persons_are_the_groups_that_their_links_make(rows, led, targets):
    """Each of ``led`` leads to one of ``rows``: no person is added, none is lost, and what is known is put together."""
    found, lesser = people(rows, cap=1000), people([(k + 100, *rest) for k, *rest in led], cap=1000)
    whole = people([], cap=1000)
    whole.merge(found)
    whole.merge(lesser)
    spread = [(k + 100, targets[k] * 0x9E3779B97F4A7C15 % 2**64) for k, *_ in led]
    joined = whole.linked([links(spread, cap=1000)])
    keys = {k for k, *_ in rows} | {targets[k] for k, *_ in led}
    assert joined.count == len(keys)
    assert joined.settle()["mask"].bitwise_or() == whole.settle()["mask"].bitwise_or()
