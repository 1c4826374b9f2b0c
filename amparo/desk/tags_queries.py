"""Reads of tags, of who follows, and of who was mentioned."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from amparo.desk.models import ConversationTag, Mention, Tag

_SUGGESTED = 50


def tags_of(session: Session, ids: Sequence[UUID]) -> dict[UUID, list[str]]:
    """The tags of each of these conversations, in order of the alphabet; for staff."""
    rows = session.execute(
        select(ConversationTag.conversation_id, ConversationTag.tag)
        .where(ConversationTag.conversation_id.in_(ids))
        .order_by(ConversationTag.tag)
    )
    found: dict[UUID, list[str]] = {}
    for conversation, tag in rows:
        found.setdefault(conversation, []).append(tag)
    return found


def known_tags(session: Session, beginning: str = "") -> list[str]:
    """Tags that begin so, in order of the alphabet, at most 50."""
    low = beginning.casefold()
    query = select(Tag.name).where(Tag.name >= low, Tag.name < low + "\U0010ffff")
    return list(session.scalars(query.order_by(Tag.name).limit(_SUGGESTED)))


def unseen_mentions(session: Session, people: Sequence[UUID]) -> dict[UUID, int]:
    """In how many conversations each of these people was mentioned and has not looked since."""
    rows = session.execute(
        select(Mention.person_id, func.count())
        .where(Mention.person_id.in_(people), Mention.seen_at.is_(None))
        .group_by(Mention.person_id)
    )
    return {row[0]: row[1] for row in rows}


def tagged_among(session: Session, tag: str, ids: Sequence[UUID]) -> set[UUID]:
    """Which of these have the tag."""
    return set(
        session.scalars(
            select(ConversationTag.conversation_id).where(
                ConversationTag.tag == tag, ConversationTag.conversation_id == func.any(list(ids))
            )
        )
    )
