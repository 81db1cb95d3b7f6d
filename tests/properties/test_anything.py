"""Whatever the bytes, there is a result; however the same rows are written or packed, it is the same one."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import tarfile
import unicodedata
import zipfile

import exercise
import msgspec
import pytest
import seeds
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import triage
from triage import text
from triage.problems import PROBLEMS

SOME = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
MAGIC = sorted({data[:12] for name, data in seeds.every().items() if not name.endswith(" cut")})


@SOME
@given(st.sampled_from([b"", *MAGIC]), st.binary(max_size=600))
def test_any_bytes_are_read_to_their_end(magic, data):
    exercise.exercise(magic + data)


@settings(SOME, max_examples=6)
@given(st.lists(st.lists(st.text(max_size=12), min_size=2, max_size=4), min_size=1, max_size=12), st.sampled_from(";,\t|"))
def test_any_text_gives_a_result(tmp_path, rows, delimiter):
    path = tmp_path / "a.csv"
    path.write_text("\n".join(delimiter.join(r) for r in rows), "utf-8", "surrogatepass", newline="")
    result = triage.scan([path])
    assert {p.code for p in result.problems} <= set(PROBLEMS) - {"crashed"}
    assert all(t.rows_total == t.rows_read + t.rows_repaired + t.rows_rejected for t in result.tables)
    msgspec.json.decode(msgspec.json.encode(result))


PEOPLE = "nom;prénom;email;ville;né le\n" + "".join(
    f"{name};{first};{name.lower()}.{n}@example.org;{town};{1 + n % 28:02}/03/19{50 + n % 40}\n"
    for n, (name, first, town) in enumerate([("MARTIN", "Éloïse", "Orléans"), ("PETIT", "François", "Besançon")] * 30)
)


def archived(data: bytes) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        member = tarfile.TarInfo("a.csv")
        member.size = len(data)
        archive.addfile(member, io.BytesIO(data))
    return out.getvalue()


def zipped(data: bytes, name: str = "a.csv") -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return out.getvalue()


PLAIN = PEOPLE.encode()
TWINS = {
    "marked": "\ufeff".encode() + PLAIN,
    **{name: PEOPLE.encode(name) for name in ("utf-16", "utf-16-le", "utf-16-be", "utf-32", "cp1252")},
    "cr": PLAIN.replace(b"\n", b"\r"),
    "crlf": PLAIN.replace(b"\n", b"\r\n"),
    "quoted": "\n".join(";".join(f'"{c}"' for c in line.split(";")) for line in PEOPLE.splitlines()).encode() + b"\n",
    "tabs": PLAIN.replace(b";", b"\t"),
    "gz": gzip.compress(PLAIN),
    "bz2": bz2.compress(PLAIN),
    "xz": lzma.compress(PLAIN),
    "zst": zstandard.compress(PLAIN),
    "zip": zipped(PLAIN),
    "tar": archived(PLAIN),
    "tar.gz": gzip.compress(archived(PLAIN)),
    "zip in zip": zipped(zipped(PLAIN), "in.zip"),
    "utf-16 in gz in zip": zipped(gzip.compress(PEOPLE.encode("utf-16")), "in.csv.gz"),
}


def told(tmp_path, data: bytes):
    """What does not depend on how the rows are written: counts, verdicts, persons, days."""
    path = tmp_path / "a"
    path.write_bytes(data)
    result = triage.scan([path])
    (table,) = result.tables
    columns = [(c.name, c.label, c.role, c.confidence, c.filled, c.matched, c.valid, c.distinct) for c in result.columns]
    return (table.rows_total, table.rows_exact_dup, columns, result.size.persons, result.size.unique, result.period, result.severity)


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("triage.hiring.IN_PROCESS", True)
        return told(tmp_path_factory.mktemp("plain"), PLAIN)


@pytest.mark.parametrize("name", TWINS)
def test_twins_have_the_same_figures(name, tmp_path, plain):
    assert plain[0] == 60
    assert told(tmp_path, TWINS[name]) == plain


@given(st.text())
def test_a_safe_name_stays_as_it_is_and_forges_nothing(name):
    safe = text.safe_name(name)
    assert text.safe_name(safe) == safe
    assert len(safe) <= text.NAME_LENGTH
    assert not {unicodedata.category(c) for c in safe} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}


@given(st.text(alphabet=st.characters(), max_size=200))
def test_a_safe_header_stays_as_it_is_and_forges_nothing(name):
    safe = text.safe_header(name)
    assert text.safe_header(safe) == safe
    assert not {unicodedata.category(c) for c in safe} & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
