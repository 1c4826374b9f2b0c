"""Verbs of the desk. The work is done by routing and conversations; here is who may ask for it."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.conversations import actions as conversations
from amparo.conversations.posting import Stored
from amparo.conversations.queries import ConversationView, conversation_for
from amparo.conversations.rules import Draft
from amparo.desk.models import TakenNext
from amparo.desk.rules import staff_only
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Problem
from amparo.routing import actions as routing

_REMEMBER = timedelta(days=1)


def take_next(
    session: Session, operator: Actor, request_id: UUID, now: datetime
) -> ConversationView | None:
    """The next conversation for this operator; None where nobody waits.

    The same request again, at the same moment or later, gives the same conversation: a repeated
    click must not take two.
    """
    staff_only(operator)
    mine = TakenNext.operator_id == operator.person_id
    session.execute(delete(TakenNext).where(mine, TakenNext.at < now - _REMEMBER))
    # A twin of this request waits here for its commit, then finds what it gave.
    first = session.execute(
        insert(TakenNext)
        .values(operator_id=operator.person_id, request_id=request_id, at=now)
        .on_conflict_do_nothing()
        .returning(TakenNext.request_id)
    ).one_or_none()
    row = session.get_one(TakenNext, (operator.person_id, request_id))
    if first is None:
        given = row.conversation_id
        return conversation_for(session, operator, given) if given else None
    taken = routing.take_next(session, operator, now)
    if taken is None:
        session.delete(row)  # nothing was given: the next attempt may find somebody
        return None
    row.conversation_id = taken.id
    return taken


def take(
    session: Session, operator: Actor, conversation_id: UUID, now: datetime
) -> ConversationView:
    """Take this conversation.

    Raises:
        NotFound: there is no such conversation.
        Conflict: ``already_taken`` by the named operator.
    """
    staff_only(operator)
    return routing.take(session, operator, conversation_id, now)


def note(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    client_id: UUID,
    body: str,
    now: datetime,
    *,
    mentions: Sequence[UUID] = (),
) -> Stored:
    """Write a note that only staff will ever see; the same ``client_id`` again stores nothing.

    Raises:
        NotFound: there is no such conversation.
        Invalid: the note is empty or too long, or names somebody who is no colleague.
    """
    staff_only(operator)
    draft = Draft(operator, conversation_id, client_id, body, kind="note", mentions=tuple(mentions))
    outcome = conversations.post_messages(session, [draft], now)[0]
    if isinstance(outcome, Problem):
        raise outcome
    return outcome


def resolve(
    session: Session, operator: Actor, conversation_id: UUID, now: datetime
) -> ConversationView:
    """The matter is settled; settling it twice is settling it once. Raises NotFound."""
    staff_only(operator)
    routing.resolve(session, operator, conversation_id, now)
    return conversation_for(session, operator, conversation_id)


def release(
    session: Session, operator: Actor, conversation_id: UUID, now: datetime
) -> ConversationView:
    """Back to the original place in the queue: by whoever has it, or an administrator.

    Raises:
        NotFound: there is no such conversation.
        Conflict: ``already_taken``: it is somebody else's.
    """
    staff_only(operator)
    view = conversation_for(session, operator, conversation_id)
    others = view.operator_id not in (None, operator.person_id)
    if view.state == "assigned" and others and not operator.is_administrator:
        raise Conflict("already_taken", operator=view.operator_name or "")
    routing.release(session, operator, conversation_id, now)
    return conversation_for(session, operator, conversation_id)
