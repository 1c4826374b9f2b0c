"""Deadlines: never early, in order, once, later by what nothing ran; reminders before them."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from amparo.cases import deadlines_actions
from amparo.cases.audit_queries import proved
from amparo.cases.models import CaseRow, Outage
from amparo.cases.outages_actions import came_up, outages_over, went_down
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict
from amparo.storage import nodes
from amparo.storage.events import EventRow
from amparo.storage.session import Database
from amparo.storage.timers import TimerRow, fire_next
from tests.cases.house import (
    DAY,
    OLGA,
    TIMERS,
    WEI,
    asked,
    do,
    events_of,
    opened,
    place_order,
    steps_of,
)

HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


def fire(market: Database, now: datetime) -> int:
    """Fire what is due, as the thread of timers does."""
    fired = 0
    while fire_next(market, TIMERS, now):
        fired += 1
        assert fired < 100
    return fired


def new_case(market: Database, now: datetime, ref: str = "O-1") -> UUID:
    with market.transaction() as session:
        place_order(session, ref, now)
        return opened(session, asked(ref, now), now).id


def row_of(session: Session, case: UUID) -> CaseRow:
    return session.get_one(CaseRow, case, populate_existing=True)


def happened(market: Database, case: UUID) -> list[str]:
    with market.transaction() as session:
        assert proved(session, row_of(session, case)).ok
        return events_of(session, case)


def test_not_a_second_early(market: Database, now: datetime) -> None:
    case = new_case(market, now)
    due = now + 3 * DAY  # three business days from a Tuesday
    fire(market, due - SECOND)
    assert happened(market, case) == ["open"]
    fire(market, due)
    assert happened(market, case)[:2] == ["open", "seller_silent"]
    assert fire(market, due) == 0


def test_who_acted_in_time_is_not_late(market: Database, now: datetime) -> None:
    """The seller's answer came before the deadline and is processed after it was due."""
    case = new_case(market, now)
    with market.transaction() as session:
        do(session, WEI, case, "refuse", now + 3 * DAY - SECOND, text="It is on its way.")
    fire(market, now + 4 * DAY)
    assert happened(market, case) == ["open", "refuse"]


def test_who_acted_too_late_finds_what_has_happened(market: Database, now: datetime) -> None:
    """The timer has not been processed yet, and the deadline counts all the same."""
    case = new_case(market, now)
    with pytest.raises(Conflict), market.transaction() as session:
        do(session, WEI, case, "refuse", now + 3 * DAY + SECOND, text="It is on its way.")
    assert happened(market, case) == ["open"]  # nothing changed by the refusal
    with market.transaction() as session:
        do(session, WEI, case, "seller_refund", now + 2 * DAY)
        row = row_of(session, case)
        assert row.state == "refund_pending"


def test_in_order_of_their_times_after_a_long_sleep(market: Database, now: datetime) -> None:
    cases = [new_case(market, now + n * HOUR, f"O-{n}") for n in (3, 1, 2)]
    with market.transaction() as session:
        do(session, WEI, cases[0], "refuse", now + 4 * HOUR, text="No.")
    fire(market, now + 5 * DAY)
    with market.transaction() as session:
        fired = {case: [s for s in steps_of(session, case) if s.who == "timer"] for case in cases}
        assert [len(fired[case]) for case in cases] == [0, 1, 1]
    fire(market, now + 60 * DAY)
    for case in cases:
        with market.transaction() as session:
            times = [step.at for step in steps_of(session, case)]
            assert times == sorted(times)


def test_each_deadline_once_whoever_fires(market: Database, now: datetime) -> None:
    """Woken for nothing, or twice, nothing happens again."""
    case = new_case(market, now)
    later = now + 3 * DAY
    fire(market, later)
    before = happened(market, case)
    with market.transaction() as session:
        for handler in TIMERS.values():
            handler(session, case, {}, later)
            handler(session, UUID(int=7), {}, later)
    assert happened(market, case) == before


