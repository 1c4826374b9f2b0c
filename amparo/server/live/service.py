"""The live socket's door and its engine room: origin, first frame, hub, poster, heartbeat."""

import asyncio
from collections import Counter
from collections.abc import Callable, Collection, Coroutine, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from http import HTTPStatus
from typing import Any, TypeVar, cast
from uuid import UUID, uuid4

import structlog
from sqlalchemy.orm import Session
from starlette.requests import HTTPConnection
from starlette.types import Scope

from amparo.accounts.actions import keep_connected
from amparo.accounts.http import COOKIE
from amparo.config import Settings
from amparo.conversations.streams import Appended
from amparo.kernel.actor import Actor
from amparo.kernel.clock import Clock
from amparo.kernel.errors import NotSignedIn
from amparo.routing.presence_actions import connected, disconnected, renew
from amparo.server.identity import identify_frame, own_origin
from amparo.server.limits import RequestLimits
from amparo.server.live import protocol
from amparo.server.live.bus import EphemeralBus
from amparo.server.live.connection import Connection, cookie_in
from amparo.server.live.ephemeral import Ephemeral
from amparo.server.live.hub import Hub
from amparo.server.live.line import Line
from amparo.server.live.nats_carrier import Nats
from amparo.server.live.poster import Poster
from amparo.server.live.sightings import Sightings
from amparo.storage.session import Database, say

log = structlog.get_logger(__name__)
T = TypeVar("T")
_HEARTBEAT_S = 30.0
_SILENT_S = 25.0
_GONE_S = _SILENT_S + 2 * _HEARTBEAT_S
MOST_UNKNOWN = 1000
"""Sockets that have not said who they are."""
_THREADS = 6


