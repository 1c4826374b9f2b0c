"""The verbs of routing: into the queue, out of it, back to the same place."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.conversations.actions import change_state, head_for, set_subject
from amparo.conversations.queries import ConversationView, conversation_for
from amparo.conversations.rules import Head
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.errors import Conflict
from amparo.routing import places_actions as places
from amparo.routing import rules
from amparo.routing.assignment_queries import servable_by
from amparo.routing.events import RELEASED
from amparo.routing.models import QueueEntry, Team
from amparo.routing.operators_queries import operator_for, staff_only
from amparo.routing.queries import Place, is_here, place_for
from amparo.routing.rules import DEFER_ABSENT
from amparo.storage.events import record
from amparo.storage.timers import clear_timer, set_timer


def ask_for_person(
    session: Session,
    actor: Actor,
    conversation_id: UUID,
    now: datetime,
    *,
    topic: str | None = None,
    language: str | None = None,
) -> Place:
    """ "Speak to a person": into the queue at once, with everything said before.

    Asking again changes nothing and answers the present place.
    """
    head = head_for(session, actor, conversation_id)
    if head.state in ("bot", "deferred"):
        set_subject(session, head, topic=topic, language=language)
        places.enter(session, head, now, verb="ask_person")
    return place_for(session, actor, conversation_id, now)


def reopen(session: Session, conversation_id: UUID, now: datetime) -> None:
    """A buyer has written into a resolved conversation: it waits again."""
    head = head_for(session, SYSTEM, conversation_id)
    if head.state == "resolved":
        places.enter(session, head, now, verb="reopen")


def hand_over(session: Session, conversation_id: UUID, now: datetime) -> None:
    """The matter goes to a person, wherever the conversation stands; twice is once."""
    reopen(session, conversation_id, now)
    ask_for_person(session, SYSTEM, conversation_id, now)


def take_next(session: Session, operator: Actor, now: datetime) -> ConversationView | None:
    """Give the operator whoever has waited longest among the most urgent, and is here.

    A buyer who is absent when the turn comes keeps the place; the next one is served. None where
    nobody waits whom this operator can serve.
    """
    staff_only(operator)
    routing = operator_for(session, operator, now)
    absent: list[UUID] = []
    taken: ConversationView | None = None
    for waiting in servable_by(session, operator, routing, now):
        if not (waiting.deferred or waiting.here):
            absent.append(waiting.id)
        elif taken := _take_if_waiting(session, operator, waiting.id, now):
            break
    note_absent(session, absent, now)
    return taken


def _take_if_waiting(
    session: Session, operator: Actor, conversation_id: UUID, now: datetime
) -> ConversationView | None:
    """Take it unless somebody else was faster.

    The list was read without locks, and the locks are taken as every other verb takes them: the
    conversation first, then its place. Another operator who wants the same one waits here for a
    moment and goes on to the next; giving up gives the lock back, so that nobody ever holds two.
    """
    with session.begin_nested() as attempt:
        head = head_for(session, operator, conversation_id)
        if _still_waits(session, head):
            places.give(session, operator, head, now)
            return conversation_for(session, operator, head.id)
        attempt.rollback()
    return None


def _still_waits(session: Session, head: Head) -> bool:
    """Whether nobody has taken a locked conversation since its place was read."""
    entry = session.get(QueueEntry, head.id, populate_existing=True)
    free = entry is not None and entry.taken_at is None
    return free and head.state in ("waiting", "deferred")


def note_absent(session: Session, conversations: list[UUID], now: datetime) -> None:
    """Their turn came while they were away; whoever is being changed just now is not away."""
    if not conversations:
        return
    query = select(QueueEntry).where(
        QueueEntry.conversation_id.in_(conversations),
        QueueEntry.taken_at.is_(None),
        QueueEntry.absent_since.is_(None),
    )
    for entry in session.scalars(query.with_for_update(skip_locked=True)).all():
        entry.absent_since = now
        set_timer(session, DEFER_ABSENT, entry.conversation_id, now + rules.ABSENT_AFTER)


def take(
    session: Session, operator: Actor, conversation_id: UUID, now: datetime
) -> ConversationView:
    """Take one particular conversation that waits or was put off.

    Raises:
        Conflict: ``already_taken``, with the name of who has it, or ``not_in_this_state``.
    """
    staff_only(operator)
    head = head_for(session, operator, conversation_id)
    if head.operator_id == operator.person_id and head.state == "assigned":
        return conversation_for(session, operator, conversation_id)
    if head.state == "assigned":
        taken = conversation_for(session, operator, conversation_id)
        raise Conflict("already_taken", operator=taken.operator_name or "")
    places.give(session, operator, head, now)
    return conversation_for(session, operator, conversation_id)


def release(session: Session, actor: Actor, conversation_id: UUID, now: datetime) -> None:
    """Back to the **original** place in the queue."""
    head = head_for(session, actor, conversation_id)
    if head.state == "waiting":
        return
    change_state(session, head, "release", now)
    places.back_to_place(session, head, now)
    record(session, RELEASED, {"conversation": str(head.id)}, now=now, subject=head.id)


def defer(session: Session, actor: Actor, conversation_id: UUID, now: datetime) -> None:
    """ "Don't wait: answer me later", without losing the place."""
    head = head_for(session, actor, conversation_id)
    if head.state != "deferred":
        _defer(session, head, now, "asked")


def resolve(session: Session, actor: Actor, conversation_id: UUID, now: datetime) -> None:
    """The matter is settled; doing it twice is doing it once."""
    head = head_for(session, actor, conversation_id)
    if head.state != "resolved":
        change_state(session, head, "resolve", now, reason=f"by_{actor.party}")
        places.leave(session, conversation_id)


def belongs_to(session: Session, conversation_id: UUID, buyer_id: UUID) -> None:
    """From now on it is this buyer who is waited for."""
    session.execute(
        update(QueueEntry)
        .where(QueueEntry.conversation_id == conversation_id)
        .values(buyer_id=buyer_id, absent_since=None)
    )


def defer_absent(session: Session, conversation_id: UUID, _: dict[str, Any], now: datetime) -> None:
    """Timer: the buyer has been away since the turn came; the answer will come later."""
    entry = session.get(QueueEntry, conversation_id)
    if entry is None or entry.taken_at is not None or entry.absent_since is None:
        return
    if is_here(session, entry.buyer_id, entry.entered_at, now):
        entry.absent_since = None
        return
    head = head_for(session, SYSTEM, conversation_id)
    if head.state == "waiting":
        _defer(session, head, now, "absent")


def give_back(session: Session, conversation_id: UUID, _: dict[str, Any], now: datetime) -> None:
    """Timer: the operator's connection has been gone too long before the first answer."""
    head = head_for(session, SYSTEM, conversation_id)
    gone = head.operator_id is not None and not is_here(session, head.operator_id, None, now)
    if head.state == "assigned" and head.answered_at is None and gone:
        release(session, SYSTEM, conversation_id, now)


def save_team(session: Session, values: dict[str, Any]) -> None:
    """Make a team, or change the one with this key."""
    rest = {key: value for key, value in values.items() if key != "key"}
    session.execute(
        insert(Team).values(values).on_conflict_do_update(index_elements=["key"], set_=rest)
    )


def load_default_teams(session: Session) -> None:
    """The teams a new installation begins with; what an administrator changed stays."""
    session.execute(insert(Team).values(list(rules.DEFAULT_TEAMS)).on_conflict_do_nothing())


def _defer(session: Session, head: Head, now: datetime, reason: str) -> None:
    change_state(session, head, "defer", now, reason=reason)
    entry = session.get(QueueEntry, head.id)
    if entry is not None:
        entry.deferred = True
        clear_timer(session, DEFER_ABSENT, head.id)
