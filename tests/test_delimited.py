"""The bad inputs a reader of delimited text has to take, one by one."""

from __future__ import annotations

import io
import resource
from concurrent.futures import ThreadPoolExecutor

import pytest
from delimited_tools import opened, read, shape_of, sniffed, written

from triage.limits import Limits
from triage.options import Reading
from triage.readers.delimited import cut
from triage.sniff import Shape

PEOPLE = [["id", "nom", "commentaire"], ["1", "Durand", "à jeun"], ["2", "Petit", None]]


def people(count: int) -> list[list[str | None]]:
    return [PEOPLE[0], *([str(i), "Durand", "à jeun" if i % 3 else None] for i in range(count))]


@pytest.mark.parametrize("data", [b"", b"\n", b"\xef\xbb\xbf", b"\n\r\n\n", b"\x00", b"\xff\xfe"])
def test_nothing_is_empty(data):
    assert sniffed(data).kind == "empty"
    assert sniffed(data).problems == ("empty",)


def test_header_only_and_one_row():
    assert opened(b"id;nom;date\n").rows == []
    assert opened(b"id;nom;date\n1;Durand;2020-01-31\n").rows == [["1", "Durand", "2020-01-31"]]
    assert opened(b"email\nana@example.org\nbo@example.org\n").rows == [["ana@example.org"], ["bo@example.org"]]


def test_a_file_cut_in_a_record_keeps_what_came_before():
    data = written(people(50), ";").encode()
    found = opened(data[: data.rfind(b"Durand") + 3])
    assert found.counts.total == 50
    assert found.rows[-1] == ["49", "Dur", None]
    assert found.problems["truncated"] == 1


def test_a_quote_that_never_closes_hides_one_record_at_most():
    rows = people(200)
    lines = written(rows, ";", every=True).split("\n")
    lines[50] = '"49";"Durand;"à jeun"'
    found = opened("\n".join(lines).encode())
    assert found.counts.total == 200
    assert found.rows[49] == ["49", '"Durand', "à jeun"]
    assert found.rows[50:] == rows[51:]
    assert found.counts.repaired == 1


def test_an_unclosed_quote_is_given_up_within_reach():
    lines = written(people(3000), ";", every=True).split("\n")
    lines[50] = '"49";"Durand;à jeun'
    found = read("\n".join(lines[1:]).encode(), shape_of(3), segment_bytes=4096, resync_bytes=1024)
    assert found.counts.total == 3000
    assert found.counts.repaired <= 3


def test_quotes_inside_a_text_stay():
    found = read(b'1;"il a dit "oui" hier";2\n3;"x";4\n', shape_of(3))
    assert found.rows == [["1", 'il a dit "oui" hier', "2"], ["3", "x", "4"]]
    assert (found.counts.read, found.counts.repaired) == (1, 1)
    inches = read(b'1;5" pipe;2\n3;2" pipe;4\n', shape_of(3))
    assert inches.rows == [["1", '5" pipe', "2"], ["3", '2" pipe', "4"]]


def test_quotes_that_a_backslash_protects():
    data = b'"1";"il a dit \\"oui\\" hier";"c:\\\\"\n"2";"non \\"merci\\"";"d"\n'
    found = opened(data * 5, Reading(header=False))
    assert found.shape.escaped
    assert found.rows[0] == ["1", 'il a dit "oui" hier', "c:\\"]
    assert found.counts.read == 10


def test_spaces_before_an_opening_quote():
    found = opened(b'nom, ville\n"Durand", "Rennes, Bretagne"\n"Petit", "Vannes"\n')
    assert found.rows == [["Durand", "Rennes, Bretagne"], ["Petit", "Vannes"]]


def test_cells_of_several_lines():
    rows = [["id", "note"], *[[str(i), "jeudi\r\n\nvendredi; samedi"] for i in range(300)]]
    data = written(rows, ";", "\r\n").encode()
    assert opened(data, segment_bytes=100).rows == opened(data).rows == rows[1:]


def test_blank_lines_are_no_rows_unless_there_is_one_column():
    found = opened(b"id;nom\n\n1;Durand\n\n\n2;Petit\n")
    assert (found.counts.total, found.lines.blank) == (2, 3)
    assert opened(b"email\na@example.org\n\nb@example.org\n").counts.total == 3


def test_preamble_and_footer_are_no_rows():
    data = b"Export du 12/03/2020\nBase : patients\n\nid;nom;ville\n" + b"1;Durand;Rennes\n" * 30 + b"(30 rows)\n"
    found = opened(data)
    assert found.shape.names == ("id", "nom", "ville")
    assert found.counts.total == 30
    assert (found.lines.preamble, found.lines.header, found.lines.footer, found.lines.blank) == (2, 1, 1, 1)


def test_bad_bytes_after_a_clean_head():
    data = b"id;nom;ville\n" + b"1;Andr\xc3\xa9;Rennes\n" * 100 + b"2;Andr\xe9;Ren\xffnes\n"
    found = opened(data)
    assert found.shape.encoding == "utf-8"
    assert found.rows[-1] == ["2", "Andr\ufffd", "Ren\ufffdnes"]
    assert found.problems["bad_bytes"] == 2
    assert found.counts.total == 101


def test_odd_surrogates_of_utf16_are_counted():
    data = "id;nom\n1;Durand\n".encode("utf-16-le") + b"\x00\xd8" + "\n2;Petit\n".encode("utf-16-le")
    found = read(data, shape_of(2, encoding="utf-16-le"))
    assert found.problems["bad_bytes"] == 1


