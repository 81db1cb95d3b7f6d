"""Modules found by walking a package: one format a file, nothing else is edited to add one."""

from __future__ import annotations

import ctypes
import pkgutil
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Generic, TypeVar, cast

Plugin = TypeVar("Plugin")


class Plugins(Generic[Plugin]):
    """The modules of a package that state ``READS``: the formats of ``sniff`` they read."""

    def __init__(self, package: str) -> None:
        self._package = package

    @cached_property
    def modules(self) -> dict[str, ModuleType]:
        """Name of the module to the module, sorted by name."""
        path = import_module(self._package).__path__
        names = sorted(m.name for m in pkgutil.iter_modules(path))
        found = {name: import_module(f"{self._package}.{name}") for name in names}
        return {name: module for name, module in found.items() if hasattr(module, "READS")}

    @cached_property
    def _by_format(self) -> dict[str, ModuleType]:
        return {fmt: module for module in self.modules.values() for fmt in module.READS}

    def of(self, fmt: str) -> Plugin | None:
        """The module that reads a format, None where there is none."""
        return cast("Plugin | None", self._by_format.get(fmt))

    def missing(self, fmt: str) -> str | None:
        """The extra to install before a format can be read, None where nothing lacks."""
        module = self._by_format.get(fmt)
        return missing(module) if module is not None else None


def missing(module: ModuleType) -> str | None:
    """The extra that brings the libraries a module needs and this machine lacks.

    ``SHARED`` is a library of the system that no extra brings: the module cannot work without it either.
    """
    needs = getattr(module, "NEEDS", ())
    here = all(importable(name) for name in needs) and _loads(getattr(module, "SHARED", None))
    return None if here else str(module.EXTRA)


def importable(name: str) -> bool:
    """Whether a library is installed."""
    return find_spec(name) is not None


def _loads(shared: str | None) -> bool:
    if shared is None:
        return True
    try:
        ctypes.CDLL(shared)
    except OSError:
        return False
    return True
