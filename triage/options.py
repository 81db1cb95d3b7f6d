"""What the user may ask of a run: one frozen object, built by the command line or by hand."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal

from triage.limits import Limits


@dataclass(frozen=True)
class Reading:
    """How delimited text is read; ``None`` means "found by sniffing". ``quote=""`` means no quoting."""

    encoding: str | None = None
    delimiter: str | None = None
    quote: str | None = None
    header: bool | None = None


@dataclass(frozen=True)
class Context:
    """What the files cannot tell: stated by the user, printed as hypotheses of severity."""

    exposure: Literal["unknown", "known", "public", "none"] = "unknown"
    malicious: bool = True
    controller: Literal["health", "bank", "none"] = "none"
    date: date | None = None
    claims: tuple[tuple[int, str, str, str], ...] = ()


@dataclass(frozen=True)
class Options:
    """All options of a scan."""

    language: Literal["fr", "en"] = "fr"
    reading: Reading = field(default_factory=Reading)
    context: Context = field(default_factory=Context)
    limits: Limits = field(default_factory=Limits)
    rules: tuple[Path, ...] = ()
    only: frozenset[str] = frozenset()
    excluded: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    passwords: tuple[str, ...] = field(default=(), repr=False)
    follow: bool = False
    verify: bool = False
    jobs: int = 2
    sample: int | None = None
    isolation: Literal["best", "required", "none"] = "best"

    def allows(self, path: str, column: str) -> bool:
        """Whether ``--allow`` puts a column aside: by its name, or by the path of its file (``*`` and ``?`` stand for anything)."""
        folded = column.strip().casefold()
        return any(
            (folded and folded == said.strip().casefold()) or fnmatchcase(path, said) or path.startswith(f"{said.rstrip('/')}/")
            for said in self.allowed
        )
