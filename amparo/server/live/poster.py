"""Group commit: one transaction for all messages that wait, so that a busy hour costs few fsyncs.

A conversation always goes through the same worker, which keeps its messages in the order in which
they came; different conversations share a transaction.
"""

import asyncio
from collections.abc import Sequence
from queue import Empty, SimpleQueue
from threading import Thread

import structlog

from amparo.conversations.actions import Outcome, post_messages
from amparo.conversations.rules import Draft
from amparo.kernel.clock import Clock
from amparo.kernel.errors import Problem, Unavailable
from amparo.storage.session import Database

log = structlog.get_logger(__name__)
_WORKERS = 2
_BATCH = 200
_Waiting = tuple[Draft, "asyncio.Future[Outcome]"]


class Poster:
    """Takes drafts from the event loop, stores them on threads of its own, answers on the loop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._queues: list[SimpleQueue[_Waiting | None]] = [SimpleQueue() for _ in range(_WORKERS)]
        self._threads = [
            Thread(target=self._work, args=(queue,), name=f"poster-{n}", daemon=True)
            for n, queue in enumerate(self._queues)
        ]

    def start(self) -> None:
        """Begin to work."""
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Store what waits, then end."""
        for queue in self._queues:
            queue.put(None)
        for thread in self._threads:
            thread.join(10)

    def post(self, draft: Draft) -> "asyncio.Future[Outcome]":
        """Hand a draft over; the future is answered after the commit. Call it on the loop."""
        future: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()
        self._queues[draft.conversation_id.int % _WORKERS].put((draft, future))
        return future

    def _work(self, queue: "SimpleQueue[_Waiting | None]") -> None:
        while (first := queue.get()) is not None:
            batch, last = _gather(queue, first)
            outcomes = self._store([draft for draft, _ in batch])
            _answer([future for _, future in batch], outcomes)
            if last:
                return

    def _store(self, drafts: Sequence[Draft]) -> Sequence[Outcome]:
        try:
            with self._database.transaction() as session:
                return post_messages(session, drafts, self._clock.now())
        except Problem as problem:
            if len(drafts) == 1:
                return [problem]
        except Exception:
            log.exception("messages_not_stored", count=len(drafts))
        if len(drafts) == 1:
            return [Unavailable("not_stored")]
        # one bad row must not take the others with it: each alone, in order
        return [outcome for draft in drafts for outcome in self._store([draft])]


def _gather(queue: "SimpleQueue[_Waiting | None]", first: _Waiting) -> tuple[list[_Waiting], bool]:
    """Everything that waits now, up to a batch; and whether the end was among it."""
    batch = [first]
    while len(batch) < _BATCH:
        try:
            item = queue.get_nowait()
        except Empty:
            return batch, False
        if item is None:
            return batch, True
        batch.append(item)
    return batch, False


def _answer(futures: "Sequence[asyncio.Future[Outcome]]", outcomes: Sequence[Outcome]) -> None:
    """All answers of a batch with one wake-up of the loop."""
    pairs = list(zip(futures, outcomes, strict=True))

    def settle() -> None:
        for future, outcome in pairs:
            if not future.done():
                future.set_result(outcome)

    loop = futures[0].get_loop()
    if not loop.is_closed():
        loop.call_soon_threadsafe(settle)
