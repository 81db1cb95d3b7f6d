"""Columns of fixed width: told where cells stand one below the other, and nowhere else."""

from __future__ import annotations

from io import BytesIO

import pytest

from triage.entry import Entry
from triage.limits import Limits
from triage.options import Options, Reading
from triage.readers import READERS, Job
from triage.sniff import sniff

ROWS = [("DUPONT", "MARIE CLAIRE", "12/03/1961", "1 200"), ("LE GOFF", "YANN", "01/11/1984", "7"), ("ROUX", "JEAN", "17/09/1949", "35")] * 3
PROSE = (
    "Le patient a été vu le 3 mars. Il se plaint d'une douleur\nau genou depuis deux mois, sans fièvre ni traumatisme,\n"
    "et demande un arrêt de travail.\nL'examen montre une gêne à la flexion.\nUne radiographie est demandée, à revoir\nen avril.\n"
)
LAID_OUT = "def f(x):\n    if x:\n        return 1\n    return 2\n\n\ndef g(y):\n    for z in y:\n        f(z)\n"


def padded(rows: list[tuple[str, ...]]) -> str:
    return "".join(f"{a:<10}{b:<15}{c:<12}{d:>6}\n" for a, b, c, d in rows)


def shape(text: str):
    return sniff(text.encode(), Reading(), Limits(), whole=True)


def test_rows_and_header_of_padded_columns():
    text = padded([("nom", "prenom", "naissance", "solde"), *ROWS])
    found = shape(text)
    assert (found.kind, found.names, found.starts[0]) == ("fixed", ("nom", "prenom", "naissance", "solde"), 0)
    job = Job(Entry("a.txt", lambda: BytesIO(text.encode())), found, Options())
    (segment,) = READERS.of("fixed").segments(job)
    rows = segment.read()
    assert (rows.counts.read, rows.counts.header) == (len(ROWS), 1)
    assert rows.frame.rows()[1] == ("LE GOFF", "YANN", "01/11/1984", "7")


@pytest.mark.parametrize(
    "text",
    [PROSE, LAID_OUT, "a;b;c\n1;2;3\n" * 9, "Dear  all,\n\nplease  come.\n" * 4, "one two\nthree four\nfive six\nseven eight\nnine ten\n"],
)
def test_other_text_is_not(text):
    assert shape(text).kind != "fixed"
