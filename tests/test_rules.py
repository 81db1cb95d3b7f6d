"""Rules: what loads, what is refused and how it is said, and that every example holds in the real engine."""

from __future__ import annotations

import time

import polars as pl
import pytest

from triage import classes, resources, rules
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


# The labels of the contract, by family; `unknown` and `empty` are no rules.
LABELS = """
nir nir_key ins first_name last_name birth_name full_name birth_date birth_place death_date sex title age nationality
marital_status household profession photo
phone email address postal_code city department country insee_code lat_long door_code
blood_group prescription drug posology diagnosis medical_act lab_result vital_sign allergy optical_correction health_text
practitioner rpps adeli finess specialty insurer_id insurer reimbursement health_facility patient_id appointment
iban bic rib card card_expiry cvv income amount
tax_id passport id_card driving_licence residence_permit vehicle_plate vin
siren siret vat company contract_id loyalty purchase
login password password_hash api_secret security_answer
ip mac imei sim uuid url user_agent crypto_wallet
religion political_view union_membership sexual_orientation ethnicity offence biometric genetic
date datetime number code category boolean id free_text message
"""


def test_every_label_of_the_contract_has_a_rule_and_no_other_has():
    assert sorted(SHIPPED) == sorted(LABELS.split())


def test_every_rule_shows_what_it_is_and_what_it_is_not():
    assert [k for k, r in SHIPPED.items() if len(r.examples.match) < 5] == []
    assert [k for k, r in SHIPPED.items() if len(r.examples.no_match) < 8] == []
    assert [k for k, r in SHIPPED.items() if not r.references or not r.false_positives] == []
    assert [k for k, r in SHIPPED.items() if len(set(r.examples.match)) < len(r.examples.match)] == []


def test_special_categories_are_of_article_9_or_10_and_never_stay_unsaid():
    """What the law singles out is named in the summary however few rows hold it."""
    known = classes.shipped()
    special = [k for k, r in SHIPPED.items() if r.class_ == "special"]
    assert special
    assert all(known.of(k, "special").art9 or known.of(k, "special").art10 for k in special)
    assert all(SHIPPED[k].rare_but_severe and SHIPPED[k].sensitive for k in special)


def test_weights_are_for_labels_there_are():
    known = classes.shipped()
    assert set(known.labels) <= set(SHIPPED)
    assert {m for group in known.groups.values() for m in group} <= set(SHIPPED)
    assert {r.class_ for r in SHIPPED.values()} == set(known.classes)


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
