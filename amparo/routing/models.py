"""The tables of routing: teams, the queue, who is here."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base


class Team(Base):
    """People who answer in one language, and when they do."""

    __tablename__ = "team"

    key: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(unique=True)
    names: Mapped[dict[str, Any]]
    fallback: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str]
    always: Mapped[bool] = mapped_column(default=False)
    week: Mapped[dict[str, Any]]
    exceptions: Mapped[dict[str, Any]]


class QueueEntry(Base):
    """A place in a queue. It is kept, as taken, until the matter is resolved, so that giving the
    conversation back means the *original* place."""

    __tablename__ = "queue_entry"
    __table_args__ = (
        Index("ix_queue_entry_place", "team", "taken_at", "priority", "entered_at", "ordinal"),
    )

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    team: Mapped[str]
    language: Mapped[str]
    """What the buyer speaks; differs from the team's where the fallback language serves."""
    priority: Mapped[int]
    entered_at: Mapped[datetime]
    buyer_id: Mapped[UUID]
    taken_at: Mapped[datetime | None]
    absent_since: Mapped[datetime | None]
    deferred: Mapped[bool] = mapped_column(default=False)
    """Served in its turn whether the buyer is here or not: the answer is read later."""


class Presence(Base):
    """One live connection of one person. A node removes its own on start; a row that is not
    renewed is dead."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_person", "person_id", "seen_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    node: Mapped[str]
    seen_at: Mapped[datetime]
