"""DOCX and ODT: paragraphs and tables of the one part of the archive that holds the text.

expat reads it as a stream; a document type, and so any entity, ends the reading: office programs write none.
"""

from __future__ import annotations

import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.parsers import expat

from triage.entry import EntryError
from triage.readers import paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Job, Made

READS = ("docx", "odt")
KIND = "document"
DESCRIPTION = "DOCX and ODT: paragraphs and tables; pictures in them are not looked at"

_PARTS = {"docx": "word/document.xml", "odt": "content.xml"}
_BLOCK = 1 << 16
_PARAGRAPHS = frozenset({"p", "h"})


def segments(job: Job) -> Iterator[Made]:
    """The text and the tables of a document."""
    found = _Text()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler, parser.CharacterDataHandler = found.start, found.end, found.data
    parser.StartDoctypeDeclHandler = found.refuse
    code, limits = "", job.options.limits
    try:
        with zipfile.ZipFile(job.entry.seekable(limits)) as archive, archive.open(_PARTS[job.shape.format]) as part:
            read = 0
            while read < limits.document_bytes and (chunk := part.read(_BLOCK)):
                read += len(chunk)
                parser.Parse(chunk, False)  # noqa: FBT003 - expat takes it by place
            code = "record_too_long" if read >= limits.document_bytes else ""
    except (zipfile.BadZipFile, KeyError, OSError, ValueError, zlib.error, expat.ExpatError, EOFError, NotImplementedError):
        code = "corrupt"
    except RuntimeError:  # what zipfile raises for a password
        code = "encrypted"
    if found.lines or found.grids or not code:
        yield from paragraphs.segments(job, job.shape.format, found.lines, found.grids)
    if code:
        raise EntryError(code)


class _Text:
    """Paragraphs and tables as the elements come; a table within a cell is text of the cell."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.grids: list[paragraphs.Grid] = []
        self._text: list[str] = []
        self._cell: list[str] = []
        self._depth = 0

    def start(self, name: str, _attributes: dict[str, str]) -> None:
        """An element begins."""
        tag = name.rpartition(" ")[2]
        if tag in {"tbl", "table"}:
            self._depth += 1
            if self._depth == 1:
                self.grids.append([])
        elif self._depth == 1 and tag in {"tr", "table-row"}:
            self.grids[-1].append([])
        elif tag in {"tab", "br", "line-break", "s"}:
            self._text.append(" ")

    def end(self, name: str) -> None:
        """An element ends."""
        tag = name.rpartition(" ")[2]
        if tag in _PARAGRAPHS:
            (self._cell if self._depth else self.lines).append("".join(self._text))
            self._text = []
        elif tag in {"tbl", "table"}:
            self._depth -= 1
        elif self._depth == 1 and tag in {"tc", "table-cell"} and self.grids[-1]:
            self.grids[-1][-1].append(" ".join(self._cell))
            self._cell = []

    def data(self, text: str) -> None:
        """Text."""
        self._text.append(text)

    def refuse(self, *_: object) -> None:
        """A document type: it may declare entities, of which one names a file and ten are a thousand millions."""
        raise ValueError
