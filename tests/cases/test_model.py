"""A model of the whole module: people, a provider that misbehaves, time, restarts, in any order.

What it holds on to is simple: what left the till, what the order was worth, which cases are open.
Everything goes through the real actions, the real timers and the real sender.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select, text, update
from sqlalchemy.orm import Session

from amparo.cases import rules
from amparo.cases.actions import Act, act
from amparo.cases.audit_queries import proved
from amparo.cases.case import Case, Who
from amparo.cases.models import CaseRow, RefundCall, RefundOrder
from amparo.cases.moment import buyer_wish, standing
from amparo.cases.opening_actions import open_case
from amparo.cases.payment_sender import Sender
from amparo.cases.policies_queries import policy_of
from amparo.cases.reasons import REASON_ROWS, REFUND_METHODS
from amparo.cases.refunds_actions import settle_refund
from amparo.cases.steps_actions import ground_of
from amparo.cases.who_queries import who_of
from amparo.config import Settings
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Problem
from amparo.kernel.ids import new_id
from amparo.storage.session import Database
from amparo.storage.timers import TimerRow, fire_next
from tests.cases.house import (
    DAY,
    LENA,
    MARTA,
    OLGA,
    SERVER,
    SOL,
    TIMERS,
    WEI,
    Till,
    asked,
    furnish,
    photo,
    place_order,
    total,
)

START = datetime(2026, 4, 14, 12, 0, tzinfo=UTC)
LINES = {1: (WEI, 3850), 2: (SOL, 1650)}
CAPTURED = 5500
CHOICES: dict[str, Any] = {
    "rule": "fair_share",
    "grounds": "new_fact",
    "codes": ["damaged"],
    "tracking": "1Z",
    "method": REFUND_METHODS[0],
    "cause": "court",
    "types": ["photos"],
    "text": "So it is.",
    "reasons": "Because of the scan.",
}


class Cases(RuleBasedStateMachine):
    """Two lines of one order; every example has an order of its own."""

    database: ClassVar[Database]
    count: ClassVar[int] = 0

    def __init__(self) -> None:
        super().__init__()
        Cases.count += 1
        self.ref = f"M-{Cases.count}"
        self.clock, self.till = ManualClock(START), Till()
        self.sender = self._sender()
        self.cases: list[UUID] = []
        self.done: list[tuple[Actor, UUID, Act, int]] = []
        with self.database.transaction() as session:
            place_order(session, self.ref, START)

    def _sender(self) -> Sender:
        return Sender(self.database, self.clock, Settings(), provider=self.till)

    def teardown(self) -> None:
        with self.database.transaction() as session:
            session.execute(text("DELETE FROM timer"))
            session.execute(update(RefundCall).values(state="dead"))

    # -- what may happen -----------------------------------------------------------------------

    @rule(
        line=st.sampled_from([1, 2]),
        reason=st.sampled_from(["not_received", "cooling_off", "paid_unavailable"]),
    )
    def open(self, line: int, reason: str) -> None:
        with self.database.transaction() as session:
            remedy = REASON_ROWS[reason].remedies[0]  # type: ignore[index]
            ask = asked(self.ref, START, line=line, reason=reason, remedy=remedy)
            before = self._open_on(session, line)
            try:
                row, existed = open_case(session, OLGA, ask, self.clock.now())
            except Problem:
                assert not before
                return
            assert existed == bool(before)
            assert not before or row.id == before[0]
            if not existed:
                self.cases.append(row.id)

    @precondition(lambda self: self.cases)
    @rule(data=st.data())
    def act(self, data: st.DataObject) -> None:
        """Somebody does one of the things that the case offers them just then."""
        now = self.clock.now()
        with self.database.transaction() as session:
            row = self._row(session, data.draw(st.sampled_from(self.cases)))
            actors = [OLGA, LINES[row.position or 1][0], MARTA, LENA, SERVER]
            actor = data.draw(st.sampled_from(actors))
            case = replace(Case.of(row.data), known=ground_of(session, row, now).facts)
            who = who_of(session, actor, row)
            offered = rules.available_actions(case, who, now, policy_of(session, "2026.1"))
            if not offered:
                return
            chosen = data.draw(st.sampled_from(offered))
            sent = {name: self._value(name, case, who, data) for name in chosen.fields}
            files = (photo(session, actor, now, row.id),) if "photos" in sent else ()
            sent.pop("photos", None)
            deed = Act(new_id(), chosen.key, sent, files)
            after = act(session, actor, row.id, deed, now)
            self.done.append((actor, row.id, deed, after.version))

    @precondition(lambda self: self.done)
    @rule(data=st.data())
    def act_again(self, data: st.DataObject) -> None:
        """The same request comes once more, however late."""
        actor, case, deed, _ = data.draw(st.sampled_from(self.done))
        with self.database.transaction() as session:
            before = self._row(session, case).version
            act(session, actor, case, deed, self.clock.now())
            assert self._row(session, case).version == before

    @precondition(lambda self: self.cases)
    @rule(
        data=st.data(),
        key=st.sampled_from(["accept_offer", "decide", "seller_refund", "undo", "retry", "waive"]),
    )
    def push(self, data: st.DataObject, key: str) -> None:
        """Somebody tries what may well not be theirs to do; then nothing has changed."""
        case = data.draw(st.sampled_from(self.cases))
        actor = data.draw(st.sampled_from([OLGA, WEI, SOL, MARTA, SERVER]))
        sent = {"amount": 10**6, "remedy": "refund", "rule": "fair_share", "offer_version": 99}
        with self.database.transaction() as session:
            before = self._row(session, case).version
        try:
            with self.database.transaction() as session:
                act(session, actor, case, Act(new_id(), key, sent), self.clock.now())
        except Problem:
            with self.database.transaction() as session:
                assert self._row(session, case).version == before

    @rule(hours=st.sampled_from([1, 20, 50, 80, 24 * 8, 24 * 15]), processed=st.booleans())
    def wait(self, hours: int, processed: bool) -> None:
        """Time goes on; the thread of timers may be late."""
        self.clock.advance(timedelta(hours=hours))
        if processed:
            self.fire()

    @rule()
    def fire(self) -> None:
        for _ in range(200):
            if not fire_next(self.database, TIMERS, self.clock.now()):
                return
        raise AssertionError("timers without end")

    @rule(answers=st.lists(st.sampled_from(["paid", "failed", "lost", "deaf"]), max_size=3))
    def pay(self, answers: list[str]) -> None:
        self.till.answers = answers
        self.sender.run_once()

    @rule()
    def restart(self) -> None:
        """All processes die in the middle of an errand and begin anew."""
        taken, _ = self.sender._take()
        for one in taken[:1]:
            if one.job.pay and not one.job.ask_first:
                self.till.refund(one.job.refund, self.clock.now())
        self.sender = self._sender()
        self.clock.advance(timedelta(minutes=10))

    @rule(state=st.sampled_from(["paid", "failed"]))
    def late_word(self, state: str) -> None:
        """The marketplace's server tells what its till knows, again and again."""
        with self.database.transaction() as session:
            for refund in session.scalars(select(RefundOrder)).all():
                truth = "paid" if refund.key in self.till.paid else state
                if refund.case_id in self.cases and (truth == "paid") == (state == "paid"):
                    if truth == "failed" and refund.key not in self.till.refused:
                        continue
                    if truth == "paid" and refund.key not in self.till.paid:
                        continue
                    settle_refund(session, SERVER, refund.key, truth, None, self.clock.now())

    # -- what must always be so ----------------------------------------------------------------

    @invariant()
    def money(self) -> None:
        """Never more than was captured, nor than a line is worth, and each key once."""
        with self.database.transaction() as session:
            orders = [
                one
                for one in session.scalars(select(RefundOrder)).all()
                if one.case_id in self.cases
            ]
            assert sum(one.amount for one in orders) <= CAPTURED
            for line, (_, worth) in LINES.items():
                assert (
                    sum(one.amount for one in orders if self._line(session, one) == line) <= worth
                )
            for one in orders:
                assert (one.state == "paid") <= (one.key in self.till.paid)
                assert self.till.paid.get(one.key, one.amount) == one.amount
            assert set(self.till.paid) <= {one.key for one in orders}
            assert total(self.till.paid) <= CAPTURED

    @invariant()
    def legal(self) -> None:
        """Every chain leads to its state; what is open has a timer, what is closed has none; on a
        line there is one open case at most."""
        with self.database.transaction() as session:
            for case in self.cases:
                row = self._row(session, case)
                assert proved(session, row).ok
                due = session.scalar(
                    select(TimerRow.due).where(
                        TimerRow.subject == case, TimerRow.kind == "case_deadline"
                    )
                )
                assert (row.state == "closed") == (row.closed_at is not None) == (due is None)
                assert due is None or row.due_at is None or due >= row.due_at
            for line in LINES:
                assert len(self._open_on(session, line)) <= 1

    # -- small things --------------------------------------------------------------------------

    def _row(self, session: Session, case: UUID) -> CaseRow:
        return session.get_one(CaseRow, case, populate_existing=True)

    def _line(self, session: Session, refund: RefundOrder) -> int | None:
        return self._row(session, refund.case_id).position

    def _open_on(self, session: Session, line: int) -> list[UUID]:
        query = select(CaseRow.id).where(
            CaseRow.order_ref == self.ref,
            CaseRow.position == line,
            CaseRow.family == "goods",
            CaseRow.closed_at.is_(None),
        )
        return list(session.scalars(query))

    def _value(self, name: str, case: Case, who: Who, data: st.DataObject) -> Any:
        if name == "remedy":
            mine = rules.remedies_of(case.reason) if who.role == "buyer" else ("refund",)
            return data.draw(st.sampled_from(list(mine)))
        if name == "amount":
            most = rules.refundable(case.known, case.outside)
            return data.draw(st.sampled_from([most, None])) or None
        if name == "party":
            return data.draw(st.sampled_from(["buyer", "seller"]))
        if name == "offer_version":
            side = "platform" if case.state == "proposed" else "seller"
            offer = standing(case, side)  # type: ignore[arg-type]
            return buyer_wish(case).version if offer is None else offer.version
        return CHOICES.get(name, 1)


@pytest.fixture
def _database(database: Database) -> Iterator[None]:
    with database.transaction() as session:
        furnish(session, START - 30 * DAY)
    Cases.database = database
    yield
    with database.reading() as session:  # it was no empty story
        assert (session.scalar(select(func.count()).select_from(CaseRow)) or 0) > 0


HOW = settings(
    max_examples=20,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.timeout(600)
@pytest.mark.usefixtures("_database")
def test_whatever_happens() -> None:
    run_state_machine_as_test(Cases, settings=HOW)
