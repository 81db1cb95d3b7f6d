r"""Backslashes that protect what follows them, undone: what is left are RFC 4180's quotes alone.

MySQL writes ``\"`` into quoted cells, and without quotes a backslash before a delimiter or a line end that belongs to a
cell (``SELECT … INTO OUTFILE``); PHP's fputcsv leaves a quote behind a backslash alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

QUOTE = '"'
_QUOTE = QUOTE.encode()


def doubled(data: bytes, quote: bytes) -> bytes:
    """A quote behind a backslash is doubled instead; a protected backslash or line end stands alone."""

    def undo(escaped: re.Match[bytes]) -> bytes:
        return escaped[1] * 2 if escaped[1] == quote else escaped[1]

    return re.sub(rb"\\([\\\n" + quote + b"]|\r\n)", undo, data)


def enclosed(data: bytes, delimiter: bytes) -> bytes:
    """Unquoted records whose cells hold a protected delimiter or line end: those cells stand in quotes instead.

    So must cells that begin with a quote then. Nothing changes where there is no such backslash.
    """
    if len(delimiter) != 1 or not re.search(rb"\\(?:\r?\n|" + re.escape(delimiter) + b")", data):
        return data
    return b"".join(_records(data, delimiter))


def _records(data: bytes, delimiter: bytes) -> Iterator[bytes]:
    """The lines between as they are, and the records that need a look, each written anew."""
    d = re.escape(delimiter)
    marks = re.compile(rb"\\|(?:^|(?<=[" + d + rb"\n]))" + _QUOTE)
    tokens = re.compile(rb"\\(?:\r?\n|[\s\S])|[" + d + rb"]|\r?\n|[^\\\n\r" + d + rb"]+|[\s\S]")
    at = 0
    while (mark := marks.search(data, at)) is not None:
        start = data.rfind(b"\n", at, mark.start()) + 1 or at
        yield data[at:start]
        record, at = _record(data, start, delimiter, tokens.finditer)
        yield record
    yield data[at:]


def _record(data: bytes, start: int, delimiter: bytes, tokens: Callable[[bytes, int], Iterator[re.Match[bytes]]]) -> tuple[bytes, int]:
    """One record written anew, and where it ends."""
    out, cell, needs = bytearray(), bytearray(), False
    for found in tokens(data, start):
        token = found[0]
        if token == delimiter or token in {b"\n", b"\r\n"}:
            out += _cell(cell, needs=needs) + token
            cell, needs = bytearray(), False
            if token != delimiter:
                return bytes(out), found.end()
        elif token[1:] in {delimiter, b"\n", b"\r\n", b"\\"}:
            needs = needs or token[1:] != b"\\"
            cell += token[1:]
        else:
            cell += token
    return bytes(out + _cell(cell, needs=needs)), len(data)


def _cell(cell: bytearray, *, needs: bool) -> bytes:
    if needs or cell.startswith(_QUOTE):
        return _QUOTE + cell.replace(_QUOTE, _QUOTE * 2) + _QUOTE
    return bytes(cell)


def held(data: bytes) -> int:
    """Up to where unquoted records are whole: behind the last line end that no backslash protects, 0 without one."""
    end = len(data)
    while (end := data.rfind(b"\n", 0, end)) >= 0:
        before = data[:end].removesuffix(b"\r") if data[max(0, end - 1) : end] == b"\r" else data[max(0, end - 64) : end]
        if (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:
            return end + 1
    return 0
