"""Nothing that a stranger sends is our fault: a problem in the reader's language, never 500."""

import base64
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from amparo.config import Settings
from amparo.kernel.texts import text
from amparo.server.log import configure_log
from tests.accounts.people import PASSWORD, SITE

PROBLEM = "application/problem+json"


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """As a real server does, an unexpected fault is an answer and not an exception."""
    with TestClient(
        app, base_url="https://testserver", raise_server_exceptions=False, follow_redirects=False
    ) as client:
        yield client


@pytest.fixture
def visitor(client: TestClient) -> dict[str, str]:
    session = client.post("/api/v1/sessions", json={"site": SITE}).json()
    return {"Authorization": f"Bearer {session['token']}"}


def refused(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == PROBLEM
    problem: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "detail", "code"} <= problem.keys()
    return problem


@pytest.mark.parametrize("field", ["site", "topic", "question", "language"])
def test_nul_in_an_opening(client: TestClient, visitor: dict[str, str], field: str) -> None:
    opening = {"site": SITE, "language": "en"} | {field: "a\x00b"}
    body = {"client_id": str(uuid4()), "body": "hello", "open": opening}
    refused(
        client.post(f"/api/v1/conversations/{uuid4()}/messages", json=body, headers=visitor), 422
    )


@pytest.mark.parametrize("raw", [b'{"\\ud800": 1}', b'"\\ud800"', b"\xff", b"[" * 5000, b"null"])
@pytest.mark.parametrize("path", ["/sessions", "/staff/sessions", "/desk/take-next"])
def test_bodies_that_are_no_requests(client: TestClient, path: str, raw: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    answer = client.post(f"/api/v1{path}", content=raw, headers=headers)
    assert answer.status_code in (400, 401, 422), answer.text
    refused(answer, answer.status_code)


def cursor(at: str, id: object) -> str:
    return base64.urlsafe_b64encode(json.dumps([at, id]).encode()).decode().rstrip("=")


@pytest.mark.parametrize("id", ["", "\x00", "5:7", "9" * 40, 7, None])
@pytest.mark.parametrize(
    "path", ["desk/inbox?view=all", "desk/inbox?view=waiting", "orders?limit=1",
             "conversations?limit=1", "admin/mail?limit=1", "admin/webhooks/deliveries?limit=1"],
)  # fmt: skip
def test_cursors_of_others(
    client: TestClient, administrator: dict[str, str], path: str, id: object
) -> None:
    place = cursor("2026-01-01T00:00:00Z", id)
    problem = client.get(f"/api/v1/{path}&cursor={place}", headers=administrator)
    if id == "5:7" and "waiting" in path:  # one of ours, of a place that is empty by now
        assert problem.status_code == 200
    else:
        assert refused(problem, 422)["code"] == "cursor_unreadable"


@pytest.fixture
def administrator(client: TestClient, now: datetime) -> dict[str, str]:
    from amparo.accounts.management_actions import create_staff

    email = f"teo-{uuid4().hex}@mercadia.example"
    with client.app.state.database.transaction() as session:  # type: ignore[attr-defined]
        create_staff(
            session, email=email, password=PASSWORD, name="Teo", role="administrator",
            languages=["en"], now=datetime(2026, 4, 1, tzinfo=UTC),
        )  # fmt: skip
    signed_in = client.post("/api/v1/staff/sessions", json={"email": email, "password": PASSWORD})
    return {"X-CSRF-Token": signed_in.json()["csrf"]}


@pytest.mark.parametrize(
    "name",
    ["x" * 5000, "a%00b", "..%2f..%2fsecret.txt", "%2e%2e/secret.txt", "", "../../secret.txt"],
)
def test_files_that_are_none(client: TestClient, static: Path, name: str) -> None:
    refused(client.get(f"/assets/{name}"), 404)


@pytest.mark.parametrize("language", ["en", "es", "ru"])
def test_unknown_addresses_and_methods_in_the_readers_language(
    client: TestClient, language: str
) -> None:
    headers = {"Accept-Language": f"{language};q=1, xx;q=nan, ,;;q=inf"}
    missing = refused(client.get("/api/v1/no-such-thing", headers=headers), 404)
    assert missing["title"] == text(language, "problem.not_found")
    wrong = refused(client.patch("/api/v1/conversations", headers=headers), 405)
    assert wrong["title"] == text(language, "problem.method_not_allowed")


@pytest.mark.parametrize("page", ["panel", "desk", "admin"])
def test_no_redirect_follows_the_host_header(client: TestClient, page: str) -> None:
    answer = client.get(f"/{page}?site=x", headers={"Host": "evil.example"})
    assert (answer.status_code, answer.headers["location"]) == (308, f"/{page}/?site=x")
    assert client.get("/api/v1/conversations/", headers={"Host": "evil.example"}).status_code == 404


@pytest.mark.parametrize("path", ["/help/en/", "/sitemap.xml", "/help/en/search?q=x"])
def test_who_asks_for_the_head_gets_the_head(client: TestClient, path: str) -> None:
    assert client.head(path).status_code == client.get(path).status_code == 200


@pytest.mark.parametrize("site", ["pk\x1b[31m", "pk\nevent=fake"])
def test_a_log_line_is_one_line_and_plain(
    client: TestClient, capfd: pytest.CaptureFixture[str], site: str
) -> None:
    import structlog

    before = structlog.get_config()
    configure_log(Settings(log_level="warning"))
    try:
        refused(client.post("/api/v1/sessions", json={"site": site, "token": "x"}), 401)
    finally:
        structlog.configure(**before)
    logged = [line for line in capfd.readouterr().err.splitlines() if "token_refused" in line]
    assert len(logged) == 1
    assert repr(site) in logged[0]
