"""Entries: what is packed is read like what is not, and what breaks keeps what came before the break."""

from __future__ import annotations

import gzip
import io

import pytest

import triage
from triage.entry import Entry, EntryError
from triage.limits import Limits
from triage.options import Options
from triage.unpack import leaves, looked_at

ROWS = "nom;ville\n" + "".join(f"MARTIN{n};Vannes\n" for n in range(5000))


def packed(data: bytes, **members: int) -> bytes:
    return gzip.compress(data, mtime=0, **members)


def scanned(tmp_path, data: bytes, name: str = "a.csv.gz"):
    path = tmp_path / name
    path.write_bytes(data)
    return triage.scan([path])


def codes(result) -> dict[str, int]:
    return {p.code: p.count for p in result.problems}


def test_a_gzip_gives_what_its_content_gives(tmp_path):
    result = scanned(tmp_path, packed(ROWS.encode()))
    (file,), (table,) = result.inputs.files, result.tables
    assert (file.kind, file.status, table.kind, table.rows_total) == ("gzip", "ok", "csv", 5000)
    assert table.entry == table.evidence == "a.csv.gz"


def test_members_in_a_row_are_one_stream_and_rubbish_after_them_is_told(tmp_path):
    data = ROWS.encode()
    result = scanned(tmp_path, packed(data[:777]) + packed(data[777:]) + b"rubbish")
    assert result.size.rows_total == 5000
    assert codes(result) == {"trailing_bytes": 1}
    assert result.inputs.files[0].status == "ok"


@pytest.mark.parametrize(("spoil", "code"), [(lambda d: d[:-3000], "truncated"), (lambda d: d[:-3000] + bytes(500) + d[-2500:], "corrupt")])
def test_rows_before_the_damage_are_kept(tmp_path, spoil, code):
    result = scanned(tmp_path, spoil(packed(ROWS.encode(), compresslevel=1)))
    assert 0 < result.size.rows_total < 5000
    assert code in codes(result)
    assert result.inputs.files[0].status == "partial"


def test_a_bomb_ends_where_its_ratio_is_seen(tmp_path):
    result = scanned(tmp_path, packed(b"a;b\n" + b"0;0\n" * (20 << 20)))
    assert codes(result)["ratio"] == 1
    assert result.inputs.files[0].status == "partial"


def test_nesting_has_an_end(tmp_path):
    data = ROWS.encode()
    for _ in range(12):
        data = packed(data)
    result = scanned(tmp_path, data)
    assert codes(result) == {"too_deep": 1}
    assert result.inputs.files[0].status == "unreadable"


def test_a_nested_stream_seeks_whatever_its_size():
    data = bytes(range(256)) * 4000
    inner = packed(packed(data))
    for spool in (1 << 24, 1 << 10):
        options = Options(limits=Limits(spool_bytes=spool))
        root = Entry("x.gz", lambda: io.BytesIO(inner))
        (leaf,) = leaves(root, looked_at(root, options), options)
        stream = leaf.entry.seekable(options.limits)
        assert stream.seek(0, io.SEEK_END) == len(data)
        assert (stream.seek(70_000), stream.read(300)) == (70_000, data[70_000:70_300])
        assert (stream.seek(5), stream.read(300)) == (5, data[5:305])


def test_what_can_be_read_once_is_not_read_twice():
    def opener():
        return io.BytesIO(b"x" * 5000)

    entry = Entry("stdin", opener, again=False)
    limits = Limits(spool_bytes=1000)
    assert entry.head(10, limits) == b"x" * 10
    with pytest.raises(EntryError, match="not_repeatable"):
        entry.seekable(limits)
