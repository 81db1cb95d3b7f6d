"""Documents: paragraphs and pages are rows, tables are tables, and nothing in them is followed or expanded."""

from __future__ import annotations

import io
import zipfile

import pypdf
import pytest

import triage
from triage.limits import Limits
from triage.options import Options

PEOPLE = [["Nom", "Email"], *[[f"DURAND{i}", f"p{i}@example.org"] for i in range(15)]]


def scan(tmp_path, data):
    path = tmp_path / "document"
    path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return triage.scan([path])


def zipped(**parts):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), text)
    return made.getvalue()


def docx(before=""):
    rows = "".join("<w:tr>" + "".join(f"<w:tc><w:p><w:r><w:t>{c}</w:t></w:r></w:p></w:tc>" for c in r) + "</w:tr>" for r in PEOPLE)
    body = f"<w:p><w:r><w:t>Bonjour &amp; merci</w:t></w:r></w:p><w:tbl>{rows}</w:tbl><w:p><w:r><w:t>Fin</w:t></w:r></w:p>"
    return zipped(word__document_DOT_xml=f'<?xml version="1.0"?>{before}<w:document xmlns:w="urn:w"><w:body>{body}</w:body></w:document>')


def odt():
    rows = "".join("<t:table-row>" + "".join(f"<t:table-cell><x:p>{c}</x:p></t:table-cell>" for c in r) + "</t:table-row>" for r in PEOPLE)
    body = f'<o xmlns:x="urn:x" xmlns:t="urn:t"><x:h>Bonjour</x:h><t:table>{rows}</t:table><x:p>Fin</x:p></o>'
    return zipped(mimetype="application/vnd.oasis.opendocument.text", content_DOT_xml=body)


def page():
    rows = "".join("<tr>" + "".join(f"<td>{c}</td>" for c in r) + "</tr>" for r in PEOPLE)
    return f"<!DOCTYPE html><html><body><p>Bonjour</p><script>no()</script><table>{rows}</table><p>Fin</p></body></html>"


@pytest.mark.parametrize("make", [docx, odt, page])
def test_text_and_tables(tmp_path, make):
    result = scan(tmp_path, make())
    assert [(t.table, t.rows_total) for t in result.tables] == [(None, 2), ("table 1", 15)]
    assert [(c.name, c.label, c.filled) for c in result.columns if c.table == 1][1] == ("Email", "email", 15)
    assert result.inputs.files[0].status == "ok"


def test_a_document_type_ends_the_reading(tmp_path):
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
    result = scan(tmp_path, docx(laughs))
    assert [p.code for p in result.inputs.files[0].problems] == ["corrupt"]


def test_rtf(tmp_path):
    result = scan(tmp_path, rb"{\rtf1\ansi Le patient est s\'e9ropositif.\par Fin\par}")
    assert [(t.kind, t.rows_total) for t in result.tables] == [("rtf", 2)]


def test_a_page_without_text_is_not_text(tmp_path):
    made = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(made)
    result = scan(tmp_path, made.getvalue())
    assert {p.code for p in result.inputs.files[0].problems} == {"not_text"}


def test_a_damaged_pdf_has_a_problem(tmp_path):
    result = scan(tmp_path, b"%PDF-1.4\n1 0 obj <<")
    assert {p.code for p in result.inputs.files[0].problems} == {"corrupt"}


def test_pages_beyond_the_limit_are_said(tmp_path):
    out = io.BytesIO()
    writer = pypdf.PdfWriter()
    for _ in range(5):
        writer.add_blank_page(100, 100)
    writer.write(out)
    path = tmp_path / "a.pdf"
    path.write_bytes(out.getvalue())
    counts = {p.code: p.count for p in triage.scan([path], Options(limits=Limits(members=3))).problems}
    assert counts == {"not_text": 3, "too_many_members": 1}
