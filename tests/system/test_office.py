"""The CSV reports in a real spreadsheet: LibreOffice opens them and finds no formula, whatever columns and files are called."""

from __future__ import annotations

import shutil
import subprocess
import xml.etree.ElementTree as ET

import msgspec
import pytest
import result_factory as factory

from triage import model, report

HOSTILE = (
    "=1+1",
    "+1+1",
    "-1+1",
    "@SUM(1)",
    "\t=1+1",
    "\r=1+1",
    "＝1+1",
    '=HYPERLINK("http://evil.example")',
    "'=1+1",
    "\0=1+1",
    'a";=1+1',
)
FORMULA = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}formula"


@pytest.mark.parametrize("excel", [False, True])
@pytest.mark.parametrize("name", ["columns", "inventory"])
def test_a_spreadsheet_finds_no_formula(tmp_path, name, excel):
    assert shutil.which("soffice"), "LibreOffice is missing: apt-get install -y libreoffice-calc-nogui"
    columns = tuple(factory.column(i, "last_name", "identity", 10, rows=10, name=x) for i, x in enumerate(HOSTILE))
    base = factory.result(columns, 10, 10)
    files = tuple(model.InputFile(path=x, bytes=1, sha256=None, kind="csv", status="ok") for x in HOSTILE)
    result = msgspec.structs.replace(base, inputs=msgspec.structs.replace(base.inputs, files=files))
    path = tmp_path / "report.csv"
    path.write_text(report.render(result, name, "fr", excel=excel), "utf-8", newline="")
    # Delimiter, quote, UTF-8, from line 1; the last switches ask for formulas to be evaluated, the worst that a user can choose.
    reading = f"CSV:{59 if excel else 44},34,76,1,,0,false,true,false,false,false,-1,true"
    command = ["soffice", "--headless", f"-env:UserInstallation=file://{tmp_path}/profile", f"--infilter={reading}", "--convert-to", "fods"]
    subprocess.run([*command, "--outdir", str(tmp_path), str(path)], check=True, capture_output=True, timeout=120)
    cells = list(ET.parse(tmp_path / "report.fods").iter())  # noqa: S314 - written by LibreOffice a moment ago
    assert not [c.attrib[FORMULA] for c in cells if FORMULA in c.attrib]
    assert sum(c.tag.endswith("table-row") for c in cells) > len(HOSTILE)
