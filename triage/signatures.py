"""Whole tables that a program or a public register writes, told by their names and those of their columns.

One file of ``rules/signatures`` a signature. A register that anybody may download lowers the severity and is said to be
public; the tables of a program tell whence a leak comes. No cell is looked at.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

FOLDER = "signatures"


class _Part(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Base: an unknown key is an error, so that a typing error is seen."""


class Shape(_Part, frozen=True, kw_only=True):
    """One table: all that is given must hold.

    ``names`` of the table, ``files`` it stands in, ``width`` in columns; at least ``least`` of ``columns``, none of ``unless``.
    """

    names: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    width: int = 0
    columns: tuple[str, ...] = ()
    least: int = 0
    unless: tuple[str, ...] = ()

    def fits(self, name: str | None, file: str, columns: Iterable[str]) -> bool:
        """Whether a table is this one."""
        borne = [_plain(c) for c in columns]
        bare = _plain((name or "").rpartition(".")[2])
        return (
            (not self.names or bare in map(_plain, self.names))
            and (not self.files or file.casefold() in {f.casefold() for f in self.files})
            and (not self.width or len(borne) == self.width)
            and len({_plain(c) for c in self.columns} & set(borne)) >= self.least
            and not {_plain(c) for c in self.unless} & set(borne)
        )


class Signature(_Part, frozen=True, kw_only=True):
    """What writes such tables; ``public``: anybody may download them."""

    id: str
    title: dict[str, str]
    public: bool = False
    references: tuple[str, ...]
    tables: tuple[Shape, ...]


class Signatures(tuple[Signature, ...]):
    """The signatures there are."""

    __slots__ = ()

    def of(self, name: str | None, entry: str, columns: Iterable[str]) -> str | None:
        """The id of the signature of a table; ``entry`` is where it stands, ``columns`` are the raw names."""
        file = re.split(r"[/!]", entry)[-1]
        known = tuple(columns)
        return next((s.id for s in self if any(t.fits(name, file, known) for t in s.tables)), None)

    @property
    def public(self) -> frozenset[str]:
        """Ids of the registers that anybody may download."""
        return frozenset(s.id for s in self if s.public)


def load(*folders: Path) -> Signatures:
    """The signatures of some rules folders; a later one replaces an earlier of the same id. ValueError for a bad file."""
    found: dict[str, Signature] = {}
    for folder in folders:
        for path in sorted((folder / FOLDER).glob("*.toml")):
            found[path.stem] = read(path)
    return Signatures(found[name] for name in sorted(found))


def read(path: Path) -> Signature:
    """One signature file; ValueError says what to type."""
    try:
        signature = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Signature)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, msgspec.ValidationError) as error:
        message = f"{path.name}: {error}"
        raise ValueError(message) from None
    sure = all(t.least > 1 or (t.files and t.width) for t in signature.tables)
    if signature.id != path.stem or not signature.tables or not sure:
        message = f'{path.name}: write id = "{path.stem}" and [[tables]], each with least = 2 or more columns, or with files and width'
        raise ValueError(message)
    return signature


def _plain(name: str) -> str:
    """A name without case, accents or punctuation."""
    letters = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in letters if c.isalnum())