class LiveService:
    """Everything the live sockets of one process share."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        settings: Settings,
        limits: RequestLimits,
        node: str,
    ) -> None:
        self.database, self.clock, self.settings, self.node = database, clock, settings, node
        self.limits = limits
        self.origin = uuid4().hex[:12]
        """Marks what this process's own transactions tell."""
        self.frames_per_second = settings.live_frames_per_second
        self.frames_burst = settings.live_frames_burst
        self._executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="live")
        self.hub = Hub(database, self._executor, clock, self.origin)
        self.poster = Poster(database, clock)
        self.bus = EphemeralBus(node, self)
        self.nats: Nats | None = None
        """Carries between the processes while it is ready; else PostgreSQL does."""
        self.ephemeral = Ephemeral(self)
        self.sightings = Sightings(self)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._per_address: Counter[str] = Counter()
        self._per_person: Counter[UUID] = Counter()
        self._unknown: dict[Connection, None] = {}
        self._jobs: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Begin; call on the loop that serves the sockets."""
        self._loop = asyncio.get_running_loop()
        self.database.tell_news(self.origin, self.appended)
        self.poster.start()
        pumps = (self.hub.pump(), self.hub.pump_slowly(), self._heartbeat())
        self._tasks = [asyncio.create_task(pump) for pump in pumps]

    async def stop(self) -> None:
        """Tell everybody to come back later, store what waits, end."""
        for reader in self.hub.readers:
            reader.close(protocol.GOING_AWAY)
        for task in self._tasks:
            task.cancel()
        await self.sightings.drain()
        await asyncio.to_thread(self.poster.stop)
        await asyncio.wait_for(asyncio.gather(*self._jobs, return_exceptions=True), 10)
        self._loop = None
        self._executor.shutdown(wait=False, cancel_futures=True)

    def heard(self, topics: list[str]) -> None:
        """Hints from the listener's thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.hub.heard, topics)

    def appended(self, events: Sequence[Appended]) -> None:
        """What a transaction of this process has stored, from its thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.hub.appended, events)

    def said(self, payload: bytes | str) -> None:
        """What lives a moment, from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.bus.heard, payload)

    def company(self, others: Collection[str]) -> None:
        """Which other processes there are; from any thread."""
        self.bus.alone = not others
        if self.nats is not None:
            self.nats.company(others)

    def send_all_away(self) -> None:
        """End all connections, which come back at once; from any thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            for reader in self.hub.readers:
                loop.call_soon_threadsafe(reader.close, protocol.GOING_AWAY)

    def broadcast(self, kind: str, payload: dict[str, Any]) -> None:
        """Say something to whoever took this kind with ``bus.on``, in every process; not stored.
        Call it on the loop."""
        self.bus.broadcast(kind, payload)

    async def send(self, payload: bytes) -> None:
        """Carry what the bus gathered to the other processes."""
        if self.nats is not None and await self.nats.say(payload):
            return
        await asyncio.get_running_loop().run_in_executor(
            self._executor, say, self.database, payload.decode()
        )

    # connections

    def admit(self, scope: Scope) -> HTTPStatus | None:
        """Whether a hand-shake may go on; the status that refuses it, where not."""
        # sockets are opened by our own pages only; the panel's iframe is ours too
        if not own_origin(HTTPConnection(scope), self.settings):
            return HTTPStatus.FORBIDDEN
        address = self.limits.address_of(scope)
        if self._per_address[address] >= self.settings.live_connections_per_address:
            return HTTPStatus.TOO_MANY_REQUESTS
        self._per_address[address] += 1
        return None

    def dismiss(self, scope: Scope) -> None:
        """An admitted hand-shake came to nothing."""
        self._forget_address(self.limits.address_of(scope))

    def open(self, line: Line, scope: Scope) -> Connection:
        """A hand-shake is done. Where too many have not said who they are, the first must go:
        whoever is genuine says it at once."""
        address, cookie = self.limits.address_of(scope), cookie_in(scope["headers"], COOKIE)
        connection = Connection(self, line, address, cookie)
        self._unknown[connection] = None
        if len(self._unknown) > MOST_UNKNOWN:
            first = next(iter(self._unknown))
            del self._unknown[first]
            first.close(protocol.TOO_MANY)
        return connection

    async def authenticate(self, connection: Connection, frame: protocol.Auth) -> Actor:
        """Who is speaking; from now on they are present.

        Raises:
            NotSignedIn: it proves nothing.
        """

        def prove(session: Session, now: datetime) -> Actor | None:
            actor = identify_frame(
                session, token=frame.token, cookie=connection.cookie, csrf=frame.csrf, now=now
            )
            if actor is not None:
                connected(session, connection.id, actor.person_id, self.node, now)
            return actor

        actor = await self.transact(prove)
        if actor is None:
            raise NotSignedIn()
        return actor

    def enter(self, connection: Connection) -> bool:
        """Somebody known is here; False where they have too many connections."""
        self._unknown.pop(connection, None)
        person = connection.actor.person_id
        self._per_person[person] += 1
        if connection.is_over:  # while we asked
            self.left(connection)
            return True
        self.hub.enter(connection)
        return self._per_person[person] <= self.settings.live_connections_per_person

    def left(self, connection: Connection) -> asyncio.Task[None] | None:
        """A connection's line is gone; returns what clears its presence."""
        self._unknown.pop(connection, None)
        self._forget_address(connection.address)
        connection.address = ""
        if not connection.known:
            return None
        person = connection.actor.person_id
        self._per_person[person] -= 1
        if not self._per_person[person]:
            del self._per_person[person]
        self.hub.leave(connection)
        self.ephemeral.gone(connection)
        return self._spawn(self._clear(connection))

    async def _clear(self, connection: Connection) -> None:
        person = connection.actor.person_id
        try:
            await self.transact(lambda s, now: disconnected(s, connection.id, person, now))
        except Exception:
            log.exception("presence_not_cleared")

    def _forget_address(self, address: str) -> None:
        if address:
            self._per_address[address] -= 1
            if self._per_address[address] <= 0:
                del self._per_address[address]

    def _spawn(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.get_running_loop().create_task(work)
        self._jobs.add(task)
        task.add_done_callback(self._jobs.discard)
        return task

    def ready(self, actor: Actor) -> protocol.Ready:
        """The first frame to somebody we know."""
        person = protocol.PersonFrame(actor.person_id, actor.role, actor.name, actor.language)
        return protocol.Ready(person, self.clock.now())

    async def read(self, query: Callable[[Session], T]) -> T:
        """Run a query on a thread."""

        def work() -> T:
            with self.database.reading() as session:
                return query(session)

        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def transact(self, verb: Callable[[Session, datetime], T]) -> T:
        """Run a verb in a transaction on a thread."""

        def work() -> T:
            with self.database.transaction() as session:
                return verb(session, self.clock.now())

        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT_S)
            await self.beat()

    def time(self) -> float:
        """The loop's clock (s)."""
        return self._loop.time() if self._loop is not None else 0.0

    @property
    def farewell_s(self) -> float:
        """Over how long (s) the connections are ended when the process ends."""
        return min(2.0, len(self.hub.readers) / 2000)

    def look_after(self) -> None:
        """Ask silent connections whether they are there; end those that do not say so."""
        now = self.time()
        for reader in self.hub.readers:
            line = cast("Connection", reader).line
            if now - line.heard_at > _GONE_S:
                line.close(protocol.TOO_SLOW)
            elif now - line.heard_at > _SILENT_S:
                line.ping()

    async def beat(self) -> None:
        """Connections are alive; those whose session has ended by time are closed."""
        self.look_after()
        open_here = [reader for reader in self.hub.readers if isinstance(reader, Connection)]
        life = timedelta(minutes=self.settings.panel_session_minutes)
        sessions = {one.actor.session_id for one in open_here if one.actor.session_id}

        def renewed(session: Session, now: datetime) -> set[UUID]:
            renew(session, [one.id for one in open_here], now)
            return keep_connected(session, sessions, life, now)

        try:
            ended = await self.transact(renewed)
        except Exception:
            log.exception("heartbeat_failed")
            return
        for one in open_here:
            if one.actor.session_id in ended:
                one.close(protocol.NOT_SIGNED_IN)
