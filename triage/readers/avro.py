"""Avro object container files (Avro 1.11, "Object Container Files"): records as JSON objects are, nested ones too."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING, Any

from triage import exhausted
from triage.entry import EntryError
from triage.readers.jsonscan import Values
from triage.readers.jsontable import VALUE, Tables

if TYPE_CHECKING:
    from triage.readers import Job, Made

READS = ("avro",)
KIND = "avro"
DESCRIPTION = "Avro container files"
NEEDS, EXTRA = ("fastavro",), "formats"

_ROWS = 5000
_ROW = 200  # bytes of evidence a record stands for, about


def segments(job: Job) -> Iterator[Made]:
    """The segments of the records and of the lists within them."""
    tables = Tables(job)
    records = _records(job)
    while batch := list(islice(records, _ROWS)):
        yield from tables.add(None, Values(batch, len(batch) * _ROW, plain=False), own=VALUE)
    yield from tables.rest()
    if not tables and not job.entry.problems:
        job.entry.problems["empty"] += 1


def _records(job: Job) -> Iterator[Any]:
    import fastavro  # noqa: PLC0415 - an extra

    stream = job.entry.open(job.options.limits)
    try:
        for record in fastavro.reader(stream):
            yield _plain(record)
    except EntryError:
        raise
    except Exception as error:  # noqa: BLE001 - its text may quote a value
        job.entry.problems[exhausted.code(error, "corrupt")] += 1


def _plain(value: Any) -> Any:  # noqa: ANN401 - Avro is anything
    """Bytes and dates as text; what JSON knows stays."""
    if isinstance(value, dict):
        return {str(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(v) for v in value]
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return "\\x" + value[:32].hex()
    return value if value is None or isinstance(value, str | int | float | bool) else str(value)
