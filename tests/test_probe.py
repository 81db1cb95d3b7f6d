"""The probe and the verdict on small tables: headers, neighbours, roles, dates, and verdicts taken on the census."""

from __future__ import annotations

import random

import polars as pl
import pytest
from stdnum.fr import nir as std_nir

from triage import resources, rules, samples, verdict
from triage.detect import dates, lexicons, measure, patterns
from triage.detect.headers import tokens
from triage.detect.probe import probe
from triage.tally import ColumnTally

RULES = rules.load(resources.rules_dir())
DRAW = random.Random(11)
LAST = ["MARTIN", "LE GOFF", "DURAND", "PETIT", "MOREAU", "SIMON", "LAURENT", "LEFEBVRE", "ROUX", "FOURNIER", "GIRARD", "BONNET"]
FIRST = ["Jean", "Marie", "Zoé", "Camille", "Didier", "Karima", "Loïc", "Anne-Marie", "Thomas", "Julie", "Yann", "Nadia"]


def table(**columns):
    frame = pl.DataFrame({f"c{i}": pl.Series(cells, dtype=pl.String) for i, cells in enumerate(columns.values())})
    return probe(frame, list(columns), RULES)


def labels(plan):
    return {c.name: c.label for c in plan.columns}


def people(rows=60):
    found = []
    for n in range(rows):
        sex, year, month = DRAW.choice("12"), DRAW.randint(1930, 2010), DRAW.randint(1, 12)
        body = f"{sex}{year % 100:02d}{month:02d}{DRAW.randint(1, 95):02d}{DRAW.randint(1, 300):03d}{DRAW.randint(1, 300):03d}"
        key = std_nir.calc_check_digits(body + "00")
        found.append((LAST[n % 12], FIRST[n % 11], sex, f"{DRAW.randint(1, 28):02d}/{month:02d}/{year}", body, key))
    return zip(*found, strict=True)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("N° Sécu", ("num", "secu")),
        ("numSecu", ("num", "secu")),
        ("NUM_SECU", ("num", "secu")),
        ("CodePostal", ("code", "postal")),
        ("tel1", ("tel", "1")),
        ("Adresse e-mail", ("adresse", "e", "mail")),
        ("ﬁchier", ("fichier",)),
        ("", ()),
    ],
)
def test_words_of_a_name(name, words):
    assert tokens(name) == words


def test_a_name_that_is_the_word_says_more_than_one_that_holds_it():
    exact, run, token = (RULES.words.read(n)["postal_code"].strength for n in ("code_postal", "code_postal_livraison", "zip_bureau"))
    assert (exact, run, token) == (3, 2, 1)
    assert RULES.words.read("adresse_mail")["address"].veto
    assert RULES.words.read("nom_piece_detachee").get("last_name") is None


def test_opaque_names_do_not_matter():
    last, first, sex, born, nir, key = people()
    plan = table(A=last, B=first, C=sex, D=born, E=nir, F=key)
    assert labels(plan) == {"A": "last_name", "B": "first_name", "C": "sex", "D": "birth_date", "E": "nir", "F": "nir_key"}
    assert plan.columns[4].partner == 5
    assert plan.columns[3].date_format == "%d/%m/%Y"


def test_a_nir_without_key_is_believed_when_its_years_vary():
    *_, nir, _ = people()
    assert labels(table(X=nir)) == {"X": "nir"}
    assert labels(table(X=[f"16009{n % 12 + 1:02d}2300{n % 90:03d}"[:13] for n in range(60)])) != {"X": "nir"}


def test_abo_beside_rhesus():
    abo = [DRAW.choice(["A", "B", "O", "AB"]) for _ in range(60)]
    rhesus = [DRAW.choice(["POS", "NEG"]) for _ in range(60)]
    assert labels(table(G=abo, R=rhesus)) == {"G": "blood_group", "R": "blood_group"}
    assert "blood_group" not in labels(table(G=abo, note=["x"] * 60)).values()
    assert "blood_group" not in labels(table(R=rhesus)).values()


