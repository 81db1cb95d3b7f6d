"""The figures that make a summary: places with their denominators, minors, units, claims, coherence, glued sources."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from datetime import date

import polars as pl
import pytest
from persons_tools import NAMES, NIR, people, write

import triage
from triage.census import words
from triage.options import Context, Options


@pytest.fixture(scope="module")
def persons():
    return people(600, random.Random(21))


def scan(path, **context):
    return triage.scan([path], Options(context=Context(**context)))


def table(path, header, rows):
    path.write_text("\n".join([";".join(header), *(";".join(row) for row in rows)]) + "\n", encoding="utf-8")
    return path


def rows_of(persons, *more):
    """NIR, names and birth date of each person, with what ``more`` say of the n-th."""
    base = NIR | NAMES
    return [[*(of(p) for of in base.values()), *(of(n) for of in more)] for n, p in enumerate(persons)]


HEADER = [*NIR, *NAMES]


def test_rows_distinct_rows_and_persons_are_three_numbers(tmp_path, persons):
    rows = [*persons, *persons[:200], *(replace(p, first=p.first + "S") for p in persons[:100])]
    write(tmp_path / "leak", rows, NIR | NAMES, files=1)
    size = scan(tmp_path / "leak").size
    assert (size.rows_total, size.rows_unique, size.persons.estimate) == (900, 700, 600)
    assert size.persons.basis.startswith("nir")


def test_places_have_a_basis_a_denominator_and_residents_beside_them(tmp_path, persons):
    towns = [("56100", "LORIENT")] * 6 + [("20200", "BASTIA"), ("97400", "SAINT DENIS"), ("97133", "SAINT BARTHELEMY"), ("", "")]
    rows = rows_of(persons, lambda n: towns[n % 10][0], lambda n: towns[n % 10][1])
    result = scan(table(tmp_path / "a.csv", [*HEADER, "CODE_POSTAL", "VILLE"], rows))
    found = next(g for g in result.geography if g.basis == "patient")
    assert (found.denominator, found.coverage) == (540, 0.9)
    shares = {p.code: p.share for p in found.departments}
    assert shares == {"56": 360 / 540, "2B": 60 / 540, "974": 60 / 540, "977": 60 / 540}
    morbihan = found.departments[0]
    france = sum(p.residents for p in found.zones) and morbihan.share / morbihan.ratio
    assert morbihan.residents / france == pytest.approx(69e6, rel=0.02)
    assert morbihan.one_in == pytest.approx(morbihan.residents / 400, abs=1)
    assert {z.name: z.n for z in found.zones} == {"Nord-Ouest": 360, "Outre-mer": 120, "Sud-Est": 60}
    assert {(c.name, c.department) for c in found.communes} >= {("Lorient", "56"), ("Bastia", "2B")}
    assert "Saint-Denis" in {c.name for c in found.communes if c.department == "974"}


def test_the_nir_tells_where_people_were_born(tmp_path, persons):
    result = scan(table(tmp_path / "a.csv", HEADER, rows_of(persons)))
    born = next(g for g in result.geography if g.basis == "birthplace")
    assert born.denominator == 600
    assert [(p.code, p.n) for p in born.departments] == [("56", 600)]


def test_minors_with_health_content_are_told_apart(tmp_path, persons):
    young = [replace(p, birth=p.birth.replace(year=2008)) if n < 40 else p for n, p in enumerate(persons)]
    text = ["cancer du sein, chimiothérapie en cours", "appeler le matin"]
    rows = [[*(of(p) for of in NAMES.values()), text[n % 2]] for n, p in enumerate(young)]
    path = table(tmp_path / "a.csv", [*NAMES, "COMMENTAIRE"], rows)
    found = {c.id: c for c in scan(path, date=date(2020, 1, 1)).combinations}
    assert (found["minor_health"].rows, found["minor_health"].persons) == (20, 20)
    assert (found["identity_health"].rows, found["identity_health"].persons) == (300, 300)
    assert "minor_health" not in {c.id for c in scan(path, date=date(2030, 1, 1)).combinations}


def test_claims_stand_beside_the_figure_of_their_own_unit(tmp_path, persons):
    path = table(tmp_path / "a.csv", HEADER, rows_of([*persons, *persons]))
    claims = ((1200, "rows", "Seller", "seller"), (600, "patients", "Lab", "organisation"), (900, "contracts", "Paper", "press"))
    found = scan(path, claims=claims).claims
    told = [(c.measured, c.measured_unit, c.ratio) for c in found]
    assert told == [
        (1200, "rows", 1.0),
        (600, "persons", 1.0),
        (None, "contracts", None),
    ]
    assert not any(c.at_scale for c in found)


def test_a_published_sample_is_told_at_the_scale_of_the_claim(tmp_path, persons):
    path = table(tmp_path / "a.csv", [*HEADER, "EMAIL"], rows_of(persons, lambda n: f"p{n}@free.fr" if n % 10 == 0 else ""))
    (claim,) = scan(path, claims=((758_912, "rows", "Seller", "seller"),)).claims
    mail = next(s for s in claim.at_scale if s.label == "email")
    assert mail.low < mail.estimate < mail.high
    assert mail.estimate == pytest.approx(75_891, rel=0.001)


def test_sound_data_are_consistent_and_shuffled_ones_are_not(tmp_path, persons):
    sex = lambda p: "F" if p.nir[0] == "2" else "M"  # noqa: E731 - a column
    header = [*HEADER, "SEXE"]
    rows = [[*row, sex(p)] for row, p in zip(rows_of(persons), persons, strict=True)]
    sound = scan(table(tmp_path / "sound.csv", header, rows)).authenticity
    assert sound.verdict == "consistent"
    assert {c.id: c.rate for c in sound.checks} == {
        **dict.fromkeys(("nir_key", "nir_sex", "nir_birth_year", "nir_birth_month", "text_intact", "rows_distinct"), 1.0)
    }
    random.Random(5).shuffle(rows)
    mixed = [[a[0], *b[1:]] for a, b in zip(rows, rows_of(persons, lambda n: sex(persons[n])), strict=True)]
    shuffled = scan(table(tmp_path / "shuffled.csv", header, mixed)).authenticity
    assert shuffled.verdict == "suspicious"
    assert next(c for c in shuffled.checks if c.id == "nir_sex").rate < 0.6


def test_two_glued_sources_show_where_they_meet(tmp_path):
    many = people(20_000, random.Random(8))
    phone = lambda n: f"06{n:08}"  # noqa: E731 - a column
    rows = [
        [p.last, p.first, *([f"{n}@free.fr", phone(n), "", ""] if n < 12_000 else ["", "", f"{n % 90} RUE DES LILAS", "56100"])]
        for n, p in enumerate(many)
    ]
    header = ["NOM", "PRENOM", "EMAIL", "TELEPHONE", "ADRESSE", "CODE_POSTAL"]
    (found,) = scan(table(tmp_path / "glued.csv", header, rows)).authenticity.schema_breaks
    assert set(found.columns) == {"EMAIL", "TELEPHONE", "ADRESSE", "CODE_POSTAL"}
    assert abs(found.row - 12_000) <= 4096
    random.Random(9).shuffle(rows)
    assert not scan(table(tmp_path / "mixed.csv", header, rows)).authenticity.schema_breaks


def test_dates_have_roles_and_each_file_its_own_span(tmp_path, persons):
    for year in (2018, 2020):
        folder = tmp_path / "leak"
        folder.mkdir(exist_ok=True)
        rows = rows_of(persons, lambda n, y=year: f"{n % 28 + 1:02}/03/{y}", lambda n, y=year: f"{n % 28 + 1:02}/05/{y}")
        table(folder / f"export_{year}.csv", [*HEADER, "DATE_VISITE", "DATE_CREATION"], rows)
    period = scan(tmp_path / "leak").period
    assert {f.column: f.role for f in period.fields} == {"DATE_NAISSANCE": "birth", "DATE_VISITE": "event", "DATE_CREATION": "created"}
    assert period.newest == "2020-05-28"
    assert [(f.path, f.min, f.max) for f in period.by_file] == [
        ("leak/export_2018.csv", "2018-03-01", "2018-05-28"),
        ("leak/export_2020.csv", "2020-03-01", "2020-05-28"),
    ]


def test_organisations_are_a_number_kinds_and_a_share(tmp_path, persons):
    names = ["CLINIQUE DU PARC"] * 5 + ["EHPAD LES TILLEULS"] * 3 + ["LABORATOIRE MARTIN", "CLINIQUE SAINT JEAN"]
    result = scan(table(tmp_path / "a.csv", [*HEADER, "ETABLISSEMENT"], rows_of(persons, lambda n: names[n % 10])))
    found = result.origin.organisations
    assert (found.distinct, found.kinds, found.first_share) == (4, ("clinic", "retirement_home", "laboratory"), 0.5)


def test_a_counter_with_gaps_says_how_many(tmp_path, persons):
    rows = rows_of(persons, lambda n: str(48_000 + 2 * n))
    (found,) = scan(table(tmp_path / "a.csv", [*HEADER, "ID"], rows)).origin.sequences
    assert (found.column, found.gaps) == ("ID", 599)
    assert found.density == pytest.approx(0.5, abs=0.001)


def test_a_country_code_is_no_hospital(tmp_path):
    countries = ["CH", "FR", "US", "DE"]
    rows = [["CUISINIER", "70000", countries[n % 4]] for n in range(400)]
    result = scan(table(tmp_path / "a.csv", ["metier", "salary", "company_location"], rows))
    assert result.origin.organisations.distinct is None
    named = pl.select(kind=words.kind(pl.lit(pl.Series(["CH", "CH DE VANNES", "CHU", "Hôpital Sud"]))))["kind"].to_list()
    assert named == [None, "hospital", "hospital", "hospital"]


def test_notes_about_nobody_lead_to_no_duty(tmp_path):
    rows = [[f"{n:02}:00", f"changer la couche puis sieste au calme, jour {n}"] for n in range(20)]
    said = {s.id for s in scan(table(tmp_path / "a.csv", ["heure", "note"], rows)).summary.fr}
    assert "S0.text_only" in said
    assert "S10.edpb" not in said


def test_rows_within_rows_are_a_share_of_their_own(tmp_path):
    """Three visits a patient: no type is told on more than all rows, and what only the visits hold is told."""
    given = ("Jeanne", "Paul", "Lucie", "Marc", "Anne")
    illness = ("asthme sévère", "cancer du sein", "diabète de type 2")

    def visits(n):
        return [{"diagnostic": illness[(n + i) % 3], "montant": f"{20 + n % 9},50"} for i in range(3)]

    patients = [{"nom": "MARTIN", "prenom": given[n % 5], "email": f"p{n}@free.fr", "visites": visits(n)} for n in range(90)]
    (tmp_path / "p.json").write_text(json.dumps(patients), "utf-8")
    result = triage.scan([tmp_path / "p.json"])
    assert result.size.rows_total == 90
    told = {(t.label, t.asked): t for t in result.types}
    assert all(0 <= t.share <= 1 for t in result.types)
    assert told["last_name", 90].share == 1
    assert {t.asked for t in result.types if t.label in {"diagnosis", "health_text"}} == {270}
    assert "Dans le détail" in " ".join(s.text for s in result.summary.fr)
