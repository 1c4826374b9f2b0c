"""What runs beside the requests of a process: listener, followers, timers, senders, sockets."""

import asyncio
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from threading import Event as Flag
from threading import Thread
from uuid import uuid4

import structlog
from sqlalchemy.orm import Session

from amparo import wiring
from amparo.assistant.library import Library
from amparo.cases.outages_actions import came_up, went_down
from amparo.config import Settings
from amparo.kernel.clock import Clock
from amparo.routing.presence_actions import node_started
from amparo.server.limits import RequestLimits
from amparo.server.live.listener import Listener
from amparo.server.live.nats_carrier import Nats
from amparo.server.live.service import LiveService
from amparo.storage import nodes
from amparo.storage.files import open_files
from amparo.storage.followers import Runner, enrol
from amparo.storage.opening import Opened
from amparo.storage.outbox import HINT as OUTBOX
from amparo.storage.session import EVERYTHING
from amparo.storage.timers import TimerRunner

log = structlog.get_logger(__name__)
_WATCH_S = 1.0


@dataclass(frozen=True, slots=True)
class Worker:
    """Which of several processes of one place this is.

    Attributes:
        main: the one that also follows events, keeps timers, sends, and learns.
    """

    node: str
    main: bool


def place_of(settings: Settings) -> str:
    """Machine and data folder; a lock on the folder keeps it to one ``serve``."""
    return f"{socket.gethostname()}:{settings.data.resolve()}"


def clear_place(session: Session, place: str, now: datetime) -> None:
    """Whoever starts a place puts in order what its processes left, however they ended."""
    came_up(session, now)
    for node in (*nodes.take_place(session, place), place):  # before 0011 a place was the node
        node_started(session, node, now)


class Runtime:
    """Starts and ends everything that is not a request."""

    def __init__(
        self, opened: Opened, clock: Clock, settings: Settings, worker: Worker | None = None
    ) -> None:
        """``worker`` says which of several processes this is; None is the only one."""
        self._opened, self._clock, self._worker = opened, clock, worker
        database = opened.database
        self.limits = RequestLimits(settings)
        self._place = place_of(settings)
        self.node = worker.node if worker else uuid4().hex
        self.live = LiveService(database, clock, settings, self.limits, self.node)
        self.library = Library(settings.data / "assistant")
        self._followers = wiring.followers(self.library, settings)
        self._runner = Runner(database, clock, self._followers)
        files = open_files(settings.files, settings.data)
        self._timers = TimerRunner(database, clock, wiring.timers(files))
        self._senders = wiring.senders(database, clock, settings)
        self._listener = Listener(opened.conninfo, self._heard, self.live.said)
        self._nats: Nats | None = None
        if settings.nats_url is not None:
            url = settings.nats_url.get_secret_value()
            self._nats = Nats(url, self.node, database, self._heard, self.live.said)
            self.live.nats = self._nats
        self._stop, self._look = Flag(), Flag()
        self._threads: list[Thread] = []

    async def start(self) -> None:
        """Begin; called on the loop that serves requests."""
        await asyncio.to_thread(self._prepare)
        await self.live.start()
        self._run("listener", self._listener.run)
        if self._nats is not None:
            await self._nats.start()
        self._run("node", self._keep_node)
        if self._worker is not None and not self._worker.main:
            return
        self._run("followers", self._runner.run)
        self._run("timers", self._timers.run)
        for number, sender in enumerate(self._senders):
            self._run(f"sender-{number}", sender.run)
        if self._opened.embedded is not None:
            self._run("watch-postgres", self._keep_postgres)
        await asyncio.to_thread(self._open_library)

    async def stop(self) -> None:
        """End in the order in which nothing is lost: sockets, posted messages, threads."""
        if self._nats is not None:
            await self._nats.stop()
        await self.live.stop()
        self._stop.set()
        for wake in (
            self._look,
            self._runner.wake,
            self._timers.wake,
            *(s.wake for s in self._senders),
        ):
            wake.set()
        await asyncio.to_thread(self._join)
        await asyncio.to_thread(self._leave)

    def _leave(self) -> None:
        try:
            with self._opened.database.transaction() as session:
                node_started(session, self.node, self._clock.now())
                nodes.leave(session, self.node)
                if nodes.last_sign(session) is None:
                    went_down(session, self._clock.now())
        except Exception:
            log.exception("node_not_left")

    def _prepare(self) -> None:
        database = self._opened.database
        with database.transaction() as session:
            now = self._clock.now()
            if self._worker is None:
                clear_place(session, self._place, now)
            nodes.arrive(session, self.node, self._place, now)
        if self._worker is None or self._worker.main:
            enrol(database, self._followers)
            with database.transaction() as session:
                wiring.first_load(session, now)

    def _open_library(self) -> None:
        """Before somebody asks; it is read beside whatever else happens."""
        with self._opened.database.reading() as session:
            self.library.refresh(session)

    def _heard(self, topics: list[str]) -> None:
        if self._nats is not None and nodes.HINT in topics:
            topics = [EVERYTHING]  # one that died may have stored what it could not tell any more
        if EVERYTHING in topics or "events" in topics:
            self._runner.wake.set()
        if EVERYTHING in topics or OUTBOX in topics:
            for sender in self._senders:
                sender.wake.set()
        if EVERYTHING in topics or nodes.HINT in topics:
            self._look.set()
        if EVERYTHING in topics or "timers" in topics:
            self._timers.wake.set()
        self.live.heard(topics)

    def _run(self, name: str, work: Callable[[Flag], None]) -> None:
        thread = Thread(target=work, args=(self._stop,), name=name, daemon=True)
        thread.start()
        self._threads.append(thread)

    def _join(self) -> None:
        for thread in self._threads:
            thread.join(5)

    def _keep_node(self, stop: Flag) -> None:
        """Say that we live, and put in order what the dead have left."""
        while not stop.is_set():
            self._look.clear()
            try:
                with self._opened.database.transaction() as session:
                    now = self._clock.now()
                    alive = nodes.beat(session, self.node, now)
                    if not alive:  # we were asleep, and our presence was cleared: all come again
                        nodes.arrive(session, self.node, self._place, now)
                    for node in nodes.take_dead(session, now):
                        log.warning("node_dead", node=node)
                        node_started(session, node, now)
                    self.live.company(nodes.others(session, self.node, now))
                if not alive:
                    self.live.send_all_away()
            except Exception:
                log.exception("node_not_kept")
            self._look.wait(nodes.BEAT_S)

    def _keep_postgres(self, stop: Flag) -> None:
        """Start our PostgreSQL again when it dies; its clients connect anew by themselves."""
        embedded = self._opened.embedded
        assert embedded is not None
        while not stop.wait(_WATCH_S):
            try:
                if embedded.ensure_running():
                    log.warning("postgres_restarted", pid=os.getpid())
            except Exception:
                log.exception("postgres_down")
