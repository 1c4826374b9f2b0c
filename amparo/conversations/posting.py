"""The two statements of a message: was it stored before, and storing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations.files_rules import ids_in
from amparo.conversations.rules import Draft, Head, audience_of, author_party, quoted_in
from amparo.conversations.streams import Entry
from amparo.kernel.actor import Party
from amparo.kernel.errors import Conflict
from amparo.kernel.ids import new_id
from amparo.kernel.text import clean, clip
from amparo.storage.recordset import recordset

PREVIEW = 140
"""Characters of the last message that a list shows."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A message that is in the database (durable once the transaction has committed).

    Attributes:
        seq: its number in the stream of its author's party.
        repeated: the same message had been stored before; nothing was done now.
    """

    conversation_id: UUID
    client_id: UUID
    message_id: UUID
    seq: int
    at: datetime
    repeated: bool


@dataclass(slots=True)
class Fresh:
    """A message that was accepted and is about to be stored."""

    draft: Draft
    id: UUID
    body: str
    party: Party
    findings: list[str]
    entry: Entry
    at: datetime

    def result(self, *, repeated: bool = False) -> Stored:
        """What its author is told after the commit; the entry must have been appended."""
        seq = self.entry.seqs[self.party]
        draft = self.draft
        return Stored(draft.conversation_id, draft.client_id, self.id, seq, self.at, repeated)


def accept(
    draft: Draft, head: Head, body: str, findings: list[str], kind: str, now: datetime
) -> Fresh:
    """Make a message of a draft that passed all rules, and let the head know of it."""
    id = new_id()
    actor = draft.actor
    side = author_party(draft)
    data: dict[str, Any] = {
        "message_id": str(id),
        "client_id": str(draft.client_id),
        "author_id": str(actor.person_id),
        "author_name": actor.name,
        "party": side,
        "kind": draft.kind,
        "body": body,
        "language": draft.language or actor.language,
        "extra": dict(draft.extra) | ({"question": draft.question} if draft.question else {}),
        "state": head.state,
        "question": draft.question,
    }
    entry = Entry.of(head, kind, data, audience_of(draft.kind, head.channel))
    entry.number()
    if draft.kind != "note":
        head.last_party, head.last_preview = side, clip(body, PREVIEW)
    if side == "staff" and draft.kind == "text":
        head.answered_at = head.answered_at or now
        head.answer_id, head.answer_by = id, actor.person_id
        head.answer_seq = entry.seqs["staff"]
    return Fresh(draft, id, body, actor.party, findings, entry, now)


_REPEATS = text(
    "SELECT m.author_id, m.client_id, m.id, m.conversation_id, m.body, m.kind, m.seq, m.extra,"
    " m.created_at FROM message m JOIN unnest(CAST(:authors AS uuid[]), CAST(:clients AS uuid[]))"
    " AS wanted (author_id, client_id) USING (author_id, client_id)"
)

Repeats = dict[tuple[UUID, UUID], tuple[Stored, str, str, Mapping[str, Any]]]
"""(author, client_id) -> first result, its body, kind and what it carried."""


def stored_before(session: Session, drafts: Sequence[Draft]) -> Repeats:
    """The messages among ``drafts`` that are in the database already."""
    rows = session.execute(
        _REPEATS,
        {
            "authors": [draft.actor.person_id for draft in drafts],
            "clients": [draft.client_id for draft in drafts],
        },
    )
    return {
        (r.author_id, r.client_id): (
            Stored(r.conversation_id, r.client_id, r.id, r.seq, r.created_at, repeated=True),
            r.body,
            r.kind,
            r.extra,
        )
        for r in rows
    }


def same_again(
    draft: Draft, first: Stored, body: str, kind: str, extra: Mapping[str, Any]
) -> Stored:
    """The first result, for a draft sent again.

    Raises:
        Conflict: the ``client_id`` was used for something else.
    """
    if (first.conversation_id, kind, body, ids_in(extra), quoted_in(extra)) != (
        draft.conversation_id,
        draft.kind,
        clean(draft.body),
        [str(id) for id in dict.fromkeys(draft.files)],
        None if draft.quote is None else str(draft.quote),
    ):
        raise Conflict("client_id_used")
    return first


_INSERT = text(
    "INSERT INTO message (id, conversation_id, author_id, client_id, party, kind, body, language,"
    " audience, extra, findings, seq, created_at) SELECT id, conversation_id, author_id,"
    " client_id, party, kind, body, language, audience, extra, findings, seq, created_at"
    " FROM jsonb_to_recordset(CAST(:messages AS jsonb)) AS m (id uuid, conversation_id uuid,"
    " author_id uuid, client_id uuid, party text, kind text, body text, language text,"
    " audience text[], extra jsonb, findings text[], seq bigint, created_at timestamptz)"
)


def insert_messages(session: Session, fresh: Sequence[Fresh]) -> None:
    """Store accepted messages that have their numbers, with one statement."""
    if fresh:
        session.execute(_INSERT, {"messages": recordset([_row(message) for message in fresh])})


def _row(message: Fresh) -> dict[str, Any]:
    draft, data = message.draft, message.entry.data
    return {
        "id": message.id,
        "conversation_id": draft.conversation_id,
        "author_id": draft.actor.person_id,
        "client_id": draft.client_id,
        "party": data["party"],
        "kind": draft.kind,
        "body": message.body,
        "language": data["language"],
        "audience": message.entry.audience,
        "extra": data["extra"],
        "findings": message.findings,
        "seq": message.entry.seqs[message.party],
        "created_at": message.at,
    }
