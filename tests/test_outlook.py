"""What Outlook keeps: messages, contacts, what is attached and what is attached to that, from MSG and PST."""

from __future__ import annotations

import io
from pathlib import Path

import compound
import pytest

import triage
from triage import driver, lzfu, mails, mapi
from triage.limits import Limits

INPUT = Path(__file__).parent / "golden" / "outlook" / "input"


def text(value, kind=0x1F):
    return kind, value.encode("utf-16-le" if kind == 0x1F else "cp1251")


def scan(tmp_path, tree):
    (tmp_path / "a.msg").write_bytes(compound.written(tree))
    return triage.scan([tmp_path / "a.msg"])


def test_a_message_is_what_a_mail_program_would_have_sent():
    item = mapi.Item(
        mapi.Properties(
            {
                0x3FFD: (3, (1251).to_bytes(4, "little")),
                0x0C1A: text("Иван", 0x1E),
                0x0C1F: text("/O=X/CN=Y"),
                0x5D01: text("i@example.org"),
                0x0037: text('À "B", <c>\n'),
                0x1000: text("\nFrom x 12:30\n.\n"),
                0x007D: text("Received: by x\nX-Originating-IP: [192.0.2.7]\nSubject: other\n"),
            }
        ),
        [mapi.Properties({0x3001: text('Durand, "Anne"'), 0x39FE: text("a@example.org")})],
        [mapi.Attached("é; b.csv", lambda: b"a;b\n1;2\n")],
    )
    (raw,) = mails.raw_messages(io.BytesIO(mapi.message(item)), 1 << 20)
    made = mails.parsed(raw)
    assert mails.addresses(made, "From") == [("Иван", "i@example.org")]
    assert mails.addresses(made, "To") == [('Durand, "Anne"', "a@example.org")]
    assert mails.header(made, "Subject") == 'À "B", <c>'
    assert mails.header(made, "X-Originating-IP") == "[192.0.2.7]"
    assert mails.body(made) == ("From x 12:30\n.", False)
    assert list(mails.attachments(made)) == [("é; b.csv", b"a;b\n1;2\n")]


def test_compressed_rtf_as_in_its_document():
    """[MS-OXRTFCP] 4.1.1 and 4.1.2: pieces from the dictionary, and a piece that goes on with itself."""
    hello = bytes.fromhex("2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0")
    assert lzfu.unpacked(hello) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    assert lzfu.text(hello) == "hello world"
    again = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert lzfu.unpacked(again) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert lzfu.text(hello[:10]) == ""


def test_items_within_items_end(tmp_path):
    tree = compound.item({0x0037: text("deepest")}, before=24)
    for n in range(20):
        tree = compound.item({0x0037: text(str(n))}, items=[tree], before=24 if n < 19 else 32)
    result = scan(tmp_path, tree)
    assert 1 < sum(t.rows_total for t in result.tables) <= Limits().nesting + 1
    assert {p.code for p in result.problems} == {"too_deep"}


def test_a_mailbox_gives_its_folders():
    result = triage.scan([INPUT / "lists.pst"])
    assert {(t.entry.rpartition("/")[2], t.kind, t.rows_total) for t in result.tables} == {
        ("Calendar", "mbox", 1),
        ("Contacts", "vcard", 2),
    }


@pytest.mark.isolated
def test_a_worker_without_rights_reads_them():
    result = driver.scan([INPUT / "lists.pst", INPUT / "message.msg"], triage.Options())
    assert {t.kind for t in result.tables} >= {"mbox", "vcard", "eml", "csv"}


def test_a_cut_mailbox_is_corrupt(tmp_path):
    (tmp_path / "a.pst").write_bytes((INPUT / "lists.pst").read_bytes()[:9000])
    assert {p.code for p in triage.scan([tmp_path / "a.pst"]).problems} == {"corrupt"}
