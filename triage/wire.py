"""What crosses the border between the command and its workers: frames over a pair of local sockets.

A frame is one byte of kind, four of length (little endian), and either JSON that must fit the type expected or the raw
values of a sketch. The worker may be in the hands of whoever wrote the evidence, so that its side of the talk is
distrusted: every frame has a bound and a type, every answer a bound in all, every wait an end. Nothing is unpickled.
Descriptors of evidence go one way, from the command to the worker (SCM_RIGHTS, unix(7)).
"""

from __future__ import annotations

import os
import socket
import struct
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any, TypeAlias, TypeVar

import msgspec

_HEADER = struct.Struct("<BI")
_JSON, _BLOCK = 0, 1
_PART = 1 << 20
_FILES = 250

Message = TypeVar("Message")
Frame: TypeAlias = tuple[int, bytes]
"""Its kind and what it holds."""


class WireError(Exception):
    """The other side sent what no worker sends; the text is one of this module's or of ``packing``."""


class LateError(Exception):
    """No whole frame came in time."""


class EndedError(Exception):
    """The other side is gone."""


def pair() -> tuple[socket.socket, socket.socket]:
    """Two ends of a local connection that no other process can reach."""
    return socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)


def end(descriptor: int) -> socket.socket:
    """The end that was inherited as a descriptor."""
    return socket.socket(socket.AF_UNIX, socket.SOCK_STREAM, 0, descriptor)


class Channel:
    """One end, which sends and receives frames.

    ``frame_bytes`` bounds a frame of JSON, ``budget`` what may still be received (None: the other side is trusted);
    ``deadline``, in seconds of the monotonic clock, is when waiting ends (None: never). ``heard``, where somebody
    puts a list there, takes all frames received.
    """

    def __init__(self, own: socket.socket, frame_bytes: int) -> None:
        self._socket = own
        self._frame_bytes = frame_bytes
        self._descriptors: list[int] = []
        self.budget: int | None = None
        self.deadline: float | None = None
        self.heard: list[Frame] | None = None

    def close(self) -> None:
        """Closes the end and what was received but not taken."""
        self._socket.close()
        for descriptor in self._descriptors:
            os.close(descriptor)
        self._descriptors.clear()

    # --- out

    def send(self, message: object, descriptors: Sequence[int] = ()) -> None:
        """Sends a message, with open files where there are ``descriptors``."""
        data = encoded(message)
        frame = _HEADER.pack(_JSON, len(data)) + data
        self._wait()
        try:
            sent = 0
            for start in range(0, len(descriptors), _FILES):  # as many as the kernel takes with a byte
                sent += socket.send_fds(self._socket, [frame[sent : sent + 1]], list(descriptors[start : start + _FILES]))
            self._socket.sendall(frame[sent:])
        except TimeoutError:
            raise LateError from None
        except OSError:
            raise EndedError from None

    def resend(self, frames: Sequence[Frame]) -> None:
        """Sends what was received elsewhere, as it is."""
        self._wait()
        try:
            for kind, data in frames:
                self._socket.sendall(_HEADER.pack(kind, len(data)) + data)
        except TimeoutError:
            raise LateError from None
        except OSError:
            raise EndedError from None

    def send_block(self, data: bytes) -> None:
        """Sends raw values."""
        try:
            self._socket.sendall(_HEADER.pack(_BLOCK, len(data)))
            self._socket.sendall(data)
        except OSError:
            raise EndedError from None

    # --- in

    def receive(self, expected: type[Message]) -> Message:
        """The next message, of the type expected (or of one of a union).

        Raises:
            WireError: another kind of frame, a longer one, or one that does not fit the type.
            LateError: the deadline passed.
            EndedError: the other side is gone.
        """
        kind, size = _HEADER.unpack(self._exactly(_HEADER.size))
        if kind != _JSON:
            raise WireError("a block where a message was due")
        if size > self._frame_bytes:
            raise WireError("a message above the limit")
        data = bytes(self._exactly(size))
        self._keep(_JSON, data)
        return decoded(data, expected)

    def receive_block(self, size: int) -> bytes:
        """The raw values of ``size`` bytes, of ``-size`` or none where it is negative; raises as ``receive``."""
        kind, given = _HEADER.unpack(self._exactly(_HEADER.size))
        if kind != _BLOCK or given not in ((size,) if size >= 0 else (-size, 0)):
            raise WireError("a block of another length")
        data = bytes(self._exactly(given))
        self._keep(_BLOCK, data)
        return data

    def _keep(self, kind: int, data: bytes) -> None:
        if self.heard is not None:
            self.heard.append((kind, data))

    def descriptors(self) -> list[int]:
        """The open files that came with the last message, one at least; their owner closes them."""
        if not self._descriptors:
            raise WireError("no file came with the message")
        taken, self._descriptors = self._descriptors, []
        return taken

    def _exactly(self, size: int) -> bytearray:
        if self.budget is not None:
            self.budget -= size
            if self.budget < 0:
                raise WireError("an answer above the limit")
        data = bytearray()
        while len(data) < size:
            data += self._part(min(size - len(data), _PART))
        return data

    def _part(self, size: int) -> bytes:
        self._wait()
        try:
            # Files are taken by the worker alone: what it would send in return is closed by the kernel.
            if self.budget is None:
                part, files, _, _ = socket.recv_fds(self._socket, size, _FILES)
                self._descriptors += files
            else:
                part = self._socket.recv(size)
        except TimeoutError:
            raise LateError from None
        except OSError:
            raise EndedError from None
        if not part:
            raise EndedError
        return part

    def _wait(self) -> None:
        left = None if self.deadline is None else self.deadline - monotonic()
        if left is not None and left <= 0:
            raise LateError
        self._socket.settimeout(left)


