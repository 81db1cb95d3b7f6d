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
