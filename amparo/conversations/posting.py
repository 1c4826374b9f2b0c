"""The two statements of a message: was it stored before, and storing it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts.blocks_queries import BLOCKS, IN_FORCE
from amparo.conversations.files_rules import ids_in
from amparo.conversations.rules import Draft, Head, audience_of, author_party, quoted_in
from amparo.conversations.streams import LOCK, Entry, heads_of
from amparo.kernel.actor import Party
from amparo.kernel.errors import Conflict
from amparo.kernel.ids import new_id
from amparo.kernel.text import clean, clip
from amparo.storage.session import array, several

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


_BEFORE: LiteralString = (
    "SELECT w.author_id, w.client_id, m.id, m.conversation_id, m.body, m.kind, m.seq, m.extra,"
    " m.created_at, m.edited_at IS NOT NULL OR m.deleted_at IS NOT NULL AS changed,"
    " b.person_id IS NOT NULL AS blocked, b.until FROM unnest(%(authors)s::uuid[],"
    " %(clients)s::uuid[]) AS w (author_id, client_id)"
    " LEFT JOIN message m ON m.author_id = w.author_id AND m.client_id = w.client_id"
    f" LEFT JOIN {BLOCKS} b ON b.person_id = w.author_id"
    f" AND {IN_FORCE.replace(':now', '%(now)s')}"
    " WHERE m.id IS NOT NULL OR b.person_id IS NOT NULL"
)


@dataclass(frozen=True, slots=True)
class First:
    """A message that was stored before, as far as a repeat of it must agree with it."""

    stored: Stored
    body: str
    kind: str
    extra: Mapping[str, Any]
    changed: bool = False
    """It was edited or deleted since: what it said at first is no longer here to compare."""


@dataclass(slots=True)
class Before:
    """What the database knows of a batch of drafts.

    Attributes:
        repeats: (author, client_id) -> the first result.
        blocked: the authors who may not write now -> until when.
    """

    repeats: dict[tuple[UUID, UUID], First] = field(default_factory=dict)
    blocked: dict[UUID, datetime | None] = field(default_factory=dict)


def known_before(
    session: Session, drafts: Sequence[Draft], now: datetime
) -> tuple[dict[UUID, Head], Before]:
    """The heads of these drafts' conversations, locked; which of the drafts are in the database
    already, and whose author is held back. One trip, and a lock that is waited for comes first."""
    rows, seen = several(
        session,
        (LOCK, {"ids": array({draft.conversation_id for draft in drafts})}),
        (
            _BEFORE,
            {
                "authors": array(draft.actor.person_id for draft in drafts),
                "clients": array(draft.client_id for draft in drafts),
                "now": now,
            },
        ),
    )
    before = Before()
    for row in seen:
        author = row["author_id"]
        if row["blocked"]:
            before.blocked[author] = row["until"]
        if row["id"] is not None:
            ids = (row["conversation_id"], row["client_id"], row["id"])
            stored = Stored(*ids, row["seq"], row["created_at"], repeated=True)
            first = First(stored, row["body"], row["kind"], row["extra"], row["changed"])
            before.repeats[author, row["client_id"]] = first
    return heads_of(rows), before


def same_again(draft: Draft, first: First) -> Stored:
    """The first result, for a draft sent again.

    Raises:
        Conflict: the ``client_id`` was used for something else.
    """
    same = (first.stored.conversation_id, first.kind) == (draft.conversation_id, draft.kind)
    if same and not first.changed:
        same = (first.body, ids_in(first.extra), quoted_in(first.extra)) == (
            clean(draft.body),
            [str(id) for id in dict.fromkeys(draft.files)],
            None if draft.quote is None else str(draft.quote),
        )
    if not same:
        raise Conflict("client_id_used")
    return first.stored


def row_of(message: Fresh) -> dict[str, Any]:
    """An accepted message that has its numbers, as it is stored."""
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
