"""How much somebody has not read yet."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from amparo.kernel.actor import Party

MOST = 100
"""More than this many unread messages are not counted."""

_UNREAD = text(
    "SELECT w.id, (SELECT count(*) FROM (SELECT 1 FROM stream_entry s"
    " JOIN event e ON e.id = s.event_id WHERE s.conversation_id = w.id AND s.party = :party"
    " AND s.seq > coalesce(k.read, 0) AND e.kind = 'message_posted'"
    " AND e.data->>'party' = ANY(CAST(:others AS text[])) AND NOT e.data ? 'deleted'"
    f" ORDER BY s.seq DESC LIMIT {MOST}) AS unread) AS unread"
    " FROM unnest(CAST(:ids AS uuid[])) AS w (id) LEFT JOIN conversation_mark k"
    " ON k.conversation_id = w.id AND k.party = :party"
)


def unread_of(session: Session, party: Party, ids: Collection[UUID]) -> dict[UUID, int]:
    """Messages of others after the party's mark, at most ``MOST``, with one statement.

    What the assistant or the program said is news to a buyer and not to the staff.
    """
    if not ids:
        return {}
    people = [one for one in ("buyer", "seller", "staff") if one != party]
    others = people if party == "staff" else [*people, "assistant", "system"]
    rows = session.execute(_UNREAD, {"ids": list(ids), "party": party, "others": others})
    return {row.id: row.unread for row in rows}
