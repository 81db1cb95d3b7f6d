"""Law 1: whatever the dialect, the encoding, the cut or the damage, every record is there and counted."""

from __future__ import annotations

from delimited_tools import read, shape_of, written
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from triage.sniff.records import hides_record

LETTERS = "abcXYZ019 .'éœ\u2019\u00a0\u2028\ufeff\x00"
DELIMITERS = [";", ",", "\t", "|", ":", "\x1f", "||", "§"]
UNICODE = ["utf-8", "utf-8-sig", "utf-16-le", "utf-16-be", "utf-32-le"]


def cells(delimiter: str, *, newlines: bool = True):
    alphabet = LETTERS + delimiter + '"' + ("\n\r" if newlines else "")
    return st.none() | st.text(st.sampled_from(alphabet), max_size=6)


@st.composite
def tables(draw, *, newlines: bool = True, delimiters=tuple(DELIMITERS)):
    """(rows, delimiter): whole rows of one width, no cell of which reads as a swallowed record."""
    delimiter = draw(st.sampled_from(delimiters))
    width = draw(st.integers(1, 5))
    row = st.lists(cells(delimiter, newlines=newlines), min_size=width, max_size=width)
    rows = draw(st.lists(row, min_size=1, max_size=12))
    assume(not any(c and hides_record(c, delimiter, width) for r in rows for c in r))
    return rows, delimiter


@given(tables(), st.sampled_from(["\n", "\r\n"]), st.booleans(), st.sampled_from([7, 64, 1 << 20]), st.booleans())
@settings(max_examples=300, deadline=None)
def test_what_was_written_is_read(table, newline, every, size, final):
    rows, delimiter = table
    text = written(rows, delimiter, newline, every=every)
    if not final and rows[-1] != [None]:
        text = text.removesuffix(newline)
    found = read(text.encode(), shape_of(len(rows[0]), delimiter), segment_bytes=size)
    assert found.rows == rows
    assert (found.counts.read, found.counts.total) == (len(rows), len(rows))
    assert set(found.extra) == {None}


@given(tables(), st.sampled_from(UNICODE), st.sampled_from([16, 1 << 20]))
@settings(max_examples=100, deadline=None)
def test_encodings_change_nothing(table, encoding, size):
    rows, delimiter = table
    text = written(rows, delimiter)
    bom = 3 if encoding == "utf-8-sig" else 0
    found = read(text.encode(encoding), shape_of(len(rows[0]), delimiter, encoding=encoding, bom=bom), segment_bytes=size)
    assert found.rows == rows


@given(st.lists(st.lists(st.none() | st.binary(min_size=1, max_size=6), min_size=3, max_size=3), min_size=1, max_size=9))
@settings(max_examples=200, deadline=None)
def test_every_byte_of_cp1252_has_its_character(rows):
    clean = [[c.translate(None, b"\r\n;") or None if c else None for c in row] for row in rows]
    data = b"".join(b";".join(c or b"" for c in row) + b"\r\n" for row in clean)
    found = read(data, shape_of(3, quote=None, encoding="cp1252"))
    flat = [c for row in found.rows for c in row]
    assert [len(c or "") for c in flat] == [len(c or b"") for row in clean for c in row]
    assert not any("\ufffd" in (c or "") for c in flat)


@given(tables(newlines=False, delimiters=(";", ",", "\t")))
@settings(max_examples=100, deadline=None)
def test_cr_alone_reads_as_its_lf_twin(table):
    rows, delimiter = table
    text = written(rows, delimiter)
    shape = shape_of(len(rows[0]), delimiter)
    twin = read(text.replace("\n", "\r").encode(), shape_of(len(rows[0]), delimiter, newline="\r"), segment_bytes=32)
    assert twin.rows == read(text.encode(), shape).rows


ragged = st.lists(st.lists(st.text(st.sampled_from("abé0"), max_size=3), min_size=1, max_size=6), min_size=1, max_size=20)


@given(ragged, st.sampled_from([";", "||"]), st.sampled_from([5, 1 << 20]))
@settings(max_examples=300, deadline=None)
def test_short_and_long_rows_are_counted_and_kept(rows, delimiter, size):
    text = "".join(delimiter.join(row) + "\n" for row in rows)
    found = read(text.encode(), shape_of(3, delimiter, quote=None), segment_bytes=size)
    blank = sum(row == [""] for row in rows)
    full = [row for row in rows if row != [""]]
    assert found.counts.total == len(full)
    assert found.counts.blank == blank
    assert found.counts.short == sum(len(row) < 3 for row in full)
    assert found.counts.long == found.counts.repaired == sum(len(row) > 3 for row in full)
    assert [[c or "" for c in row] for row in found.rows] == [[*row, "", ""][:3] for row in full]
    assert found.extra == [delimiter.join(row[3:]) if len(row) > 3 else None for row in full]


damage = st.lists(
    st.tuples(
        st.sampled_from(["drop", "insert", "cut"]), st.floats(0, 1), st.sampled_from([b'"', b";", b"\n", b"\r", b"\xff", b"a", b'""'])
    )
)


@given(tables(delimiters=(";",)), damage, st.sampled_from([1, 33, 1 << 20]), st.sampled_from([None, '"']))
@settings(max_examples=300, deadline=None)
def test_damage_loses_nothing(table, blows, size, quote):
    rows, delimiter = table
    data = bytearray(written(rows, delimiter, "\n").encode())
    for kind, where, what in blows:
        at = int(where * len(data))
        if kind == "drop":
            del data[at : at + 1]
        elif kind == "insert":
            data[at:at] = what
        else:
            del data[at:]
    found = read(bytes(data), shape_of(len(rows[0]), delimiter, quote=quote), segment_bytes=size)
    assert found.counts.rejected == 0
    kept = "".join(c or "" for row, more in zip(found.rows, found.extra, strict=True) for c in [*row, more])
    given_text = bytes(data).decode("utf-8", "replace")
    letters = [c for c in given_text if c in "abcXYZ019"]
    assert [c for c in kept if c in "abcXYZ019"] == letters
    if quote is None:
        lines = given_text.removesuffix("\n").split("\n") if given_text else []
        assert found.counts.total + found.counts.blank + found.counts.footer == len(lines)


@given(st.binary(max_size=300), st.sampled_from([None, '"']), st.integers(1, 4), st.sampled_from([3, 1 << 20]))
@settings(max_examples=300, deadline=None)
def test_any_bytes_give_rows(data, quote, width, size):
    found = read(data, shape_of(width, quote=quote), segment_bytes=size, record_bytes=50, resync_bytes=40)
    assert found.counts.total == len(found.rows) + found.counts.rejected
