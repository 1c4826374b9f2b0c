"""What the assistant answered, and on what ground."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base, JsonList
from amparo.storage.outbox import Sendable, due_index


class AssistantAnswer(Base):
    """One reply to one message of a buyer: what was decided, how sure, by which model and texts.

    ``content`` is the revision of the texts and examples that were compared; ``tried`` lists the
    steps in their order, each with what it found (``rules.Step``).
    """

    __tablename__ = "assistant_answer"

    message_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID] = mapped_column(index=True)
    at: Mapped[datetime]
    language: Mapped[str]
    decision: Mapped[str]
    rule: Mapped[str]
    question: Mapped[str | None] = mapped_column(index=True)
    suggestions: Mapped[list[str]]
    score: Mapped[float | None]
    example: Mapped[str | None]
    model: Mapped[str]
    content: Mapped[UUID]
    tried: Mapped[JsonList]


class AssistantExample(Base):
    """A wording that an administrator or an operator's confirmation added to a question.

    Shipped wordings stay in their files: an upgrade may better them. ``plain`` is the text as the
    model reads it, so the same wording is one row however it was typed.
    """

    __tablename__ = "assistant_example"
    __table_args__ = (UniqueConstraint("question_key", "plain"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    question_key: Mapped[str]
    language: Mapped[str]
    text: Mapped[str]
    plain: Mapped[str]
    added_by: Mapped[UUID | None]
    added_at: Mapped[datetime]


class AssistantState(Base):
    """One row: a random name of the added examples as they are now, new after every change."""

    __tablename__ = "assistant_state"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    revision: Mapped[UUID]


class AssistantModelCall(Sendable):
    """A question that a language model is asked, and what became of it: queue and record in one.

    Attributes:
        question: as it leaves the house, with placeholders for what is somebody's own.
        kept_out: placeholder -> what stood there.
        articles: keys of the articles that the model may answer from.
        fallback: the assistant's own message, posted where the model's is not good enough.
        verdict: ``accepted``, or why not (``language_model/rules.py``); None while it is asked.
    """

    __tablename__ = "assistant_model_call"
    __table_args__ = (
        due_index("assistant_model_call"),
        Index("uq_assistant_model_call_message_id", "message_id", unique=True),
        Index("ix_assistant_model_call_finished_at", "finished_at"),
    )

    message_id: Mapped[UUID]
    conversation_id: Mapped[UUID]
    language: Mapped[str]
    question: Mapped[str]
    kept_out: Mapped[dict[str, Any]]
    articles: Mapped[list[str]]
    fallback: Mapped[dict[str, Any]]
    model: Mapped[str]
    verdict: Mapped[str | None]
    answer: Mapped[str | None]
    milliseconds: Mapped[int | None]
