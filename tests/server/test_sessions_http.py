"""Promises (access), over HTTP: who one is, how one stays so, how one stops."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from amparo.accounts import management_actions
from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.server.app import create_app
from amparo.storage.session import Database
from tests.accounts.people import PASSWORD, SITE, claims, make_site, signed
from tests.server.conftest import BASE

MARTA = {"email": "marta@mercadia.example", "password": PASSWORD}


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def ana(client: TestClient, now: datetime) -> dict[str, str]:
    answer = client.post("/api/v1/sessions", json={"site": SITE, "token": signed(claims(now))})
    assert answer.status_code == 201, answer.text
    return bearer(answer.json()["token"])


def marta(client: TestClient) -> dict[str, str]:
    answer = client.post("/api/v1/staff/sessions", json=MARTA)
    assert answer.status_code == 201, answer.text
    return {"X-CSRF-Token": answer.json()["csrf"]}


@pytest.fixture
def other(app: FastAPI) -> Iterator[TestClient]:
    """A second browser."""
    with TestClient(app, base_url=BASE) as client:
        yield client


def test_ana_exchanges_a_token_and_is_ana(client: TestClient, now: datetime) -> None:
    me = client.get("/api/v1/sessions/me", headers=ana(client, now)).json()
    assert me["person"]["name"] == "Ana"
    assert me["person"]["role"] == "buyer"
    assert "csrf" not in me
    assert me["expires_at"] == "2026-04-14T13:00:00Z"


def test_a_visitor_needs_only_a_site_that_exists(client: TestClient) -> None:
    answer = client.post(
        "/api/v1/sessions", json={"site": SITE}, headers={"Accept-Language": "ru, en;q=0.5"}
    )
    assert (answer.status_code, answer.json()["person"]["language"]) == (201, "ru")
    again = {"site": SITE, "visitor_token": answer.json()["token"]}
    same = client.post("/api/v1/sessions", json=again).json()
    assert same["person"]["id"] == answer.json()["person"]["id"]
    unknown = client.post("/api/v1/sessions", json={"site": "pk_unknown_site"})
    assert (unknown.status_code, unknown.json()["code"]) == (404, "not_found")
    assert client.post("/api/v1/sessions", json={"site": "\x00"}).status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "pk_another_one"},
        {"role": "operator"},
        {"jti": None},
        {"iss": "https://evil.example"},
    ],
)
def test_all_refused_tokens_get_one_answer_in_the_readers_language(
    client: TestClient, now: datetime, changes: dict[str, object]
) -> None:
    answer = client.post(
        "/api/v1/sessions",
        json={"site": SITE, "token": signed(claims(now, **changes))},
        headers={"Accept-Language": "es"},
    )
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "token_refused"
    assert answer.json()["params"] == {}
    assert "iniciar tu sesión" in answer.json()["title"]


def test_the_same_token_twice(client: TestClient, now: datetime) -> None:
    body = {"site": SITE, "token": signed(claims(now))}
    assert client.post("/api/v1/sessions", json=body).status_code == 201
    assert client.post("/api/v1/sessions", json=body).json()["code"] == "token_refused"


def test_signing_out_ends_the_bearer_at_once(client: TestClient, now: datetime) -> None:
    headers = ana(client, now)
    assert client.delete("/api/v1/sessions/me", headers=headers).status_code == 204
    assert client.get("/api/v1/sessions/me", headers=headers).status_code == 401


def test_an_hour_later_the_bearer_is_worth_nothing(
    client: TestClient, clock: ManualClock, now: datetime
) -> None:
    headers = ana(client, now)
    clock.advance(timedelta(minutes=59))
    assert client.get("/api/v1/sessions/me", headers=headers).status_code == 200
    clock.advance(timedelta(minutes=1))
    assert client.get("/api/v1/sessions/me", headers=headers).status_code == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer amp_x", "Basic YTpi", "amp_x", "Bearer amk_x", "\x7f"]
)
def test_a_header_that_means_nobody(client: TestClient, header: str) -> None:
    answer = client.get("/api/v1/sessions/me", headers={"Authorization": header})
    assert (answer.status_code, answer.json()["code"]) == (401, "not_signed_in")
    assert client.get("/api/v1/sessions/me").status_code == 401


def test_the_staff_cookie_is_as_closed_as_browsers_allow(client: TestClient) -> None:
    answer = client.post("/api/v1/staff/sessions", json=MARTA)
    cookie = answer.headers["set-cookie"]
    assert cookie.startswith("__Host-amparo=ams_")
    flags = {part.strip().lower() for part in cookie.split(";")[1:]}
    assert {"secure", "httponly", "samesite=strict", "path=/"} <= flags
    assert not any(flag.startswith("domain") for flag in flags)
    assert "ams_" not in answer.text
    assert answer.json()["person"]["languages"] == ["en", "ru", "es"]


def test_a_change_by_staff_needs_the_value_that_only_our_page_knows(
    client: TestClient, other: TestClient
) -> None:
    csrf = marta(client)
    foreign = marta(other)
    assert client.get("/api/v1/sessions/me").json()["csrf"] == csrf["X-CSRF-Token"]
    for headers in (
        {},
        {"X-CSRF-Token": ""},
        {"X-CSRF-Token": b"\xc3\xa9"},
        foreign,
        csrf | {"Origin": "https://evil.example"},
        csrf | {"Origin": "null"},
        csrf | {"Origin": "https://testserver.evil.example"},
    ):
        answer = client.delete("/api/v1/staff/sessions/me", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "csrf_refused"), headers
    done = client.delete("/api/v1/staff/sessions/me", headers=csrf | {"Origin": BASE})
    assert done.status_code == 204
    assert client.get("/api/v1/sessions/me").status_code == 401


def test_marta_sees_and_ends_her_sessions(
    client: TestClient, other: TestClient, now: datetime
) -> None:
    csrf = marta(client)
    known = {one["id"] for one in client.get("/api/v1/staff/sessions").json()}
    marta(other)
    sessions = client.get("/api/v1/staff/sessions").json()
    assert sum(one["current"] for one in sessions) == 1
    there = next(one["id"] for one in sessions if one["id"] not in known)
    assert client.delete(f"/api/v1/staff/sessions/{there}", headers=csrf).status_code == 204
    assert other.get("/api/v1/sessions/me").status_code == 401
    assert client.get("/api/v1/sessions/me").status_code == 200
    for missing in (there, "nonsense", "00000000-0000-0000-0000-000000000000"):
        answer = client.delete(f"/api/v1/staff/sessions/{missing}", headers=csrf)
        assert answer.json()["code"] == "not_found"
    assert other.get("/api/v1/staff/sessions", headers=ana(other, now)).status_code == 403


def test_wrong_sign_ins_are_slowed_per_address_and_account(
    server_database: Database, clock: ManualClock
) -> None:
    app = create_app(Settings(limit_sign_in="2/minute"), server_database, clock)
    wrong = MARTA | {"password": "wrong"}
    with TestClient(app, base_url=BASE) as client:

        def attempt(body: dict[str, str]) -> tuple[int, str]:
            answer = client.post("/api/v1/staff/sessions", json=body)
            return answer.status_code, answer.headers.get("retry-after", "")

        assert [attempt(wrong)[0] for _ in range(3)] == [401, 401, 429]
        status, retry = attempt(MARTA)
        assert (status, 1 <= int(retry) <= 60) == (429, True), "the right one waits too"
        upper = wrong | {"email": "MARTA@mercadia.example"}
        assert attempt(upper)[0] == 429, "another spelling is the same account"
        assert attempt(wrong | {"email": "teo@mercadia.example"})[0] == 401


def test_an_integration_key_is_nobody_with_a_session(
    client: TestClient, server_database: Database, now: datetime
) -> None:
    with server_database.transaction() as session:
        key_id, key = management_actions.create_integration_key(session, name="ERP", now=now)
    assert client.get("/api/v1/sessions/me", headers=bearer(key)).status_code == 404
    assert client.get("/api/v1/staff/sessions", headers=bearer(key)).status_code == 403
    with server_database.transaction() as session:
        management_actions.revoke_integration_key(session, key_id, now=now)
    assert client.get("/api/v1/sessions/me", headers=bearer(key)).status_code == 401


def test_a_bearer_that_ended_does_not_fall_back_to_the_cookie(
    client: TestClient, now: datetime
) -> None:
    headers = ana(client, now)
    marta(client)
    client.delete("/api/v1/sessions/me", headers=headers)
    assert client.get("/api/v1/sessions/me", headers=headers).status_code == 401


@pytest.mark.parametrize(
    ("host", "demo", "status"),
    [("127.0.0.1", True, 201), ("127.0.0.1", False, 401), ("0.0.0.0", True, 401)],
)
def test_the_demos_keys_count_only_on_loopback(
    server_database: Database, clock: ManualClock, now: datetime, host: str, demo: bool, status: int
) -> None:
    with server_database.transaction() as session:
        make_site(session, now, "pk_mercadia_demo")
    app = create_app(Settings(host=host, demo=demo), server_database, clock)
    with TestClient(app, base_url=BASE) as client:
        token = signed(claims(now, aud="pk_mercadia_demo"))
        body = {"site": "pk_mercadia_demo", "token": token}
        assert client.post("/api/v1/sessions", json=body).status_code == status


@pytest.mark.parametrize("body", ["", "[]", "{", '{"site": 5}', '{"site": "pk_x", "token": []}'])
def test_bad_bodies_are_problems(client: TestClient, body: str) -> None:
    answer = client.post(
        "/api/v1/sessions", content=body, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "request_invalid")
