"""Putting a conversation aside until a time, or until the buyer writes."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts.queries import staff_actors
from amparo.conversations.actions import change_state, head_for
from amparo.conversations.rules import Head
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.errors import Conflict, Invalid
from amparo.routing import places_actions as places
from amparo.routing.models import QueueEntry
from amparo.routing.operators_queries import operator_for, staff_only
from amparo.routing.rules import SNOOZE_OVER
from amparo.storage.timers import clear_timer, set_timer

LONGEST = timedelta(days=366)


def snooze(
    session: Session, operator: Actor, conversation_id: UUID, until: datetime, now: datetime
) -> None:
    """Put an assigned conversation aside; it takes no capacity until it wakes.

    Raises:
        NotFound: there is no such conversation.
        Conflict: nobody has it, or somebody else (``already_taken``).
        Invalid: the time lies in the past, or more than a year ahead.
    """
    staff_only(operator)
    if not now < until <= now + LONGEST:
        raise Invalid("snooze_time_invalid")
    # the timer before the conversation: whoever fires it takes them in this order, too
    set_timer(session, SNOOZE_OVER, conversation_id, until)
    head = head_for(session, operator, conversation_id)
    _only_own(session, operator, head)
    change_state(session, head, "snooze", now, until=until)
    places.stop_working(session, head.id)
    entry = session.get(QueueEntry, head.id)
    if entry is not None:
        entry.snoozed_until = until


def wake(session: Session, actor: Actor, conversation_id: UUID, now: datetime) -> None:
    """Back from being snoozed: to its operator if they are here and have room, else to its place
    in the queue; nothing happens to one that is awake. Raises NotFound."""
    head = head_for(session, actor, conversation_id)
    if head.state != "snoozed":
        return
    clear_timer(session, SNOOZE_OVER, conversation_id)
    operator = _has_room(session, head, actor, now)
    entry = session.get(QueueEntry, head.id)
    if operator is None:
        change_state(session, head, "release", now, reason="snooze_over")
        places.back_to_place(session, head, now)
        return
    name = {"id": str(operator.person_id), "name": operator.name}
    change_state(session, head, "wake", now, operator=name, reason="snooze_over")
    if entry is not None:
        entry.snoozed_until = None
    places.work_begins(session, head.id, now)


def snooze_over(session: Session, conversation_id: UUID, _: dict[str, Any], now: datetime) -> None:
    """Timer: the time has come."""
    wake(session, SYSTEM, conversation_id, now)


def _has_room(session: Session, head: Head, actor: Actor, now: datetime) -> Actor | None:
    """Its operator, if it can go back there; who asks for it themselves always has room."""
    if head.operator_id is None:
        return None
    if head.operator_id == actor.person_id:
        return actor
    holder = staff_actors(session, [head.operator_id]).get(head.operator_id)
    if holder is None:
        return None
    routing = operator_for(session, holder, now)
    return holder if routing.works and routing.load < routing.capacity else None


def _only_own(session: Session, operator: Actor, head: Head) -> None:
    if head.operator_id not in (None, operator.person_id) and not operator.is_administrator:
        holder = staff_actors(session, [head.operator_id]).get(head.operator_id)
        raise Conflict("already_taken", operator=holder.name if holder else "")