def test_a_case_that_cannot_go_on_does_not_stop_the_others(
    market: Database, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken, whole = new_case(market, now, "O-1"), new_case(market, now + HOUR, "O-2")
    with market.transaction() as session:
        session.execute(
            text("UPDATE dispute SET policy_version = 'lost' WHERE id = :id"), {"id": broken}
        )
    fire(market, now + 3 * DAY + HOUR)
    assert happened(market, whole)[1] == "seller_silent"
    with market.transaction() as session:
        row = row_of(session, broken)
        assert (row.version, row.alarm) == (1, True)
        again = session.scalars(select(TimerRow).where(TimerRow.subject == broken)).all()
        assert all(timer.due > now + 3 * DAY + HOUR for timer in again)
        assert again
        row.policy_version = "2026.1"
    fire(market, now + 3 * DAY + 2 * HOUR)
    assert happened(market, broken)[1] == "seller_silent"


def reminders(session: Session, case: UUID) -> list[dict[str, Any]]:
    query = (
        select(EventRow.data)
        .where(EventRow.subject == case, EventRow.kind == "case_notice")
        .order_by(EventRow.ordinal)
    )
    return [data for data in session.scalars(query) if "nth" in data]


def test_reminded_at_half_and_shortly_before(market: Database, now: datetime) -> None:
    case = new_case(market, now)
    with market.transaction() as session:
        do(session, WEI, case, "refuse", now, text="No.")
    seen: list[int] = []
    for hour in range(7 * 24):
        fire(market, now + hour * HOUR)
        with market.reading() as session:
            if len(reminders(session, case)) > len(seen):
                seen.append(hour)
    assert seen == [84, 152]  # 50 % and 90 % of seven days, at the next full hour
    with market.reading() as session:
        told = reminders(session, case)
        assert [one["to"] for one in told] == [["buyer"], ["buyer"]]
        assert told[0]["channels"] == ["panel", "mail"]
        assert told[0]["text"] == "reminder_buyer_silent"


def test_reminders_are_not_repeated_when_the_request_is_edited(
    market: Database, now: datetime
) -> None:
    case = new_case(market, now)
    fire(market, now + 2 * DAY)
    with market.transaction() as session:
        assert len(reminders(session, case)) == 1
        due = row_of(session, case).due_at
        do(session, OLGA, case, "edit_request", now + 2 * DAY, remedy="replacement")
        assert row_of(session, case).due_at == due
    fire(market, now + 2 * DAY + HOUR)
    with market.reading() as session:
        assert len(reminders(session, case)) == 1


def test_a_return_that_is_never_sent_ends_only_after_warnings(
    market: Database, now: datetime
) -> None:
    case = new_case(market, now)
    with market.transaction() as session:
        do(session, WEI, case, "offer", now, remedy="return_refund")
        do(session, OLGA, case, "accept_offer", now, offer_version=2)
        do(session, WEI, case, "label", now)
    for day in range(30):
        fire(market, now + day * DAY)
    with market.transaction() as session:
        row = row_of(session, case)
        assert (row.state, row.outcome) == ("closed", "return_not_sent")
        assert events_of(session, case).count("warned") >= 2


def test_without_an_address_a_person_looks(market: Database, now: datetime) -> None:
    """Warnings that could not arrive by mail are not enough to end a case without money."""
    with market.transaction() as session:
        session.execute(text("UPDATE person SET email = NULL WHERE ref = 'buyer-olga'"))
    case = new_case(market, now)
    with market.transaction() as session:
        do(session, WEI, case, "offer", now, remedy="return_refund")
        do(session, OLGA, case, "accept_offer", now, offer_version=2)
        do(session, WEI, case, "label", now)
    for day in range(26):
        fire(market, now + day * DAY)
    with market.transaction() as session:
        assert row_of(session, case).state == "review"


# -- when nothing ran --------------------------------------------------------------------------


def down(session: Session, began: datetime, ended: datetime) -> None:
    """All processes died at ``began``; one came up at ``ended``."""
    session.execute(text("DELETE FROM node"))
    nodes.arrive(session, "a", "here", began)
    came_up(session, ended)
    nodes.take_place(session, "here")
    nodes.arrive(session, "b", "here", ended)


def test_a_deadline_while_nothing_ran_is_later_by_as_much(market: Database, now: datetime) -> None:
    case = new_case(market, now)
    due = now + 3 * DAY
    with market.transaction() as session:
        down(session, due - 5 * HOUR, due + 3 * HOUR)
    fire(market, due + 3 * HOUR)
    assert happened(market, case) == ["open", "extended"]
    with market.transaction() as session:
        assert row_of(session, case).due_at == due + 8 * HOUR
    fire(market, due + 8 * HOUR - SECOND)
    assert happened(market, case) == ["open", "extended"]
    with market.transaction() as session:  # the seller is in time now
        do(session, WEI, case, "refuse", due + 8 * HOUR - SECOND, text="No.")
    fire(market, due + 9 * HOUR)
    assert happened(market, case) == ["open", "extended", "refuse"]


def test_who_acts_first_after_it_is_in_time(market: Database, now: datetime) -> None:
    case = new_case(market, now)
    due = now + 3 * DAY
    with market.transaction() as session:
        down(session, due - HOUR, due + HOUR)
        do(session, WEI, case, "refuse", due + HOUR + SECOND, text="No.")
    assert happened(market, case) == ["open", "extended", "refuse"]


def test_only_what_fell_into_it_moves(market: Database, now: datetime) -> None:
    case = new_case(market, now)
    due = now + 3 * DAY
    with market.transaction() as session:
        down(session, due - 5 * HOUR, due - 2 * HOUR)
    fire(market, due)
    assert happened(market, case)[1] == "seller_silent"


def test_how_long_it_was_away(session: Session, now: datetime) -> None:
    for began, ended in ((0, 10), (12, 20), (30, 31)):
        session.add(Outage(began_at=now + began * HOUR, ended_at=now + ended * HOUR))
    session.flush()
    at = now + 40 * HOUR
    moved = {hour: outages_over(session, now + hour * HOUR, at) / HOUR for hour in range(-1, 32, 2)}
    # at 3 o'clock: until 13, which is in the next one: until 21
    assert moved[3] == 18
    assert (moved[-1], moved[1], moved[11], moved[13], moved[21], moved[31]) == (0, 10, 0, 8, 0, 0)


def test_what_counts_as_away(session: Session, now: datetime) -> None:
    def known() -> list[Outage]:
        return list(session.scalars(select(Outage).order_by(Outage.began_at)))

    came_up(session, now)  # the first start ever
    assert known() == []
    nodes.arrive(session, "a", "here", now)
    came_up(session, now + timedelta(seconds=30))  # a second machine, or a quick restart
    assert known() == []
    nodes.leave(session, "a")
    went_down(session, now + DAY)
    came_up(session, now + 2 * DAY)
    assert [(one.began_at, one.ended_at) for one in known()] == [(now + DAY, now + 2 * DAY)]
    came_up(session, now + 2 * DAY)
    assert len(known()) == 1


def test_the_timer_gives_way_to_who_acts(market: Database, clock: ManualClock) -> None:
    """Whoever acts holds the case; the timer looks again a second later, and waits for nobody."""
    case = new_case(market, clock.now())
    due = clock.now() + 3 * DAY
    with market.transaction() as session:
        row_of(session, case)
        session.execute(text("SELECT 1 FROM dispute WHERE id = :id FOR UPDATE"), {"id": case})
        assert fire_next(market, {"case_deadline": deadlines_actions.deadline_due}, due)
    assert happened(market, case) == ["open"]
    fire(market, due + SECOND)
    assert happened(market, case)[1] == "seller_silent"
