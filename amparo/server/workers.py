"""Several processes on one port: ``amparo serve --workers N``.

This process owns the folder and the embedded PostgreSQL. Each worker listens on the port with a
socket of its own (SO_REUSEPORT): on one socket, a worker that has nothing to do takes them all. A
worker that ends is started again and its presence cleared at once; SIGHUP replaces the
workers one after the other, SIGTERM ends them in order.
"""

import asyncio
import json
import os
import select
import signal
import subprocess
import sys
from dataclasses import dataclass
from threading import Event as Flag
from time import monotonic
from uuid import uuid4

import structlog

from amparo.config import Settings
from amparo.kernel.clock import SystemClock
from amparo.routing.presence_actions import node_started
from amparo.server.log import configure_log
from amparo.server.run import CannotServe, listen, serve_part
from amparo.server.runtime import Worker, clear_place, place_of
from amparo.storage import nodes
from amparo.storage.errors import StorageError
from amparo.storage.opening import Opened, serving
from amparo.storage.session import connect

log = structlog.get_logger(__name__)
_LOOK_S = 0.2
_POSTGRES_S = 1.0
_READY_S = 60.0
_END_S = 20.0
_TOLD = "AMPARO_WORKER"


@dataclass(slots=True)
class _Child:
    worker: Worker
    process: subprocess.Popen[bytes]
    ready: int
    """The end of a pipe that becomes readable when it serves, or has ended."""


class Supervisor:
    """Keeps ``count`` workers running."""

    def __init__(self, settings: Settings, opened: Opened, port: int) -> None:
        self._settings, self._opened, self._port = settings, opened, port
        self._children: list[_Child] = []
        self._ending, self._renewing = Flag(), False
        self._looked = 0.0

    def run(self, count: int) -> None:
        """Until SIGTERM or SIGINT."""
        with self._opened.database.transaction() as session:
            clear_place(session, place_of(self._settings), SystemClock().now())
        for end in (signal.SIGTERM, signal.SIGINT):
            signal.signal(end, lambda *_: self._ending.set())
        signal.signal(signal.SIGHUP, lambda *_: setattr(self, "_renewing", True))
        try:
            for number in range(count):  # the first loads what the others find loaded
                self._start(main=number == 0)
            log.info("serving", address=self._settings.base_url, workers=count)
            while not self._ending.wait(_LOOK_S):
                self._look()
        finally:
            self._end(self._children)

    def _look(self) -> None:
        for child in [one for one in self._children if one.process.poll() is not None]:
            log.warning("worker_ended", node=child.worker.node, code=child.process.returncode)
            self._forget(child)
            self._start(main=child.worker.main)
        if self._renewing:
            self._renewing = False
            for child in list(self._children):
                if not self._ending.is_set():
                    self._replace(child)
        if self._opened.embedded is not None and monotonic() - self._looked > _POSTGRES_S:
            self._looked = monotonic()
            try:
                if self._opened.embedded.ensure_running():
                    log.warning("postgres_restarted")
            except Exception:
                log.exception("postgres_down")

    def _replace(self, child: _Child) -> None:
        """The new one serves before the old one ends; the main one's work stands still between."""
        fresh = self._start(main=child.worker.main)
        if fresh.process.poll() is None:
            self._end([child])

    def _start(self, *, main: bool) -> _Child:
        worker = Worker(uuid4().hex, main)
        ready, told = os.pipe()
        task = {
            "ready": told,
            "node": worker.node,
            "main": main,
            "url": self._opened.database.engine.url.render_as_string(hide_password=False),
            "conninfo": self._opened.conninfo,
        }
        environment = os.environ | {
            _TOLD: json.dumps(task),
            "AMPARO_DATA": str(self._settings.data),
            "AMPARO_HOST": self._settings.host,
            "AMPARO_PORT": str(self._port),
            "AMPARO_BASE_URL": str(self._settings.base_url),
        }
        process = subprocess.Popen(
            [sys.executable, "-m", "amparo.server.workers"],
            env=environment,
            stdin=subprocess.DEVNULL,
            pass_fds=(told,),
        )
        os.close(told)
        child = _Child(worker, process, ready)
        self._children.append(child)
        self._wait_ready(child)
        log.info("worker_started", node=worker.node, pid=process.pid)
        return child

    def _wait_ready(self, child: _Child) -> None:
        select.select([child.ready], [], [], _READY_S)
        os.close(child.ready)

    def _end(self, children: list[_Child]) -> None:
        for child in children:
            child.process.terminate()
        for child in list(children):
            try:
                child.process.wait(_END_S)
            except subprocess.TimeoutExpired:
                child.process.kill()
                child.process.wait()
            self._forget(child)

    def _forget(self, child: _Child) -> None:
        """Its presence goes at once; whoever was connected there comes back to another one."""
        self._children.remove(child)
        try:
            with self._opened.database.transaction() as session:
                node_started(session, child.worker.node, SystemClock().now())
                nodes.leave(session, child.worker.node)
        except Exception:  # the others notice, a little later
            log.exception("worker_not_cleared")


def serve_many(settings: Settings, count: int) -> None:
    """Serve with ``count`` processes until SIGINT or SIGTERM.

    Raises:
        CannotServe: the port is taken, the folder is in use, or the settings contradict.
    """
    configure_log(settings)
    first = listen(settings)  # nobody else has it
    port = first.getsockname()[1]
    first.close()
    if settings.base_url is None:
        settings = settings.model_copy(update={"base_url": f"http://localhost:{port}"})
    try:
        with serving(settings) as opened:
            Supervisor(settings, opened, port).run(count)
    except StorageError as error:
        raise CannotServe(str(error)) from error


def main() -> None:
    """One worker; what it is told stands in its environment."""
    told = json.loads(os.environ.pop(_TOLD))
    settings = Settings()
    database = connect(told["url"], pool=settings.database_pool)
    listening = listen(settings, shared=True)

    async def ready(*_: object) -> None:
        await asyncio.to_thread(os.close, told["ready"])

    try:
        worker = Worker(told["node"], told["main"])
        serve_part(settings, Opened(database, told["conninfo"], None), listening, worker, ready)
    finally:
        database.close()


if __name__ == "__main__":
    main()
