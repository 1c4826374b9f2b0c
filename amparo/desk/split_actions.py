"""A second matter in one conversation gets a conversation of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations import copying_actions as conversations
from amparo.conversations.actions import head_for
from amparo.conversations.queries import ConversationView, conversation_for
from amparo.desk import once_actions as once
from amparo.desk.rules import staff_only
from amparo.kernel.actor import SYSTEM, Actor
from amparo.routing import actions as routing


def split(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    request_id: UUID,
    new_id: UUID,
    from_message: UUID,
    now: datetime,
) -> ConversationView:
    """Copy what was said from a message on into a new conversation; returns that one.

    It is the operator's where the old one is, and waits otherwise. The old one keeps everything.

    Raises:
        NotFound: no such conversation, or no such message in it.
        Conflict: ``conversation_exists``: the new id is somebody's already.
        Invalid: ``split_too_long``.
    """
    staff_only(operator)
    asked = {"split": str(conversation_id), "new": str(new_id), "from": str(from_message)}
    if once.first_answer(session, operator, request_id, asked, now) is not None:
        return conversation_for(session, operator, new_id)
    head = head_for(session, operator, conversation_id)
    mine = head.state == "assigned" and head.operator_id == operator.person_id
    conversations.copy_from(session, operator, head, new_id, from_message, now)
    routing.ask_for_person(session, SYSTEM, new_id, now, topic=head.topic)
    if mine:
        routing.take(session, operator, new_id, now)
    return conversation_for(session, operator, new_id)
