"""What the desk keeps on a conversation: where it belongs, how urgent it is, where it goes on."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, text, update
from sqlalchemy.orm import Session

from amparo.conversations.events import MERGED, SPLIT
from amparo.conversations.models import Conversation
from amparo.conversations.rules import PARTIES_OF, Head
from amparo.conversations.streams import Entry, append, locked_heads
from amparo.kernel.actor import Actor, Party
from amparo.storage.recordset import recordset


def place(
    session: Session, id: UUID, *, team: str | None = None, priority: int | None = None
) -> bool:
    """Note the team and the priority of a conversation; True where that changed something."""
    given = {"team": team, "priority": priority}
    values = {name: value for name, value in given.items() if value is not None}
    if not values:
        return False
    changed = or_(
        *(getattr(Conversation, name).is_distinct_from(value) for name, value in values.items())
    )
    found = session.execute(
        update(Conversation)
        .where(Conversation.id == id, changed)
        .values(**values)
        .returning(Conversation.id)
    ).one_or_none()
    return found is not None


def merge(session: Session, operator: Actor, source: Head, into: Head, now: datetime) -> None:
    """Let a locked conversation go on in another locked one, and tell everybody in both."""
    _goes_on(session, source, into.id)
    by = _named(operator)
    append(
        session,
        [
            Entry.of(source, MERGED, {"into": str(into.id), "from": None, "by": by}, _all(source)),
            Entry.of(into, MERGED, {"into": None, "from": str(source.id), "by": by}, _all(into)),
        ],
        now,
    )


def undo_merge(session: Session, operator: Actor, source: Head, into: Head, now: datetime) -> None:
    """The source goes on by itself: for the other one that is as if it had been split off."""
    _goes_on(session, source, None)
    by = _named(operator)
    append(
        session,
        [
            Entry.of(source, MERGED, {"into": None, "from": None, "by": by}, _all(source)),
            Entry.of(into, SPLIT, {"into": str(source.id), "from": None, "by": by}, _all(into)),
        ],
        now,
    )


def _goes_on(session: Session, source: Head, into: UUID | None) -> None:
    source.merged_into = into
    session.execute(
        update(Conversation).where(Conversation.id == source.id).values(merged_into=into)
    )


def _all(head: Head) -> Sequence[Party]:
    return PARTIES_OF[head.channel]


def _named(operator: Actor) -> dict[str, str]:
    return {"id": str(operator.person_id), "name": operator.name}


_PLACES = text(
    "UPDATE conversation c SET team = coalesce(r.team, c.team),"
    " priority = coalesce(r.priority, c.priority)"
    " FROM jsonb_to_recordset(CAST(:rows AS jsonb)) AS r (id uuid, team text, priority bigint)"
    " WHERE c.id = r.id AND (c.team IS DISTINCT FROM coalesce(r.team, c.team)"
    " OR c.priority <> coalesce(r.priority, c.priority)) RETURNING c.id"
)


def place_many(session: Session, places: Mapping[UUID, Mapping[str, object]]) -> bool:
    """As :func:`place` for many, with one statement; True where something changed."""
    locked_heads(session, places)  # in the order in which everybody takes these locks
    rows = [{"id": id, **where} for id, where in places.items()]
    return bool(session.execute(_PLACES, {"rows": recordset(rows)}).all())
