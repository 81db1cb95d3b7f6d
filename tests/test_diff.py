"""Two scans side by side: growth and kinship are told, and an address that both hold never passes for a person."""

from __future__ import annotations

import json
import random
import stat
from dataclasses import replace

import polars as pl
import pytest
from click.testing import CliRunner
from persons_tools import EMAIL, NAMES, NIR, people, write

from triage import casefile, compare, keys
from triage.cli import cli
from triage.files import CaseError
from triage.sketches import Distinct

N = 1500


@pytest.fixture(scope="module")
def persons():
    rng = random.Random(11)
    return [replace(p, email=f"{p.first}.{p.last}{n}@free.fr".lower()) for n, p in enumerate(people(2 * N, rng))]


def run(*words, code=0):
    done = CliRunner().invoke(cli, [str(w) for w in words])
    assert done.exit_code == code, done.output
    return done.output


def scanned(folder, name, rows, columns, *, key=True):
    write(folder / name, rows, columns, files=1)
    run("scan", folder / name, "-o", folder / f"{name}-out", "-q", *(["--key-file", folder / "key"] if key else []))
    return folder / f"{name}-out" / "impact.json"


def test_growth_and_the_same_persons_in_both_directions(tmp_path, persons):
    a = scanned(tmp_path, "a", persons[:N], NIR | NAMES)
    b = scanned(tmp_path, "b", persons[N // 2 :], NIR | NAMES | EMAIL)
    found = json.loads(run("diff", a, b, "-f", "json"))
    assert found["growth_rows"] == pytest.approx(0.5)
    assert found["columns_new"] == ["EMAIL"]
    nir = next(s for s in found["overlap"] if s["fields"] == ["nir"])
    assert (nir["here"], nir["there"], nir["common"]) == (N, N + N // 2, N // 2)
    assert (nir["share_here"], nir["share_there"]) == (pytest.approx(1 / 2), pytest.approx(1 / 3))
    assert found["reading"] == "same_persons"


def test_known_addresses_with_other_birth_dates_are_never_called_the_same_persons(tmp_path, persons):
    """A fresh leak of which 59 % of the addresses were in others before (the operator's of 2024) is no recycled one."""
    known = int(0.59 * N)
    strangers = [replace(p, email=q.email) for p, q in zip(persons[N : N + known], persons[:known], strict=True)]
    a = scanned(tmp_path, "a", persons[:N], NAMES | EMAIL)
    b = scanned(tmp_path, "b", [*strangers, *persons[N + known :]], NAMES | EMAIL)
    found = json.loads(run("diff", a, b, "-f", "json"))
    shares = {tuple(s["fields"]): s["share_there"] for s in found["overlap"]}
    assert shares[("email",)] == pytest.approx(0.59, abs=0.001)
    assert shares[("email", "birth")] < 0.01
    assert found["reading"] == "same_addresses"
    for language in ("fr", "en"):
        said = run("diff", a, b, "--lang", language)
        assert "59" in said
        assert "recycl" not in said.lower()
        assert "Most persons" not in said
        assert "La plupart" not in said


def test_fewer_than_a_thousand_persons_are_a_list_of_people_to_look_up(tmp_path, persons):
    a = scanned(tmp_path, "a", persons[:N], NIR | NAMES)
    b = scanned(tmp_path, "b", persons[:900], NIR | NAMES)
    for pair in ((a, b), (b, a)):
        found = json.loads(run("diff", *pair, "-f", "json"))
        assert (found["refused"], found["overlap"]) == ("too_few_persons", [])


def test_other_keys_are_not_compared(tmp_path, persons):
    a = scanned(tmp_path, "a", persons[:N], NIR | NAMES)
    (tmp_path / "key").unlink()
    b = scanned(tmp_path, "b", persons[:N], NIR | NAMES)
    assert json.loads(run("diff", a, b, "-f", "json"))["refused"] == "other_key"
    (b.parent / ".case" / "sketches").unlink()
    assert json.loads(run("diff", a, b, "-f", "json"))["refused"] == "no_sketches"


def test_the_key_lies_outside_and_all_of_it_is_for_its_owner(tmp_path, persons, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    out = scanned(tmp_path, "a", persons[:N], NIR | NAMES, key=False).parent
    (key,) = (tmp_path / "state" / "triage" / "keys").iterdir()
    secret = key.read_bytes()
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE((out / ".case").stat().st_mode) == 0o700
    assert stat.S_IMODE((out / ".case" / "sketches").stat().st_mode) == 0o600
    assert not any(secret in p.read_bytes() or secret.hex().encode() in p.read_bytes() for p in out.rglob("*") if p.is_file())
    assert keys.case_key(out) == secret


def test_a_key_among_the_reports_is_refused(tmp_path, persons):
    write(tmp_path / "a", persons[:50], NAMES, files=1)
    assert "must not lie" in run("scan", tmp_path / "a", "-o", tmp_path / "out", "--key-file", tmp_path / "out" / "key", code=2)


def test_the_same_persons_under_two_keys_share_no_number(tmp_path, persons):
    a = scanned(tmp_path, "a", persons[:N], NIR | NAMES)
    (tmp_path / "key").unlink()
    b = scanned(tmp_path, "b", persons[:N], NIR | NAMES)
    one, other = (casefile.load(p.parent).sets["nir"][1] for p in (a, b))
    assert len(one) == len(other) == N
    assert not set(one) & set(other)


@pytest.mark.parametrize("damage", [lambda d: d[:-3], lambda d: d + b"12345678", lambda _: b"{}\n", lambda d: d[:-16] + d[-8:] + d[-16:-8]])
def test_damaged_sketches_are_an_error_of_ours(tmp_path, persons, damage):
    a = scanned(tmp_path, "a", persons[:N], NIR | NAMES)
    path = a.parent / ".case" / "sketches"
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(CaseError, match="sketches"):
        casefile.load(a.parent)
    assert "sketches" in run("diff", a, a, code=2)


def test_a_sample_is_set_beside_a_whole():
    whole, sample = Distinct(1 << 20), Distinct(1 << 12)
    hashes = pl.Series(range(20_000), dtype=pl.Int64).hash(1)
    whole.add(hashes)
    sample.add(hashes.head(15_000))
    numbers = [casefile._keyed(s.hashes(), 7) for s in (whole, sample)]
    one, other = (whole.shift, numbers[0]), (sample.shift, numbers[1])
    found = compare._shared(("nir",), one, other, 11)
    assert not found.exact
    assert found.common == pytest.approx(15_000, abs=4 * found.standard_error)
    assert found.share_there == 1
    assert found.share_here == pytest.approx(0.75, abs=0.03)


def test_oddities_that_both_show_are_named(tmp_path, persons):
    odd = NIR | NAMES | {"VIDE": lambda _: "", "DT_VISITE": lambda p: "01/01/1900" if len(p.last) % 2 else "03/04/2019"}
    a, b = scanned(tmp_path, "a", persons[:N], odd), scanned(tmp_path, "b", persons[N:], odd)
    found = {x["id"]: x["columns"] for x in json.loads(run("diff", a, b, "-f", "json"))["anomalies"]}
    assert found["empty_columns"] == ["VIDE"]
    assert found["default_dates"] == ["DT_VISITE"]
    assert "same_order_of_columns" in found
