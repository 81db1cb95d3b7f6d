"""The command: options become what the driver takes, and the exit code says what a script must know."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from triage import arguments, driver, judging, outcome, report
from triage.cli import cli
from triage.version import __version__

ROWS = "nom;prenom;email\n" + "".join(f"DURAND;ANNE;a{n}@example.org\n" for n in range(40))


TRIAGE = [sys.executable, "-m", "triage"]


def run(*words: str | Path):
    return CliRunner().invoke(cli, [str(w) for w in words], prog_name="triage")


@pytest.fixture
def dump(tmp_path) -> Path:
    path = tmp_path / "evidence" / "dump.csv"
    path.parent.mkdir()
    path.write_text(ROWS, "utf-8")
    return path


# --- values of options


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("323069:patients:Dumpsec", (323069, "patients", "Dumpsec", "seller")),
        ("500000:persons:Libération:press", (500000, "persons", "Libération", "press")),
    ],
)
def test_claims(text, value):
    assert arguments.claim(text) == value


@pytest.mark.parametrize(
    "text", ["", "12", "x:rows:A", "-1:rows:A", "12:rows: ", "12:things:A", "12:rows:A:friend", "12:rows:A:press:B", "1.5:rows:A"]
)
def test_faulty_claims(text):
    with pytest.raises(ValueError, match="expected N:UNIT:WHO"):
        arguments.claim(text)


def test_limits():
    assert arguments.limit("cell_bytes=1024") == ("cell_bytes", 1024)
    for text in ("cell_bytes", "cell_bytes=", "cell_bytes=0", "cell_bytes=-1", "cell_bytes=1k"):
        with pytest.raises(ValueError, match="whole number"):
            arguments.limit(text)
    with pytest.raises(ValueError, match=r"docs/limits\.md"):
        arguments.limit("cells=1")


def test_dialect_values():
    assert [arguments.delimiter(t) for t in (";", "tab", "\\t", "||", " ")] == [";", "\t", "\t", "||", " "]
    assert [arguments.quote(t) for t in ("none", "'", '"')] == ["", "'", '"']
    assert arguments.encoding("latin-1") == "latin-1"
    for parse, text in ((arguments.delimiter, ""), (arguments.delimiter, "\n"), (arguments.quote, ""), (arguments.quote, "''")):
        with pytest.raises(ValueError, match="expected"):
            parse(text)
    for name in ("nothing", "rot13", "hex"):
        with pytest.raises(ValueError, match="unknown encoding"):
            arguments.encoding(name)


# --- scan


def test_one_report_is_printed_and_nothing_written(dump):
    done = run("scan", dump)
    assert done.exit_code == 0, done.output
    assert "40" in done.stdout
    assert [p.name for p in dump.parent.iterdir()] == ["dump.csv"]


def test_a_folder_of_reports(dump, tmp_path):
    out = tmp_path / "out"
    done = run("scan", dump, "-o", out)
    assert (done.exit_code, done.stdout) == (0, "")
    names = {p.name for p in out.iterdir()}
    assert {"impact.json", "impact.md", "columns.csv", "inventory.csv", "run.json"} <= names
    assert {p.stat().st_mode & 0o777 for p in out.rglob("*") if p.is_file()} == {0o600}
    assert (out / ".case").stat().st_mode & 0o777 == 0o700


def test_named_reports_come_with_impact_json(dump, tmp_path):
    run("scan", dump, "-o", tmp_path / "out", "-f", "markdown")
    assert {"impact.json", "impact.md"} <= {p.name for p in (tmp_path / "out").iterdir()}
    assert not (tmp_path / "out" / "columns.csv").exists()


def test_standard_input(dump):
    done = subprocess.run([*TRIAGE, "scan", "-", "-f", "json"], input=dump.read_bytes(), capture_output=True, check=True)
    told = json.loads(done.stdout)
    assert told["inputs"]["files"][0]["path"] == "stdin"
    assert told["size"]["rows_total"] == 40


def test_the_language_is_french_unless_asked(dump):
    assert json.loads(run("scan", dump, "-f", "json").stdout)["language"] == "fr"
    assert json.loads(run("scan", dump, "-f", "json", "--lang", "en").stdout)["language"] == "en"


def test_reading_options_win(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b;c\n" * 20, "utf-8")
    told = json.loads(run("scan", path, "-f", "json", "--delimiter", ",", "--no-header", "--quote", "none").stdout)
    (table,) = told["tables"]
    assert (table["delimiter"], table["header"], table["rows_total"], table["quote"]) == (",", False, 20, None)


def test_every_option_reaches_the_driver(dump, monkeypatch):
    seen = {}

    def scan(paths, options, *_others):
        seen.update(paths=paths, options=options)
        raise SystemExit(0)

    monkeypatch.setattr(driver, "scan", scan)
    run(
        *(
            "scan",
            dump,
            "--lang",
            "en",
            "--encoding",
            "cp1252",
            "--delimiter",
            "tab",
            "--quote",
            "none",
            "--header",
            "--follow",
            "--verify",
        ),
        *(
            "--only",
            "email",
            "--except",
            "phone",
            "--claim",
            "40:rows:X",
            "--exposure",
            "public",
            "--no-malicious",
            "--controller",
            "health",
        ),
        *("--date", "2021-02-23", "--jobs", "3", "--limit", "cell_bytes=10"),
    )
    options = seen["options"]
    assert seen["paths"] == (dump,)
    assert (options.language, options.follow, options.verify, options.jobs) == ("en", True, True, 3)
    assert (options.only, options.excluded) == (frozenset({"email"}), frozenset({"phone"}))
    assert (options.reading.encoding, options.reading.delimiter, options.reading.quote, options.reading.header) == (
        "cp1252",
        "\t",
        "",
        True,
    )
    context = options.context
    assert (context.exposure, context.malicious, context.controller, str(context.date)) == ("public", False, "health", "2021-02-23")
    assert context.claims == ((40, "rows", "X", "seller"),)
    assert options.limits.cell_bytes == 10


@pytest.mark.parametrize(
    ("words", "text"),
    [
        (["scan"], "Missing argument"),
        (["scan", "none.csv"], "does not exist"),
        (["scan", "{dump}", "-f", "text", "-f", "json"], "need -o DIR"),
        (["scan", "{dump}", "-f", "poster"], "no report is called 'poster'"),
        (["scan", "{dump}", "--only", "shoe_size"], "no label is called 'shoe_size'"),
        (["scan", "{dump}", "-o", "{folder}"], "among the evidence"),
        (["scan", "{folder}", "-o", "{folder}/out"], "among the evidence"),
        (["scan", "{dump}", "--limit", "cells=1"], "no limit has this name"),
        (["scan", "{dump}", "--claim", "many:rows:X"], "expected N:UNIT:WHO"),
        (["scan", "{dump}", "--encoding", "rot13"], "unknown encoding"),
        (["scan", "{dump}", "--jobs", "0"], "not in the range"),
        (["report"], "give the impact.json"),
        (["report", "{dump}"], "not an impact.json"),
        (["rules", "show", "shoe_size"], "no label is called"),
        (["samples", "make", "nothing", "--rows", "1", "-o", "x"], "no recipe is called"),
        (["samples", "make", "lab", "--rows", "1", "-o", "{dump}/x/y"], "cannot write"),
    ],
)
def test_usage_errors(dump, words, text):
    done = run(*(w.format(dump=dump, folder=dump.parent) for w in words))
    assert done.exit_code == 2, done.output
    assert text in done.stderr
    assert [p.name for p in dump.parent.iterdir()] == ["dump.csv"]


def test_a_faulty_rule_is_a_usage_error(dump, tmp_path):
    pack = tmp_path / "pack" / "x"
    pack.mkdir(parents=True)
    (pack / "badge.toml").write_text('id = "badge"\n', "utf-8")
    done = run("scan", dump, "--rules", tmp_path / "pack")
    assert done.exit_code == 2
    assert "badge.toml" in done.stderr


# --- exit codes


def test_incomplete_is_3_and_may_be_waived(dump):
    (dump.parent / "archive.zip").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    assert run("scan", dump.parent).exit_code == 3
    waived = run("scan", dump.parent, "--skip-unreadable", "-f", "json")
    assert waived.exit_code == 0
    assert {"code": outcome.WAIVED} in json.loads(waived.stdout)["limits"]


def test_an_image_is_not_incomplete(dump):
    (dump.parent / "photo.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    assert run("scan", dump.parent).exit_code == 0


def test_fail_on_a_band(dump):
    band = json.loads(run("scan", dump, "-f", "json").stdout)["severity"]["enisa"]["band"]
    codes = [run("scan", dump, "--fail-on", b).exit_code for b in outcome.BANDS]
    assert codes == [1 if n <= outcome.BANDS.index(band) else 0 for n in range(4)]


def test_incomplete_goes_before_a_band(dump):
    (dump.parent / "archive.zip").write_bytes(b"PK\x03\x04" + b"\0" * 100)
    assert run("scan", dump.parent, "--fail-on", "low").exit_code == 3
    assert run("scan", dump.parent, "--fail-on", "low", "--skip-unreadable").exit_code == 1


@pytest.mark.parametrize("debug", [False, True])
def test_an_internal_error_tells_its_place_and_no_value(dump, monkeypatch, debug):
    class Panic(BaseException):
        """As polars' panics: no Exception."""

    def fails(*_args, **_kwargs):
        raise Panic("CANARY")

    monkeypatch.setattr(judging, "tools", fails)
    done = run("scan", dump, *(["--debug"] if debug else []))
    assert done.exit_code == 4
    assert "CANARY" not in done.output
    assert re.search(r"internal error \(Panic\) in ((cli|shell)\.py:\d+ > )*driver\.py:\d+", done.stderr)
    assert ("cli.py" in done.stderr) == debug


