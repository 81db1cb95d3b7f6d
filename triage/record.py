"""``run.json``: what belongs to one run and not to the evidence.

Times, host, options and paths of this machine are kept here, so that ``impact.json`` has the same bytes wherever and
whenever the same evidence is scanned, and can be shared without telling on whose machine.
"""

from __future__ import annotations

import os
import platform
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import msgspec

from triage.evidence import STDIN, printable
from triage.options import Options
from triage.sandbox import Rung
from triage.text import escaped
from triage.version import __version__

FILE = "run.json"
_LIBRARIES = ("polars", "msgspec", "regex", "python-stdnum", "phonenumbers", "charset-normalizer")


class Host(msgspec.Struct, frozen=True, kw_only=True):
    """Where it ran."""

    name: str
    system: str
    python: str
    cpus: int


class Record(msgspec.Struct, frozen=True, kw_only=True):
    """One run; times are UTC, ``isolation`` says what kept the readers apart from the rest of the machine, and what could not.

    ``interrupted``: when the runs began that this one went on with; ``notes``: problem codes of the run.
    Of the options, the passwords are left out.
    """

    triage: str
    libraries: dict[str, str]
    started: datetime
    ended: datetime
    seconds: float
    host: Host
    evidence: tuple[str, ...]
    output: str
    options: Options
    isolation: tuple[Rung, ...] = ()
    interrupted: tuple[datetime, ...] = ()
    notes: tuple[str, ...] = ()
    exit_code: int


def record(
    started: datetime,
    paths: Sequence[Path],
    output: Path,
    options: Options,
    exit_code: int,
    isolation: tuple[Rung, ...] = (),
    interrupted: tuple[datetime, ...] = (),
    notes: Sequence[str] = (),
) -> bytes:
    """The bytes of ``run.json`` for a run that ends now."""
    ended = datetime.now(UTC)
    system = os.uname()
    told = Record(
        triage=__version__,
        libraries={name: version(name) for name in _LIBRARIES},
        started=started,
        ended=ended,
        seconds=round((ended - started).total_seconds(), 3),
        host=Host(
            name=system.nodename, system=f"{system.sysname} {system.release}", python=platform.python_version(), cpus=os.cpu_count() or 1
        ),
        evidence=tuple(STDIN if str(p) == STDIN else printable(p.absolute()) for p in paths),
        output=printable(output.absolute()),
        options=replace(options, passwords=()),
        isolation=isolation,
        interrupted=interrupted,
        notes=tuple(notes),
        exit_code=exit_code,
    )
    encoder = msgspec.json.Encoder(enc_hook=_text, order="deterministic")
    return escaped(msgspec.json.format(encoder.encode(told), indent=1).decode()).encode() + b"\n"


def _text(value: object) -> str:
    """A folder of rules: the one thing among the options that JSON does not know."""
    if isinstance(value, Path):
        return printable(value)
    raise TypeError(type(value).__name__)
