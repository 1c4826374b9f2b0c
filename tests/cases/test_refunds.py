"""Money goes back exactly once, whatever the provider does or says."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from amparo.cases.audit_queries import proved
from amparo.cases.demo_payments import DemoProvider, behaviours
from amparo.cases.http_payments import reply_of
from amparo.cases.models import CaseRow, RefundCall
from amparo.cases.payment_sender import Sender
from amparo.cases.payments import Provider, Refund
from amparo.cases.refunds_actions import settle_refund
from amparo.config import Settings
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Forbidden, NotFound
from amparo.storage.session import Database
from amparo.storage.timers import fire_next
from tests.cases.house import (
    DAY,
    MARTA,
    OLGA,
    SERVER,
    SOL,
    TIMERS,
    WEI,
    Till,
    asked,
    do,
    events_of,
    opened,
    place_order,
    refunds,
)


class House:
    """A case whose refund is on its way, and what runs beside it."""

    def __init__(self, database: Database, clock: ManualClock, provider: Provider) -> None:
        self.database, self.clock = database, clock
        settings = Settings(data="unused")  # type: ignore[arg-type]
        self.sender = Sender(database, clock, settings, provider=provider)
        with database.transaction() as session:
            place_order(session, "O-1", clock.now())
            self.case = opened(session, asked("O-1", clock.now()), clock.now()).id
            do(session, WEI, self.case, "accept_request", clock.now())

    def work(self, step: timedelta | None = None) -> None:
        """Time goes on, and everything that is due happens."""
        if step is not None:
            self.clock.advance(step)
        for _ in range(50):
            fired = self.fire()
            if not self.sender.run_once() and not fired:
                return
        raise AssertionError("it goes on without end")

    def fire(self) -> int:
        fired = 0
        while fire_next(self.database, TIMERS, self.clock.now()):
            fired += 1
        return fired

    def row(self) -> CaseRow:
        with self.database.reading() as session:
            row = session.get_one(CaseRow, self.case)
            session.expunge(row)
            return row

    def events(self) -> list[str]:
        with self.database.reading() as session:
            row = session.get_one(CaseRow, self.case)
            assert proved(session, row).ok
            return events_of(session, self.case)


def test_paid_once_and_closed(market: Database, clock: ManualClock) -> None:
    till = Till()
    house = House(market, clock, till)
    house.work()
    assert till.paid == {f"refund-{house.case}": 3850}
    row = house.row()
    assert (row.state, row.outcome) == ("closed", "refunded")
    house.work(30 * DAY)
    assert till.told == [f"refund-{house.case}"]


def test_an_answer_that_is_lost_is_asked_for(market: Database, clock: ManualClock) -> None:
    """It was paid, and we do not know: nobody is told to pay again."""
    till = Till(answers=["lost"])
    house = House(market, clock, till)
    house.work()
    assert house.row().state == "refund_pending"
    house.work(timedelta(minutes=1))
    assert house.row().state == "closed"
    assert len(till.told) == 1


def test_what_the_provider_never_heard_of_is_told_again(
    market: Database, clock: ManualClock
) -> None:
    till = Till(answers=["deaf", "deaf"])
    house = House(market, clock, till)
    for _ in range(4):
        house.work(timedelta(minutes=15))
    assert house.row().state == "closed"
    assert len(till.told) == 3
    assert len(till.paid) == 1


def test_refused_is_tried_again_with_the_same_key(market: Database, clock: ManualClock) -> None:
    till = Till(answers=["failed", "failed"])
    house = House(market, clock, till)
    house.work()
    assert house.row().state == "refund_failed"
    for _ in range(3):
        house.work(DAY + timedelta(hours=1))
    assert house.row().state == "closed"
    assert till.told == [f"refund-{house.case}"] * 3
    assert house.events().count("retry_due") == 2


def test_never_paid_stays_open_with_an_alarm(market: Database, clock: ManualClock) -> None:
    till = Till(always="deaf")
    house = House(market, clock, till)
    for _ in range(60):
        house.work(DAY)
    row = house.row()
    assert (row.state, row.alarm, row.closed_at) == ("refund_failed", True, None)
    assert row.due_at is not None
    assert house.events().count("retry_due") == 4  # and the first: five tries with one key
    assert till.paid == {}
    till.always = "paid"
    with market.transaction() as session:  # finance has paid by hand, and says so, twice
        key = refunds(session)[0].key
        for _ in range(2):
            settle_refund(session, SERVER, key, "paid", "by hand", clock.now())
    row = house.row()
    assert (row.state, row.alarm) == ("closed", False)


def test_what_is_said_late_or_twice_changes_nothing(market: Database, clock: ManualClock) -> None:
    house = House(market, clock, Till())
    house.work()
    before = house.row().data
    with market.transaction() as session:
        key = refunds(session)[0].key
        for state in ("paid", "failed", "unknown", "nonsense"):
            assert settle_refund(session, SERVER, key, state, None, clock.now()).state == "paid"
        with pytest.raises(NotFound):
            settle_refund(session, SERVER, "refund-none", "paid", None, clock.now())
        for who in (OLGA, WEI, MARTA):
            with pytest.raises(Forbidden):
                settle_refund(session, who, key, "paid", None, clock.now())
    assert house.row().data == before


def test_a_process_that_died_after_it_had_told(market: Database, clock: ManualClock) -> None:
    """The provider was told, our process died before it wrote the answer down."""
    till = Till()
    house = House(market, clock, till)
    taken, _ = house.sender._take()
    assert len(taken) == 1
    till.refund(taken[0].job.refund, clock.now())
    house.work(timedelta(minutes=30))  # the lease is over, another process takes it
    assert house.row().state == "closed"
    assert len(till.told) == 1


@pytest.mark.parametrize("behaviour", ["ok", "slow", "late", "double"])
def test_the_demo_pays_in_the_end(market: Database, clock: ManualClock, behaviour: str) -> None:
    house = House(market, clock, DemoProvider(f"failing,O-1={behaviour}"))
    for _ in range(4):
        house.work(timedelta(minutes=20))
    assert house.row().state == "closed"
    assert house.events().count("provider_ok") == 1


@pytest.mark.parametrize("behaviour", ["silent", "failing"])
def test_the_demo_does_not_pay(market: Database, clock: ManualClock, behaviour: str) -> None:
    house = House(market, clock, DemoProvider(behaviour))
    for _ in range(60):
        house.work(DAY)
    assert house.row().state == "refund_failed"
    assert house.row().alarm


def test_the_demo_pays_a_key_once(now: datetime) -> None:
    demo = DemoProvider("ok")
    assert demo.refund(Refund("k", "O-1", 5, "EUR"), now).state == "paid"
    assert demo.refund(Refund("k", "O-1", 6, "EUR"), now).state == "failed"
    with pytest.raises(ValueError, match="none of"):
        behaviours("O-1=ok")
    with pytest.raises(ValueError, match="ORDER=BEHAVIOUR"):
        behaviours("ok,late")


@pytest.mark.parametrize(
    ("body", "state"),
    [
        (b'{"state": "paid", "ref": 7}', "paid"),
        (b'{"state": "failed"}', "failed"),
        (b'{"state": "none"}', "none"),
        (b'{"state": "pending"}', "unknown"),
        (b'{"state": ["paid"]}', "unknown"),
        (b"[]", "unknown"),
        (b"paid", "unknown"),
        (b"\xff\xfe", "unknown"),
        (b"", "unknown"),
    ],
)
def test_only_a_clear_word_counts(body: bytes, state: str) -> None:
    assert reply_of(body).state == state


def both_lines(session: Session, now: datetime, **changes: Any) -> list[UUID]:
    place_order(session, "O-9", now, **changes)
    return [opened(session, asked("O-9", now, line=line), now).id for line in (1, 2)]


def test_never_more_than_was_captured(shop: Session, now: datetime) -> None:
    """Two lines worth 55.00, of which the buyer got 40.00 back outside meanwhile."""
    payment = {"ref": "p1", "method": "card", "amount": 5500, "state": "captured"}
    at = (now - 20 * DAY).isoformat()
    back = {"ref": "p2", "method": "card", "amount": 4000, "state": "refunded", "at": at}
    paid = [payment | {"at": at, "amount": 1500}, back]
    first, second = both_lines(shop, now, payments=paid)
    do(shop, WEI, first, "accept_request", now)
    assert [refund.amount for refund in refunds(shop)] == [1500]
    row = shop.get_one(CaseRow, second)
    assert row.amount <= 1500
    do(shop, SOL, second, "accept_request", now)
    row = shop.get_one(CaseRow, second, populate_existing=True)
    assert (row.state, row.outcome) == ("closed", "nothing_to_refund")
    assert sum(refund.amount for refund in refunds(shop)) == 1500
    assert shop.scalar(select(func.count()).select_from(RefundCall)) == 1
