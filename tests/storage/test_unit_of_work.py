"""Promise 1, acknowledged is stored: no answer says "done" before the commit."""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import text

from amparo.storage.http import Unit
from amparo.storage.session import Database


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
