"""Several tables in one delimited file: each has its own rows, columns and verdicts, and no row is lost between them."""

from __future__ import annotations

import io

import pytest
from delimited_tools import sniffed
from hypothesis import given, settings
from hypothesis import strategies as st

import triage
from triage.limits import Limits
from triage.options import Reading
from triage.readers.delimited import cut

NARROW = "patient;pathologie\n" + "".join(f"{1000 + n};diabète de type 2, sous insuline {n}\n" for n in range(40))
WIDE = "id;nom;email;ville;montant\n" + "".join(f"{n};N{n};a{n}@example.org;Rennes;{n},5\n" for n in range(300))
OTHER = "ref;marque;site;prix;stock\n" + "".join(f"R{n};Acme;www.example.org/{n};{n}.99 €;beaucoup\n" for n in range(200))
LIST = "".join(f"a{n}@example.org\n" for n in range(60))


def tables(text: str, **limits: int):
    """Columns, rows and lines that are no rows, by table."""
    data, found = text.encode(), {}
    for segment in cut(io.BytesIO(data), sniffed(data), Limits().with_values(limits), Reading()):
        head, rows = segment.head, segment.read()
        before = found.setdefault(head.key, [head.shape.names if head.shape.header else (), [], []])
        before[1] += [[c or "" for c in row] for row in rows.frame.select(f"c{i}" for i in range(head.shape.width)).rows()]
        before[2].append(rows.counts)
    return found


def plain(text: str, delimiter: str = ";"):
    return [line.split(delimiter) for line in text.split("\n")[:-1]]


SEPARATED = {
    "blank line": NARROW + "\n" + WIDE,
    "no line": NARROW + WIDE,
    "titles": "Pathologies\n" + NARROW + "\n\nComptes\n" + WIDE,
    "a title padded with delimiters": NARROW + ";\n" + "Comptes;;;;\n" + WIDE,
}


@pytest.mark.parametrize("way", SEPARATED)
@pytest.mark.parametrize("size", [300, 1 << 20])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_narrow_table_above_a_wide_one_is_no_preamble(way, size, newline):
    (first, second) = tables(SEPARATED[way].replace("\n", newline), segment_bytes=size).values()
    assert [list(first[0]), *first[1]] == plain(NARROW)
    assert [list(second[0]), *second[1]] == plain(WIDE)


@pytest.mark.parametrize("between", ["", "\n", "\n\nRéférences\n", ";;;;\n", "(300 rows)\n\n"])
@pytest.mark.parametrize("size", [4000, 1 << 20])
def test_a_table_of_other_columns_far_down_is_seen(between, size):
    (first, second) = tables(WIDE * 3 + between + OTHER, segment_bytes=size).values()
    assert first[1] == plain(WIDE)[1:] * 3
    assert [list(second[0]), *second[1]] == plain(OTHER)
    assert sum(c.header for c in first[2]) == 3


@pytest.mark.parametrize("rows", [3, 20])
def test_tables_that_take_turns_go_on(rows):
    a, b = ["".join(text.splitlines(keepends=True)[: rows + 1]) for text in (NARROW, WIDE)]
    found = tables(f"{a}\n{b}\n" * 30)
    assert [(len(rows), sum(c.header for c in counts)) for _, rows, counts in found.values()] == [(30 * rows, 30)] * 2


def test_tables_of_other_delimiters_and_a_list():
    found = tables(LIST + "\n" + NARROW.replace(", ", " ").replace(";", ",") + "\n" + WIDE)
    assert [(names, len(rows)) for names, rows, _ in found.values()] == [
        ((), 60),
        (("patient", "pathologie"), 40),
        (("id", "nom", "email", "ville", "montant"), 300),
    ]


def test_spreadsheets_pad_their_tables_to_one_width():
    padded = "".join(line + ";;;\n" for line in NARROW.split("\n")[:-1])
    (first, second) = tables(padded + ";;;;\n" + WIDE).values()
    assert [row[:2] for row in first[1]] == plain(NARROW)[1:]
    assert second[1] == plain(WIDE)[1:]


@pytest.mark.parametrize(
    "text",
    [
        "Export;du 12/03/2020\nAuteur;Dupont\nService;Compta\n\n" + WIDE,
        WIDE + "\nTotal;300\n",
        WIDE.replace("N7;", '"N\n\nref;marque\n1;2\n3;4\n5;6";'),
        "".join(line + "\n\n" for line in WIDE.split("\n")[:-1]),
        "id;nom;email;ville;montant\n" * 3 + WIDE.partition("\n")[2],
        "Cher ami, voici, enfin, la liste\ndes choses, toutes, à faire\n\n" * 50,
    ],
)
def test_one_table_stays_one(text):
    assert len(tables(text)) == 1


def test_the_diagnoses_above_the_accounts_are_found(tmp_path):
    (tmp_path / "export.csv").write_text(NARROW + "\n" + WIDE, encoding="utf-8")
    result = triage.scan([tmp_path / "export.csv"])
    assert [(t.table, t.rows_total) for t in result.tables] == [(None, 40), ("#2", 300)]
    assert result.columns[1].label in {"diagnosis", "health_text"}
    assert result.health.themes


NAMES = ["nom", "code", "ville", "note", "date_naissance", "email", "prix"]
ROW = st.lists(st.sampled_from(["12", "7,5", "a b", "x", "", "2020-01-02"]), min_size=2, max_size=6)


@given(st.lists(st.tuples(st.integers(2, 6), st.integers(4, 9)), min_size=1, max_size=4), st.data(), st.sampled_from([40, 1 << 20]))
@settings(max_examples=60, deadline=None)
def test_whatever_stands_below_what_every_row_is_counted(sizes, data, size):
    """Tables of any widths below each other, with a blank line between: the rows are all there, whichever table they went to."""
    lines, rows = [], 0
    for width, height in sizes:
        lines.append(";".join(NAMES[:width]))
        for _ in range(height):
            cells = data.draw(st.lists(st.sampled_from(["12", "7,5", "x y", "z", "2020-01-02"]), min_size=width, max_size=width))
            lines.append(";".join(cells))
        rows += height
        lines.append("")
    found = tables("\n".join(lines) + "\n", segment_bytes=size)
    counts = [c for _, _, all_counts in found.values() for c in all_counts]
    assert sum(c.total + c.header + c.preamble for c in counts) == rows + len(sizes)
    assert sum(c.header for c in counts) <= len(sizes)
