"""The key of a case: what hashes are seeded with before they are written, kept apart from them.

The hash of a NIR that anybody can compute is the NIR. So what stays of a case is hashed under a key that lies outside its
folder: whoever is given the folder has nothing to try numbers against. The key's id may be shown; it tells which key, not what.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from triage.files import CaseError, make_directory, write

SIZE = 32
_LEAST = 16
_ID = re.compile(r"[0-9a-f]{32}")


class KeyFileError(CaseError):
    """A key file that cannot serve; the text says why, without its content."""


def case_key(directory: Path) -> bytes:
    """The key of the case in ``directory``, made when it is first asked for.

    It lies in ``$XDG_STATE_HOME/triage/keys`` under the case's id, which the case keeps in ``.case/id``.
    """
    folder = _state() / "triage" / "keys"
    make_directory(folder)
    return shared_key(folder / _case_id(directory / ".case"))


def shared_key(path: Path) -> bytes:
    """The key in a file, which is made (mode 0600) where it is not there.

    Raises:
        KeyFileError: it cannot be read, or is too short to be a key.
    """
    if not path.exists():
        write(path, os.urandom(SIZE))
    try:
        secret = path.read_bytes()
    except OSError as error:
        raise KeyFileError(f"cannot read the key ({os.strerror(error.errno or 0)})") from None
    if len(secret) < _LEAST:
        raise KeyFileError(f"a key has {_LEAST} bytes or more")
    return secret


def key_id(secret: bytes) -> str:
    """What tells one key from another, and may be shown."""
    return hashlib.blake2b(secret, digest_size=8, person=b"triage key id").hexdigest()


def seed(secret: bytes) -> int:
    """The seed of hashes that are written: 64 bits of the key."""
    return int.from_bytes(hashlib.blake2b(secret, digest_size=8, person=b"triage seed").digest(), "big")


def _state() -> Path:
    told = os.environ.get("XDG_STATE_HOME", "")
    return Path(told) if Path(told).is_absolute() else Path.home() / ".local" / "state"


def _case_id(folder: Path) -> str:
    """The id of the case whose folder this is; one that is no id of ours is replaced, so that it names no other file."""
    path = folder / "id"
    known = path.read_text("ascii", errors="replace").strip() if path.is_file() else ""
    if _ID.fullmatch(known):
        return known
    made = os.urandom(16).hex()
    make_directory(folder)
    write(path, made.encode())
    return made
