"""The desk's own table."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base


class TakenNext(Base):
    """What an operator's "next" gave, by the id of the request: a repeated one gives the same."""

    __tablename__ = "taken_next"

    operator_id: Mapped[UUID] = mapped_column(primary_key=True)
    request_id: Mapped[UUID] = mapped_column(primary_key=True)
    conversation_id: Mapped[UUID | None]
    at: Mapped[datetime]
