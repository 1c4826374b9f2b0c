"""Group commit: one transaction for all messages that wait, so that a busy hour costs few fsyncs.

A conversation always goes through the same worker, which keeps its messages in the order in which
they came; different conversations share a transaction. What waits is bounded: more is refused at
once, so that whoever is accepted does not wait long.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic, sleep
from uuid import UUID

import structlog

from amparo.conversations.actions import Outcome, post_messages
from amparo.conversations.rules import Draft
from amparo.kernel.clock import Clock
from amparo.kernel.errors import Busy, Problem, Unavailable
from amparo.storage.session import Database

log = structlog.get_logger(__name__)
_WORKERS = 2
_BATCH = 200
_SPACING_S = 0.01
"""From batch to batch of a worker: what comes fast goes together; who comes alone never waits."""
MOST_WAITING = 300
"""Messages that may wait for one worker: who is accepted does not wait long."""
_HELD_S = 5.0
_MOST_HELD = 10_000
Answer = Callable[[Draft, Outcome], None]
Key = tuple[UUID, UUID]
"""Conversation and author: within it, order is kept also where storing fails."""


@dataclass(slots=True)
class _Item:
    draft: Draft
    answer: Answer
    ticket: int


@dataclass(slots=True)
class _Held:
    """A message that we could not take; ``released`` is the ticket under which it came again.

    What has an earlier ticket than ``ticket`` was sent before it and is not held.
    """

    client_id: UUID
    until: float
    ticket: int
    released: int | None = None


class Poster:
    """Takes drafts from the event loop, stores them on threads of its own, answers on the loop."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database, self._clock = database, clock
        self._queues: list[SimpleQueue[_Item | None]] = [SimpleQueue() for _ in range(_WORKERS)]
        self._waiting = [0] * _WORKERS
        self._held: dict[Key, _Held] = {}
        self._tickets = 0
        self._loop: asyncio.AbstractEventLoop | None = None
        self._threads = [
            Thread(target=self._work, args=(number,), name=f"poster-{number}", daemon=True)
            for number in range(_WORKERS)
        ]

    def start(self) -> None:
        """Begin to work; call it on the loop."""
        self._loop = asyncio.get_running_loop()
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """Store what waits, then end."""
        for queue in self._queues:
            queue.put(None)
        for thread in self._threads:
            thread.join(10)

    def post(self, draft: Draft, answer: Answer) -> None:
        """Hand a draft over; ``answer`` is called on the loop after the commit.

        Raises:
            Busy: too much waits already.
            Unavailable: an earlier message of its author here was refused and comes first.
        """
        key, now = _key(draft), monotonic()
        self._tickets += 1
        held = self._held.get(key)
        if held is not None and held.released is None:
            if held.client_id != draft.client_id and now < held.until:
                raise _not_stored()
            held.released = self._tickets
        worker = draft.conversation_id.int % _WORKERS
        if self._waiting[worker] >= MOST_WAITING:
            self._hold(draft, self._tickets)
            raise Busy(retry_after=1)
        self._waiting[worker] += 1
        self._queues[worker].put(_Item(draft, answer, self._tickets))

    def _hold(self, draft: Draft, ticket: int = 0) -> None:
        """What its author sends after a message that we could not take waits for that message:
        it may be on its way already, and would change places with it."""
        now = monotonic()
        if len(self._held) > _MOST_HELD:
            self._held = {key: one for key, one in self._held.items() if one.until > now}
        self._held[_key(draft)] = _Held(draft.client_id, now + _HELD_S, ticket)

    def _work(self, number: int) -> None:
        queue, began = self._queues[number], 0.0
        while (first := queue.get()) is not None:
            sleep(max(0.0, began + _SPACING_S - monotonic()))
            began = monotonic()
            batch, last = _gather(queue, first)
            outcomes = self._store_in_order(batch)
            self._answer(number, batch, outcomes)
            if last:
                return

    def _store_in_order(self, batch: Sequence[_Item]) -> Sequence[Outcome]:
        if not self._held:
            return self._store([item.draft for item in batch])
        standing = [item for item in batch if not self._is_behind(item)]
        outcomes = iter(self._store([item.draft for item in standing]) if standing else ())
        stored = {id(item) for item in standing}
        return [next(outcomes) if id(one) in stored else _not_stored() for one in batch]

    def _is_behind(self, item: _Item) -> bool:
        """Whether it was sent after a message that failed, and that did not come again yet."""
        key = _key(item.draft)
        held = self._held.get(key)
        if held is None or item.ticket < held.ticket:
            return False
        if held.released is None or item.ticket < held.released:
            return True
        self._held.pop(key, None)
        return False

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
            self._hold(drafts[0])
            return [_not_stored()]
        # one bad row must not take the others with it: each alone, in order
        return [
            _not_stored() if _key(draft) in self._held else self._store([draft])[0]
            for draft in drafts
        ]

    def _answer(self, number: int, batch: Sequence[_Item], outcomes: Sequence[Outcome]) -> None:
        """All answers of a batch with one wake-up of the loop."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._settle, number, batch, outcomes)

    def _settle(self, number: int, batch: Sequence[_Item], outcomes: Sequence[Outcome]) -> None:
        self._waiting[number] -= len(batch)
        for item, outcome in zip(batch, outcomes, strict=True):
            try:
                item.answer(item.draft, outcome)
            except Exception:
                log.exception("answer_failed")


def _key(draft: Draft) -> Key:
    return draft.conversation_id, draft.actor.person_id


def _not_stored() -> Problem:
    return Unavailable("not_stored", retry_after=1)


def _gather(queue: "SimpleQueue[_Item | None]", first: _Item) -> tuple[list[_Item], bool]:
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
