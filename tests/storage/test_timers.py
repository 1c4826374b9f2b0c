"""Timers: never early, exactly once, whatever fails."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.storage.session import Database
from amparo.storage.timers import TimerRow, clear_timer, fire_next, next_due, set_timer

SECOND = timedelta(seconds=1)


class Bell:
    """Notes when it rang."""

    def __init__(self) -> None:
        self.rang: list[tuple[UUID, dict[str, Any], datetime]] = []
        self.fail = False

    def __call__(
        self, session: Session, subject: UUID, data: dict[str, Any], now: datetime
    ) -> None:
        if self.fail:
            raise RuntimeError("told to fail")
        self.rang.append((subject, data, now))


def test_not_a_moment_early_and_once(database: Database, clock: ManualClock) -> None:
    bell, subject = Bell(), new_id()
    with database.transaction() as session:
        set_timer(session, "bell", subject, clock.now() + SECOND, {"why": "test"})
    assert not fire_next(database, {"bell": bell}, clock.now())
    clock.advance(SECOND)
    assert fire_next(database, {"bell": bell}, clock.now())
    assert not fire_next(database, {"bell": bell}, clock.now())
    assert bell.rang == [(subject, {"why": "test"}, clock.now())]


def test_one_of_a_kind_for_a_subject(database: Database, clock: ManualClock) -> None:
    subject = new_id()
    with database.transaction() as session:
        set_timer(session, "bell", subject, clock.now() + SECOND)
        set_timer(session, "bell", subject, clock.now() + 5 * SECOND)
        assert next_due(session) == clock.now() + 5 * SECOND
        clear_timer(session, "bell", subject)
        assert next_due(session) is None


def test_a_failure_keeps_the_timer(database: Database, clock: ManualClock) -> None:
    bell = Bell()
    with database.transaction() as session:
        set_timer(session, "bell", new_id(), clock.now())
    bell.fail = True
    with pytest.raises(RuntimeError):
        fire_next(database, {"bell": bell}, clock.now())
    bell.fail = False
    assert fire_next(database, {"bell": bell}, clock.now())


def test_after_a_long_sleep_everything_due_fires_in_order(
    database: Database, clock: ManualClock
) -> None:
    bell = Bell()
    subjects = [new_id() for _ in range(5)]
    with database.transaction() as session:
        for number, subject in enumerate(reversed(subjects)):
            set_timer(session, "bell", subject, clock.now() + (5 - number) * SECOND)
    clock.advance(timedelta(days=400))
    while fire_next(database, {"bell": bell}, clock.now()):
        pass
    assert [subject for subject, _, _ in bell.rang] == subjects


def test_a_kind_nobody_handles_waits(database: Database, clock: ManualClock) -> None:
    with database.transaction() as session:
        set_timer(session, "from_a_newer_version", new_id(), clock.now())
    assert not fire_next(database, {"bell": Bell()}, clock.now())


def test_clearing_a_timer_that_fires_just_now_waits_for_nobody(
    database: Database, now: datetime
) -> None:
    """The handler holds the timer and wants what the clearer holds: neither may wait for ever."""
    subject = new_id()
    with database.transaction() as session:
        set_timer(session, "ring", subject, now)
    with database.transaction() as firing:
        firing.scalars(select(TimerRow).with_for_update()).one()
        with database.transaction() as clearing:
            clearing.execute(text("SET LOCAL lock_timeout = '2s'"))
            clear_timer(clearing, "ring", subject)
