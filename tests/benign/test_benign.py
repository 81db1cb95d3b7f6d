"""Zero false alarms of sensitive labels on columns of every day: a law, not a figure."""

from __future__ import annotations

import polars as pl
import pytest
from benign.columns import NAMES, columns
from benign.tables import tables

from triage import resources, rules
from triage.detect.probe import probe

SENSITIVE = {
    "nir",
    "iban",
    "card",
    "blood_group",
    "prescription",
    "drug",
    "diagnosis",
    "password",
    "password_hash",
    "rpps",
    "health_text",
    "posology",
}
COLUMNS = dict(columns())


@pytest.fixture(scope="module")
def known():
    return rules.load(resources.rules_dir())


@pytest.mark.parametrize("rows", [400, 12])
@pytest.mark.parametrize("name", NAMES)
def test_no_sensitive_verdict_alone(known, name, rows):
    frame = pl.DataFrame({f"c{i}": cells[:rows] for i, cells in enumerate(COLUMNS.values())})
    plan = probe(frame, [name] * frame.width, known)
    wrong = {kind: column.label for kind, column in zip(COLUMNS, plan.columns, strict=True) if column.label in SENSITIVE}
    assert not wrong


@pytest.mark.parametrize("kind", sorted(COLUMNS))
def test_no_sensitive_verdict_beside_an_account(known, kind):
    """A mail address beside it makes a password likelier, so here it must not."""
    mails = [f"client{i}@exemple.fr" for i in range(60)]
    frame = pl.DataFrame({"c0": mails, "c1": COLUMNS[kind][:60]})
    found = probe(frame, ["email", "reference"], known).columns[1].label
    assert found not in SENSITIVE


def test_names_of_columns_are_not_read_by_halves(known):
    """ "nirvana", "passage", "carton", "ibanez": pieces of words say nothing."""
    names = ["nirvana", "passage", "carton", "ibanez", "email_verified", "pass_rate", "bypass", "drugstore_id", "rhinite_x"]
    frame = pl.DataFrame({f"c{i}": [str(n % 7) for n in range(50)] for i in range(len(names))})
    assert not {c.name: c.label for c in probe(frame, names, known).columns if c.label in SENSITIVE}


def test_of_two_secrets_side_by_side_the_first_is_the_account(known):
    """Lists of credentials without a header: the account's name is no password."""
    frame = pl.DataFrame(
        {
            "c0": [f"client{i}@exemple.fr" for i in range(60)],
            "c1": [f"Couns{1900 + i}" if i % 2 else f"thArg{i}x" + "z" * (i % 9) for i in range(60)],
            "c2": [f"{'aB3dEfG7'[i % 5 :]}{i}{'Qx9'[: i % 3]}" for i in range(60)],
        }
    )
    assert probe(frame, ["", "", ""], known).columns[1].label not in SENSITIVE


# A column called "maladie" whose cells are illnesses is of diagnoses, be they counted by region.
NAMED = {("epidemiology", "maladie")}
NOBODYS = {"last_name", "first_name", "full_name", "birth_date", "phone", "address", "login", "patient_id", "practitioner"}
# Whoever wrote a book is a person.
AUTHORS = {("library", "auteur")}


@pytest.mark.parametrize("title", [title for title, _ in tables(1)])
def test_tables_of_nobody_say_nothing_of_persons(known, title):
    """With their names and without: no sensitive label, in cells of several values neither, and no persons."""
    columns = dict(tables(200))[title]
    frame = pl.DataFrame({f"c{n}": cells for n, cells in enumerate(columns.values())})
    for names in (list(columns), [""] * frame.width):
        found = zip(columns, probe(frame, names, known).columns, strict=True)
        held = {name: {c.label, *(label for label, _, _ in c.inside)} for name, c in found}
        assert not {n: said & SENSITIVE for n, said in held.items() if said & SENSITIVE and (title, n) not in NAMED}
        assert not {n: said & NOBODYS for n, said in held.items() if said & NOBODYS and (title, n) not in AUTHORS}
