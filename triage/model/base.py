"""What every part of a result is made of."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

Confidence: TypeAlias = Literal["validated", "likely", "possible"]
Band: TypeAlias = Literal["low", "medium", "high", "very_high"]
FileStatus: TypeAlias = Literal["ok", "partial", "unreadable", "skipped", "not_text", "duplicate"]
Coherence: TypeAlias = Literal["consistent", "mixed", "suspicious", "undetermined"]


class Struct(msgspec.Struct, frozen=True, kw_only=True):
    """Base of every part of a result: immutable, built by keyword."""


class Figure(Struct, frozen=True, kw_only=True):
    """A count with its share of the denominator its section names."""

    n: int | None
    share: float | None
    suppressed: bool = False
