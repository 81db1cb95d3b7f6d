"""A worker at work, inside its restriction: files come in as open descriptors, counts go out."""

from __future__ import annotations

import os
from time import monotonic, process_time, thread_time

from polars.exceptions import PanicException

from triage import exhausted, judging, talk, worker
from triage.entry import Told
from triage.evidence import EvidenceError
from triage.examine import examine, in_volumes, inside
from triage.marks import Mark
from triage.rules import Rules
from triage.sandbox import Rung
from triage.wire import Channel, EndedError

FRAME = 1 << 30  # what the command sends is trusted
_SOME_TIME = 0.1
_MARK_SHARE = 100  # sending a mark takes a hundredth of the time at the most, and keeping it as much again


def serve(channel: Channel, rungs: tuple[Rung, ...]) -> None:
    """Scans what comes until the other side hangs up (EndedError)."""
    begin = channel.receive(talk.Begin)
    tools = judging.with_rules(begin.options, Rules(begin.rules, begin.classes, begin.folders))
    tools = tools._replace(planned=lambda plan: channel.send(talk.Planned(plan)))
    channel.send(talk.Ready(tuple((r.name, r.reached, r.why) for r in rungs), tools.rules.hash))
    while True:
        _scan(channel, channel.receive(talk.Scan), tools)


def _scan(channel: Channel, job: talk.Scan, tools: worker.Tools) -> None:
    def ask(identity: worker.Identity) -> worker.Known | None:
        channel.send(talk.Ask(identity))
        return talk.known(channel.receive(talk.Answer))

    descriptors = channel.descriptors()
    watch = _Watching(channel, job)
    try:
        item = in_volumes(descriptors, job.path, job.volumes) if job.volumes else inside(descriptors[0], job.path, job.size)
        outcome, seal = examine(item, tools, worker.Plans(ask), watch.counts, watch)
        volumes = [(s.size, s.sha256) for s in seal.volumes]
        channel.send(talk.Done(outcome.kind, talk.told(outcome), seal.size, seal.sha256, volumes))
    except EndedError:
        raise
    except EvidenceError as error:
        channel.send(talk.Failed(error.code))
    except (Exception, PanicException) as error:  # noqa: BLE001 - its text may quote a cell
        channel.send(talk.Failed(exhausted.code(error, "crashed")))
    finally:
        for descriptor in descriptors:
            os.close(descriptor)


class _Watching(worker.Watch):
    """Tells the command what each entry gave, and, ten times a second at the most, that something was done."""

    def __init__(self, channel: Channel, job: talk.Scan) -> None:
        self._channel = channel
        self._job = job
        self._past = {mark.turn: mark for mark in (talk.received_mark(channel) for _ in range(job.marks))}
        self._work = self._done = self._leaf = 0
        self._told = self._began = self._marked = 0.0
        self._pause = job.every or 0.0
        self._whole = False

    def before(self, leaf: int) -> Told | None:
        """As Watch."""
        return self._job.around.get(leaf, ()) if leaf < self._job.first else None

    def begins(self, leaf: int) -> str | None:
        """As Watch; the command is told at once, should this entry be the last."""
        self._leaf = leaf
        self._began = self._marked = process_time()
        if leaf != self._job.first:
            self.stale()
        self._tell()
        return self._job.faults.get(leaf)

    def beats(self) -> None:
        """As Watch."""
        self._work += 1
        if monotonic() - self._told > _SOME_TIME:
            self._tell()

    def counts(self, n: int) -> None:
        """Bytes of the first reading."""
        self._done += n

    def _tell(self) -> None:
        self._told = monotonic()
        self._channel.send(talk.Progress(self._done, self._work, self._leaf))

    def ends(self, leaf: int, part: worker.Outcome, told: Told) -> None:
        """Sends what the entry gave, and forgets it."""
        talk.send_leaf(self._channel, leaf, part, told)
        part.tables.clear()
        part.problems.clear()

    def past(self, turn: int) -> Mark | None:
        """As Watch."""
        return self._past.get(turn)

    def stale(self) -> None:
        """As Watch."""
        self._past.clear()

    def due(self, turn: int) -> bool:
        """Whether the last mark is so old that another one costs little beside what was done since."""
        return self._job.every is not None and (turn == 0 or self._whole) and process_time() - self._marked > self._pause

    def keep(self, mark: Mark) -> None:
        """Sends it."""
        began = thread_time()
        talk.send_mark(self._channel, self._leaf, mark)
        self._pause = max(self._job.every or 0.0, _MARK_SHARE * (thread_time() - began))
        self._marked = process_time()

    def turns(self, mark: Mark) -> None:
        """Sends it where the entry is long: without it those of the second pass are worth nothing."""
        past = self._past.get(0)
        self._whole = past is not None and past.taken == mark.taken
        long = self._job.every is not None and (past is not None or process_time() - self._began > self._job.every / 2)
        if long and not self._whole:
            self.keep(mark)
            self._whole = True
