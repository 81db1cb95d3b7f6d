"""Messages of segments with fields, components and repetitions: what HL7 v2 and HPRIM Santé share.

A segment is a row, its kind a table. What follows the patient's segment is the patient's: each row has the number of the patient,
as a foreign key in a database, so that a result or a diagnosis is counted as somebody's. The names of fields are those of the
standards in a word that headers know; fields without one are called by their place (``OBX-8``), as those who read such messages do.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from triage.readers.jsonscan import Values
from triage.readers.jsontable import Tables
from triage.readers.transcode import Text

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from triage.readers import Job, Made

PATIENT = "patient_id"
_FRAMES = "\x0b\x1c\ufeff \t"  # MLLP puts VT before and FS after a message
_SEGMENT = re.compile(r"[A-Z][A-Z0-9]{0,2}")
_BLOCK = 1 << 20
_REPEATED = 8  # repetitions with columns of their own; further ones stand together in the last


class Layout(NamedTuple):
    """How the messages of a standard are written.

    ``first``: the segment that begins a message and names its marks; ``patient``: the one that names the patient;
    ``order``: the places of the component, repetition, escape and subcomponent marks behind the field mark; ``names``: (segment,
    field, component) to the name of a column, where component 0 is the whole field; ``append``: the segment that goes on with the
    one before.
    """

    first: str
    order: tuple[int, int, int, int]
    names: Mapping[tuple[str, int, int], str]
    patient: str
    append: str = ""


class _Marks(NamedTuple):
    field: str
    component: str
    repetition: str
    escape: str
    sub: str


def segments(job: Job, layout: Layout) -> Iterator[Made]:
    """The segments of all tables, one table for each kind of segment."""
    tables = Tables(job)
    marks = _Marks("|", "^", "~", "\\", "&")
    held: dict[str, list[dict[str, str]]] = defaultdict(list)
    size, bad = 0, 0
    last: dict[str, str] | None = None
    patient = ""
    text = Text(job.entry.open(job.options.limits), job.shape)
    for line in _lines(text, job.options.limits.record_bytes):
        size += len(line)
        if line.startswith(layout.first) and len(line) > len(layout.first) + 4:
            marks, patient = _marks(line, layout), ""
        kind, _, rest = line.partition(marks.field)
        if kind == layout.append and last is not None:
            _add(last, f"{kind}-1", rest)
        elif _SEGMENT.fullmatch(kind):
            last = _row(kind, line, marks, layout)
            patient = _belongs(last, patient, named=kind == layout.patient)
            held[kind].append(last)
        else:
            bad += 1
        if size > _BLOCK:
            yield from _given(tables, held, size)
            size = 0
    yield from _given(tables, held, size)
    if bad:
        yield from tables.add(layout.first, Values([], 0, plain=False, bad=bad))
    yield from tables.rest()
    if text.bad:
        job.entry.problems["bad_bytes"] += text.bad


def _belongs(row: dict[str, str], patient: str, *, named: bool) -> str:
    """The patient's number, given to the row where it is another's segment of the same message."""
    patient = row.get(PATIENT, "") if named else patient
    if patient:
        row[PATIENT] = patient
    return patient


def _given(tables: Tables, held: dict[str, list[dict[str, str]]], size: int) -> Iterator[Made]:
    total = sum(map(len, held.values())) or 1
    for kind, rows in held.items():
        yield from tables.add(kind, Values(rows, size * len(rows) // total, plain=False))
    held.clear()


def _lines(text: Text, longest: int) -> Iterator[str]:
    """Lines that are not blank, frames of transport taken off; CR ends a segment, whatever else does."""
    tail = b""
    while chunk := text.read(_BLOCK):
        *whole, tail = (tail + chunk).replace(b"\r", b"\n").split(b"\n")
        if len(tail) > longest:
            whole, tail = [*whole, tail], b""
        yield from _texts(whole)
    yield from _texts([tail])


def _texts(lines: list[bytes]) -> Iterator[str]:
    for raw in lines:
        line = raw.decode("utf-8", "replace").strip(_FRAMES)
        if line:
            yield line


def _marks(line: str, layout: Layout) -> _Marks:
    n = len(layout.first)
    found = line[n + 1 : n + 5]
    component, repetition, escape, sub = (found[i] for i in layout.order)
    return _Marks(line[n], component, repetition, escape, sub)


def _row(kind: str, line: str, marks: _Marks, layout: Layout) -> dict[str, str]:
    row: dict[str, str] = {}
    fields = line.split(marks.field)
    if kind == layout.first:
        fields[1:1] = [marks.field] if layout.first == "MSH" else []
        fields = [*fields[:1], "", "", *fields[3:]] if layout.first == "MSH" else [*fields[:1], "", *fields[2:]]
    for number, field in enumerate(fields[1:], 1):
        if field:
            for turn, value in enumerate(field.split(marks.repetition)):
                _field(row, (kind, number), value, marks, layout, turn)
    return row


def _field(row: dict[str, str], place: tuple[str, int], value: str, marks: _Marks, layout: Layout, turn: int) -> None:
    after = f".{min(turn, _REPEATED)}" if turn else ""
    whole = layout.names.get((*place, 0))
    if whole:
        _add(row, whole + after, _plain(value.replace(marks.component, " ").strip(), marks))
        return
    for part, text in enumerate(value.split(marks.component), 1):
        if text:
            name = layout.names.get((*place, part)) or f"{place[0]}-{place[1]}" + (f".{part}" if part > 1 else "")
            _add(row, name + after, _plain(text, marks))


def _add(row: dict[str, str], name: str, text: str) -> None:
    row[name] = f"{row[name]} {text}" if name in row else text


def _plain(text: str, marks: _Marks) -> str:
    """The text with its escapes undone: marks written as letters, line breaks, bytes in hexadecimal."""
    if marks.escape not in text:
        return text
    letters = {"F": marks.field, "S": marks.component, "T": marks.sub, "R": marks.repetition, "E": marks.escape, ".br": "\n"}
    e = re.escape(marks.escape)
    return re.sub(rf"{e}(F|S|T|R|E|\.br){e}", lambda found: letters[found[1]], text)
