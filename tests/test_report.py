"""Reports: found by walking, the same bytes each time, nothing hostile passes through them."""

from __future__ import annotations

import csv
import io
import json
import re

import jsonschema
import msgspec
import pytest
import result_factory as factory
from markdown_it import MarkdownIt
from rich.cells import cell_len

from triage import model, report
from triage.report import to_markdown

HOSTILE = (
    '=HYPERLINK("http://evil.example")', "<script>alert(1)</script>", "a|b`c`[x](javascript:alert(1))", "\x1b[31mred\x1b[0m",
    "\u202egpj.exe", "+cmd", "-1+1", "@SUM(A1)", "\t=1", "＝1", "**bold** _it_ # h", "https://evil.example", "www.evil.example", "x" * 500,
)  # fmt: skip


@pytest.fixture(scope="module")
def lab():
    return factory.written(factory.lab())


@pytest.fixture(scope="module")
def hostile():
    """A result whose column names, table name, file names and claimant are hostile."""
    columns = tuple(factory.column(i, "last_name", "identity", 10, rows=10, name=name) for i, name in enumerate(HOSTILE))
    base = factory.result(columns, 10, 10)
    field = msgspec.structs.replace(factory.lab().period.fields[0], column=HOSTILE[2])
    return factory.written(
        msgspec.structs.replace(
            base,
            tables=(factory.table(10, len(columns), table=HOSTILE[1]),),
            inputs=msgspec.structs.replace(
                base.inputs,
                files=tuple(model.InputFile(path=n, bytes=1, sha256=None, kind="csv", status="ok") for n in HOSTILE),
            ),
            claims=(
                model.Claim(by=HOSTILE[3], role="seller", count=1, unit="rows", measured=10, measured_unit="rows", ratio=10.0),
                model.Claim(by=HOSTILE[1], role="press", count=1, unit="rows", measured=None, measured_unit="rows", ratio=None),
            ),
            period=msgspec.structs.replace(factory.lab().period, fields=(field,)),
        ),
    )


def test_reports_are_found_by_walking():
    assert {"text", "json", "markdown", "columns", "inventory"} <= set(report.names())
    assert len({report.file_name(name) for name in report.names()}) == len(report.names())
    with pytest.raises(KeyError):
        report.render(factory.lab(), "nothing", "fr")


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("name", report.names())
@pytest.mark.parametrize("shape", sorted(factory.SHAPES))
def test_every_report_renders_every_shape_the_same_twice(name, language, shape):
    result = factory.written(factory.SHAPES[shape]())
    assert report.render(result, name, language) == report.render(result, name, language) != ""


# --- impact.json


@pytest.mark.parametrize("shape", sorted(factory.SHAPES))
def test_impact_json_fits_its_schema_and_reads_back(shape):
    result = factory.written(factory.SHAPES[shape]())
    text = report.render(result, "json", "fr")
    assert text.endswith("}\n")
    schema = json.loads(report.schema())
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(json.loads(text), schema, cls=jsonschema.Draft202012Validator)
    assert msgspec.json.decode(text, type=model.Result) == result


def test_schema_refuses_another_shape(lab):
    tree = json.loads(report.render(lab, "json", "fr"))
    del tree["size"]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tree, json.loads(report.schema()), cls=jsonschema.Draft202012Validator)


def test_impact_json_keeps_the_contract_names(lab):
    tree = json.loads(report.render(lab, "json", "fr"))
    assert list(tree)[:4] == ["schema_version", "language", "tool", "inputs"]
    assert "class" in tree["columns"][0]
    assert tree["columns"][7]["fill_rate"] == 58_529 / 491_840


# --- the terminal


@pytest.mark.parametrize("language", ["fr", "en"])
def test_piped_text_is_plain_and_80_columns(lab, language, monkeypatch):
    for name, value in {"FORCE_COLOR": "1", "COLUMNS": "40", "TERM": "xterm-256color", "CLICOLOR_FORCE": "1"}.items():
        monkeypatch.setenv(name, value)
    text = report.render(lab, "text", language)
    assert "\x1b" not in text
    assert max(len(line) for line in text.splitlines()) <= 80
    assert not re.search(r"[ \t]+$", text, re.MULTILINE)


