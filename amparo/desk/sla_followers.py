"""Clocks follow what happens in conversations, and the hours of their teams."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations.inbox_queries import channels_of
from amparo.desk import sla_actions, sla_rules
from amparo.desk.sla_queries import policy
from amparo.routing.events import QUEUE_STIRRED, QUEUED
from amparo.storage.events import LoggedEvent


class SlaClocks:
    """Follower: asked, answered, snoozed, moved, settled -> the conversation's clock.

    A batch costs a fixed number of statements, whatever it is about.
    """

    name = "desk.sla_clocks"
    kinds = sla_rules.KINDS | {QUEUE_STIRRED}

    def handle(self, session: Session, events: Sequence[LoggedEvent], now: datetime) -> None:
        """Let the clocks run through the events, and write them down once."""
        stirred = [event for event in events if event.kind == QUEUE_STIRRED]
        self._run([event for event in events if event.kind != QUEUE_STIRRED], session, now)
        if any(event.data["why"] == "team" for event in stirred):
            sla_actions.wind_all(session, now)

    def _run(self, events: Sequence[LoggedEvent], session: Session, now: datetime) -> None:
        ids = {UUID(event.data["conversation"]) for event in events}
        clocks: dict[UUID, sla_rules.Clock | None] = dict(sla_actions.locked(session, ids))
        starting = {UUID(one.data["conversation"]) for one in events if one.kind == QUEUED}
        if not clocks and not starting:
            return
        channels = channels_of(session, starting - set(clocks)) if starting else {}
        found = policy(session)
        touched: set[UUID] = set()
        for event in events:
            id = UUID(event.data["conversation"])
            clock = clocks.get(id)
            if clock is None and event.kind == QUEUED and id in channels:
                clocks[id] = sla_rules.begun(id, channels[id], event.data, event.at)
                touched.add(id)
            elif clock is not None:
                clocks[id] = sla_rules.step(clock, event.kind, event.data, event.at, found)
                touched.add(id)
        kept = [one for id in touched if (one := clocks[id]) is not None]
        for one in kept:
            sla_rules.wind(one, found, now)
        sla_actions.keep(session, kept, [id for id in touched if clocks[id] is None])
        if touched:
            sla_actions.tell_next(session)
