"""The kinds of files that are read, as ``triage formats`` and the documentation list them."""

from __future__ import annotations

from typing import NamedTuple

from triage.plugins import missing
from triage.readers import READERS
from triage.unpack import UNPACKERS


class Format(NamedTuple):
    """One module that reads: its name, what it covers, and the extra to install before it can (None where it can)."""

    name: str
    description: str
    missing: str | None


def formats() -> tuple[Format, ...]:
    """Every reader, then every unpacker, by name."""
    return tuple(
        Format(name, module.DESCRIPTION, missing(module))
        for plugins in (READERS.modules, UNPACKERS.modules)
        for name, module in plugins.items()
    )


def told() -> str:
    """A line a reader: whether what it needs is here, its name, what it covers, and the command that adds what lacks."""
    lines = []
    for name, description, lacks in formats():
        how = f" (to add it: pip install 'leak-triage[{lacks}]')" if lacks else ""
        lines.append(f"{'no' if lacks else 'yes':<4} {name:<14} {description}{how}")
    return "\n".join(lines)
