"""The folder of a case: who may work on it, what is taken up of an interrupted run, and what becomes of its key (hostile 41, 42, 44)."""

from __future__ import annotations

import base64
import json
import os
import resource
import sqlite3
import stat
import subprocess
import sys
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from triage import casefolder, custody, driver, evidence, files, hiring, journal, judging, keys, resources, rules, wire
from triage.cli import cli
from triage.files import WriteError
from triage.options import Context, Options

TOOLS = judging.tools(Options())
ROWS = "nom;email\n" + "".join(f"DURAND;a{n}@example.org\n" for n in range(40))
FRAMES = [wire.spoken({"a": 1}), (1, b"\0" * 40)]


def run(*words, code=0):
    done = CliRunner().invoke(cli, [str(w) for w in words])
    assert done.exit_code == code, done.output
    return done


@pytest.fixture
def dump(tmp_path) -> Path:
    path = tmp_path / "evidence" / "dump.csv"
    path.parent.mkdir()
    path.write_text(ROWS, "utf-8")
    return path


@pytest.fixture
def out(tmp_path) -> Path:
    (tmp_path / "out").mkdir()
    return tmp_path / "out"


def began(out, dump, tools=TOOLS, *, told=FRAMES, **words):
    """A run that is interrupted after it was told something of every file: its folder, and what it said and found in the journal."""
    said = []
    with casefolder.opened(out, None, [dump], say=said.append, **{"resume": True, **words}) as folder:
        listed = evidence.inventory([dump]).files
        folder.begin(listed, tools)
        found = {item.path: folder.journal.told(item) for item in listed}
        for item in listed:
            if told and not found[item.path]:
                for frame in told:
                    folder.journal.tell(item, [frame])
                    folder.journal.commit()
    return folder, found, said


# --- what is taken up


def test_the_same_run_is_taken_up(out, dump):
    _, found, said = began(out, dump)
    assert (found, said) == ({"dump.csv": []}, [])
    folder, found, said = began(out, dump)
    assert found == {"dump.csv": FRAMES}
    assert len(folder.starts) == 1
    assert "Going on with the run that began" in said[0]
    assert began(out, dump, resume=False)[1] == {"dump.csv": []}


def test_what_changes_nothing_of_what_is_read_does_not_matter(out, dump):
    began(out, dump)
    options = Options(language="en", jobs=7, verify=True, context=Context(exposure="public"))
    assert began(out, dump, TOOLS._replace(options=options))[1] == {"dump.csv": FRAMES}


@pytest.mark.parametrize(
    ("code", "other"),
    [
        ("journal_other_options", lambda _: TOOLS._replace(options=Options(excluded=frozenset({"email"})))),
        ("journal_other_options", lambda _: TOOLS._replace(options=Options(passwords=("a",)))),
        ("journal_other_version", lambda m: m.setattr(casefolder, "__version__", "9") or TOOLS),
        ("journal_other_version", lambda m: m.setattr(resources, "build", lambda: "9") or TOOLS),
        ("journal_other_rules", lambda m: m.setitem(TOOLS.rules.__dict__, "hash", "9") or TOOLS),
    ],
)
def test_what_another_run_left_is_never_mixed_in(out, dump, monkeypatch, code, other):
    began(out, dump)
    folder, found, said = began(out, dump, other(monkeypatch))
    assert folder.notes == [code]
    assert said == [f"{code}: {casefolder.PROBLEMS[code].meaning}"]
    assert found == {"dump.csv": []}
    assert folder.starts == ()


def test_the_hash_of_the_rules_covers_themes_lexicons_and_sentences(tmp_path):
    pack = copytree(resources.rules_dir(), tmp_path / "rules")
    seen = {rules.load(pack).hash}
    for name in (
        "themes/cancer.toml",
        "lexicons/drugs.tsv",
        "lexicons/unions.txt",
        "summary/fr.toml",
        "signatures/snds.toml",
        "classes.toml",
    ):
        path = pack / name
        path.write_bytes(path.read_bytes() + b"\n")
        seen.add(rules.load(pack).hash)
    (pack / "themes" / "cues.toml").rename(pack / "themes" / "cuez.toml")
    seen.add(rules.load(pack).hash)
    assert len(seen) == 8


