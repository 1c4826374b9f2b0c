"""The people of the stories, each with a browser of their own: HTTP, and a live socket."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from uuid import uuid4

import httpx

from amparo.accounts import management_actions
from amparo.accounts.http import COOKIE
from amparo.kernel.ids import new_id
from amparo.marketplace import actions as marketplace
from amparo.storage.session import Database
from tests.accounts.people import PASSWORD, SITE, claims, make_marta, make_site, signed
from tests.marketplace.conftest import PRODUCTS, STORES, order
from tests.sockets import Live

ANAS_ORDER, OLGAS_ORDER = "A-late", "O-1"
MARTA, PAVEL, TEO = "marta@mercadia.example", "pavel@mercadia.example", "teo@mercadia.example"
Json = dict[str, Any]


class Address(Protocol):
    """Where a server answers."""

    @property
    def url(self) -> str: ...


@dataclass
class Person:
    """Somebody signed in (or a visitor) at a server.

    Attributes:
        session: what the server answered when the person came.
    """

    server: Address
    headers: dict[str, str]
    session: Json

    @property
    def id(self) -> str:
        found: str = self.session["person"]["id"]
        return found

    def ask(self, method: str, path: str, **rest: Any) -> httpx.Response:
        """A request; the caller looks at the status."""
        headers = self.headers | rest.pop("headers", {})
        url = f"{self.server.url}/api/v1{path}"
        return httpx.request(method, url, headers=headers, timeout=20, trust_env=False, **rest)

    def get(self, path: str, **rest: Any) -> Any:
        """What is there; it must be."""
        return _good(self.ask("GET", path, **rest))

    def do(self, path: str, **body: Any) -> Any:
        """A verb that must succeed; None where the answer is empty."""
        return _good(self.ask("POST", path, json=body))

    def live(self) -> Live:
        """A live connection that knows who it is."""
        return self.socket().open()

    def socket(self) -> Live:
        """A live connection that is not open yet."""
        return Live(
            self.server.url,
            token=self.session.get("token"),
            csrf=self.session.get("csrf"),
            headers={name: value for name, value in self.headers.items() if name == "Cookie"},
        )

    def stream(self, conversation: str, after: int = 0) -> list[Json]:
        """The person's own stream, fresh from the server."""
        found: list[Json] = []
        while True:
            page = self.get(f"/conversations/{conversation}/events?after={after}&limit=200")
            found += page["events"]
            if not page["events"] or page["last_seq"] == found[-1]["seq"]:
                return found
            after = found[-1]["seq"]


def populate(database: Database, now: datetime | None = None) -> None:
    """Mercadia with its people, stores, products and two orders."""
    now = now or datetime.now(UTC)
    with database.transaction() as session:
        make_site(session, now)
        make_marta(session, now)
        for email, name, role in ((PAVEL, "Pavel", "operator"), (TEO, "Teo", "administrator")):
            management_actions.create_staff(
                session,
                email=email,
                password=PASSWORD,
                name=name,
                role=role,
                languages=["en", "ru"],
                now=now,
            )
        orders = [
            order(ANAS_ORDER, deliver_by="2026-04-12T09:00:00Z"),
            order(OLGAS_ORDER, "buyer-olga"),
        ]
        assert not marketplace.import_stores(session, STORES, now=now).errors
        assert not marketplace.import_products(session, PRODUCTS, now=now).errors
        assert not marketplace.import_orders(session, orders, now=now).errors


def buyer(
    server: Address, name: str = "Ana", language: str = "es", *, now: datetime | None = None
) -> Person:
    """A buyer whom the marketplace has signed in: each ``name`` is somebody else.

    Args:
        now: the server's time where it is not the real one.
    """
    said = claims(
        now or datetime.now(UTC),
        sub=f"buyer-{name.lower()}",
        name=name,
        email=f"{name.lower()}@example.com",
        locale=language,
    )
    return arrived(server, {"site": SITE, "token": signed(said)})


def visitor(server: Address, language: str = "en") -> Person:
    """Somebody not signed in."""
    return arrived(server, {"site": SITE, "language": language})


def arrived(server: Address, opening: Json) -> Person:
    """Whoever a new panel session is for."""
    answer = httpx.post(f"{server.url}/api/v1/sessions", json=opening, timeout=20, trust_env=False)
    session = _good(answer)
    return Person(server, {"Authorization": f"Bearer {session['token']}"}, session)


def staff(server: Address, email: str = MARTA) -> Person:
    """An operator or administrator at the desk."""
    answer = httpx.post(
        f"{server.url}/api/v1/staff/sessions",
        json={"email": email, "password": PASSWORD},
        timeout=20,
        trust_env=False,
    )
    session = _good(answer)
    cookie = answer.headers["set-cookie"].split(";")[0]
    assert cookie.startswith(f"{COOKIE}=")
    return Person(server, {"Cookie": cookie, "X-CSRF-Token": session["csrf"]}, session)


def new_chat(
    live: Live, body: str = "Where is my parcel?", language: str = "en", **opening: Any
) -> str:
    """Open a conversation by its first message; returns its id when that is durable."""
    conversation = str(new_id())
    live.say(
        conversation, body, open={"channel": "chat", "site": SITE, "language": language} | opening
    )
    live.subscribe(conversation)
    return conversation


def request_id() -> str:
    """A fresh id of a request."""
    return str(uuid4())


def _good(answer: httpx.Response) -> Any:
    assert answer.is_success, f"{answer.request.url}: {answer.status_code} {answer.text[:500]}"
    return answer.json() if answer.content else None
