"""What is said of one file: by a worker, and before that by the journal of a run that was interrupted.

The journal is heard like a worker that has spoken already: through the same checks, in the same order.
"""

from __future__ import annotations

from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from triage import talk, wire, worker
from triage.entry import Told
from triage.examine import Examined
from triage.problems import PROBLEMS

if TYPE_CHECKING:
    from collections.abc import Callable

    from triage.evidence import Evidence
    from triage.journal import Unkept

    Counted: TypeAlias = Callable[[int], None]


class Lost(NamedTuple):
    """What a file gave whose worker was lost, or that could not be opened: a problem code, and the entry it was at."""

    code: str
    leaf: int | None = None
    final: bool = True


class Hearing:
    """One file, until it has told everything: then ``found`` is what it gave.

    ``answers`` is what its workers were told of earlier parts of its tables; ``leaf`` the entry that is read.
    """

    def __init__(self, item: Evidence, tools: worker.Tools, plans: worker.Plans, journal: Unkept, counted: Counted) -> None:
        self.found: Examined | Lost | None = None
        self.answers: dict[worker.Identity, worker.Known | None] = {}
        self.leaf: int | None = None
        self._item = item
        self._tools = tools
        self._plans = plans
        self._own = worker.Plans()
        self._journal = journal
        self._counted = counted
        self._outcome = worker.Outcome()
        self._around: dict[int, Told] = {}
        self._heard: list[wire.Frame] = []
        self._ended = self._done = self._work = 0
        self._replay()

    # --- from the journal

    def _replay(self) -> None:
        """Hears what an interrupted run has left of this file; raises WireError where it is none of ours."""
        tape = wire.Tape(self._journal.told(self._item))
        while tape and self.found is None:
            message: talk.Heard = tape.receive(talk.Heard)  # type: ignore[arg-type] # a union is a type to msgspec
            if isinstance(message, talk.Ask):
                self.answers[message.identity] = talk.known(tape.receive(talk.Answer))
            else:
                self._take(message, tape)
        if self.found is not None:
            self._counted(self._size or 0)

    # --- from a worker

    def run(self, channel: wire.Channel, descriptors: list[int], faults: dict[int, str]) -> None:
        """Until the file has told everything; raises what the channel raises."""
        limits = self._tools.limits
        last = monotonic() + limits.total_seconds
        channel.budget = limits.answer_bytes
        channel.deadline = min(last, monotonic() + limits.stall_seconds)
        channel.heard = self._heard
        marks = self._journal.marks(self._item)
        parts = [(v.stamp.size if v.stamp else 0, v.problem is None) for v in self._item.volumes]
        job = talk.Scan(self._item.path, self._size, faults, self._ended, self._around, len(marks), self._journal.every, parts)
        channel.send(job, descriptors)
        for mark in marks:
            channel.resend(mark)
        while self.found is None:
            message: talk.Heard = channel.receive(talk.Heard)  # type: ignore[arg-type] # a union is a type to msgspec
            self._hear(message, channel)
            if not isinstance(message, talk.Progress | talk.Marked) or self._moved(message):
                channel.deadline = min(last, monotonic() + limits.stall_seconds)

    @property
    def _size(self) -> int | None:
        return self._item.stamp.size if self._item.source is not None and self._item.stamp else None

    def _moved(self, message: talk.Progress | talk.Marked) -> bool:
        if isinstance(message, talk.Marked):
            return False  # what it says of its work, it says by progress
        moved = message.work > self._work or message.leaf != self.leaf
        self._work, self.leaf = message.work, message.leaf
        size = self._item.stamp.size if self._item.stamp else message.done
        step = max(0, min(message.done, size) - self._done)
        self._done += step
        self._counted(step)
        return moved

    def _hear(self, message: talk.Heard, channel: wire.Channel) -> None:
        """Takes it, and has it kept: ``_heard`` ends with the frame of the message."""
        if isinstance(message, talk.Ask):
            answer = self._answer(message.identity)
            channel.send(answer)
            self._journal.tell(self._item, [*self._heard, wire.spoken(answer)])
            self._heard.clear()
        elif isinstance(message, talk.Marked):
            for size in message.sizes:
                channel.receive_block(size)
            channel.budget = self._tools.limits.answer_bytes  # it takes the place of the one before
            self._journal.mark(self._item, message.turn, self._heard[-1 - len(message.sizes) :])
            del self._heard[-1 - len(message.sizes) :]
        elif isinstance(message, talk.Planned | talk.Progress):
            if isinstance(message, talk.Planned):
                self._tools.planned(message.plan)
            self._heard.pop()
        else:
            self._take(message, channel)
            if not isinstance(message, talk.Table):
                if not isinstance(message, talk.Failed):  # what failed is tried again
                    self._journal.tell(self._item, self._heard, done=True)
                self._heard.clear()

    def _answer(self, identity: worker.Identity) -> talk.Answer:
        own = self._own.known(identity)
        if own is None and identity not in self.answers:
            self.answers[identity] = self._plans.known(identity)
        known = own or self.answers[identity]
        return talk.Answer(known.plan, known.names) if known else talk.Answer(None)

    # --- from either

    def _take(self, message: talk.Heard, source: wire.Channel | wire.Tape) -> None:
        """What counts of all that is said; raises WireError for what nobody of ours says."""
        path = self._item.path
        if isinstance(message, talk.Table):
            table = talk.taken(message, source, path, self._tools)
            self._outcome.tables.append(table)
            self._own.learn(table)
        elif isinstance(message, talk.Leaf):
            if message.leaf != self._ended:
                raise wire.WireError("an entry out of turn")
            self._ended += 1
            self._outcome.read |= message.read
            self._outcome.problems += talk.problems(message, path)
            if any(message.around):
                self._around[message.leaf] = message.around
        elif isinstance(message, talk.Done):
            self._outcome.kind = message.kind
            self._outcome.problems += talk.problems(message, path)
            self.found = Examined(self._outcome, talk.sealed(message, len(self._item.volumes)))
        elif isinstance(message, talk.Failed):
            self.found = Lost(message.code if message.code in PROBLEMS else "bad_answer")
        else:
            raise wire.WireError("a message out of turn")
