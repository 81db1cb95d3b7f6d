"""Tallies as they cross the wire: JSON that follows the annotations of ``tally.py``, and sketches as raw ascending values.

Both sides walk the same dataclasses, so that a new count travels without a line here and cannot be forgotten. What comes
from a worker is checked on the way: its shape against the annotations, whole numbers against a bound, a sketch against
its cap, its threshold and its order. Bytes become values by reinterpretation; no decoder of a file format is involved.
"""

from __future__ import annotations

import io
import sys
import types
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import polars as pl

from triage.sketches import FULL, Distinct, Links, Masks, People, Weights, Words
from triage.wire import WireError

_SKETCHES = (Distinct, Links, Masks, People, Weights)
_SIZES: dict[Any, int] = {pl.UInt64: 8, pl.Int32: 4, pl.UInt8: 1}
_LARGEST = 1 << 62
_LONGEST = 1 << 10
_STEP = 1 << 16

Block = Callable[[int], bytes]


# --- out


def packed(value: Any, blocks: Callable[[bytes], None]) -> Any:  # noqa: ANN401 - any part of a tally
    """``value`` as what JSON knows; the values of its sketches go to ``blocks``, in order."""
    if isinstance(value, _SKETCHES):
        frame = value.frame()
        for name in frame.columns:
            _write(frame[name], blocks)
        return [value.cap, value.shift, frame.height]
    if isinstance(value, Words):
        return packed(value.counts, blocks)
    if is_dataclass(value):
        return [packed(getattr(value, f.name), blocks) for f in fields(value)]
    if isinstance(value, dict):
        return [[key, packed(one, blocks)] for key, one in value.items()]
    if isinstance(value, list | tuple):
        return [packed(one, blocks) for one in value]
    return value


def _write(series: pl.Series, blocks: Callable[[bytes], None]) -> None:
    """The values, nulls as 0, then a byte each that tells which are null."""
    if not len(series):
        return
    blocks(b"".join(_raw(series[start : start + _STEP].fill_null(0)) for start in range(0, len(series), _STEP)))
    blocks(_raw(series.is_null().cast(pl.UInt8)) if series.null_count() else b"")


def _raw(values: pl.Series) -> bytes:
    """The values as memory has them, without one of them becoming an object: the end of an Arrow IPC stream of one batch.

    https://arrow.apache.org/docs/format/Columnar.html#ipc-streaming-format: the values are the last buffer of the batch, padded
    to 64 bytes, before the eight bytes that end the stream. (What stands before them differs: a bitmap of nulls may have stayed.)
    """
    out = io.BytesIO()
    values.rechunk().to_frame().write_ipc_stream(out)
    whole, size = out.getbuffer(), len(values) * _SIZES[type(values.dtype)]
    start = len(whole) - 8 - -(-size // 64) * 64
    return bytes(whole[start : start + size])


# --- in


def unpacked(hint: Any, value: Any, block: Block) -> Any:  # noqa: ANN401 - any part of a tally
    """What ``packed`` made of a value of the type ``hint``; ``block`` gives the next values of a sketch.

    Raises:
        WireError: it is no such value.
    """
    if hint in (int, str):
        return _plain(hint, value)
    if hint is Words or hint in _SKETCHES:
        return _sketch(hint, value, block)
    if is_dataclass(hint):
        return _dataclass(hint, value, block)
    origin, inner = get_origin(hint), get_args(hint)
    if origin is types.UnionType:  # of one type and None
        return None if value is None else unpacked(inner[0], value, block)
    if origin in (Counter, dict):
        pairs = dict(_pairs(value, inner[0], (*inner, int)[1], block))
        return Counter(pairs) if origin is Counter else pairs
    return _sequence(origin, inner, value, block)


def _sequence(origin: Any, inner: tuple[Any, ...], value: Any, block: Block) -> Any:  # noqa: ANN401 - as unpacked
    many = inner[0] if origin is list or inner[1:] == (...,) else None
    parts = _list(value) if many is not None else _list(value, len(inner))
    found = [
        unpacked(many or kind, one, block) for kind, one in zip(inner * len(parts) if many is not None else inner, parts, strict=False)
    ]
    return found if origin is list else tuple(found)


def _plain(hint: type, value: Any) -> Any:  # noqa: ANN401 - whatever was sent
    if type(value) is not hint:
        raise WireError("a value of another type")
    if (isinstance(value, int) and abs(value) > _LARGEST) or (isinstance(value, str) and len(value) > _LONGEST):
        raise WireError("a value above the limit")
    return value


def _list(value: Any, length: int | None = None) -> list[Any]:  # noqa: ANN401 - whatever was sent
    if not isinstance(value, list) or length not in (None, len(value)):
        raise WireError("a list of another length")
    return value


def _pairs(value: Any, key: type, hint: Any, block: Block) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - whatever was sent
    for pair in _list(value):
        name, one = _list(pair, 2)
        yield _plain(key, name), unpacked(hint, one, block)


@cache
def _hints(kind: type) -> tuple[Any, ...]:
    known = get_type_hints(kind, vars(sys.modules[kind.__module__]))
    return tuple(known[f.name] for f in fields(kind))


def _dataclass(kind: Any, value: Any, block: Block) -> Any:  # noqa: ANN401 - whatever was sent
    hints = _hints(kind)
    parts = _list(value, len(hints))
    return kind(**{f.name: unpacked(hint, one, block) for f, hint, one in zip(fields(kind), hints, parts, strict=True)})


def _sketch(kind: Any, value: Any, block: Block) -> Any:  # noqa: ANN401 - one of _SKETCHES, or Words
    if kind is Words:
        return Words(dict(_pairs(value, str, int, block)))
    cap, shift, height = (_plain(int, n) for n in _list(value, 3))
    if not (0 < cap <= _LARGEST and 0 <= shift <= 64 and 0 <= height <= cap):  # noqa: PLR2004 - bits of a hash
        raise WireError("a sketch above its cap")
    columns = [_read(height, dtype, block).alias(name) for name, dtype in kind.SCHEMA.items()]
    key = columns[0]
    if height and (key.null_count() or not (key.shift(-1) > key).all() or key[-1] >= FULL >> shift):
        raise WireError("a sketch out of order")
    return kind.of(pl.DataFrame(columns), cap, shift)


def _read(height: int, dtype: Any, block: Block) -> pl.Series:  # noqa: ANN401 - a polars type
    if not height:
        return pl.Series([], dtype=dtype)
    raw = block(height * _SIZES[dtype])
    values = pl.Series([raw]).bin.reinterpret(dtype=pl.Array(dtype, height), endianness="little").explode()
    nulls = block(-height)
    if not nulls:
        return values
    lacking = pl.Series([nulls]).bin.reinterpret(dtype=pl.Array(pl.UInt8, height), endianness="little").explode()
    return pl.select(pl.when(lacking == 0).then(values)).to_series()
