"""Who listens to what, and how events reach them.

The database is the truth: a hint only says where to look. For each conversation that has
listeners here, one query fetches what is new for each party; an event is encoded once for all its
readers, and each reader gets exactly the next number of its stream.
"""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict, dataclass
from typing import Protocol, TypeVar
from uuid import UUID

import structlog

from amparo.conversations.events import shown
from amparo.conversations.queries import StreamEvent, tails
from amparo.conversations.streams import Appended
from amparo.desk.queries import counts_of
from amparo.kernel.actor import Actor, Party
from amparo.kernel.clock import Clock
from amparo.routing.queries import queue_places, teams_of
from amparo.routing.wait_rules import WaitRange
from amparo.server.live.protocol import (
    NOT_SIGNED_IN,
    Desk,
    DeskCounts,
    Event,
    Position,
    encode,
)
from amparo.storage.session import EVERYTHING, FROM, Database

log = structlog.get_logger(__name__)
T = TypeVar("T")
PACE_S = 1.0
"""Positions and desk lists are told at most this often (s)."""


class Reader(Protocol):
    """A live connection, as the hub sees it."""

    actor: Actor

    def send(self, frame: bytes) -> None: ...
    def close(self, code: int) -> None: ...


@dataclass(slots=True, eq=False)
class Subscription:
    """A reader's place in one stream."""

    reader: Reader
    conversation: UUID
    party: Party
    seq: int
    team: str | None = None
    position: int | None = None


