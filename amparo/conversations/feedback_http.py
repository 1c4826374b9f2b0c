"""The routes of what readers say about a conversation: seen, and how good it was."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from amparo.conversations.http import ConversationId
from amparo.conversations.ratings_actions import rate
from amparo.conversations.ratings_queries import rating_for
from amparo.conversations.ratings_rules import COMMENT_LIMIT, REASONS
from amparo.conversations.receipts_actions import mark_seen
from amparo.conversations.receipts_queries import unread_of
from amparo.conversations.receipts_rules import Seen
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1/conversations/{id}", tags=["conversations"])


class SeenIn(BaseModel):
    """Everything up to ``seq`` of the caller's stream was delivered there, or read."""

    seq: int = Field(ge=0, le=2**62)
    read: bool = False


class SeenOut(BaseModel):
    """How far the caller's party is, and what it has not read."""

    delivered: int
    read: int
    unread: int


class RatingIn(BaseModel):
    """``reason`` is a key of ``reasons`` for that score."""

    id: UUID
    score: int = Field(ge=1, le=5)
    reason: str | None = Field(default=None, max_length=40)
    comment: str | None = Field(default=None, max_length=COMMENT_LIMIT * 40)


class RatingOut(BaseModel):
    """The rating, null before there is one; ``reasons``: score -> keys that can be named."""

    score: int | None = None
    reason: str | None = None
    comment: str | None = None
    rated_at: datetime | None = None
    changeable_until: datetime | None = None
    reasons: dict[int, list[str]] = Field(
        default_factory=lambda: {score: list(keys) for score, keys in REASONS.items()}
    )


@router.post("/seen", operation_id="mark_seen")
def post_seen(
    id: ConversationId, body: SeenIn, session: Unit, actor: CurrentActor, now: Now
) -> SeenOut:
    """Say how far one has come; going back is passed over."""
    reach = mark_seen(session, Seen(actor, id, body.seq, body.read), now)
    unread = unread_of(session, actor.party, [id])
    return SeenOut(delivered=reach.delivered, read=reach.read, unread=unread[id])


@router.get("/rating", operation_id="read_rating")
def read_rating(id: ConversationId, session: Unit, actor: CurrentActor) -> RatingOut:
    """What the buyer thought, and what can be said."""
    return _rating(session, actor, id)


@router.post("/rating", operation_id="rate_conversation")
def rate_conversation(
    id: ConversationId, body: RatingIn, session: Unit, actor: CurrentActor, now: Now
) -> RatingOut:
    """Rate how one was helped; for a day it can be changed."""
    rate(
        session,
        actor,
        id,
        score=body.score,
        reason=body.reason,
        comment=body.comment,
        now=now,
    )
    return _rating(session, actor, id)


def _rating(session: Unit, actor: CurrentActor, id: UUID) -> RatingOut:
    found = rating_for(session, actor, id)
    if found is None:
        return RatingOut()
    return RatingOut(
        score=found.score,
        reason=found.reason,
        comment=found.comment,
        rated_at=found.rated_at,
        changeable_until=found.changeable_until,
    )
