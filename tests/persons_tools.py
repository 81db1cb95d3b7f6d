"""Persons who stand on several rows of several files, for tests: their truth is known because they are made up here."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

FIRST = ("MARIE", "JEAN", "PIERRE", "LOUISE", "PAUL", "CLAIRE", "LUC", "ANNE", "MARC", "JULIE", "HUGO", "EMMA", "NINA", "ALAIN", "SOPHIE")
LAST = ("MARTIN", "BERNARD", "THOMAS", "PETIT", "ROBERT", "RICHARD", "DURAND", "DUBOIS", "MOREAU", "LAURENT", "SIMON", "MICHEL", "LEROY")
# Letters no name of the lists has in this place: a misspelt name is never another person's.
WRONG = "XZWK"


@dataclass(frozen=True)
class Person:
    """One person, or what one row says of them."""

    nir: str
    last: str
    first: str
    birth: date
    email: str = ""
    holder: str = ""


def nir_of(sex: int, birth: date, order: int) -> str:
    """A NIR with a right key."""
    body = f"{sex}{birth:%y%m}56{order // 1000 % 200 + 1:03}{order % 1000 + 1:03}"
    return f"{body}{97 - int(body) % 97:02}"


def people(n: int, rng: random.Random) -> list[Person]:
    """Persons of whom no two share a name and a birth date."""
    found, taken = [], set()
    while len(found) < n:
        birth = date(1930, 1, 1) + timedelta(days=rng.randrange(25_000))
        last, first = rng.choice(LAST) + rng.choice(LAST), rng.choice(FIRST)
        if (last, first, birth) not in taken:
            taken.add((last, first, birth))
            found.append(Person(nir_of(rng.choice((1, 2)), birth, len(found)), last, first, birth))
    return found


def misspelt(person: Person, rng: random.Random) -> Person:
    """One letter of a name or one part of the date is wrong."""
    what = rng.randrange(4)
    if what == 0:
        at = rng.randrange(len(person.last))
        return replace(person, last=person.last[:at] + rng.choice(WRONG) + person.last[at + 1 :])
    if what == 1:
        at = rng.randrange(len(person.first))
        return replace(person, first=person.first[:at] + rng.choice(WRONG) + person.first[at + 1 :])
    if what == 2:
        return replace(person, birth=person.birth.replace(year=person.birth.year - 4))
    return replace(person, birth=person.birth.replace(day=person.birth.day % 28 + 1))


def write(folder: Path, rows: list[Person], columns: dict[str, Callable[[Person], str]], files: int = 3) -> None:
    """The rows dealt over so many files, each under its own name so that none is a part of another."""
    for n in range(files):
        path = folder / f"part{n}" / "export.csv"
        path.parent.mkdir(parents=True)
        lines = [";".join(columns), *(";".join(of(row) for of in columns.values()) for row in rows[n::files])]
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")


NIR: dict[str, Callable[[Person], str]] = {"NUM_SECU": lambda p: p.nir}
NAMES: dict[str, Callable[[Person], str]] = {
    "NOM": lambda p: p.last,
    "PRENOM": lambda p: p.first,
    "DATE_NAISSANCE": lambda p: p.birth.strftime("%d/%m/%Y"),
}
EMAIL: dict[str, Callable[[Person], str]] = {"EMAIL": lambda p: p.email}
