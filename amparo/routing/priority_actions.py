"""How urgent a matter is, said by a person."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from amparo.conversations.actions import head_for, tell_staff
from amparo.conversations.desk_actions import place
from amparo.conversations.events import PRIORITY_SET
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid
from amparo.routing.models import QueueEntry
from amparo.storage.session import hint

MOST_URGENT, LEAST_URGENT = 1, 9


def set_priority(
    session: Session, operator: Actor, conversation_id: UUID, priority: int, now: datetime
) -> None:
    """Give a conversation this priority, and its place in the queue that follows from it.

    Raises:
        NotFound: there is no such conversation.
        Invalid: no such priority.
    """
    if not MOST_URGENT <= priority <= LEAST_URGENT:
        raise Invalid("request_invalid", fields=[{"field": "priority", "rule": "value"}])
    head = head_for(session, operator, conversation_id)
    if not place(session, head.id, priority=priority):
        return
    team = session.scalar(
        update(QueueEntry)
        .where(QueueEntry.conversation_id == conversation_id)
        .values(priority=priority)
        .returning(QueueEntry.team)
    )
    if team is not None:
        hint(session, f"queue:{team}")
    by = {"id": str(operator.person_id), "name": operator.name}
    tell_staff(session, head, PRIORITY_SET, {"priority": priority, "by": by}, now)
