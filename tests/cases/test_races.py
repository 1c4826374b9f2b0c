"""Several people at the same moment: one case, one end, money once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select

from amparo.cases.actions import Act, act
from amparo.cases.audit_queries import proved
from amparo.cases.models import CaseRow, CaseStep, RefundCall
from amparo.cases.opening_actions import open_case
from amparo.cases.refunds_actions import settle_refund
from amparo.kernel.errors import Problem
from amparo.kernel.ids import new_id
from amparo.storage.session import Database
from amparo.storage.timers import fire_next
from tests.cases.house import (
    DAY,
    OLGA,
    SERVER,
    SOL,
    TIMERS,
    WEI,
    asked,
    do,
    events_of,
    opened,
    place_order,
    refunds,
)

SECOND = timedelta(seconds=1)


def together(*jobs: object) -> list[object]:
    """Run them at the same moment; what each gave, or the problem it met."""
    barrier = Barrier(len(jobs))

    def run(job: object) -> object:
        barrier.wait(10)
        try:
            return job()  # type: ignore[operator]
        except Problem as problem:
            return problem.code

    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


@pytest.mark.parametrize("same_id", [True, False])
def test_one_case_however_many_open_it(market: Database, now: datetime, same_id: bool) -> None:
    with market.transaction() as session:
        place_order(session, "O-1", now)
    id = new_id()

    def job() -> tuple[UUID, bool]:
        ask = asked("O-1", now, id=id if same_id else new_id())
        with market.transaction() as session:
            row, existed = open_case(session, OLGA, ask, now)
            return row.id, existed

    found = together(*[job] * 8)
    assert len({one[0] for one in found}) == 1  # type: ignore[index]
    assert sorted(one[1] for one in found) == [False] + [True] * 7  # type: ignore[index]
    with market.transaction() as session:
        assert session.scalar(select(func.count()).select_from(CaseRow)) == 1
        assert session.scalar(select(func.count()).select_from(CaseStep)) == 1


@pytest.mark.parametrize("attempt", range(6))
def test_an_acceptance_and_the_deadline(market: Database, now: datetime, attempt: int) -> None:
    """Received a second before the deadline it always wins, whoever is processed first."""
    with market.transaction() as session:
        place_order(session, "O-1", now)
        case = opened(session, asked("O-1", now), now).id
        do(session, WEI, case, "offer", now, remedy="part_refund", amount=700)
        due = session.get_one(CaseRow, case).due_at
    assert due is not None
    received = due - SECOND if attempt % 2 else due + SECOND

    def accept() -> str:
        with market.transaction() as session:
            deed = Act(new_id(), "accept_offer", {"offer_version": 2})
            return act(session, OLGA, case, deed, received).state

    def fire() -> int:
        return sum(fire_next(market, TIMERS, received) for _ in range(20))

    together(accept, fire)
    for _ in range(20):
        fire_next(market, TIMERS, due + 2 * SECOND)
    with market.transaction() as session:
        row = session.get_one(CaseRow, case)
        assert proved(session, row).ok
        events = events_of(session, case)
        if received < due:
            assert events == ["open", "offer", "accept_offer", "route"]
        else:  # the offer still stands in the review: it can be accepted there
            assert events[:3] == ["open", "offer", "buyer_silent"]
        assert sum(refund.amount for refund in refunds(session)) <= 700


def test_two_sides_of_one_offer(market: Database, now: datetime) -> None:
    """The buyer accepts while the seller makes another offer: exactly one of them."""
    with market.transaction() as session:
        place_order(session, "O-1", now)
        case = opened(session, asked("O-1", now), now).id
        do(session, WEI, case, "offer", now, remedy="part_refund", amount=700)

    def accept() -> str:
        with market.transaction() as session:
            deed = Act(new_id(), "accept_offer", {"offer_version": 2})
            return act(session, OLGA, case, deed, now + SECOND).state

    def improve() -> str:
        with market.transaction() as session:
            deed = Act(new_id(), "improve", {"remedy": "part_refund", "amount": 900})
            return act(session, WEI, case, deed, now + SECOND).state

    found = together(accept, improve)
    assert found in (
        ["refund_pending", "case_action_not_possible"],
        ["case_offer_changed", "wait_buyer"],
    )


def test_two_lines_of_one_order_and_too_little_money(market: Database, now: datetime) -> None:
    """55.00 were ordered, 40.00 captured: both sellers give in at the same moment."""
    with market.transaction() as session:
        at = (now - 20 * DAY).isoformat()
        paid = {"ref": "p1", "method": "card", "amount": 4000, "state": "captured", "at": at}
        place_order(session, "O-1", now, payments=[paid])
        cases = [opened(session, asked("O-1", now, line=n), now).id for n in (1, 2)]

    def give(seller: int) -> str:
        who = (WEI, SOL)[seller]
        with market.transaction() as session:
            deed = Act(new_id(), "accept_request")
            return act(session, who, cases[seller], deed, now + SECOND).state

    together(lambda: give(0), lambda: give(1))
    with market.transaction() as session:
        amounts = [refund.amount for refund in refunds(session)]
        assert sum(amounts) == 4000


def test_the_providers_word_from_two_doors(market: Database, now: datetime) -> None:
    with market.transaction() as session:
        place_order(session, "O-1", now)
        case = opened(session, asked("O-1", now), now).id
        do(session, WEI, case, "accept_request", now)
        key = refunds(session)[0].key

    def say(word: str) -> str:
        with market.transaction() as session:
            return settle_refund(session, SERVER, key, word, None, now + SECOND).state

    assert together(*[lambda: say("paid")] * 6) == ["paid"] * 6
    with market.transaction() as session:
        assert events_of(session, case).count("provider_ok") == 1
        assert session.get_one(CaseRow, case).state == "closed"
        assert session.scalar(select(func.count()).select_from(RefundCall)) == 1
