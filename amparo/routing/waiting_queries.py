"""What waits, in order of service, in pieces for the desk's list."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid
from amparo.routing.models import QueueEntry
from amparo.storage.pages import decode_cursor, encode_cursor


@dataclass(frozen=True, slots=True)
class Waiting:
    """One that waits, and its place."""

    conversation_id: UUID
    team: str
    priority: int
    entered_at: datetime
    ordinal: int

    @property
    def cursor(self) -> str:
        """The place after this one."""
        return encode_cursor(self.entered_at, f"{self.priority}:{self.ordinal}")


def waiting_chunk(
    session: Session, actor: Actor, cursor: str | None, limit: int
) -> Sequence[Waiting]:
    """The next places of all queues together, for staff; nothing for others.

    Raises:
        Invalid: the cursor is not one of ours.
    """
    if not actor.is_staff:
        return []
    order = (QueueEntry.priority, QueueEntry.entered_at, QueueEntry.ordinal)
    query = select(QueueEntry.conversation_id, QueueEntry.team, *order)
    query = query.where(QueueEntry.taken_at.is_(None))
    if cursor is not None:
        at, rest = decode_cursor(cursor)
        priority, _, ordinal = rest.partition(":")
        if not (priority.isdecimal() and ordinal.isdecimal() and len(rest) < 30):
            raise Invalid("cursor_unreadable")
        query = query.where(tuple_(*order) > tuple_(int(priority), at, int(ordinal)))
    return [Waiting(*row) for row in session.execute(query.order_by(*order).limit(limit))]


@dataclass(frozen=True, slots=True)
class PlaceOf:
    """Where a conversation stands for routing; ``waiting_since`` only while it waits."""

    team: str
    priority: int
    waiting_since: datetime | None
    snoozed_until: datetime | None


_PLACES = text(
    "SELECT conversation_id, team, priority, entered_at, taken_at, snoozed_until"
    " FROM queue_entry WHERE conversation_id = ANY(CAST(:ids AS uuid[]))"
)


def places_of(session: Session, actor: Actor, ids: Sequence[UUID]) -> Mapping[UUID, PlaceOf]:
    """The places of those of these conversations that are open, for staff; nothing for others."""
    if not actor.is_staff:
        return {}
    return {
        row.conversation_id: PlaceOf(
            row.team,
            row.priority,
            row.entered_at if row.taken_at is None else None,
            row.snoozed_until,
        )
        for row in session.execute(_PLACES, {"ids": list(ids)})
    }
