"""Messages and conversations found by their ids, as the desk and its search need them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden


@dataclass(frozen=True, slots=True)
class FoundMessage:
    """A message; ``seq`` is its number in the staff's stream."""

    id: UUID
    conversation_id: UUID
    party: str
    kind: str
    body: str
    at: datetime
    seq: int


# The staff's stream has everything that another party's has, so the number there is not smaller.
_FOUND = text(
    "SELECT m.id, m.conversation_id, m.party, m.kind, m.body, m.created_at, coalesce(("
    " SELECT t.seq FROM stream_entry s JOIN stream_entry t"
    " ON t.conversation_id = s.conversation_id AND t.party = 'staff' AND t.event_id = s.event_id"
    " AND t.seq >= s.seq WHERE s.conversation_id = m.conversation_id AND s.party = m.party"
    " AND s.seq = m.seq ORDER BY t.seq LIMIT 1), m.seq) AS seq"
    " FROM message m WHERE m.id = ANY(CAST(:ids AS uuid[])) AND m.deleted_at IS NULL"
)


def found_messages(session: Session, actor: Actor, ids: Iterable[UUID]) -> dict[UUID, FoundMessage]:
    """Those messages that are still there. Raises Forbidden but for staff."""
    if not actor.is_staff:
        raise Forbidden()
    rows = session.execute(_FOUND, {"ids": list(ids)})
    return {
        row.id: FoundMessage(
            row.id, row.conversation_id, row.party, row.kind, row.body, row.created_at, row.seq
        )
        for row in rows
    }


@dataclass(frozen=True, slots=True)
class WrittenMessage:
    """A message with what its conversation says of it."""

    id: UUID
    conversation_id: UUID
    created_at: datetime
    party: str
    author_id: UUID
    language: str | None
    body: str
    spoken: str
    channel: str


_WRITTEN = text(
    "SELECT m.id, m.conversation_id, m.created_at, m.party, m.author_id, m.language, m.body,"
    " c.language AS spoken, c.channel FROM message m JOIN conversation c"
    " ON c.id = m.conversation_id WHERE m.id = ANY(CAST(:ids AS uuid[]))"
    " AND m.deleted_at IS NULL"
)


def written_messages(session: Session, ids: Iterable[UUID]) -> list[WrittenMessage]:
    """Those of these messages that are still there, for the program itself."""
    return [WrittenMessage(*row) for row in session.execute(_WRITTEN, {"ids": list(ids)})]


_MERGED = text(
    "WITH RECURSIVE together AS (SELECT CAST(:id AS uuid) AS id UNION"
    " SELECT c.id FROM conversation c JOIN together t ON c.merged_into = t.id)"
    " SELECT id FROM together"
)


def with_merged(session: Session, id: UUID) -> list[UUID]:
    """A conversation and all that went on in it, for the program itself."""
    return list(session.scalars(_MERGED, {"id": id}))
