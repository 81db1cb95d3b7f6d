"""Rows about what is written: cells of formulas, canaries wherever a format has room for one, rule packs that are broken."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path

from faults.rows import CANARY, counted, put, row, table

FORMULAS = (
    "=1+1",
    "+1",
    "-1",
    "@x",
    "\tx",
    "\rx",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20x",
    "=HYPERLINK(1)",
    "a|b",
    "`a`[b](c)",
    "<b>",
)


@row("35_formulas", rows=30 + 40 * 4, words=("--header",))
def formulas(folder: Path) -> None:
    """The names of columns and files begin as formulas do; what a spreadsheet would read of them is looked at in test_more.py."""
    lines = ["\x1f".join(f"{CANARY}{n}-{c}" for c in range(len(FORMULAS))) for n in range(30)]
    put(folder, a_csv="\n".join(["\x1f".join(f.replace("\r", "\t") for f in FORMULAS), *lines, ""]))
    for number, name in enumerate(("=1+1.csv", "+1.csv", "@x.csv", "\uff1d1.csv")):
        (folder / name).write_bytes(table().replace(b"note", b"note%d" % number))


def _mail() -> str:
    return f"""From: {CANARY} <{CANARY}@example.org>\nTo: x@example.org\nSubject: {CANARY}\nMessage-ID: <{CANARY}@x>
X-{CANARY}: {CANARY}\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=b\n
--b\nContent-Type: text/plain\n\n{CANARY}\n--b\nContent-Type: text/csv\nContent-Disposition: attachment; filename=a.csv\n
{table().decode()}\n--b--\n"""


def _archive() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.comment = CANARY.encode()
        member = zipfile.ZipInfo("in.csv")
        member.comment, member.extra = CANARY.encode(), b"\xfe\xca\x09\x00" + CANARY.encode()
        archive.writestr(member, table().replace(b"note", b"Note"))
    return out.getvalue()


@row("36_canaries", {"a.png": "not_text"}, holds=lambda i: counted(i)["in.csv"] == 40)
def canaries(folder: Path) -> None:
    """In cells, attributes, comments, metadata, properties, keys of records: wherever a value may stand that is no name."""
    put(
        folder,
        a_eml=_mail(),
        a_zip=_archive(),
        a_xml=f"<!-- {CANARY} --><l><p id='{CANARY}' nom='{CANARY}'><m>{CANARY}</m></p>" + f"<p id='2'><m>{CANARY}</m></p>" * 20 + "</l>",
        a_html=f"<html><head><title>{CANARY}</title><meta name='author' content='{CANARY}'></head><body><!-- {CANARY} --><p>{CANARY}</p>"
        "<table><tr><th>nom</th><th>ville</th></tr>" + f"<tr><td title={CANARY}>{CANARY}</td><td>{CANARY}</td></tr>" * 20 + "</table>",
        a_json=json.dumps({f"{CANARY}{n}@example.org": {"nom": CANARY, "note": CANARY} for n in range(80)}),
        a_sql=f"-- {CANARY}\nCREATE TABLE t (a TEXT DEFAULT '{CANARY}') COMMENT='{CANARY}';\nINSERT INTO t VALUES ('{CANARY}');\n",
        a_vcf=f"BEGIN:VCARD\nVERSION:3.0\nN:{CANARY};{CANARY}\nEMAIL;TYPE={CANARY}:{CANARY}@example.org\nNOTE:{CANARY}\nEND:VCARD\n" * 3,
        a_rtf="{\\rtf1{\\info{\\author " + CANARY + "}}{\\*\\comment " + CANARY + "}\\pard " + CANARY + "\\par}",
        a_log=f"2024-01-01 12:00:00 ERROR {CANARY} cannot parse value '{CANARY}'\n" * 30,
        a_png=b"\x89PNG\r\n\x1a\n" + CANARY.encode(),
    )
