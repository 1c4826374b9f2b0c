"""Two processes on one port: heard across, and nothing lost when one of them dies."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from tests.conftest import TEMPLATE
from tests.journeys.people import Person, buyer, new_chat, populate, request_id, staff
from tests.servers import Server
from tests.sockets import Live

_MOST = 18


class TwoWorkers(Server):
    """An installation whose one port two processes serve."""

    def command(self) -> list[str]:
        return [*super().command(), "--workers", "2"]

    def workers(self) -> list[psutil.Process]:
        """The processes that serve."""
        found = []
        for one in psutil.Process(self.pid).children():
            with suppress(psutil.NoSuchProcess):  # a zombie, too
                if "amparo.server.workers" in one.cmdline():
                    found.append(one)
        return found

    def of(self, live: Live) -> int:
        """The process id of the worker at the other end of a connection."""
        assert live._socket is not None
        mine = live._socket.getsockname()[1]
        for worker in self.workers():
            for one in worker.net_connections("tcp"):
                if one.raddr and one.raddr.port == mine:
                    return worker.pid
        raise AssertionError("nobody is at the other end")


@pytest.fixture
def database(postgres: EmbeddedPostgres) -> Iterator[Database]:
    name = f"workers_{os.getpid()}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name), pool=2)
    populate(database)
    yield database
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def server(database: Database, tmp_path: Path) -> Iterator[TwoWorkers]:
    url = database.engine.url.render_as_string(hide_password=False)
    server = TwoWorkers(tmp_path, database_url=url)
    try:
        server.start()
        yield server
    finally:
        server.close()


def at(server: TwoWorkers, person: Person, *, other_than: int) -> Live:
    """A connection of somebody to another worker; the kernel chooses, so it may take some."""
    spare = []
    try:
        for _ in range(_MOST):
            live = person.live()
            if server.of(live) != other_than:
                return live
            spare.append(live)
        raise AssertionError(f"{_MOST} connections, all to one worker")
    finally:
        for one in spare:
            one.close()


def test_what_is_said_at_one_is_heard_at_the_other_and_outlives_it(
    server: TwoWorkers, database: Database
) -> None:
    ana, marta = buyer(server, "Ana"), staff(server)
    here = ana.live()
    chat = new_chat(here)
    ana.do(f"/conversations/{chat}/person", id=request_id())
    doomed = server.of(here)
    there = at(server, marta, other_than=doomed).subscribe(chat)
    here.say(chat, "Can you hear me?")
    there.until(lambda: "Can you hear me?" in there.bodies(chat), "heard at the other process")
    there.say(chat, "I do")
    here.until(lambda: "I do" in here.bodies(chat), "and back")
    here.send({"type": "typing", "conversation": chat, "on": True})
    there.until(lambda: any(f["type"] == "typing" for f in there.frames), "she is writing")

    for number in range(50):
        here.post(chat, f"message {number}")
    os.kill(doomed, signal.SIGKILL)
    here.closed()
    server.wait_for(lambda: doomed not in {one.pid for one in server.workers()}, "it is dead")
    here.again().until_acked()
    said = [f"message {number}" for number in range(50)]
    there.until(lambda: there.bodies(chat)[-50:] == said, "all of it, once, in order")
    server.wait_for(lambda: len(server.workers()) == 2, "another one took its place")
    with database.reading() as session:
        orphans = session.scalar(
            text("SELECT count(*) FROM presence WHERE node NOT IN (SELECT id FROM node)")
        )
    assert orphans == 0
    for live in (here, there):
        live.close()


def test_workers_are_replaced_one_after_the_other(server: TwoWorkers) -> None:
    before = {one.pid for one in server.workers()}
    ana = buyer(server, "Ana")
    live = ana.live()
    chat = new_chat(live)
    os.kill(server.pid, signal.SIGHUP)
    assert live.closed(60) == 1012
    live.again().say(chat, "Still here")
    server.wait_for(
        lambda: len(now := {one.pid for one in server.workers()}) == 2 and not now & before,
        "both are new",
    )
    live.close()
