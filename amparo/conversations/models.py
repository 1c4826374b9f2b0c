"""The tables of conversations."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base

OPEN_CONDITION = (
    "state = ANY (ARRAY['waiting'::text, 'assigned'::text, 'snoozed'::text, 'deferred'::text])"
)
RESOLVED_CONDITION = "state = 'resolved'::text"
DESK_INDEXES: tuple[tuple[str, tuple[str, ...], str], ...] = (
    ("ix_conversation_open", (), OPEN_CONDITION),
    ("ix_conversation_open_operator", ("operator_id",), OPEN_CONDITION),
    ("ix_conversation_resolved", (), RESOLVED_CONDITION),
    *(
        (f"ix_conversation_resolved_{name}", (name,), RESOLVED_CONDITION)
        for name in ("channel", "language", "operator_id", "team", "topic")
    ),
)
"""What the desk lists. Messages come into open conversations, which are in the first two only: the
many indexes of resolved ones cost the message path nothing."""


class Conversation(Base):
    """A thread between parties. The ``seq_*`` columns are the last number of each party's stream;
    whoever appends holds the row's lock, which is what makes the numbers gapless."""

    __tablename__ = "conversation"
    __table_args__ = (
        Index("ix_conversation_buyer", "buyer_id", "updated_at", "id"),
        Index(
            "ix_conversation_merged_into",
            "merged_into",
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
        *(
            Index(name, *columns, "updated_at", "id", postgresql_where=text(condition))
            for name, columns, condition in DESK_INDEXES
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    channel: Mapped[str]
    state: Mapped[str]
    language: Mapped[str]
    site_key: Mapped[str | None]
    buyer_id: Mapped[UUID]
    store_ref: Mapped[str | None]
    order_ref: Mapped[str | None]
    topic: Mapped[str | None]
    question: Mapped[str | None]
    page: Mapped[str | None]
    operator_id: Mapped[UUID | None]
    team: Mapped[str | None]
    """The team that has it or had it last."""
    priority: Mapped[int] = mapped_column(default=5)
    """A smaller number is more urgent."""
    merged_into: Mapped[UUID | None]
    """The conversation in which this one goes on."""
    continues_id: Mapped[UUID | None]
    seq_buyer: Mapped[int] = mapped_column(default=0)
    seq_seller: Mapped[int] = mapped_column(default=0)
    seq_staff: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    resolved_at: Mapped[datetime | None]
    last_party: Mapped[str | None]
    last_preview: Mapped[str | None]
    answer_id: Mapped[UUID | None]
    answer_seq: Mapped[int | None]
    """The last public message of an operator, and its number in the staff stream."""
    answer_by: Mapped[UUID | None]


class Message(Base):
    """An utterance, or a note that only staff sees.

    An edit changes the text here and in its events, a deletion empties both; what stood there
    before is kept in ``message_revision``.
    """

    __tablename__ = "message"
    __table_args__ = (
        Index("uq_message_author_client", "author_id", "client_id", unique=True),
        Index("ix_message_conversation", "conversation_id", "created_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(ForeignKey("conversation.id"))
    author_id: Mapped[UUID]
    client_id: Mapped[UUID]
    party: Mapped[str]
    kind: Mapped[str]
    body: Mapped[str]
    language: Mapped[str | None]
    audience: Mapped[list[str]]
    extra: Mapped[dict[str, Any]]
    findings: Mapped[list[str]]
    seq: Mapped[int]
    """Its number in the stream of its author's party: what the author was answered."""
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]


class MessageRevision(Base):
    """What a message said before somebody changed or deleted it; for staff's eyes.

    Attributes:
        request_id: made by whoever changed it: sent again, it changes nothing.
        by_id: who changed it, ``at`` that time.
        verb: ``edited`` or ``deleted``.
    """

    __tablename__ = "message_revision"
    __table_args__ = (
        Index("uq_message_revision_request", "by_id", "request_id", unique=True),
        Index("ix_message_revision_message", "message_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    message_id: Mapped[UUID]
    request_id: Mapped[UUID]
    by_id: Mapped[UUID]
    verb: Mapped[str]
    body: Mapped[str]
    extra: Mapped[dict[str, Any]]
    result: Mapped[str]
    """The text after the change: what a repeat is compared with; empty after a deletion."""
    at: Mapped[datetime]


class Mark(Base):
    """How far a party has a conversation: the last number of its own stream that was delivered to
    it and that it has read, and the messages that the others are told of."""

    __tablename__ = "conversation_mark"

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    delivered: Mapped[int]
    read: Mapped[int]
    delivered_id: Mapped[UUID | None]
    read_id: Mapped[UUID | None]


class Rating(Base):
    """What a buyer thinks of how they were helped; one for a conversation."""

    __tablename__ = "rating"

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    by_id: Mapped[UUID]
    score: Mapped[int]
    reason: Mapped[str | None]
    comment: Mapped[str | None]
    rated_at: Mapped[datetime] = mapped_column(index=True)
    changed_at: Mapped[datetime]


class StreamEntry(Base):
    """The event that has number ``seq`` in one party's stream of one conversation.

    No foreign key to the event: both rows come from one statement, and the check would double
    the cost of a message.
    """

    __tablename__ = "stream_entry"

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    party: Mapped[str] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(primary_key=True)
    event_id: Mapped[UUID]


class Attachment(Base):
    """A picture or another file that somebody added, in a message or not yet. Its bytes lie in
    ``storage.files`` under the same id. It is put in before its conversation exists, so nothing
    refers to that.

    Attributes:
        kind: ``image``, drawn anew; or ``file``, kept as it came and only ever downloaded.
        source: SHA-256 of what was uploaded, in hexadecimal.
        ready_at: since when its bytes are there.
        message_id: the message that shows it; None while it waits to be sent.
        audience: the parties that see that message.
        removed_at: it is gone for everybody; row and bytes follow.
    """

    __tablename__ = "attachment"
    __table_args__ = (
        Index("uq_attachment_author_client", "author_id", "client_id", unique=True),
        Index("ix_attachment_author", "author_id", "created_at"),
        Index(
            "ix_attachment_message", "message_id", postgresql_where=text("message_id IS NOT NULL")
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(index=True)
    author_id: Mapped[UUID]
    client_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(default="image")
    name: Mapped[str]
    source: Mapped[str]
    media_type: Mapped[str | None]
    width: Mapped[int | None]
    height: Mapped[int | None]
    size: Mapped[int | None]
    created_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
    message_id: Mapped[UUID | None]
    audience: Mapped[list[str] | None]
    removed_at: Mapped[datetime | None]
