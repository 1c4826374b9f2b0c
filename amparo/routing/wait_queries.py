"""Reads of waits: what finished ones were, and the honest range of those that go on."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.routing.assignment_queries import TeamsNow, teams_now
from amparo.routing.assignment_rules import Queue, may_serve
from amparo.routing.models import QueueWait
from amparo.routing.rules import WAITS_KEPT
from amparo.routing.wait_rules import Waited, WaitModel, WaitRange

_LEARNT_FROM = 600


class Ranges:
    """The ranges of one moment; what several places need is read once."""

    def __init__(self, session: Session, now: datetime, teams: TeamsNow | None = None) -> None:
        self._session, self._now = session, now
        self._teams = teams
        self._models: dict[tuple[Queue, int], WaitModel] = {}
        self._slots: dict[Queue, int] = {}

    def of(self, queue: Queue, priority: int, position: int) -> WaitRange | None:
        """The wait from now on of this place; None where too little is known, nobody works in
        the queue, or its team is closed."""
        slots = self.slots(queue)
        if slots == 0:
            return None
        key = queue, priority
        if key not in self._models:
            self._models[key] = WaitModel(_finished(self._session, queue, priority, self._now))
        return self._models[key].range(position, slots)

    def slots(self, queue: Queue) -> int:
        """Conversations that those who are here for the queue can hold at once."""
        if queue not in self._slots:
            self._slots[queue] = self._slots_of(queue)
        return self._slots[queue]

    def served_at_once(self, queue: Queue) -> bool:
        """Whether somebody who gets conversations by themselves is free for the queue."""
        teams = self._now_teams()
        return any(
            one.state == "available"
            and one.load < one.capacity
            and may_serve(one.as_server(), queue, teams.rules) is not None
            for one in teams.working
        )

    def _slots_of(self, queue: Queue) -> int:
        teams = self._now_teams()
        return sum(
            one.capacity
            for one in teams.working
            if may_serve(one.as_server(), queue, teams.rules) is not None
        )

    def _now_teams(self) -> TeamsNow:
        if self._teams is None:
            self._teams = teams_now(self._session, self._now)
        return self._teams


def _finished(session: Session, queue: Queue, priority: int, now: datetime) -> Iterable[Waited]:
    """The latest finished waits of a queue, oldest first."""
    rows = session.execute(
        select(
            QueueWait.position,
            QueueWait.slots,
            QueueWait.low_s,
            QueueWait.high_s,
            QueueWait.actual_s,
        )
        .where(
            QueueWait.team == queue[0],
            QueueWait.language == queue[1],
            QueueWait.priority == priority,
            QueueWait.at > now - WAITS_KEPT,
        )
        .order_by(QueueWait.at.desc())
        .limit(_LEARNT_FROM)
    ).all()
    for row in reversed(rows):
        told = None
        if row.low_s is not None and row.high_s is not None:
            told = WaitRange(row.low_s, row.high_s)
        yield Waited(row.position, row.slots, told, row.actual_s)
