"""The tables of measured help. All but the editors' decisions can be made anew from the log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base


class HelpThread(Base):
    """What a conversation was opened about, as the log told it."""

    __tablename__ = "help_thread"

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    language: Mapped[str]
    question: Mapped[str | None]
    order_ref: Mapped[str | None]


class HelpOutcome(Base):
    """One help contact and what became of it (``rules.Contact``).

    ``text`` is a free question without personal data; ``instead`` the question that was asked
    after this answer did not help; ``final``: no re-contact can come any more.
    """

    __tablename__ = "help_outcome"
    __table_args__ = (
        Index("ix_help_outcome_person", "person_id", "asked_at"),
        Index("ix_help_outcome_conversation", "conversation_id", "asked_at"),
        Index("ix_help_outcome_asked_at", "asked_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    step: Mapped[str]
    question: Mapped[str | None]
    language: Mapped[str]
    person_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    order_ref: Mapped[str | None]
    text: Mapped[str | None]
    asked_at: Mapped[datetime]
    decision: Mapped[str | None]
    answer_id: Mapped[UUID | None] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
    said: Mapped[bool | None]
    said_at: Mapped[datetime | None]
    person_at: Mapped[datetime | None]
    again_at: Mapped[datetime | None]
    left_at: Mapped[datetime | None]
    chosen_at: Mapped[datetime | None]
    instead: Mapped[str | None]
    unanswered_id: Mapped[UUID | None] = mapped_column(index=True)
    outcome: Mapped[str]
    final: Mapped[bool]


class Unanswered(Base):
    """A free question that was not answered well, once for each wording and language.

    ``state`` is ``open``, ``example``, ``question`` or ``dismissed``.
    """

    __tablename__ = "unanswered"
    __table_args__ = (Index("ix_unanswered_state", "state", "last_at", "id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    text: Mapped[str]
    language: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    state: Mapped[str]
    question: Mapped[str | None]
    settled_by: Mapped[UUID | None]
    settled_at: Mapped[datetime | None]


class EditEffect(Base):
    """What an edit would change, computed beside the request; kept for a day."""

    __tablename__ = "edit_effect"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    state: Mapped[str]
    result: Mapped[dict[str, Any] | None]
    made_at: Mapped[datetime] = mapped_column(index=True)
