"""Mails and contacts: a message or a contact is a row, what is attached is an entry of its own."""

from __future__ import annotations

import io
from email.message import EmailMessage

import pytest

import triage
from triage.entry import Entry
from triage.limits import Limits
from triage.options import Options
from triage.unpack import leaves, looked_at


def message(number, *, attached=True):
    made = EmailMessage()
    made["From"] = f"Élise Martin <elise{number}@example.org>"
    made["To"] = "a@example.org, B <b@example.org>"
    made["Subject"] = "Résultats é"
    made["Date"] = "Fri, 01 Mar 2024 09:30:00 +0100"
    made["Message-ID"] = f"<{number}@example.org>"
    made.set_content("Bonjour,\nle patient est séropositif.\n")
    if attached:
        rows = "".join(f"p{i}@example.org;06399800{i:02d}\n" for i in range(30))
        made.add_attachment(("email;phone\n" + rows).encode(), maintype="text", subtype="csv", filename="list é.csv")
    return made.as_bytes()


def scan(tmp_path, **files):
    for name, data in files.items():
        (tmp_path / name).write_bytes(data)
    return triage.scan([tmp_path])


def test_a_message_is_a_row_and_its_attachment_an_entry(tmp_path):
    result = scan(tmp_path, mail=message(1))
    mail = next(t for t in result.tables if t.kind == "eml")
    listed = next(t for t in result.tables if t.kind == "csv")
    assert (mail.rows_total, listed.rows_total) == (1, 30)
    assert listed.entry.endswith("!1/list é.csv")
    columns = {c.name: c.label for c in result.columns if c.table == mail.index}
    assert columns["from_email"] == columns["to_email"] == columns["to_email.1"] == "email"
    assert {"date", "subject", "message"} <= set(columns)


def test_a_mailbox_is_a_table_of_its_messages(tmp_path):
    box = b"".join(b"From a@example.org Fri Mar  1 09:30:00 2024\n" + message(n, attached=n % 2 == 0) + b"\n" for n in range(20))
    result = scan(tmp_path, box=box)
    rows = {t.entry.rpartition("!")[2]: t.rows_total for t in result.tables}
    assert [t.rows_total for t in result.tables if t.kind == "mbox"] == [20]
    assert sum(t.rows_total for t in result.tables if t.kind == "csv") == 300, rows


@pytest.mark.parametrize(
    "data",
    [
        b'From: a@example.org\nSubject: =?x-none?b?!!!?=\nDate: never\nContent-Type: multipart/mixed; boundary="x"\n\n--x\n',
        b"From: a@example.org\nSubject: x\nContent-Type: text/plain; charset=nothing\nContent-Transfer-Encoding: base64\n\n####\n",
        b"From: \xff\xfe@example.org\nSubject: \xe9\nTo: " + b"(" * 2000 + b"\n\nx\n",
    ],
)
def test_broken_mails_are_rows_all_the_same(tmp_path, data):
    result = scan(tmp_path, mail=data)
    assert [t.rows_total for t in result.tables if t.kind == "eml"] == [1]
    assert "crashed" not in {p.code for p in result.problems}


def test_contacts_of_every_version(tmp_path):
    old = "BEGIN:VCARD\r\nVERSION:2.1\r\n"
    old += "N;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:Dur=C3=A9e;Zo=\r\n=C3=A9\r\nTEL;CELL:0639980001\r\nEND:VCARD\r\n"
    new = (
        "BEGIN:VCARD\nVERSION:4.0\nFN:Paul Durand\nN:Durand;Paul;;;\nitem1.EMAIL;TYPE=home:p@exam\n ple.org\nTEL:tel:0639980002\n"
        "TEL:0639980003\nBDAY:19850612\nADR:;;1 rue des Lilas;Rennes;;35000;France\nPHOTO:data:xx\nEND:VCARD\n"
    )
    result = scan(tmp_path, contacts=((old + new) * 15).encode())
    assert [t.rows_total for t in result.tables] == [30]
    labels = {c.name: (c.label, c.filled) for c in result.columns}
    assert labels["phone"] == ("phone", 30)
    assert labels["phone.1"] == ("phone", 15)
    assert labels["email"] == ("email", 15)
    assert labels["last_name"][1] == 30
    assert labels["photo"][1] == 15
    assert not result.problems


@pytest.mark.parametrize(("spool", "problems"), [(1 << 20, {}), (100, {"attachments_unread": 1})])
def test_attachments_of_standard_input_are_read_or_told(spool, problems):
    data = message(1)
    options = Options(limits=Limits(spool_bytes=spool))
    entry = Entry("stdin", lambda: io.BytesIO(data), again=False)
    found = list(leaves(entry, looked_at(entry, options), options))
    assert [leaf.entry.name for leaf in found] == (["stdin"] if problems else ["stdin!1/list é.csv", "stdin"])
    assert dict(entry.problems) == problems
    assert entry.open(options.limits).read() == data