@pytest.mark.parametrize("notation", ["A+", "AB RH POSITIF", "O NEG", "B rh +", "0+", "O RH:-1", "A Rhésus négatif"])
def test_notations_of_blood_groups(notation):
    assert labels(table(V=[notation, "O+", "A-", "B+", "AB-", "O-"] * 5)) == {"V": "blood_group"}


def test_a_password_needs_an_account_beside_it():
    words = ["Soleil", "chaton", "Bretagne", "vacances", "Marine", "Doudou"]
    secrets = [f"{DRAW.choice(words)}{DRAW.randint(1, 9999)}{DRAW.choice(['', '!', '?', '*x', 'Zz'])}" for _ in range(60)]
    logins = [f"{f[0].lower()}{n.lower().replace(' ', '')}{i}" for i, (f, n) in enumerate(zip(FIRST * 5, LAST * 5, strict=True))]
    assert labels(table(SR=logins, PM=secrets)) == {"SR": "login", "PM": "password"}
    assert "password" not in labels(table(PM=secrets)).values()
    assert labels(table(mdp=secrets)) == {"mdp": "password"}


def test_a_column_called_pass_that_holds_first_names_is_no_password():
    assert labels(table(PASS=[f.upper() for f in FIRST] * 5)) == {"PASS": "first_name"}


def test_digests_are_passwords_beside_an_account_only():
    digests = [f"{DRAW.getrandbits(128):032x}" for _ in range(40)]
    mails = [f"client{n}@exemple.fr" for n in range(40)]
    assert labels(table(mail=mails, X=digests))["X"] == "password_hash"
    assert labels(table(file=["a.pdf"] * 40, X=digests))["X"] != "password_hash"
    assert labels(table(mail=mails, checksum=digests))["checksum"] == "password_hash"
    assert labels(table(X=["$2y$10$" + "a" * 53, "$2y$10$" + "b" * 53] * 5))["X"] == "password_hash"


def test_a_header_alone_gives_nothing_that_the_cells_contradict():
    plan = table(email=["oui", "non"] * 20, iban=["x1", "y2"] * 20, nir=["12", "13"] * 20, date_naissance=["a", "b"] * 20)
    assert not {"email", "iban", "nir", "birth_date"} & set(labels(plan).values())


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        (["31/12/2019", "01/02/2020"], "%d/%m/%Y"),
        (["12/31/2019", "02/01/2020"], "%m/%d/%Y"),
        (["01/02/2020", "03/04/2020"], "%d/%m/%Y"),
        (["2019-12-31", "2020-02-01"], "%Y-%m-%d"),
        (["2019-12-31 08:30:00", "2020-02-01 10:00:00"], "%Y-%m-%d %H:%M"),
        (["20191231", "20200201"], "%Y%m%d"),
        (["31-12-19", "01-02-20"], "%d-%m-%y"),
        (["31.12.2019", "01.02.2020"], "%d.%m.%Y"),
        (["1577750400", "1580515200"], "epoch_s"),
        (["1577750400000", "1580515200000"], "epoch_ms"),
        (["31/12/2019", "2020-02-01"], "%Y-%m-%d|%d/%m/%Y"),
        (["x", "y"], None),
    ],
)
def test_formats_of_dates(cells, expected):
    long = measure.melt(pl.DataFrame({"c0": cells}))
    plan = table(d=cells)
    assert dates.format_of(long, plan.columns[0]) == expected


def test_many_patterns_at_once_tell_what_each_tells():
    """The probe tries them where they stay compiled, the rules' own examples one by one."""
    values = sorted({v for r in RULES.values() for v in (*r.examples.match, *(e.value for e in r.examples.no_match)) if v})
    cells = pl.Series("cell", [*values, "35294-0110"])
    met, firm = patterns.forms(cells, RULES), patterns.firms(cells, RULES)
    for label, rule in RULES.items():
        for many, one in ((met, patterns.form(rule, pl.col("cell"))), (firm, patterns.firm(rule, pl.col("cell")))):
            assert (label in many.columns) == (one is not None), label
            assert one is None or many[label].to_list() == cells.to_frame().select(one).to_series().to_list(), label
    assert cells[-1] == "35294-0110"


