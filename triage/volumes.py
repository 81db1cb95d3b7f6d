"""Files that are one file in several: the volumes of archives, and what was cut to fit a medium or an upload.

They are told by their names within a folder, and where a name proves nothing (``log.001``, ``log.002``) by their sizes too:
whoever cuts makes all parts but the last equally long. They are read as one stream over their descriptors, nothing is
written; each is listed and hashed by itself. A part that lacks is a hole: what lies in the others is read, and the run names it.

- ``x.7z.001``, ``x.zip.001``, ``x.sql.001`` (7-Zip, HJSplit), ``x.aa``, ``x.ab`` (split): the bytes in a row;
- ``x.z01 … x.zip`` (Info-ZIP, WinZip): the last one holds the index, whose places count from the beginning of a volume;
- ``x.part1.rar …`` and ``x.rar x.r00 …``: archives that go on in the next.
"""

from __future__ import annotations

import io
import re
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from itertools import accumulate, zip_longest
from typing import NamedTuple, TypeAlias

from triage import evidence
from triage.evidence import Evidence, EvidenceError, Seal, Stamp

MISSING = "missing_part"
MOST = 512  # volumes of one file: each is an open file of its worker

Parts: TypeAlias = dict[int, Evidence]


class Form(NamedTuple):
    """How parts are named: ``first`` is the number of the first one; ``whole`` the ending of the one without a number, ``last`` or not."""

    pattern: re.Pattern[str]
    first: int = 1
    whole: str = ""
    last: bool = False

    def path(self, stem: str, number: int, like: Evidence) -> str:
        """The path of a part, written as that of another one."""
        found = self.pattern.fullmatch(like.path)
        text = found["number"] if found else ""
        new = f"{number:0{len(text)}}" if not text.isalpha() else chr(97 + number // 26) + chr(97 + number % 26)
        return f"{stem}{new}{found.groupdict().get('tail') or '' if found else ''}"


_FORMS = (
    Form(re.compile(r"(?P<stem>.+\.)(?P<number>\d{3})", re.DOTALL)),
    Form(re.compile(r"(?P<stem>.+\.z)(?P<number>\d{2,3})", re.IGNORECASE | re.DOTALL), whole="zip", last=True),
    Form(re.compile(r"(?P<stem>.+\.part)(?P<number>\d{1,4})(?P<tail>\.(?:rar|zip|7z))", re.IGNORECASE | re.DOTALL)),
    Form(re.compile(r"(?P<stem>.+\.r)(?P<number>\d{2})", re.IGNORECASE | re.DOTALL), first=0, whole="rar"),
    Form(re.compile(r"(?P<stem>(?:.*[/._-])?|.*/?x)(?P<number>[a-z]{2})", re.DOTALL), first=0),
)
# A stem that names what was cut: its parts are parts whatever their sizes, and one may lack.
_PACKED = re.compile(r".+\.(?:7z|zip|rar|tar|gz|tgz|bz2|tbz2?|xz|txz|zst|lz4|lzma|cab)\.", re.IGNORECASE | re.DOTALL)


def joined(files: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The files, those that are parts of one as one with ``volumes``, in the place of the part that gives its name."""
    groups: dict[tuple[int, str], Parts] = defaultdict(dict)
    for item in files:
        for number, form in enumerate(_FORMS):
            if item.stamp is not None and not item.problem and (found := form.pattern.fullmatch(item.path)):
                groups[number, found["stem"] + (found.groupdict().get("tail") or "")][_number(found["number"])] = item
    by_path = {item.path: item for item in files if item.stamp is not None and not item.problem}
    owner: dict[str, Evidence] = {}
    for (form_number, _), parts in sorted(groups.items()):
        one = _one(_FORMS[form_number], parts, by_path)
        if one is not None and not any(v.path in owner for v in one.volumes):
            owner |= {v.path: one for v in one.volumes}
    return tuple(owner.get(i.path, i) for i in files if i.path not in owner or owner[i.path].path == i.path)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else (ord(text[0]) - 97) * 26 + ord(text[1]) - 97


def _one(form: Form, parts: Parts, files: dict[str, Evidence]) -> Evidence | None:
    """The file that the parts make, None where they are files of their own."""
    like = parts[min(parts)]
    found = form.pattern.fullmatch(like.path)
    stem = found["stem"] if found else ""
    whole = _whole(form, stem, files)
    numbers = range(form.first, max(parts) + 1)
    several = len(parts) > 1 or whole is not None or _PACKED.fullmatch(stem) or (len(numbers) > 1 and not form.whole)
    if not several or len(numbers) > MOST or not (form.whole or "tail" in form.pattern.groupindex or _cut(stem, parts, numbers)):
        return None
    size = max(p.stamp.size for p in parts.values() if p.stamp)
    volumes = [parts.get(n) or _hole(form.path(stem, n, like), size) for n in numbers]
    if form.whole:
        volumes.insert(len(volumes) if form.last else 0, whole or _hole(stem[:-1] + form.whole, 0))
    lead = whole or next(v for v in volumes if not v.problem)
    total = sum(v.stamp.size for v in volumes if v.stamp)
    return replace(lead, stamp=lead.stamp and lead.stamp._replace(size=total), volumes=tuple(volumes))


def _whole(form: Form, stem: str, files: dict[str, Evidence]) -> Evidence | None:
    endings = (form.whole, form.whole.upper(), form.whole.capitalize()) if form.whole else ()
    return next((files[stem[:-1] + e] for e in endings if stem[:-1] + e in files), None)


def _cut(stem: str, parts: Parts, numbers: range) -> bool:
    """Whether one file was cut: its name says so, or all parts are there and but for the last equally long."""
    if _PACKED.fullmatch(stem):
        return True
    sizes = [p.stamp.size for _, p in sorted(parts.items()) if p.stamp]
    return len(parts) == len(numbers) and sizes[-1] <= sizes[0] and len(set(sizes[:-1])) == 1


def _hole(path: str, size: int) -> Evidence:
    return Evidence(path, None, Stamp(size, 0, 0, 0), MISSING)


def missing(item: Evidence, *, told: bool) -> list[str]:
    """The paths of the parts that lack; where the names of the others tell of none and its reader did (``told``), the one after them."""
    holes = [v.path for v in item.volumes if v.problem == MISSING]
    return holes or ([_following(item)] if told and item.volumes else [])


def _following(item: Evidence) -> str:
    for form in _FORMS:
        named = [(v, found) for v in item.volumes if (found := form.pattern.fullmatch(v.path))]
        if named and len(named) >= len(item.volumes) - 1:
            last, found = named[-1]
            return form.path(found["stem"], _number(found["number"]) + 1, last)
    return item.path


# --- for the command


@contextmanager
def opened(item: Evidence) -> Iterator[list[int]]:
    """The file, or each of its volumes, open for reading, to be handed to a worker; raises EvidenceError."""
    with ExitStack() as stack:
        yield [stack.enter_context(evidence.opened(v)) for v in item.volumes or (item,) if v.problem != MISSING]


def changed(item: Evidence, descriptors: Sequence[int] = ()) -> bool:
    """Whether the file or one of its volumes is another, or other than when it was listed."""
    present = [v for v in item.volumes or (item,) if v.problem != MISSING]
    return any(evidence.changed(v, d) for v, d in zip_longest(present, descriptors))


def verify(item: Evidence, seal: Seal) -> bool:
    """Reads the file, or each of its volumes, again from disk: is it still what was sealed?"""
    if not item.volumes:
        return evidence.verify(item, seal)
    return all(v.problem == MISSING or evidence.verify(v, s) for v, s in zip(item.volumes, seal.volumes, strict=True))


# --- for its workers


class Row(io.RawIOBase):
    """The volumes as one stream, front to back; each is opened when its turn comes."""

    def __init__(self, openers: Sequence[Callable[[], evidence.Stream] | None]) -> None:
        self._openers = openers
        self.streams: list[evidence.Stream | None] = []

    def readable(self) -> bool:
        """True: it is only ever read."""
        return True

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fills ``buffer`` in part; raises EvidenceError at a part that lacks."""
        while True:
            if self.streams and self.streams[-1] is not None and (data := self.streams[-1].read(len(buffer))):
                buffer[: len(data)] = data
                return len(data)
            if not self._next():
                return 0
            if self.streams[-1] is None:
                raise EvidenceError(MISSING)

    def _next(self) -> bool:
        if len(self.streams) == len(self._openers):
            return False
        opener = self._openers[len(self.streams)]
        self.streams.append(opener() if opener else None)
        return True

    def seal(self) -> Seal:
        """Reads what no reader asked for; the seals of all volumes, and the first one's."""
        while self._next():
            pass
        seals = tuple(s.seal() if s is not None else Seal(0, "", ()) for s in self.streams)
        problems = tuple(code for s in seals for code in s.problems)
        return Seal(sum(s.size for s in seals), next(s.sha256 for s in seals if s.sha256), problems, seals)

    def close(self) -> None:
        """Nothing: the volumes are closed when they are sealed."""


class SeekableRow(evidence.Placed):
    """The volumes as one stream in any order; not hashed."""

    def __init__(self, volumes: Sequence[Evidence]) -> None:
        super().__init__(sum(v.stamp.size for v in volumes if v.stamp))
        self._volumes = volumes
        self._open: dict[int, evidence.Seekable] = {}
        self._starts = starts(volumes)

    def readinto(self, buffer: bytearray | memoryview, /) -> int:  # type: ignore[override]
        """Fills ``buffer`` in part; raises EvidenceError in a part that lacks."""
        if self._at >= self._size:
            return 0
        number = bisect_right(self._starts, self._at) - 1
        volume = self._volumes[number]
        if volume.problem:
            raise EvidenceError(volume.problem)
        if number not in self._open:
            self._open[number] = evidence.Seekable(volume)
        self._open[number].seek(self._at - self._starts[number])
        count = self._open[number].readinto(buffer)
        self._at += count
        return count

    def close(self) -> None:
        """Closes the volumes."""
        for one in self._open.values():
            one.close()
        super().close()


def starts(volumes: Sequence[Evidence]) -> tuple[int, ...]:
    """Where each volume begins in the stream of all."""
    return tuple(accumulate((v.stamp.size if v.stamp else 0 for v in volumes[:-1]), initial=0))
