"""What was said to somebody before, for whoever decides what to offer next."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.conversations.models import Conversation, Message
from amparo.conversations.queries import OPEN_STATES
from amparo.kernel.actor import Actor

_MOST = 50


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """What an open conversation is about, as far as it was said."""

    topic: str | None
    question: str | None


def answers_to(session: Session, actor: Actor, since: datetime) -> list[tuple[str, datetime]]:
    """(question, when) of what the assistant answered to this buyer, latest first, at most 50."""
    answered = Message.extra["question"]["key"].astext
    rows = session.execute(
        select(answered, Message.created_at)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(
            Conversation.buyer_id == actor.person_id,
            Conversation.updated_at >= since,
            Message.kind == "answer",
            Message.created_at >= since,
            answered.is_not(None),
        )
        .order_by(Message.created_at.desc())
        .limit(_MOST)
    )
    return [(key, at) for key, at in rows]


def open_matter_of(session: Session, actor: Actor) -> OpenMatter | None:
    """What the buyer's latest open conversation is about."""
    row = session.execute(
        select(Conversation.topic, Conversation.question)
        .where(Conversation.buyer_id == actor.person_id, Conversation.state.in_(OPEN_STATES))
        .order_by(Conversation.updated_at.desc())
        .limit(1)
    ).one_or_none()
    return None if row is None else OpenMatter(row.topic, row.question)
