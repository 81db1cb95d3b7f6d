"""What SQL Server writes around values that are no plain literals: ``CAST(N'2020-01-31' AS Date)``, ``CAST(12.50 AS Decimal(18, 2))``.

Until 2012 Management Studio wrote dates as their bytes ([MS-TDS] 2.2.5.5.1.8): days since 1900 and time, or, for the newer types, days
since the year 1 with the lowest byte first.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

_CAST = re.compile(
    rb"(?<=[(,\s])CAST\((?:N?('[^']++')|(-?[\d.]++(?:E[-+]?\d++)?)|0x([0-9A-F]{6,20}+)) AS (\w++)(?:\(\d++(?:, ?\d++)?\))?\)", re.IGNORECASE
)
_FIRST, _1900 = datetime(1, 1, 1), datetime(1900, 1, 1)  # noqa: DTZ001 - a date of a table has no zone
_TICKS = 300  # a second


def undone(data: bytes) -> bytes:
    """The values alone, dates as ISO 8601; nothing inside a string that has a string in it, whose quotes are doubled."""
    return _CAST.sub(_value, data) if b"CAST(" in data else data


def _value(cast: re.Match[bytes]) -> bytes:
    text, number, raw, kind = cast.groups()
    return text or number or _date(raw, kind.lower()) or cast[0]


@lru_cache(1 << 14)
def _date(raw: bytes, kind: bytes) -> bytes | None:
    data = bytes.fromhex(raw.decode()) if not len(raw) % 2 else b""
    try:
        if kind == b"datetime" and len(data) == 8:  # noqa: PLR2004 - two numbers of 32 bits
            days, ticks = int.from_bytes(data[:4], "big", signed=True), int.from_bytes(data[4:], "big")
            moment = _1900 + timedelta(days=days, seconds=ticks // _TICKS)
        elif kind == b"smalldatetime" and len(data) == 4:  # noqa: PLR2004 - two numbers of 16 bits
            moment = _1900 + timedelta(days=int.from_bytes(data[:2], "big"), minutes=int.from_bytes(data[2:], "big"))
        elif kind == b"date":
            moment = _FIRST + timedelta(days=int.from_bytes(data[:3], "little"))
        elif kind == b"datetime2" and len(data) > 6:  # noqa: PLR2004 - precision, three bytes of time at least, date
            seconds = int.from_bytes(data[1:-3], "little") // 10 ** data[0]
            moment = _FIRST + timedelta(days=int.from_bytes(data[-3:], "little"), seconds=seconds)
        else:
            return None
    except OverflowError:
        return None
    return f"'{moment.isoformat(' ').removesuffix(' 00:00:00')}'".encode()
