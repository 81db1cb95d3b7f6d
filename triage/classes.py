"""Sensitivity classes of ``rules/classes.toml``, read and checked.

A label's weight is its class's, with what ``[labels.<id>]`` says otherwise. Everything that severity.py computes from
is in that file, so that a reader who disagrees with a weight changes a line of data, not of code. An unknown key is an error:
a misspelt one would silently weigh nothing.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Literal, TypeAlias

import msgspec

from triage import resources

if TYPE_CHECKING:
    from pathlib import Path

Category: TypeAlias = Literal["none", "simple", "behavioural", "financial", "sensitive"]
GENERIC = "generic"


class Class(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A class: its title by language, its place in the law, the weight of its labels."""

    title: dict[str, str]
    category: Category
    dpc: int
    because: str
    art9: bool = False
    art10: bool = False
    cnil: str = "non_connues"
    hibp: str | None = None
    subject: bool = False


class Override(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What differs for one label from its class."""

    category: Category | None = None
    dpc: int | None = None
    because: str | None = None
    art9: bool | None = None
    art10: bool | None = None
    cnil: str | None = None
    hibp: str | None = None
    subject: bool | None = None


class Raise(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A combination in one row that weighs more than its parts."""

    all: tuple[str, ...]
    dpc: int
    because: str


class Identification(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A combination in one row and the ease of identification (EI) that it gives."""

    id: str
    all: tuple[str, ...]
    ei: float


class Classes(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The whole file. In ``all``, a name after ``@`` is a group: one label of the group is enough."""

    classes: dict[str, Class]
    labels: dict[str, Override] = {}
    groups: dict[str, tuple[str, ...]] = {}
    raises: tuple[Raise, ...] = msgspec.field(default=(), name="raise")
    identification: tuple[Identification, ...] = ()

    def of(self, label: str, class_id: str) -> Class:
        """The class as it holds for one label; a class the file does not know is ``generic``."""
        found = self.classes.get(class_id, self.classes[GENERIC])
        override = self.labels.get(label)
        if override is None:
            return found
        changed = {f: v for f in override.__struct_fields__ if (v := getattr(override, f)) is not None}
        return msgspec.structs.replace(found, **changed)


@lru_cache(maxsize=1)
def shipped() -> Classes:
    """The classes that travel with the package, read once."""
    return load(resources.rules_dir() / "classes.toml")


def load(path: Path) -> Classes:
    """Reads a classes file.

    Raises:
        ValueError: the file is no TOML, a key is unknown or missing, or a combination names a group that is not there.
    """
    found = msgspec.toml.decode(path.read_bytes(), type=Classes)
    wanted = {w for r in found.raises for w in r.all} | {w for i in found.identification for w in i.all}
    if missing := sorted({w[1:] for w in wanted if w.startswith("@")} - found.groups.keys()):
        raise ValueError(f"{path.name}: no group {missing[0]}")
    return found
