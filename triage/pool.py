"""Workers, and what becomes of those that hang, die or lie.

A worker is a fresh interpreter in a session of its own, recycled for many files, ended with its whole group when it says
nothing new for too long, dies, or sends what no worker sends. The file it had is scanned once more, alone; an entry that
ends a worker twice is left out with a problem code, and the rest of the file and of the run goes on.

Files are told in the order they were given, whatever the number of workers. The parts of one table, in one folder, are
counted by one plan: a worker asks for it, and a file that was answered before an earlier one had settled the plan
otherwise is scanned again. So the result does not depend on who was faster.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor, wait
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple, Self, TypeAlias

import msgspec

from triage import evidence, judging, sandbox, talk, volumes, wire, worker
from triage.examine import Examined
from triage.files import CaseError
from triage.hearing import Hearing, Lost
from triage.hiring import ALONE, MANY, Process, terms
from triage.journal import RUNGS, UNKEPT, Unkept
from triage.options import Options

if TYPE_CHECKING:
    from triage.evidence import Evidence
    from triage.hiring import Begun

# Files and bytes after which a worker is replaced.
_FILES, _BYTES = 500, 1 << 30
_ATTEMPTS = 16

Counted: TypeAlias = Callable[[int], None]


class Asked(NamedTuple):
    """What a file gave, and what its workers were told of earlier parts of its tables."""

    found: Examined | Lost
    answers: dict[worker.Identity, worker.Known | None]


class IsolationError(Exception):
    """The rungs that were required are not all there; the text names them."""


class Pool:
    """Workers for one run; closed by ``with``."""

    def __init__(self, tools: worker.Tools, begun: Begun, counted: Counted, journal: Unkept = UNKEPT) -> None:
        self._tools = tools
        self._begun = begun
        self._journal = journal
        self._counted = counted
        small = sum(e.stamp.size < ALONE for e in begun.items if e.stamp and not e.problem)
        self._threads = ThreadPoolExecutor(max(1, min(tools.options.jobs, small)), thread_name_prefix="worker")
        self._local = threading.local()
        self._workers: set[_Worker] = set()
        self._closed = False
        self.plans = worker.Plans()
        self.rungs: tuple[sandbox.Rung, ...] = ()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._closed = True
        for one in list(self._workers):
            one.end()
        self._threads.shutdown(cancel_futures=True)

    def results(self, files: Sequence[Evidence]) -> Iterator[tuple[Evidence, Examined | Lost]]:
        """Each file with what it gave, in the order given."""
        flying: deque[tuple[Evidence, Future[Asked]]] = deque()
        for item in files:
            alone = item.stamp is None or item.stamp.size >= ALONE
            while flying and (alone or len(flying) > 4 * self._tools.options.jobs):
                yield self._landed(flying)
            flying.append((item, self._threads.submit(self._scan, item, {})))
            # The first of many is waited for too: the plan of its table is that of its further parts, which else are scanned twice.
            while (alone or (item is files[0] and len(files) > MANY)) and flying:
                yield self._landed(flying)
        while flying:
            yield self._landed(flying)

    def _landed(self, flying: deque[tuple[Evidence, Future[Asked]]]) -> tuple[Evidence, Examined | Lost]:
        """The oldest file in flight, scanned again where it must be; its plans hold for those after it."""
        item, future = flying.popleft()
        asked = future.result()
        if any(self.plans.known(identity) != known for identity, known in asked.answers.items()):
            self._journal.forget(item)
            asked = self._threads.submit(self._scan, item, {}).result()
        found = asked.found
        if isinstance(found, Lost) and not found.final:
            wait([one for _, one in flying])
            found = self._again(item, found)
        if isinstance(found, Examined):
            for table in found.outcome.tables:
                self.plans.learn(table)
        return item, found

    def _again(self, item: Evidence, lost: Lost) -> Examined | Lost:
        """A file that ended its worker, once more alone; then without the entries that end it each time."""
        # What hung once would hang as long again: it is left out at once, the whole file where it hung before its first entry.
        hung = lost.code == "stalled"
        if item.source is None or (hung and lost.leaf is None):
            return lost
        faults = {lost.leaf: lost.code} if hung and lost.leaf is not None else {}
        for _ in range(_ATTEMPTS):
            found = self._threads.submit(self._scan, item, faults).result().found
            if isinstance(found, Examined) or found.final:
                return found
            lost = found
            if lost.leaf is None or lost.leaf in faults:
                break
            faults[lost.leaf] = lost.code
        return lost

    def _scan(self, item: Evidence, faults: dict[int, str]) -> Asked:
        """In a thread of the pool, which keeps its worker from file to file."""
        if item.problem:
            return Asked(Lost(item.problem), {})
        hearing = self._hearing(item)
        if hearing.found is not None:
            return Asked(hearing.found, hearing.answers)
        mine: _Worker | None = getattr(self._local, "worker", None)
        try:
            with volumes.opened(item) as descriptors:
                if mine is None or mine.worn:
                    mine = self._hired(mine)
                return Asked(mine.scan(item, descriptors, faults, hearing), hearing.answers)
        except evidence.EvidenceError as error:
            return Asked(Lost(error.code), {})

    def _hearing(self, item: Evidence) -> Hearing:
        """What is known of a file; a journal that says what cannot be is not believed."""
        journal = self._journal if item.source is not None else UNKEPT
        try:
            return Hearing(item, self._tools, self.plans, journal, self._counted)
        except wire.WireError:
            journal.forget(item)
            return Hearing(item, self._tools, self.plans, journal, self._counted)

    def _hired(self, before: _Worker | None) -> _Worker:
        if before is not None:
            before.end()
            self._workers.discard(before)
        hired = _Worker(self._begun.process(), self._tools)
        self._workers.add(hired)
        self._local.worker = hired
        if self._closed:
            hired.end()
        if hired.rungs and not self.rungs:
            # Before anything it tells is kept: a run that goes on may need no worker any more.
            self._journal.note(RUNGS, msgspec.json.encode(hired.rungs))
        self.rungs = hired.rungs or self.rungs
        if hired.rungs and hired.rules != self._tools.rules.hash:
            raise CaseError("the rules were changed while they were in use; run the command again")
        if self._tools.options.isolation == "required" and not sandbox.whole(hired.rungs):
            missing = ", ".join(f"{r.name} ({r.why})" for r in hired.rungs if not r.reached)
            raise IsolationError(f"not isolated: {missing}; triage doctor says what to do")
        return hired


def rungs() -> tuple[sandbox.Rung, ...]:
    """What a worker reaches on this machine; a worker that does not even start has reached none."""
    tools = judging.tools(Options())
    one = _Worker(Process(terms(tools.options, [0], ())), tools)
    one.end()
    return one.rungs or sandbox.unrestricted("the worker did not start")


class _Worker:
    """One child process, until it is worn, lost or ended."""

    def __init__(self, process: Process, tools: worker.Tools) -> None:
        self._files = self._bytes = 0
        self._gone = self._late = False
        self._process = process
        self.rungs: tuple[sandbox.Rung, ...] = ()
        self.rules = ""
        self._channel = wire.Channel(process.socket, tools.limits.frame_bytes)
        self._channel.budget = tools.limits.frame_bytes
        self._channel.deadline = monotonic() + tools.limits.start_seconds
        try:
            self._channel.send(talk.Begin(tools.options, dict(tools.rules), tools.rules.classes, tools.rules.folders))
            ready = self._channel.receive(talk.Ready)
            self.rungs = tuple(sandbox.Rung(*r) for r in ready.rungs)
            self.rules = ready.rules
        except wire.EndedError:
            self._end_of_it()
        except wire.LateError:
            self._late = True
            self.end()
        except wire.WireError:
            self.end()

    @property
    def worn(self) -> bool:
        """Whether the next file gets another worker."""
        return self._gone or self._files >= _FILES or self._bytes >= _BYTES

    def end(self) -> None:
        """Ends the process."""
        self._gone = True
        self._process.end()

    def _end_of_it(self) -> str:
        """Ends it, and tells why it hung up, or never began: for want of time or memory, or otherwise."""
        self._gone = True
        return "stalled" if self._late else self._process.end_of_it()

    def scan(self, item: Evidence, descriptors: list[int], faults: dict[int, str], hearing: Hearing) -> Examined | Lost:
        """Has one file scanned; a worker that was lost over it is ended."""
        self._files += 1
        self._bytes += item.stamp.size if item.stamp else 0
        lost = None
        try:
            self._process.heard()  # of earlier files
            hearing.run(self._channel, descriptors, faults)
        except wire.WireError:
            lost = Lost("bad_answer", hearing.leaf, final=False)
        except wire.LateError:
            lost = Lost("stalled", hearing.leaf, final=False)
        except (wire.EndedError, OSError):
            lost = Lost(self._end_of_it(), hearing.leaf, final=False)
        found = lost or hearing.found or Lost("crashed")
        if lost is not None:
            self.end()
        elif isinstance(found, Examined) and volumes.changed(item, descriptors):
            found.outcome.add(item.path, ["changed_during_scan"])
        return found
