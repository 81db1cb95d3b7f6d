"""The plans of tables, shared by the parts of one table that lie in several files of a folder."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from triage.detect.plan import TablePlan

if TYPE_CHECKING:
    from triage.counting import Scanned
    from triage.readers import Head

Identity: TypeAlias = tuple[str, str, str | None, tuple[str, ...] | None]


class Known(NamedTuple):
    """Plan and names of the columns of earlier parts of a table."""

    plan: TablePlan
    names: tuple[str, ...]


class Plans:
    """What the tables of earlier entries were counted by, so that the parts of one table count alike.

    Parts lie in one folder (of the file system or of an archive) and share kind and columns; those of a format without a
    schema share the name of their collection. ``ask`` knows those of files that were scanned elsewhere.
    """

    def __init__(self, ask: Callable[[Identity], Known | None] = lambda _: None) -> None:
        self._ask = ask
        self._plans: dict[Identity, Known | None] = {}

    def get(self, identity: Identity) -> Known | None:
        """What is known of the earlier parts; asked for once."""
        if identity not in self._plans:
            self._plans[identity] = self._ask(identity)
        return self._plans[identity]

    def known(self, identity: Identity) -> Known | None:
        """What has been learnt here; nobody is asked."""
        return self._plans.get(identity)

    def learn(self, table: Scanned) -> None:
        """Keeps the plan of a table for further parts of it; a part may have brought columns that the first one lacked."""
        identity = table.identity
        if identity is not None:
            self._plans[identity] = Known(table.setting.plan, tuple(table.head.names))

    def plan(self, entry: str, head: Head) -> TablePlan | None:
        """The plan of the same table in an earlier entry."""
        identity = identity_of(entry, head)
        found = self.get(identity) if identity is not None else None
        return found.plan if found else None

    def names(self, entry: str, kind: str, name: str | None) -> tuple[str, ...]:
        """The columns of the same collection in an earlier entry; empty where there was none."""
        return found.names if (found := self.get((folder_of(entry), kind, name, None))) else ()


def folder_of(entry: str) -> str:
    """The folder of an entry, within its archive where it is in one."""
    return str(PurePosixPath(entry).parent)


def identity_of(entry: str, head: Head) -> Identity | None:
    """What the parts of one table share; None for a table that says too little of itself to have parts."""
    if head.open_ended:
        return folder_of(entry), head.shape.kind, head.name, None
    if head.number or not any(head.names):
        return None
    return folder_of(entry), head.shape.kind, head.name, tuple(head.names)