def test_a_few_cells_are_found_in_a_list_as_many_are():
    towns = lexicons.codes("towns")
    cells = pl.Series("cell", ["RENNES", "", "ZZZ", None, "AAAA", towns[0], towns[-1]])
    few = cells.to_frame().select(lexicons.listed(pl.col("cell"), towns)).to_series()
    many = pl.concat([cells] * 2000).to_frame().select(lexicons.listed(pl.col("cell"), towns)).to_series()
    assert few.to_list() == [True, False, False, None, False, True, True]
    assert many.head(7).to_list() == few.to_list()


def test_doctors_are_not_patients():
    last, first, _, born, nir, _ = people()
    rpps = ["10000000017", "10999999906", "10999999914"] * 20
    plan = table(NOM=last, PRENOM=first, NE=born, NIR=nir, N2=last[::-1], P2=first[::-1], CP2=["35000", "56100", "22000"] * 20, RPPS=rpps)
    roles = {c.name: c.role for c in plan.columns}
    assert roles["NOM"] == roles["NIR"] == "patient"
    assert roles["RPPS"] == roles["N2"] == roles["CP2"] == "practitioner"


@pytest.mark.parametrize("recipe", ["lab", "clinic"])
def test_every_column_of_a_recipe(recipe, tmp_path):
    truth = samples.make(recipe, 1500, tmp_path / "leak.csv")
    text = (tmp_path / "leak.csv").read_bytes().decode({"lab": "cp1252", "clinic": "utf-8-sig"}[recipe])
    delimiter = {"lab": ";", "clinic": "|"}[recipe]
    frame = pl.read_csv(text.encode(), separator=delimiter, infer_schema=False, truncate_ragged_lines=True)
    plan = probe(frame.rename({n: f"c{i}" for i, n in enumerate(frame.columns)}), frame.columns, RULES)
    wrong = [
        (c["header"] if "header" in c else c["index"], c["label"], plan.columns[c["index"]].label) for c in truth["tables"][0]["columns"]
    ]
    # Whether comments are about health is counted on the whole table: eleven mentions may be more than the probe saw.
    assert [w for w in wrong if w[1] != w[2] and w[1] != "health_text"] == []


def tally(plan, rows):
    """What a census would count if the whole table were ``rows`` times the sample."""
    return [
        ColumnTally(
            filled=c.shape.filled * rows,
            matched={k: h.rows * rows for k, h in c.hits.items()},
            valid={k: h.valid * rows for k, h in c.hits.items()},
        )
        for c in plan.columns
    ]


def test_the_verdict_is_taken_on_the_census():
    last, _, _, born, nir, key = people()
    plan = table(A=last, D=born, E=nir, F=key)
    assert [v.label for v in verdict.decide(plan, tally(plan, 100), 6000, RULES)] == [c.label for c in plan.columns]
    counted = tally(plan, 100)
    counted[2].matched["nir"] = 40
    counted[3].filled = 0
    decided = verdict.decide(plan, counted, 6000, RULES)
    assert decided[2].label != "nir"
    assert decided[3].label == "empty"


def test_every_verdict_has_its_reasons():
    last, first, sex, born, nir, key = people()
    plan = table(nom=last, prenom=first, sexe=sex, ne_le=born, secu=nir, cle=key, vide=[None] * 60, n=[str(i) for i in range(60)])
    decided = verdict.decide(plan, tally(plan, 1), 60, RULES)
    assert all(v.reasons for v in decided)
    assert {r.code for r in decided[4].reasons} >= {"header_exact", "neighbour", "form"}
    known = {
        "header_exact",
        "header_run",
        "header_token",
        "header_weak",
        "neighbour",
        "form",
        "key",
        "lexicon",
        "text",
        "shape",
        "no_filled_cell",
    }
    assert {r.code for v in decided for r in v.reasons} <= known


