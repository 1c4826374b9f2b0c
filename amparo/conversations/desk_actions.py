"""What the desk keeps on a conversation: where it belongs, how urgent it is, where it goes on."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import or_, update
from sqlalchemy.orm import Session

from amparo.conversations.events import MERGED, SPLIT
from amparo.conversations.models import Conversation
from amparo.conversations.rules import PARTIES_OF, Head
from amparo.conversations.streams import Entry, append
from amparo.kernel.actor import Actor, Party


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
