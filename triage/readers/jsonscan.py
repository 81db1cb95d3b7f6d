"""The bytes of JSON, front to back: where a value ends, what it is, without the whole in memory.

RFC 8259, and what producers make of it: values one after another, NaN, lone surrogates, bytes that are no UTF-8.
Values are decoded by msgspec, in blocks. What it refuses is tried again by the standard library, which is lenient, and what that
refuses is no value.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple, TypeAlias

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from triage.readers import Bytes

Value: TypeAlias = Any

BLOCK = 1 << 20
_BLANK = b" \t\r\n\x1e\x00"  # a record separator (RFC 7464) stands before each value of a sequence
_BLANKS = re.compile(rb"[ \t\r\n\x1e\x00]*")
# A whole string, a bracket, or a quote whose string is not here to its end.
_TOKEN = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[{}\[\]"]', re.DOTALL)
_SCALAR = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"|[^\s,\]}{\["]+', re.DOTALL)
_BETWEEN = re.compile(rb'[}\]]\s*,\s*(?:\{\s*"[^"\\]{0,200}"|[{\[])')
_RESUME = re.compile(rb"[}\]]\s*+(?:,\s*+)?(?=\{)")
_SURROGATE = re.compile("[\ud800-\udfff]")
_decoder = msgspec.json.Decoder(float_hook=str)
_lenient = json.JSONDecoder(strict=False, parse_float=str, parse_int=str, parse_constant=str)


class BadValueError(ValueError):
    """Bytes that are no JSON value; it has no text, because what a library says of them may quote a cell."""


class TooLongError(ValueError):
    """A value above the limit of a record."""


class Values(NamedTuple):
    """Some values of one array or file, in order.

    ``size``: their bytes; ``plain``: see ``Rows``; ``bad``: what is no value; ``long``: what is above the limit of a record;
    ``odd``: commas too few or too many.
    """

    values: list[Value]
    size: int
    plain: bool
    repaired: int = 0
    bad: int = 0
    replaced: int = 0
    long: int = 0
    odd: int = 0

    def and_(self, other: Values) -> Values:
        """These values and the next ones."""
        counts = [a + b for a, b in zip(self[3:], other[3:], strict=True)]
        return Values(self.values + other.values, self.size + other.size, self.plain and other.plain, *counts)


def decoded(raw: bytes) -> tuple[Value, bool]:
    """The value, and whether only the lenient reader could read it. Numbers with a fraction stay as they were written."""
    try:
        return _decoder.decode(raw), False
    except (msgspec.MsgspecError, ValueError, RecursionError):
        pass
    text = raw.decode("utf-8", "replace").strip("\ufeff \t\r\n\x1e\x00")
    try:
        value, end = _lenient.raw_decode(text)
    except (ValueError, RecursionError):
        raise BadValueError from None
    if text[end:].strip():
        raise BadValueError
    return (_whole(value) if _SURROGATE.search(text) or "\\u" in text else value), True


def _whole(value: Value) -> Value:
    """The value with lone surrogates replaced: no text may hold them."""
    if isinstance(value, str):
        return _SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {_whole(k): _whole(v) for k, v in value.items()}
    return [_whole(v) for v in value] if isinstance(value, list) else value


def several(raws: list[bytes]) -> Values:
    """The values that stand alone in ``raws``; blank ones are none."""
    values: list[Value] = []
    repaired = bad = replaced = 0
    for raw in raws:
        if not raw.strip(_BLANK):
            continue
        try:
            value, lenient = decoded(raw)
        except BadValueError:
            bad += 1
            continue
        values.append(value)
        repaired += lenient
        replaced += raw.decode("utf-8", "replace").count("\ufffd") if lenient else 0
    size = sum(map(len, raws))
    return Values(values, size, all(_plain(raw) for raw in raws), repaired, bad, replaced)


def _plain(raw: bytes) -> bool:
    return b"NULL" not in raw and rb"\\N" not in raw and rb"\u0000" not in raw and b"\x00" not in raw


def lines(raw: bytes) -> Values:
    """The values of whole lines; one that does not stand alone in its line is looked for there, then is a bad one."""
    try:
        return Values(_decoder.decode_lines(raw), len(raw), _plain(raw))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return several(raw.split(b"\n"))


def block(raw: bytes) -> Values | None:
    """The elements between two commas of an array; None where the bytes are not whole elements."""
    try:
        return Values(_decoder.decode(b"[" + raw + b"]"), len(raw), _plain(raw))
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return None


class Scanner:
    """One stream, of which a window is held: ``data`` from ``at`` on is still to be read."""

    def __init__(self, stream: Bytes, longest: int) -> None:
        self.data = b""
        self.at = 0
        self.ended = False
        self._stream = stream
        self._longest = longest

    def more(self) -> bool:
        """Has more bytes in the window, twice as many each time one value asks for them; False at the end."""
        if self.ended:
            return False
        held = self.data[self.at :]
        new = self._stream.read(max(BLOCK, len(held)))
        self.ended = not new
        self.data, self.at = held + new, 0
        return not self.ended

    def peek(self) -> bytes:
        """The next byte that is not blank, not taken; ``b""`` at the end."""
        while True:
            found = _BLANKS.match(self.data, self.at)
            self.at = found.end() if found else self.at
            if self.at < len(self.data):
                return self.data[self.at : self.at + 1]
            if not self.more():
                return b""

    def take(self, byte: bytes) -> bool:
        """Takes the next byte if it is this one."""
        if self.peek() != byte:
            return False
        self.at += 1
        return True

    def raw(self) -> bytes:
        """The bytes of the next value, taken.

        Raises:
            TooLongError: it is longer than a record may be; nothing is taken.
            BadValueError: the stream ends within it, or there is none; nothing is taken.
        """
        first = self.peek()
        end = self._nested() if first in (b"{", b"[") else self._scalar()
        raw = self.data[self.at : end]
        self.at = end
        return raw

    def _nested(self) -> int:
        depth, at = 0, self.at
        while True:
            for token in _TOKEN.finditer(self.data, at):
                mark = token[0]
                if mark in (b"{", b"["):
                    depth += 1
                elif mark in (b"}", b"]"):
                    depth -= 1
                    if not depth:
                        return token.end()
                elif mark == b'"':
                    at = token.start()
                    break
            else:
                at = len(self.data)
            at = self._grown(at)

    def _scalar(self) -> int:
        while True:
            found = _SCALAR.match(self.data, self.at)
            if found and (found.end() < len(self.data) or self.ended):
                return found.end()
            if self.ended or (not found and self.data[self.at : self.at + 1] not in (b'"', b"")):
                raise BadValueError
            self._grown(self.at)

    def _grown(self, at: int) -> int:
        """The same place in a larger window."""
        if len(self.data) - self.at > self._longest:
            raise TooLongError
        seen = at - self.at
        if not self.more() and self.data[self.at : self.at + 1] in (b"{", b"["):
            raise BadValueError
        return self.at + seen

    def resume(self) -> bool:
        """Goes on behind damage, where an object may begin; False at the end of the stream."""
        self.at += 1
        while True:
            found = _RESUME.search(self.data, self.at)
            if found:
                self.at = found.end()
                return True
            self.at = max(self.at, len(self.data) - BLOCK // 16)
            if not self.more():
                self.at = len(self.data)
                return False

    def skip(self) -> None:
        """Takes a value of any length without keeping it."""
        depth = 0
        while self.peek():
            token = _TOKEN.search(self.data, self.at)
            if token is None or token[0] == b'"':
                self.at = token.start() + 1 if token and self.ended else len(self.data) if token is None else token.start()
                if not self.more():
                    return
                continue
            self.at = token.end()
            depth += {b"{": 1, b"[": 1, b"}": -1, b"]": -1}.get(token[0], 0)
            if depth <= 0:
                return


class Elements:
    """The elements of an array whose bracket was taken, in blocks; afterwards the closing bracket is taken too.

    ``bare``: there are no brackets, the values of the stream stand one after another.

    A block is cut where a separator stands like the one between the first two elements. That the cut is right is proved by
    decoding: what begins and ends between elements is a list of values. Where it is wrong, every element is looked for.
    """

    _TRIES = 4

    def __init__(self, scanner: Scanner, *, bare: bool = False) -> None:
        self.broken = False
        self._bare = bare
        self._done = False
        self._first = True
        self._odd = 0
        self._scanner = scanner
        self._separator = b""
        self._failed = 0

    def __iter__(self) -> Iterator[Values]:
        while not self._closed():
            found = self._fast() or self._exact()
            yield found._replace(odd=self._odd)
            self._odd = 0
        if self._odd:
            yield Values([], 0, plain=True, odd=self._odd)

    def _closed(self) -> bool:
        """Whether the array ends here; takes what stands between two elements."""
        if self._done or self.broken:
            return True
        scan, commas = self._scanner, 0
        while scan.take(b","):
            commas += 1
        if self._bare:
            self._done = not scan.peek()
            return self._done
        self._done = scan.take(b"]")
        self._odd += commas != (0 if self._first or self._done else 1)
        self._first = False
        self.broken = not self._done and not scan.peek()
        return self._done or self.broken

    def _fast(self) -> Values | None:
        scan = self._scanner
        if not self._separator or self._failed >= self._TRIES:
            return None
        while len(scan.data) - scan.at < BLOCK and scan.more():
            pass
        cut = scan.data.rfind(self._separator, scan.at)
        found = block(scan.data[scan.at : cut + 1]) if cut > scan.at else None
        if found is None:
            self._failed += cut > scan.at
            return None
        self._failed = 0
        scan.at = cut + 1
        return found

    def _exact(self) -> Values:
        """Elements one by one, about a block of them; only the first while the separator is not known."""
        raws: list[bytes] = []
        size, bad, long = 0, 0, 0
        while size < BLOCK:
            try:
                raws.append(self._scanner.raw())
                size += len(raws[-1])
            except TooLongError:
                long += 1
                self._scanner.skip()
            except BadValueError:
                bad += 1
                self.broken = not self._scanner.resume()
                break
            if self._learned() or self._closed():
                break
        found = (block(b",".join(raws)) if raws else None) or several(raws)
        return found._replace(bad=found.bad + bad, long=long)

    def _learned(self) -> bool:
        """Whether the separator has just been found."""
        if self._separator or self._failed >= self._TRIES:
            return False
        scan = self._scanner
        found = _BETWEEN.match(scan.data, scan.at - 1) if scan.at else None
        self._separator = found[0] if found else b""
        return found is not None