class Hub:
    """All live readers of this process."""

    def __init__(self, database: Database, executor: Executor, clock: Clock, origin: str) -> None:
        """``origin`` marks the hints of this process's own transactions."""
        self._database, self._executor, self._own = database, executor, FROM + origin
        self._clock = clock
        self._subscriptions: dict[UUID, list[Subscription]] = {}
        self._followed: dict[Reader, set[UUID]] = {}
        self._watchers: set[Reader] = set()
        self._readers: set[Reader] = set()
        self._dirty: set[UUID] = set()
        self._teams: set[str] = set()
        self._desk = False
        self._work = asyncio.Event()
        self._slow_work = asyncio.Event()

    @property
    def readers(self) -> frozenset[Reader]:
        """Everybody connected to this process."""
        return frozenset(self._readers)

    def enter(self, reader: Reader) -> None:
        """A connection is open and known."""
        self._readers.add(reader)

    def leave(self, reader: Reader) -> None:
        """A connection ended."""
        self._readers.discard(reader)
        self._watchers.discard(reader)
        for conversation in list(self._followed.get(reader, ())):
            self.unsubscribe(reader, conversation)

    def listeners(self, conversation: UUID) -> Sequence[Subscription]:
        """Who follows a conversation here; each was let in at its door."""
        return list(self._subscriptions.get(conversation, ()))

    def watch(self, reader: Reader) -> None:
        """Tell this reader when the desk's lists change."""
        self._watchers.add(reader)

    def subscribe(self, subscription: Subscription) -> None:
        """Send the stream's events from its number on; the door has been asked by the caller."""
        self.unsubscribe(subscription.reader, subscription.conversation)
        self._subscriptions.setdefault(subscription.conversation, []).append(subscription)
        self._followed.setdefault(subscription.reader, set()).add(subscription.conversation)
        self._dirty.add(subscription.conversation)  # what came while the caller caught up
        self._work.set()

    def unsubscribe(self, reader: Reader, conversation: UUID) -> None:
        """Send no more of this conversation."""
        followed = self._followed.get(reader)
        if followed is None or conversation not in followed:
            return
        followed.discard(conversation)
        if not followed:
            del self._followed[reader]
        left = [one for one in self._subscriptions[conversation] if one.reader is not reader]
        if left:
            self._subscriptions[conversation] = left
        else:
            del self._subscriptions[conversation]

    def appended(self, events: Iterable[Appended]) -> None:
        """What this process itself has stored just now; runs on the loop, needs no reading.

        The database stays the truth: where a number is missing in between, it is asked.
        """
        for event in events:
            listeners = self._subscriptions.get(event.conversation_id)
            if not listeners:
                continue
            try:
                self._tell(event, listeners)
            except Exception:  # one broken reader must not cost the others what they wait for
                log.exception("not_told", kind=event.kind)
                self._dirty.add(event.conversation_id)
                self._work.set()

    def _tell(self, event: Appended, listeners: Sequence[Subscription]) -> None:
        frames: dict[int, bytes] = {}
        kind, data = shown(event.kind, event.data)
        for listener in listeners:
            seq = event.seqs.get(listener.party)
            if seq is None or seq <= listener.seq:
                continue
            if seq != listener.seq + 1:
                self._dirty.add(event.conversation_id)
                self._work.set()
                continue
            frame = frames.get(seq)
            if frame is None:
                told = Event(event.conversation_id, seq, kind, event.at, data)
                frame = frames[seq] = encode(told)
            listener.seq = seq
            listener.reader.send(frame)

    def heard(self, topics: Iterable[str]) -> None:
        """Note what changed; runs on the loop."""
        own = False
        for topic in topics:
            kind, _, name = topic.partition(":")
            if topic == EVERYTHING:
                self._dirty.update(self._subscriptions)
                self._teams.add(EVERYTHING)
                self._desk = True
            elif topic == self._own:
                own = True  # its conversations were handed over by ``appended``
            elif kind == "conversation":
                if not own and (id := UUID(name)) in self._subscriptions:
                    self._dirty.add(id)
            elif kind == "queue":
                self._teams.add(name)
            elif topic == "desk":
                self._desk = True
            elif kind == "session":
                self._close_session(UUID(name))
            elif kind == "person":
                self._close_person(UUID(name))
        if self._dirty:
            self._work.set()
        if self._desk or self._teams:
            self._slow_work.set()

    async def pump(self) -> None:
        """Deliver events as they come; one query serves all that changed meanwhile."""
        while True:
            await self._work.wait()
            self._work.clear()
            dirty, self._dirty = self._dirty, set()
            wanted = self._wanted(dirty)
            if wanted:
                try:
                    self._deliver(await self._read(lambda s, w=wanted: tails(s, w)))
                except Exception:
                    log.exception("live_read_failed")
                    self._dirty |= dirty
                    await asyncio.sleep(0.5)
                    self._work.set()

    async def pump_slowly(self) -> None:
        """Tell positions and desk changes: at once, then at most every ``PACE_S``."""
        while True:
            await self._slow_work.wait()
            self._slow_work.clear()
            teams, self._teams = self._teams, set()
            desk, self._desk = self._desk, False
            try:
                if desk and self._watchers:
                    await self._tell_desk(list(self._watchers))
                for team in await self._known(teams):
                    await self._tell_positions(team)
            except Exception:
                log.exception("positions_failed")
                self._teams |= teams
                self._desk |= desk
                self._slow_work.set()
            if desk or teams:
                await asyncio.sleep(PACE_S)

    def _wanted(self, dirty: set[UUID]) -> dict[tuple[UUID, Party], int]:
        wanted: dict[tuple[UUID, Party], int] = {}
        for conversation in dirty:
            for listener in self._subscriptions.get(conversation, ()):
                key = (conversation, listener.party)
                wanted[key] = min(wanted.get(key, listener.seq), listener.seq)
        return wanted

    def _deliver(self, found: dict[tuple[UUID, Party], list[StreamEvent]]) -> None:
        for (conversation, party), events in found.items():
            listeners = [
                listener
                for listener in self._subscriptions.get(conversation, ())
                if listener.party == party
            ]
            for event in events:
                frame = event_frame(event)
                for listener in listeners:
                    if listener.seq + 1 == event.seq:
                        listener.seq = event.seq
                        listener.reader.send(frame)
            if any(listener.seq < events[-1].seq for listener in listeners):
                self._dirty.add(conversation)
                self._work.set()

    async def _known(self, teams: set[str]) -> set[str]:
        if EVERYTHING not in teams:
            return teams
        ids = list(self._subscriptions)
        told = {one.team for listeners in self._subscriptions.values() for one in listeners}
        found = await self._read(lambda s: teams_of(s, ids)) if ids else {}
        return {team for team in (*found.values(), *told) if team is not None}

    async def _tell_desk(self, watchers: Sequence[Reader]) -> None:
        actors = [watcher.actor for watcher in watchers]
        found = await self._read(lambda s: counts_of(s, actors))
        for watcher in watchers:
            counts = found[watcher.actor.person_id]
            told = DeskCounts(**asdict(counts))
            watcher.send(encode(Desk(told)))

    async def _tell_positions(self, team: str) -> None:
        now = self._clock.now()
        order = await self._read(lambda s: queue_places(s, team, now))
        for place in order:
            conversation = place.conversation_id
            for listener in self._subscriptions.get(conversation, ()):
                if listener.party == "buyer" and listener.position != place.position:
                    known = listener.position if listener.team == team else None
                    worse = known is not None and place.position > known
                    listener.team, listener.position = team, place.position
                    reason = "more_urgent_first" if worse else None
                    listener.reader.send(
                        encode(position_frame(conversation, place.position, place.wait, reason))
                    )
        waiting = {place.conversation_id for place in order}
        for conversation, listeners in self._subscriptions.items():
            for listener in listeners:
                if listener.team == team and conversation not in waiting:
                    listener.team = listener.position = None
                    listener.reader.send(encode(Position(conversation, None)))

    def _close_session(self, session_id: UUID) -> None:
        for reader in self._readers:
            if reader.actor.session_id == session_id:
                reader.close(NOT_SIGNED_IN)

    def _close_person(self, person_id: UUID) -> None:
        """Rights changed: whoever comes back is asked at the door again."""
        for reader in self._readers:
            if reader.actor.person_id == person_id:
                reader.close(NOT_SIGNED_IN)

    async def _read(self, query: Callable[..., T]) -> T:
        def work() -> T:
            with self._database.reading() as session:
                return query(session)

        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def position_frame(
    conversation: UUID, position: int | None, wait: WaitRange | None, reason: str | None = None
) -> Position:
    """A place in a queue as its buyer gets it."""
    low, high = (wait.low_s, wait.high_s) if wait is not None else (None, None)
    return Position(conversation, position, reason, low, high)


def event_frame(event: StreamEvent) -> bytes:
    """An event as its readers get it."""
    return encode(Event(event.conversation_id, event.seq, event.kind, event.at, event.data))
