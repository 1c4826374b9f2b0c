"""Reads of conversations; ``conversation_for`` and its plural are the only doors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, text, tuple_
from sqlalchemy.orm import Session

from amparo.accounts.queries import names_of
from amparo.conversations.events import shown
from amparo.conversations.models import Conversation, Message, StreamEntry
from amparo.conversations.receipts_queries import unread_of
from amparo.kernel.actor import Actor, Party
from amparo.kernel.errors import NotFound
from amparo.storage.events import EventRow
from amparo.storage.pages import Page, decode_place, encode_cursor

OPEN_STATES = ("bot", "waiting", "assigned", "snoozed", "deferred")


@dataclass(frozen=True, slots=True)
class ConversationView:
    """A conversation as one party may see it."""

    id: UUID
    channel: str
    state: str
    language: str
    topic: str | None
    question: str | None
    order_ref: str | None
    site_key: str | None
    created_at: datetime
    updated_at: datetime
    last_seq: int
    party: Party
    buyer_id: UUID
    buyer_name: str
    operator_id: UUID | None
    operator_name: str | None
    last_party: str | None
    preview: str | None
    unread: int = 0
    """Messages of others that its party has not read, at most 100."""
    merged_into: UUID | None = None
    team: str | None = None
    priority: int = 5


@dataclass(frozen=True, slots=True)
class StreamEvent:
    """One numbered event of one party's stream."""

    conversation_id: UUID
    seq: int
    kind: str
    at: datetime
    data: dict[str, Any]


def conversation_for(session: Session, actor: Actor, id: UUID) -> ConversationView:
    """The one door.

    Raises:
        NotFound: there is no such conversation, or it is not the actor's to see.
    """
    row = session.scalars(_visible(actor).where(Conversation.id == id)).one_or_none()
    if row is None:
        raise NotFound()
    return views_of(session, actor, [row])[0]


def conversations_for(
    session: Session,
    actor: Actor,
    *,
    cursor: str | None = None,
    limit: int = 50,
    buyer_id: UUID | None = None,
) -> Page[ConversationView]:
    """The actor's conversations, the latest first."""
    query = _visible(actor)
    if buyer_id is not None:
        query = query.where(Conversation.buyer_id == buyer_id)
    if cursor:
        place = tuple_(Conversation.updated_at, Conversation.id)
        query = query.where(place < tuple_(*decode_place(cursor)))
    query = query.order_by(Conversation.updated_at.desc(), Conversation.id.desc())
    rows = session.scalars(query.limit(limit + 1)).all()
    more = (
        encode_cursor(rows[limit - 1].updated_at, rows[limit - 1].id) if len(rows) > limit else None
    )
    return Page(views_of(session, actor, rows[:limit]), more)


def views_for(session: Session, actor: Actor, ids: Sequence[UUID]) -> list[ConversationView]:
    """Those of ``ids`` that the actor may see, in the order given."""
    rows = {row.id: row for row in session.scalars(_visible(actor).where(Conversation.id.in_(ids)))}
    return views_of(session, actor, [rows[id] for id in ids if id in rows])


_SAID_LAST = text(
    "SELECT w.id, (SELECT m.created_at FROM message m WHERE m.conversation_id = w.id"
    " AND m.kind <> 'note' ORDER BY m.created_at DESC LIMIT 1) AS at"
    " FROM unnest(CAST(:ids AS uuid[])) AS w (id)"
)


def said_last(session: Session, actor: Actor, ids: Sequence[UUID]) -> dict[UUID, datetime]:
    """When the last message of each conversation was written, for staff; notes do not count."""
    if not actor.is_staff or not ids:
        return {}
    rows = session.execute(_SAID_LAST, {"ids": list(ids)})
    return {row.id: row.at for row in rows if row.at is not None}


def open_conversation_of(session: Session, actor: Actor) -> UUID | None:
    """The buyer's latest conversation that is not resolved."""
    return session.scalar(
        select(Conversation.id)
        .where(Conversation.buyer_id == actor.person_id, Conversation.state.in_(OPEN_STATES))
        .order_by(Conversation.updated_at.desc())
        .limit(1)
    )


def wrote_since(session: Session, person_id: UUID, moment: datetime) -> bool:
    """Whether the person has written anything after ``moment``."""
    query = select(Message.id).where(Message.author_id == person_id, Message.created_at > moment)
    return session.scalar(query.limit(1)) is not None


