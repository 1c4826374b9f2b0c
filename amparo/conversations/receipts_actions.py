"""Delivered and read: marks that only move forward, told to everybody when they pass a message."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.conversations import rules
from amparo.conversations.events import RECEIPT
from amparo.conversations.receipts_rules import Reach, Seen, counts
from amparo.conversations.rules import Head
from amparo.conversations.streams import Entry, append, locked_heads
from amparo.kernel.actor import Party
from amparo.kernel.errors import NotFound
from amparo.storage.recordset import recordset

Key = tuple[UUID, Party]


def mark_seen(session: Session, seen: Seen, now: datetime) -> Reach:
    """One person's word about one conversation; returns how far that person's party is.

    Raises:
        NotFound: there is no such conversation, or it is not the actor's to enter.
    """
    reached = mark_all_seen(session, [seen], now)
    if seen.conversation_id not in reached:
        raise NotFound()
    return reached[seen.conversation_id]


def mark_all_seen(session: Session, seen: Sequence[Seen], now: datetime) -> dict[UUID, Reach]:
    """Move the marks of many conversations; the number of statements does not depend on how many.

    Returns:
        how far the reader's party is, for every conversation that the reader may enter; the word
        of whoever may not is passed over.
    """
    heads = locked_heads(session, (one.conversation_id for one in seen))
    allowed = [one for one in seen if _may(one, heads)]
    if not allowed:
        return {}
    before = _marks(session, {one.conversation_id for one in allowed})
    after: dict[Key, Reach] = {}
    for one in allowed:
        head, key = heads[one.conversation_id], (one.conversation_id, one.actor.party)
        reach = after.get(key) or before.get(key, Reach())
        if counts(one.actor, head):
            reach = reach.moved(min(one.seq, head.seqs[one.actor.party]), one.read)
        after[key] = reach
    moved = {key: reach for key, reach in after.items() if reach != before.get(key, Reach())}
    if moved:
        _store(session, heads, before, moved, now)
    return {one.conversation_id: after[one.conversation_id, one.actor.party] for one in allowed}


def _may(one: Seen, heads: Mapping[UUID, Head]) -> bool:
    head = heads.get(one.conversation_id)
    return head is not None and rules.may_enter(one.actor, head)


_MARKS = text(
    "SELECT conversation_id, party, delivered, read FROM conversation_mark"
    " WHERE conversation_id = ANY(CAST(:ids AS uuid[]))"
)


def _marks(session: Session, ids: set[UUID]) -> dict[Key, Reach]:
    rows = session.execute(_MARKS, {"ids": list(ids)})
    return {(r.conversation_id, r.party): Reach(r.delivered, r.read) for r in rows}


# The others are told of what they wrote themselves and everybody sees: a note's id is in no
# receipt, and reading what a program wrote is nobody's news. A search goes back to the old mark.
_LAST = (
    "(SELECT m.id FROM stream_entry s JOIN event e ON e.id = s.event_id"
    " JOIN message m ON m.id = CAST(e.data->>'message_id' AS uuid)"
    " WHERE s.conversation_id = w.id AND s.party = w.party"
    " AND s.seq > w.{0}_before AND s.seq <= w.{0} AND e.kind = 'message_posted'"
    " AND m.party IN ('buyer', 'seller', 'staff') AND m.party <> w.party"
    " AND m.audience @> w.parties ORDER BY s.seq DESC LIMIT 1)"
)
_STORE = text(
    "WITH w AS (SELECT * FROM jsonb_to_recordset(CAST(:moves AS jsonb)) AS w (id uuid, party text,"
    " parties text[], delivered bigint, read bigint, delivered_before bigint, read_before bigint)),"
    f" found AS (SELECT w.id, w.party, w.delivered, w.read, {_LAST.format('delivered')} AS told,"
    f" {_LAST.format('read')} AS seen FROM w)"
    " INSERT INTO conversation_mark AS k"
    " (conversation_id, party, delivered, read, delivered_id, read_id)"
    " SELECT id, party, delivered, read, told, seen FROM found"
    " ON CONFLICT (conversation_id, party) DO UPDATE SET delivered = excluded.delivered,"
    " read = excluded.read, delivered_id = coalesce(excluded.delivered_id, k.delivered_id),"
    " read_id = coalesce(excluded.read_id, k.read_id)"
    " RETURNING k.conversation_id, k.party, k.delivered_id, k.read_id,"
    " (SELECT f.told IS NOT NULL OR f.seen IS NOT NULL FROM found f"
    " WHERE f.id = k.conversation_id AND f.party = k.party) AS news"
)


def _store(
    session: Session,
    heads: Mapping[UUID, Head],
    before: Mapping[Key, Reach],
    moved: Mapping[Key, Reach],
    now: datetime,
) -> None:
    rows: list[dict[str, Any]] = []
    for (id, party), reach in moved.items():
        old = before.get((id, party), Reach())
        rows.append(
            {
                "id": id,
                "party": party,
                "parties": rules.PARTIES_OF[heads[id].channel],
                "delivered": reach.delivered,
                "read": reach.read,
                "delivered_before": old.delivered,
                "read_before": old.read,
            }
        )
    stored = session.execute(_STORE, {"moves": recordset(rows)})
    append(session, [_receipt(heads[row[0]], row) for row in stored if row.news], now)


def _receipt(head: Head, row: Any) -> Entry:
    data = {
        "party": row.party,
        "delivered": row.delivered_id and str(row.delivered_id),
        "read": row.read_id and str(row.read_id),
    }
    return Entry.of(head, RECEIPT, data, rules.PARTIES_OF[head.channel], quiet=True)
