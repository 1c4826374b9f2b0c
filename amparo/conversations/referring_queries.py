"""What messages refer to: the message that one quotes, the colleagues that a note names."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from amparo.accounts.queries import names_of, staff_names
from amparo.conversations.models import Message
from amparo.conversations.rules import Draft, Head, audience_of, check_mentions
from amparo.kernel.errors import Invalid, Problem
from amparo.kernel.text import clip

EXCERPT = 140
"""Characters of a quoted message that go with the answer."""
ANSWERED_MEANWHILE = "answered_meanwhile"

_QUOTED = text(
    "SELECT m.id, m.conversation_id, m.audience, m.party, m.body, e.data->>'author_name' AS name"
    " FROM message m JOIN stream_entry s ON s.conversation_id = m.conversation_id AND s.seq = m.seq"
    " AND s.party = CASE WHEN m.party IN ('buyer', 'seller') THEN m.party ELSE 'staff' END"
    " JOIN event e ON e.id = s.event_id WHERE m.id = ANY(CAST(:ids AS uuid[]))"
    " AND m.deleted_at IS NULL"
)


@dataclass(frozen=True, slots=True)
class Quoted:
    """A message that can be quoted, and who may read it."""

    conversation_id: UUID
    audience: frozenset[str]
    shown: dict[str, Any]


@dataclass(frozen=True, slots=True)
class References:
    """What the drafts of a batch refer to, as far as it exists."""

    quotes: Mapping[UUID, Quoted] = field(default_factory=dict)
    staff: Mapping[UUID, str] = field(default_factory=dict)


def references_of(session: Session, drafts: Sequence[Draft]) -> References:
    """Look up quotes and mentions: a statement for each, and none where there are none."""
    quotes = {draft.quote for draft in drafts if draft.quote is not None}
    named = {id for draft in drafts if draft.kind == "note" for id in draft.mentions}
    return References(
        _quoted(session, quotes) if quotes else {}, staff_names(session, named) if named else {}
    )


def _quoted(session: Session, ids: Iterable[UUID]) -> dict[UUID, Quoted]:
    rows = session.execute(_QUOTED, {"ids": list(ids)})
    return {
        row.id: Quoted(
            row.conversation_id,
            frozenset(row.audience),
            {
                "message_id": str(row.id),
                "author": {"name": row.name, "party": row.party},
                "excerpt": clip(row.body, EXCERPT),
            },
        )
        for row in rows
    }


def with_references(draft: Draft, head: Head, known: References) -> Draft:
    """The draft with what its message will show of them.

    Raises:
        Invalid: ``quote_not_found``: missing, another conversation's, or not for everybody who
            will read this message (a note stays a note); ``mention_not_found``;
            ``mentions_only_in_notes``.
    """
    check_mentions(draft)
    shown: dict[str, Any] = {}
    if draft.quote is not None:
        quoted = known.quotes.get(draft.quote)
        audience = audience_of(draft.kind, head.channel)
        if (
            quoted is None
            or quoted.conversation_id != draft.conversation_id
            or not quoted.audience.issuperset((*audience, draft.actor.party))
        ):
            raise Invalid("quote_not_found")
        shown["quote"] = quoted.shown
    if draft.mentions:
        people = dict.fromkeys(draft.mentions)
        if not all(id in known.staff for id in people):
            raise Invalid("mention_not_found")
        shown["mentions"] = [{"id": str(id), "name": known.staff[id]} for id in people]
    return replace(draft, extra={**draft.extra, **shown}) if shown else draft


def tell_answers(session: Session, refusals: Sequence[Problem], bodies: dict[UUID, str]) -> None:
    """Put text and author of the colleague's answer into each ``answered_meanwhile``.

    Args:
        bodies: texts of messages that are not in the database yet.
    """
    told = [one for one in refusals if one.code == ANSWERED_MEANWHILE]
    if not told:
        return
    wanted = {one.params["message_id"] for one in told}
    rows = session.execute(select(Message.id, Message.body).where(Message.id.in_(wanted)))
    texts = {row.id: row.body for row in rows} | bodies
    names = names_of(session, {_id(one.params["operator_id"]) for one in told})
    for one in told:
        one.params["body"] = texts.get(_id(one.params["message_id"]), "")
        one.params["operator"] = names.get(_id(one.params["operator_id"]), "")


def _id(value: object) -> UUID:
    assert isinstance(value, UUID)
    return value
