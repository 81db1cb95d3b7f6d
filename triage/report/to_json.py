"""impact.json: the result itself. Same input, rules and version give the same bytes."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

from triage.text import escaped

if TYPE_CHECKING:
    from triage.model import Result
    from triage.report import Style

FILE = "impact.json"
_encoder = msgspec.json.Encoder(order="deterministic")


def render(result: Result, style: Style) -> str:
    """JSON with keys in the order of the contract, two spaces of indent, a last newline; both languages are in it."""
    del style  # both languages are in it
    return escaped(msgspec.json.format(_encoder.encode(result), indent=2).decode()) + "\n"
