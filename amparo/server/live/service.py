"""The live socket's door and its engine room: origin, first frame, hub, poster, heartbeat."""

import asyncio
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import structlog
from sqlalchemy.orm import Session
from starlette.websockets import WebSocket, WebSocketDisconnect

from amparo.accounts.actions import keep_connected
from amparo.accounts.http import COOKIE
from amparo.config import Settings
from amparo.kernel.actor import Actor
from amparo.kernel.clock import Clock
from amparo.kernel.errors import NotSignedIn
from amparo.routing.presence_actions import renew
from amparo.server.identity import identify_frame, own_origin
from amparo.server.limits import RequestLimits
from amparo.server.live import protocol
from amparo.server.live.bus import EphemeralBus
from amparo.server.live.connection import Connection, first_frame
from amparo.server.live.ephemeral import Ephemeral
from amparo.server.live.hub import Hub
from amparo.server.live.poster import Poster
from amparo.server.live.sightings import Sightings
from amparo.storage.session import Database, say

log = structlog.get_logger(__name__)
T = TypeVar("T")
_HEARTBEAT_S = 30.0
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
        self.frames_per_second = settings.live_frames_per_second
        self.frames_burst = settings.live_frames_burst
        self._executor = ThreadPoolExecutor(_THREADS, thread_name_prefix="live")
        self.hub = Hub(database, self._executor, clock)
        self.poster = Poster(database, clock)
        self.bus = EphemeralBus(node, self)
        self.ephemeral = Ephemeral(self)
        self.sightings = Sightings(self)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: list[asyncio.Task[None]] = []
        self._per_address: Counter[str] = Counter()
        self._per_person: Counter[UUID] = Counter()

    async def start(self) -> None:
        """Begin; call on the loop that serves the sockets."""
        self._loop = asyncio.get_running_loop()
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
        self._loop = None
        self._executor.shutdown(wait=False, cancel_futures=True)

    def heard(self, topics: list[str]) -> None:
        """Hints from the listener's thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.hub.heard, topics)

    def said(self, payload: str) -> None:
        """What lives a moment, from the listener's thread."""
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self.bus.heard, payload)

    def broadcast(self, kind: str, payload: dict[str, Any]) -> None:
        """Say something to whoever took this kind with ``bus.on``, in every process; not stored.
        Call it on the loop."""
        self.bus.broadcast(kind, payload)

    async def send(self, payload: bytes) -> None:
        """Carry what the bus gathered to the other processes."""
        await asyncio.get_running_loop().run_in_executor(
            self._executor, say, self.database, payload.decode()
        )

    async def serve(self, socket: WebSocket) -> None:
        """One socket, from its hand-shake to its end."""
        # sockets are opened by our own pages only; the panel's iframe is ours too
        if not own_origin(socket, self.settings):
            await socket.close(protocol.WRONG_ORIGIN)
            return
        address = self.limits.address_of(socket.scope)
        if self._per_address[address] >= self.settings.live_connections_per_address:
            await socket.close(protocol.TOO_MANY)
            return
        self._per_address[address] += 1
        try:
            await socket.accept()
            actor = await first_frame(socket, lambda t, c: self._authenticate(socket, t, c))
            await self._serve_known(socket, actor)
        except NotSignedIn:
            await socket.close(protocol.NOT_SIGNED_IN)
        except WebSocketDisconnect:
            pass
        finally:
            self._per_address[address] -= 1
            if not self._per_address[address]:
                del self._per_address[address]

    async def _serve_known(self, socket: WebSocket, actor: Actor) -> None:
        if self._per_person[actor.person_id] >= self.settings.live_connections_per_person:
            await socket.close(protocol.TOO_MANY)
            return
        self._per_person[actor.person_id] += 1
        try:
            await Connection(self, socket, actor).run()
        finally:
            self._per_person[actor.person_id] -= 1
            if not self._per_person[actor.person_id]:
                del self._per_person[actor.person_id]

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

    async def _authenticate(self, socket: WebSocket, token: str | None, csrf: str | None) -> Actor:
        cookie = socket.cookies.get(COOKIE)

        def prove(session: Session, now: datetime) -> Actor | None:
            return identify_frame(session, token=token, cookie=cookie, csrf=csrf, now=now)

        actor = await self.transact(prove)
        if actor is None:
            raise NotSignedIn()
        return actor

    async def _heartbeat(self) -> None:
        while True:
            await asyncio.sleep(_HEARTBEAT_S)
            await self.beat()

    async def beat(self) -> None:
        """Connections are alive; those whose session has ended by time are closed."""
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
