"""The tables of routing: teams, the queue, operators, who is here, how long people waited."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base


class Team(Base):
    """People who answer in one language, and when they do.

    Attributes:
        skill: the topic that only this team answers; None answers everything.
        overflow_to: the teams that help when this one is closed, empty or late.
        overflow_after_s: how long its oldest entry waits before they do (s).
    """

    __tablename__ = "team"

    key: Mapped[str] = mapped_column(primary_key=True)
    language: Mapped[str] = mapped_column(index=True)
    names: Mapped[dict[str, Any]]
    fallback: Mapped[bool] = mapped_column(default=False)
    zone: Mapped[str]
    always: Mapped[bool] = mapped_column(default=False)
    week: Mapped[dict[str, Any]]
    exceptions: Mapped[dict[str, Any]]
    skill: Mapped[str | None]
    overflow_to: Mapped[list[str]] = mapped_column(default=list)
    overflow_after_s: Mapped[int] = mapped_column(default=120)


class QueueEntry(Base):
    """A place in a queue. It is kept, as taken, until the matter is resolved, so that giving the
    conversation back means the *original* place."""

    __tablename__ = "queue_entry"
    __table_args__ = (
        Index(
            "ix_queue_entry_place",
            "team", "language", "taken_at", "priority", "entered_at", "ordinal",
        ),
        Index(
            "ix_queue_entry_waiting", "priority", "entered_at", "ordinal",
            postgresql_where=text("taken_at IS NULL"),
        ),
        Index("ix_queue_entry_buyer_id", "buyer_id"),
    )  # fmt: skip

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    ordinal: Mapped[int] = mapped_column(BigInteger, Identity(always=True))
    team: Mapped[str]
    language: Mapped[str]
    """What the buyer speaks; differs from the team's where the fallback language serves."""
    priority: Mapped[int]
    entered_at: Mapped[datetime]
    buyer_id: Mapped[UUID]
    taken_at: Mapped[datetime | None]
    """Since when it does not wait: an operator has it, or it is snoozed."""
    absent_since: Mapped[datetime | None]
    deferred: Mapped[bool] = mapped_column(default=False)
    """Served in its turn whether the buyer is here or not: the answer is read later."""
    last_operator: Mapped[UUID | None]
    """Who served this buyer last, and is preferred for a short while."""
    translate: Mapped[bool] = mapped_column(default=False)
    """Whoever serves it does not speak the buyer's language."""
    snoozed_until: Mapped[datetime | None]
    first: Mapped[dict[str, Any] | None]
    """What was told when it entered: position, slots and the range; None is not measured."""


class OperatorRouting(Base):
    """How an operator wants to work now, and may. Without a row: by hand, with the defaults."""

    __tablename__ = "operator_routing"
    __table_args__ = (Index("ix_operator_routing_state", "state"),)

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str]
    capacity: Mapped[int]
    skills: Mapped[list[str]]
    teams: Mapped[list[str]]
    """Empty: every team of the operator's languages."""
    ends_at: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    served_at: Mapped[datetime | None]
    """When somebody was given to them last."""


class QueueWait(Base):
    """How long somebody waited who had been told a place: what ranges are made of."""

    __tablename__ = "queue_wait"
    __table_args__ = (
        Index("ix_queue_wait_queue", "team", "language", "priority", "at"),
        Index("ix_queue_wait_at", "at"),
    )

    conversation_id: Mapped[UUID] = mapped_column(primary_key=True)
    entered_at: Mapped[datetime] = mapped_column(primary_key=True)
    team: Mapped[str]
    language: Mapped[str]
    priority: Mapped[int]
    position: Mapped[int]
    slots: Mapped[int]
    """Conversations that the operators who were here could hold at once."""
    low_s: Mapped[float | None]
    high_s: Mapped[float | None]
    """What was told; None where there was no history yet."""
    actual_s: Mapped[float]
    at: Mapped[datetime]
    """When the wait ended."""


class Presence(Base):
    """One live connection of one person. A node removes its own on start; a row that is not
    renewed is dead."""

    __tablename__ = "presence"
    __table_args__ = (Index("ix_presence_person", "person_id", "seen_at"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    node: Mapped[str]
    seen_at: Mapped[datetime]
