"""XML records: which elements are rows, and what ends the reading."""

from __future__ import annotations

from io import BytesIO

import pytest

from triage.entry import Entry, EntryError
from triage.options import Options, Reading
from triage.readers import READERS, Job
from triage.sniff import sniff


def read(data: bytes) -> dict[str | None, list[dict[str, str | None]]]:
    options = Options()
    shape = sniff(data, Reading(), options.limits, whole=True)
    tables: dict[str | None, list[dict[str, str | None]]] = {}
    for segment in READERS.of(shape.kind).segments(Job(Entry("a.xml", lambda: BytesIO(data)), shape, options)):
        rows = segment.read()
        names = segment.head.names
        tables.setdefault(segment.head.name, []).extend(dict(zip(names, row, strict=True)) for row in rows.frame.rows())
    return tables


def test_the_topmost_element_that_repeats_is_the_row():
    tables = read(b'<x><a id="1"><n>A</n><t>1</t><t>2</t></a><a id="2"><n>B&amp;C</n></a><note>last</note></x>')
    assert tables["a"] == [{"id": "1", "n": "A", "t": "1", "t.1": "2"}, {"id": "2", "n": "B&C", "t": None, "t.1": None}]
    assert tables[None] == [{"note": "last"}]


def test_an_entity_is_refused():
    with pytest.raises(EntryError, match="corrupt"):
        read(b'<!DOCTYPE x [<!ENTITY e "eeee"><!ENTITY f "&e;&e;">]><x><a>&f;</a><a>1</a></x>')


def test_what_only_begins_like_xml_is_text():
    assert len(read("<inconnu> a écrit : bonjour\n<autre> et vous ?\n".encode())[None]) == 2
