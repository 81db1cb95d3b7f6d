"""Compressed RTF ([MS-OXRTFCP]): how Outlook keeps the text of messages that it has no other text of."""

from __future__ import annotations

import struct

from triage.plugins import importable

_COMPRESSED, _PLAIN = b"LZFu", b"MELA"
_HEADER = struct.Struct("<2I4sI")
_WINDOW, _MOST = 1 << 12, 64 << 20
_DICTIONARY = (
    b"{\\rtf1\\ansi\\mac\\deff0\\deftab720{\\fonttbl;}{\\f0\\fnil \\froman \\fswiss \\fmodern \\fscript \\fdecor MS Sans SerifSymbolArial"
    b"Times New RomanCourier{\\colortbl\\red0\\green0\\blue0\r\n\\par \\pard\\plain\\f0\\fs20\\b\\i\\u\\tab\\tx"
)


def text(data: bytes) -> str:
    """What a reader of the message sees; nothing where it is damaged, or no library reads RTF here."""
    if not data or not importable("striprtf"):
        return ""
    from striprtf import striprtf  # noqa: PLC0415 - an extra

    try:
        return str(striprtf.rtf_to_text(unpacked(data).decode("latin-1"), encoding="cp1252", errors="replace")).strip()  # type: ignore[no-untyped-call] # the package has no types
    except (ValueError, LookupError, TypeError, RecursionError, ArithmeticError, struct.error):
        return ""


def unpacked(data: bytes) -> bytes:
    """The RTF; raises ValueError or struct.error where it is none."""
    _, size, kind, _ = _HEADER.unpack_from(data)
    if kind == _PLAIN:
        return data[_HEADER.size : _HEADER.size + size]
    if kind != _COMPRESSED:
        raise ValueError
    out = bytearray(_DICTIONARY)
    _grow(out, data)
    return bytes(out[len(_DICTIONARY) : len(_DICTIONARY) + size])


def _grow(out: bytearray, data: bytes) -> None:
    """Adds a byte, or a piece of the 4,096 before it, for each bit of a byte of flags."""
    at, end = _HEADER.size, len(data)
    while at < end and len(out) < _MOST:
        flags, at = data[at], at + 1
        for bit in range(8):
            if not flags >> bit & 1:
                out += data[at : at + 1]
                at += 1
                continue
            token, at = int.from_bytes(data[at : at + 2], "big"), at + 2
            back = (len(out) - (token >> 4)) % _WINDOW
            if not back or at > end:
                return  # a piece that begins where it would stand is the end
            for _ in range((token & 15) + 2):
                out.append(out[-back] if back <= len(out) else 0)
