"""The samples are what their truth says, read again here by other means: Python's csv, python-stdnum, phonenumbers."""

from __future__ import annotations

import csv
import hashlib
import json
import re
import subprocess
import sys
import tomllib
import unicodedata
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import phonenumbers
import polars as pl
import pytest
from stdnum import iban, luhn
from stdnum.fr import nir

from triage import resources, samples
from triage.samples import recipe as recipes
from triage.samples.draw import Draws, cumulative
from triage.samples.keys import nir_key
from triage.samples.kinds import kinds

ROWS = 4000
OVERSEAS = ("GP", "MQ", "GF", "RE", "YT", "NC", "PF", "PM", "WF")


class Read:
    """A sample as an independent reader sees it."""

    def __init__(self, path: Path) -> None:
        self.path = path
        told = json.loads(path.with_name(path.name + ".truth.json").read_text("utf-8"))
        self.truth = {**told, **told["files"][0], **told["tables"][0]}
        with path.open(encoding=self.truth["encoding"], newline="") as stream:
            self.names, *self.records = csv.reader(stream, delimiter=self.truth["delimiter"])
        self.cells = {name: [record[i] for record in self.records] for i, name in enumerate(self.names)}
        self.columns = {c["name"]: c for c in self.truth["columns"]}

    def filled(self, name: str) -> list[str]:
        return [cell for cell in self.cells[name] if cell]


@pytest.fixture(scope="module")
def lab(tmp_path_factory) -> Read:
    path = tmp_path_factory.mktemp("lab") / "lab.csv"
    samples.make("lab", ROWS, path)
    return Read(path)


@pytest.fixture(scope="module")
def clinic(tmp_path_factory) -> Read:
    folder = tmp_path_factory.mktemp("clinic")
    samples.make("clinic", ROWS, folder)
    return Read(folder / "clinic.csv")


