"""Reads about what was changed: the wordings that a message has had, for the staff."""

from dataclasses import dataclass
from datetime import datetime
from typing import cast
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.accounts.queries import names_of
from amparo.conversations.edits_rules import Said, wordings
from amparo.conversations.models import Message, MessageRevision
from amparo.conversations.queries import conversation_for
from amparo.conversations.rules import Kind
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotFound


@dataclass(frozen=True, slots=True)
class WordingView:
    """One wording of a message; ``body`` is None where it was deleted."""

    body: str | None
    at: datetime
    by_id: UUID
    by_name: str


def history_for(
    session: Session, actor: Actor, conversation_id: UUID, message_id: UUID
) -> list[WordingView]:
    """Everything that a message has said, the first wording first.

    Raises:
        Forbidden: for anybody but staff: what was taken back is not theirs to read.
        NotFound: there is no such message in this conversation.
    """
    if not actor.is_staff:
        raise Forbidden()
    conversation_for(session, actor, conversation_id)
    row = session.get(Message, message_id)
    if row is None or row.conversation_id != conversation_id:
        raise NotFound()
    changes = session.execute(
        select(
            MessageRevision.verb, MessageRevision.body, MessageRevision.at, MessageRevision.by_id
        )
        .where(MessageRevision.message_id == message_id)
        .order_by(MessageRevision.at, MessageRevision.id)
    )
    told = wordings(said_of(row), [(c.verb, c.body, c.at, c.by_id) for c in changes])
    names = names_of(session, {one.by for one in told})
    return [WordingView(one.body, one.at, one.by, names.get(one.by, "")) for one in told]


def said_of(row: Message) -> Said:
    """A stored message, for the rules."""
    return Said(
        id=row.id,
        author_id=row.author_id,
        kind=cast("Kind", row.kind),
        body=row.body,
        extra=row.extra,
        created_at=row.created_at,
        deleted_at=row.deleted_at,
    )
