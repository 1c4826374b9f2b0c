"""Appending to streams: events and their numbers, one statement for any number of them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from psycopg.types.json import Jsonb
from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations.rules import Head
from amparo.kernel.actor import Party
from amparo.kernel.ids import new_id
from amparo.storage.session import hint


@dataclass(slots=True)
class Entry:
    """An event to append to the streams of its audience; ``seqs`` is filled by the append."""

    head: Head
    kind: str
    data: dict[str, Any]
    audience: Sequence[Party]
    seqs: dict[Party, int]

    @classmethod
    def of(cls, head: Head, kind: str, data: dict[str, Any], audience: Sequence[Party]) -> "Entry":
        return cls(head, kind, {"conversation": str(head.id), **data}, audience, {})


_APPEND = text(
    "WITH e AS (INSERT INTO event (id, kind, subject, at, data)"
    " SELECT * FROM unnest(CAST(:ids AS uuid[]), CAST(:kinds AS text[]),"
    " CAST(:subjects AS uuid[]), CAST(:ats AS timestamptz[]), CAST(:data AS jsonb[]))),"
    " s AS (INSERT INTO stream_entry (conversation_id, party, seq, event_id)"
    " SELECT * FROM unnest(CAST(:conversations AS uuid[]), CAST(:parties AS text[]),"
    " CAST(:seqs AS bigint[]), CAST(:events AS uuid[])))"
    " UPDATE conversation c SET state = h.state, operator_id = h.operator_id,"
    " seq_buyer = h.seq_buyer, seq_seller = h.seq_seller, seq_staff = h.seq_staff,"
    # A note must not move anything that the other parties can read, this time included.
    " updated_at = CASE WHEN h.shown THEN CAST(:now AS timestamptz) ELSE c.updated_at END,"
    " answered_at = h.answered_at,"
    " resolved_at = h.resolved_at, last_party = h.last_party, last_preview = h.last_preview"
    " FROM unnest(CAST(:heads AS uuid[]), CAST(:states AS text[]),"
    " CAST(:operators AS uuid[]), CAST(:seq_buyers AS bigint[]),"
    " CAST(:seq_sellers AS bigint[]), CAST(:seq_staffs AS bigint[]),"
    " CAST(:answered AS timestamptz[]), CAST(:resolved AS timestamptz[]),"
    " CAST(:last_parties AS text[]), CAST(:previews AS text[]), CAST(:shown AS boolean[]))"
    " AS h (id, state, operator_id, seq_buyer, seq_seller, seq_staff,"
    " answered_at, resolved_at, last_party, last_preview, shown) WHERE c.id = h.id"
)


def append(session: Session, entries: Sequence[Entry], now: datetime) -> None:
    """Number the entries in the streams of their audience and store them with their heads.

    The caller holds the locks of all heads. One statement, whatever the number of entries.
    """
    if not entries:
        return
    ids = [new_id() for _ in entries]
    numbered = [
        (entry, event_id, party, _next_number(entry, party))
        for entry, event_id in zip(entries, ids, strict=True)
        for party in entry.audience
    ]
    heads = list({entry.head.id: entry.head for entry in entries}.values())
    shown = {entry.head.id for entry in entries if set(entry.audience) != {"staff"}}
    session.execute(
        _APPEND,
        {
            "now": now,
            "ids": ids,
            "kinds": [entry.kind for entry in entries],
            "subjects": [entry.head.id for entry in entries],
            "ats": [now] * len(entries),
            "data": [Jsonb(entry.data) for entry in entries],
            "conversations": [entry.head.id for entry, *_ in numbered],
            "parties": [party for _, _, party, _ in numbered],
            "seqs": [number for *_, number in numbered],
            "events": [event_id for _, event_id, *_ in numbered],
            "shown": [head.id in shown for head in heads],
            **_head_columns(heads),
        },
    )
    hint(session, "events", "desk", *(f"conversation:{head.id}" for head in heads))


def _next_number(entry: Entry, party: Party) -> int:
    entry.head.seqs[party] += 1
    entry.seqs[party] = entry.head.seqs[party]
    return entry.head.seqs[party]


def _head_columns(heads: Iterable[Head]) -> dict[str, list[Any]]:
    rows = list(heads)
    return {
        "heads": [head.id for head in rows],
        "states": [head.state for head in rows],
        "operators": [head.operator_id for head in rows],
        "seq_buyers": [head.seqs["buyer"] for head in rows],
        "seq_sellers": [head.seqs["seller"] for head in rows],
        "seq_staffs": [head.seqs["staff"] for head in rows],
        "answered": [head.answered_at for head in rows],
        "resolved": [head.resolved_at for head in rows],
        "last_parties": [head.last_party for head in rows],
        "previews": [head.last_preview for head in rows],
    }


_LOCK = text(
    "SELECT id, channel, state, language, buyer_id, store_ref, order_ref, topic, question,"
    " operator_id, answered_at, resolved_at, last_party, last_preview,"
    " seq_buyer, seq_seller, seq_staff FROM conversation"
    " WHERE id = ANY(CAST(:ids AS uuid[])) ORDER BY id FOR NO KEY UPDATE"
)


def locked_heads(session: Session, ids: Iterable[UUID]) -> dict[UUID, Head]:
    """The heads of the conversations, locked in one order so that no two batches deadlock.

    Says nothing about who may see them: the callers ask :func:`rules.may_enter` of each.
    """
    rows = session.execute(_LOCK, {"ids": list(set(ids))}).mappings()
    return {row["id"]: _head(dict(row)) for row in rows}


def _head(row: dict[str, Any]) -> Head:
    seqs: dict[Party, int] = {
        "buyer": row.pop("seq_buyer"),
        "seller": row.pop("seq_seller"),
        "staff": row.pop("seq_staff"),
    }
    return Head(**row, seqs=seqs)
