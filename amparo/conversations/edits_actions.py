"""Changing and deleting what was said: the message, its events, its quotes, its preview.

The old words go everywhere at once, in the transaction that makes the change: whoever reads the
stream from the beginning finds what stands now. ``message_revision`` keeps them for the staff.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from amparo.conversations import edits_rules, files_actions, rules
from amparo.conversations.actions import other_side
from amparo.conversations.edits_queries import said_of
from amparo.conversations.events import MESSAGE_DELETED, MESSAGE_EDITED
from amparo.conversations.files_rules import ids_in
from amparo.conversations.models import Message, MessageRevision
from amparo.conversations.posting import PREVIEW
from amparo.conversations.referring_queries import EXCERPT
from amparo.conversations.rules import Draft, Head
from amparo.conversations.streams import Entry, append, locked_heads
from amparo.guard.rules import check
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, NotFound
from amparo.kernel.ids import derived_id, new_id
from amparo.kernel.text import clip
from amparo.storage.recordset import recordset


@dataclass(frozen=True, slots=True)
class Edited:
    """What a message says now."""

    message_id: UUID
    body: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Change:
    """Whose wish, about which message; ``id`` is made by whoever wishes it."""

    actor: Actor
    conversation_id: UUID
    message_id: UUID
    id: UUID


def edit_message(session: Session, change: Change, body: str, now: datetime) -> Edited:
    """Change the words of a message; the same ``id`` again changes nothing.

    Raises:
        NotFound: there is no such message, or it is not the actor's to see.
        Conflict: see :func:`edits_rules.check_edit`; ``client_id_used``: the ``id``
            was used for something else.
        Invalid: the new words break a rule that the first ones had to keep.
    """
    (head, row), *copies = _locked(session, change)
    actor = change.actor
    files = tuple(UUID(id) for id in ids_in(row.extra))
    draft = Draft(actor, head.id, change.id, body, kind=said_of(row).kind, files=files)
    before = _done_before(session, change)
    if before is not None:
        text_now = rules.checked_body(draft, head.state, head.channel)
        if before.message_id != row.id or before.verb != "edited" or before.result != text_now:
            raise Conflict("client_id_used")
        return Edited(row.id, row.body, row.edited_at or before.at)
    edits_rules.check_edit(actor, said_of(row), head.state, now)
    words = rules.checked_body(draft, head.state, head.channel)
    verdict = check(words, party_from=actor.party, party_to=other_side(actor, head))
    _keep(session, change, row, "edited", words, now)
    if verdict.masked_text != row.body:
        row.findings = [f"{finding.kind}:{finding.rule}" for finding in verdict.findings]
        for place, one in ((head, row), *copies):
            _reword(session, change, place, one, verdict.masked_text, now)
    return Edited(row.id, row.body, row.edited_at or now)


def delete_message(session: Session, change: Change, now: datetime) -> None:
    """Take back what was said, for every party; deleting twice is deleting once.

    Raises:
        NotFound: there is no such message, or it is not the actor's to see.
        Conflict: ``not_your_message``.
    """
    (head, row), *copies = _locked(session, change)
    edits_rules.check_delete(change.actor, said_of(row))
    if row.deleted_at is not None:
        return
    _keep(session, change, row, "deleted", "", now)
    for place, one in ((head, row), *copies):
        _empty(session, change, place, one, now)


def deletion_of(actor: Actor, conversation_id: UUID, message_id: UUID) -> Change:
    """A deletion needs no id from outside: it can be done once only."""
    id = derived_id("deleted", message_id, actor.person_id)
    return Change(actor, conversation_id, message_id, id)


_COPIES = text(
    "SELECT m.id FROM conversation o JOIN conversation c ON c.buyer_id = o.buyer_id"
    " JOIN message m ON m.conversation_id = c.id WHERE o.id = :conversation"
    " AND m.extra->'copied'->>'message' = :message"
)
"""Where a message was taken along when its conversation was split: it says the same there."""


def _locked(session: Session, change: Change) -> list[tuple[Head, Message]]:
    """The conversation and the message, then its copies, all held, in the order in which every
    batch holds them; what changes one conversation waits in line."""
    about = {"conversation": change.conversation_id, "message": str(change.message_id)}
    ids = [change.message_id, *session.scalars(_COPIES, about)]
    rows = session.execute(select(Message.id, Message.conversation_id).where(Message.id.in_(ids)))
    places = {row.id: row.conversation_id for row in rows}
    heads = locked_heads(session, [change.conversation_id, *places.values()])
    held = session.scalars(
        select(Message)
        .where(Message.id.in_(ids))
        .order_by(Message.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    found = {row.id: row for row in held}
    row, head = found.pop(change.message_id, None), heads.get(change.conversation_id)
    if row is None or head is None or not rules.may_enter(change.actor, head):
        raise NotFound()
    if row.conversation_id != head.id or change.actor.party not in row.audience:
        raise NotFound()
    copies = [(heads[one.conversation_id], one) for one in found.values() if not one.deleted_at]
    return [(head, row), *copies]


def _reword(
    session: Session, change: Change, head: Head, row: Message, body: str, now: datetime
) -> None:
    row.body, row.edited_at = body, now
    session.flush()
    excerpt = clip(body, EXCERPT)
    _rewrite(session, row, {"body": body}, {"body": body, "excerpt": excerpt})
    _requote(session, row, {"excerpt": excerpt})
    data = {"message_id": str(row.id), "body": body, "excerpt": excerpt}
    _tell(session, change, head, row, MESSAGE_EDITED, data, now)


def _empty(session: Session, change: Change, head: Head, row: Message, now: datetime) -> None:
    row.body, row.extra, row.findings, row.deleted_at = "", {}, [], now
    session.flush()
    _rewrite(session, row, edits_rules.emptied(), {"body": "", "excerpt": ""})
    _requote(session, row, {"excerpt": "", "deleted": True})
    files_actions.remove_files_of_message(session, row.id, now)
    _tell(session, change, head, row, MESSAGE_DELETED, {"message_id": str(row.id)}, now)


def _done_before(session: Session, change: Change) -> MessageRevision | None:
    return session.scalar(
        select(MessageRevision).where(
            MessageRevision.by_id == change.actor.person_id,
            MessageRevision.request_id == change.id,
        )
    )


def _keep(
    session: Session, change: Change, row: Message, verb: str, result: str, now: datetime
) -> None:
    session.add(
        MessageRevision(
            id=new_id(),
            message_id=row.id,
            request_id=change.id,
            by_id=change.actor.person_id,
            verb=verb,
            body=row.body,
            extra=row.extra,
            result=result,
            at=now,
        )
    )
    session.flush()


_POSTED = text(
    "UPDATE event e SET data = e.data || CAST(:posted AS jsonb) FROM stream_entry s"
    " WHERE s.conversation_id = :conversation AND s.party = :party AND s.seq = :seq"
    " AND e.id = s.event_id"
)
_CHANGED = text(
    "UPDATE event e SET data = e.data || CAST(:changed AS jsonb) FROM stream_entry s"
    " WHERE s.conversation_id = :conversation AND s.party = :party AND s.seq > :seq"
    " AND e.id = s.event_id AND e.kind = :kind AND e.data->>'message_id' = :message"
)


def _rewrite(
    session: Session, row: Message, posted: dict[str, Any], changed: dict[str, Any]
) -> None:
    """The old words leave the events that told them: the message's own, and its edits'."""
    party = row.party if row.party in ("buyer", "seller") else "staff"
    place = {"conversation": row.conversation_id, "party": party, "seq": row.seq}
    session.execute(_POSTED, place | {"posted": _json(posted)})
    about = {"kind": MESSAGE_EDITED, "message": str(row.id), "changed": _json(changed)}
    session.execute(_CHANGED, place | about)


_QUOTING = text(
    "UPDATE message SET extra = jsonb_set(extra, '{quote}', extra->'quote' || CAST(:news AS jsonb))"
    " WHERE conversation_id = :conversation AND created_at >= CAST(:since AS timestamptz)"
    " AND extra->'quote'->>'message_id' = :message"
    " RETURNING conversation_id, CASE WHEN party IN ('buyer', 'seller') THEN party ELSE 'staff'"
    " END AS party, seq"
)
_QUOTING_EVENTS = text(
    "UPDATE event e SET data = jsonb_set(e.data, '{extra,quote}',"
    " e.data->'extra'->'quote' || CAST(:news AS jsonb))"
    " FROM jsonb_to_recordset(CAST(:places AS jsonb))"
    " AS p (conversation_id uuid, party text, seq bigint) JOIN stream_entry s"
    " USING (conversation_id, party, seq) WHERE e.id = s.event_id"
)


def _requote(session: Session, row: Message, news: dict[str, Any]) -> None:
    """What others have quoted of a message follows it."""
    about = {
        "conversation": row.conversation_id,
        "since": row.created_at,
        "message": str(row.id),
        "news": _json(news),
    }
    places = [dict(found._mapping) for found in session.execute(_QUOTING, about)]
    if places:
        told = {"news": about["news"], "places": recordset(places)}
        session.execute(_QUOTING_EVENTS, told)


def _tell(
    session: Session,
    change: Change,
    head: Head,
    row: Message,
    kind: str,
    data: dict[str, Any],
    now: datetime,
) -> None:
    """The event for everybody who sees the message, and the preview of what was said last."""
    last = session.execute(
        select(Message.party, Message.body)
        .where(
            Message.conversation_id == head.id,
            Message.kind != "note",
            Message.deleted_at.is_(None),
        )
        .order_by(Message.created_at.desc(), Message.seq.desc())
        .limit(1)
    ).one_or_none()
    head.last_party = last.party if last else None
    head.last_preview = clip(last.body, PREVIEW) if last else None
    by = {"id": str(change.actor.person_id), "name": change.actor.name}
    audience = [party for party in rules.PARTIES_OF[head.channel] if party in row.audience]
    append(session, [Entry.of(head, kind, data | {"by": by}, audience, quiet=True)], now)


def _json(value: dict[str, Any]) -> str:
    return recordset([value])[1:-1]
