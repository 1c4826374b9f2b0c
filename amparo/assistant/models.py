"""What the assistant answered, and on what ground."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base


class AssistantAnswer(Base):
    """One reply to one message of a buyer: what was decided, how sure, by which model and texts.

    ``content`` is the revision of the help centre whose texts were compared.
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
