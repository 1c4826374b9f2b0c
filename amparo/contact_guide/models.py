"""What people said about answers."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base


class GuideFeedback(Base):
    """ "Did this help?", once per id that the client made."""

    __tablename__ = "guide_feedback"
    __table_args__ = (
        Index("ix_guide_feedback_question_at", "question_key", "at"),
        Index("ix_guide_feedback_person_at", "person_id", "at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    question_key: Mapped[str] = mapped_column(ForeignKey("help_question.key"))
    language: Mapped[str]
    helped: Mapped[bool]
    person_id: Mapped[UUID | None]
    conversation_id: Mapped[UUID | None]
    order_id: Mapped[UUID | None]
    at: Mapped[datetime]
