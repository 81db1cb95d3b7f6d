"""A stream of bytes in any encoding to UTF-8 bytes with LF at line ends, in big chunks.

UTF-8 passes as it is: its bad bytes are found by the parser, which has to look at every byte anyway.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, TypeAlias

from triage.sniff import escapes
from triage.sniff.encoding import CP1252

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage.readers import Bytes
    from triage.sniff import Shape

    Step: TypeAlias = Callable[[bytes, bool], bytes]

# A record above this is taken apart rather than kept.
_LONGEST = 64 << 20
# 64 KiB of text at a time stay in the processor's cache: a third faster than 16 MiB at once.
_PIECE = 1 << 16
_C1 = bytes(range(0x80, 0xA0))


class Text:
    """The stream as UTF-8, its byte order mark skipped; three habits of producers are undone on the way.

    CR-only lines (and CRLF among them) get LF. What a backslash protects is quoted instead (``sniff.escapes``). Spaces and an equals
    sign before an opening quote go. So one rule of lines and of quoting remains.
    ``bad`` counts what could not be decoded; UTF-8 is not decoded here.
    """

    def __init__(self, stream: Bytes, shape: Shape) -> None:
        self.bad = 0
        self._stream = stream
        self._steps: list[Step] = []
        if shape.encoding == "cp1252":
            self._steps.append(_from_cp1252)
        elif shape.encoding not in {"utf-8", "utf-8-sig"}:
            self._steps.append(self._decoder(shape.encoding))
        if shape.newline == "\r":
            self._steps.append(_held(b"\r", lambda data: data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")))
        if shape.escaped:
            self._steps.append(_unescaped(shape))
        if shape.padded and shape.delimiter and shape.quote:
            self._steps.append(_tightened(shape.delimiter.encode(), shape.quote.encode()))
        stream.read(shape.bom)

    def read(self, size: int) -> bytes:
        """About ``size`` bytes of input, transcoded; ``b""`` only at the end of the stream."""
        while True:
            data = self._stream.read(size)
            last = not data
            for step in self._steps:
                data = step(data, last)
            if data or last:
                return data

    def _decoder(self, encoding: str) -> Step:
        decoder = codecs.getincrementaldecoder(encoding)("replace")

        def step(data: bytes, last: bool) -> bytes:  # noqa: FBT001 - the shape of every step
            text = decoder.decode(data, final=last)
            self.bad += text.count("\ufffd")
            return text.encode("utf-8", "replace")

        return step


def _from_cp1252(data: bytes, last: bool) -> bytes:  # noqa: ARG001, FBT001 - the shape of every step
    """Pieces without C1 bytes are latin-1 to the letter, which decodes an order of magnitude faster."""
    out = []
    for start in range(0, len(data), _PIECE):
        piece = data[start : start + _PIECE]
        if piece.isascii():
            out.append(piece)
        elif len(piece.translate(None, _C1)) == len(piece):
            out.append(piece.decode("latin-1").encode())
        else:
            out.append(codecs.charmap_decode(piece, "strict", CP1252)[0].encode())
    return b"".join(out)


def _held(marks: bytes, change: Callable[[bytes], bytes]) -> Step:
    """A step that holds back some bytes at the end of a chunk: what they mean depends on the byte that follows."""
    held = b""

    def step(data: bytes, last: bool) -> bytes:  # noqa: FBT001 - the shape of every step
        nonlocal held
        data = held + data
        kept = len(data) if last else len(data.rstrip(marks))
        held = data[kept:]
        return change(data[:kept])

    return step


def _tightened(delimiter: bytes, quote: bytes) -> Step:
    """A step as ``dialect.tightened``; a chunk begins in the middle of a line, but for the first."""
    inner = b"(?<=" + re.escape(delimiter) + b")(?: +|=)(?=" + quote + b")|(?<=\n)=(?=" + quote + b")"
    within, pattern = re.compile(inner), re.compile(inner + rb"|\A=(?=" + quote + b")")

    def change(data: bytes) -> bytes:
        nonlocal pattern
        done = pattern.sub(b"", data)
        pattern = within
        return done

    return _held(delimiter + b"\n =", change)


def _unescaped(shape: Shape) -> Step:
    """A step that quotes what a backslash protects; without quotes it takes whole records."""
    quote, delimiter = (shape.quote or "").encode(), (shape.delimiter or "").encode()
    if quote:
        return _held(b"\\", lambda data: escapes.doubled(data, quote))
    held = b""

    def step(data: bytes, last: bool) -> bytes:  # noqa: FBT001 - the shape of every step
        nonlocal held
        data = held + data
        kept = len(data) if last or len(data) > _LONGEST else escapes.held(data)
        held = data[kept:]
        return escapes.enclosed(data[:kept], delimiter)

    return step
