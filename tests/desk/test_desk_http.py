"""Promises (J10, access), over HTTP and sockets: the desk of Marta, closed to everybody else."""

from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from starlette.testclient import WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from amparo.accounts.management_actions import create_staff, disable_staff
from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.server.app import create_app
from amparo.server.live.protocol import NOT_SIGNED_IN
from amparo.server.runtime import Runtime
from amparo.storage.embedded import EmbeddedPostgres
from amparo.storage.opening import Opened
from amparo.storage.session import Database, connect
from tests.accounts.people import PASSWORD, SITE, claims, make_marta, make_site, signed
from tests.administration import make_teo
from tests.conftest import TEMPLATE

BASE = "https://testserver"


def numbers(waiting: int, mine: int, all_open: int) -> dict[str, int]:
    return {"waiting": waiting, "mine": mine, "all_open": all_open, "mentions": 0, "due": 0}


@dataclass
class House:
    """A running server with Marta signed in at the desk, and Ana's panel."""

    client: TestClient
    csrf: dict[str, str]
    bearer: dict[str, str]
    runtime: Runtime

    def asked(self) -> str:
        """A conversation in which Ana asked for a person."""
        id = str(new_id())
        opening = {"site": SITE, "language": "en"}
        body = {"client_id": str(uuid4()), "body": "Where is my parcel?", "open": opening}
        self.as_ana(f"conversations/{id}/messages", body)
        assert self.as_ana(f"conversations/{id}/person", {"id": str(uuid4())})["position"]
        return id

    def as_ana(self, path: str, body: dict[str, Any]) -> Any:
        answer = self.client.post(f"/api/v1/{path}", json=body, headers=self.bearer)
        assert answer.status_code < 300, answer.text
        return answer.json()

    def do(self, path: str, body: dict[str, Any] | None = None) -> Any:
        """Something Marta does at the desk."""
        return self.client.post(f"/api/v1/desk/{path}", json=body or {}, headers=self.csrf)

    def see(self, path: str, **query: str) -> Any:
        return self.client.get(f"/api/v1/desk/{path}", params=query).json()

    def socket(self, auth: dict[str, str], **headers: str) -> AbstractContextManager[Any]:
        return _socket(self.client, auth, headers)

    def desk_socket(self) -> AbstractContextManager[Any]:
        # The cookie is Secure, and the test client takes ws:// for insecure.
        cookie = f"__Host-amparo={self.client.cookies['__Host-amparo']}"
        return self.socket({"csrf": self.csrf["X-CSRF-Token"]}, cookie=cookie)

    def panel_socket(self) -> AbstractContextManager[Any]:
        return self.socket({"token": self.bearer["Authorization"].removeprefix("Bearer ")})


class _socket(AbstractContextManager[WebSocketTestSession]):
    """A live socket after its first frame."""

    def __init__(self, client: TestClient, auth: dict[str, str], headers: dict[str, str]) -> None:
        self._session = client.websocket_connect("/api/v1/live", headers=headers)
        self._auth = auth

    def __enter__(self) -> WebSocketTestSession:
        session = self._session.__enter__()
        session.send_json({"type": "auth", **self._auth})
        return session

    def __exit__(self, *rest: Any) -> None:
        self._session.__exit__(*rest)


@dataclass
class Running:
    """The server of all tests of this file."""

    client: TestClient
    runtime: Runtime
    database: Database
    clock: ManualClock


@pytest.fixture(scope="module")
def running(postgres: EmbeddedPostgres) -> Iterator[Running]:
    name = f"desk_{uuid4().hex[:12]}"
    postgres.ensure_database(name, TEMPLATE)
    database = connect(postgres.url(name))
    clock = ManualClock(datetime(2026, 4, 14, 12, 0, tzinfo=UTC))
    with database.transaction() as session:
        make_site(session, clock.now())
        make_marta(session, clock.now())
        make_teo(session, clock.now())
    settings = Settings(limit_sign_in="1000/minute")
    runtime = Runtime(Opened(database, postgres.conninfo(name), None), clock, settings)
    with TestClient(create_app(settings, database, clock, runtime), base_url=BASE) as client:
        yield Running(client, runtime, database, clock)
    database.close()
    postgres.drop_database(name)


