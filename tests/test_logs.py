"""Logs: their forms, what their addresses ask with, and lines of another form."""

from __future__ import annotations

import pytest
from delimited_tools import sniffed

import triage
from triage.sniff import logs

ACCESS = '192.0.2.{n} - {who} [10/Oct/2023:13:55:{n} -0700] "GET /a?mail=x{n}%40example.org&q=a+b HTTP/1.1" 200 2326'
LINES = {
    "log_access": [ACCESS.format(n=n, who="frank" if n % 2 else "-") for n in range(10, 40)],
    "combined": [ACCESS.format(n=n, who="-") + f' "http://e.example/{n}" "Mozilla/5.0 (a \\"b\\")"' for n in range(10, 40)],
    "vhost": ["www.example.org:443 " + ACCESS.format(n=n, who="-") + ' "-" "-" 0.01' for n in range(10, 40)],
    "log_syslog": [f"Oct  {n % 9 + 1} 22:14:15 host su[{n}]: 'su root' failed for user{n} on /dev/pts/8" for n in range(30)],
    "rfc5424": [f"<34>1 2003-10-11T22:14:{n}.003Z host.example.org su - ID47 - user{n} failed" for n in range(10, 40)],
    "log_keys": [f'time=2024-01-{n} level=info msg="a b {n}" mail=x{n}@example.org' for n in range(10, 30)],
    "kernel": [f"Oct 9 22:14:15 fw kernel: IN=eth0 OUT= SRC=192.0.2.{n} DST=198.51.100.1 LEN=52" for n in range(30)],
    "log_app": [f"2024-01-{n} 10:00:00,123 ERROR [main] a.b.C - user{n} failed" for n in range(10, 30)],
}
FORMS = {"combined": "log_access", "vhost": "log_access", "rfc5424": "log_syslog", "kernel": "log_keys"}


def scanned(tmp_path, lines, end="\n"):
    (tmp_path / "x.log").write_text("".join(line + end for line in lines), encoding="utf-8", newline="")
    result = triage.scan([tmp_path / "x.log"])
    (table,) = result.tables
    return table, {c.name: c for c in result.columns}


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_forms(name, end):
    assert sniffed(end.join([*LINES[name], ""]).encode()).kind == FORMS.get(name, name)


@pytest.mark.parametrize("name", ["log_access", "combined", "vhost"])
def test_an_access_log_is_a_table_of_who_asked_for_what(tmp_path, name):
    table, columns = scanned(tmp_path, LINES[name])
    assert (table.kind, table.rows_total, table.rows_short) == ("log", 30, 0)
    assert columns["ip"].label == "ip"
    assert columns["time"].label == "datetime"
    assert (columns["mail"].label, columns["mail"].distinct) == ("email", 30)
    assert columns["q"].filled == 30


def test_keys_are_columns(tmp_path):
    table, columns = scanned(tmp_path, LINES["log_keys"])
    assert (table.rows_total, columns["mail"].label, columns["msg"].distinct) == (20, "email", 20)
    assert scanned(tmp_path, LINES["kernel"])[1]["SRC"].label == "ip"


def test_lines_of_another_form_are_rows(tmp_path):
    table, columns = scanned(tmp_path, [*LINES["log_app"], "Traceback (most recent call last):", "", "  appelez le 06 12 34 56 78"])
    assert (table.rows_total, table.rows_short, table.lines.blank) == (22, 2, 1)
    assert columns["message"].filled == 22
    assert columns["message"].mentions["phone"] == 1


@pytest.mark.parametrize(
    "text",
    [
        "time;host;message\n" + "2024-01-02 10:00:00;INFO;connexion de a\n" * 30,
        "a=1\nb=2\nc=3\n" * 20,
        "Cher ami,\nil fait beau.\nA demain\n" * 10,
        "2024-01-02 10:00:00\tINFO\tx\n" * 30,
    ],
)
def test_what_is_no_log(text):
    assert logs.of(text) is None
