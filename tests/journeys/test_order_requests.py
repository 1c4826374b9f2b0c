"""A buyer asks something of an order, the marketplace answers: over HTTP, from end to end."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from standardwebhooks import Webhook

from amparo.accounts.management_actions import create_integration_key
from amparo.kernel.clock import SystemClock
from tests.accounts.people import SITE
from tests.journeys.conftest import NewServer
from tests.journeys.people import TEO, Person, buyer, new_chat, request_id, staff
from tests.marketplace.conftest import order
from tests.servers import Server
from tests.sockets import Live
from tests.storage.clusters import eventually
from tests.storage.receivers import Answer, Received, Receiver, receiver

ORDER, STREET = "A-late", "Calle de la Sardina 7"
Json = dict[str, Any]


class Marketplace:
    """Plays the marketplace's server: hears the webhooks, answers with the integration key."""

    def __init__(self, server: Server, there: Receiver) -> None:
        self.server, self.there = server, there
        with server.database() as database, database.transaction() as session:
            _, key = create_integration_key(session, name="shop", now=SystemClock().now())
        self.headers = {"Authorization": f"Bearer {key}"}
        made = staff(server, TEO).do("/admin/webhooks/endpoints", id=request_id(), url=there.url)
        self.secret: str = made["secret"]

    def heard(self, kind: str) -> list[Json]:
        """The requests of that kind, each checked by its signature."""
        told = [Webhook(self.secret).verify(one.body, one.headers) for one in self.there.received]
        return [one["data"]["request"] for one in told if one["type"] == kind]

    def waits_for(self, kind: str, count: int = 1) -> Json:
        eventually(lambda: len({one["id"] for one in self.heard(kind)}) >= count, kind)
        return self.heard(kind)[-1]

    def call(self, method: str, path: str, **rest: Any) -> httpx.Response:
        url = f"{self.server.url}/api/v1/import/{path}"
        return httpx.request(method, url, headers=self.headers, timeout=20, trust_env=False, **rest)

    def answer(self, id: str, outcome: str, **more: str) -> httpx.Response:
        return self.call("PUT", f"order-requests/{id}", json={"outcome": outcome, **more})


@pytest.fixture
def there() -> Iterator[Receiver]:
    seen: dict[str, int] = {}

    def answer(request: Received) -> Answer:
        """Each delivery fails at first: it comes again, under the same id."""
        id = request.headers["webhook-id"]
        seen[id] = seen.get(id, 0) + 1
        return (503 if seen[id] == 1 else 204), {}, b""

    with receiver(answer) as found:
        yield found


def ask(ana: Person, kind: str, **more: Any) -> httpx.Response:
    body = {"id": request_id(), "kind": kind} | more
    return ana.ask("POST", f"/orders/{ORDER}/requests", json=body)


def told(live: Live, chat: str) -> list[Json]:
    """The notices about requests, as they came over the socket."""
    return [
        event["data"]
        for event in live.events(chat, "message")
        if event["data"]["kind"] == "notice" and "request" in event["data"]["extra"]
    ]


def test_a_buyer_asks_and_the_marketplace_answers(new_server: NewServer, there: Receiver) -> None:
    server = new_server()
    shop, ana, marta = Marketplace(server, there), buyer(server, "Ana", "en"), staff(server)
    live = ana.live()
    chat = new_chat(live, "Can I cancel it?", order_ref=ORDER)

    _is_asked_once(shop, ana, live, chat)
    _is_refused_in_her_language(shop, ana, live, chat)
    _gives_an_address_that_stands_nowhere(shop, ana, live, chat)
    _brings_the_order_in_and_that_is_an_answer(shop, ana, live, chat)
    _opens_a_case(ana, marta, live, chat)
    beside = marta.get(f"/desk/conversations/{chat}/context")["requests"]
    states = {(one["kind"], one["state"]) for one in beside}
    assert states >= {("cancel_order", "refused"), ("open_dispute", "asked")}
    assert STREET not in server.log()
    live.close()


def _is_asked_once(shop: Marketplace, ana: Person, live: Live, chat: str) -> None:
    """Two windows and a double click: one request, the others are told why not."""
    with ThreadPoolExecutor(4) as hands:
        click = {"id": request_id(), "conversation": chat}
        clicks = [hands.submit(ask, ana, "cancel_order", **click) for _ in range(3)]
        clicks.append(hands.submit(ask, ana, "cancel_order", conversation=chat))
        answers = [one.result() for one in clicks]
    assert {answer.status_code for answer in answers} <= {200, 201, 409}
    assert [answer.status_code for answer in answers].count(201) == 1
    possible = {
        one["kind"]: one for one in ana.get(f"/orders/{ORDER}/requests?lang=en")["possible"]
    }
    assert possible["cancel_order"]["reason_code"] == "already_asked"
    assert "answer is on its way" in possible["cancel_order"]["reason"]
    live.until(lambda: bool(live_requests(live, chat)), "she sees what she asked")
    assert len(live_requests(live, chat)) == 1


