"""What runs beside the requests of a process: listener, followers, timers, senders, sockets."""

import asyncio
import os
import socket
from collections.abc import Callable
from threading import Event as Flag
from threading import Thread

import structlog

from amparo import wiring
from amparo.assistant.library import Library
from amparo.config import Settings
from amparo.kernel.clock import Clock
from amparo.routing.presence_actions import node_started
from amparo.server.limits import RequestLimits
from amparo.server.live.listener import Listener
from amparo.server.live.service import LiveService
from amparo.storage.files import open_files
from amparo.storage.followers import Runner, enrol
from amparo.storage.opening import Opened
from amparo.storage.outbox import HINT as OUTBOX
from amparo.storage.session import EVERYTHING
from amparo.storage.timers import TimerRunner

log = structlog.get_logger(__name__)
_WATCH_S = 1.0


class Runtime:
    """Starts and ends everything that is not a request."""

    def __init__(self, opened: Opened, clock: Clock, settings: Settings) -> None:
        self._opened, self._clock = opened, clock
        database = opened.database
        self.limits = RequestLimits(settings)
        self.node = f"{socket.gethostname()}:{settings.data.resolve()}"
        self.live = LiveService(database, clock, settings, self.limits, self.node)
        self.library = Library(settings.data / "assistant")
        self._followers = wiring.followers(self.library, settings)
        self._runner = Runner(database, clock, self._followers)
        files = open_files(settings.files, settings.data)
        self._timers = TimerRunner(database, clock, wiring.timers(files))
        self._senders = wiring.senders(database, clock, settings)
        self._listener = Listener(opened.conninfo, self._heard, self.live.said)
        self._stop = Flag()
        self._threads: list[Thread] = []

    async def start(self) -> None:
        """Begin; called on the loop that serves requests."""
        await asyncio.to_thread(self._prepare)
        await self.live.start()
        self._run("listener", self._listener.run)
        self._run("followers", self._runner.run)
        self._run("timers", self._timers.run)
        for number, sender in enumerate(self._senders):
            self._run(f"sender-{number}", sender.run)
        if self._opened.embedded is not None:
            self._run("watch-postgres", self._keep_postgres)
        await asyncio.to_thread(self._open_library)

    async def stop(self) -> None:
        """End in the order in which nothing is lost: sockets, posted messages, threads."""
        await self.live.stop()
        self._stop.set()
        for wake in (self._runner.wake, self._timers.wake, *(s.wake for s in self._senders)):
            wake.set()
        await asyncio.to_thread(self._join)

    def _prepare(self) -> None:
        database = self._opened.database
        enrol(database, self._followers)
        with database.transaction() as session:
            now = self._clock.now()
            wiring.first_load(session, now)
            node_started(session, self.node, now)

    def _open_library(self) -> None:
        """Before somebody asks; it is read beside whatever else happens."""
        with self._opened.database.reading() as session:
            self.library.refresh(session)

    def _heard(self, topics: list[str]) -> None:
        if EVERYTHING in topics or "events" in topics:
            self._runner.wake.set()
        if EVERYTHING in topics or OUTBOX in topics:
            for sender in self._senders:
                sender.wake.set()
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
