"""What comes in from elsewhere, and where it is told: imports, the conversation, linked appeals."""

from datetime import datetime
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.cases.audit_queries import proved
from amparo.cases.followers import CaseNews, CasesByImport
from amparo.cases.models import CaseEntry, CaseRow
from amparo.conversations.queries import events_after
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict
from amparo.storage.events import EventRow
from amparo.storage.followers import Follower, drain, enrol
from amparo.storage.session import Database
from tests.cases.house import (
    DAY,
    LENA,
    MARTA,
    OLGA,
    SOL,
    WEI,
    asked,
    do,
    events_of,
    opened,
    place_order,
    refunds,
)
from tests.people import open_chat

FOLLOWERS: list[Follower] = [CaseNews(), CasesByImport()]


@pytest.fixture
def live(market: Database, clock: ManualClock) -> Database:
    enrol(market, FOLLOWERS)
    drain(market, clock, FOLLOWERS)
    return market


def parcel(ref: str, tracking: str, state: str) -> list[dict[str, Any]]:
    return [{"ref": ref, "tracking": tracking, "carrier": "Post", "state": state}]


def test_a_payment_that_is_found(live: Database, clock: ManualClock, now: datetime) -> None:
    at = (now - DAY).isoformat()
    tried = {"ref": "p1", "method": "card", "amount": 5500, "state": "pending", "at": at}
    with live.transaction() as session:
        place_order(session, "O-1", now, kind="unsent", state="unpaid", payments=[tried])
        fields = {"payment_reference": "TX 17", "payment_date": "2026-04-13"}
        ask = asked(
            "O-1", now, reason="payment_not_credited", remedy="credit_order", fields=fields,
            line=None, text="I paid by card.",
        )  # fmt: skip
        row = opened(session, ask, now)
        case = row.id
        assert (row.line_id, row.state) == (None, "platform_check")
        place_order(session, "O-1", now, kind="unsent", state="paid", payments=[tried])
    for _ in range(2):
        drain(live, clock, FOLLOWERS)
    with live.transaction() as session:
        assert events_of(session, case) == ["open", "fixed"]
        assert session.get_one(CaseRow, case).state == "await_confirm"


def test_a_return_that_arrives(live: Database, clock: ManualClock, now: datetime) -> None:
    with live.transaction() as session:
        place_order(session, "O-1", now)
        case = opened(session, asked("O-1", now), now).id
        do(session, WEI, case, "offer", now, remedy="return_refund")
        do(session, OLGA, case, "accept_offer", now, offer_version=2)
        do(session, WEI, case, "label", now)
        do(session, OLGA, case, "return_shipped", now, tracking="RX 5")
        place_order(session, "O-1", now, parcels=parcel("other", "1Z", "delivered"))
    drain(live, clock, FOLLOWERS)
    with live.transaction() as session:
        assert session.get_one(CaseRow, case).state == "return_transit"
        place_order(session, "O-1", now, parcels=parcel("back", "rx 5", "delivered"))
    drain(live, clock, FOLLOWERS)
    with live.transaction() as session:
        row = session.get_one(CaseRow, case)
        assert row.state == "return_inspect"
        assert proved(session, row).ok


def test_told_in_the_conversation_once(live: Database, clock: ManualClock, now: datetime) -> None:
    with live.transaction() as session:
        place_order(session, "O-1", now)
        chat = open_chat(session, OLGA, now)
        case = opened(session, asked("O-1", now, conversation_id=chat), now).id
        do(session, MARTA, case, "take", now)  # nothing that the buyer is told of
        do(session, WEI, case, "refuse", now, text="It was sent.")
    for _ in range(2):
        drain(live, clock, FOLLOWERS)
    with live.reading() as session:
        told = [
            event.data["extra"]["case"]
            for event in events_after(session, OLGA, chat, 0)
            if event.kind == "message" and "case" in event.data["extra"]
        ]
        number = session.get_one(CaseRow, case).number
    assert [one["state"] for one in told] == ["wait_seller", "wait_buyer"]
    assert {(one["id"], one["number"]) for one in told} == {(str(case), number)}


def paid_first(session: Session, now: datetime) -> UUID:
    """Decided for the buyer and paid at once, before the seller has appealed."""
    place_order(session, "O-1", now)
    case = opened(session, asked("O-1", now), now).id
    do(session, WEI, case, "refuse", now, text="It was sent.")
    do(session, OLGA, case, "escalate", now)
    sent = {"remedy": "refund", "rule": "not_delivered", "reasons": "There is no scan."}
    assert do(session, MARTA, case, "decide", now, **sent).state == "refund_pending"
    return case


def test_a_sellers_appeal_after_the_payment_is_a_case_of_its_own(
    shop: Session, now: datetime
) -> None:
    case = paid_first(shop, now)
    do(shop, WEI, case, "appeal", now + DAY, grounds="new_fact", text="Here is the scan.")
    linked = shop.scalars(select(CaseRow).where(CaseRow.parent_id == case)).one()
    assert (linked.state, linked.family, linked.about_id) == (
        "appeal",
        "appeal",
        shop.get_one(CaseRow, case).about_id,
    )
    said = shop.scalars(select(CaseEntry).where(CaseEntry.case_id == linked.id)).one()
    assert said.text == "Here is the scan."
    with pytest.raises(Conflict):  # one appeal each
        do(shop, WEI, case, "appeal", now + DAY, grounds="new_fact", text="Again.")
    sent = {"amount": 3850, "reasons": "The scan is right."}
    with pytest.raises(Conflict):  # nobody looks at one's own decision
        do(shop, MARTA, linked.id, "change", now + DAY, **sent)
    row = do(shop, LENA, linked.id, "change", now + DAY, **sent)
    assert (row.state, row.outcome) == ("closed", "appeal_changed")
    assert proved(shop, row).ok
    assert [refund.amount for refund in refunds(shop)] == [3850]  # the buyer keeps it
    credit = shop.scalars(
        select(EventRow.data).where(EventRow.kind == "case_remedy", EventRow.subject == row.id)
    ).one()
    assert (credit["remedy"], credit["amount"]) == ("seller_credit", 3850)


def test_money_that_came_back_outside_is_subtracted(shop: Session, now: datetime) -> None:
    place_order(shop, "O-1", now)
    first = opened(shop, asked("O-1", now), now).id
    do(shop, MARTA, first, "hold", now, cause="chargeback")
    do(shop, MARTA, first, "release", now + DAY, amount=3000)
    do(shop, WEI, first, "accept_request", now + DAY)
    second = opened(shop, asked("O-1", now, line=2), now + DAY).id
    do(shop, SOL, second, "accept_request", now + DAY)
    assert sum(refund.amount for refund in refunds(shop)) <= 5500 - 3000
    assert refunds(shop)[0].amount == 850
