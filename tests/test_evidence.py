"""Evidence is listed, read and sealed without being touched (hostile input 12, 13 and 14)."""

from __future__ import annotations

import hashlib
import io
import os
import socket
import subprocess
from pathlib import Path

import pytest

from triage import evidence
from triage.problems import PROBLEMS


def listed(*paths, **options):
    return {e.path: e.problem for e in evidence.inventory(paths, **options).files}


@pytest.fixture
def case(tmp_path) -> Path:
    folder = tmp_path / "case"
    (folder / "b").mkdir(parents=True)
    (folder / "b" / "two.csv").write_bytes(b"a;b\n1;2\n")
    (folder / "a.csv").write_bytes(b"x\n")
    return folder


# --- names


def test_names_are_relative_to_the_parent_of_the_argument(case, monkeypatch):
    expected = {"case/a.csv": None, "case/b/two.csv": None}
    assert listed(case) == listed(str(case) + "/") == expected
    assert listed(case / "b" / "two.csv") == {"two.csv": None}
    monkeypatch.chdir(case)
    assert listed(".") == listed("b/..") == expected


def test_clashing_arguments_are_numbered(tmp_path):
    for folder in ("x", "y", "1"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "lab").write_bytes(b"")
    assert list(listed(tmp_path / "x/lab", tmp_path / "y/lab")) == ["1/lab", "2/lab"]
    with_a_folder_named_1 = listed(tmp_path / "x/lab", tmp_path / "1", tmp_path / "y/lab")
    assert list(with_a_folder_named_1) == ["1/lab", "2/lab", "3/lab"], "no two files share a name"


def test_files_come_in_the_order_of_their_paths(tmp_path):
    for name in ("b", "a-b", "a", "é", "B"):
        (tmp_path / name).write_bytes(b"")
    (tmp_path / "c").mkdir()
    (tmp_path / "c" / "z").write_bytes(b"")
    names = [e.path for e in evidence.inventory([tmp_path]).files]
    assert names == sorted(names)


def test_a_name_that_is_no_utf8_is_written_out(tmp_path):
    name = os.fsencode(tmp_path) + b"/caf\xe9.csv"
    Path(os.fsdecode(name)).write_bytes(b"a\n")
    (one,) = evidence.inventory([tmp_path]).files
    assert one.path == f"{tmp_path.name}/caf\\xe9.csv"
    assert evidence.Stream(one).seal().size == 2


def test_standard_input_is_called_stdin():
    assert listed("-") == {"stdin": None}


# --- what is not opened


def test_links_are_listed_not_followed(case, tmp_path):
    outside = tmp_path / "private.csv"
    outside.write_bytes(b"secret\n")
    (case / "out.csv").symlink_to(outside)
    (case / "in.csv").symlink_to(case / "a.csv")
    (case / "dangling").symlink_to(case / "none")
    (case / "loop").symlink_to(case / "loop")
    (case / "up").symlink_to(tmp_path)
    links = ("case/out.csv", "case/in.csv", "case/dangling", "case/loop", "case/up")
    assert all(listed(case)[link] == "link_not_followed" for link in links)
    followed = listed(case, follow=True)
    assert followed["case/in.csv"] is None
    assert followed["case/out.csv"] == followed["case/up"] == "link_not_followed", "never out of the given paths"
    assert followed["case/dangling"] == followed["case/loop"] == "unreadable"


def test_a_link_back_up_is_walked_once(case):
    (case / "b" / "again").symlink_to(case)
    assert listed(case, follow=True) == {"case/a.csv": None, "case/b/two.csv": None}


def test_a_link_given_as_argument_needs_follow(case, tmp_path):
    (tmp_path / "link.csv").symlink_to(case / "a.csv")
    assert listed(tmp_path / "link.csv") == {"link.csv": "link_not_followed"}
    (one,) = evidence.inventory([tmp_path / "link.csv"], follow=True).files
    assert one.problem is None
    assert evidence.Stream(one).read() == b"x\n"


def test_pipes_sockets_and_devices_are_refused_without_waiting(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "socket"))
    found = listed(tmp_path, "/dev/zero")
    assert set(found.values()) == {"not_regular"}
    for one in evidence.inventory([tmp_path, "/dev/zero"]).files:
        with pytest.raises(evidence.EvidenceError, match="not_regular"):
            evidence.Stream(one)


def test_a_file_that_became_a_pipe_or_a_link_after_listing(case):
    one, two = evidence.inventory([case]).files
    one.source.unlink()
    os.mkfifo(one.source)
    with pytest.raises(evidence.EvidenceError, match="not_regular"):
        evidence.Stream(one)
    two.source.unlink()
    two.source.symlink_to("/dev/zero")
    with pytest.raises(evidence.EvidenceError, match="link_not_followed"):
        evidence.Stream(two)


def test_a_missing_file_is_unreadable(tmp_path):
    assert listed(tmp_path / "none") == {"none": "unreadable"}


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_closed_folder_and_a_closed_file(case):
    (case / "b").chmod(0)
    (case / "a.csv").chmod(0)
    assert listed(case)["case/b"] == "unreadable"
    with pytest.raises(evidence.EvidenceError, match="unreadable"):
        evidence.Stream(evidence.inventory([case / "a.csv"]).files[0])
    (case / "b").chmod(0o700)


