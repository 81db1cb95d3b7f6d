"""Blocks of named lines: cards are records, other text with colons is not."""

from __future__ import annotations

import pytest

from triage import driver
from triage.options import Options
from triage.sniff import fields

CARD = "Nom : Durand{n}\nPrénom : Anne\nTél : 06 12 34 5{n} 78\nMotif : fièvre\n  depuis hier\n"


def cards(n, between="\n"):
    return between.join(CARD.format(n=i % 10) for i in range(n))


@pytest.mark.parametrize("between", ["\n", "", "-----\n", "\n\n== suite ==\n\n"])
def test_a_block_is_a_row_whatever_parts_them(between, tmp_path):
    path = tmp_path / "fiches.txt"
    path.write_text(cards(30, between), encoding="utf-8")
    result = driver.scan([path])
    assert [c.name for c in result.columns] == ["Nom", "Prénom", "Tél", "Motif"]
    assert (result.tables[0].kind, result.size.rows_total) == ("fields", 30)


def test_blocks_are_whole_wherever_the_stream_is_cut(tmp_path):
    path = tmp_path / "fiches.txt"
    path.write_text(cards(500), encoding="utf-8")
    small = Options().limits.with_values({"segment_bytes": 1000, "record_bytes": 700})
    result = driver.scan([path], Options(limits=small))
    assert (result.size.rows_total, {c.filled for c in result.columns}) == (500, {500})


def test_a_name_that_comes_twice_is_a_list_and_one_that_lacks_is_empty():
    text = "Nom: A\nTel: 1\nTel: 2\n\nNom: B\nMail: x\n\nNom: C\nTel: 3\n\nTel: 4\n"
    assert [dict(b) for b in fields.blocks(text.split("\n"), "Nom")][1:] == [
        {"Nom": "B", "Mail": "x"},
        {"Nom": "C", "Tel": "3"},
        {"Tel": "4"},
    ]


def test_a_title_above_is_no_card_and_blank_lines_are_not_needed(tmp_path):
    path = tmp_path / "fiches.txt"
    path.write_text("Cabinet : semaine 12\n" + cards(30, ""), encoding="utf-8")
    result = driver.scan([path])
    assert (result.columns[0].name, result.size.rows_total) == ("Nom", 30)


@pytest.mark.parametrize(
    "text",
    [
        "France : 12\nItalie : 13\nFrance : 14\nFrance : 3\nItalie : 4\nItalie : 13\nFrance : 1\n",
        "User-agent: *\nDisallow: /a\nDisallow: /b\nDisallow: /c\nDisallow: /d\nUser-agent: x\nDisallow: /e\nUser-agent: y\n",
        "http://a.fr/1\nhttp://a.fr/2\nhttp://b.fr/3\nhttp://b.fr/4\nhttp://b.fr/5\nhttp://b.fr/6\n",
        "10:12 bonjour\n10:13 salut\n10:14 merci\n10:15 de rien\n10:16 au revoir\n10:17 bis\n",
        "Question : il pleut.\nOn rentre, on attend.\nPuis on sort et on joue dehors.\nFin.\nRideau.\nQuestion : oui.\n",
        "a@b.fr:secret1\nc@d.fr:secret2\ne@f.fr:secret3\ng@h.fr:secret4\n",
    ],
)
def test_other_text_with_colons_is_no_card(text):
    assert fields.of(text * 3) is None


def test_a_card_without_end_is_said_to_be_too_long(tmp_path):
    path = tmp_path / "fiches.txt"
    path.write_text(cards(1200) + "\nNom : X\n" + "suite sans fin\n" * 2000 + cards(3), encoding="utf-8")
    small = Options().limits.with_values({"segment_bytes": 4000, "record_bytes": 3000})
    result = driver.scan([path], Options(limits=small))
    assert "record_too_long" in {p.code for p in result.problems}
    assert result.size.rows_total >= 1203
