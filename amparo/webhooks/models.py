"""Where events are sent, and every sending of one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from amparo.storage.base import Base
from amparo.storage.outbox import Sendable, due_index


class WebhookEndpoint(Base):
    """An address of the marketplace that wants to hear of some kinds of events.

    The secret is stored as it is: it must sign, and whoever reads this table reads what it signs.
    """

    __tablename__ = "webhook_endpoint"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    url: Mapped[str]
    secret: Mapped[str]
    kinds: Mapped[list[str]]
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]


class WebhookDelivery(Sendable):
    """One event for one endpoint. Its id is the ``webhook-id``, the same at every attempt."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("endpoint_id", "event_id"),
        Index("ix_webhook_delivery_log", "created_at", "id"),
        due_index("webhook_delivery"),
    )

    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("webhook_endpoint.id"))
    event_id: Mapped[UUID]
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]]
    last_status: Mapped[int | None]
    replay_id: Mapped[UUID | None]
