"""Followers: what reacts to events. The event row is the job.

A follower has a stored position in the log. A turn reads the next events, handles them and moves
the position in one transaction: at least once, and exactly once for what it does in the database.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from threading import Event as Flag
from time import monotonic
from typing import Any, LiteralString, Protocol

import structlog
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from amparo.kernel.clock import Clock
from amparo.storage.base import Base
from amparo.storage.events import LoggedEvent, read_log
from amparo.storage.session import Database, several

log = structlog.get_logger(__name__)
BATCH = 500
_SLICE = 80
_BEHIND = timedelta(seconds=2)
_REST_S = 0.02
_LONGEST_REST_S = 0.5


class FollowerPosition(Base):
    """How far a follower has read."""

    __tablename__ = "follower_position"

    name: Mapped[str] = mapped_column(primary_key=True)
    xid: Mapped[int]
    ordinal: Mapped[int]
    failures: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None]
    retry_at: Mapped[datetime | None]


class Follower(Protocol):
    """A reaction to events.

    Attributes:
        name: stable, the key of its stored position.
        kinds: the kinds of events it wants; others are passed over.
    """

    name: str
    kinds: frozenset[str]

    # A follower may have ``wants(event) -> bool`` as well, which looks at the event alone: where
    # it says no to all of a batch, the batch costs that follower nothing.

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        """React within the transaction; it may be called again for the same events."""
        ...


class LogReader:
    """Reads the log for several followers: those at the same place share one reading.

    What stood below the horizon once never changes, so a batch that was read a moment ago is at
    worst shorter than it would be now.
    """

    def __init__(self) -> None:
        self._place = (-1, -1)
        self._events: Sequence[LoggedEvent] = ()

    def after(self, session: Session, xid: int, ordinal: int) -> Sequence[LoggedEvent]:
        """The next batch after a place in the log."""
        if not self._events or self._place != (xid, ordinal):
            self._events = read_log(session, xid, ordinal, BATCH)
            self._place = (xid, ordinal)
        return self._events


def wanted_by(follower: Follower, events: Sequence[LoggedEvent]) -> list[LoggedEvent]:
    """The events of a batch that a follower has to handle."""
    wants: Callable[[LoggedEvent], bool] = getattr(follower, "wants", lambda _: True)
    return [event for event in events if event.kind in follower.kinds and wants(event)]


def take_turn(
    database: Database, follower: Follower, now: datetime, reader: LogReader | None = None
) -> int:
    """Let one follower handle its next batch; returns how many events it has passed.

    Two processes may try: the one that cannot lock the position has nothing to do.
    """
    reader = reader or LogReader()
    with database.transaction() as session:
        position = session.scalars(
            select(FollowerPosition)
            .where(FollowerPosition.name == follower.name)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if position is None or (position.retry_at and position.retry_at > now):
            return 0
        events = _slice(reader.after(session, position.xid, position.ordinal), now)
        if not events:
            return 0
        wanted = wanted_by(follower, events)
        if wanted:
            follower.handle(session, wanted, now)
        position.xid, position.ordinal = events[-1].xid, events[-1].ordinal
        position.failures, position.error, position.retry_at = 0, None, None
        return len(events)


def _slice(events: Sequence[LoggedEvent], now: datetime) -> Sequence[LoggedEvent]:
    """A little at a time, so that a message that is being stored meanwhile waits for little; who
    has fallen behind takes all, which costs less for each."""
    behind = events and now - events[0].at > _BEHIND
    return events if behind else events[:_SLICE]


def pass_over(
    database: Database, followers: Sequence[Follower], reader: LogReader
) -> tuple[int, list[Follower]]:
    """Move all followers that want nothing of their next batch past it, with one transaction.

    Returns:
        how many events were passed in all, and the followers that have something to do.
    """
    by_name = {follower.name: follower for follower in followers}
    with database.transaction() as session:
        [rows] = several(session, (_PLACES, {"names": list(by_name)}))
        passed = 0
        busy: list[Follower] = []
        idle: dict[tuple[int, int], list[str]] = {}
        for row in rows:
            follower, place = by_name[row["name"]], (row["xid"], row["ordinal"])
            events = reader.after(session, *place) if _at_front(rows, place) else ()
            if row["failures"] or not _at_front(rows, place) or wanted_by(follower, events):
                busy.append(follower)
            elif events:
                idle.setdefault(place, []).append(follower.name)
                passed += len(events)
        for (xid, ordinal), names in idle.items():
            last = reader.after(session, xid, ordinal)[-1]
            there = {"xid": xid, "ordinal": ordinal, "to_xid": last.xid, "to": last.ordinal}
            several(session, (_PASS, {"names": names, **there}))
    return passed, busy


def _at_front(rows: Sequence[Mapping[str, Any]], place: tuple[int, int]) -> bool:
    """Whether those furthest ahead stand there: one who is behind reads for itself."""
    return place == max((row["xid"], row["ordinal"]) for row in rows)


_PLACES: LiteralString = (
    "SELECT name, xid, ordinal, failures FROM follower_position WHERE name = ANY(%(names)s)"
)
_PASS: LiteralString = (
    "UPDATE follower_position SET xid = %(to_xid)s, ordinal = %(to)s WHERE name IN ("
    "SELECT name FROM follower_position WHERE name = ANY(%(names)s) AND xid = %(xid)s"
    " AND ordinal = %(ordinal)s ORDER BY name FOR UPDATE SKIP LOCKED)"
)


def enrol(database: Database, followers: Sequence[Follower]) -> None:
    """Give each follower a position; a new one starts at the beginning of the log."""
    with database.transaction() as session:
        for follower in followers:
            session.execute(
                insert(FollowerPosition)
                .values(name=follower.name, xid=0, ordinal=0, failures=0)
                .on_conflict_do_nothing()
            )
        _mend_after_restore(session)


def _mend_after_restore(session: Session) -> None:
    """A dump loaded into a new cluster brings transaction ids from the old one's future.

    All events move to one id below the present, which leaves their ordinals as the order; a
    follower goes back to before the first event it had not read, so none is passed over.
    """
    session.execute(
        text(
            "WITH high AS (SELECT max(xid) AS xid FROM event), moved AS ("
            " UPDATE event SET xid = '3'::xid8 FROM high"
            " WHERE high.xid > pg_current_xact_id() RETURNING ordinal)"
            " UPDATE follower_position p SET xid = 3, ordinal = coalesce((SELECT"
            " min(e.ordinal) - 1 FROM event e WHERE e.xid > p.xid::text::xid8 OR"
            " (e.xid = p.xid::text::xid8 AND e.ordinal > p.ordinal)), p.ordinal)"
            " WHERE EXISTS (SELECT 1 FROM moved)"
        )
    )


class Runner:
    """Runs all followers of this process, woken by hints, until told to stop."""

    def __init__(self, database: Database, clock: Clock, followers: Sequence[Follower]) -> None:
        self._database, self._clock, self._followers = database, clock, followers
        self.wake = Flag()

    def run(self, stop: Flag, idle_s: float = 5.0) -> None:
        """Take turns until ``stop``; without a hint, look again every ``idle_s`` seconds.

        After each follower's turn it rests as long as that took: what comes meanwhile is handled
        together, and half of the thread's time is left to those who wait for answers.
        """
        while not stop.is_set():
            self.wake.clear()
            if self.run_once(stop) == 0:
                self.wake.wait(idle_s)
            else:
                stop.wait(_REST_S)

    def run_once(self, stop: Flag | None = None) -> int:
        """One turn of each follower, with rests where it may be stopped; returns how many events
        were passed in all."""
        reader = LogReader()
        try:
            passed, busy = pass_over(self._database, self._followers, reader)
        except Exception:
            log.exception("log_not_read")
            passed, busy = 0, list(self._followers)
        for follower in busy:
            began = monotonic()
            passed += self._turn(follower, reader)
            if stop is not None:
                stop.wait(min(_LONGEST_REST_S, monotonic() - began))
        return passed

    def _turn(self, follower: Follower, reader: LogReader) -> int:
        now = self._clock.now()
        try:
            return take_turn(self._database, follower, now, reader)
        except Exception as error:
            log.exception("follower_failed", follower=follower.name)
            self._note_failure(follower, error, now)
            return 0

    def _note_failure(self, follower: Follower, error: Exception, now: datetime) -> None:
        """Come back later, each time later; the event is not lost, the log says why."""
        try:
            with self._database.transaction() as session:
                session.execute(
                    text(
                        "UPDATE follower_position SET failures = failures + 1, error = :error,"
                        " retry_at = CAST(:now AS timestamptz)"
                        " + least(300, power(2, least(failures, 8))) * interval '1 second'"
                        " WHERE name = :name"
                    ),
                    {"error": repr(error)[:500], "now": now, "name": follower.name},
                )
        except Exception:
            log.exception("follower_failure_not_noted", follower=follower.name)


def drain(
    database: Database, clock: Clock, followers: Sequence[Follower], rounds: int = 50
) -> None:
    """Let all followers finish what there is (tests and tools); bounded by ``rounds``."""
    for _ in range(rounds):
        if sum(take_turn(database, follower, clock.now()) for follower in followers) == 0:
            return
    raise RuntimeError("followers feed each other without end")
