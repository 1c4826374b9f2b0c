"""What readers have seen, gathered: a burst of frames costs one transaction a second.

A word is stored at once, then the next one of the same person about the same conversation a
second later: whatever was said between is one mark, and the last one always arrives.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from amparo.conversations.receipts_actions import mark_all_seen
from amparo.conversations.receipts_rules import Seen
from amparo.kernel.actor import Actor

if TYPE_CHECKING:
    from amparo.server.live.service import LiveService

log = structlog.get_logger(__name__)
REST_S = 1.0
_BATCH = 200
Key = tuple[UUID, UUID]
"""Person and conversation."""


@dataclass(slots=True)
class _Mark:
    """What was said and not stored yet; -1 is nothing."""

    actor: Actor
    delivered: int = -1
    read: int = -1

    def words(self, conversation: UUID) -> list[Seen]:
        said = [Seen(self.actor, conversation, self.read, read=True)] if self.read >= 0 else []
        if self.delivered > self.read:
            said.append(Seen(self.actor, conversation, self.delivered, read=False))
        return said


class Sightings:
    """Marks on their way to the database. Call it on the loop."""

    def __init__(self, service: "LiveService") -> None:
        self._service = service
        self._marks: dict[Key, _Mark] = {}
        self._resting: dict[Key, asyncio.TimerHandle] = {}
        self._storing: asyncio.Task[None] | None = None

    def seen(self, actor: Actor, conversation: UUID, seq: int, *, read: bool) -> None:
        """Somebody's client has got this far; the caller has asked the door."""
        key = (actor.person_id, conversation)
        mark = self._marks.get(key)
        if mark is None:
            mark = self._marks[key] = _Mark(actor)
        mark.delivered = max(mark.delivered, seq)
        if read:
            mark.read = max(mark.read, seq)
        if key not in self._resting:
            self._start()

    async def drain(self) -> None:
        """Store everything that waits, at the end."""
        for timer in self._resting.values():
            timer.cancel()
        self._resting.clear()
        if self._storing is not None:
            await self._storing
        for _ in range(len(self._marks) // _BATCH + 1):
            await self._store()

    def _start(self) -> None:
        if self._storing is None:
            self._storing = asyncio.get_running_loop().create_task(self._store())
            self._storing.add_done_callback(self._stored)

    def _stored(self, _: object) -> None:
        self._storing = None
        if any(key not in self._resting for key in self._marks):
            self._start()

    async def _store(self) -> None:
        await asyncio.sleep(0)  # frames that came together go together
        due = [key for key in self._marks if key not in self._resting][:_BATCH]
        if not due:
            return
        taken = {key: self._marks.pop(key) for key in due}
        for key in due:
            self._resting[key] = self._later(REST_S, key)
        words = [one for (_, about), mark in taken.items() for one in mark.words(about)]
        try:
            await self._service.transact(lambda session, now: mark_all_seen(session, words, now))
        except Exception:
            log.exception("seen_not_stored", count=len(words))
            for (person, about), mark in taken.items():  # said again after the rest
                self._keep((person, about), mark)

    def _keep(self, key: Key, mark: _Mark) -> None:
        newer = self._marks.setdefault(key, mark)
        newer.delivered = max(newer.delivered, mark.delivered)
        newer.read = max(newer.read, mark.read)

    def _later(self, seconds: float, key: Key) -> asyncio.TimerHandle:
        rested: Callable[[Key], None] = self._rested
        return asyncio.get_running_loop().call_later(seconds, rested, key)

    def _rested(self, key: Key) -> None:
        self._resting.pop(key, None)
        if key in self._marks:
            self._start()
