"""A worker at work, inside its restriction: files come in as open descriptors, counts go out."""

from __future__ import annotations

import os
from time import monotonic

from polars.exceptions import PanicException

from triage import judging, talk, worker
from triage.evidence import EvidenceError
from triage.examine import examine, inside
from triage.sandbox import Rung
from triage.wire import Channel, EndedError

FRAME = 1 << 30  # what the command sends is trusted
_SOME_TIME = 0.1


def serve(channel: Channel, rungs: tuple[Rung, ...]) -> None:
    """Scans what comes until the other side hangs up (EndedError)."""
    tools = judging.tools(channel.receive(talk.Begin).options)
    tools = tools._replace(planned=lambda plan: channel.send(talk.Planned(plan)))
    channel.send(talk.Ready(tuple((r.name, r.reached, r.why) for r in rungs), tools.rules.hash))
    while True:
        _scan(channel, channel.receive(talk.Scan), tools)


def _scan(channel: Channel, job: talk.Scan, tools: worker.Tools) -> None:
    def ask(identity: worker.Identity) -> worker.Known | None:
        channel.send(talk.Ask(identity))
        return talk.known(channel.receive(talk.Answer))

    descriptor = channel.descriptor()
    watch = _Watching(channel, job.faults)
    try:
        found = examine(inside(descriptor, job.path, job.size), tools, worker.Plans(ask), watch.counts, watch)
        talk.send_outcome(channel, *found)
    except EndedError:
        raise
    except EvidenceError as error:
        channel.send(talk.Failed(error.code))
    except MemoryError:
        channel.send(talk.Failed("out_of_memory"))
    except (Exception, PanicException):  # noqa: BLE001 - its text may quote a cell
        channel.send(talk.Failed("crashed"))
    finally:
        os.close(descriptor)


class _Watching(worker.Watch):
    """Tells the command, ten times a second at the most, that something was done."""

    def __init__(self, channel: Channel, faults: dict[int, str]) -> None:
        self._channel = channel
        self._faults = faults
        self._work = self._done = self._leaf = 0
        self._told = 0.0

    def begins(self, leaf: int) -> str | None:
        """As Watch; the command is told at once, should this entry be the last."""
        self._leaf = leaf
        self._tell()
        return self._faults.get(leaf)

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