def test_files_beyond_the_limit_are_counted(tmp_path):
    for number in range(5):
        (tmp_path / f"{number}.csv").write_bytes(b"")
    found = evidence.inventory([tmp_path], limit=3)
    assert [e.path[-5:] for e in found.files] == ["0.csv", "1.csv", "2.csv"]
    assert found.unlisted == 2


def test_folders_nested_beyond_the_call_stack(tmp_path):
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(1500):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    found = listed(tmp_path)
    # Python 3.11's shutil.rmtree recurses: pytest could not clear its own folder.
    subprocess.run(["rm", "-r", tmp_path / "d"], check=True)
    assert set(found.values()) <= {None, "unreadable"}


# --- reading


@pytest.mark.parametrize("sizes", [[], [1], [3, 100], [-1]])
def test_the_seal_covers_what_no_reader_asked_for(tmp_path, sizes):
    content = os.urandom(5000)
    (tmp_path / "a").write_bytes(content)
    (one,) = evidence.inventory([tmp_path / "a"]).files
    stream = evidence.Stream(one)
    read = b"".join(stream.read(n) for n in sizes)
    assert content.startswith(read)
    assert stream.seal() == evidence.Seal(5000, hashlib.sha256(content).hexdigest(), ())
    assert stream.closed


def test_a_stream_serves_the_standard_readers(tmp_path):
    (tmp_path / "a").write_bytes(b"one\ntwo\n")
    (one,) = evidence.inventory([tmp_path / "a"]).files
    with io.BufferedReader(evidence.Stream(one)) as buffered:
        assert buffered.readlines() == [b"one\n", b"two\n"]
    with pytest.raises(ValueError, match="closed"):
        buffered.read()


def test_reading_leaves_the_access_time(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"x")
    os.utime(path, (1, 2))
    stream = evidence.Stream(evidence.inventory([path]).files[0])
    stream.seal()
    assert stream.without_atime
    assert path.stat().st_atime == 1


def test_without_the_right_the_file_is_read_all_the_same(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"x")
    real = os.open

    def not_ours(name, flags, *args, **kwargs):
        if flags & os.O_NOATIME:
            raise PermissionError(1, "not the owner")
        return real(name, flags, *args, **kwargs)

    monkeypatch.setattr(os, "open", not_ours)
    stream = evidence.Stream(evidence.inventory([path]).files[0])
    assert not stream.without_atime
    assert stream.read() == b"x"
    stream.close()


def grow(path: Path) -> None:
    with path.open("ab") as stream:
        stream.write(b"more")


def touch(path: Path) -> None:
    os.utime(path, (1, 1))


def swap(path: Path) -> None:
    other = path.with_name("other")
    other.write_bytes(path.read_bytes())
    status = path.stat()
    os.utime(other, ns=(status.st_atime_ns, status.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("change", [grow, touch, swap])
def test_a_file_that_changed_since_it_was_listed_is_said(tmp_path, change):
    path = tmp_path / "a"
    path.write_bytes(b"content")
    (one,) = evidence.inventory([path]).files
    change(path)
    assert evidence.Stream(one).seal().problems == ("changed_during_scan",)


@pytest.mark.parametrize("change", [grow, touch, swap, Path.unlink])
def test_a_file_that_changes_while_it_is_read_is_said(tmp_path, change):
    path = tmp_path / "a"
    path.write_bytes(b"content")
    (one,) = evidence.inventory([path]).files
    stream = evidence.Stream(one)
    stream.read(3)
    change(path)
    assert stream.seal().problems == ("changed_during_scan",)


def test_an_input_error_is_a_code_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "a"
    path.write_bytes(b"content")
    stream = evidence.Stream(evidence.inventory([path]).files[0])

    def fails(*_args):
        raise OSError(5, "Input/output error: content")

    monkeypatch.setattr(os, "pread", fails)
    with pytest.raises(evidence.EvidenceError) as caught:
        stream.read(3)
    assert str(caught.value) == "io_error"
    assert caught.value.__suppress_context__
    assert stream.seal().problems == ("io_error",)


def test_verify_reads_again(tmp_path):
    path = tmp_path / "a"
    path.write_bytes(b"content")
    (one,) = evidence.inventory([path]).files
    seal = evidence.Stream(one).seal()
    assert evidence.verify(one, seal)
    status = path.stat()
    path.write_bytes(b"CONTENT")
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))
    assert not evidence.verify(one, seal), "same size, time and inode: only the bytes tell"
    path.unlink()
    assert not evidence.verify(one, seal)


def test_a_short_pipe_gives_what_was_asked_for(monkeypatch):
    ends = os.pipe()
    monkeypatch.setattr(evidence, "_open", lambda _evidence: (ends[0], True))
    stream = evidence.Stream(evidence.Evidence("stdin", None))
    os.write(ends[1], b"ab")
    os.write(ends[1], b"cd")
    os.close(ends[1])
    assert stream.read(3) == b"abc"
    assert stream.readinto(bytearray(10)) == 1
    assert stream.seal().size == 4
    os.close(ends[0])


def test_codes_are_of_the_closed_list():
    for code in ("not_regular", "link_not_followed", "unreadable", "io_error", "changed_during_scan", "too_many_files"):
        assert code in PROBLEMS
