"""Promise: each list holds what it says, page after page, and is read along an index."""

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.cases.lists_queries import DeskAsked, OwnAsked, cases_for, desk_cases
from amparo.kernel.errors import Forbidden, Invalid
from amparo.storage.session import Database
from tests.cases.counting import statements
from tests.cases.crowd import OPERATORS, CaseCrowd

CROWD = CaseCrowd(1500)
ME = OPERATORS[0]


@pytest.fixture
def crowded(database: Database) -> Iterator[Session]:
    CROWD.fill(database)
    with database.reading() as session:
        yield session


def _all(session: Session, **asked: str) -> list[object]:
    rows, cursor = [], None
    while True:
        page = desk_cases(session, ME, DeskAsked(**asked, cursor=cursor, limit=40), "en")  # type: ignore[arg-type]
        rows += page.items
        cursor = page.next
        if cursor is None:
            return rows  # type: ignore[return-value]


def test_every_list(crowded: Session) -> None:
    whole = {str(one.id): one for one in _all(crowded, list="all")}  # type: ignore[attr-defined]
    count = crowded.scalar(text("SELECT count(*) FROM dispute WHERE closed_at IS NULL"))
    assert len(whole) == count
    due = [one.due_at for one in whole.values()]  # type: ignore[attr-defined]
    assert due == sorted(due)
    ours = _all(crowded, list="due", order_by="amount")
    assert [one.turn for one in ours] == ["platform"] * len(ours)  # type: ignore[attr-defined]
    amounts = [one.amount.amount for one in ours]  # type: ignore[attr-defined]
    assert amounts == sorted(amounts, reverse=True)
    assert all(one.closed_at for one in _all(crowded, list="closed"))  # type: ignore[attr-defined]
    counts = desk_cases(crowded, ME, DeskAsked(), "en").counts
    for name in ("due", "mine", "unassigned", "appeals", "alarms"):
        assert getattr(counts, name) == len(_all(crowded, list=name)), name


def test_ones_own_begin_with_what_is_open_and_go_on_with_what_is_over(crowded: Session) -> None:
    wei, rows, cursor = CROWD.seller(0), [], None
    while True:
        page = cases_for(crowded, wei, OwnAsked(cursor=cursor, limit=7), "en")
        rows += page.items
        cursor = page.next
        if cursor is None:
            break
    over = [one.closed_at is not None for one in rows]
    assert over == sorted(over)
    assert len({one.id for one in rows}) == len(rows) > 7
    assert {one.store_name for one in rows} == {"Store 0"}
    assert not any(one.reason == "payment_not_credited" for one in rows)


def test_a_number_or_a_buyer_is_found(crowded: Session) -> None:
    found = _all(crowded, list="closed", q=CROWD.number(3)) or _all(
        crowded, list="all", q=CROWD.number(3)
    )
    assert [one.number for one in found] == [CROWD.number(3)]  # type: ignore[attr-defined]
    assert not _all(crowded, list="all", q="zorkmid")


def test_a_page_costs_the_same_whatever_its_length(crowded: Session) -> None:
    with statements(crowded) as short:
        desk_cases(crowded, ME, DeskAsked(limit=1), "en")
    with statements(crowded) as long:
        desk_cases(crowded, ME, DeskAsked(limit=100), "en")
    assert len(short) == len(long) <= 4


def test_who_may_not_and_what_is_no_cursor(crowded: Session) -> None:
    with pytest.raises(Forbidden):
        desk_cases(crowded, CROWD.buyer(0), DeskAsked(), "en")
    with pytest.raises(Invalid):
        desk_cases(crowded, ME, DeskAsked(cursor="x"), "en")
    assert cases_for(crowded, CROWD.buyer(10**6), OwnAsked(), "en").items == []