def unanswered_of(session: Session, operator_id: UUID) -> Sequence[UUID]:
    """The conversations an operator has taken and not answered yet."""
    return session.scalars(
        select(Conversation.id).where(
            Conversation.operator_id == operator_id,
            Conversation.state == "assigned",
            Conversation.answered_at.is_(None),
        )
    ).all()


def events_after(
    session: Session, actor: Actor, conversation_id: UUID, after: int, limit: int = 200
) -> list[StreamEvent]:
    """What came after number ``after`` in the actor's own stream, oldest first.

    Raises:
        NotFound: there is no such conversation, or it is not the actor's to see.
    """
    known = _visible(actor).where(Conversation.id == conversation_id)
    if session.scalars(known.with_only_columns(Conversation.id)).one_or_none() is None:
        raise NotFound()
    query = (
        select(StreamEntry.seq, EventRow.kind, EventRow.at, EventRow.data)
        .join(EventRow, EventRow.id == StreamEntry.event_id)
        .where(
            StreamEntry.conversation_id == conversation_id,
            StreamEntry.party == actor.party,
            StreamEntry.seq > after,
        )
        .order_by(StreamEntry.seq)
        .limit(limit)
    )
    return [
        StreamEvent(conversation_id, seq, *_renamed(kind, data, at))
        for seq, kind, at, data in session.execute(query)
    ]


_TAILS = text(
    "SELECT s.conversation_id, s.party, s.seq, e.kind, e.at, e.data FROM"
    " unnest(CAST(:conversations AS uuid[]), CAST(:parties AS text[]), CAST(:afters AS bigint[]))"
    " AS w (conversation_id, party, after) JOIN stream_entry s"
    " ON s.conversation_id = w.conversation_id AND s.party = w.party AND s.seq > w.after"
    " JOIN event e ON e.id = s.event_id ORDER BY s.conversation_id, s.party, s.seq LIMIT 2000"
)


def tails(
    session: Session, wanted: Mapping[tuple[UUID, Party], int]
) -> dict[tuple[UUID, Party], list[StreamEvent]]:
    """The new events of many streams with one statement, for the hub, which has asked the door
    when each reader subscribed and asks again when rights change.

    Args:
        wanted: (conversation, party) -> the last number that was delivered.
    """
    keys = list(wanted)
    rows = session.execute(
        _TAILS,
        {
            "conversations": [conversation for conversation, _ in keys],
            "parties": [party for _, party in keys],
            "afters": [wanted[key] for key in keys],
        },
    )
    found: dict[tuple[UUID, Party], list[StreamEvent]] = {}
    for row in rows:
        event = StreamEvent(row.conversation_id, row.seq, *_renamed(row.kind, row.data, row.at))
        found.setdefault((row.conversation_id, row.party), []).append(event)
    return found


def _renamed(kind: str, data: dict[str, Any], at: datetime) -> tuple[str, datetime, dict[str, Any]]:
    name, picture = shown(kind, data)
    return name, at, picture


def _visible(actor: Actor) -> Select[Conversation]:
    """The conversations the actor takes part in: :func:`rules.may_enter` in SQL."""
    query = select(Conversation)
    if actor.is_staff:
        return query
    if actor.role == "seller":
        return query.where(Conversation.store_ref.in_(actor.store_refs))
    return query.where(Conversation.buyer_id == actor.person_id)


def views_of(
    session: Session, actor: Actor, rows: Sequence[Conversation]
) -> list[ConversationView]:
    """Rows that the actor may see, with names and what is unread."""
    people = {row.buyer_id for row in rows} | {r.operator_id for r in rows if r.operator_id}
    names = names_of(session, people) if people else {}
    party = actor.party
    unread = unread_of(session, party, [row.id for row in rows])
    return [
        ConversationView(
            id=row.id,
            channel=row.channel,
            state=row.state,
            language=row.language,
            topic=row.topic,
            question=row.question,
            order_ref=row.order_ref,
            site_key=row.site_key,
            created_at=row.created_at,
            updated_at=row.updated_at,
            last_seq={"buyer": row.seq_buyer, "seller": row.seq_seller, "staff": row.seq_staff}[
                party
            ],
            party=party,
            buyer_id=row.buyer_id,
            buyer_name=names.get(row.buyer_id, ""),
            operator_id=row.operator_id,
            operator_name=names.get(row.operator_id) if row.operator_id else None,
            last_party=row.last_party,
            preview=row.last_preview,
            unread=unread.get(row.id, 0),
            merged_into=row.merged_into,
            team=row.team,
            priority=row.priority,
        )
        for row in rows
    ]