@pytest.fixture
def house(running: Running) -> House:
    """Nobody waits yet; Marta and Ana have just signed in."""
    with running.database.engine.begin() as connection:
        for table in ("queue_entry", "stream_entry", "message", "conversation", "taken_next"):
            connection.execute(text(f"DELETE FROM {table}"))
    client = running.client
    client.cookies.clear()
    body = {"site": SITE, "token": signed(claims(running.clock.now()))}
    token = client.post("/api/v1/sessions", json=body).json()["token"]
    csrf = sign_in(client, "marta@mercadia.example")
    return House(client, csrf, {"Authorization": f"Bearer {token}"}, running.runtime)


def sign_in(client: TestClient, email: str) -> dict[str, str]:
    answer = client.post("/api/v1/staff/sessions", json={"email": email, "password": PASSWORD})
    assert answer.status_code == 201, answer.text
    return {"X-CSRF-Token": answer.json()["csrf"]}


def closed_with(socket: Any) -> int:
    """The code with which the server ended the socket."""
    try:
        while True:
            socket.receive_json()
    except WebSocketDisconnect as ended:
        return ended.code


def test_from_the_queue_to_resolved(house: House, running: Running) -> None:
    id = house.asked()
    row = house.see("inbox", view="waiting")["items"][0]
    assert (row["id"], row["state"], row["unanswered"]) == (id, "waiting", True)
    assert datetime.fromisoformat(row["waiting_since"]) == running.clock.now()
    assert row["last_message"]["body"] == "Where is my parcel?"
    assert row["buyer"]["name"] == "Ana"
    assert house.see("counts") == numbers(1, 0, 1)
    request = {"id": str(uuid4())}
    taken = house.do("take-next", request)
    assert (taken.status_code, taken.json()["operator"]["name"]) == (200, "Marta")
    assert house.do("take-next", request).json() == taken.json()
    assert house.do("take-next", {"id": str(uuid4())}).status_code == 204
    note = {"client_id": str(uuid4()), "body": "The carrier lost it"}
    assert house.do(f"conversations/{id}/notes", note).status_code == 201
    assert house.do(f"conversations/{id}/notes", note).status_code == 200
    context = house.see(f"conversations/{id}/context")
    assert (context["buyer"]["ref"], context["buyer"]["visitor"]) == ("buyer-ana", False)
    hers = house.client.get(f"/api/v1/conversations/{id}/events", headers=house.bearer)
    assert "carrier" not in hers.text
    assert [one["seq"] for one in hers.json()["events"]] == list(
        range(1, hers.json()["last_seq"] + 1)
    )
    done = house.do(f"conversations/{id}/resolve", {"id": str(uuid4())})
    assert (done.status_code, done.json()["state"]) == (200, "resolved")
    assert house.see("inbox", view="resolved")["items"][0]["id"] == id
    assert house.see("counts") == numbers(0, 0, 0)


def test_who_was_faster_is_said_in_ones_language(house: House) -> None:
    id = house.asked()
    assert house.do(f"conversations/{id}/take").status_code == 200
    teo = sign_in(house.client, "teo@mercadia.example")
    refused = house.client.post(
        f"/api/v1/desk/conversations/{id}/take", headers=teo | {"Accept-Language": "ru"}
    )
    assert (refused.status_code, refused.json()["code"]) == (409, "already_taken")
    assert refused.json()["params"] == {"operator": "Marta"}
    assert "Marta" in refused.json()["detail"]


ROUTES = [
    ("GET", "desk/inbox"),
    ("GET", "desk/counts"),
    ("POST", "desk/take-next"),
    ("POST", "desk/conversations/{id}/take"),
    ("GET", "desk/conversations/{id}/context"),
    ("POST", "desk/conversations/{id}/notes"),
    ("POST", "desk/conversations/{id}/resolve"),
    ("POST", "desk/conversations/{id}/release"),
    ("GET", "admin/overview"),
]


def test_the_desk_is_closed_to_all_others(house: House) -> None:
    own = house.asked()
    body = {"id": str(uuid4()), "client_id": str(uuid4()), "body": "x"}
    cookie = house.client.cookies["__Host-amparo"]
    for method, route in ROUTES:
        answers = set()
        for id in (own, str(uuid4())):
            url = f"/api/v1/{route.format(id=id)}"
            house.client.cookies.clear()
            nobody = house.client.request(method, url, json=body)
            buyer = house.client.request(method, url, json=body, headers=house.bearer)
            answers.add((nobody.status_code, buyer.status_code, buyer.text))
        assert len(answers) == 1, "what exists looks like what does not"
        assert next(iter(answers))[:2] == (401, 403), route
    house.client.cookies.set("__Host-amparo", cookie, domain="testserver")
    state = house.client.get(f"/api/v1/conversations/{own}", headers=house.bearer).json()["state"]
    assert state == "waiting"


