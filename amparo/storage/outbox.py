"""Sending things out: rows that are sent after their commit, again until it works or time is up.

Mail and webhooks share this. A row is *taken* in one short transaction, sent outside of any, and
the result is written in another. Taking moves ``next_at`` behind a lease, so a sender that dies
leaves a row that another one takes later: at least once, and for the receiver always under the
same id. A sender that was too slow finds the lease gone and writes nothing.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from queue import Queue
from threading import Event as Flag
from threading import Thread
from typing import Any, Generic, Literal, TypeVar
from uuid import UUID
from zlib import crc32

import structlog
from sqlalchemy import Index, func, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from amparo.kernel.clock import Clock
from amparo.kernel.ids import new_id
from amparo.storage.base import Base
from amparo.storage.session import Database, hint

log = structlog.get_logger(__name__)

State = Literal["pending", "delivered", "dead"]
HINT = "outbox"
_ERROR_LIMIT = 500
_AT_ONCE = 8
_PER_LANE = 4  # a slow receiver takes at most half of the hands


class Sendable(Base):
    """A row that is to be sent: the parent of such tables.

    Attributes:
        lane: what shares one fate, e.g. a receiver; no lane takes all hands.
        attempts: how often sending was begun, since the last replay.
        next_at: not before this time; while somebody sends it, when its lease ends.
        lease: who is sending it now; None when nobody is.
        finished_at: when it was delivered or given up.
    """

    __abstract__ = True

    id: Mapped[UUID] = mapped_column(primary_key=True)
    lane: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    attempts: Mapped[int] = mapped_column(default=0)
    next_at: Mapped[datetime]
    lease: Mapped[UUID | None]
    last_error: Mapped[str | None]
    created_at: Mapped[datetime]
    finished_at: Mapped[datetime | None]


def due_index(table: str) -> Index:
    """The index by which a sender finds what is due."""
    return Index(f"ix_{table}_due", "next_at", postgresql_where=text("state = 'pending'"))


@dataclass(frozen=True, slots=True)
class Outcome:
    """How one attempt ended. ``again`` follows the schedule, ``dead`` does not try again."""

    result: Literal["delivered", "again", "dead"]
    error: str | None = None
    status: int | None = None


@dataclass(frozen=True, slots=True)
class Schedule:
    """The waits between attempts; after the last one the row is dead.

    ``jitter`` lengthens each wait by up to this share of it, differently for each row, so that
    what failed together does not come back together.
    """

    waits: tuple[timedelta, ...]
    jitter: float = 0.1

    def wait_after(self, attempts: int, row: UUID) -> timedelta | None:
        """How long to wait after so many attempts; None when that was the last."""
        if attempts > len(self.waits):
            return None
        wait = self.waits[attempts - 1]
        share = crc32(row.bytes + attempts.to_bytes(4, "big")) / 2**32
        return wait * (1 + self.jitter * share)


RowT = TypeVar("RowT", bound=Sendable)
JobT = TypeVar("JobT")


@dataclass(frozen=True, slots=True)
class Carrier(Generic[RowT, JobT]):
    """What is particular to one kind of sendable.

    Attributes:
        lease: longer than any attempt can take.
        prepare: reads, in a transaction, all that sending needs; or ends the matter at once.
        send: does it, outside of any transaction; what it raises counts as ``again``.
        settled: writes, in the transaction that stores the outcome, what follows from it.
    """

    table: type[RowT]
    schedule: Schedule
    lease: timedelta
    prepare: Callable[[Session, RowT], JobT | Outcome]
    send: Callable[[JobT, datetime], Outcome]
    settled: Callable[[Session, RowT, Outcome, datetime], None]


@dataclass(frozen=True, slots=True)
class _Taken(Generic[JobT]):
    row: UUID
    lease: UUID
    job: JobT


class Sender(Generic[RowT, JobT]):
    """Sends what is due, until told to stop; any number may run, in any number of processes."""

    def __init__(self, database: Database, clock: Clock, carrier: Carrier[RowT, JobT]) -> None:
        self._database, self._clock, self._carrier = database, clock, carrier
        self.wake = Flag()

    def run(self, stop: Flag, idle_s: float = 1.0) -> None:
        """Send until ``stop``; when nothing is due, look again after ``idle_s`` or at a wake."""
        while not stop.is_set():
            self.wake.clear()
            try:
                sent = self.run_once()
            except Exception:
                log.exception("sender_failed", table=self._carrier.table.__tablename__)
                sent = 0
            if sent == 0:
                self.wake.wait(idle_s)

    def run_once(self) -> int:
        """Take some of what is due and send it; returns how many attempts were made."""
        taken, settled = self._take()
        results: Queue[tuple[_Taken[JobT], Outcome]] = Queue()
        for one in taken:
            # Daemons: a receiver that does not answer must not hold up the end of the program.
            Thread(target=self._send, args=(one, results), name="send", daemon=True).start()
        for _ in taken:
            self._finish(*results.get())
        return len(taken) + settled

    def _take(self) -> tuple[list[_Taken[JobT]], int]:
        now = self._clock.now()
        taken: list[_Taken[JobT]] = []
        settled = 0
        with self._database.transaction() as session:
            for row in _lock_due(session, self._carrier.table, now):
                row.attempts += 1
                row.lease, row.next_at = new_id(), now + self._carrier.lease
                job = self._prepare(session, row)
                if isinstance(job, Outcome):
                    self._settle(session, row, job, now)
                    settled += 1
                else:
                    taken.append(_Taken(row.id, row.lease, job))
        return taken, settled

    def _prepare(self, session: Session, row: RowT) -> JobT | Outcome:
        try:
            with session.begin_nested():
                return self._carrier.prepare(session, row)
        except Exception as error:  # one bad row must not hold up the others for ever
            log.exception("outbox_prepare_failed", row=str(row.id))
            return Outcome("again", repr(error))

    def _send(self, taken: _Taken[JobT], results: "Queue[tuple[_Taken[JobT], Outcome]]") -> None:
        outcome = Outcome("again", "not finished")
        try:
            outcome = self._carrier.send(taken.job, self._clock.now())
        except Exception as error:
            log.exception("outbox_send_failed", row=str(taken.row))
            outcome = Outcome("again", repr(error))
        finally:
            results.put((taken, outcome))

    def _finish(self, taken: _Taken[JobT], outcome: Outcome) -> None:
        now = self._clock.now()
        with self._database.transaction() as session:
            row = session.get(self._carrier.table, taken.row, with_for_update=True)
            if row is None or row.lease != taken.lease:
                log.warning("outbox_too_slow", row=str(taken.row))
                return
            self._settle(session, row, outcome, now)

    def _settle(self, session: Session, row: RowT, outcome: Outcome, now: datetime) -> None:
        error = None if outcome.error is None else outcome.error[:_ERROR_LIMIT]
        row.lease, row.last_error = None, error
        wait = None
        if outcome.result == "again":
            wait = self._carrier.schedule.wait_after(row.attempts, row.id)
        if wait is not None:
            row.next_at = now + wait
        else:
            row.state = "delivered" if outcome.result == "delivered" else "dead"
            row.finished_at = now
        self._carrier.settled(session, row, outcome, now)


AnySender = Sender[Any, Any]
"""A sender of whatever."""


def _lock_due(session: Session, table: type[RowT], now: datetime) -> list[RowT]:
    """Rows that are due, the oldest first, a few of each lane; nobody else has them."""
    due = (table.state == "pending", table.next_at <= now)
    place = func.row_number().over(partition_by=table.lane, order_by=(table.next_at, table.id))
    candidates = select(table.id, table.next_at, place.label("place")).where(*due).subquery()
    chosen = (
        select(candidates.c.id)
        .where(candidates.c.place <= _PER_LANE)
        .order_by(candidates.c.next_at, candidates.c.id)
        .limit(_AT_ONCE)
    )
    # The conditions again: the choice was made without locks and may be out of date.
    rows = session.scalars(
        select(table)
        .where(table.id.in_(chosen), *due)
        .order_by(table.next_at, table.id)
        .with_for_update(skip_locked=True)
    )
    return list(rows)


def send_again(session: Session, row: Sendable, now: datetime) -> None:
    """Replay: begin anew, under the same id, whatever became of it before."""
    row.state, row.attempts, row.next_at = "pending", 0, now
    row.lease, row.finished_at = None, None
    hint(session, HINT)


def nothing_more(session: Session, row: Sendable, outcome: Outcome, now: datetime) -> None:
    """For a carrier whose outcomes have no further consequence."""
