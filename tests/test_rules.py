"""Rules: what loads, what is refused and how it is said, and that every example holds in the real engine."""

from __future__ import annotations

import time

import polars as pl
import pytest

from triage import resources, rules
from triage.detect import trial
from triage.detect.probe import probe

SHIPPED = rules.load(resources.rules_dir())
GOOD = """
id = "badge"
title = { fr = "badge", en = "badge" }
class = "generic"
content_decidable = true
[header]
any = ["badge"]
[value]
pattern = 'BDG\\d{6}'
[examples]
match = ["BDG123456"]
no_match = [{ value = "BDG12", why = "too short" }]
"""


def pack(folder, text, name="badge"):
    folder.mkdir(exist_ok=True)
    (folder / f"{name}.toml").write_text(text, "utf-8")
    return folder


def test_every_example_of_every_rule_holds():
    assert [str(f) for f in rules.test(SHIPPED)] == []


def test_every_rule_shows_what_it_is_and_what_it_is_not():
    assert [k for k, r in SHIPPED.items() if r.text is None and len(r.examples.match) < 4] == []
    assert [k for k, r in SHIPPED.items() if not r.references or not r.false_positives] == []
    assert [k for k, r in SHIPPED.items() if k != "category" and len(r.examples.no_match) < 8] == []


def test_a_rule_never_matches_the_examples_of_a_keyed_one():
    """Forms overlap, keys do not: no value of one keyed label is whole for another, but for the keys they share."""
    shared = {frozenset(p) for p in (("siren", "finess"), ("siren", "adeli"), ("finess", "adeli"), ("postal_code", "insee_code"))}
    keyed = {k: r for k, r in SHIPPED.items() if r.value.validator in {"nir", "luhn", "siret", "finess", "iban"}}
    for one, rule in keyed.items():
        for other, examples in keyed.items():
            if one != other and frozenset((one, other)) not in shared:
                assert not any(trial.holds(rule, pl.Series("cell", examples.examples.match))), (one, other)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (("class = ", "clas = "), "clas"),
        (('id = "badge"', 'id = "bagde"'), 'write id = "badge"'),
        (('class = "generic"', 'class = "secret"'), "is not in classes.toml"),
        (("BDG\\d{6}", "BDG(?=x)"), "Rust"),
        (('match = ["BDG123456"]', "match = []"), "add one to [examples] match"),
        (('no_match = [{ value = "BDG12", why = "too short" }]', "no_match = []"), "no_match"),
        (("[value]", '[value]\nvalidator = "sha"'), "use one of"),
        (("[header]", "[header"), "not TOML"),
        (("[value]", "[value]\nmin_length = 9\nmax_length = 3"), "min_length"),
    ],
)
def test_a_rule_that_cannot_work_is_refused_with_its_remedy(tmp_path, change, said):
    folder = pack(tmp_path / "pack", GOOD.replace(*change))
    with pytest.raises(rules.RuleError) as refused:
        rules.load(resources.rules_dir(), folder)
    assert "badge.toml" in str(refused.value)
    assert said in str(refused.value)


def test_a_label_is_one_file(tmp_path):
    folder = pack(tmp_path / "pack", GOOD)
    known = rules.load(resources.rules_dir(), folder)
    frame = pl.DataFrame({"c0": [f"BDG{n:06d}" for n in range(50)], "c1": ["x"] * 50})
    assert probe(frame, ["", ""], known).columns[0].label == "badge"


def test_a_pack_replaces_a_shipped_rule_and_changes_the_hash(tmp_path):
    folder = pack(tmp_path / "pack", GOOD.replace('id = "badge"', 'id = "mac"'), "mac")
    known = rules.load(resources.rules_dir(), folder)
    assert known["mac"].title.fr == "badge"
    assert len(known) == len(SHIPPED)
    assert known.hash != SHIPPED.hash
    assert rules.load(resources.rules_dir()).hash == SHIPPED.hash


def test_a_failing_example_is_named(tmp_path):
    folder = pack(tmp_path / "pack", GOOD.replace("BDG123456", "BDX123456"))
    known = rules.load(resources.rules_dir(), folder)
    assert [str(f) for f in rules.test(known)] == ['badge: "BDX123456" must be found']


def test_an_empty_folder_is_said(tmp_path):
    with pytest.raises(rules.RuleError, match="no rule file"):
        rules.load(tmp_path)


def test_loading_is_quick():
    best = min(_timed() for _ in range(3))
    assert best < 0.5


def _timed():
    start = time.perf_counter()
    rules.load(resources.rules_dir())
    return time.perf_counter() - start