class Tape:
    """Frames that were received before, received again; they are checked no less than the first time."""

    def __init__(self, frames: Sequence[Frame]) -> None:
        self._frames = deque(frames)

    def __bool__(self) -> bool:
        """Whether there are more."""
        return bool(self._frames)

    def receive(self, expected: type[Message]) -> Message:
        """As a channel; raises WireError alone."""
        kind, data = self._next()
        if kind != _JSON:
            raise WireError("a block where a message was due")
        return decoded(data, expected)

    def receive_block(self, size: int) -> bytes:
        """As a channel; raises WireError alone."""
        kind, data = self._next()
        if kind != _BLOCK or len(data) not in ((size,) if size >= 0 else (-size, 0)):
            raise WireError("a block of another length")
        return data

    def _next(self) -> Frame:
        if not self._frames:
            raise WireError("a talk that breaks off")
        return self._frames.popleft()


def spoken(message: object) -> Frame:
    """The frame of a message that was not received."""
    return _JSON, encoded(message)


def joined(frames: Sequence[Frame]) -> bytes:
    """Frames as they cross the wire."""
    return b"".join(part for kind, data in frames for part in (_HEADER.pack(kind, len(data)), data))


def parted(data: bytes) -> list[Frame]:
    """The frames of ``joined``; raises WireError where it is no such thing."""
    frames, at = [], 0
    while at < len(data):
        if at + _HEADER.size > len(data):
            raise WireError("a frame that breaks off")
        kind, size = _HEADER.unpack_from(data, at)
        at += _HEADER.size + size
        if at > len(data):
            raise WireError("a frame that breaks off")
        frames.append((kind, data[at - size : at]))
    return frames


def encoded(message: object) -> bytes:
    """A message as JSON."""
    return msgspec.json.encode(message, enc_hook=_encoded)


def decoded(data: bytes, expected: type[Message]) -> Message:
    """A message of the type expected; raises WireError where it does not fit."""
    try:
        return msgspec.json.decode(data, type=expected, dec_hook=_decoded)
    except (msgspec.MsgspecError, UnicodeDecodeError, ValueError, RecursionError):
        raise WireError("a message of another shape") from None


def _encoded(value: Any) -> object:  # noqa: ANN401 - whatever msgspec does not know
    """A path is bytes, of which not all are text."""
    if isinstance(value, Path):
        return os.fsencode(value)
    raise TypeError(type(value).__name__)


def _decoded(expected: type, value: Any) -> object:  # noqa: ANN401 - as above
    if expected is Path and isinstance(value, str):
        return Path(os.fsdecode(msgspec.convert(value, bytes, strict=False)))
    raise ValueError(expected.__name__)
