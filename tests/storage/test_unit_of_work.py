"""Promise 1, acknowledged is stored: no answer says "done" before the commit."""

import os
import resource
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from amparo.storage.http import Unit
from amparo.storage.session import Database, connect


@pytest.fixture
def client(database: Database) -> TestClient:
    """A route whose commit fails: the foreign key is looked at when the transaction ends."""
    with database.transaction() as session:
        session.execute(text("CREATE TABLE parent (id int PRIMARY KEY)"))
        session.execute(
            text(
                "CREATE TABLE child (parent int REFERENCES parent"
                " DEFERRABLE INITIALLY DEFERRED, note text)"
            )
        )
    app = FastAPI()
    app.state.database = database

    @app.post("/children/{parent}", status_code=201)
    def add(parent: int, session: Unit) -> dict[str, str]:
        session.execute(text("INSERT INTO child VALUES (:parent, 'x')"), {"parent": parent})
        return {"said": "stored"}

    return TestClient(app, raise_server_exceptions=False)


def test_a_commit_that_fails_is_not_answered_with_success(
    client: TestClient, database: Database
) -> None:
    answer = client.post("/children/7")
    assert answer.status_code == 500
    assert "stored" not in answer.text
    with database.transaction() as session:
        assert session.scalar(text("SELECT count(*) FROM child")) == 0
        session.execute(text("INSERT INTO parent VALUES (7)"))
    assert client.post("/children/7").status_code == 201
    with database.reading() as session:
        assert session.scalar(text("SELECT count(*) FROM child")) == 1


def test_a_connection_that_the_server_ended_is_not_used(database: Database) -> None:
    with database.reading() as session:
        mine = session.scalar(text("SELECT pg_backend_pid()"))
    other = connect(database.engine.url.render_as_string(hide_password=False), pool=1)
    with other.transaction() as session:
        assert session.scalar(text("SELECT pg_terminate_backend(:pid, 10000)"), {"pid": mine})
    other.close()
    with database.transaction() as session:
        assert session.scalar(text("SELECT pg_backend_pid()")) != mine


def test_many_open_files_do_not_stop_the_database(database: Database) -> None:
    """A process with 5,000 sockets has descriptors that ``select`` does not know."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with ExitStack() as stack:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
        stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, (soft, hard))
        for _ in range(1100):
            stack.callback(os.close, os.dup(0))
        database.close()  # the next connection is made anew
        for _ in range(2):  # the second time the connection comes from the pool
            with database.reading() as session:
                assert session.scalar(text("SELECT 1")) == 1
