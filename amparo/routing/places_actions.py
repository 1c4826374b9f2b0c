"""Places in queues: entering, being given to an operator, going back, leaving.

Locks are always taken in this order: timers, conversations by id, their places, operators by id.
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.conversations.actions import change_state
from amparo.conversations.desk_actions import place
from amparo.conversations.load_queries import served_last_by
from amparo.conversations.rules import Head, Verb
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Unavailable
from amparo.kernel.ids import derived_id
from amparo.routing import rules
from amparo.routing.events import QUEUED, TAKEN
from amparo.routing.models import QueueEntry, QueueWait, Team
from amparo.routing.operators_actions import was_given
from amparo.routing.queries import ahead_of, team_hours
from amparo.routing.wait_queries import Ranges
from amparo.storage.events import record
from amparo.storage.session import hint
from amparo.storage.timers import clear_timers, ensure_timer, set_timer

_OF_THOSE_WHO_WAIT = (rules.DEFER_ABSENT, rules.STICKY_OVER, rules.OVERFLOW_DUE)
_OF_THOSE_WHO_ARE_SERVED = (rules.OPERATOR_GONE, rules.IDLE, rules.SNOOZE_OVER)


def enter(session: Session, head: Head, now: datetime, *, verb: Verb) -> None:
    """Into the queue: a new place, or the one that was kept.

    Raises:
        Unavailable: ``no_team``: nobody is set up to answer.
    """
    entry = session.get(QueueEntry, head.id)
    if entry is not None and entry.taken_at is None:  # back from deferred: the place was kept
        entry.deferred, entry.absent_since = False, None
        change_state(session, head, verb, now)
        return
    served_before = head.operator_id
    choice = new_place(session, head, now, served_before)
    reason = None if choice.own_language else "fallback_language"
    change_state(session, head, verb, now, reason=reason)


def new_place(
    session: Session, head: Head, now: datetime, served_before: UUID | None = None
) -> rules.Choice:
    """A place at the end of the queue that fits. Raises Unavailable."""
    choice = rules.choose_team(team_hours(session), head.language, now, head.topic)
    if choice is None:
        raise Unavailable("no_team")
    values: dict[str, Any] = {
        "team": choice.team,
        "language": head.language,
        "priority": rules.priority_of(head.topic, head.question),
    }
    since = now - rules.REMEMBER_OPERATOR
    fresh = {
        "entered_at": now,
        "buyer_id": head.buyer_id,
        "taken_at": None,
        "absent_since": None,
        "deferred": False,
        "last_operator": served_before or served_last_by(session, head.buyer_id, since),
        "translate": not choice.own_language,
        "snoozed_until": None,
        "first": None,
    }
    session.execute(
        insert(QueueEntry)
        .values(conversation_id=head.id, **values, **fresh)
        .on_conflict_do_update(index_elements=["conversation_id"], set_=values | fresh)
    )
    entry = session.get_one(QueueEntry, head.id, populate_existing=True)
    entry.first = _told(session, entry, now)
    place(session, head.id, team=choice.team, priority=entry.priority)
    watch(session, entry, now, choice)
    hint(session, f"queue:{choice.team}")
    record(session, QUEUED, {"conversation": str(head.id), **values}, now=now, subject=head.id)
    return choice


def watch(
    session: Session, entry: QueueEntry, now: datetime, choice: rules.Choice | None = None
) -> None:
    """The times at which something may change for this entry by itself."""
    id = entry.conversation_id
    kept_until = entry.entered_at + rules.STICKY_FOR
    if entry.last_operator is not None and kept_until > now:
        set_timer(session, rules.STICKY_OVER, id, kept_until)
    team = session.get(Team, entry.team)
    if team is not None and team.overflow_to:
        helped_from = entry.entered_at + timedelta(seconds=team.overflow_after_s)
        if helped_from > now:
            set_timer(session, rules.OVERFLOW_DUE, id, helped_from)
    if choice is not None:
        changes_at = choice.opening.opens_at or choice.opening.closes_at
        if changes_at is not None:
            ensure_timer(
                session,
                rules.TEAM_HOURS,
                derived_id("team", entry.team),
                changes_at,
                {"team": entry.team},
            )


def _told(session: Session, entry: QueueEntry, now: datetime) -> dict[str, Any] | None:
    """What the buyer is told on entry; None where the wait teaches nothing: served at once, or
    nobody is here to serve."""
    queue = (entry.team, entry.language)
    ranges, position = Ranges(session, now), 1 + ahead_of(session, entry)
    slots = ranges.slots(queue)
    if slots == 0 or (position == 1 and ranges.served_at_once(queue)):
        return None
    range = ranges.of(queue, entry.priority, position)
    low, high = (range.low, range.high) if range is not None else (None, None)
    return {"position": position, "slots": slots, "low": low, "high": high}


def give(
    session: Session,
    operator: Actor,
    head: Head,
    now: datetime,
    *,
    verb: Verb = "assign",
) -> None:
    """A locked conversation is this operator's from now on."""
    head.answered_at = None  # "before the first answer" means this operator's
    entry = session.get(QueueEntry, head.id)
    name = {"id": str(operator.person_id), "name": operator.name}
    translated = bool(operator.languages) and head.language not in operator.languages
    reason = "fallback_language" if translated else None
    change_state(session, head, verb, now, operator=name, reason=reason)
    if entry is not None:
        _measure(session, entry, now)
        entry.taken_at, entry.absent_since, entry.snoozed_until = now, None, None
        entry.translate, entry.last_operator = translated, operator.person_id
        hint(session, f"queue:{entry.team}")
    _clear(session, head.id, _OF_THOSE_WHO_WAIT)
    work_begins(session, head.id, now)
    was_given(session, operator.person_id, now)
    told = {"conversation": str(head.id), "operator": name}
    record(session, TAKEN, told, now=now, subject=head.id)


