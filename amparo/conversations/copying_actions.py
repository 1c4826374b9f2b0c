"""Copying messages into a new conversation, with their authors and when they were written."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.accounts.queries import names_of
from amparo.conversations.events import MESSAGE_POSTED, OPENED, SPLIT
from amparo.conversations.models import Conversation, Message
from amparo.conversations.posting import PREVIEW
from amparo.conversations.rules import PARTIES_OF, Head
from amparo.conversations.streams import Entry, append, locked_heads
from amparo.kernel.actor import Actor
from amparo.kernel.clock import iso
from amparo.kernel.errors import Conflict, Invalid, NotFound
from amparo.kernel.ids import derived_id
from amparo.kernel.text import clip
from amparo.storage.events import record

MOST = 500
"""Most messages that a new conversation takes along."""
COPIED = "copied"
"""In a message's ``extra``: which one it repeats, where that stands, and when it was written."""


def copy_from(
    session: Session, operator: Actor, head: Head, new_id: UUID, from_message: UUID, now: datetime
) -> None:
    """Open ``new_id`` with copies of what a locked conversation has from a message on.

    Raises:
        NotFound: no such message in it.
        Conflict: ``conversation_exists``.
        Invalid: ``split_too_long``.
    """
    messages = _messages(session, head, from_message)
    if not messages:
        raise NotFound()
    if len(messages) > MOST:
        raise Invalid("split_too_long", limit=MOST)
    fresh = _opened(session, head, new_id, now)
    names = names_of(session, {one.author_id for one in messages})
    copies = [_copy(one, fresh, names, now) for one in messages]
    parties = PARTIES_OF[head.channel]
    by = {"id": str(operator.person_id), "name": operator.name}
    began = {"into": None, "from": str(head.id), "by": by}
    went = {"into": str(new_id), "from": None, "by": by}
    append(
        session,
        [
            Entry.of(fresh, SPLIT, began, parties),
            *(entry for entry, _ in copies),
            Entry.of(head, SPLIT, went, parties),
        ],
        now,
    )
    side = {"buyer": "buyer", "seller": "seller"}
    rows = [
        row | {"seq": entry.seqs[side.get(row["party"], "staff")]}  # type: ignore[index]
        for entry, row in copies
    ]
    session.execute(insert(Message).values(rows))


def _messages(session: Session, head: Head, from_message: UUID) -> Sequence[Message]:
    first = session.scalars(
        select(Message).where(Message.id == from_message, Message.conversation_id == head.id)
    ).one_or_none()
    if first is None:
        return []
    return session.scalars(
        select(Message)
        .where(
            Message.conversation_id == head.id,
            tuple_(Message.created_at, Message.id) >= (first.created_at, first.id),
            Message.deleted_at.is_(None),
        )
        .order_by(Message.created_at, Message.id)
        .limit(MOST + 1)
    ).all()


def _opened(session: Session, head: Head, new_id: UUID, now: datetime) -> Head:
    row = session.get_one(Conversation, head.id)
    made = session.scalar(
        insert(Conversation)
        .values(
            id=new_id,
            channel=head.channel,
            state="bot",
            language=head.language,
            site_key=row.site_key,
            buyer_id=head.buyer_id,
            store_ref=head.store_ref,
            order_ref=head.order_ref,
            topic=head.topic,
            question=head.question,
            page=row.page,
            continues_id=head.id,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing()
        .returning(Conversation.id)
    )
    if made is None:
        raise Conflict("conversation_exists")
    data = {
        "conversation": str(new_id),
        "buyer_id": str(head.buyer_id),
        "channel": head.channel,
        "language": head.language,
        "site_key": row.site_key,
        "order_ref": head.order_ref,
        "topic": head.topic,
        "question": head.question,
        "continues": str(head.id),
    }
    record(session, OPENED, data, now=now, subject=new_id)
    return locked_heads(session, [new_id])[new_id]


def _copy(
    message: Message, head: Head, names: dict[UUID, str], now: datetime
) -> tuple[Entry, dict[str, Any]]:
    id = derived_id("copy", head.id, message.id)
    copied = message.extra.get(COPIED) or {
        "conversation": str(message.conversation_id),
        "message": str(message.id),
        "at": iso(message.created_at),
    }
    extra = {**message.extra, COPIED: copied}
    data = {
        "message_id": str(id),
        "client_id": str(id),
        "author_id": str(message.author_id),
        "author_name": names.get(message.author_id, ""),
        "party": message.party,
        "kind": message.kind,
        "body": message.body,
        "language": message.language,
        "extra": extra,
        # Not the assistant's to answer, nothing to be taken up again: it was all said before.
        "state": "assigned",
        "question": None,
    }
    if message.kind != "note":
        head.last_party, head.last_preview = message.party, clip(message.body, PREVIEW)
    row = {
        "id": id,
        "conversation_id": head.id,
        "author_id": message.author_id,
        "client_id": id,
        "party": message.party,
        "kind": message.kind,
        "body": message.body,
        "language": message.language,
        "audience": message.audience,
        "extra": extra,
        "findings": message.findings,
        "created_at": now,
    }
    audience = [party for party in PARTIES_OF[head.channel] if party in message.audience]
    return Entry.of(head, MESSAGE_POSTED, data, audience), row
