"""What the command and a worker say to each other."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any, TypeAlias

import msgspec

from triage.census import Setting
from triage.detect.plan import TablePlan, Verdict
from triage.entry import Told
from triage.evidence import Seal
from triage.marks import Mark
from triage.options import Options
from triage.packing import packed, unpacked
from triage.problems import PROBLEMS
from triage.readers import Head
from triage.rules import Rule
from triage.sampling import Drawn
from triage.sniff import Shape
from triage.tally import TableTally
from triage.wire import Channel, Tape, WireError, decoded
from triage.worker import Identity, Known, Outcome, Scanned, Tools

_ROLES = 64  # characters of a role or a label: both are closed lists


class Begin(msgspec.Struct, tag="begin"):
    """To a worker, first: what every file is judged with; ``rules`` are those of these ``folders``, which the command has checked."""

    options: Options
    rules: dict[str, Rule]
    classes: dict[str, dict[str, Any]]
    folders: tuple[Path, ...]


class Scan(msgspec.Struct, tag="scan"):
    """To a worker, with an open file: scan it.

    ``size`` is null for a stream; ``faults`` are entries not to be read again. ``first`` is the entry to begin with, since those
    before it were told in an interrupted run, with what was met ``around`` them; of this entry so many ``marks`` follow.
    ``every``: seconds of its work between marks (null: none is kept). ``volumes``: the sizes of its parts, with an open file for
    each of those that are there.
    """

    path: str
    size: int | None
    faults: dict[int, str] = {}
    first: int = 0
    around: dict[int, Told] = {}
    marks: int = 0
    every: float | None = None
    volumes: list[tuple[int, bool]] = []


class Answer(msgspec.Struct, tag="answer"):
    """To a worker: the plan it asked for."""

    plan: TablePlan | None
    names: tuple[str, ...] = ()


class Ready(msgspec.Struct, tag="ready"):
    """From a worker, first: the rungs it reached, and the rules it read."""

    rungs: tuple[tuple[str, bool, str], ...]
    rules: str


class Progress(msgspec.Struct, tag="progress"):
    """From a worker: bytes of the first reading, things done, the entry it reads."""

    done: int
    work: int
    leaf: int


class Ask(msgspec.Struct, tag="ask"):
    """From a worker: how were the earlier parts of this table counted?"""

    identity: Identity


class Planned(msgspec.Struct, tag="planned"):
    """From a worker: what it makes of a table before it is counted."""

    plan: TablePlan


class Table(msgspec.Struct, tag="table"):
    """From a worker: one table; the values of its sketches follow as blocks."""

    entry: str
    shape: Shape
    name: str | None
    names: list[str]
    parent: str | None
    number: int
    open_ended: bool
    evidence_seed: int
    plan: TablePlan
    verdicts: tuple[Verdict, ...]
    tally: Any
    drawn: Drawn | None


class Leaf(msgspec.Struct, tag="leaf"):
    """From a worker, after the tables of an entry: it is done with it."""

    leaf: int
    read: bool
    problems: list[tuple[str, str, int]]
    around: Told


class Marked(msgspec.Struct, tag="marked"):
    """A mark, from a worker and back to another; the values of its sketches follow as blocks of these sizes."""

    leaf: int
    turn: int
    taken: int
    sizes: list[int]
    tables: msgspec.Raw


class Done(msgspec.Struct, tag="done"):
    """From a worker, last of a file: what is true of the whole."""

    kind: str
    problems: list[tuple[str, str, int]]
    size: int
    sha256: str
    volumes: list[tuple[int, str]] = []


class Failed(msgspec.Struct, tag="failed"):
    """From a worker, last of a file that gave nothing."""

    code: str


Heard: TypeAlias = Progress | Ask | Planned | Table | Leaf | Marked | Done | Failed
"""What a worker says of a file."""

_Marks: TypeAlias = list[tuple[str | None, int, str, Any]]


def send_leaf(channel: Channel, leaf: int, part: Outcome, around: Told) -> None:
    """Sends all that an entry gave."""
    for table in part.tables:
        blocks: list[bytes] = []
        counted = packed(table.tally, blocks.append)
        head = table.head
        channel.send(
            Table(
                table.entry, head.shape, head.name, head.names, head.parent, head.number, head.open_ended,
                table.setting.evidence_seed, table.setting.plan, table.verdicts, counted, table.drawn,
            )
        )  # fmt: skip
        for block in blocks:
            channel.send_block(block)
    channel.send(Leaf(leaf, part.read, told(part), around))


def told(outcome: Outcome) -> list[tuple[str, str, int]]:
    """Its problems as they are sent."""
    return [(entry, code, n) for (entry, code), n in outcome.problems.items() if n]


def send_mark(channel: Channel, leaf: int, mark: Mark) -> None:
    """Sends a mark."""
    blocks: list[bytes] = []
    tables: _Marks = [(*key, digest, packed(tally, blocks.append)) for key, (digest, tally) in mark.tables.items()]
    channel.send(Marked(leaf, mark.turn, mark.taken, [len(b) for b in blocks], msgspec.Raw(msgspec.json.encode(tables))))
    for block in blocks:
        channel.send_block(block)


def received_mark(channel: Channel) -> Mark:
    """The mark that ``send_mark`` sent; raises as the channel does."""
    message = channel.receive(Marked)
    tables = decoded(bytes(message.tables), list[tuple[str | None, int, str, Any]])
    found = {(name, number): (digest, unpacked(TableTally, tally, channel.receive_block)) for name, number, digest, tally in tables}
    return Mark(message.turn, message.taken, found)


def taken(message: Table, channel: Channel | Tape, path: str, tools: Tools) -> Scanned:
    """The table that a message tells of; raises WireError where it cannot be one of ``path``."""
    width, limits = len(message.plan.columns), tools.limits
    if not message.entry.startswith(path) or width > limits.columns + 1 or len(message.names) > width or len(message.verdicts) != width:
        raise WireError("a table of another shape")
    for verdict in message.verdicts:
        if len(verdict.label) > _ROLES or len(verdict.role or "") > _ROLES:
            raise WireError("a label of no list")
    counted: TableTally = unpacked(TableTally, message.tally, channel.receive_block)
    if len(counted.columns) != width or not counted.problems.keys() <= PROBLEMS.keys():
        raise WireError("a tally of another shape")
    head = Head(message.name, message.shape, message.names, message.parent, message.number, message.open_ended)
    setting = Setting(message.plan, tools.rules, tools.scanner, limits, evidence_seed=message.evidence_seed)
    return Scanned(message.entry, head, setting, message.verdicts, counted, message.drawn)


def problems(message: Leaf | Done, path: str) -> Counter[tuple[str, str]]:
    """The problems that a message tells of; raises WireError where they cannot be those of ``path``."""
    for entry, code, n in message.problems:
        if not entry.startswith(path) or code not in PROBLEMS or n < 0:
            raise WireError("a problem of no list")
    return Counter({(entry, code): n for entry, code, n in message.problems})


def sealed(message: Done, volumes: int) -> Seal:
    """What a file in so many volumes (0: one that is whole) was, as its end tells; raises WireError for an end that no worker sends."""
    told = [(message.size, message.sha256), *(v for v in message.volumes if v[1])]  # what lacks has no hash
    if len(message.volumes) != volumes or not all(size >= 0 and len(hexa) == 64 and hexa.isalnum() for size, hexa in told):  # noqa: PLR2004 - digits
        raise WireError("a seal of another shape")
    return Seal(message.size, message.sha256, (), tuple(Seal(size, hexa, ()) for size, hexa in message.volumes))


def known(message: Answer) -> Known | None:
    """What an answer says."""
    return None if message.plan is None else Known(message.plan, message.names)
