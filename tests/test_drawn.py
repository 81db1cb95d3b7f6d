"""Tables drawn with lines, and cells that Excel must not reckon: rows are rows, whatever stands between them."""

from __future__ import annotations

import pytest

from triage import driver
from triage.sniff import drawn

NAMES, ROWS = ["id", "nom", "tel"], [[str(n), f"Durand{n}", f"06 12 34 56 {n:02d}"] for n in range(30)]
WIDTH = 14
RULE = "-" * (WIDTH + 2)


def line(cells, left="| ", between=" | ", right=" |"):
    return left + between.join(c.ljust(WIDTH) for c in cells) + right


BOX = "+" + "+".join([RULE] * 3) + "+"
WRITTEN = {
    "mysql": ["", BOX, line(NAMES), BOX, *map(line, ROWS), BOX, "30 rows in set (0.01 sec)"],
    "psql": [line(NAMES, " ", " | ", ""), "+".join([RULE] * 3), *(line(r, " ", " | ", "") for r in ROWS), "(30 rows)", ""],
    "Markdown": [line(NAMES), "|:--|---|--:|", *map(line, ROWS)],
    "a grid": [BOX, line(NAMES), BOX.replace("-", "="), *(part for r in ROWS for part in (line(r), BOX))],
    "unicode": [line(NAMES, "│ ", " │ ", " │"), "├" + "┼".join(["─" * 16] * 3) + "┤", *(line(r, "│ ", " │ ", " │") for r in ROWS)],
}


@pytest.mark.parametrize("how", WRITTEN)
def test_lines_of_a_drawing_are_no_rows(how, tmp_path):
    path = tmp_path / "out.txt"
    path.write_text("\n".join(WRITTEN[how]) + "\n", encoding="utf-8")
    result = driver.scan([path])
    assert [c.name for c in result.columns] == NAMES
    assert (result.tables[0].kind, result.size.rows_total, {c.filled for c in result.columns}) == ("drawn", 30, {30})


def test_a_second_question_to_the_database_is_a_second_table(tmp_path):
    path = tmp_path / "session.txt"
    other = [line(["id", "motif"]), "-" * 40, line(["1", "fièvre"]), line(["2", "toux"])]
    path.write_text("\n".join([*WRITTEN["mysql"], "", *other, "", *WRITTEN["mysql"]]) + "\n", encoding="utf-8")
    result = driver.scan([path])
    assert [(t.table, t.rows_total) for t in result.tables] == [(None, 60), ("#2", 2)]


@pytest.mark.parametrize("text", ["a|b|c\n1|2|3\n" * 20, "Titre\n-----\nUne ligne, puis une autre.\n" * 10, "a;b\n---;---\n1;2\n" * 10])
def test_other_text_is_not_drawn(text):
    assert drawn.of(text) is None


@pytest.mark.parametrize("first", ["", "sep=;\n"])
@pytest.mark.parametrize("names", ["id;nom;tel", '="id";="nom";="tel"'])
def test_what_keeps_excel_from_reckoning_is_no_part_of_a_cell(first, names, tmp_path):
    path = tmp_path / "export.csv"
    path.write_text(first + names + "\n" + "".join(";".join(f'="{c}"' for c in row) + "\n" for row in ROWS), encoding="utf-8")
    result = driver.scan([path])
    assert ([c.name for c in result.columns], result.size.rows_total) == (NAMES, 30)
    assert result.columns[2].label == "phone"
