"""Opening a case: by whom it may, once, and with nothing changed where it may not."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from amparo.cases.models import CaseEntry, CaseFile, CaseRow, CaseStep
from amparo.cases.opening_actions import open_case
from amparo.cases.payout_queries import PayoutHold, payout_holds
from amparo.cases.steps_actions import fire_due
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Problem
from amparo.storage.events import EventRow
from amparo.storage.timers import TimerRow
from tests.cases.house import (
    ANA,
    DAY,
    MARTA,
    OLGA,
    SERVER,
    WEI,
    asked,
    described,
    do,
    opened,
    photo,
    place_order,
)


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_a_case_has_all_that_belongs_to_it(shop: Session, now: datetime) -> None:
    place_order(shop, "O-1", now)
    row = opened(shop, asked("O-1", now), now)
    assert (row.state, row.turn, row.stage) == ("wait_seller", "seller", "negotiation")
    assert (row.amount, row.currency) == (3850, "EUR")  # 35.00 and 70 % of the shipping
    assert (row.order_ref, row.position, row.store_ref) == ("O-1", 1, "store-wei")
    assert row.title == "Desk lamp"
    kinds = {
        timer.kind: timer.due
        for timer in shop.scalars(select(TimerRow).where(TimerRow.subject == row.id))
    }
    assert set(kinds) == {"case_deadline", "case_reminder"}
    assert kinds["case_deadline"] == row.due_at
    said = shop.scalars(select(CaseEntry).where(CaseEntry.case_id == row.id)).one()
    assert (said.text, said.data["address_checked"]) == ("The lamp has not come.", True)
    told = shop.scalars(select(EventRow.kind).where(EventRow.subject == row.id)).all()
    assert {"case_opened", "case_payout"} <= set(told)


def test_while_a_case_is_open_its_line_is_not_paid_out(shop: Session, now: datetime) -> None:
    place_order(shop, "O-1", now)
    assert payout_holds(shop, SERVER, "O-1") == []
    row = opened(shop, asked("O-1", now), now)
    assert payout_holds(shop, SERVER, "O-1") == [PayoutHold(row.number, 1, "store-wei")]
    with pytest.raises(Forbidden):
        payout_holds(shop, OLGA, "O-1")
    do(shop, OLGA, row.id, "withdraw", now)
    assert payout_holds(shop, SERVER, "O-1") != []
    fire_due(shop, row, now + 4 * DAY)
    shop.flush()
    assert payout_holds(shop, SERVER, "O-1") == []


def test_a_second_one_on_the_line_is_the_first(shop: Session, now: datetime) -> None:
    place_order(shop, "O-1", now)
    ask = asked("O-1", now)
    row = opened(shop, ask, now)
    for again in (ask, asked("O-1", now), asked("O-1", now, remedy="replacement")):
        found, existed = open_case(shop, OLGA, again, now + DAY)
        assert existed
        assert found.id == row.id
    assert count(shop, CaseStep) == 1
    other, existed = open_case(shop, OLGA, asked("O-1", now, line=2), now)
    assert not existed
    assert other.store_ref == "store-sol"


def test_after_the_end_a_new_one_can_be_opened(shop: Session, now: datetime) -> None:
    place_order(shop, "O-1", now)
    row = opened(shop, asked("O-1", now), now)
    do(shop, OLGA, row.id, "withdraw", now)
    do(shop, OLGA, row.id, "undo", now)
    do(shop, OLGA, row.id, "withdraw", now)
    later = now + 4 * DAY
    with pytest.raises(Conflict):  # its withdrawal was over before this reached us
        do(shop, OLGA, row.id, "undo", later)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": 3851}, "case_amount_too_high"),
        ({"remedy": "coupon"}, "case_remedy_not_possible"),
        ({"remedy": "gold"}, "case_remedy_not_possible"),
        ({"reason": "boredom"}, "case_field_missing"),
        ({"reason": "warranty", "remedy": "repair"}, "case_not_possible"),
        ({"contacted_at": None}, "case_not_possible"),
        ({"text": " "}, "case_field_missing"),
        ({"text": "x" * 3001}, "case_field_too_long"),
        ({"fields": {}}, "case_field_missing"),
        ({"fields": {str(n): "x" for n in range(40)}}, "case_field_too_long"),
        ({"line": None}, "case_line_needed"),
        ({"line": 7}, "not_found"),
        ({"order_ref": "O-2"}, "not_found"),
    ],
)
def test_what_is_not_possible_changes_nothing(
    shop: Session, now: datetime, changes: dict[str, Any], code: str
) -> None:
    place_order(shop, "O-1", now)
    with pytest.raises(Problem) as caught, shop.begin_nested():
        open_case(shop, OLGA, asked("O-1", now, **changes), now)
    assert caught.value.code == code
    assert count(shop, CaseRow) == count(shop, CaseStep) == count(shop, CaseEntry) == 0
    assert not shop.scalars(select(TimerRow).where(TimerRow.kind.like("case%"))).all()


def test_too_early_says_from_when_on(shop: Session, now: datetime) -> None:
    place_order(shop, "O-1", now)
    ask = asked("O-1", now, contacted_at=now - timedelta(hours=47))
    with pytest.raises(Conflict) as caught:
        open_case(shop, OLGA, ask, now)
    assert caught.value.code == "case_too_early"
    assert caught.value.params["not_before"] == "2026-04-14T13:00:00.000Z"


@pytest.mark.parametrize("who", [ANA, WEI, MARTA])
def test_an_order_of_somebody_else(shop: Session, now: datetime, who: Actor) -> None:
    place_order(shop, "O-1", now)
    with pytest.raises((NotFound, Forbidden)):
        open_case(shop, who, asked("O-1", now), now)
    assert count(shop, CaseRow) == 0


def test_an_id_that_is_taken(shop: Session, now: datetime) -> None:
    place_order(shop, "O-1", now)
    place_order(shop, "O-2", now)
    row = opened(shop, asked("O-1", now), now)
    with pytest.raises(Conflict) as caught:
        open_case(shop, OLGA, asked("O-2", now, id=row.id), now)
    assert caught.value.code == "request_id_used"


def test_what_a_reason_cannot_do_without(shop: Session, now: datetime) -> None:
    place_order(shop, "O-1", now, kind="delivered")
    picture = photo(shop, OLGA, now)
    with pytest.raises(Invalid) as caught, shop.begin_nested():
        open_case(shop, OLGA, described("O-1", now, picture, files=()), now)
    assert caught.value.params["field"] == "photos"
    row = opened(shop, described("O-1", now, picture), now)
    kept = shop.get_one(CaseFile, picture, populate_existing=True)
    assert kept.case_id == row.id
    assert kept.entry_id is not None


def test_somebody_elses_picture_is_not_taken(shop: Session, now: datetime) -> None:
    place_order(shop, "O-1", now, kind="delivered")
    foreign = photo(shop, ANA, now)
    with pytest.raises(Invalid) as caught, shop.begin_nested():
        open_case(shop, OLGA, described("O-1", now, foreign), now)
    assert caught.value.code == "file_not_found"
    assert count(shop, CaseRow) == 0