def bare(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def department(code: str) -> str:
    if code[:2] == "20":
        return "2A" if code[:3] in {"200", "201"} else "2B"
    return code[:3] if code[:2] in {"97", "98"} else code[:2]


def is_phone(number: str) -> bool:
    return any(phonenumbers.is_valid_number(phonenumbers.parse(number, region)) for region in ("FR", *OVERSEAS))


# --- the file is what the truth says


@pytest.mark.parametrize("name", ["lab", "clinic"])
def test_rows_and_fills(name, request):
    read = request.getfixturevalue(name)
    assert len(read.records) == read.truth["rows"] == ROWS
    assert read.names == [c["name"] for c in read.truth["columns"]]
    for name_, column in read.columns.items():
        assert len(read.filled(name_)) == column["filled"], name_
        assert column["fill_rate"] == column["filled"] / ROWS
    lengths = Counter(len(record) - len(read.names) for record in read.records)
    assert set(lengths) <= {0, 1}
    assert lengths[1] == read.truth["rows_long"]


@pytest.mark.parametrize("name", ["lab", "clinic"])
def test_bytes_and_duplicates(name, request):
    read = request.getfixturevalue(name)
    data = read.path.read_bytes()
    assert hashlib.sha256(data).hexdigest() == read.truth["sha256"]
    assert len(data) == read.truth["bytes"]
    assert len({tuple(record) for record in read.records}) == ROWS - read.truth["rows_exact_dup"]


@pytest.mark.parametrize("name", ["lab", "clinic"])
def test_fields_per_row(name, request):
    read = request.getfixturevalue(name)
    counts = sorted(sum(1 for cell in record[: len(read.names)] if cell) for record in read.records)
    expected = {"max": counts[-1], "median": counts[(ROWS - 1) // 2], "p95": counts[int(0.95 * (ROWS - 1))]}
    assert read.truth["fields_per_row"] == expected


def test_lab_shape(lab):
    data = lab.path.read_bytes()
    assert len(lab.names) == 60
    assert data.count(b"\r\n") == data.count(b"\n")
    assert data.decode("cp1252")
    assert 0.2 < data.count(b';""') / (data.count(b';""') + len(re.findall(rb";(?=[;\r])", data))) < 0.6
    assert lab.truth["rows_exact_dup"] == 12


def test_clinic_shape(clinic):
    data = clinic.path.read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    assert b"\r" not in data
    assert clinic.truth["rows_long"] > 5
    observed = clinic.filled("OBSERVATION")
    assert any("\n" in cell for cell in observed)
    assert any("|" in cell for cell in observed)
    assert any('"' in cell for cell in observed)
    assert len(set(clinic.filled("ETABLISSEMENT"))) == len(set(clinic.filled("FINESS"))) == 17


# --- persons and keys


def test_persons_of_lab(lab):
    assert lab.truth["persons"] == len(set(lab.cells["NSS"])) == lab.truth["unique"]["nir"]
    assert lab.truth["persons"] == round(ROWS * 0.976)


def test_persons_of_clinic(clinic):
    assert clinic.truth["persons"] == len(set(clinic.cells["IPP"])) == clinic.truth["unique"]["patient_id"]
    assert clinic.truth["persons"] > clinic.truth["unique"]["nir"] == len(set(clinic.filled("NIR")))


def test_a_person_keeps_a_name(lab):
    owners = {}
    for number, *name in zip(lab.cells["NSS"], lab.cells["NPAT"], lab.cells["PPAT"], lab.cells["DNAI"], lab.cells["CPO"], strict=True):
        assert owners.setdefault(number, name) == name


def test_nir_is_right_and_agrees_with_the_person(lab):
    born = [datetime.strptime(day, "%d/%m/%Y").date() for day in lab.cells["DNAI"]]  # noqa: DTZ007
    for number, key, sex, day in zip(lab.cells["NSS"], lab.cells["CLE"], lab.cells["SX"], born, strict=True):
        assert nir.is_valid(number + key)
        assert number[0] == {"M": "1", "F": "2"}[sex]
        assert number[1:5] == day.strftime("%y%m")
        assert number[10:] != "000"


def test_nir_of_every_place(lab):
    places = {number[5:7] for number in lab.cells["NSS"]}
    assert {"56", "45", "27", "97", "99"} <= places


def test_corsica_in_the_nir():
    """Born before 1976 in Corsica: département 20; 2A and 2B since, and the key counts them as 19 and 18."""
    codes = pl.Series(["185062A004010", "185062B033010", "1700620004010"])
    assert all(nir.is_valid(code + key) for code, key in zip(codes, nir_key(codes), strict=True))


def test_spaced_nir(clinic):
    assert all(re.fullmatch(r"[12] \d\d \d\d (\d\d|2[AB]) \d{3} \d{3} \d\d", number) for number in clinic.filled("NIR"))
    assert all(nir.is_valid(number) for number in clinic.filled("NIR"))


def test_practitioners(lab):
    assert all(len(number) == 11 and number.startswith("10") and luhn.is_valid(number) for number in lab.filled("RPPS"))


def test_finess(clinic):
    digits = [number.replace("2A", "21").replace("2B", "22") for number in clinic.filled("FINESS")]
    assert all(len(number) == 9 for number in clinic.filled("FINESS"))
    assert all(luhn.is_valid(number) for number in digits)


def test_iban_and_rib_keys(clinic):
    numbers = clinic.filled("IBAN")
    assert len(numbers) == clinic.columns["IBAN"]["filled"] > 5
    for number in numbers:
        assert iban.is_valid(number)
        bank, branch, account, key = (int(part) for part in (number[4:9], number[9:14], number[14:25], number[25:]))
        assert key == 97 - (89 * bank + 15 * branch + 3 * account) % 97


@pytest.mark.parametrize(
    ("name", "column"), [("lab", c) for c in ("TELD", "TELP", "MPRTEL", "PRLTEL", "MUTTEL")] + [("clinic", "TELEPHONE")]
)
def test_phones(name, column, request):
    numbers = request.getfixturevalue(name).filled(column)[:400]
    assert all(is_phone(number) for number in numbers)


def test_first_names_go_with_the_sex(lab):
    lines = (resources.lexicons_dir() / "first_names.tsv").read_text("utf-8").splitlines()[1:]
    gender = {line.split("\t")[0]: line.split("\t")[1] for line in lines}
    assert all(sex in gender[name] for name, sex in zip(lab.cells["PPAT"], lab.cells["SX"], strict=True))


def test_birth_names_only_of_the_married(lab):
    assert 0.15 < lab.columns["NJF"]["fill_rate"] < 0.35
    assert all(sex == "F" for sex, name in zip(lab.cells["SX"], lab.cells["NJF"], strict=True) if name)


# --- where, when, what


@pytest.mark.parametrize(
    ("name", "basis", "column"), [("lab", "practitioner", "MPRCP"), ("lab", "patient", "CPO"), ("clinic", "patient", "CODE_POSTAL")]
)
def test_departments(name, basis, column, request):
    read = request.getfixturevalue(name)
    told = read.truth["places"][basis]
    counted = Counter(department(code) for code in read.filled(column))
    assert told["column"] == column
    assert told["denominator"] == len(read.filled(column))
    assert {code: place["n"] for code, place in told["departments"].items()} == counted


def test_departments_are_as_the_press_found_them(lab):
    told = lab.truth["places"]["practitioner"]
    wanted = {"56": 0.36, "45": 0.22, "27": 0.203, "22": 0.06, "35": 0.06, "41": 0.031}
    for code, share in wanted.items():
        assert told["departments"][code]["share"] == pytest.approx(share, abs=0.02)
    assert 0.96 < told["coverage"] < 0.98


def test_postal_codes_are_those_of_the_towns(clinic):
    lines = (resources.lexicons_dir() / "communes.tsv").read_text("utf-8").splitlines()[1:]
    pairs = {
        (re.sub(r" \d+er? Arrondissement$", "", name), code)
        for _, name, codes, _, _ in (x.split("\t") for x in lines)
        for code in codes.split("|")
    }
    assert all((town, code) in pairs for town, code in zip(clinic.cells["VILLE"], clinic.cells["CODE_POSTAL"], strict=True) if town)
    assert all(bool(town) == bool(code) for town, code in zip(clinic.cells["VILLE"], clinic.cells["CODE_POSTAL"], strict=True))


def test_period(lab):
    days = sorted(datetime.strptime(day, "%d/%m/%Y").date() for day in lab.cells["DDV"])  # noqa: DTZ007
    told = lab.truth["period"]["DDV"]
    assert [told["min"], told["max"]] == [days[0].isoformat(), days[-1].isoformat()]
    assert told["p5"] == days[int(0.05 * (ROWS - 1))].isoformat()
    assert told["p95"] == days[int(0.95 * (ROWS - 1))].isoformat()
    assert date(2015, 1, 1) <= days[0]
    assert days[-1] < date(2020, 11, 1)
    assert sum(day.year in (2018, 2019) for day in days) / ROWS == pytest.approx(0.91, abs=0.02)


def test_mail(lab):
    assert lab.columns["MEL"]["fill_rate"] == pytest.approx(0.119, abs=0.02)
    assert lab.columns["MEL"]["values"] == Counter(mail.split("@")[1] for mail in lab.filled("MEL"))
    assert lab.truth["unique"]["email"] == len(set(lab.filled("MEL")) | set(lab.filled("MPRMEL")))


def test_credentials(lab):
    both = sum(1 for login, password in zip(lab.cells["SR"], lab.cells["PM"], strict=True) if login and password)
    assert lab.truth["credentials"] == {"rows_password": len(lab.filled("PM")), "clear": len(lab.filled("PM")), "hashed": 0, "pairs": both}
    assert both == len(lab.filled("PM"))
    assert len(set(lab.filled("PM"))) > 0.75 * len(lab.filled("PM"))


SAID = {
    "pregnancy": r"grossesse|enceinte|gestationnel",
    "hiv_sti": r"vih|truvada|biktarvy|genvoya|triumeq",
    "cancer": r"cancer|\bk |tumeur|methotrexate|tamoxifene|arimidex|glivec|xeloda",
    "thyroid": r"thyrox|thyrofix|thyroidie",
    "disability": r"sourde|surdite|handicap",
    "infection": r"tuberculose",
    "phone": r"0[67] \d",
}


@pytest.mark.parametrize("theme", sorted(SAID))
def test_mentions_stand_in_the_text(lab, theme):
    """The truth comes from the sentences chosen; here the words are sought in the file."""
    said = re.compile(SAID[theme])
    rows = sum(1 for texts in zip(lab.cells["COMMP"], lab.cells["COMMD"], strict=True) if any(said.search(bare(text)) for text in texts))
    assert lab.truth["mentions"][theme]["any"] == rows


def test_comments(lab):
    truth = lab.truth
    commented = sum(1 for pair in zip(lab.cells["COMMP"], lab.cells["COMMD"], strict=True) if any(pair))
    assert truth["rows_with_comment"] == commented
    assert max(truth["mentions"], key=lambda theme: truth["mentions"][theme]["rows"]) == "pregnancy"
    assert {"negated", "family", "hypothesis"} <= {mood for counts in truth["mentions"].values() for mood, n in counts.items() if n}
    assert 0.15 < truth["rows_with_mention"] / commented < 0.6
    assert len(set(lab.filled("COMMP"))) > 0.3 * len(lab.filled("COMMP"))
    assert {lab.columns[name]["label"] for name in ("COMMP", "COMMD")} == {"health_text"}


def test_a_prescription_is_of_the_drug_beside_it(clinic):
    pairs = [(d, p) for d, p in zip(clinic.cells["MEDICAMENT"], clinic.cells["PRESCRIPTION"], strict=True) if p]
    assert len(pairs) > ROWS / 2
    assert all(prescription.upper().startswith(drug) for drug, prescription in pairs)


# --- the generator keeps its promises


@pytest.mark.parametrize("name", ["lab", "clinic"])
def test_committed_samples_are_what_the_recipe_makes(name, root, tmp_path):
    samples.make(name, 300, tmp_path)
    for made in (tmp_path / f"{name}.csv", tmp_path / f"{name}.csv.truth.json"):
        assert made.read_bytes() == (root / "samples" / made.name).read_bytes()


def test_another_seed_gives_other_people(tmp_path):
    first = Read(_made(tmp_path / "a.csv", seed=1))
    other = Read(_made(tmp_path / "b.csv", seed=2))
    assert not set(first.cells["NSS"]) & set(other.cells["NSS"])


def _made(path: Path, seed: int) -> Path:
    samples.make("lab", 100, path, seed)
    return path


def test_blocks_do_not_show(tmp_path, monkeypatch):
    """A sample is the same file whatever the size of the blocks it is made in."""
    whole = samples.make("lab", 500, tmp_path / "lab.csv")
    monkeypatch.setattr("triage.samples.table.BLOCK", 64)
    assert samples.make("lab", 500, tmp_path / "lab.csv") == whole


def test_one_row(tmp_path):
    assert samples.make("lab", 1, tmp_path / "one.csv")["rows"] == 1
    with pytest.raises(ValueError, match="at least one row"):
        samples.make("lab", 0, tmp_path / "none.csv")


def test_draws_are_splitmix64():
    """The arithmetic of polars wraps as the algorithm asks; its first words are those of plain integers."""
    ids = pl.Series([0, 1, 2, 10**9], dtype=pl.UInt64)
    words = Draws("x", 7).words("purpose", ids)
    key = int.from_bytes(hashlib.blake2b(b"x\x007\0purpose", digest_size=8).digest(), "big")
    assert words.to_list() == [_splitmix((i * 0x9E3779B97F4A7C15 + key) % 2**64) for i in ids]


def _splitmix(state: int) -> int:
    state = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
    state = (state ^ (state >> 27)) * 0x94D049BB133111EB % 2**64
    return state ^ (state >> 31)


def test_draws_are_even():
    ids = pl.int_range(40_000, dtype=pl.UInt64, eager=True)
    counts = Draws("x", 1).pick("p", ids, ["a", "b", "c"], cumulative([5, 3, 2])).value_counts()
    shares = {value: count / 40_000 for value, count in counts.iter_rows()}
    assert shares == pytest.approx({"a": 0.5, "b": 0.3, "c": 0.2}, abs=0.01)
    units = Draws("x", 1).unit("q", ids)
    assert 0 <= units.min() < 0.001
    assert 0.999 < units.max() < 1


# --- recipes


def test_every_recipe_loads():
    listed = samples.recipes()
    assert {"lab", "clinic"} <= set(listed)
    assert all(set(title) == {"fr", "en"} for title in listed.values())


def test_listing_recipes_loads_no_polars():
    code = "import sys; from triage import samples; samples.recipes(); sys.exit('polars' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_unknown_recipe(tmp_path):
    with pytest.raises(samples.RecipeError, match="no recipe nothing; there are: appointments, clinic, combo, encrypted, "):
        samples.make("nothing", 10, tmp_path)


@pytest.fixture
def broken(tmp_path, monkeypatch):
    """Makes a recipe out of clinic with one text replaced."""

    def make(old: str, new: str) -> None:
        folder = tmp_path / "recipes"
        folder.mkdir(exist_ok=True)
        text = (resources.recipes_dir() / "clinic.toml").read_text("utf-8")
        assert old in text
        (folder / "broken.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
        monkeypatch.setattr(resources, "recipes_dir", lambda: folder)

    return make


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('kind = "nir"', 'kind = "nothing"', "column NIR: no kind nothing"),
        ('of = "doctor"', 'of = "nobody"', "no entity nobody"),
        ("count = 620, ", "", "entity doctor: a pool needs a count"),
        ('text = "observation"', 'text = "absent"', "column OBSERVATION: no text absent"),
        ("{drug} {dose}", "{drug} {nought}", "nothing is called nought"),
        ('themes = ["hepatitis"]', 'themes = ["gout"]', "nothing is called gout"),
        ("[[files]]", "[[files]]\nmisspelt = 1", "misspelt"),
        ("[[files]]", "[[files]", "broken.toml"),
        ("options = { encoding", "options = { misspelt = 1, encoding", "misspelt"),
        ('writer = "delimited"', 'writer = "clay"', "file clinic.csv: no writer clay"),
        ('tables = ["clinic"]', 'tables = ["absent"]', "file clinic.csv: no table absent"),
        ("persons = 0.61", 'of = "absent"', "table clinic: no table absent before it"),
    ],
)
def test_broken_recipes_are_refused(broken, tmp_path, old, new, told):
    broken(old, new)
    with pytest.raises(samples.RecipeError, match=re.escape(told)):
        samples.make("broken", 10, tmp_path)


def test_documented_kinds(root):
    """The table of samples/README.md is the registry."""
    rows = [f"| `{name}` | {kind.label} | {kind.make.__doc__.splitlines()[0]} |" for name, kind in kinds().items()]
    assert (root / "samples" / "README.md").read_text("utf-8").endswith("\n".join(rows) + "\n")


def test_truth_labels_are_those_of_the_recipe():
    loaded = recipes.load("lab")
    assert len(loaded.columns) == 60
    assert {c.name for c in loaded.columns if c.kind == "password"} == {"PM"}


# --- the vendored lists


def test_lists_are_the_bytes_of_their_provenance(root):
    folder = root / "rules" / "lexicons"
    told = tomllib.loads((folder / "provenance.toml").read_text("utf-8"))
    listed = {entry["file"]: entry for entry in told["list"]}
    assert set(listed) == {p.name for p in folder.iterdir() if p.suffix in {".tsv", ".txt"}}
    packages = {entry["name"] for entry in told["package"]}
    for name, entry in listed.items():
        data = (folder / name).read_bytes()
        assert hashlib.sha256(data).hexdigest() == entry["sha256"]
        assert data.count(b"\n") == entry["rows"] + 1
        assert set(entry["packages"]) <= packages


def test_every_package_is_credited(root):
    notice = (root / "NOTICE").read_text("utf-8")
    told = tomllib.loads((root / "rules" / "lexicons" / "provenance.toml").read_text("utf-8"))
    assert all(f"{entry['name']} {entry['version']}" in notice for entry in told["package"])


@pytest.mark.parametrize("name", ["first_names.tsv", "last_names.tsv", "drugs.tsv"])
def test_folded_lists_are_sorted_and_bare(root, name):
    rows = [line.split("\t") for line in (root / "rules" / "lexicons" / name).read_text("utf-8").splitlines()[1:]]
    terms = [row[0] for row in rows]
    assert terms == sorted(set(terms))
    assert all(term == unicodedata.normalize("NFKD", term).upper() for term in terms)


def test_places_add_up(root):
    folder = root / "rules" / "lexicons"
    communes = [line.split("\t") for line in (folder / "communes.tsv").read_text("utf-8").splitlines()[1:]]
    departments = dict(line.split("\t")[0::3] for line in (folder / "departments.tsv").read_text("utf-8").splitlines()[1:])
    regions = [line.split("\t")[0] for line in (folder / "regions.tsv").read_text("utf-8").splitlines()[1:]]
    assert {row[3] for row in communes} <= set(departments)
    assert len(regions) == 26
    assert sum(int(n) for n in departments.values()) == pytest.approx(68.95e6, rel=0.001)
    paris = [int(row[4]) for row in communes if row[3] == "75"]
    assert sum(paris) == 2 * int(departments["75"])


def test_resources_of_an_installed_package(tmp_path, monkeypatch):
    """Inside a wheel the folders lie under ``_data``; without either place the absence is an error."""
    package = tmp_path / "triage"
    (package / "_data" / "rules").mkdir(parents=True)
    monkeypatch.setattr(resources, "_PACKAGE", package)
    assert resources.rules_dir() == package / "_data" / "rules"
    with pytest.raises(FileNotFoundError, match="recipes"):
        resources.recipes_dir()