# --- report and the other commands


def test_reports_are_made_again_from_impact_json(dump, tmp_path):
    out = tmp_path / "out"
    run("scan", dump, "-o", out)
    for name in report.names():
        again = run("report", out / "impact.json", "-f", name)
        assert again.exit_code == 0, again.output
        written = out / report.file_name(name)
        if written.exists():
            assert again.stdout == written.read_text("utf-8")
    assert run("report", out, "--lang", "en").stdout != run("report", out).stdout
    run("report", out, "-f", "json", "-o", tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == (out / "impact.json").read_bytes()


def test_the_schema_is_printed():
    assert json.loads(run("report", "--schema").stdout)


def test_rules_commands():
    assert re.search(r"^email +contact +", run("rules", "list").stdout, re.MULTILINE)
    assert 'id = "email"' in run("rules", "show", "email").stdout
    for check in ("test", "lint"):
        done = run("rules", check)
        assert done.exit_code == 0, done.stdout


def test_a_new_rule_loads_as_it_is_and_lint_says_what_it_lacks(tmp_path):
    pack = tmp_path / "pack"
    assert run("rules", "new", "ticket", "-o", pack).exit_code == 0
    assert (pack / "ticket.toml").read_text() == run("rules", "new", "ticket").stdout
    assert run("rules", "test", "--rules", pack).exit_code == 0
    lacking = run("rules", "lint", "--rules", pack)
    assert lacking.exit_code == 1
    assert "add 4 to [examples] match" in lacking.stdout
    assert "write references" in lacking.stdout


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (('id = "ticket"', 'id = "tickets"'), 'write id = "ticket"'),
        (('["ABC123456"]', '["ABX12345"]'), "correct the pattern or the example"),
        (('any = ["ticket"]', 'any = ["ticket", "-"]'), "take it out"),
        (('any = ["ticket"]', 'any = ["ticket"]\nweek = ["x"]'), "rules/README.md lists the keys"),
        (("pattern = '[A-Z]{3}\\d{6}'", ""), "add 4 to [examples] match"),
    ],
)
def test_each_complaint_of_lint_says_what_to_type(tmp_path, change, said):
    run("rules", "new", "ticket", "-o", tmp_path / "pack")
    file = tmp_path / "pack" / "ticket.toml"
    file.write_text(file.read_text().replace(*change))
    done = run("rules", "lint", "--rules", tmp_path / "pack")
    assert done.exit_code == 1
    assert said in done.stdout


