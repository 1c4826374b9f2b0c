"""What goes into a transcript: the reader's own stream, from its beginning."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts.queries import site_by_key
from amparo.conversations.queries import ConversationView, conversation_for, events_after
from amparo.conversations.transcript_rules import Transcript, told_of
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound

_PAGE, _MOST = 500, 5000
"""Events of the latest part that a transcript tells; few conversations come near."""


def transcript_for(session: Session, actor: Actor, conversation_id: UUID) -> Transcript:
    """What the actor's party has seen of a conversation.

    Raises:
        NotFound: there is no such conversation, or it is not the actor's to see.
    """
    view = conversation_for(session, actor, conversation_id)
    first = max(0, view.last_seq - _MOST)
    found: list[tuple[str, datetime, Mapping[str, Any]]] = []
    after = first
    while page := events_after(session, actor, view.id, after, _PAGE):
        found += [(event.kind, event.at, event.data) for event in page]
        after = page[-1].seq
    return Transcript(_place(session, view), view.created_at, told_of(found), cut=first > 0)


def _place(session: Session, view: ConversationView) -> str:
    try:
        return site_by_key(session, view.site_key or "").name
    except NotFound:
        return "Amparo"
