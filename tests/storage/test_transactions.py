"""One transaction per unit of work: told only when stored, undone when it fails."""

from datetime import UTC, datetime, timedelta, timezone

import psycopg
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.http import Unit
from amparo.storage.session import CHANNEL, EVERYTHING, Database, hint
from amparo.storage.timers import next_due, set_timer
from tests.people import ANA

_DEFERRED = "CREATE TABLE late (id int, UNIQUE (id) DEFERRABLE INITIALLY DEFERRED)"


@pytest.fixture
def listener(database: Database, postgres: EmbeddedPostgres) -> psycopg.Connection:
    name = database.engine.url.database or ""
    connection = psycopg.connect(postgres.conninfo(name), autocommit=True)
    connection.execute(f"LISTEN {CHANNEL}".encode())
    return connection


def heard(listener: psycopg.Connection) -> list[str]:
    """What was notified so far; a notification of our own marks the end."""
    listener.execute("SELECT pg_notify(%s, 'end')", [CHANNEL])
    payloads: list[str] = []
    for notification in listener.notifies(timeout=10):
        if notification.payload == "end":
            return payloads
        payloads.append(notification.payload)
    raise AssertionError("the mark was not heard")


def test_hints_wait_for_the_commit(database: Database, listener: psycopg.Connection) -> None:
    with listener:
        with database.transaction() as session:
            hint(session, "a:1")
            assert heard(listener) == []
        assert heard(listener) == ["a:1"]


def test_hints_of_one_transaction_are_one_notification(
    database: Database, listener: psycopg.Connection
) -> None:
    with listener:
        with database.transaction() as session:
            for topic in ("a:1", "b:2", "a:1"):
                hint(session, topic)
        assert heard(listener) == ["a:1 b:2"]


def test_hints_of_a_failed_transaction_are_never_heard(
    database: Database, listener: psycopg.Connection
) -> None:
    def fail() -> None:
        with database.transaction() as session:
            hint(session, "a:1")
            raise RuntimeError

    with listener:
        with pytest.raises(RuntimeError):
            fail()
        assert heard(listener) == []


def test_too_many_hints_say_look_at_everything(
    database: Database, listener: psycopg.Connection
) -> None:
    with listener:
        with database.transaction() as session:
            hint(session, *(f"conversation:{number}" for number in range(2000)))
        assert heard(listener) == [EVERYTHING]


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(Exception, match="read-only"), database.reading() as session:
        session.execute(text("CREATE TABLE forbidden (id int)"))


def test_no_success_is_answered_before_the_commit(database: Database) -> None:
    """A commit that fails must not be preceded by "201": the client would believe it."""
    with database.transaction() as session:
        session.execute(text(_DEFERRED))
    app = FastAPI()
    app.state.database = database

    @app.post("/late", status_code=201)
    def late(session: Unit) -> str:
        session.execute(text("INSERT INTO late VALUES (1), (1)"))
        return "stored"

    answer = TestClient(app, raise_server_exceptions=False).post("/late")
    assert answer.status_code == 500


def test_a_time_without_a_zone_is_refused(database: Database) -> None:
    naive = datetime(2026, 1, 1)  # noqa: DTZ001 - this is the point
    with pytest.raises(Exception, match="without a zone"), database.transaction() as session:
        set_timer(session, "x", ANA.person_id, naive)


def test_times_come_back_in_utc(database: Database) -> None:
    moment = datetime(2026, 1, 1, 12, tzinfo=timezone(timedelta(hours=5)))
    with database.transaction() as session:
        set_timer(session, "x", ANA.person_id, moment)
    with database.reading() as session:
        found = next_due(session)
    assert found is not None
    assert found.tzinfo is UTC
    assert found == moment
