"""Asking something of an order inside a conversation: once, whatever happens on the way."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from amparo.conversations import files_actions as files
from amparo.conversations.queries import conversation_for, events_after
from amparo.conversations.requests_actions import Asking, ask
from amparo.conversations.requests_followers import CaseEnds, RequestNotices
from amparo.conversations.rules import Opening
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict, Forbidden, NotFound, Problem, TooMany
from amparo.kernel.ids import new_id
from amparo.marketplace import actions as marketplace
from amparo.marketplace.requests_actions import (
    OVERDUE_TIMER,
    Made,
    Wish,
    settle_request,
    tell_overdue,
)
from amparo.marketplace.requests_followers import RequestsByImport
from amparo.marketplace.requests_queries import details_for, request_for, requests_for
from amparo.marketplace.requests_rules import OPEN_AT_ONCE, PATIENCE
from amparo.routing.actions import resolve
from amparo.routing.followers import CaseHandOver, QueueKeeper
from amparo.storage.followers import Follower, drain, enrol
from amparo.storage.images import Picture
from amparo.storage.session import Database
from amparo.storage.timers import fire_next
from tests.marketplace.conftest import PRODUCTS, STORES, order
from tests.people import ANA, MARTA, OLGA, VISITOR, WEI, open_chat, populate

SHOP = Actor(new_id(), "integration", name="shop")
STREET = "Calle de la Sardina 7, Cádiz"
FOLLOWERS: list[Follower] = [
    RequestsByImport(),
    RequestNotices(),
    CaseHandOver(),
    CaseEnds(),
    QueueKeeper(),
]


@pytest.fixture
def shop(database: Database, now: datetime) -> Database:
    """Ana's orders: one to be sent, one on its way, one whose money is coming back."""
    sent = {"ref": "1", "carrier": "Correo Sur", "tracking": "CS 1", "state": "in_transit"}
    steps = [{"at": "2026-04-12T09:00:00Z", "text": "Handed over by the store"}]
    paid = order("A-0")["payments"][0]
    orders = [
        order("A-paid"),
        order("A-sent", state="dispatched", parcels=[sent | {"steps": steps}]),
        order("A-back", state="cancelled", payments=[paid | {"state": "refund_pending"}]),
        order("O-paid", "buyer-olga"),
    ]
    with database.transaction() as session:
        populate(session, now)
        assert not marketplace.import_stores(session, STORES, now=now).errors
        assert not marketplace.import_products(session, PRODUCTS, now=now).errors
        assert not marketplace.import_orders(session, orders, now=now).errors
    return database


class Asked:
    """The doings of a test, each in a transaction of its own."""

    def __init__(self, database: Database, now: datetime) -> None:
        self.database, self.now = database, now
        self.clock = ManualClock(now)
        enrol(database, FOLLOWERS)
        with database.transaction() as session:
            self.chat = open_chat(session, ANA, now)

    def ask(self, kind: Any, ref: str = "A-paid", actor: Actor = ANA, **more: Any) -> Made:
        wish = Wish(
            more.pop("id", None) or new_id(),
            ref,
            kind,
            more.pop("language", "en"),
            more.pop("chat", self.chat),
            more.pop("data", {}),
        )
        with self.database.transaction() as session:
            return ask(session, actor, Asking(wish, **more), self.now)

    def settle(self, made: Made, outcome: Any, actor: Actor = SHOP, **more: Any) -> None:
        with self.database.transaction() as session:
            settle_request(session, actor, made.request.id, outcome, self.now, **more)

    def follow(self) -> None:
        drain(self.database, self.clock, FOLLOWERS)

    def said(self, actor: Actor = ANA, chat: UUID | None = None) -> list[dict[str, Any]]:
        """The messages about requests, as the party sees them."""
        with self.database.reading() as session:
            found = events_after(session, actor, chat or self.chat, 0)
        messages = [event.data for event in found if event.kind == "message"]
        return [data for data in messages if "request" in data["extra"]]

    def state(self, chat: UUID | None = None) -> str:
        with self.database.reading() as session:
            return conversation_for(session, MARTA, chat or self.chat).state


