"""Free text, by properties: what a cell says depends on the cell alone, and keys decide what digits mean."""

from __future__ import annotations

import unicodedata
from functools import cache

import polars as pl
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from stdnum import luhn
from stdnum.iso7064 import mod_97_10

from triage import resources
from triage.detect.folding import fold, settle
from triage.detect.needles import find
from triage.detect.texts import TextScanner

calm = settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow])

# Words of notes, cues and mentions thrown together: what comes out is seldom French and always a cell.
THROWN = (
    "pas de sans recherche mère diabète VIH grossesse AVC HTA TS SA enceinte patient , . ? : non DOLIPRANE 1000 mg 1 cp matin soir x3/j "
    "Diane allergie aspirine (cancer) K sein RAS à jeun 06 12 34 56 78 rappeler mais négatif œdème L'asthme É ß 😀 \u00a0 | ;"
)
WORDS = st.sampled_from(THROWN.split(" "))
NOTES = st.lists(WORDS, min_size=1, max_size=12).map(" ".join).map(str.strip).filter(bool)
ANY_TEXT = st.text(min_size=1, max_size=60)


@cache
def scanner() -> TextScanner:
    return TextScanner(resources.rules_dir())


def plain(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@calm
@given(st.lists(st.one_of(NOTES, ANY_TEXT), min_size=1, max_size=20, unique=True), st.integers(0, 20))
def test_any_partition_gives_the_same_answer(cells, cut):
    """Law 7: a cell is judged alone, whatever stands in the rest of its segment."""
    whole = scanner().scan(pl.Series(cells, dtype=pl.String))
    parts = [scanner().scan(pl.Series(part, dtype=pl.String)) for part in (cells[:cut], cells[cut:])]
    assert whole.equals(pl.concat(parts))


@calm
@given(NOTES)
def test_accents_never_matter_and_capitals_only_for_abbreviations(note):
    found, bare = scanner().scan(pl.Series([note])), scanner().scan(pl.Series([plain(note)]))
    assert found.equals(bare)


@calm
@given(NOTES)
def test_a_banal_clause_beside_changes_nothing(note):
    alone = scanner().scan(pl.Series([note])).row(0, named=True)
    # Capitals tell an abbreviation from a word in mixed case only: the clause keeps the note's.
    banal = "À JEUN DEPUIS MINUIT" if note == note.upper() else "à jeun depuis minuit"
    beside = scanner().scan(pl.Series([f"{banal}. {note}"])).row(0, named=True)
    states = {name for name in alone if ":" in name and not name.startswith("needle:")}
    assert {name for name in states if alone[name]} == {name for name in states if beside[name]}


@calm
@given(st.one_of(NOTES, ANY_TEXT))
def test_a_theme_stands_in_one_state(text):
    row = scanner().scan(pl.Series([text])).row(0, named=True)
    themes = [name.partition(":")[2] for name, value in row.items() if value and ":" in name and not name.startswith("needle:")]
    assert len(themes) == len(set(themes))
    assert row["health"] == bool(themes)


@calm
@given(st.one_of(NOTES, ANY_TEXT))
def test_folding_keeps_offsets_whether_capitals_stay_or_not(text):
    lower = settle(fold(pl.Series([text]))).item()
    cased = settle(fold(pl.Series([text]), lower=False)).item()
    assert lower == cased.lower()
    assert lower.isascii()
    assert "   " not in lower


def needles(text: str) -> set[str]:
    row = find(pl.Series([text])).row(0, named=True)
    return {name.partition(":")[2] for name, value in row.items() if value}


AROUND = st.sampled_from(["{}", "n° {} à revoir", "({})", "voir {}, merci", "ref: {}."])


@calm
@given(
    st.sampled_from("12"),
    st.integers(0, 99),
    st.integers(1, 12),
    st.sampled_from(["01", "33", "75", "95", "2A", "2B"]),
    st.integers(1, 989),
    st.integers(1, 999),
    st.booleans(),
    AROUND,
)
def test_a_nir_in_text_is_found_by_its_key(sex, year, month, department, commune, order, spaced, around):
    parts = [sex, f"{year:02}", f"{month:02}", department, f"{commune:03}", f"{order:03}"]
    number = int("".join(parts).replace("2A", "19").replace("2B", "18"))
    right = 97 - number % 97
    joint = " " if spaced else ""
    assert "nir" in needles(around.format(joint.join([*parts, f"{right:02}"])))
    assert "nir" not in needles(around.format(joint.join([*parts, f"{right % 97 + 1:02}"])))


@calm
@given(st.integers(0, 10**18 - 1), AROUND)
def test_an_iban_in_text_is_found_by_its_key(account, around):
    bank = f"37040044{account % 10**10:010}"
    right = mod_97_10.calc_check_digits(f"{bank}DE")
    wrong = f"{int(right) % 96 + 2:02}"
    assert "iban" in needles(around.format(f"DE{right}{bank}"))
    assert right == wrong or "iban" not in needles(around.format(f"DE{wrong}{bank}"))


@calm
@given(st.integers(0, 10**14 - 1), AROUND)
def test_a_card_in_text_is_found_by_its_key(digits, around):
    body = f"4{digits:014}"
    right = luhn.calc_check_digit(body)
    assert "card" in needles(around.format("carte " + body + right))
    assert "card" not in needles(around.format("carte " + body + str((int(right) + 1) % 10)))
