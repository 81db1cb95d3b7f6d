"""``DIR/.case/manifest.jsonl``: the evidence as it was before anything of it was opened, a line a file.

Written before scanning; at the end each line gets the SHA-256 of the bytes that were scanned. For whoever must show later
which files were received, and that nothing touched them.
"""

from __future__ import annotations

import base64
import os
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from triage.evidence import Evidence

FILE = Path(".case") / "manifest.jsonl"


class Line(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One file: its name in reports, the exact bytes of its path (base64), its stamp, why it was not opened.

    ``changed``: since an interrupted run listed it first.
    """

    path: str
    file: str | None
    size: int | None = None
    mtime_ns: int | None = None
    ctime_ns: int | None = None
    device: int | None = None
    inode: int | None = None
    problem: str | None = None
    changed: bool = False
    sha256: str | None = None


def manifest(files: Iterable[Evidence], changed: Collection[str] = (), hashes: Mapping[str, str] | None = None) -> bytes:
    """The lines of all files; ``changed`` and ``hashes`` go by their names in reports."""
    lines = (_line(item, changed=item.path in changed, sha256=(hashes or {}).get(item.path)) for item in files)
    return b"".join(msgspec.json.encode(line) + b"\n" for line in lines)


def _line(item: Evidence, *, changed: bool, sha256: str | None) -> Line:
    file = None if item.source is None else base64.b64encode(os.fsencode(item.source.absolute())).decode()
    stamp = item.stamp._asdict() if item.stamp else {}
    return Line(path=item.path, file=file, **stamp, problem=item.problem, changed=changed, sha256=sha256)


def differing(before: bytes, files: Iterable[Evidence]) -> frozenset[str]:
    """Names of the files that are other than ``before`` says, or were found to be so earlier; new ones do not differ."""
    decoder = msgspec.json.Decoder(Line)
    known = {line.path: line for line in map(decoder.decode, before.splitlines())}
    found = set()
    for item in files:
        old = known.get(item.path)
        if old is not None and (old.changed or msgspec.structs.replace(old, sha256=None) != _line(item, changed=False, sha256=None)):
            found.add(item.path)
    return frozenset(found)
