"""What the desk keeps of what happens in conversations."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations.desk_actions import place_many
from amparo.conversations.events import (
    MESSAGE_DELETED,
    MESSAGE_EDITED,
    MESSAGE_POSTED,
    STATE_CHANGED,
    TRANSFERRED,
)
from amparo.conversations.found_queries import written_messages
from amparo.desk import search_actions
from amparo.desk.search_actions import Written
from amparo.routing.events import QUEUED
from amparo.storage.events import LoggedEvent
from amparo.storage.recordset import recordset
from amparo.storage.session import hint


class DeskPlaces:
    """Follower: queued, handed on, written into, settled -> the lists that depend on it.

    The team stays with a conversation when it has left the queue; the lists by tag and of what
    one follows keep the order of the conversations' last change.
    """

    name = "desk.places"
    kinds = frozenset({QUEUED, TRANSFERRED, STATE_CHANGED, MESSAGE_POSTED})

    def handle(self, session: Session, events: Sequence[LoggedEvent], _: datetime) -> None:
        """Three statements at most, whatever the number of events."""
        places: dict[UUID, dict[str, object]] = {}
        for event in events:
            where = event.data if event.kind == QUEUED else event.data.get("to")
            if event.kind in (QUEUED, TRANSFERRED) and where:
                known = places.setdefault(UUID(event.data["conversation"]), {})
                told = {name: where.get(name) for name in ("team", "priority")}
                known |= {name: value for name, value in told.items() if value is not None}
        moved = place_many(session, places) if places else False
        ids = sorted({UUID(event.data["conversation"]) for event in events})
        for statement in (_MOVE_TAGS, _MOVE_FOLLOWED):
            moved = bool(session.execute(statement, {"ids": ids}).all()) or moved
        if moved:
            hint(session, "desk")


def _move(table: str) -> str:
    return (
        f"UPDATE {table} t SET at = c.updated_at FROM conversation c"
        " WHERE c.id = ANY(CAST(:ids AS uuid[])) AND t.conversation_id = c.id"
        " AND t.at <> c.updated_at RETURNING t.conversation_id"
    )


_MOVE_TAGS, _MOVE_FOLLOWED = text(_move("conversation_tag")), text(_move("follow"))


_MENTION = text(
    "INSERT INTO mention (conversation_id, person_id, message_id, at, seen_at)"
    " SELECT DISTINCT ON (conversation_id, person_id) conversation_id, person_id, message_id, at,"
    " CAST(NULL AS timestamptz) FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r"
    " (conversation_id uuid, person_id uuid, message_id uuid, at timestamptz)"
    " ORDER BY conversation_id, person_id, at DESC"
    " ON CONFLICT (conversation_id, person_id) DO UPDATE SET message_id = excluded.message_id,"
    " at = excluded.at, seen_at = NULL WHERE mention.at < excluded.at"
)


class Mentions:
    """Follower: named in a note -> unread until one has looked, or has written there."""

    name = "desk.mentions"
    kinds = frozenset({MESSAGE_POSTED})

    def wants(self, event: LoggedEvent) -> bool:
        """Only staff names, and only staff is named."""
        return bool(event.data["party"] == "staff")

    def handle(self, session: Session, events: Sequence[LoggedEvent], _: datetime) -> None:
        """Two statements at most."""
        rows = [
            {
                "conversation_id": event.data["conversation"],
                "person_id": person["id"],
                "message_id": event.data["message_id"],
                "at": event.at,
            }
            for event in events
            for person in event.data["extra"].get("mentions") or ()
            if person["id"] != event.data["author_id"]
        ]
        if rows:
            session.execute(_MENTION, {"rows": recordset(rows)})
            hint(session, "desk")
        wrote = [
            {"conversation_id": event.data["conversation"], "person_id": event.data["author_id"]}
            | {"at": event.at}
            for event in events
            if event.data["party"] == "staff"
        ]
        if wrote and session.execute(_SEEN, {"rows": recordset(wrote)}).all():
            hint(session, "desk")


_SEEN = text(
    "UPDATE mention m SET seen_at = r.at FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r"
    " (conversation_id uuid, person_id uuid, at timestamptz)"
    " WHERE m.conversation_id = r.conversation_id AND m.person_id = r.person_id"
    " AND m.seen_at IS NULL AND m.at < r.at RETURNING m.person_id"
)


class MessagesFound:
    """Follower: written, changed, taken away -> found by its present words, or no more."""

    name = "desk.messages_found"
    kinds = frozenset({MESSAGE_POSTED, MESSAGE_EDITED, MESSAGE_DELETED})

    def handle(self, session: Session, events: Sequence[LoggedEvent], _: datetime) -> None:
        """Reads the messages as they are now: what came later counts already."""
        ids = list(dict.fromkeys(UUID(event.data["message_id"]) for event in events))
        found = written_messages(session, ids)
        search_actions.keep(
            session,
            [
                Written(
                    one.id,
                    one.conversation_id,
                    one.created_at,
                    one.party,
                    str(one.author_id),
                    one.language,
                    one.body,
                    one.spoken,
                    one.channel,
                )
                for one in found
            ],
        )
        search_actions.forget(session, set(ids) - {one.id for one in found})