def test_a_rule_dropped_in_a_folder_is_found_by_the_scan(tmp_path):
    run("rules", "new", "ticket", "-o", tmp_path / "pack")
    (tmp_path / "t.csv").write_text("nom;ticket\n" + "".join(f"DURAND;TIC{n:06d}\n" for n in range(40)))
    result = driver.scan([tmp_path / "t.csv"], arguments.Options(rules=(tmp_path / "pack",)))
    assert [c.label for c in result.columns][1] == "ticket"


def test_what_was_left_out_is_said(tmp_path):
    (tmp_path / "t.csv").write_text(ROWS)
    left = driver.scan([tmp_path / "t.csv"], arguments.Options(excluded=frozenset({"email"}), allowed=frozenset({"NOM"})))
    assert not {"last_name", "email"} & {c.label for c in left.columns}
    assert [c.filled for c in left.columns] == [40, 40, 40]
    text = report.render(left, "markdown", "en")
    assert "these types were not looked for (email)" in text
    assert "columns put aside as the user asked (1)" in text
    whole = driver.scan([tmp_path / "t.csv"], arguments.Options(allowed=frozenset({"t.*"})))
    assert not {"last_name", "first_name", "email"} & {c.label for c in whole.columns}
    only = driver.scan([tmp_path / "t.csv"], arguments.Options(only=frozenset({"email"})))
    assert [c.label for c in only.columns][2] == "email"
    assert "seuls ces types ont été cherchés (email)" in report.render(only, "markdown", "fr")


def test_samples_commands(tmp_path):
    assert "lab" in run("samples", "list").stdout
    assert run("samples", "make", "lab", "--rows", "5", "-o", tmp_path / "a.csv").exit_code == 0
    assert (tmp_path / "a.csv.truth.json").exists()


def test_formats_are_listed():
    lines = run("formats").stdout.splitlines()
    assert {("yes", "delimited"), ("yes", "gz")} <= {tuple(line.split()[:2]) for line in lines}


def test_the_version_names_polars_and_the_rules():
    assert re.fullmatch(rf"triage {re.escape(__version__)} \(polars [\d.]+, rules [0-9a-f]{{12}}\)\n", run("--version").stdout)


# --- the real process


def test_a_reader_that_has_seen_enough_is_no_error(dump):
    ends = os.pipe()
    os.close(ends[0])
    done = subprocess.run([*TRIAGE, "scan", dump, "-f", "json"], stdout=ends[1], stderr=subprocess.PIPE, check=False)
    os.close(ends[1])
    assert (done.returncode, done.stderr) == (0, b"")


def test_usage_errors_end_the_process_with_2():
    done = subprocess.run([*TRIAGE, "scan"], capture_output=True, check=False)
    assert done.returncode == 2
    assert b"Missing argument" in done.stderr
