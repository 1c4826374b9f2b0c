"""The desk's own tables."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base, JsonList


class TakenNext(Base):
    """What an operator's "next" gave, by the id of the request: a repeated one gives the same."""

    __tablename__ = "taken_next"

    operator_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID | None]
    at: Mapped[datetime]


class DeskRequest(Base):
    """What a request of an operator asked for and was answered: sent again, it does nothing."""

    __tablename__ = "desk_request"
    __table_args__ = (Index("ix_desk_request_operator_at", "operator_id", "at"),)

    operator_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    asked: Mapped[str]
    """A digest of what was asked: the same id for something else is a mistake."""
    answer: Mapped[dict[str, Any] | None]
    at: Mapped[datetime]


class Tag(Base):
    """A tag that was used once or came with the installation; never more than some thousands."""

    __tablename__ = "tag"

    name: Mapped[str] = mapped_column(primary_key=True)
    made_at: Mapped[datetime]


class ConversationTag(Base):
    """A tag on a conversation; ``at`` follows the conversation's last change, for the order."""

    __tablename__ = "conversation_tag"
    __table_args__ = (Index("ix_conversation_tag_place", "tag", "at", "conversation_id"),)

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    tag: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Follow(Base):
    """An operator who wants to hear of a conversation; ``at`` as in :class:`ConversationTag`."""

    __tablename__ = "follow"
    __table_args__ = (Index("ix_follow_place", "person_id", "at", "conversation_id"),)

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime]


class Mention(Base):
    """Somebody was named in a note of a conversation; ``seen_at`` is None until they have read."""

    __tablename__ = "mention"
    __table_args__ = (
        Index("ix_mention_place", "person_id", "at", "conversation_id"),
        Index("ix_mention_unseen", "person_id", postgresql_where=text("seen_at IS NULL")),
    )

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID]
    at: Mapped[datetime]
    seen_at: Mapped[datetime | None]


class SavedView(Base):
    """A list of the inbox under a name: the parameters with which it is asked for."""

    __tablename__ = "saved_view"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(index=True)
    name: Mapped[str]
    query: Mapped[dict[str, Any]]
    shared: Mapped[bool]
    saved_at: Mapped[datetime]


class Macro(Base):
    """A text in some languages, and what happens with it."""

    __tablename__ = "macro"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    texts: Mapped[dict[str, Any]]
    actions: Mapped[JsonList]
    shared: Mapped[bool]
    owner_id: Mapped[UUID | None]
    """Who made it; None came with the installation."""
    saved_at: Mapped[datetime]


class Merge(Base):
    """A conversation that goes on in another; ``undone_at`` if somebody thought better of it."""

    __tablename__ = "merge"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    source_id: Mapped[UUID] = mapped_column(index=True)
    into_id: Mapped[UUID] = mapped_column(index=True)
    by_id: Mapped[UUID]
    at: Mapped[datetime]
    before: Mapped[dict[str, Any]]
    """State, operator and place in the queue as they were."""
    undone_at: Mapped[datetime | None]


class SlaTarget(Base):
    """Seconds of working time for one priority and channel; None stands for all."""

    __tablename__ = "sla_target"

    key: Mapped[str] = mapped_column(primary_key=True)
    priority: Mapped[int | None]
    channel: Mapped[str | None]
    first_response_s: Mapped[int | None]
    next_response_s: Mapped[int | None]
    resolution_s: Mapped[int | None]


class SlaClock(Base):
    """How much of its time a conversation has used, and when it is up.

    Attributes:
        awaited: ``first_response`` or ``next_response`` while the buyer waits for an answer.
        since: from when the used seconds count on; None while the clock stands still.
        due_at: when the first of the running targets is reached; None while nothing runs.
        place: ``due_at``, or a time after all others: what the list is ordered by.
        breached: the target of ``due_kind`` was reached before what it is about was done.
    """

    __tablename__ = "sla_clock"
    __table_args__ = (
        Index("ix_sla_clock_place", "place", "conversation_id"),
        Index(
            "ix_sla_clock_next",
            "due_at",
            postgresql_where=text("due_at IS NOT NULL AND NOT breached"),
        ),
        Index("ix_sla_clock_breached", "conversation_id", postgresql_where=text("breached")),
    )

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    team: Mapped[str | None]
    channel: Mapped[str]
    priority: Mapped[int]
    awaited: Mapped[str | None]
    answered: Mapped[bool]
    snoozed: Mapped[bool]
    response_used_s: Mapped[int]
    resolution_used_s: Mapped[int]
    since: Mapped[datetime | None]
    due_kind: Mapped[str | None]
    due_at: Mapped[datetime | None]
    place: Mapped[datetime]
    breached: Mapped[bool]


class MessageSearch(Base):
    """The words of a message and of a note, as the search compares them.

    ``document`` holds word forms, plain words, and what the filters ask for (who wrote it, in
    which language and channel), so that one index answers all of them.
    """

    __tablename__ = "message_search"
    __table_args__ = (
        Index("ix_message_search_document", "document", postgresql_using="gin"),
        Index("ix_message_search_place", "at", "message_id"),
        Index("ix_message_search_conversation", "conversation_id"),
    )

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID]
    at: Mapped[datetime]
    document: Mapped[str] = mapped_column(TSVECTOR, deferred=True)
