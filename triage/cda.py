"""Clinical documents (HL7 CDA release 2, and France's CI-SIS upon it) as a tree, with what lies in them as bytes.

expat reads it; a declared entity ends the reading. A document is one record: letters and reports of a hospital, what a DMP holds.
"""

from __future__ import annotations

import base64
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from xml.parsers import expat

from triage.entry import Entry, EntryError

if TYPE_CHECKING:
    from triage.limits import Limits

_DEEPEST = 256


@dataclass
class Node:
    """An element: its name without the namespace, its attributes, elements and texts in their order."""

    name: str
    attributes: dict[str, str]
    within: list[Node | str] = field(default_factory=list)

    def get(self, name: str) -> str:
        """An attribute, empty where it is not there."""
        return self.attributes.get(name, "").strip()

    def children(self, *names: str) -> list[Node]:
        """The elements in it, those of some names."""
        return [n for n in self.within if isinstance(n, Node) and (not names or n.name in names)]

    def at(self, path: str) -> list[Node]:
        """The elements at a path of names."""
        found = [self]
        for name in path.split("/"):
            found = [inner for node in found for inner in node.children(name)]
        return found

    def walk(self) -> Iterator[Node]:
        """It and all elements in it, in their order."""
        yield self
        for child in self.children():
            yield from child.walk()

    @property
    def text(self) -> str:
        """All text in it, in one line."""
        return " ".join(" ".join(t for t in self.texts()).split())

    def texts(self) -> Iterator[str]:
        """Its pieces of text, in their order."""
        for each in self.within:
            if isinstance(each, str):
                yield each
            else:
                yield from each.texts()


class _RefusedError(Exception):
    """A document that is not read on."""


def document(entry: Entry, limits: Limits) -> Node:
    """The document; raises EntryError where it is too long, damaged, or declares entities."""
    data = entry.open(limits).read(limits.spool_bytes + 1)
    if len(data) > limits.spool_bytes:
        raise EntryError("record_too_long")
    top = Node("", {})
    stack = [top]

    def start(name: str, attributes: dict[str, str]) -> None:
        if len(stack) > _DEEPEST:
            raise _RefusedError
        node = Node(name.rpartition(" ")[2], {k.rpartition(" ")[2]: v for k, v in attributes.items()})
        stack[-1].within.append(node)
        stack.append(node)

    def said(text: str) -> None:
        stack[-1].within.append(text)

    parser = expat.ParserCreate(None, " ")
    parser.buffer_text = True
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: stack.pop()
    parser.CharacterDataHandler = said
    parser.EntityDeclHandler = _refuse
    try:
        parser.ParseFile(io.BytesIO(data))
    except (expat.ExpatError, _RefusedError, ValueError, LookupError):
        raise EntryError("corrupt") from None
    return top.children()[0]


def _refuse(*_: object) -> None:
    raise _RefusedError


def enclosed(document: Node) -> Iterator[tuple[str, bytes]]:
    """What lies in a document in base64, by the element that holds it: a body that is no XML, pictures, files."""
    for number, node in enumerate(n for n in document.walk() if n.get("representation") == "B64"):
        kind = node.get("mediaType").rpartition("/")[2] or "bin"
        try:
            yield f"{number}.{kind}", base64.b64decode("".join(node.texts()))
        except ValueError:
            raise EntryError("corrupt") from None