@pytest.mark.parametrize("how", ["content", "touched", "in_place"])
def test_a_file_that_changed_since_is_read_again_and_said(out, dump, how):
    began(out, dump)
    before = dump.stat()
    if how == "touched":
        os.utime(dump, ns=(1, 1))
    else:
        dump.write_text(ROWS.replace("a1@", "b1@") if how == "in_place" else ROWS + "X;y\n", "utf-8")
        if how == "in_place":  # of the same size and time: what nobody can set tells it
            os.utime(dump, ns=(before.st_atime_ns, before.st_mtime_ns))
    folder, found, said = began(out, dump, told=[])
    assert found == {"dump.csv": []}
    assert folder.changed == {"dump.csv"}
    assert said[-1].endswith("read again: 1.")
    assert began(out, dump)[0].changed == {"dump.csv"}, "it stays said in the runs after that"
    run("scan", dump, "-o", out)
    (item,) = json.loads((out / "impact.json").read_text("utf-8"))["inputs"]["files"]
    assert {p["code"] for p in item["problems"]} >= {"changed_between_runs"}
    assert item["status"] == "ok"


def test_a_finished_run_leaves_nothing_to_go_on_with(out, dump):
    run("scan", dump, "-o", out)
    assert sorted(p.name for p in (out / ".case").iterdir()) == ["id", "lock", "manifest.jsonl", "sketches"]
    assert "Going on" not in run("scan", dump, "-o", out).stderr