def test_nul_bytes_stay():
    assert read(b"a\x00;b\n\x00\x00;c\n", shape_of(2)).rows == [["a\x00", "b"], ["\x00\x00", "c"]]


@pytest.mark.parametrize("mark", ["\u2028", "\x0b", "\x0c", "\x85"])
def test_other_separators_of_lines_are_text(mark):
    assert read(f"a{mark}b;c\n1;2\n".encode(), shape_of(2)).rows == [[f"a{mark}b", "c"], ["1", "2"]]


def test_hostile_column_names_are_kept_apart_from_ours():
    names = ["a|b", "__class__", "^.*$", "", "c0", "c0"]
    data = written([names, *[["1", "2", "3", "4", "5", str(i)] for i in range(5)]], ";").encode()
    found = opened(data, Reading(header=True))
    assert found.shape.names == tuple(names)
    assert found.rows[0] == ["1", "2", "3", "4", "5", "0"]


def test_more_columns_than_the_limit():
    width = 200_000
    row = ";".join(map(str, range(width)))
    data = (";".join(f"colonne_{i}" for i in range(width)) + "\n" + f"{row}\n" * 2).encode()
    found = opened(data)
    assert "too_many_columns" in found.shape.problems
    assert len(found.shape.names) == 4096
    assert found.counts.total == 2
    assert found.counts.long == 0
    assert found.rows[1][:3] == ["0", "1", "2"]


class Endless(io.RawIOBase):
    """A line of a given length, then two rows, made while it is read."""

    def __init__(self, length: int) -> None:
        self.left = length
        self.tail = b"\n1;2\n3;4\n"

    def read(self, size: int = -1) -> bytes:
        if self.left:
            given = min(size, self.left)
            self.left -= given
            return b"x" * given
        given, self.tail = self.tail[:size], self.tail[size:]
        return given


@pytest.mark.parametrize("quote", [None, '"'])
def test_a_line_of_two_gibibytes_is_rejected_in_flat_memory(quote):
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    read_rows = [segment.read() for segment in cut(Endless(2 << 30), shape_of(2, quote=quote), Limits())]
    assert [r.counts.total for r in read_rows] == [1, 2]
    assert [r.counts.rejected for r in read_rows] == [1, 0]
    assert read_rows[0].problems["record_too_long"] == 1
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 << 10


def test_a_record_above_the_limit_is_rejected_wherever_it_is_cut():
    data = b"1;2\n" + b"x" * 500 + b";y\n3;4\n"
    for size in (8, 64, 300, 1 << 20):
        found = read(data, shape_of(2), record_bytes=400, segment_bytes=size)
        assert (found.rows, found.counts.rejected) == ([["1", "2"], ["3", "4"]], 1)


def test_a_giant_cell_is_left_whole():
    found = read(b"1;" + b"x" * 3_000_000 + b"\n2;y\n", shape_of(2))
    assert [len(row[1]) for row in found.rows] == [3_000_000, 1]


def test_delimiters_of_several_characters():
    found = opened(b"id||nom||ville\n" + b"1||Durand||Rennes\n" * 5 + b'2||"a||b"||Vannes\n')
    assert found.shape.delimiter == "||"
    assert found.rows[0] == ["1", "Durand", "Rennes"]
    assert found.rows[-1] == ["2", "a||b", "Vannes"]


def test_segments_can_be_read_in_threads():
    rows = people(5000)
    data = written(rows, ";", every=True).encode()
    segments = cut(io.BytesIO(data), sniffed(data), Limits(segment_bytes=5000))
    with ThreadPoolExecutor(2) as threads:
        parts = list(threads.map(lambda segment: segment.read(), segments))
    assert sum(p.counts.read for p in parts) == 5000
    assert len(parts) > 10


class Dripping(io.BytesIO):
    """A pipe: gives less than it is asked for."""

    def read(self, size: int = -1) -> bytes:
        return super().read(min(size, 3))


def test_a_pipe_gives_what_a_file_gives():
    data = written(people(40), ";").encode("utf-16-le")
    shape: Shape = sniffed(data)
    assert sum(s.read().counts.read for s in cut(Dripping(data), shape, Limits())) == 40


def test_one_column_with_quotes_that_never_close():
    found = read(b'"a"\n"b\nc "d" e\n"f"\n', shape_of(1, None))
    assert [row[0] for row in found.rows] == ["a", '"b', 'c "d" e', "f"]
    assert found.counts.repaired == 1


@pytest.mark.parametrize("magic", [b"\x1f\x8b", b"x\x01", b"x^", b"(\xb5/\xfd", b"\xef\xbb\xbf"])
def test_a_segment_that_begins_like_a_compressed_stream_is_text(magic):
    found = read(b"a;b\n" + magic + b"c;d\n", shape_of(2, quote=None), segment_bytes=4)
    assert found.segments == 2
    assert found.rows[1] == [(magic + b"c").decode("utf-8", "replace"), "d"]


def test_damage_does_not_slow_or_change_what_is_around_it():
    rows = people(40_000)
    lines = written(rows, ";", every=True).split("\n")
    lines[20_000] = '"19999";"Durand"'
    found = opened("\n".join(lines).encode())
    assert (found.counts.read, found.counts.repaired, found.counts.short) == (40_000, 0, 1)
    assert found.rows[19_999] == ["19999", "Durand", None]
    assert found.rows[20_000:] == rows[20_001:]
