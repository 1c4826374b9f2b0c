"""Two conversations of one matter become one; and back, while it can still be undone.

Nothing is moved: the source ends and says where it goes on, and stays readable by everybody who
could read it.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.conversations import desk_actions as conversations
from amparo.conversations.actions import head_for
from amparo.conversations.queries import ConversationView, conversation_for
from amparo.conversations.rules import Head
from amparo.desk import once_actions as once
from amparo.desk.models import Merge
from amparo.desk.rules import staff_only
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Invalid, NotFound
from amparo.routing import merging_actions as routing

UNDO_WITHIN = timedelta(minutes=10)
"""How long a merge can be undone."""


def merge(
    session: Session,
    operator: Actor,
    source_id: UUID,
    request_id: UUID,
    into_id: UUID,
    now: datetime,
) -> ConversationView:
    """Let ``source`` go on in ``into``; returns the latter.

    Raises:
        NotFound: one of them does not exist.
        Invalid: ``merge_with_itself``.
        Conflict: ``merge_not_alike``: another buyer, channel or store; ``merge_into_resolved``;
            ``conversation_merged``: one of them goes on elsewhere already.
    """
    staff_only(operator)
    if source_id == into_id:
        raise Invalid("merge_with_itself")
    asked = {"merge": str(source_id), "into": str(into_id)}
    if once.first_answer(session, operator, request_id, asked, now) is not None:
        return conversation_for(session, operator, into_id)
    heads = {id: head_for(session, operator, id) for id in sorted((source_id, into_id))}
    source, into = heads[source_id], heads[into_id]
    _check(source, into)
    before = routing.end_merged(session, source, now)
    conversations.merge(session, operator, source, into, now)
    session.add(
        Merge(
            id=request_id,
            source_id=source_id,
            into_id=into_id,
            by_id=operator.person_id,
            at=now,
            before=before,
        )
    )
    session.flush()
    return conversation_for(session, operator, into_id)


def undo_merge(
    session: Session, operator: Actor, source_id: UUID, request_id: UUID, now: datetime
) -> ConversationView:
    """The source goes on by itself again, where it stood; returns it.

    Raises:
        NotFound: there is no such conversation, or it was not merged.
        Conflict: ``undo_too_late``.
    """
    staff_only(operator)
    asked = {"undo_merge": str(source_id)}
    if once.first_answer(session, operator, request_id, asked, now) is not None:
        return conversation_for(session, operator, source_id)
    conversation_for(session, operator, source_id)
    row = session.scalars(
        select(Merge).where(Merge.source_id == source_id, Merge.undone_at.is_(None))
    ).one_or_none()
    if row is None:
        raise NotFound()
    if now - row.at > UNDO_WITHIN:
        raise Conflict("undo_too_late", minutes=UNDO_WITHIN // timedelta(minutes=1))
    heads = {id: head_for(session, operator, id) for id in sorted((source_id, row.into_id))}
    session.refresh(row)
    if row.undone_at is not None:  # a colleague was faster
        return conversation_for(session, operator, source_id)
    row.undone_at = now
    conversations.undo_merge(session, operator, heads[source_id], heads[row.into_id], now)
    routing.go_on(session, heads[source_id], row.before, now)
    return conversation_for(session, operator, source_id)


def _check(source: Head, into: Head) -> None:
    alike = ("buyer_id", "channel", "store_ref")
    if any(getattr(source, name) != getattr(into, name) for name in alike):
        raise Conflict("merge_not_alike")
    for head in (source, into):
        if head.merged_into is not None:
            raise Conflict("conversation_merged", into=str(head.merged_into))
    if into.state == "resolved":
        raise Conflict("merge_into_resolved")
