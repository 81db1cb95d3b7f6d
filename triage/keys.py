"""The key of a case: what hashes are seeded with, and what the journal is sealed with, before they are written.

The hash of a NIR that anybody can compute is the NIR. So what stays of a case is written under a key that lies outside its
folder: whoever is given the folder has nothing to try numbers against. The key's id may be shown; it tells which key, not what.
"""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path

from Cryptodome.Cipher import AES

from triage.files import CaseError, make_directory, sync_directory, write

SIZE = 32
_LEAST = 16
_NONCE, _TAG = 12, 16
_ID = re.compile(r"[0-9a-f]{32}")


class KeyFileError(CaseError):
    """A key file that cannot serve; the text says why, without its content."""


def place(directory: Path) -> Path | None:
    """Where the key of the case in ``directory`` lies: in ``$XDG_STATE_HOME/triage/keys`` under the case's id (``.case/id``).

    None where no case was begun there.
    """
    path = directory / ".case" / "id"
    known = path.read_text("ascii", errors="replace").strip() if path.is_file() else ""
    # An id that is none of ours names no other file.
    return folder() / known if _ID.fullmatch(known) else None


def folder() -> Path:
    """Where the keys of all cases lie."""
    told = os.environ.get("XDG_STATE_HOME", "")
    state = Path(told) if Path(told).is_absolute() else Path.home() / ".local" / "state"
    return state / "triage" / "keys"


def case_key(directory: Path) -> bytes:
    """The key of the case in ``directory``, made, with another id for the case, where there is none."""
    path = place(directory)
    make_directory(folder())
    if path is None or not path.exists():
        made = os.urandom(16).hex()
        make_directory(directory / ".case")
        path = folder() / made
        shared_key(path)
        write(directory / ".case" / "id", made.encode())
    return shared_key(path)


def destroy(path: Path) -> None:
    """Overwrites a key and takes it away. Copies of it, in backups or in the cells of a flash disk, are beyond reach."""
    try:
        with path.open("r+b") as file:
            file.write(os.urandom(max(SIZE, path.stat().st_size)))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()
        sync_directory(path.parent)
    except OSError as error:
        raise KeyFileError(f"cannot destroy the key ({os.strerror(error.errno or 0)})") from None


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


class SealError(Exception):
    """A text that was not sealed with this key, or not for this place."""


class Sealer:
    """Seals what is written (AES-256-GCM, NIST SP 800-38D): unreadable without the key, and good in its own place alone."""

    def __init__(self, secret: bytes) -> None:
        self._key = hashlib.blake2b(secret, digest_size=32, person=b"triage journal").digest()
        self._names = hashlib.blake2b(secret, digest_size=32, person=b"triage names").digest()

    def name(self, text: bytes) -> bytes:
        """A name that tells nothing of the text, and is always the same for it."""
        return hashlib.blake2b(text, key=self._names, digest_size=16).digest()

    def sealed(self, text: bytes, place: bytes) -> bytes:
        """The nonce, the tag, and the text made unreadable."""
        nonce = os.urandom(_NONCE)
        cipher = AES.new(self._key, AES.MODE_GCM, nonce=nonce)
        cipher.update(place)
        body, tag = cipher.encrypt_and_digest(text)
        return nonce + tag + body

    def opened(self, sealed: bytes, place: bytes) -> bytes:
        """The text; raises SealError."""
        cipher = AES.new(self._key, AES.MODE_GCM, nonce=sealed[:_NONCE] or b"-")
        cipher.update(place)
        try:
            return cipher.decrypt_and_verify(sealed[_NONCE + _TAG :], sealed[_NONCE : _NONCE + _TAG])
        except ValueError:
            raise SealError from None
