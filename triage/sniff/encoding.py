"""The encoding of a text, from its first bytes, and its decoding.

In this order: a byte order mark; UTF-16 and UTF-32 by where their NUL bytes fall; UTF-8, strictly; the multi-byte
encodings that prove themselves (Shift-JIS and the like are left to charset-normalizer); then a single-byte one,
judged by what its high bytes spell in French. In a leak from Western Europe that is cp1252 nearly always, so the
others must beat it clearly.
"""

from __future__ import annotations

import codecs
import re
from typing import NamedTuple

BOMS = (
    (b"\xff\xfe\x00\x00", "utf-32-le"),
    (b"\x00\x00\xfe\xff", "utf-32-be"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16-le"),
    (b"\xfe\xff", "utf-16-be"),
)
# The five bytes cp1252 leaves undefined are C1 controls in the WHATWG table: nothing is lost, nothing raises.
CP1252 = "".join(bytes([b]).decode("cp1252", "replace") if b not in b"\x81\x8d\x8f\x90\x9d" else chr(b) for b in range(256))
NAMES = {
    "latin-1": "cp1252",
    "latin1": "cp1252",
    "iso8859-1": "cp1252",
    "windows-1252": "cp1252",
    "ascii": "utf-8",
    "utf8": "utf-8",
    "utf_8_sig": "utf-8-sig",
    "utf-16": "utf-16-le",
    "utf-32": "utf-32-le",
}
SAMPLE = 1 << 16
# Characters where a French text has them: its own letters, apostrophes and signs, and, at less, its neighbours' letters.
_FRENCH = re.compile(
    "[a-zA-Z '][éèêëàâùûîïôçœæ]|(?:[A-Z]|[^a-zA-Z])[ÉÈÊËÀÂÙÛÎÏÔÇŒ]|(?<![^\\x00-@])[éèêàç](?=[a-z ])"
    "|[a-zA-Z ]\u2019[a-zA-Z]|\\d ?[€°]|[nN][°º]"
)
_NEIGHBOURS = re.compile("[a-zA-Z ][äüöñáíóúßåøØÅÄÖÜ]")
_HIGH = re.compile(r"[^\x00-\x7f]")
_HIGH_BYTES = bytes(range(0x80, 0x100))
_RIVALS = ("mac-roman", "cp850")


class Encoding(NamedTuple):
    """``name`` as Python's codecs know it; ``bom`` in bytes; ``guessed`` when nothing in the bytes proves it."""

    name: str
    bom: int = 0
    guessed: bool = False


def detect(head: bytes, *, whole: bool) -> Encoding:
    """The encoding of a text that begins with ``head``; ``whole`` says that nothing follows it."""
    for mark, name in BOMS:
        if head.startswith(mark):
            return Encoding(name, len(mark))
    wide = _wide(head)
    if wide is not None:
        return Encoding(wide)
    if is_utf8(head, whole=whole):
        return Encoding("utf-8")
    return _single(head)


def chosen(head: bytes, asked: str | None, *, whole: bool) -> Encoding:
    """The user's encoding, with the mark it may begin with, else the detected one."""
    found = detect(head, whole=whole)
    if asked is None:
        return found
    name = canonical(asked)
    same = found.bom and name.removesuffix("-sig").split("-")[:2] == found.name.removesuffix("-sig").split("-")[:2]
    return found if same else Encoding(name)


def canonical(name: str) -> str:
    """A user's name of an encoding as the reports spell it; LookupError when Python has none of that name."""
    known = codecs.lookup(name).name
    return NAMES.get(name.lower(), NAMES.get(known, known))


def is_utf8(head: bytes, *, whole: bool) -> bool:
    """Whether the bytes are UTF-8, a character cut at the end aside.

    A long text with a handful of bad bytes is UTF-8 with bad bytes, when its good multi-byte characters
    outnumber them by far: cp1252 text almost never forms a valid sequence.
    """
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head, final=whole)
    except UnicodeDecodeError:
        text = head.decode("utf-8", "replace")
        bad = text.count("\ufffd")
        return len(_HIGH.findall(text)) - bad > 10 * bad
    return True


def _wide(head: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: text in Latin letters has its NUL bytes at every second or fourth place."""
    sample = head[: SAMPLE & ~3]
    quarter = len(sample) // 4
    if quarter < 2:  # noqa: PLR2004 - too little to see a pattern
        return None
    nul = [sample[i::4].count(0) / quarter for i in range(4)]
    few, most = 0.1, 0.6
    if min(nul[1:]) > most and nul[0] < few:
        return "utf-32-le"
    if min(nul[:3]) > most and nul[3] < few:
        return "utf-32-be"
    if min(nul[1], nul[3]) > most and max(nul[0], nul[2]) < few:
        return "utf-16-le"
    if min(nul[0], nul[2]) > most and max(nul[1], nul[3]) < few:
        return "utf-16-be"
    return None


def _single(head: bytes) -> Encoding:
    """cp1252 unless another encoding spells the high bytes much better."""
    sample = _around_high(head)
    high = len(sample) - len(sample.translate(None, _HIGH_BYTES))
    if high < 2:  # noqa: PLR2004 - one character proves nothing
        return Encoding("cp1252", guessed=True)
    best, best_score = "cp1252", _spelling(sample, "cp1252")
    for name in _RIVALS:
        score = _spelling(sample, name)
        if score > best_score + 0.25:
            best, best_score = name, score
    # Nothing French in a text with enough to judge by: ask the statistics of other languages.
    if best_score < 0.3 and high >= 20:  # noqa: PLR2004 - see above
        best = _by_statistics(sample) or best
    return Encoding(best, guessed=True)


def _around_high(head: bytes) -> bytes:
    """The lines that hold a byte above 0x7F, up to a sample's size."""
    lines = [line for line in head[:-1].splitlines() if not line.isascii()] or [head]
    return b"\n".join(lines)[:SAMPLE]


def _spelling(sample: bytes, name: str) -> float:
    """The share of high characters that stand where a French text has them."""
    text = decode(sample, name)
    high = len(_HIGH.findall(text))
    return (len(_FRENCH.findall(text)) + 0.6 * len(_NEIGHBOURS.findall(text))) / high if high else 0.0


def _by_statistics(sample: bytes) -> str | None:
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow to import, rarely needed

    found = from_bytes(sample[: 1 << 14]).best()
    if found is None or found.encoding.startswith(("utf", "ascii")):
        return None
    return canonical(found.encoding)


def decode(data: bytes, name: str) -> str:
    """The text of whole characters; bad bytes become U+FFFD."""
    if name == "cp1252":
        return codecs.charmap_decode(data, "strict", CP1252)[0]
    return data.decode("utf-8" if name == "utf-8-sig" else name, "replace")
