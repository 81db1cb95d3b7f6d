"""The way out for untrusted text, and figures in two languages."""

from __future__ import annotations

import json
import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from triage import text

UNSAFE = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(alphabet=st.characters(codec=None), max_size=300))
@example("x" * text.NAME_LENGTH + "y")
def test_safe_name_is_safe_short_and_idempotent(name):
    safe = text.safe_name(name)
    assert not {unicodedata.category(c) for c in safe} & UNSAFE
    assert len(safe) <= text.NAME_LENGTH
    assert text.safe_name(safe) == safe


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("N° Sécu", "N° Sécu"),
        ("\x1b]0;x\x07", "�]0;x�"),
        ("a\nb\tc", "a�b�c"),
        ("exe.\u202egpj", "exe.�gpj"),  # right-to-left override
        ("line\u2028end", "line�end"),
        ("\ud800", "�"),  # a surrogate of a file name that is not UTF-8
        ("zero\u200bwidth", "zero�width"),
    ],
)
def test_safe_name_replaces_what_forges(name, safe):
    assert text.safe_name(name) == safe


@pytest.mark.parametrize(
    "name", ["DATE_NAISS", "nom", "Code postal", "adresse e-mail", "C17", "2019-2020", "MPRCP", "tel. (bureau)", "m²", ""]
)
def test_safe_header_keeps_headers(name):
    assert text.safe_header(name, {"DUPONT", "JEAN"}.__contains__) == name


@pytest.mark.parametrize(
    "name",
    [
        "jean.dupont@example.org",
        "Jean <jean@example.org>",
        "Nom : DUPONT",
        "jean＠example.org",  # full-width, folded before it is judged
        "06 12 34 56 78",
        "+33 (0)6.12.34.56.78",
        "185067511699947",
        "1 85 06 75 116 999 47",
        "285072A00499737",
        "2 85 07 2A 004 997 37",
        "FR76 3000 6000 0112 3456 7890 189",
        "12/03/1985",
        "1985-03-12",
        "DUPONT Jean",
        "Mme Jean-Dupont",
        "jean_dupont",
    ],
)
def test_safe_header_drops_a_cell(name):
    assert text.safe_header(name, {"DUPONT", "JEAN"}.__contains__) == ""


@pytest.mark.parametrize(
    "name", ["public.users", "users_20231015120000", "2024-01-15", "Export du 12/03/2024", "backup 2024.01.31 23h59", "Feuil1", ""]
)
def test_safe_title_keeps_days(name):
    assert text.safe_title(name, {"DUPONT", "JEAN"}.__contains__) == name


@pytest.mark.parametrize(
    "name", ["clients.jean.dupont@free.fr", "x.0612345678", "185067511699947", "clients.Jean DUPONT", "20240115 0612345678"]
)
def test_safe_title_drops_a_key(name):
    assert text.safe_title(name, {"DUPONT", "JEAN"}.__contains__) == ""


@given(st.text())
def test_escaped_json_says_the_same_in_safe_characters(value):
    told = text.escaped(json.dumps([value], ensure_ascii=False, indent=1))
    assert not {unicodedata.category(c) for c in told if c != "\n"} & UNSAFE
    assert json.loads(told) == [value]


def test_one_name_is_a_header():
    assert text.safe_header("Jean", {"DUPONT", "JEAN"}.__contains__) == "Jean"


def test_fold():
    assert text.fold("Hélène-Çécile") == "HELENE-CECILE"


@pytest.mark.parametrize(("n", "left"), [(0, 0), (1, None), (10, None), (11, 11), (12_000, 12_000)])
def test_suppress(n, left):
    assert text.suppress(n) == left


def test_numbers():
    assert text.number(491_840, "fr") == "491\u202f840"
    assert text.number(491_840, "en") == "491,840"
    assert text.number(7, "fr") == "7"
    assert text.decimal(5.0, 1, "fr") == "5,0"
    assert text.decimal(1234.5, 1, "fr") == "1\u202f234,5"
    assert text.decimal(1234.5, 1, "en") == "1,234.5"


@pytest.mark.parametrize(
    ("share", "french", "english"),
    [
        (0.119, "11,9\u00a0%", "11.9%"),
        (0.36, "36\u00a0%", "36%"),
        (1.0, "100\u00a0%", "100%"),
        (0.0, "0\u00a0%", "0%"),
        (0.999_98, "99,998\u00a0%", "99.998%"),
        (0.9996, "99,96\u00a0%", "99.96%"),
        (851 / 16_397_079, "0,0052\u00a0%", "0.0052%"),
        (0.0005, "0,05\u00a0%", "0.05%"),
        (1 / 3, "33,3\u00a0%", "33.3%"),
        (12.5, "1\u202f250\u00a0%", "1,250%"),
    ],
)
def test_percent(share, french, english):
    assert text.percent(share, "fr") == french
    assert text.percent(share, "en") == english


@given(st.integers(1, 10**8), st.integers(1, 10**8))
def test_percent_is_0_or_100_only_when_it_is(a, b):
    n, of = min(a, b), max(a, b)
    said = text.percent(n / of, "en")
    assert said != "0%"
    assert (said == "100%") == (n == of)


@pytest.mark.parametrize(("n", "rounded"), [(0, 0), (7, 7), (999, 999), (479_812, 480_000), (1_445_683, 1_450_000)])
def test_about_keeps_three_digits(n, rounded):
    assert text.about(n) == rounded


@pytest.mark.parametrize(
    ("size", "french", "english"),
    [
        (0, "0\u00a0o", "0\u00a0B"),
        (999, "999\u00a0o", "999\u00a0B"),
        (1_500, "1,5\u00a0ko", "1.5\u00a0kB"),
        (187_000_000, "187\u00a0Mo", "187\u00a0MB"),
        (2_040_000_000, "2,0\u00a0Go", "2.0\u00a0GB"),
        (999_999_999, "1,0\u00a0Go", "1.0\u00a0GB"),
        (3 * 10**15, "3\u202f000\u00a0To", "3,000\u00a0TB"),
    ],
)
def test_volume(size, french, english):
    assert text.volume(size, "fr") == french
    assert text.volume(size, "en") == english