@pytest.fixture
def asked(shop: Database, now: datetime) -> Asked:
    return Asked(shop, now)


def test_a_cancellation_is_asked_answered_and_told(asked: Asked) -> None:
    made = asked.ask("cancel_order")
    asked.follow()
    assert [data["body"] for data in asked.said()] == ["Cancel order A-paid"]
    assert asked.said()[0]["client_id"] == str(made.request.id)
    asked.settle(made, "done")
    asked.follow()
    asked.follow()
    own, answer = asked.said()
    assert answer["kind"] == "notice"
    assert answer["author"]["party"] == "system"
    assert answer["body"].startswith("Order A-paid is cancelled.")
    assert answer["extra"]["request"]["state"] == "done"
    assert asked.said(MARTA) == [own, answer], "the staff reads the same"


def test_a_refusal_is_told_in_the_buyers_language(asked: Asked) -> None:
    made = asked.ask("cancel_order", language="ru")
    asked.settle(made, "refused", reason_code="already_dispatched", answer="Рейс ушёл утром.")
    asked.follow()
    body = asked.said()[-1]["body"]
    assert "Заказ A-paid отменить не удалось." in body
    assert "Он уже передан перевозчику." in body
    assert body.endswith("Рейс ушёл утром.")


def test_answers_twice_late_and_out_of_order(asked: Asked) -> None:
    made = asked.ask("cancel_order")
    asked.settle(made, "refused", reason_code="seller_declined")
    asked.settle(made, "refused", reason_code="seller_declined")
    with pytest.raises(Conflict, match="request_settled"):
        asked.settle(made, "done")
    asked.follow()
    assert len(asked.said()) == 2, "one question, one answer"
    late = asked.ask("confirm_receipt", "A-sent")
    with asked.database.transaction() as session:
        tell_overdue(session, late.request.id, {}, asked.now + PATIENCE)
    asked.follow()
    assert asked.said()[-1]["extra"]["request"]["overdue"]
    asked.settle(late, "done")
    asked.follow()
    assert asked.said()[-1]["body"].startswith("Thank you.")


def test_silence_is_told_once_and_only_while_it_lasts(asked: Asked) -> None:
    made = asked.ask("cancel_order")
    quick = asked.ask("confirm_receipt", "A-sent")
    asked.settle(quick, "done")
    handlers = {OVERDUE_TIMER: tell_overdue}
    assert not fire_next(asked.database, handlers, asked.now + PATIENCE - timedelta(seconds=1))
    assert fire_next(asked.database, handlers, asked.now + PATIENCE)
    assert not fire_next(asked.database, handlers, asked.now + PATIENCE * 2)
    asked.follow()
    told = [data for data in asked.said() if data["extra"]["request"].get("overdue")]
    assert [data["extra"]["request"]["id"] for data in told] == [str(made.request.id)]
    assert "speak to a person" in told[0]["body"]


def test_the_data_answer_at_once(asked: Asked) -> None:
    parcel = asked.ask("track_parcel", "A-sent")
    assert parcel.request.state == "done"
    assert "CS 1" in (parcel.request.answer or "")
    nothing = asked.ask("track_parcel")
    assert nothing.request.answer == "The seller has not sent order A-paid yet."
    refund = asked.ask("request_refund_status", "A-back")
    assert refund.request.state == "asked", "the marketplace is asked where it is"
    asked.follow()
    bodies = [data["body"] for data in asked.said() if data["kind"] == "notice"]
    assert any("Handed over by the store" in body for body in bodies)
    assert any("€35.00" in body and "has been started" in body for body in bodies)
    asked.settle(refund, "done", answer="It left our bank on Monday.")
    asked.follow()
    assert asked.said()[-1]["body"].endswith("It left our bank on Monday.")


def test_what_is_not_possible_says_why(asked: Asked) -> None:
    with pytest.raises(Conflict) as refusal:
        asked.ask("cancel_order", "A-sent")
    assert refusal.value.params["reason"] == "already_dispatched"
    asked.ask("cancel_order")
    with pytest.raises(Conflict) as refusal:
        asked.ask("cancel_order")
    assert refusal.value.params["reason"] == "already_asked"
    with asked.database.reading() as session:
        found = requests_for(session, ANA, "A-paid", now=asked.now)
    assert {one.kind: one.reason for one in found.possible}["cancel_order"] == "already_asked"
    assert [one.kind for one in found.requests] == ["cancel_order"]


