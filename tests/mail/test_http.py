"""Teo reads the mail queue and the table of notices, over HTTP."""

from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.mail.actions import queue_mail
from amparo.mail.notices import NOTICES
from amparo.mail.sender import Sender
from amparo.storage.session import Database
from tests.administration import office, sign_in
from tests.mail.servers import MailServer, mail_server

URL = "/api/v1/admin/mail"


@pytest.fixture
def server() -> Iterator[MailServer]:
    with mail_server() as found:
        yield found


@pytest.fixture
def settings(server: MailServer, tmp_path: Path) -> Settings:
    return Settings(
        data=tmp_path,
        mail_transport="smtp",
        smtp_host="127.0.0.1",
        smtp_port=server.port,
        smtp_security="none",
    )


@pytest.fixture
def client(database: Database, clock: ManualClock, settings: Settings) -> Iterator[TestClient]:
    with office(database, clock, settings) as client:
        yield client


def test_teo_sees_a_failure_and_sends_again(
    client: TestClient, database: Database, clock: ManualClock, settings: Settings,
    server: MailServer,
) -> None:  # fmt: skip
    with database.transaction() as session:
        id = queue_mail(
            session, to="ana@example.com", subject="Su pedido", text="Not for the log",
            language="es", now=clock.now(),
        )  # fmt: skip
    server.rcpt = "550 5.1.1 no such user"
    sender = Sender(database, clock, settings)
    sender.run_once()
    sign_in(client, "teo")
    answer = client.get(URL, params={"state": "dead"})
    [line] = answer.json()["items"]
    assert (line["id"], line["to"], line["last_error"]) == (str(id), "ana@example.com", server.rcpt)
    assert "Not for the log" not in answer.text

    server.rcpt = None
    assert client.post(f"{URL}/{id}/send-again").json()["state"] == "pending"
    sender.run_once()
    assert client.get(URL).json()["items"][0]["state"] == "delivered"
    # Delivered is delivered: asking again sends nothing.
    assert client.post(f"{URL}/{id}/send-again").json()["state"] == "delivered"
    assert sender.run_once() == 0


def test_the_table_of_notices_can_be_read_in_every_language(client: TestClient) -> None:
    sign_in(client, "teo")
    shown = {
        language: client.get("/api/v1/admin/notices", params={"lang": language}).json()
        for language in ("en", "es", "ru")
    }
    assert [row["key"] for row in shown["en"]] == [notice.key for notice in NOTICES]
    for row, otra in zip(shown["en"], shown["es"], strict=True):
        assert row["when"] != otra["when"]
        assert row["channel"] == "email"


def test_nobody_but_an_administrator(client: TestClient) -> None:
    routes = [
        ("GET", URL),
        ("POST", f"{URL}/{uuid4()}/send-again"),
        ("GET", "/api/v1/admin/notices"),
    ]
    for method, path in routes:
        assert client.request(method, path).status_code == 401, path
    sign_in(client, "marta")
    for method, path in routes:
        assert client.request(method, path).status_code == 403, path
    sign_in(client, "teo")
    assert client.post(f"{URL}/{uuid4()}/send-again").status_code == 404