def test_an_interrupted_run_says_how_to_go_on(out, dump, monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(driver, "build", interrupted)
    done = CliRunner().invoke(cli, ["scan", str(dump), "-o", str(out)])
    assert "the same command goes on from here" in done.stderr
    monkeypatch.undo()
    monkeypatch.setattr(hiring, "IN_PROCESS", True)
    assert "Going on" in run("scan", dump, "-o", out).stderr
    assert len(json.loads((out / "run.json").read_text())["interrupted"]) == 1


# --- a journal that cannot be trusted


def damaged(path: Path, how: str) -> None:
    if how == "bytes":
        data = bytearray(path.read_bytes())
        data[len(data) // 2 :] = os.urandom(len(data) - len(data) // 2)
        path.write_bytes(data)
    elif how == "text":
        path.write_text("no database at all, but long enough to be looked at " * 20)
    elif how == "link":
        path.rename(path.with_name("elsewhere"))
        path.symlink_to("elsewhere")
    else:
        with sqlite3.connect(path) as base:
            base.execute(how)
        base.close()


@pytest.mark.parametrize(
    "how",
    [
        "bytes",
        "text",
        "link",
        "UPDATE said SET sealed = zeroblob(60)",
        "UPDATE said SET sealed = x''",
        "UPDATE said SET piece = piece + 100",
        "DELETE FROM said WHERE piece = 0",
        "UPDATE said SET file = CAST(x'00' || file AS BLOB)",
        "CREATE TRIGGER t AFTER INSERT ON said BEGIN DELETE FROM said; END",
        "CREATE VIEW v AS SELECT 1",
        "DROP TABLE said",
        "PRAGMA user_version = 99",
    ],
)
def test_a_damaged_journal_is_begun_anew(out, dump, how):
    began(out, dump)
    damaged(out / journal.FILE, how)
    folder, found, said = began(out, dump)
    assert folder.notes == ["journal_damaged"]
    assert found == {"dump.csv": []}
    assert "read anew" in said[0]
    assert began(out, dump)[1] == {"dump.csv": FRAMES}


def test_rows_cannot_be_read_without_the_key(out, dump):
    began(out, dump, told=[wire.spoken({"secret": "Qzxcanari"})])
    left = b"".join(p.read_bytes() for p in (out / ".case").glob("journal*"))
    assert b"Qzxcanari" not in left
    assert b"dump.csv" not in left
    assert stat.S_IMODE((out / journal.FILE).stat().st_mode) == 0o600


def test_a_seal_is_good_in_its_own_place_alone():
    sealer = keys.Sealer(b"x" * 32)
    sealed = sealer.sealed(b"text", b"here")
    assert sealer.opened(sealed, b"here") == b"text"
    for spoilt, place, other in ((sealed, b"there", sealer), (sealed[:-1], b"here", sealer), (sealed, b"here", keys.Sealer(b"y" * 32))):
        with pytest.raises(keys.SealError):
            other.opened(spoilt, place)


# --- the key


def test_a_case_whose_key_is_gone_says_so_and_begins_anew(out, dump):
    began(out, dump)
    keys.place(out).unlink()
    folder, found, said = began(out, dump)
    assert folder.notes == ["key_missing"]
    assert "key of this case is not here" in said[0]
    assert found == {"dump.csv": []}
    assert began(out, dump)[1] == {"dump.csv": FRAMES}


def test_forgetting_destroys_the_key_and_what_it_sealed(out, dump):
    began(out, dump)
    run("scan", dump, "-o", out)
    place = keys.place(out)
    held = place.open("rb")
    secret = held.read()
    report = (out / "impact.json").read_bytes()
    began(out, dump)
    assert "destroyed" in run("forget", out).output
    held.seek(0)
    assert held.read() != secret, "overwritten before it was unlinked"
    held.close()
    assert not place.exists()
    assert sorted(p.name for p in (out / ".case").iterdir()) == ["lock", "manifest.jsonl"]
    assert (out / "impact.json").read_bytes() == report
    assert "no key of its own" in run("forget", out).output
    folder, found, said = began(out, dump)
    assert (folder.notes, found, said) == ([], {"dump.csv": []}, [])
    assert keys.place(out) != place


def test_there_must_be_a_case_to_forget(tmp_path):
    assert "no case lies there" in run("forget", tmp_path, code=2).output


def test_no_key_is_made_among_the_evidence(out, dump, monkeypatch):
    said = run("scan", dump, "-o", out, "--key-file", dump.parent / "key", code=2).output
    assert "among the evidence" in said
    monkeypatch.setenv("XDG_STATE_HOME", str(dump.parent / "state"))
    assert "among the evidence" in run("scan", dump.parent, "-o", out, code=2).output
    assert [p.name for p in dump.parent.iterdir()] == ["dump.csv"]


def test_passwords_are_not_recorded(out, dump, tmp_path):
    (tmp_path / "words").write_text("Qzxcanari\n")
    run("scan", dump, "-o", out, "--password-file", tmp_path / "words")
    assert not [p for p in out.rglob("*") if p.is_file() and b"Qzxcanari" in p.read_bytes()]


# --- one run at a time


def test_two_runs_exclude_each_other(out, dump):
    with files.held(casefolder_lock(out)):
        for words in (["scan", dump, "-o", out], ["forget", out]):
            assert f"process {os.getpid()} is at work on this case" in run(*words, code=2).output
    run("scan", dump, "-o", out)


def casefolder_lock(out):
    (out / ".case").mkdir(exist_ok=True)
    return out / casefolder.LOCK


def test_a_lock_ends_with_its_process(out):
    code = "import os, sys; from pathlib import Path; from triage import files\nwith files.held(Path(sys.argv[1])): os.kill(os.getpid(), 9)"
    assert subprocess.run([sys.executable, "-c", code, casefolder_lock(out)], check=False).returncode == -9
    with files.held(out / casefolder.LOCK):
        pass


def test_what_a_killed_run_had_half_written_is_swept(out, dump):
    for name in (".0123456789abcdef.part", ".other.part", "mine.part"):
        (out / name).write_text("x")
    began(out, dump)
    assert {p.name for p in out.iterdir()} == {".case", ".other.part", "mine.part"}


# --- the manifest


def test_the_manifest_stands_before_anything_is_opened(out, tmp_path, monkeypatch):
    folder = tmp_path / "evidence"
    folder.mkdir()
    odd = Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.csv"))
    odd.write_text(ROWS, "utf-8")
    (folder / "a.csv").write_text(ROWS + "X;y\n", "utf-8")
    seen = []
    monkeypatch.setattr(evidence, "_open", lambda item, real=evidence._open: seen.append((out / custody.FILE).read_bytes()) or real(item))
    run("scan", folder, "-o", out)
    before = [json.loads(line) for line in seen[0].splitlines()]
    after = [json.loads(line) for line in (out / custody.FILE).read_bytes().splitlines()]
    assert [base64.b64decode(line["file"]) for line in before] == [os.fsencode(folder / "a.csv"), os.fsencode(odd)]
    status = odd.stat()
    told = (status.st_size, status.st_mtime_ns, status.st_dev, status.st_ino)
    assert tuple(before[1][name] for name in ("size", "mtime_ns", "device", "inode")) == told
    assert "sha256" not in before[1]
    assert [{k: v for k, v in line.items() if k != "sha256"} for line in after] == before
    assert {line["sha256"] for line in after} == {f["sha256"] for f in json.loads((out / "impact.json").read_text())["inputs"]["files"]}


@pytest.mark.parametrize("words", [[], ["--verify"]])
def test_evidence_is_looked_at_again_when_all_is_read(out, dump, monkeypatch, words):
    """The first file is changed while the second one is read: in its time, or, where it is hashed again, in its bytes alone."""
    (dump.parent / "zz.csv").write_text("a;b\n1;2\n")
    real = driver.examine

    def meddling(item, *others):
        if item.path.endswith("zz.csv"):
            status = dump.stat()
            with dump.open("r+b") as file:
                file.seek(-3, 2)
                file.write(b"h")
            if words:
                os.utime(dump, ns=(status.st_atime_ns, status.st_mtime_ns))
        return real(item, *others)

    monkeypatch.setattr(driver, "examine", meddling)
    run("scan", dump.parent, "-o", out, *words, code=3)
    told = {
        f["path"].rpartition("/")[2]: {p["code"] for p in f["problems"]}
        for f in json.loads((out / "impact.json").read_text())["inputs"]["files"]
    }
    assert "changed_during_scan" in told["dump.csv"]
    assert "changed_during_scan" not in told["zz.csv"]


# --- the disk


def fill(kept, item):
    kept.mark(item, 0, [(1, os.urandom(1 << 20))])
    kept.commit()


def test_a_full_disk_is_told_and_what_was_kept_stays(out, dump):
    began(out, dump)
    with casefolder.opened(out, None, [dump]) as folder:
        (item,) = evidence.inventory([dump]).files
        folder.begin((item,), TOOLS)
        soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 18, hard))
        try:
            with pytest.raises(WriteError, match="what was read is kept") as caught:
                fill(folder.journal, item)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        with pytest.raises(WriteError):  # a part of what belongs together may be gone: nothing more is added
            folder.journal.tell(item, FRAMES)
        assert "Errno" not in str(caught.value)
    folder, found, _ = began(out, dump)
    assert folder.notes == []
    assert found == {"dump.csv": FRAMES}


