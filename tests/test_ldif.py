"""LDIF: every entry is a row of its class, however its lines are folded, encoded and changed; the rest is counted."""

from __future__ import annotations

import base64
import io
import random

import pytest

from triage import driver
from triage.entry import Entry
from triage.options import Options
from triage.readers import Job, ldif
from triage.unpack import looked_at


def read(data):
    """The rows of each class, as name to value."""
    entry, options = Entry("a.ldif", lambda: io.BytesIO(data)), Options()
    shape = looked_at(entry, options)
    assert shape.format == "ldif"
    found, rejected = {}, 0
    for segment in ldif.segments(Job(entry, shape, options)):
        rows = segment.read()
        rejected += rows.counts.rejected
        names = segment.head.names
        found.setdefault(segment.head.name, []).extend({n: v for n, v in zip(names, row, strict=True) if v} for row in rows.frame.rows())
    return found, rejected


def test_values_are_what_the_directory_held():
    data = (
        "# LDIFv3\n#\nversion: 1\n\n# a comment\n that goes on\ndn:: Y249w6k=\nobjectClass: top\nobjectClass: person\ncn:: w6k=\n"
        "Description: one\n  two\ndescription;lang-fr: deux\nwhenCreated: 20190305081500.0Z\npwdLastSet: 131000000000000000\n"
        "lastLogon: 0\naccountExpires: 9223372036854775807\nobjectGUID:: AAECAwQFBgcICQoLDA0ODw==\nobjectSid:: AQX/AA==\n"
        "jpegPhoto:< file:///etc/passwd\nempty:\nbroken:: é\n\n# search result\nsearch: 2\nresult: 0 Success\n"
    )
    (found, rejected) = read(data.encode())
    assert found == {
        "person": [
            {
                "dn": "cn=é",
                "objectClass": "top",
                "objectClass.1": "person",
                "cn": "é",
                "Description": "one two",
                "Description.1": "deux",
                "whenCreated": "2019-03-05 08:15:00",
                "pwdLastSet": "2016-02-15 08:53:20",
                "objectGUID": "03020100-0504-0706-0809-0a0b0c0d0e0f",
                "objectSid": "\\x0105ff00",
                "jpegPhoto": "photo",
                "broken": "é",
            }
        ]
    }
    assert not rejected


def test_changes_are_rows_and_what_has_no_name_is_rejected():
    data = "dn: a=1\nchangetype: modify\nreplace: mail\nmail: a@example.org\n-\nadd: sn\nsn: X\n-\n\nmail: lost@example.org\n"
    assert read(data.encode()) == ({None: [{"dn": "a=1", "mail": "a@example.org", "sn": "X"}]}, 1)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_random_entries_come_back(tmp_path, encoding):
    rng = random.Random(7)
    rows = [
        {"dn": f"uid={n}", "sn": rng.choice(["Le Goff", " blank", "é:<", "x" * 300]), "note": rng.choice(["a\nb", ": c", "d "])}
        for n in range(300)
    ]

    def line(name, value):
        text = f"{name}:: {base64.b64encode(value.encode()).decode()}" if name != "dn" else f"{name}: {value}"
        return "\r\n ".join(text[i : i + 20] for i in range(0, len(text), 20)) + "\r\n"

    data = "\r\n".join("".join(line(*item) for item in row.items()) for row in rows).encode(encoding)
    assert read(data) == ({None: rows}, 0)
    (tmp_path / "a.ldif").write_bytes(data)
    assert driver.scan([tmp_path / "a.ldif"]).tables[0].rows_read == 300
