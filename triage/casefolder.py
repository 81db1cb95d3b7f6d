"""``DIR/.case`` during one run: held against other runs, its key found, its journal taken up or begun anew.

What an interrupted run left is taken up where version, rules and options are the same; else it is dropped, and said why.
"""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import polars as pl

from triage import casefile, custody, files, journal, keys, resources
from triage.options import Context
from triage.problems import PROBLEMS
from triage.sandbox import Rung
from triage.version import __version__

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from triage.evidence import Evidence
    from triage.impact import Case
    from triage.options import Options
    from triage.worker import Tools

LOCK = Path(".case") / "lock"
_HEAD, _STARTS, _MANIFEST = "head", "starts", "manifest"
_ENCODER = msgspec.json.Encoder(order="deterministic")


class Head(msgspec.Struct, frozen=True):
    """What must be equal before a run goes on; ``options`` is a keyed hash, for passwords are among them."""

    version: tuple[str, str, str]
    rules: str
    options: bytes


@contextmanager
def opened(
    directory: Path, key_file: Path | None, evidence: Sequence[Path], *, resume: bool = True, say: Callable[[str], None] = lambda _: None
) -> Iterator[CaseFolder]:
    """The case in ``directory``, for one run; ``say`` is told in words what becomes of an interrupted one.

    Raises:
        CaseError: another run is at work on it, or its key cannot serve.
        WriteError: it cannot be written, or it or its key would be written among the evidence.
    """
    files.refuse_among_evidence((directory / LOCK).parent, evidence)  # it may be a link that leads there
    files.make_directory((directory / LOCK).parent)
    with files.held(directory / LOCK):
        files.sweep(directory)
        files.sweep((directory / LOCK).parent)
        case = CaseFolder(directory, key_file, evidence, resume=resume, say=say)
        try:
            yield case
        finally:
            case.journal.close()


class CaseFolder:
    """One case.

    ``notes`` are codes of ``problems.py`` that belong to the run and not to its result; ``changed`` the names of the files that
    are other than an interrupted run found them; ``starts`` when that run, and those before it, began.
    """

    def __init__(
        self, directory: Path, key_file: Path | None, evidence: Sequence[Path], *, resume: bool, say: Callable[[str], None]
    ) -> None:
        self.notes: list[str] = []
        self.changed: frozenset[str] = frozenset()
        self.starts: tuple[datetime, ...] = ()
        self.journal = journal.Unkept()
        self._directory = directory
        self._resume = resume
        self._say = say
        self._files: Sequence[Evidence] = ()
        self._secret = self._key(key_file, evidence)

    def _key(self, key_file: Path | None, evidence: Sequence[Path]) -> bytes:
        if key_file is not None:
            if self._directory.resolve() in key_file.resolve().parents:
                raise keys.KeyFileError("the key must not lie in the folder of the reports")
            if not key_file.exists():
                files.refuse_among_evidence(key_file.parent, evidence)
            return keys.shared_key(key_file)
        place = keys.place(self._directory)
        if place is None or not place.exists():
            files.refuse_among_evidence(keys.folder(), evidence)
            if any((self._directory / left).exists() for left in (journal.FILE, casefile.FILE)):
                self.notes.append("key_missing")
                journal.remove(self._directory / journal.FILE)
        return keys.case_key(self._directory)

    def begin(self, listed: Sequence[Evidence], tools: Tools) -> None:
        """Before anything is opened: what an interrupted run left is taken up or dropped, and the manifest is written."""
        kept = self._taken_up()
        head = self._head(tools)
        known = kept.note(_HEAD)
        before = msgspec.json.decode(known, type=Head) if known else head
        self.notes += [f"journal_other_{name}" for name in Head.__struct_fields__ if getattr(before, name) != getattr(head, name)]
        if before != head or not self._resume:
            kept.clear()
        elif known:
            self.starts = msgspec.json.decode(kept.note(_STARTS) or b"[]", type=tuple[datetime, ...])
            self.changed = custody.differing(kept.note(_MANIFEST) or b"", listed)
        self._files = listed
        manifest = custody.manifest(listed, self.changed)
        files.write(self._directory / custody.FILE, manifest)
        kept.note(_MANIFEST, manifest)
        kept.note(_STARTS, msgspec.json.encode((*self.starts, datetime.now(UTC))))
        kept.note(_HEAD, msgspec.json.encode(head))
        kept.commit()
        self.journal = kept
        self._tell()

    def _tell(self) -> None:
        for code in self.notes:
            self._say(f"{code}: {PROBLEMS[code].meaning}")
        if self.starts:
            self._say(f"Going on with the run that began at {self.starts[0]:%Y-%m-%d %H:%M} UTC; --no-resume reads everything anew.")
        if self.changed:
            self._say(f"changed_between_runs: files that are not as it found them, and are read again: {len(self.changed)}.")

    def _taken_up(self) -> journal.Journal:
        path = self._directory / journal.FILE
        try:
            return journal.Journal(path, self._secret)
        except journal.DamagedError:
            self.notes.append("journal_damaged")
            journal.remove(path)
            return journal.Journal(path, self._secret)

    def _head(self, tools: Tools) -> Head:
        version = (__version__, resources.build(), pl.__version__)
        return Head(version, tools.rules.hash, keys.Sealer(self._secret).name(_ENCODER.encode(_scanned_by(tools.options))))

    def rungs(self, reached: tuple[Rung, ...]) -> tuple[Rung, ...]:
        """What the workers reached: those of this run, or, where it needed none, of the one that was interrupted."""
        if reached:
            return reached
        return msgspec.json.decode(self.journal.note(journal.RUNGS) or b"[]", type=tuple[Rung, ...])

    def keep(self, case: Case, hashes: Mapping[str, str]) -> None:
        """When everything is read: the sketches, and the hashes of the files in the manifest."""
        casefile.save(case, self._directory, self._secret)
        files.write(self._directory / custody.FILE, custody.manifest(self._files, self.changed, hashes))

    def end(self) -> None:
        """When everything is written: nothing is left to go on with."""
        if isinstance(self.journal, journal.Journal):
            self.journal.remove()


def _scanned_by(options: Options) -> dict[str, object]:
    """The options that what a worker tells depends on; the rules have a hash of their own."""
    whole = dataclasses.asdict(dataclasses.replace(options, language="fr", context=Context(), jobs=2, verify=False, rules=()))
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in whole.items()}


_FORGOTTEN = (
    "The key is destroyed, the hashes and the journal made with it are removed: nobody can compare or go on with this case any more. "
    "Reports stay as they are, and another scan into this folder begins a new case. Copies of the key in backups, and what a flash "
    "disk keeps of what was overwritten, are beyond reach."
)
_NO_KEY = (
    "This case has no key of its own here; the hashes and the journal in its folder are removed. A key given with --key-file may serve "
    "other cases too: destroy it yourself when none needs it (shred -u)."
)


def forget(directory: Path) -> str:
    """Destroys the key of a case and what was written under it; what that means, in words.

    Raises:
        CaseError: another run is at work on it, or the key cannot be destroyed.
    """
    if not (directory / LOCK).parent.is_dir():
        raise keys.KeyFileError(f"{directory}: no case lies there")
    with files.held(directory / LOCK):
        place = keys.place(directory)
        known = place is not None and place.exists()
        if place is not None and known:
            keys.destroy(place)
        journal.remove(directory / journal.FILE)
        for left in (casefile.FILE, Path(".case") / "id"):
            (directory / left).unlink(missing_ok=True)
        return _FORGOTTEN if known else _NO_KEY
