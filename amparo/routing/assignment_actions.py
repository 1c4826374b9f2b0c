"""Assignment: whoever waits is given to whoever is free, when something has happened.

A look reads without locks what could be given, and the rules decide. Then everything that the
decision is about is locked in the one order (conversations, places, operators) and looked at again;
where anything has changed meanwhile the locks are given back and the next look sees it. So any
number of nodes may do this at once: nobody is given twice, nobody is passed over, and no operator
gets more than their capacity.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.conversations.actions import heads_for
from amparo.conversations.load_queries import activity_of, assigned_to
from amparo.conversations.rules import Head
from amparo.kernel.actor import SYSTEM
from amparo.routing import places_actions as places
from amparo.routing.actions import note_absent, release
from amparo.routing.assignment_queries import Look, look
from amparo.routing.assignment_rules import Given
from amparo.routing.events import QUEUE_STIRRED
from amparo.routing.hours import opening_at
from amparo.routing.models import OperatorRouting, QueueEntry, Team
from amparo.routing.operators_queries import operators_named, somebody_available
from amparo.routing.rules import IDLE, IDLE_AFTER, TEAM_HOURS
from amparo.routing.teams_queries import schedule_of
from amparo.storage.events import record
from amparo.storage.session import hint
from amparo.storage.timers import ensure_timers, set_timer

_TRIES = 8


def assign_waiting(session: Session, now: datetime) -> list[UUID]:
    """Give everybody who can be given now; returns their conversations in order of service."""
    if not somebody_available(session, now):
        return []
    for attempt in range(_TRIES):
        seen = look(session, now)
        if seen is None:
            return []
        given = seen.board.assign(now.timestamp())
        note_absent(session, [one.id for one in seen.board.passed], now)
        if not given:
            return []
        done = _carry_out(session, seen, given, now, partly=attempt == _TRIES - 1)
        if done is not None:
            return done
    return []


def _carry_out(
    session: Session, seen: Look, given: Sequence[Given], now: datetime, *, partly: bool
) -> list[UUID] | None:
    """Do what was decided; None, and nothing done, where it is not what would be decided now."""
    with session.begin_nested() as attempt:
        heads = heads_for(session, SYSTEM, [one.waiting.id for one in given])
        entries = _locked_places(session, heads)
        room = _locked_room(session, {one.operator for one in given}, now)
        good = []
        for one in given:
            head, entry = heads.get(one.waiting.id), entries.get(one.waiting.id)
            if head is None or not _still(one, head, entry) or room[one.operator] < 1:
                if partly:
                    continue
                attempt.rollback()
                return None
            room[one.operator] -= 1
            good.append((one, head))
        for one, head in good:
            places.give(session, seen.operators[one.operator].actor, head, now)
    return [one.waiting.id for one, _ in good]


def _locked_places(session: Session, heads: dict[UUID, Head]) -> dict[UUID, QueueEntry]:
    found = session.scalars(
        select(QueueEntry)
        .where(QueueEntry.conversation_id.in_(heads))
        .order_by(QueueEntry.conversation_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return {entry.conversation_id: entry for entry in found}


def _still(one: Given, head: Head, entry: QueueEntry | None) -> bool:
    """Whether it waits in the queue in which it was seen."""
    return (
        entry is not None
        and entry.taken_at is None
        and (entry.team, entry.language) == one.waiting.queue
        and head.state in ("waiting", "deferred")
    )


def _locked_room(session: Session, operators: set[UUID], now: datetime) -> Counter[UUID]:
    """How many more each of these can be given; others must wait for us to know it anew."""
    session.execute(
        select(OperatorRouting.person_id)
        .where(OperatorRouting.person_id.in_(operators))
        .order_by(OperatorRouting.person_id)
        .with_for_update()
    ).all()
    named = operators_named(session, operators, now)
    return Counter(
        {
            id: one.capacity - one.load
            for id, one in named.items()
            if one.connected and one.state == "available"
        }
    )


def give_back_unanswered(session: Session, operator_id: UUID, now: datetime) -> None:
    """An operator has gone off: what they have not answered goes back to its place."""
    operator = operators_named(session, [operator_id], now).get(operator_id)
    if operator is not None and operator.state != "off":
        return
    heads = heads_for(session, SYSTEM, assigned_to(session, operator_id))
    for id in sorted(heads):
        head = heads[id]
        mine = head.operator_id == operator_id and head.state == "assigned"
        if mine and head.answered_at is None:
            release(session, SYSTEM, id, now)


def stir(session: Session, why: str, now: datetime, subject: UUID | None = None) -> None:
    """Something may let somebody be served: look, after this transaction."""
    record(session, QUEUE_STIRRED, {"why": why}, now=now, subject=subject)


def time_has_come(session: Session, id: UUID, _: dict[str, Any], now: datetime) -> None:
    """Timer of a place: it is kept for nobody any more, or other teams may serve it."""
    entry = session.get(QueueEntry, id)
    if entry is not None and entry.taken_at is None:
        stir(session, "time", now, id)


def look_at_idle(session: Session, id: UUID, _: dict[str, Any], now: datetime) -> None:
    """Timer of a conversation that an operator has: where nothing is said any more, it takes no
    capacity, and somebody else can be served."""
    activity = activity_of(session, id)
    if activity is None:
        return
    quiet_at = now if activity.said_at is None else activity.said_at + IDLE_AFTER
    if activity.owes_answer:
        quiet_at = now + IDLE_AFTER
    if quiet_at > now:
        set_timer(session, IDLE, id, quiet_at)
    else:
        stir(session, "idle", now, activity.operator_id)


def watch_quiet(session: Session, conversations: Iterable[UUID], now: datetime) -> None:
    """Somebody was answered: each of these is looked at when nothing more was said for a while."""
    ensure_timers(session, IDLE, set(conversations), now + IDLE_AFTER)


def hours_change(session: Session, id: UUID, data: dict[str, Any], now: datetime) -> None:
    """Timer of a team: it opens or closes, and those who wait for it are told and served."""
    team = session.get(Team, data["team"])
    if team is None:
        return
    waits = select(QueueEntry.conversation_id).where(
        QueueEntry.team == team.key, QueueEntry.taken_at.is_(None)
    )
    if session.scalar(waits.limit(1)) is None:
        return
    opening = opening_at(schedule_of(team), now)
    changes_at = opening.opens_at or opening.closes_at
    if changes_at is not None:
        set_timer(session, TEAM_HOURS, id, max(changes_at, now + timedelta(seconds=1)), data)
    hint(session, f"queue:{team.key}")
    stir(session, "hours", now)
