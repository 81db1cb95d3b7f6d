"""A stream of bytes in any encoding to UTF-8 bytes with LF at line ends, in big chunks.

UTF-8 passes as it is: its bad bytes are found by the parser, which has to look at every byte anyway.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, BinaryIO

from triage.sniff.encoding import CP1252

if TYPE_CHECKING:
    from collections.abc import Callable

# 64 KiB of text at a time stay in the processor's cache: a third faster than 16 MiB at once.
_PIECE = 1 << 16
_C1 = bytes(range(0x80, 0xA0))
_ESCAPED = re.compile(rb"\\([\\\"'])")


class Text:
    """The stream as UTF-8, its byte order mark skipped.

    ``newline`` "\\r" makes every CR (and CRLF) an LF. ``escape`` says that quotes are written ``\\"``: they become
    doubled quotes and ``\\\\`` one backslash, so that one rule of quoting remains.
    """

    def __init__(self, stream: BinaryIO, encoding: str, *, bom: int = 0, newline: str = "\n", escape: bool = False) -> None:
        self._stream = stream
        self._steps: list[Callable[[bytes, bool], bytes]] = []
        self.bad = 0
        if encoding == "cp1252":
            self._steps.append(_from_cp1252)
        elif encoding not in {"utf-8", "utf-8-sig"}:
            self._steps.append(self._decoder(encoding))
        if newline == "\r":
            self._steps.append(_held(b"\r", lambda data: data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")))
        if escape:
            self._steps.append(_held(b"\\", lambda data: _ESCAPED.sub(_doubled, data)))
        stream.read(bom)

    def read(self, size: int) -> bytes:
        """About ``size`` bytes of input, transcoded; ``b""`` only at the end of the stream."""
        while True:
            data = self._stream.read(size)
            last = not data
            for step in self._steps:
                data = step(data, last)
            if data or last:
                return data

    def _decoder(self, encoding: str) -> Callable[[bytes, bool], bytes]:
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


def _held(mark: bytes, change: Callable[[bytes], bytes]) -> Callable[[bytes, bool], bytes]:
    """A step that holds back marks at the end of a chunk: what they mean depends on the byte that follows."""
    held = b""

    def step(data: bytes, last: bool) -> bytes:  # noqa: FBT001 - the shape of every step
        nonlocal held
        data = held + data
        kept = len(data) if last else len(data.rstrip(mark))
        held = data[kept:]
        return change(data[:kept])

    return step


def _doubled(escaped: re.Match[bytes]) -> bytes:
    return b"\\" if escaped[1] == b"\\" else escaped[1] * 2