def test_a_mark_takes_the_place_of_the_one_before(out, dump):
    with casefolder.opened(out, None, [dump]) as folder:
        (item,) = evidence.inventory([dump]).files
        folder.begin((item,), TOOLS)
        for n in range(3):
            folder.journal.mark(item, 0, [(1, bytes([n]))])
        folder.journal.mark(item, 1, FRAMES)
        assert folder.journal.marks(item) == [[(1, b"\2")], FRAMES]
        folder.journal.tell(item, FRAMES)
        assert folder.journal.marks(item)
        folder.journal.tell(item, FRAMES, done=True)
        assert folder.journal.marks(item) == []
        assert folder.journal.told(item) == FRAMES * 2
        folder.journal.commit()
        folder.journal.forget(item)
        assert folder.journal.told(item) == []
        folder.journal.tell(item, FRAMES)
    folder, found, _ = began(out, dump)
    assert folder.notes == []
    assert found == {"dump.csv": FRAMES}


def test_the_folder_of_the_case_is_no_way_into_the_evidence(tmp_path):
    evidence, out = tmp_path / "evidence", tmp_path / "out"
    for folder in (evidence, out):
        folder.mkdir()
    (evidence / "a.csv").write_text("a;b\n1;2\n")
    (out / ".case").symlink_to(evidence)
    done = CliRunner().invoke(cli, ["scan", str(evidence), "-o", str(out)])
    assert done.exit_code == 2, done.output
    assert [p.name for p in evidence.iterdir()] == ["a.csv"]