def _is_refused_in_her_language(shop: Marketplace, ana: Person, live: Live, chat: str) -> None:
    asked = shop.waits_for("order.cancel_requested")
    assert asked["order_ref"] == ORDER
    waiting = shop.call("GET", "order-requests").json()["items"]
    assert [one["id"] for one in waiting] == [asked["id"]]
    said = {"reason_code": "already_dispatched", "text": "It left this morning."}
    assert shop.answer(asked["id"], "refused", **said).status_code == 200
    assert shop.answer(asked["id"], "refused", **said).status_code == 200
    late = shop.answer(asked["id"], "done")
    assert (late.status_code, late.json()["code"]) == (409, "request_settled")
    live.until(lambda: len(told(live, chat)) == 1, "she is told")
    body = told(live, chat)[0]["body"]
    assert body.startswith(f"Order {ORDER} could not be cancelled.")
    assert body.endswith("It left this morning.")


def _gives_an_address_that_stands_nowhere(
    shop: Marketplace, ana: Person, live: Live, chat: str
) -> None:
    data = {"address": f"{STREET}, 11001 Cádiz"}
    assert ask(ana, "change_address", data=data, conversation=chat).status_code == 201
    asked = shop.waits_for("order.address_change_requested")
    assert STREET not in str([one.body for one in shop.there.received])
    assert shop.call("GET", f"order-requests/{asked['id']}").json()["data"] == data
    assert shop.answer(asked["id"], "done").status_code == 200
    assert shop.call("GET", f"order-requests/{asked['id']}").json()["data"] == {}
    live.until(lambda: len(told(live, chat)) == 2, "she is told")
    assert STREET not in str(staff(shop.server).stream(chat))


def _brings_the_order_in_and_that_is_an_answer(
    shop: Marketplace, ana: Person, live: Live, chat: str
) -> None:
    assert ask(ana, "cancel_order", conversation=chat).status_code == 201
    cancelled = order(ORDER, state="cancelled", deliver_by="2026-04-12T09:00:00Z")
    assert shop.call("PUT", "orders", json={"items": [cancelled]}).json()["updated"] == 1
    live.until(lambda: len(told(live, chat)) == 3, "she is told")
    assert told(live, chat)[-1]["extra"]["request"]["state"] == "done"
    refused = ask(ana, "cancel_order", conversation=chat)
    assert (refused.status_code, refused.json()["code"]) == (409, "request_not_possible")
    assert "already been cancelled" in refused.json()["detail"]


def _opens_a_case(ana: Person, marta: Person, live: Live, chat: str) -> None:
    form = {"reason": "other", "wish": "refund", "text": "And my money?"}
    assert ask(ana, "open_dispute", data=form, conversation=chat).status_code == 201
    live.until(lambda: len(told(live, chat)) == 4, "she is told")
    waits = "it goes to a person"
    live.until(lambda: any(e["data"]["to"] == "waiting" for e in live.events(chat, "state")), waits)
    taken = marta.do("/desk/take-next", id=request_id())
    assert taken["id"] == chat
    notices = [e["data"] for e in marta.stream(chat) if e["kind"] == "message"]
    assert any("And my money?" in data["body"] for data in notices)


def live_requests(live: Live, chat: str) -> list[Json]:
    """Her own messages that ask something of an order."""
    return [
        event["data"]
        for event in live.events(chat, "message")
        if event["data"]["kind"] == "text" and "request" in event["data"]["extra"]
    ]


def test_a_conversation_begins_with_a_request_and_others_find_nothing(server: Server) -> None:
    olga, pia = buyer(server, "Olga", "ru"), buyer(server, "Pia", "en")
    chat, opening = request_id(), {"channel": "chat", "site": SITE, "language": "ru"}
    body = {"id": request_id(), "kind": "track_parcel", "conversation": chat, "open": opening}
    for status in (201, 200):
        made = olga.ask("POST", "/orders/O-1/requests?lang=ru", json=body)
        assert (made.status_code, made.json()["state"]) == (status, "done")
        assert "O-1" in made.json()["text"]
    eventually(lambda: len(olga.stream(chat)) == 2, "she is told")
    for path in ("/orders/O-1/requests", "/orders/no-such/requests"):
        assert pia.ask("GET", path).status_code == 404
        assert pia.ask("POST", path, json=body | {"id": request_id()}).status_code == 404