@pytest.mark.parametrize(
    "cells",
    [[], [None], [""], [" ", "\\N", "NULL", "\x00"], ["é" * 5000], ["\ud83d".encode("utf-8", "surrogatepass").decode("utf-8", "replace")]],
)
def test_odd_tables_have_a_plan(cells):
    plan = probe(pl.DataFrame({"c0": cells}, schema={"c0": pl.String}), ["x"], RULES)
    assert len(plan.columns) == 1
    assert probe(pl.DataFrame(), [], RULES).columns == ()


def test_decimals_are_no_telephones_and_salaries_no_postal_codes():
    shares = [f"0.{DRAW.randint(100_000_000, 999_999_999)}" for _ in range(60)]
    salaries = [f"{DRAW.randint(21, 89)}{DRAW.choice('0123456789')}00" for _ in range(60)]
    codes = [f"{c}" for c in (35510, 81090, 22700, 75011, 13012, 29170, 56100, 69003, 33700, 59650, 44300, 31240, 67150, 24310, 80140)] * 4
    assert labels(table(A=shares, B=salaries, C=codes)) == {"A": "number", "B": "number", "C": "postal_code"}


def test_structures_are_no_sentences_and_one_paragraph_is_a_text():
    cells = [f'{{"motif": "le refus de la personne", "date": {n}, "suite": null}}' for n in range(30)]
    assert labels(table(decision=cells))["decision"] != "free_text"
    paragraph = "Le porteur du projet doit être une association, " * 5
    assert labels(table(eligibilite=[paragraph] * 2)) == {"eligibilite": "free_text"}


def test_other_days_of_persons_are_no_births():
    last, first, *_ = people()
    days = [f"{DRAW.randint(1950, 2020)}-0{DRAW.randint(1, 9)}-11" for _ in range(60)]
    found = labels(table(last_name=last, first_name=first, **{"investigation-start": days, "": days}))
    assert found["investigation-start"] == "date"
    assert found[""] == "birth_date"


def test_millimetres_are_no_titles():
    assert labels(table(unit=["mm"] * 30, civ=["M.", "Mme"] * 15)) == {"unit": "category", "civ": "title"}


def test_blood_groups_far_apart_are_found_where_they_are_filled_together():
    held = [DRAW.random() < 0.5 for _ in range(200)]
    abo = [DRAW.choice(["A", "B", "O", "AB"]) if h else None for h in held]
    rhesus = [DRAW.choice(["POS", "NEG"]) if h else None for h in held]
    other = [str(n) for n in range(200)]
    plan = table(G=abo, a=other, b=other, c=other, R=rhesus)
    assert [labels(plan)[n] for n in "GR"] == ["blood_group", "blood_group"]
    whole = table(G=[v or "A" for v in abo], a=other, b=other, c=other, R=[v or "POS" for v in rhesus])
    assert "blood_group" not in labels(whole).values()


def test_one_cell_in_twenty_damaged_changes_nothing():
    def damaged(cells):
        return [c[: len(c) // 2] + "#" if n % 20 == 7 else c for n, c in enumerate(cells)]

    last, first, sex, born, nir, key = people(600)
    first = [f"{f}-{FIRST[n // 12 % 12]}" for n, f in enumerate(first)]
    abo = [DRAW.choice(["A", "B", "O", "AB"]) for _ in last]
    rhesus = [DRAW.choice(["POS", "NEG"]) for _ in last]
    mails = [f"a{n}@example.org" for n in range(600)]
    columns = {"A": last, "B": first, "C": sex, "D": born, "E": nir, "F": key, "G": abo, "H": rhesus, "I": mails}
    assert labels(table(**{n: damaged(c) for n, c in columns.items()})) == labels(table(**columns))
    assert labels(table(**columns))["F"] == "nir_key"


def test_names_of_nested_values_say_the_same_as_plain_ones():
    last, first, sex, born, *_ = people()
    plain = {"family": last, "given": first, "gender": sex, "birthDate": [f"{b[6:]}-{b[3:5]}-{b[:2]}T00:00:00.000Z" for b in born]}
    nested = {f"patient.name.0.{n}": c for n, c in plain.items()}
    assert list(labels(table(**nested)).values()) == ["last_name", "first_name", "sex", "birth_date"]