def test_terminal_has_colours(lab):
    coloured = report.render(lab, "text", "fr", tty=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[0-9;]*m", "", coloured).split() == report.render(lab, "text", "fr").split()


def test_no_line_breaks_at_a_no_break_space(lab):
    text = report.render(lab, "text", "fr")
    assert not re.search("[\u202f\u00a0]$", text, re.MULTILINE)
    assert not re.search("^ *[%;:»]", text, re.MULTILINE)


def test_text_holds_every_sentence(lab):
    for language in ("fr", "en"):
        flat = " ".join(report.render(lab, "text", language).split())
        for sentence in getattr(lab.summary, language):
            assert " ".join(sentence.text.split()) in flat


def test_text_names_problems_with_their_remedy(lab):
    assert "1 × encodage deviné → --encoding" in report.render(lab, "text", "fr")
    assert "1 × not UTF-8 and no mark; a single-byte encoding was chosen → --encoding" in report.render(lab, "text", "en")


def test_hostile_names_forge_nothing_in_a_terminal(hostile):
    for tty in (False, True):
        text = report.render(hostile, "text", "fr", tty=tty)
        assert "\x1b[31m" not in re.sub(r"\x1b\[1;31m|\x1b\[31m(?=━)", "", text)
        assert "\u202e" not in text


@pytest.mark.parametrize("name", ["text", "markdown", "columns"])
def test_file_names_are_in_impact_json_and_inventory_only(lab, name):
    assert "Export" not in report.render(lab, name, "fr")


# --- Markdown


def test_hostile_names_stay_text_in_markdown(hostile):
    text = report.render(hostile, "markdown", "fr")
    tokens = MarkdownIt("gfm-like", {"html": True, "linkify": False}).parse(text)
    kinds = {t.type for token in tokens for t in (token, *(token.children or ()))}
    assert not kinds & {"link_open", "image", "html_block", "html_inline", "code_inline", "code_block", "em_open"}
    assert not re.search(r"(?i)https?:/|www\.|javascript:", text)


def test_markdown_table_has_one_row_a_column(hostile):
    html = MarkdownIt("commonmark").enable("table").render(report.render(hostile, "markdown", "fr"))
    assert html.count("<tr>") == len(HOSTILE) + 1
    assert "<script" not in html


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("21.8%", "21.8%"),
        ("1. a", "1\\. a"),
        ("2) b", "2\\) b"),
        ("- c", "\\- c"),
        ("-1", "-1"),
        ("---", "\\---"),
        ("a|b", "a\\|b"),
        ("491 840", "491 840"),
    ],
)
def test_markdown_escapes_what_means_something(text, escaped):
    assert to_markdown.escape(text) == escaped


# --- CSV


def _rows(text):
    return list(csv.DictReader(io.StringIO(text, newline="")))


@pytest.mark.parametrize("name", ["columns", "inventory"])
def test_spreadsheets_get_no_formula(hostile, name):
    text = report.render(hostile, name, "fr")
    for row in csv.reader(io.StringIO(text, newline="")):
        for cell in row:
            assert not cell.startswith(("=", "+", "-", "@", "\t", "\r", "＝", "＋", "－", "＠"))
            assert "\x1b" not in cell
    assert all(line.startswith('"') and line.endswith('"') for line in text.split("\r\n")[:-1])


def test_columns_csv_holds_every_column(lab):
    rows = _rows(report.render(lab, "columns", "fr"))
    assert [row["label"] for row in rows] == [c.label for c in lab.columns]
    assert rows[2]["valid_rate"] == "0.998"
    assert rows[0]["valid_rate"] == ""
    assert rows[12]["art9"] == "true"


def test_inventory_lists_every_file_with_its_problems():
    result = factory.everything()
    rows = _rows(report.render(result, "inventory", "fr"))
    assert [row["path"] for row in rows] == [file.path for file in result.inputs.files]
    assert rows[1]["problems"] == "truncated=1|rows_rejected=1"
    assert rows[1]["status"] == "partial"


def test_a_long_name_gives_way_to_figures(hostile):
    columns = tuple(
        factory.column(i, "sexual_orientation", "special", 33_333, rows=100_000, name="漢字" * 40, role="professional", valid=0.999_98)
        for i in range(3)
    )
    for result in (hostile, factory.written(factory.result(columns, 100_000, 10))):
        for language in ("fr", "en"):
            lines = report.render(result, "text", language).splitlines()
            assert max(cell_len(line) for line in lines) <= 80
    assert sum("sexual_orientation  professional" in line and "33.3%  99.998%" in line for line in lines) == 3
