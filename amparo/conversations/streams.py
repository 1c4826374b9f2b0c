"""Appending to streams: events and their numbers, one statement for any number of them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, LiteralString
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations.rules import Head
from amparo.kernel.actor import Party
from amparo.kernel.ids import new_id
from amparo.storage.recordset import recordset
from amparo.storage.session import CHANNEL, array, hint, hints_now, news, several


@dataclass(slots=True)
class Entry:
    """An event to append to the streams of its audience; ``seqs`` is filled by the append."""

    head: Head
    kind: str
    data: dict[str, Any]
    audience: Sequence[Party]
    seqs: dict[Party, int]
    quiet: bool = False
    """It changes what is there already (an edit, a receipt): the conversation stays where it is
    in everybody's list."""

    def number(self) -> None:
        """Take the next number in each stream of the audience; once."""
        if not self.seqs:
            for party in self.audience:
                self.head.seqs[party] += 1
                self.seqs[party] = self.head.seqs[party]

    @classmethod
    def of(
        cls,
        head: Head,
        kind: str,
        data: dict[str, Any],
        audience: Sequence[Party],
        *,
        quiet: bool = False,
    ) -> "Entry":
        return cls(head, kind, {"conversation": str(head.id), **data}, audience, {}, quiet)


@dataclass(frozen=True, slots=True)
class Appended:
    """An event that is in the streams, for this process's own listeners (``storage.session.news``).

    Attributes:
        seqs: its number in the stream of each party that may see it.
    """

    conversation_id: UUID
    kind: str
    data: dict[str, Any]
    seqs: dict[Party, int]
    at: datetime


_EVENTS = (
    "WITH e AS (INSERT INTO event (id, kind, subject, at, data)"
    " SELECT id, kind, subject, %(now)s::timestamptz, data"
    " FROM jsonb_to_recordset(%(events)s::jsonb)"
    " AS e (id uuid, kind text, subject uuid, data jsonb)),"
    " s AS (INSERT INTO stream_entry (conversation_id, party, seq, event_id)"
    " SELECT conversation_id, party, seq, event_id"
    " FROM jsonb_to_recordset(%(entries)s::jsonb)"
    " AS s (conversation_id uuid, party text, seq bigint, event_id uuid)), "
)
_MESSAGES = (
    "m AS (INSERT INTO message (id, conversation_id, author_id, client_id, party, kind, body,"
    " language, audience, extra, findings, seq, created_at) SELECT id, conversation_id, author_id,"
    " client_id, party, kind, body, language, audience, extra, findings, seq, created_at"
    " FROM jsonb_to_recordset(%(messages)s::jsonb) AS m (id uuid, conversation_id uuid,"
    " author_id uuid, client_id uuid, party text, kind text, body text, language text,"
    " audience text[], extra jsonb, findings text[], seq bigint, created_at timestamptz)), "
)
_HEADS = (
    "u AS (UPDATE conversation c SET state = h.state, operator_id = h.operator_id,"
    " seq_buyer = h.seq_buyer, seq_seller = h.seq_seller, seq_staff = h.seq_staff,"
    # A note must not move anything that the other parties can read, this time included.
    " updated_at = CASE WHEN h.shown THEN %(now)s::timestamptz ELSE c.updated_at END,"
    " answered_at = h.answered_at,"
    " resolved_at = h.resolved_at, last_party = h.last_party, last_preview = h.last_preview,"
    " answer_id = h.answer_id, answer_seq = h.answer_seq, answer_by = h.answer_by"
    " FROM jsonb_to_recordset(%(heads)s::jsonb)"
    " AS h (id uuid, state text, operator_id uuid, seq_buyer bigint, seq_seller bigint,"
    " seq_staff bigint, answered_at timestamptz, resolved_at timestamptz,"
    " last_party text, last_preview text, answer_id uuid, answer_seq bigint, answer_by uuid,"
    " shown boolean) WHERE c.id = h.id) "
    "SELECT pg_notify(%(channel)s, p) FROM unnest(%(hints)s::text[]) AS p"
)
_APPEND: LiteralString = _EVENTS + _HEADS
_APPEND_MESSAGES: LiteralString = _EVENTS + _MESSAGES + _HEADS


