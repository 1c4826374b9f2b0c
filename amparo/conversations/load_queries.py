"""How much operators have on their hands, for whoever hands out work."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, ScalarSelect, func, or_, select
from sqlalchemy.orm import Session

from amparo.conversations.models import Conversation, Message


def loads_of(
    session: Session, operators: Iterable[UUID], active_since: datetime
) -> dict[UUID, int]:
    """How many conversations take each operator's capacity; those without any are left out.

    A conversation takes it while the operator owes an answer, and as long as something was said
    after ``active_since``.
    """
    rows = session.execute(
        select(Conversation.operator_id, func.count())
        .where(
            Conversation.operator_id.in_(set(operators)),
            Conversation.state == "assigned",
            or_(_owes_answer(), _last_said() > active_since),
        )
        .group_by(Conversation.operator_id)
    )
    return {operator: count for operator, count in rows if operator is not None}


@dataclass(frozen=True, slots=True)
class Activity:
    """What an operator's conversation is like now; ``said_at`` is None where nobody spoke."""

    operator_id: UUID
    owes_answer: bool
    said_at: datetime | None


def activity_of(session: Session, conversation_id: UUID) -> Activity | None:
    """How lively a conversation is that an operator has; None where nobody has it."""
    row = session.execute(
        select(Conversation.operator_id, _owes_answer(), _last_said()).where(
            Conversation.id == conversation_id,
            Conversation.state == "assigned",
            Conversation.operator_id.is_not(None),
        )
    ).one_or_none()
    if row is None or row[0] is None:
        return None
    return Activity(row[0], row[1], row[2])


def assigned_to(session: Session, operator_id: UUID) -> list[UUID]:
    """The conversations an operator has, by id."""
    query = select(Conversation.id).where(
        Conversation.operator_id == operator_id, Conversation.state == "assigned"
    )
    return list(session.scalars(query.order_by(Conversation.id)))


def served_last_by(session: Session, buyer_id: UUID, since: datetime) -> UUID | None:
    """The operator of the buyer's latest conversation that had one."""
    return session.scalar(
        select(Conversation.operator_id)
        .where(
            Conversation.buyer_id == buyer_id,
            Conversation.operator_id.is_not(None),
            Conversation.updated_at > since,
        )
        .order_by(Conversation.updated_at.desc())
        .limit(1)
    )


def wrote_among(session: Session, people: Iterable[UUID], moment: datetime) -> set[UUID]:
    """Those of ``people`` who have written anything after ``moment``."""
    wanted = Message.author_id.in_(set(people))
    return set(
        session.scalars(select(Message.author_id).where(wanted, Message.created_at > moment))
    )


def _owes_answer() -> ColumnElement[bool]:
    """The last word is not the operator's, or they have not said any."""
    return or_(
        Conversation.answered_at.is_(None),
        Conversation.last_party.in_(("buyer", "seller")),
    )


def _last_said() -> ScalarSelect[datetime]:
    return (
        select(func.max(Message.created_at))
        .where(Message.conversation_id == Conversation.id, Message.kind != "note")
        .correlate(Conversation)
        .scalar_subquery()
    )
