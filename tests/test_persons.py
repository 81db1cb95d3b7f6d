"""One person on seven rows, in three files, with and without NIR, with misspelt and married names: still one person."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from persons_tools import EMAIL, NAMES, NIR, misspelt, people, write

import triage

TRUTH, ROWS = 600, 7


def rows_of(persons, rng, *, typo=0.0, married=0.0, nir=1.0):
    """Seven rows a person; with shares of rows misspelt or without NIR, and of persons who marry after the third."""
    rows = []
    for person in persons:
        name = person.last + "EPOUSE" if rng.random() < married else person.last
        for n in range(ROWS):
            row = replace(person, last=person.last if n < 3 else name, nir=person.nir if rng.random() < nir else "")
            rows.append(misspelt(row, rng) if rng.random() < typo else row)
    rng.shuffle(rows)
    return rows


def scanned(tmp_path, rows, columns):
    write(tmp_path / "leak", rows, columns)
    return triage.scan([tmp_path / "leak"]).size


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize(
    ("columns", "errors", "complete"),
    [
        (NIR | NAMES, {"typo": 0.05, "married": 0.1}, True),
        (NIR | NAMES, {"nir": 0.6}, True),
        (NIR | NAMES, {"nir": 0.3, "typo": 0.05, "married": 0.1}, False),
        (NAMES, {}, True),
        (NAMES, {"typo": 0.05, "married": 0.1}, False),
    ],
)
def test_truth_is_inside_the_bracket_and_a_complete_key_gives_it(tmp_path, seed, columns, errors, complete):
    rng = random.Random(seed)
    size = scanned(tmp_path, rows_of(people(TRUTH, rng), rng, **errors), columns)
    assert size.rows_total == TRUTH * ROWS
    assert size.persons.low <= TRUTH <= size.persons.high
    assert size.persons.low <= size.persons.estimate <= size.persons.high
    if complete:
        assert abs(size.persons.estimate - TRUTH) <= 0.005 * TRUTH
    assert size.persons.exact
    assert size.persons.standard_error is None


def test_a_child_under_a_parents_nir_is_a_person(tmp_path):
    rng = random.Random(3)
    parents = [p for p in people(TRUTH, rng) if 1945 < p.birth.year < 1980]
    children = [replace(p, first=p.first + "INE", birth=p.birth.replace(year=p.birth.year + 28, day=3)) for p in parents[::3]]
    size = scanned(tmp_path, [*parents, *children, *parents, *children], NIR | NAMES)
    assert size.unique.nir == len(parents)
    assert size.persons.low == len(parents)
    assert size.persons.estimate == len(parents) + len(children)
    assert size.persons.estimate <= size.persons.high


def test_a_spouse_under_the_insured_ones_nir_is_a_person(tmp_path):
    rng = random.Random(6)
    holders = people(TRUTH, rng)
    spouses = [
        replace(p, first=p.first + "LE", birth=p.birth.replace(year=p.birth.year + 3, month=p.birth.month % 12 + 1, day=5)) for p in holders
    ]
    size = scanned(tmp_path, [*holders, *spouses, *spouses], NIR | NAMES)
    assert size.unique.nir == TRUTH
    assert size.persons.estimate == 2 * TRUTH
    assert size.persons.low <= 2 * TRUTH <= size.persons.high


@pytest.mark.parametrize("change", [lambda d: d.replace(year=d.year + 7), lambda d: d.replace(month=d.month % 12 + 1, day=5)])
def test_one_wrong_part_of_a_birth_date_makes_no_spouse(tmp_path, change):
    rng = random.Random(7)
    holders = [p for p in people(TRUTH, rng) if p.birth.year % 10 < 3 and p.birth.day < 28]
    size = scanned(tmp_path, [*holders, *(replace(p, birth=change(p.birth)) for p in holders)], NIR | NAMES)
    assert size.persons.estimate == size.unique.nir == len(holders)


def test_a_wrong_birth_date_makes_no_child_of_the_holder(tmp_path):
    rng = random.Random(4)
    rows = [replace(p, birth=p.birth.replace(day=p.birth.day % 28 + 1)) for p in people(TRUTH, rng)]
    size = scanned(tmp_path, rows, NIR | NAMES)
    assert size.persons.estimate == size.unique.nir == TRUTH


def test_files_that_share_no_column_but_the_mail_are_joined_by_it(tmp_path):
    rng = random.Random(5)
    persons = [replace(p, email=f"{p.first}.{p.last}{n}@example.org".lower()) for n, p in enumerate(people(TRUTH, rng))]
    write(tmp_path / "leak" / "files", persons, NIR | NAMES | EMAIL, files=1)
    write(tmp_path / "leak" / "letters", persons[: TRUTH // 2], EMAIL | {"OBJET": lambda p: f"lettre {len(p.last)}"}, files=1)
    size = triage.scan([tmp_path / "leak"]).size
    assert size.persons.estimate == TRUTH
    assert size.persons.basis == "nir+email"


def test_patient_numbers_of_two_files_never_meet(tmp_path):
    for name in ("a", "b"):
        lines = ["IPP;SERVICE", *(f"{4_100_000 + n};{name}{n % 9}" for n in range(TRUTH))]
        (tmp_path / name).mkdir()
        (tmp_path / name / f"{name}.csv").write_text("\n".join(lines) + "\n")
    persons = triage.scan([tmp_path / "a", tmp_path / "b"]).size.persons
    assert (persons.estimate, persons.basis) == (2 * TRUTH, "patient_id")


def _base(tmp_path, holders, *, lines="lignes", numbers=None, header="num_client"):
    """Customers by name and number, and two telephone lines of each under the number alone, in two files."""
    numbers = numbers or [f"C{70_000 + n}" for n in range(len(holders))]
    (tmp_path / "leak" / lines).mkdir(parents=True)
    customers = [f"C{70_000 + n};{p.last};{p.first};{p.birth:%d/%m/%Y}" for n, p in enumerate(holders)]
    (tmp_path / "leak" / "clients.csv").write_text("\n".join(["num_client;nom;prenom;date_naissance", *customers]) + "\n", "utf-8")
    told = [f"{number};06{n:04}{i}{n % 89 + 10}" for n, number in enumerate(numbers) for i in (1, 2)]
    (tmp_path / "leak" / lines / "lignes.csv").write_text("\n".join([f"{header};telephone", *told]) + "\n", "utf-8")
    return triage.scan([tmp_path / "leak"]).size.persons


def test_lines_under_a_customers_number_are_the_customers(tmp_path):
    persons = _base(tmp_path, people(TRUTH, random.Random(9)), lines=".")
    assert (persons.estimate, persons.through) == (TRUTH, ("contract_id",))
    assert persons.low <= TRUTH <= persons.high


@pytest.mark.parametrize(
    "other", [{}, {"lines": ".", "header": "num_contrat"}, {"lines": ".", "numbers": [f"C{90_000 + n}" for n in range(TRUTH)]}]
)
def test_numbers_of_another_folder_or_name_or_base_lead_to_nobody(tmp_path, other):
    persons = _base(tmp_path, people(TRUTH, random.Random(9)), **other)
    assert (persons.estimate, persons.through) == (3 * TRUTH, ())


def test_a_name_without_any_key_is_one_person_more_at_most(tmp_path):
    rng = random.Random(8)
    known = {**NAMES, "DATE_NAISSANCE": lambda p: "" if p.birth.year % 3 == 0 else f"{p.birth:%d/%m/%Y}"}
    holders = people(TRUTH, rng)
    persons = scanned(tmp_path, holders, known).persons
    assert persons.estimate == sum(p.birth.year % 3 != 0 for p in holders)
    assert persons.estimate < persons.high <= TRUTH


def test_no_key_no_persons(tmp_path):
    (tmp_path / "x.csv").write_text("couleur;taille\n" + "".join(f"bleu;{n % 50}\n" for n in range(200)))
    persons = triage.scan([tmp_path / "x.csv"]).size.persons
    assert (persons.estimate, persons.low, persons.high, persons.basis) == (None, None, None, "none")