def append(
    session: Session,
    entries: Sequence[Entry],
    now: datetime,
    messages: Sequence[Mapping[str, Any]] = (),
) -> None:
    """Number the entries in the streams of their audience and store them with their heads.

    The caller holds the locks of all heads. One statement, whatever the number of entries; it
    also stores ``messages``, rows of that table, and leaves the hints.

    Raises:
        psycopg.errors.UniqueViolation: a message's ``client_id`` was used at the same moment.
    """
    if not entries:
        return
    events, numbered = _numbered(entries)
    heads = {entry.head.id: entry.head for entry in entries}
    shown = {entry.head.id for entry in entries if _moves(entry)}
    told = [Appended(e.head.id, e.kind, e.data, e.seqs, now) for e in entries]
    news(session, told, [f"conversation:{id}" for id in heads])
    hint(session, "events", "desk")
    values = {
        "now": now,
        "events": recordset(events),
        "entries": recordset(numbered),
        "heads": recordset([_row(head) | {"shown": id in shown} for id, head in heads.items()]),
        "channel": CHANNEL,
        "hints": hints_now(session),
    }
    if messages:
        several(session, (_APPEND_MESSAGES, values | {"messages": recordset(messages)}))
    else:
        several(session, (_APPEND, values))


def _numbered(entries: Sequence[Entry]) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The rows of the log and of the streams."""
    events: list[dict[str, Any]] = []
    numbered: list[dict[str, Any]] = []
    for entry in entries:
        conversation, event_id = entry.head.id, new_id()
        entry.number()
        events.append(
            {"id": event_id, "kind": entry.kind, "subject": conversation, "data": entry.data}
        )
        numbered += [
            {
                "conversation_id": conversation,
                "party": party,
                "seq": entry.seqs[party],
                "event_id": event_id,
            }
            for party in entry.audience
        ]
    return events, numbered


def _moves(entry: Entry) -> bool:
    return not entry.quiet and set(entry.audience) != {"staff"}


def _row(head: Head) -> dict[str, Any]:
    return {
        "id": head.id,
        "state": head.state,
        "operator_id": head.operator_id,
        "seq_buyer": head.seqs["buyer"],
        "seq_seller": head.seqs["seller"],
        "seq_staff": head.seqs["staff"],
        "answered_at": head.answered_at,
        "resolved_at": head.resolved_at,
        "last_party": head.last_party,
        "last_preview": head.last_preview,
        "answer_id": head.answer_id,
        "answer_seq": head.answer_seq,
        "answer_by": head.answer_by,
    }


LOCK: LiteralString = (
    "SELECT id, channel, state, language, buyer_id, store_ref, order_ref, topic, question,"
    " operator_id, answered_at, resolved_at, last_party, last_preview,"
    " answer_id, answer_seq, answer_by, merged_into, seq_buyer, seq_seller, seq_staff"
    " FROM conversation WHERE id = ANY(%(ids)s::uuid[]) ORDER BY id FOR NO KEY UPDATE"
)


def locked_heads(session: Session, ids: Iterable[UUID]) -> dict[UUID, Head]:
    """The heads of the conversations, locked in one order so that no two batches deadlock.

    Says nothing about who may see them: the callers ask :func:`rules.may_enter` of each.
    """
    [rows] = several(session, (LOCK, {"ids": array(set(ids))}))
    return heads_of(rows)


def heads_of(rows: Iterable[dict[str, Any]]) -> dict[UUID, Head]:
    """What :data:`LOCK` found."""
    return {row["id"]: _head(row) for row in rows}


def _head(row: dict[str, Any]) -> Head:
    seqs: dict[Party, int] = {
        "buyer": row.pop("seq_buyer"),
        "seller": row.pop("seq_seller"),
        "staff": row.pop("seq_staff"),
    }
    return Head(**row, seqs=seqs)
