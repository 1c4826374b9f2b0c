"""R1 and R2: kill -9 under load. Nothing acknowledged is lost, doubled or out of order."""

import random

import pytest
from sqlalchemy import text

from bench import dbkill, kill
from bench.common import FAST
from tests.journeys.conftest import NewServer
from tests.journeys.people import populate
from tests.servers import Server, embedded_server

pytestmark = [pytest.mark.fault, pytest.mark.timeout(240)]


def test_five_kills_of_the_server(new_server: NewServer) -> None:
    """The control, a client that sends again under a fresh id, must show doubles."""
    server = new_server(**FAST)
    figures = kill.run(server, 5, random.randrange(10**6), shout=lambda _: None)
    assert kill.good(figures), str(figures)


def test_kill_9_of_postgres_under_load() -> None:
    """The service is back by itself and what it had acknowledged is there. The controls: a client
    that believes without an answer, and one stored message that is taken away."""
    with embedded_server(**FAST) as server:
        server.start()
        with server.database() as database:
            populate(database)
        writers = dbkill.writers_of(server)
        figures = dbkill.run(server, writers, 2, random.randrange(10**6), shout=lambda _: None)
        assert dbkill.kept(figures), figures
        assert len(server.entries("postgres_restarted")) == 2
        _seen_by_the_controls(server, writers)
        assert server.interrupt() == 0


def _seen_by_the_controls(server: Server, writers: list[kill.Writer]) -> None:
    """The comparison would have noticed."""
    victim = next(iter(writers[0].acked))
    with server.database() as database, database.transaction() as session:
        session.execute(text("DELETE FROM message WHERE client_id = :id"), {"id": victim})
    assert kill.compared(server, writers)["lost"] == 1
    writers[0].live.streams[writers[0].conversations[0]].reverse()
    assert kill.compared(server, writers)["reordered"] > 0
