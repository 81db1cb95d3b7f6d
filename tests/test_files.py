"""Files appear whole or not at all, and never among the evidence."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from triage import files


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def names(folder: Path) -> list[str]:
    return [p.name for p in folder.iterdir()]


def test_a_written_file_is_its_owners_only(tmp_path):
    target = tmp_path / "impact.json"
    files.write(target, b"{}\n")
    assert target.read_bytes() == b"{}\n"
    assert mode(target) == 0o600
    assert names(tmp_path) == ["impact.json"]


def test_a_file_is_replaced_whole(tmp_path):
    target = tmp_path / "impact.json"
    target.write_bytes(b"old")
    held = target.open("rb")
    files.write(target, b"new and longer")
    assert target.read_bytes() == b"new and longer"
    assert held.read() == b"old", "a reader of the old file keeps the old file"
    held.close()


@pytest.mark.parametrize("step", ["fsync", "replace"])
def test_a_failure_leaves_the_old_file_and_no_other(tmp_path, monkeypatch, step):
    target = tmp_path / "impact.json"
    target.write_bytes(b"old")

    def fails(*_args, **_kwargs):
        raise OSError(28, "no space")

    monkeypatch.setattr(os, step, fails)
    with pytest.raises(files.WriteError, match=r"impact\.json: cannot write"):
        files.write(target, b"new")
    monkeypatch.undo()
    assert target.read_bytes() == b"old"
    assert names(tmp_path) == ["impact.json"]


def test_an_interrupt_removes_the_temporary_file(tmp_path, monkeypatch):
    def interrupted(_descriptor):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        files.write(tmp_path / "impact.json", b"new")
    monkeypatch.undo()
    assert names(tmp_path) == []


def test_a_missing_folder_is_an_error_in_our_words(tmp_path):
    with pytest.raises(files.WriteError, match=r"cannot write \(No such file or directory\)"):
        files.write(tmp_path / "none" / "impact.json", b"")


def test_a_made_folder_is_its_owners_only(tmp_path):
    made = tmp_path / "a" / "b"
    files.make_directory(made)
    assert mode(made) == 0o700
    files.make_directory(made)


def test_a_file_in_the_way_of_a_folder(tmp_path):
    (tmp_path / "out").write_bytes(b"")
    with pytest.raises(files.WriteError, match="cannot make the directory"):
        files.make_directory(tmp_path / "out")


@pytest.mark.parametrize("target", ["case", "case/out", "case/dump.csv", "link", "link/out", "case/sub/../out"])
def test_nothing_is_written_among_the_evidence(tmp_path, target):
    case = tmp_path / "case"
    (case / "sub").mkdir(parents=True)
    (case / "dump.csv").write_bytes(b"a\n")
    (tmp_path / "link").symlink_to(case)
    with pytest.raises(files.WriteError, match="among the evidence"):
        files.refuse_among_evidence(tmp_path / target, [case])


def test_beside_an_evidence_file_is_among_the_evidence(tmp_path):
    dump = tmp_path / "dump.csv"
    dump.write_bytes(b"a\n")
    with pytest.raises(files.WriteError):
        files.refuse_among_evidence(tmp_path, [dump])
    files.refuse_among_evidence(tmp_path / "out", [dump])


def test_elsewhere_is_fine(tmp_path):
    case = tmp_path / "case"
    case.mkdir()
    files.refuse_among_evidence(tmp_path / "out", [case])
    files.refuse_among_evidence(tmp_path, [case])