def test_the_overview_is_for_administrators(house: House) -> None:
    assert house.client.get("/api/v1/admin/overview").status_code == 403
    sign_in(house.client, "teo@mercadia.example")
    found = house.client.get("/api/v1/admin/overview").json()
    assert {one["name"] for one in found["staff"]} == {"Marta", "Teo"}
    assert [one["key"] for one in found["sites"]] == [SITE]
    assert {one["language"] for one in found["teams"]} == {"en", "ru"}
    assert "password" not in str(found)


def test_the_desk_is_told_of_changes_with_its_counts(house: House) -> None:
    with house.desk_socket() as socket:
        assert socket.receive_json()["type"] == "ready"
        socket.send_json({"type": "watch"})
        socket.send_json({"type": "ping"})
        assert socket.receive_json()["type"] == "pong"
        id = house.asked()
        counts = None
        while counts != numbers(1, 0, 1):
            frame = socket.receive_json()
            assert frame["type"] == "desk"
            counts = frame["counts"]
        house.do(f"conversations/{id}/take")
        while counts != numbers(0, 1, 1):
            counts = socket.receive_json()["counts"]


def test_a_socket_needs_the_cookie_and_its_csrf_value(house: House) -> None:
    cookie = f"__Host-amparo={house.client.cookies['__Host-amparo']}"
    attempts: list[tuple[dict[str, str], dict[str, str]]] = [
        ({}, {"cookie": cookie}),
        ({"csrf": "wrong"}, {"cookie": cookie}),
        ({"csrf": house.csrf["X-CSRF-Token"]}, {}),
        ({"token": "amp_wrong"}, {"cookie": cookie}),
    ]
    for auth, headers in attempts:
        with house.socket(auth, **headers) as socket:
            assert closed_with(socket) == NOT_SIGNED_IN
    with (
        pytest.raises(WebSocketDisconnect),
        house.socket(
            {"csrf": house.csrf["X-CSRF-Token"]}, cookie=cookie, origin="https://evil.example"
        ),
    ):
        pass


def test_signing_out_closes_open_sockets(house: House) -> None:
    with house.panel_socket() as socket:
        assert socket.receive_json()["person"]["name"] == "Ana"
        house.client.delete("/api/v1/sessions/me", headers=house.bearer)
        assert closed_with(socket) == NOT_SIGNED_IN


def test_shutting_somebody_out_closes_their_sockets(house: House, running: Running) -> None:
    person = {"name": "Pavel", "role": "operator", "languages": ["ru"], "password": PASSWORD}
    email, now = "pavel@mercadia.example", running.clock.now()
    with running.database.transaction() as session:
        create_staff(session, email=email, now=now, **person)  # type: ignore[arg-type]
    house.csrf = sign_in(house.client, email)
    with house.desk_socket() as socket:
        assert socket.receive_json()["type"] == "ready"
        with running.database.transaction() as session:
            disable_staff(session, email, now=now)
        assert closed_with(socket) == NOT_SIGNED_IN
    assert house.client.get("/api/v1/desk/counts").status_code == 401


def test_a_session_that_ends_by_time_ends_its_sockets(house: House, running: Running) -> None:
    assert house.client.portal is not None
    with house.panel_socket() as ana, house.desk_socket() as marta:
        assert {ana.receive_json()["type"], marta.receive_json()["type"]} == {"ready"}
        running.clock.advance(timedelta(minutes=61))
        house.client.portal.call(house.runtime.live.beat)
        assert closed_with(ana) == NOT_SIGNED_IN
        marta.send_json({"type": "ping"})
        assert marta.receive_json()["type"] == "pong", "staff stay signed in for 12 hours"


def test_a_visitor_who_stays_connected_stays_signed_in(house: House, running: Running) -> None:
    assert house.client.portal is not None
    house.client.cookies.clear()
    token = house.client.post("/api/v1/sessions", json={"site": SITE}).json()["token"]
    with house.socket({"token": token}) as visitor:
        assert visitor.receive_json()["person"]["role"] == "visitor"
        for _ in range(3):
            running.clock.advance(timedelta(minutes=50))
            house.client.portal.call(house.runtime.live.beat)
        visitor.send_json({"type": "ping"})
        assert visitor.receive_json()["type"] == "pong"
    bearer = {"Authorization": f"Bearer {token}"}
    assert house.client.get("/api/v1/sessions/me", headers=bearer).status_code == 200