def test_the_same_id_is_the_same_request_for_ever(asked: Asked) -> None:
    id = new_id()
    first = asked.ask("cancel_order", id=id)
    asked.settle(first, "done")
    again = asked.ask("cancel_order", id=id)
    assert again.repeated
    assert again.request.state == "done"
    for other in (
        {"kind": "change_address", "data": {"address": STREET}},
        {"kind": "cancel_order"},
    ):
        ref = "A-sent" if other["kind"] == "cancel_order" else "A-paid"
        with pytest.raises(Conflict, match="request_id_used"):
            asked.ask(ref=ref, id=id, **other)
    with pytest.raises(Conflict, match="request_id_used"):
        asked.ask("cancel_order", "O-paid", OLGA, id=id, chat=None)
    asked.follow()
    assert len([data for data in asked.said() if data["author"]["party"] == "buyer"]) == 1


@pytest.mark.parametrize("stranger", [OLGA, VISITOR])
def test_foreign_orders_are_not_found(asked: Asked, stranger: Actor) -> None:
    with pytest.raises(NotFound):
        asked.ask("cancel_order", actor=stranger, chat=None)
    with pytest.raises(NotFound):
        asked.ask("cancel_order", "no-such-order", chat=None)
    with asked.database.reading() as session, pytest.raises(NotFound):
        requests_for(session, stranger, "A-paid", now=asked.now)


def test_a_request_goes_into_ones_own_conversation_only(asked: Asked) -> None:
    with pytest.raises(NotFound):
        asked.ask("cancel_order", "O-paid", OLGA)
    with asked.database.reading() as session:
        assert not requests_for(session, OLGA, "O-paid", now=asked.now).requests


def test_only_buyers_ask_and_only_the_shop_answers(asked: Asked) -> None:
    for actor in (WEI, MARTA, SHOP):
        with pytest.raises(Forbidden):
            asked.ask("cancel_order", actor=actor, chat=None)
    made = asked.ask("cancel_order")
    for actor in (ANA, OLGA, MARTA, WEI):
        with pytest.raises(Forbidden):
            asked.settle(made, "done", actor)
    case = asked.ask(
        "open_dispute", data={"reason": "warranty", "wish": "refund", "text": "It broke."}
    )
    with pytest.raises(NotFound):
        asked.settle(case, "done")


def test_an_address_is_nowhere_but_where_it_is_needed(asked: Asked) -> None:
    made = asked.ask("change_address", data={"address": STREET})
    asked.follow()
    with asked.database.reading() as session:
        assert details_for(session, SHOP, made.request.id).data == {"address": STREET}
    assert STREET not in str(asked.said())
    assert STREET not in str(asked.said(MARTA))
    asked.settle(made, "done")
    asked.follow()
    with asked.database.reading() as session:
        assert details_for(session, SHOP, made.request.id).data == {}
        log = session.connection().exec_driver_sql("SELECT data::text FROM event").scalars().all()
    assert not [row for row in log if "Sardina" in row]


def test_contact_details_do_not_reach_the_seller(asked: Asked) -> None:
    made = asked.ask("contact_seller", data={"text": "Write to ana@example.com, please"})
    with asked.database.reading() as session:
        sent = details_for(session, SHOP, made.request.id).data["text"]
    assert "ana@example.com" not in sent
    assert "please" in sent
    asked.follow()
    assert asked.said()[0]["extra"]["request"]["text"] == sent


def test_a_case_goes_to_a_person_with_everything_said(asked: Asked) -> None:
    form = {"reason": "not_as_described", "wish": "replacement", "text": "The lamp is blue."}
    asked.ask("open_dispute", data=form)
    asked.follow()
    assert asked.state() == "waiting"
    notice = asked.said(MARTA)[-1]
    assert notice["extra"]["request"]["form"] == form
    assert "The lamp is blue." in notice["body"]
    assert "A replacement" in notice["body"]
    with asked.database.transaction() as session:
        resolve(session, MARTA, asked.chat, asked.now)
    asked.follow()
    with asked.database.reading() as session:
        [case] = requests_for(session, ANA, "A-paid", now=asked.now).requests
    assert case.state == "done"


