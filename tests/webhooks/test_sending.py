"""Every event reaches its endpoint at least once, always under the same id (reliability R22)."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session
from standardwebhooks import Webhook

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Forbidden, NotFound
from amparo.kernel.ids import new_id
from amparo.webhooks import actions, queries
from amparo.webhooks.models import WebhookEndpoint
from amparo.webhooks.sender import Sender
from tests.storage.receivers import Answer, Received, Receiver, receiver
from tests.webhooks.desk import SETTINGS, Desk, ids
from tests.webhooks.people import MARTA, TEO


def test_an_event_arrives_signed_and_once(desk: Desk, there: Receiver) -> None:
    endpoint = desk.endpoint(there.url)
    talk = desk.ask()
    desk.follow()
    desk.follow()
    assert desk.sender.run_once() == 2
    assert desk.sender.run_once() == 0
    told = {json.loads(request.body)["type"]: request for request in there.received}
    assert set(told) == {"conversation.opened", "conversation.message_posted"}
    for request in there.received:
        names = {name: request.headers[name] for name in request.headers if "webhook" in name}
        assert int(names["webhook-timestamp"]) == int(desk.clock.now().timestamp())
        sent_at = desk.clock.now()
        assert names["webhook-signature"] == Webhook(endpoint.secret).sign(
            names["webhook-id"], sent_at, request.body.decode()
        )
        assert request.headers["content-type"].startswith("application/json")
        conversation = json.loads(request.body)["data"]["conversation"]
        assert conversation["id"] == str(talk.id)
        assert conversation["buyer_ref"] == "buyer-ana"
        assert conversation["topic"] == "orders"
    assert {row.state for row in desk.deliveries()} == {"delivered"}
    assert {row.last_status for row in desk.deliveries()} == {200}


def test_a_note_never_leaves_the_house(desk: Desk, there: Receiver) -> None:
    desk.endpoint(there.url)
    talk = desk.ask()
    with desk.database.transaction() as session:
        talk.says(session, MARTA, "Buyer sounds desperate, be kind", desk.clock.now(), "note")
        shown = talk.says(session, MARTA, "Good morning, Ana", desk.clock.now())
    desk.follow()
    desk.sender.run_once()
    messages = [json.loads(request.body) for request in there.received]
    posted = [m["data"] for m in messages if m["type"] == "conversation.message_posted"]
    assert [m["message_id"] for m in posted if m["party"] == "staff"] == [str(shown)]
    everything = b"".join(request.body for request in there.received)
    assert b"desperate" not in everything
    assert b"note" not in everything
    assert len(desk.deliveries()) == 3


def test_an_endpoint_gets_only_its_kinds_and_nothing_from_before(
    desk: Desk, there: Receiver
) -> None:
    desk.ask()
    desk.clock.advance(timedelta(seconds=1))
    desk.endpoint(there.url, "conversation.opened")
    desk.follow()
    assert desk.deliveries() == []
    desk.ask()
    desk.follow()
    assert [row.kind for row in desk.deliveries()] == ["conversation.opened"]


def test_a_receiver_that_is_down_for_three_days_hears_of_it_under_the_same_id(
    desk: Desk, there: Receiver
) -> None:
    up_at = desk.clock.now() + timedelta(days=3)

    def answer(_: Received) -> Answer:
        return (200, {}, b"") if desk.clock.now() >= up_at else (503, {}, b"down")

    there.answer = answer
    desk.endpoint(there.url, "conversation.opened")
    desk.ask()
    desk.follow()
    [before] = desk.deliveries()
    desk.send_all()
    [after] = desk.deliveries()
    assert (after.state, after.last_status, after.last_error) == ("delivered", 200, None)
    assert set(ids(there.received)) == {str(before.id)}
    assert len({request.body for request in there.received}) == 1
    assert after.attempts == len(there.received) == 10
    stamps = [int(request.headers["webhook-timestamp"]) for request in there.received]
    assert stamps == sorted(set(stamps))


def test_what_never_arrives_dies_visibly_and_can_be_replayed(desk: Desk, there: Receiver) -> None:
    there.answer = lambda _: (500, {}, b"")
    desk.endpoint(there.url, "conversation.opened")
    desk.ask()
    desk.follow()
    desk.send_all()
    [dead] = desk.deliveries()
    assert (dead.state, dead.attempts, dead.last_error) == ("dead", 10, "status 500")
    assert dead.finished_at is not None

    there.answer = lambda _: (200, {}, b"")
    replay = new_id()
    for _ in range(2):  # the same request twice replays once
        with desk.database.transaction() as session:
            actions.replay_delivery(session, TEO, dead.id, replay_id=replay, now=desk.clock.now())
        desk.sender.run_once()
    [again] = desk.deliveries()
    assert (again.state, again.attempts, again.id) == ("delivered", 1, dead.id)
    assert len(there.received) == 11
    assert set(ids(there.received)) == {str(dead.id)}


def test_a_redirect_is_a_failure_and_is_not_followed(desk: Desk, there: Receiver) -> None:
    with receiver() as elsewhere:
        there.answer = lambda _: (307, {"Location": elsewhere.url}, b"")
        desk.endpoint(there.url, "conversation.opened")
        desk.ask()
        desk.follow()
        desk.sender.run_once()
        assert elsewhere.received == []
    [row] = desk.deliveries()
    assert (row.state, row.last_status) == ("pending", 307)


def test_gone_disables_the_endpoint(desk: Desk, there: Receiver) -> None:
    there.answer = lambda _: (410, {}, b"")
    endpoint = desk.endpoint(there.url, "conversation.opened")
    desk.ask()
    desk.follow()
    desk.sender.run_once()
    desk.ask()
    desk.follow()
    [row] = desk.deliveries()  # nothing new is made for it
    assert (row.state, row.last_error) == ("dead", "gone")
    with desk.database.transaction() as session:
        [found] = queries.endpoints_for(session, TEO)
        assert found.disabled_reason == "gone"
        with pytest.raises(Conflict):
            actions.replay_delivery(session, TEO, row.id, replay_id=new_id(), now=desk.clock.now())
        actions.enable_endpoint(session, TEO, endpoint.id, desk.clock.now())
        actions.replay_delivery(session, TEO, row.id, replay_id=new_id(), now=desk.clock.now())
    there.answer = lambda _: (200, {}, b"")
    desk.sender.run_once()
    assert [row.state for row in desk.deliveries()] == ["delivered"]


def test_what_waits_for_a_disabled_endpoint_is_given_up(desk: Desk, there: Receiver) -> None:
    endpoint = desk.endpoint(there.url, "conversation.opened")
    desk.ask()
    desk.follow()
    with desk.database.transaction() as session:
        actions.disable_endpoint(session, TEO, endpoint.id, desk.clock.now())
    assert desk.sender.run_once() == 1
    assert [(r.state, r.last_error) for r in desk.deliveries()] == [("dead", "endpoint disabled")]
    assert there.received == []


def test_a_private_address_is_never_called(desk: Desk, there: Receiver) -> None:
    """Registered under a name, which only later shows where it leads."""
    desk.endpoint(there.url.replace("127.0.0.1", "hooks.mercadia.example"), "conversation.opened")
    desk.ask()
    desk.follow()
    for address in ("10.0.0.1", "::1", "169.254.169.254"):
        sender = Sender(desk.database, desk.clock, SETTINGS, resolve=lambda *_, to=address: [to])
        sender.run_once()
        [row] = desk.deliveries()
        assert row.last_error is not None
        assert row.last_error.startswith("address_refused")
        desk.clock.advance(timedelta(days=1))
    assert there.received == []


def test_only_administrators_see_and_change_webhooks(desk: Desk, there: Receiver) -> None:
    endpoint = desk.endpoint(there.url, "conversation.opened")
    ana = desk.ask().buyer
    desk.follow()
    [row] = desk.deliveries()
    now = desk.clock.now()

    def attempts(session: Session, actor: Actor) -> list[Callable[[], object]]:
        return [
            lambda: queries.endpoints_for(session, actor),
            lambda: queries.deliveries_for(session, actor),
            lambda: actions.disable_endpoint(session, actor, endpoint.id, now),
            lambda: actions.replay_delivery(session, actor, row.id, replay_id=new_id(), now=now),
        ]

    for actor in (ana, MARTA):
        with desk.database.transaction() as session:
            for attempt in attempts(session, actor):
                with pytest.raises(Forbidden):
                    attempt()
    with desk.database.transaction() as session, pytest.raises(NotFound):
        actions.replay_delivery(session, TEO, new_id(), replay_id=new_id(), now=now)


def test_the_log_has_pages_and_filters(desk: Desk, there: Receiver) -> None:
    desk.endpoint(there.url, "conversation.opened")
    for _ in range(5):
        desk.ask()
        desk.follow()
        desk.clock.advance(timedelta(seconds=1))
    desk.sender.run_once()
    with desk.database.reading() as session:
        seen: list[UUID] = []
        cursor: str | None = None
        times: list[datetime] = []
        while True:
            page = queries.deliveries_for(session, TEO, cursor=cursor, limit=2)
            seen += [row.id for row in page.items]
            times += [row.created_at for row in page.items]
            cursor = page.next
            if cursor is None:
                break
        assert len(seen) == len(set(seen)) == 5
        assert times == sorted(times, reverse=True)
        assert len(queries.deliveries_for(session, TEO, state="delivered").items) == 4
        assert len(queries.deliveries_for(session, TEO, state="pending").items) == 1
        assert queries.deliveries_for(session, TEO, endpoint=new_id()).items == []


def test_registering_twice_under_one_id_is_one_endpoint(desk: Desk) -> None:
    id, now = new_id(), desk.clock.now()

    def register(url: str) -> WebhookEndpoint:
        with desk.database.transaction() as session:
            return actions.register_endpoint(
                session, TEO, id=id, url=url, kinds=["conversation.opened"],
                allowed_networks=(), now=now,
            )  # fmt: skip

    first = register("https://hooks.mercadia.example/a")
    assert register("https://hooks.mercadia.example/a").secret == first.secret
    with pytest.raises(Conflict):
        register("https://hooks.mercadia.example/b")
