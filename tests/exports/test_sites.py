"""Places and establishments without a name over them, and numbers that only look like theirs."""

from __future__ import annotations

import random

import polars as pl
import pytest
from benign.columns import luhn
from exports.values import M, person, towns

from triage import resources, rules
from triage.detect.probe import probe

ROWS = 60


@pytest.fixture(scope="module")
def known():
    return rules.load(resources.rules_dir())


def labels(known, *columns, names=None):
    frame = pl.DataFrame({f"c{n}": pl.Series(cells, dtype=pl.String) for n, cells in enumerate(columns)})
    return [c.label for c in probe(frame, names or [""] * len(columns), known).columns]


@pytest.fixture
def draw():
    return random.Random(3)


def degrees(draw, low, high):
    return [f"{draw.uniform(low, high):.6f}" for _ in range(ROWS)]


def test_two_columns_of_degrees_are_a_place(known, draw):
    assert labels(known, degrees(draw, 42, 51), degrees(draw, -4.5, 8)) == ["lat_long", "lat_long"]
    there = [draw.choice(towns())[0] for _ in range(ROWS)]
    assert labels(known, there, degrees(draw, 14, 18), degrees(draw, -61.5, -61))[1:] == ["lat_long", "lat_long"]


def test_measures_side_by_side_are_no_place(known, draw):
    there = [draw.choice(towns())[0] for _ in range(ROWS)]
    assert labels(known, there, degrees(draw, 0, 1), degrees(draw, 0, 1))[1:] == ["number", "number"]
    assert labels(known, degrees(draw, 900, 1040), degrees(draw, -5, 8)) == ["number", "number"]


@pytest.fixture
def facilities(draw):
    found = [draw.choice([t for t in towns() if t[1][:2] in {"35", "29", "56", "22"}]) for _ in range(ROWS)]
    return [t[1] for t in found], [luhn(t[1][:2] + f"{draw.randint(0, 999_999):06d}") for t in found], found


def test_a_finess_number_begins_with_its_department(known, facilities):
    codes, numbers, found = facilities
    assert labels(known, numbers, [t[0] for t in found], codes)[0] == "finess"


def test_two_finess_numbers_bear_each_other_out(known, draw, facilities):
    _, numbers, _ = facilities
    bodies = [luhn(n[:2] + f"{draw.randint(0, 999_999):06d}") for n in numbers]
    assert labels(known, numbers, bodies) == ["finess", "finess"]


def test_numbers_of_the_state_are_no_finess_numbers(known, draw):
    state = [[luhn(f"17{draw.randint(0, 999_999):06d}") for _ in range(ROWS)] for _ in range(2)]
    assert "finess" not in labels(known, *state)


def test_a_siren_begins_with_any_figures(known, draw, facilities):
    codes, _, found = facilities
    sirens = [luhn(f"{draw.randint(30_000_000, 89_999_999)}") for _ in range(ROWS)]
    assert labels(known, sirens, [t[0] for t in found], codes)[0] != "finess"


def test_codes_of_other_countries_between_street_and_town(known, draw):
    people = [person(draw, n) for n in range(ROWS)]
    streets = [M["adresse"](draw, p) for p in people]
    abroad = [draw.choice(["Brussels", "Antwerp", "Namur", "Charleroi", "Ghent", "Liège"]) for _ in people]
    assert labels(known, streets, [f"{draw.randint(1000, 9999)}" for _ in people], abroad)[1] == "postal_code"
    dutch = [f"{draw.randint(1000, 9999)} {draw.choice('ABCDE')}{draw.choice('KLMNP')}" for _ in people]
    assert labels(known, streets, dutch, abroad)[1] == "postal_code"


def test_numbers_given_one_after_the_other_are_no_codes_of_towns(known):
    for numbers in (range(300), [n // 3 for n in range(300)]):
        assert labels(known, [str(10_001 + n) for n in numbers])[0] not in {"insee_code", "postal_code"}


def test_signs_beside_letters_are_blood_only_of_people(known, draw):
    letters, signs = [draw.choice(["A", "B", "O", "AB"]) for _ in range(20)], [draw.choice("+-") for _ in range(20)]
    assert "blood_group" not in labels(known, letters, signs)
    names = [person(draw, n)["last"] for n in range(20)], [person(draw, n)["first"] for n in range(20)]
    births = [f"{draw.randint(1, 28):02d}/05/{draw.randint(1935, 2004)}" for _ in range(20)]
    with_names = labels(known, *names, births, letters, signs, names=["nom", "prenom", "ne_le", "", ""])
    assert with_names[3:] == ["blood_group", "blood_group"]
