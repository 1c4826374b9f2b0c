"""Reads of ratings: the buyer's own, and everybody's for the staff."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.conversations.models import Rating
from amparo.conversations.queries import conversation_for
from amparo.conversations.ratings_rules import CHANGEABLE
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class RatingView:
    """A rating as its buyer and the staff see it."""

    score: int
    reason: str | None
    comment: str | None
    rated_at: datetime
    changeable_until: datetime


def rating_for(session: Session, actor: Actor, conversation_id: UUID) -> RatingView | None:
    """What the buyer thinks of a conversation. Raises NotFound, for a store's people always."""
    view = conversation_for(session, actor, conversation_id)
    if view.party == "seller":
        raise NotFound()
    row = session.get(Rating, conversation_id)
    return None if row is None else _view(row)


def ratings_of(session: Session, actor: Actor, ids: Collection[UUID]) -> dict[UUID, RatingView]:
    """The ratings of many conversations, for the staff; nothing for anybody else."""
    if not actor.is_staff or not ids:
        return {}
    rows = session.scalars(select(Rating).where(Rating.conversation_id.in_(ids)))
    return {row.conversation_id: _view(row) for row in rows}


def _view(row: Rating) -> RatingView:
    return RatingView(row.score, row.reason, row.comment, row.rated_at, row.rated_at + CHANGEABLE)
