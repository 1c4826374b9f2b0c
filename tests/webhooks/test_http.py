"""Teo registers an endpoint, reads the log and sends again, over HTTP."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from amparo.kernel.clock import ManualClock
from amparo.storage.session import Database
from tests.administration import office, sign_in
from tests.storage.receivers import Receiver
from tests.webhooks.desk import SETTINGS, Desk

URL = "/api/v1/admin/webhooks"


@pytest.fixture
def client(database: Database, clock: ManualClock) -> Iterator[TestClient]:
    with office(database, clock, SETTINGS) as client:
        yield client


def test_teo_registers_reads_the_log_and_sends_again(
    client: TestClient, desk: Desk, there: Receiver
) -> None:
    sign_in(client, "teo")
    body = {"id": str(uuid4()), "url": there.url, "kinds": ["conversation.opened"]}
    made = client.post(f"{URL}/endpoints", json=body)
    assert made.status_code == 201, made.text
    assert made.json()["secret"].startswith("whsec_")
    assert client.post(f"{URL}/endpoints", json=body).json() == made.json()
    [listed] = client.get(f"{URL}/endpoints").json()
    assert "secret" not in listed
    assert listed["url"] == there.url

    there.answer = lambda _: (410, {}, b"")
    desk.ask()
    desk.follow()
    desk.sender.run_once()
    [line] = client.get(f"{URL}/deliveries", params={"state": "dead"}).json()["items"]
    assert (line["last_status"], line["attempts"], line["next_at"]) == (410, 1, None)
    assert line["endpoint"] == body["id"]

    replay = {"id": str(uuid4())}
    refused = client.post(f"{URL}/deliveries/{line['id']}/replay", json=replay)
    assert (refused.status_code, refused.json()["code"]) == (409, "webhook_endpoint_disabled")
    assert client.post(f"{URL}/endpoints/{body['id']}/enable").json()["disabled_at"] is None
    there.answer = lambda _: (200, {}, b"")
    for _ in range(2):
        again = client.post(f"{URL}/deliveries/{line['id']}/replay", json=replay)
        assert again.status_code == 200
        desk.sender.run_once()
    assert len(there.received) == 2
    assert {request.headers["webhook-id"] for request in there.received} == {line["id"]}
    off = client.post(f"{URL}/endpoints/{body['id']}/disable").json()
    assert off["disabled_reason"] == "administrator"


def test_an_idempotency_key_makes_a_request_repeatable(client: TestClient) -> None:
    sign_in(client, "teo")
    body = {"url": "https://hooks.mercadia.example/"}
    headers = {"Idempotency-Key": "register-1"}
    first = client.post(f"{URL}/endpoints", json=body, headers=headers).json()
    assert client.post(f"{URL}/endpoints", json=body, headers=headers).json() == first
    assert client.post(f"{URL}/endpoints", json=body).json()["id"] != first["id"]
    other = client.post(
        f"{URL}/endpoints", json=body | {"url": "https://b.example/"}, headers=headers
    )
    assert (other.status_code, other.json()["code"]) == (409, "webhook_id_used")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"url": "http://10.0.0.1/"}, "webhook_address_refused"),
        ({"url": "http://0x7f.1/"}, "webhook_url_invalid"),
        ({"url": "https://hooks.example/", "kinds": ["nonsense"]}, "webhook_kind_unknown"),
    ],
)
def test_a_bad_endpoint_gets_a_problem_in_the_readers_language(
    client: TestClient, body: dict[str, object], code: str
) -> None:
    sign_in(client, "teo")
    titles = set()
    for language in ("en", "es", "ru"):
        answer = client.post(f"{URL}/endpoints", json=body, headers={"Accept-Language": language})
        assert answer.status_code == 422
        assert answer.json()["code"] == code
        titles.add(answer.json()["title"])
    assert len(titles) == 3


def test_the_cursor_walks_through_the_whole_log(client: TestClient, desk: Desk) -> None:
    desk.endpoint("https://hooks.mercadia.example/")
    for _ in range(3):
        desk.ask()
    desk.follow()
    sign_in(client, "teo")
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "2"} | ({"cursor": cursor} if cursor else {})
        page = client.get(f"{URL}/deliveries", params=params).json()
        seen += [line["id"] for line in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert len(seen) == len(set(seen)) == 6
    broken = client.get(f"{URL}/deliveries", params={"cursor": "nonsense"})
    assert (broken.status_code, broken.json()["code"]) == (422, "cursor_unreadable")


def test_nobody_but_an_administrator(client: TestClient) -> None:
    id = uuid4()
    routes = [
        ("GET", f"{URL}/endpoints", None),
        ("POST", f"{URL}/endpoints", {"url": "https://hooks.example/"}),
        ("POST", f"{URL}/endpoints/{id}/enable", None),
        ("POST", f"{URL}/endpoints/{id}/disable", None),
        ("GET", f"{URL}/deliveries", None),
        ("POST", f"{URL}/deliveries/{id}/replay", {}),
    ]
    for method, path, body in routes:
        assert client.request(method, path, json=body).status_code == 401, path
    sign_in(client, "marta")
    for method, path, body in routes:
        assert client.request(method, path, json=body).status_code == 403, path
    sign_in(client, "teo")
    for method, path, body in routes:
        if str(id) in path:
            assert client.request(method, path, json=body).status_code == 404, path
    assert client.post(f"{URL}/endpoints/not-an-id/enable").status_code == 404
