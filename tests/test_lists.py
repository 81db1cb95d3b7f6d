"""Lists of credentials: combo lists and logs of password stealers."""

from __future__ import annotations

import pytest

from triage import driver

MAILS = [("ana.b@example.org", "Soleil!42"), ("luc@example.net", "a:b:c"), ("zoe_k@example.com", "p@ss;wo|rd,1")]
URLS = [("https://www.example.org/login", "ana", "Soleil!42"), ("http://example.net:8080/x", "luc@example.net", "a:b:c")]


def scanned(tmp_path, text, encoding="utf-8"):
    path = tmp_path / "list.txt"
    path.write_bytes(text.encode(encoding))
    result = driver.scan([path])
    (table,) = result.tables
    return table, [(c.label, c.filled, c.distinct) for c in result.columns], result


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_mail_and_password(tmp_path, newline, encoding):
    rows = [f"u{n}{mail}:{word}{n}" for n in range(20) for mail, word in MAILS]
    table, columns, result = scanned(tmp_path, newline.join([*rows, ""]), encoding)
    assert (table.kind, table.rows_total, table.rows_read, table.lines.blank) == ("combo", 60, 60, 0)
    assert columns == [("email", 60, 60), ("password", 60, 60)]
    assert not result.problems


def test_address_login_and_password(tmp_path):
    rows = [f"{url}:{n}{login}:{word}{n}" for n in range(20) for url, login, word in URLS]
    table, columns, _ = scanned(tmp_path, "\n".join(rows))
    assert (table.kind, table.rows_total, table.columns_count) == ("combo", 40, 3)
    assert columns[0] == ("url", 40, 2)
    assert [c[1:] for c in columns[1:]] == [(40, 40), (40, 40)]
    assert columns[2][0] == "password"


def test_a_line_of_another_form_is_kept_and_counted(tmp_path):
    rows = [f"u{n}{mail}:{word}{n}" for n in range(20) for mail, word in MAILS]
    table, _, result = scanned(tmp_path, "\n".join([*rows[:30], "no credentials here", "", *rows[30:], ""]))
    assert (table.rows_total, table.rows_repaired, table.rows_short, table.lines.blank) == (61, 1, 1, 1)
    assert [p.code for p in result.problems] == ["rows_short"]


def test_the_same_number_of_colons_everywhere_is_a_delimiter(tmp_path):
    rows = [f"u{n}@example.org:5f4dcc3b5aa765d61d8327deb882cf{n:02x}:s{n}lt" for n in range(40)]
    table, _, _ = scanned(tmp_path, "\n".join(rows))
    assert (table.kind, table.delimiter, table.columns_count, table.rows_total) == ("csv", ":", 3, 40)


@pytest.mark.parametrize(
    "names", [("URL", "Username", "Password", "Application"), ("Host", "Login", "Password", "Soft"), ("url", "user", "pass", "browser")]
)
def test_blocks_of_a_stealer(tmp_path, names):
    blocks = [
        "\n".join(
            f"{name}: {value}"
            for name, value in zip(names, (f"https://example.org/{n}", f"u{n}@example.org", f"Soleil!{n}x", "Firefox"), strict=True)
        )
        for n in range(30)
    ]
    table, columns, _ = scanned(tmp_path, "*** logs ***\n\n" + "\n===============\n".join(blocks) + "\n")
    assert (table.kind, table.rows_total, table.lines.preamble) == ("stealer", 30, 1)
    assert columns[0] == ("url", 30, 30)
    assert columns[1] == ("email", 30, 30)
    assert columns[2] == ("password", 30, 30)


@pytest.mark.parametrize(
    "text",
    [
        "Name: Ana\nUser: ana\nPhone: 0199000000\n" * 20,
        "2024-01-31 10:00:01 host sshd: user logged in\n" * 20,
        "id;mail;ville\n1;a@example.org;Rennes\n2;b@example.org;Brest\n" * 5,
        "see https://example.org/x: it is good\nand so on\n" * 20,
    ],
)
def test_other_text_is_no_list(tmp_path, text):
    assert scanned(tmp_path, text)[0].kind in {"csv", "text", "log", "fields"}


def test_a_table_that_begins_with_addresses_of_the_web_is_one(tmp_path):
    path = tmp_path / "contacts.csv"
    rows = [f"https://www.site{n}.fr;SARL SITE {n};02.99.00.25.{n:02d};Jean MARTIN" for n in range(40)]
    path.write_text("\n".join(["Site;Raison sociale;Tél.;Contact", *rows]) + "\n", encoding="utf-8")
    (table,) = driver.scan([path]).tables
    assert (table.kind, table.columns_count, table.rows_total) == ("csv", 4, 40)