def back_to_place(session: Session, head: Head, now: datetime) -> None:
    """A locked conversation that waits again has its **original** place."""
    entry = session.get(QueueEntry, head.id)
    if entry is None:
        new_place(session, head, now)
    else:
        entry.taken_at = entry.snoozed_until = None
        watch(session, entry, now)
        hint(session, f"queue:{entry.team}")
    _clear(session, head.id, _OF_THOSE_WHO_ARE_SERVED)


def leave(session: Session, conversation_id: UUID) -> None:
    """Forget the place, wherever the conversation went."""
    entry = session.get(QueueEntry, conversation_id)
    if entry is not None:
        session.delete(entry)
        hint(session, f"queue:{entry.team}")
    _clear(session, conversation_id, (*_OF_THOSE_WHO_WAIT, *_OF_THOSE_WHO_ARE_SERVED))


def work_begins(session: Session, conversation_id: UUID, now: datetime) -> None:
    """An operator has it before them: it takes capacity until nothing is said any more."""
    set_timer(session, rules.IDLE, conversation_id, now + rules.IDLE_AFTER)


def stop_working(session: Session, conversation_id: UUID) -> None:
    """Nobody has it before them now."""
    _clear(session, conversation_id, (rules.OPERATOR_GONE, rules.IDLE))


def _measure(session: Session, entry: QueueEntry, now: datetime) -> None:
    """The wait is over: it says how long others will wait, if the buyer really waited."""
    first, entry.first = entry.first, None
    if first is None or entry.deferred or entry.absent_since is not None:
        return
    session.execute(
        insert(QueueWait)
        .values(
            conversation_id=entry.conversation_id,
            entered_at=entry.entered_at,
            team=entry.team,
            language=entry.language,
            priority=entry.priority,
            position=first["position"],
            slots=first["slots"],
            low_s=first["low"],
            high_s=first["high"],
            actual_s=(now - entry.entered_at).total_seconds(),
            at=now,
        )
        .on_conflict_do_nothing()
    )
    _forget_old_waits(session, now)


def _forget_old_waits(session: Session, now: datetime) -> None:
    old = (
        select(QueueWait.conversation_id)
        .where(QueueWait.at < now - rules.WAITS_KEPT)
        .order_by(QueueWait.at)
        .limit(10)  # more than one comes, so this keeps up, and no transaction pays for many
    )
    session.execute(
        delete(QueueWait).where(
            QueueWait.conversation_id.in_(old), QueueWait.at < now - rules.WAITS_KEPT
        )
    )


def _clear(session: Session, conversation_id: UUID, kinds: tuple[str, ...]) -> None:
    clear_timers(session, kinds, conversation_id)
