"""Two processes on one port: heard across, and nothing lost when one of them dies."""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil
import pytest
from sqlalchemy import text

from amparo.kernel.clock import SystemClock
from amparo.routing.actions import give_back
from amparo.routing.rules import OPERATOR_GONE, OPERATOR_GONE_AFTER
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.session import Database, connect
from amparo.storage.timers import fire_next
from tests.conftest import TEMPLATE
from tests.journeys.people import Person, buyer, new_chat, populate, request_id, staff
from tests.server.fake_nats import FakeNats
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
    with two_workers(database, tmp_path) as server:
        yield server


@contextmanager
def two_workers(database: Database, data: Path, **settings: str) -> Iterator[TwoWorkers]:
    """Two processes that serve until the block ends."""
    url = database.engine.url.render_as_string(hide_password=False)
    server = TwoWorkers(data, database_url=url, settings=settings)
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


def test_what_the_dead_process_s_operator_left_unanswered_goes_back_to_its_place(
    server: TwoWorkers, database: Database
) -> None:
    marta = staff(server)
    desk = marta.live()
    doomed = server.of(desk)
    waiting = []
    for name in ("Ana", "Olga", "Eva"):
        person = buyer(server, name)
        live = at(server, person, other_than=doomed)
        chat = new_chat(live)
        person.do(f"/conversations/{chat}/person", id=request_id())
        waiting.append((person, live, chat))

    def places() -> list[int | None]:
        return [who.get(f"/conversations/{chat}/position")["position"] for who, _, chat in waiting]

    assert places() == [1, 2, 3]
    taken = waiting[1][2]
    marta.do(f"/desk/conversations/{taken}/take", id=request_id())
    assert places() == [1, None, 2]

    os.kill(doomed, signal.SIGKILL)
    desk.closed()
    server.wait_for(lambda: len(server.entries("worker_started")) == 3, "another took its place")
    assert places() == [1, None, 2], "she may come back"
    later = SystemClock().now() + OPERATOR_GONE_AFTER
    fire_next(database, {OPERATOR_GONE: give_back}, later)
    assert places() == [1, 2, 3], "as if nobody had taken it"
    for _, live, _ in waiting:
        live.close()
    desk.close()


def test_two_processes_tell_each_other_by_nats_and_go_on_without_it(
    database: Database, tmp_path: Path
) -> None:
    nats = FakeNats().begin()
    with two_workers(database, tmp_path, AMPARO_NATS_URL=nats.url) as server:
        server.wait_for(lambda: len(server.entries("nats_connected")) == 2, "both are there")
        ana, marta = buyer(server, "Ana"), staff(server)
        here = ana.live()
        chat = new_chat(here)
        ana.do(f"/conversations/{chat}/person", id=request_id())
        there = at(server, marta, other_than=server.of(here)).subscribe(chat)
        here.say(chat, "Can you hear me?")
        there.until(lambda: "Can you hear me?" in there.bodies(chat), "heard at the other")

        def types() -> bool:  # PostgreSQL carries it until each knows that the other is at NATS
            here.send({"type": "typing", "conversation": chat, "on": True})
            return bool(nats.carried["live"])

        there.until(types, "NATS carries what lives a moment")
        there.until(lambda: any(f["type"] == "typing" for f in there.frames), "she is writing")
        assert nats.carried["hints"]

        nats.end()
        server.wait_for(lambda: len(server.entries("nats_lost")) == 2, "both know it")
        there.say(chat, "Still here")
        here.until(lambda: "Still here" in here.bodies(chat), "by way of PostgreSQL")
        nats.begin()
        server.wait_for(lambda: len(server.entries("nats_connected")) == 4, "both are back")
        here.say(chat, "And again")
        there.until(lambda: "And again" in there.bodies(chat), "whoever carried it")
        here.close()
        there.close()
    nats.close()
