"""Timers: what must happen at a time, as rows. Nothing fires early, nothing is forgotten."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from threading import Event as Flag
from typing import Any
from uuid import UUID

import structlog
from sqlalchemy import delete, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from amparo.kernel.clock import Clock
from amparo.storage.base import Base
from amparo.storage.session import Database, hint

log = structlog.get_logger(__name__)

TimerHandler = Callable[[Session, UUID, dict[str, Any], datetime], None]
"""Called with (session, subject, data, now) in the transaction that removes the timer."""


class TimerRow(Base):
    """One thing to do at one time; a subject has at most one timer of a kind."""

    __tablename__ = "timer"

    kind: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[UUID] = mapped_column(primary_key=True)
    due: Mapped[datetime] = mapped_column(index=True)
    data: Mapped[dict[str, Any]] = mapped_column(default=dict)


def set_timer(
    session: Session, kind: str, subject: UUID, due: datetime, data: dict[str, Any] | None = None
) -> None:
    """Set or move the subject's timer of that kind."""
    values = {"due": due, "data": data or {}}
    session.execute(
        insert(TimerRow)
        .values(kind=kind, subject=subject, **values)
        .on_conflict_do_update(index_elements=["kind", "subject"], set_=values)
    )
    hint(session, "timers")


def ensure_timer(
    session: Session, kind: str, subject: UUID, due: datetime, data: dict[str, Any] | None = None
) -> None:
    """Set the subject's timer of that kind unless it has one, which stays as it is."""
    ensure_timers(session, kind, [subject], due, data)


def ensure_timers(
    session: Session,
    kind: str,
    subjects: Iterable[UUID],
    due: datetime,
    data: dict[str, Any] | None = None,
) -> None:
    """The same for many subjects, with one statement."""
    rows = [
        {"kind": kind, "subject": subject, "due": due, "data": data or {}}
        for subject in sorted(subjects)
    ]
    if not rows:
        return
    made = session.execute(
        insert(TimerRow).values(rows).on_conflict_do_nothing().returning(TimerRow.kind)
    ).first()
    if made is not None:
        hint(session, "timers")


def clear_timer(session: Session, kind: str, subject: UUID) -> None:
    """Forget the timer; see :func:`clear_timers`."""
    clear_timers(session, (kind,), subject)


def clear_timers(session: Session, kinds: Iterable[str], *subjects: UUID) -> None:
    """Forget the subjects' timers of these kinds; nothing happens where there is none.

    One that fires just now is left to its handler, which holds the timer and may wait for a row
    that the caller holds: waiting for each other would end one of them. A handler looks again at
    what it is about, so it finds that nothing is left to do.
    """
    if not subjects:
        return
    mine = (
        select(TimerRow.kind, TimerRow.subject)
        .where(TimerRow.kind.in_(tuple(kinds)), TimerRow.subject.in_(subjects))
        .with_for_update(skip_locked=True)
    )
    session.execute(delete(TimerRow).where(tuple_(TimerRow.kind, TimerRow.subject).in_(mine)))


def fire_next(database: Database, handlers: Mapping[str, TimerHandler], now: datetime) -> bool:
    """Fire the oldest timer that is due; False where there is none."""
    with database.transaction() as session:
        row = session.scalars(
            select(TimerRow)
            .where(TimerRow.due <= now, TimerRow.kind.in_(handlers))
            .order_by(TimerRow.due)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return False
        session.delete(row)
        session.flush()  # so that the handler can set the same timer anew
        handlers[row.kind](session, row.subject, row.data, now)
        return True


def next_due(session: Session) -> datetime | None:
    """When the next timer is due."""
    return session.scalar(select(TimerRow.due).order_by(TimerRow.due).limit(1))


class TimerRunner:
    """Fires timers of this process until told to stop."""

    def __init__(
        self, database: Database, clock: Clock, handlers: Mapping[str, TimerHandler]
    ) -> None:
        self._database, self._clock, self._handlers = database, clock, handlers
        self.wake = Flag()

    def run(self, stop: Flag, idle_s: float = 5.0) -> None:
        """Fire what is due, then sleep until the next one or a hint."""
        while not stop.is_set():
            self.wake.clear()
            try:
                while fire_next(self._database, self._handlers, self._clock.now()):
                    pass
                wait = self._until_next(idle_s)
            except Exception:
                log.exception("timer_failed")
                wait = idle_s
            self.wake.wait(wait)

    def _until_next(self, idle_s: float) -> float:
        with self._database.reading() as session:
            due = next_due(session)
        if due is None:
            return idle_s
        return min(idle_s, max(0.02, (due - self._clock.now()).total_seconds()))
