"""The n-th statement, file write or call of the provider fails: nothing is ever half done."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import event, func, select, text
from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session

from amparo.cases import evidence_actions
from amparo.cases.actions import Act, act
from amparo.cases.audit_queries import proved
from amparo.cases.deadlines_actions import deadline_due
from amparo.cases.models import CaseFile, CaseRow
from amparo.cases.opening_actions import open_case
from amparo.cases.payment_sender import Sender
from amparo.cases.payments import Refund, Reply
from amparo.config import Settings
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Invalid, Unavailable
from amparo.kernel.ids import new_id
from amparo.storage.events import EventRow
from amparo.storage.files import Folder
from amparo.storage.session import Database, connect
from amparo.storage.timers import TimerRow
from tests.cases.house import (
    DAY,
    MARTA,
    OLGA,
    WEI,
    Pixels,
    Till,
    asked,
    do,
    furnish,
    opened,
    place_order,
    refunds,
)

pytestmark = [pytest.mark.fault, pytest.mark.timeout(240)]
Deed = Callable[[Session], object]


@contextmanager
def failing(database: Database, nth: int) -> Iterator[list[int]]:
    """The n-th statement from now on finds the database gone; what stands there counts them."""
    seen = [0]
    cutter = connect(database.engine.url.render_as_string(hide_password=False), pool=1)

    def look(*_: Any) -> None:
        seen[0] += 1
        if seen[0] == nth:
            raise OperationalError("injected", None, Exception("the line is dead"))

    def at_commit(connection: Any) -> None:
        seen[0] += 1
        if seen[0] == nth:  # the server ends the connection: the commit itself finds out
            pid = connection.connection.driver_connection.info.backend_pid
            with cutter.engine.connect() as other:
                other.execute(text("SELECT pg_terminate_backend(:pid, 5000)"), {"pid": pid})

    event.listen(database.engine, "before_cursor_execute", look)
    event.listen(database.engine, "commit", at_commit)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", look)
        event.remove(database.engine, "commit", at_commit)
        cutter.close()


def picture(database: Database) -> dict[str, Any]:
    """All that a step could have changed."""
    with database.transaction() as session:
        rows = session.scalars(select(CaseRow).order_by(CaseRow.id)).all()
        assert all(proved(session, row).ok for row in rows)
        events = select(func.count()).where(EventRow.kind.like("case%"))
        timers = select(TimerRow.kind, TimerRow.subject, TimerRow.due)
        return {
            "cases": [(row.id, row.version, row.state, row.last_hash) for row in rows],
            "refunds": [(one.key, one.amount, one.state) for one in refunds(session)],
            "events": session.scalar(events),
            "timers": sorted(map(tuple, session.execute(timers)), key=str),
        }


def fails_everywhere(database: Database, deed: Deed, most: int = 150) -> int:
    """Let each statement of the deed fail in turn, until it comes through; returns how many."""
    before = picture(database)
    for nth in range(1, most):
        with failing(database, nth) as seen:
            try:
                with database.transaction() as session:
                    deed(session)
            except OperationalError:
                pass
            else:
                assert seen[0] < nth
                return nth - 1
        assert picture(database) == before, f"statement {nth} left something behind"
    raise AssertionError("it never comes through")


@pytest.fixture
def house(database: Database, now: datetime) -> Database:
    with database.transaction() as session:
        furnish(session, now)
        place_order(session, "O-1", now)
    return database


def with_case(database: Database, now: datetime, *deeds: tuple[Actor, str, Any]) -> UUID:
    with database.transaction() as session:
        case = opened(session, asked("O-1", now), now).id
        for actor, action, data in deeds:
            do(session, actor, case, action, now, **data)
        return case


def acting(actor: Actor, case: UUID, now: datetime, action: str, **data: Any) -> Deed:
    deed = Act(new_id(), action, data)
    return lambda session: act(session, actor, case, deed, now)


def test_opening(house: Database, now: datetime) -> None:
    ask = asked("O-1", now)
    assert fails_everywhere(house, lambda session: open_case(session, OLGA, ask, now)) > 10
    after = picture(house)
    with house.transaction() as session:
        assert open_case(session, OLGA, ask, now)[1]
    assert picture(house) == after


def test_offering(house: Database, now: datetime) -> None:
    case = with_case(house, now)
    deed = acting(WEI, case, now, "offer", remedy="part_refund", amount=700)
    assert fails_everywhere(house, deed) > 10


def test_accepting(house: Database, now: datetime) -> None:
    offer = (WEI, "offer", {"remedy": "part_refund", "amount": 700})
    case = with_case(house, now, offer)
    assert fails_everywhere(house, acting(OLGA, case, now, "accept_offer", offer_version=2)) > 10
    assert [one[1] for one in picture(house)["refunds"]] == [700]


def test_deciding(house: Database, now: datetime) -> None:
    case = with_case(house, now, (WEI, "refuse", {"text": "No."}), (OLGA, "escalate", {}))
    data = {"remedy": "refund", "rule": "not_delivered", "reasons": "No scan."}
    assert fails_everywhere(house, acting(MARTA, case, now, "decide", **data)) > 10
    assert [one[1] for one in picture(house)["refunds"]] == [3850]


def test_a_deadline(house: Database, now: datetime) -> None:
    """The timer itself is part of it: as long as it has not fired, it is there."""
    case = with_case(house, now)
    with house.reading() as session:
        due = session.get_one(CaseRow, case).due_at
    assert due is not None
    assert fails_everywhere(house, lambda session: deadline_due(session, case, {}, due)) > 10
    assert picture(house)["cases"][0][1] > 1


class Line(Till):
    """A provider whose n-th call does not come through, before or after it has paid."""

    nth, after, calls = 0, False, 0

    def _fails(self, where: bool) -> None:
        if self.calls == self.nth and self.after is where:
            raise ConnectionError("the line is dead")

    def refund(self, refund: Refund, now: datetime) -> Reply:
        self.calls += 1
        self._fails(False)
        reply = super().refund(refund, now)
        self._fails(True)
        return reply

    def status(self, refund: Refund, now: datetime) -> Reply:
        self.calls += 1
        self._fails(False)
        reply = super().status(refund, now)
        self._fails(True)
        return reply


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("nth", [1, 2])
def test_the_call_of_the_provider(
    house: Database, clock: ManualClock, nth: int, after: bool
) -> None:
    case = with_case(house, clock.now(), (WEI, "accept_request", {}))
    line = Line(answers=["deaf"] if nth == 2 else [])
    line.nth, line.after = nth, after
    sender = Sender(house, clock, Settings(), provider=line)
    for _ in range(6):
        sender.run_once()
        clock.advance(timedelta(minutes=20))
    assert line.paid == {f"refund-{case}": 3850}
    assert picture(house)["cases"][0][2] == "closed"


def test_writing_the_providers_word_down(house: Database, clock: ManualClock) -> None:
    """Each statement of the sender fails once, in taking the errand and in settling it."""
    case = with_case(house, clock.now(), (WEI, "accept_request", {}))
    till = Till()
    sender = Sender(house, clock, Settings(), provider=till)
    for nth in range(1, 200):
        with failing(house, nth), suppress(SQLAlchemyError):
            sender.run_once()
        state = picture(house)
        assert state["refunds"][0][2] in ("pending", "unknown", "paid")
        if state["cases"][0][2] == "closed":
            break
        clock.advance(timedelta(hours=25))  # the lease is over, whatever was written
    assert till.paid == {f"refund-{case}": 3850}
    assert len(till.told) == 1
    assert picture(house)["cases"][0][2] == "closed"


def test_a_file_that_cannot_be_written(house: Database, now: datetime, tmp_path: Path) -> None:
    """Evidence whose bytes are not on the disk is not there; sent again, it is."""
    case = with_case(house, now)
    (tmp_path / "file").write_text("in the way")
    client = new_id()

    def reserve() -> evidence_actions.Reserved:
        with house.transaction() as session:
            return evidence_actions.reserve(
                session, OLGA, client, name="a.png", source="0" * 64, kind="image",
                type="photos", case_id=case, now=now,
            )  # fmt: skip

    place = reserve()
    with pytest.raises(Unavailable):
        Folder(tmp_path / "file").put(place.id, b"picture")
    before = picture(house)
    with pytest.raises(Invalid), house.transaction() as session:
        do(session, OLGA, case, "add_evidence", now, files=[place.id])
    assert picture(house) == before
    again = reserve()
    assert (again.id, again.file) == (place.id, None)
    Folder(tmp_path / "files").put(again.id, b"picture")
    with house.transaction() as session:
        evidence_actions.finish(session, again.id, Pixels(), now)
    with house.transaction() as session:
        do(session, OLGA, case, "add_evidence", now + DAY, files=[place.id])
        assert session.get_one(CaseFile, place.id).case_id == case