def test_a_quick_fix_in_a_resolved_conversation_needs_nobody(asked: Asked) -> None:
    with asked.database.transaction() as session:
        resolve(session, ANA, asked.chat, asked.now)
    asked.ask("track_parcel")
    asked.follow()
    assert asked.state() == "resolved"
    asked.ask("open_dispute", data={"reason": "other", "wish": "other", "text": "Hm."})
    asked.follow()
    assert asked.state() == "waiting"


def test_a_conversation_can_begin_with_a_request(asked: Asked) -> None:
    chat = new_id()
    opening = Opening(language="en", order_ref="A-paid")
    asked.ask("track_parcel", chat=chat, opening=opening)
    asked.follow()
    assert len(asked.said(chat=chat)) == 2


@pytest.mark.parametrize(
    ("kind", "ref", "state", "outcome"),
    [
        ("cancel_order", "A-paid", "cancelled", "done"),
        ("cancel_order", "A-paid", "dispatched", "refused"),
        ("confirm_receipt", "A-sent", "delivered", "done"),
    ],
)
def test_an_import_answers_too(asked: Asked, kind: str, ref: str, state: str, outcome: str) -> None:
    made = asked.ask(kind, ref)
    with asked.database.transaction() as session:
        marketplace.import_orders(session, [order(ref, state=state)], now=asked.now)
    asked.follow()
    with asked.database.reading() as session:
        assert request_for(session, SYSTEM, made.request.id).state == outcome
    asked.settle(made, outcome)  # its own answer, which comes later, changes nothing
    asked.follow()
    assert len(asked.said()) == 2


def test_a_buyer_cannot_ask_without_end(asked: Asked) -> None:
    refs = [f"many-{number}" for number in range(OPEN_AT_ONCE + 1)]
    with asked.database.transaction() as session:
        marketplace.import_orders(session, [order(ref) for ref in refs], now=asked.now)
    for ref in refs[:-1]:
        asked.ask("cancel_order", ref, chat=None)
    with pytest.raises(TooMany):
        asked.ask("cancel_order", refs[-1], chat=None)


def test_a_refused_message_takes_its_request_along(asked: Asked) -> None:
    with asked.database.transaction() as session:
        resolve(session, ANA, asked.chat, asked.now)
    asked.now += timedelta(days=30)
    with pytest.raises(Problem, match="conversation_closed"):
        asked.ask("cancel_order")
    with asked.database.reading() as session:
        assert not requests_for(session, ANA, "A-paid", now=asked.now).requests


def test_a_proof_of_payment_comes_with_its_pictures(asked: Asked) -> None:
    with asked.database.transaction() as session:
        begun = files.reserve(
            session, ANA, asked.chat, new_id(), name="bank", source="0", opens=False, now=asked.now
        )
        picture = files.finish(
            session, begun.id, Picture(b"pixels", "image/webp", 320, 200), asked.now
        )
    made = asked.ask("upload_payment_proof", data={"files": [str(picture.id)]})
    asked.follow()
    shown = asked.said(MARTA)[0]["extra"]["files"]
    assert [one["id"] for one in shown] == [str(picture.id)]
    with asked.database.reading() as session:
        assert details_for(session, SHOP, made.request.id).data == {"files": [str(picture.id)]}


def test_a_picture_of_somebody_else_takes_the_request_along(asked: Asked) -> None:
    with pytest.raises(Problem, match="file_not_found"):
        asked.ask("upload_payment_proof", data={"files": [str(new_id())]})
    with pytest.raises(Problem, match="request_invalid"):
        asked.ask("upload_payment_proof", data={"files": [str(new_id())]}, chat=None)
    with asked.database.reading() as session:
        assert not requests_for(session, ANA, "A-paid", now=asked.now).requests
