"""What happens to cases at a time: deadlines that are due, reminders of those that will be."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import select
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from amparo.accounts.parties_queries import can_be_mailed
from amparo.cases import rules
from amparo.cases.about import about
from amparo.cases.case import SYSTEM, Case, Happening, Reminder
from amparo.cases.events import CASE_NOTICE
from amparo.cases.models import CaseRow
from amparo.cases.steps_actions import (
    CASE_DEADLINE,
    CASE_REMINDER,
    fire_due,
    happens,
    set_timers,
)
from amparo.kernel.clock import iso
from amparo.kernel.errors import Conflict
from amparo.storage.events import record
from amparo.storage.timers import set_timer

_AGAIN = timedelta(seconds=1)
_BROKEN = timedelta(minutes=10)
log = structlog.get_logger(__name__)


def deadline_due(session: Session, subject: UUID, data: dict[str, Any], now: datetime) -> None:  # noqa: ARG001
    """Handler of ``CASE_DEADLINE``."""
    row = _free(session, subject)
    if row is None:
        _later(session, CASE_DEADLINE, subject, now)
    elif row.closed_at is None:
        _guarded(session, row, CASE_DEADLINE, now, lambda: fire_due(session, row, now))


def reminder_due(session: Session, subject: UUID, data: dict[str, Any], now: datetime) -> None:  # noqa: ARG001
    """Handler of ``CASE_REMINDER``."""
    row = _free(session, subject)
    if row is None:
        _later(session, CASE_REMINDER, subject, now)
    elif row.closed_at is None:
        _guarded(session, row, CASE_REMINDER, now, lambda: _remind(session, row, now))


def _guarded(
    session: Session, row: CaseRow, kind: str, now: datetime, work: Callable[[], object]
) -> None:
    """One case that cannot go on must not hold up the timers of all others: it is looked at again
    later, and somebody is told."""
    try:
        with session.begin_nested():
            work()
            set_timers(session, row)
    except OperationalError:  # the database is gone: the timer stays as it is
        raise
    except Exception:
        log.exception("case_cannot_go_on", case=row.number)
        row.alarm = True
        set_timer(session, kind, row.id, now + _BROKEN)


def _free(session: Session, id: UUID) -> CaseRow | None:
    """The case, locked; None where somebody acts on it just now. Waiting for it would be a
    circle: whoever acts holds the case and waits for the timer that we hold."""
    return session.scalar(
        select(CaseRow).where(CaseRow.id == id).with_for_update(skip_locked=True),
        execution_options={"populate_existing": True},
    )


def _later(session: Session, kind: str, subject: UUID, now: datetime) -> None:
    if session.get(CaseRow, subject) is not None:
        set_timer(session, kind, subject, now + _AGAIN)


def _remind(session: Session, row: CaseRow, now: datetime) -> None:
    fire_due(session, row, now)  # who is late already is not reminded
    case = Case.of(row.data)
    reminders = rules.reminders_due(case, row.reminded_to, now)
    row.reminded_to = now
    for reminder in reminders:
        told = {
            "to": list(reminder.to),
            "text": f"reminder_{reminder.event}",
            "nth": reminder.number,
            "channels": list(reminder.channels),
            "due_at": iso(reminder.due_at),
        }
        record(session, CASE_NOTICE, about(row) | told, now=now, subject=row.id)
    for reminder in reminders:
        _count_warning(session, row, reminder, now)


def _count_warning(session: Session, row: CaseRow, reminder: Reminder, now: datetime) -> None:
    """A case whose return is never sent may end without money only after warnings that could
    arrive: on the panel always, by mail where we know an address."""
    if row.state != "return_ship" or "buyer" not in reminder.to:
        return
    mailed = can_be_mailed(session, "buyer", row.buyer_ref)
    channels = [one for one in reminder.channels if one != "mail" or mailed]
    try:
        happens(session, row, Happening("warned", SYSTEM, now, {"channels": channels}), now)
    except Conflict:
        return
