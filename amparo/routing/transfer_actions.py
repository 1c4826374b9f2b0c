"""Handing a conversation on: to another team's queue, or to a colleague."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.accounts.queries import names_of, staff_actors
from amparo.conversations.actions import change_state, head_for, tell_staff
from amparo.conversations.desk_actions import place
from amparo.conversations.events import TRANSFERRED
from amparo.conversations.rules import Head
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Invalid, NotFound
from amparo.kernel.text import clean
from amparo.routing import places_actions as places
from amparo.routing.events import RELEASED
from amparo.routing.models import QueueEntry, Team
from amparo.routing.operators_queries import present_among, staff_only
from amparo.routing.rules import OPERATOR_GONE, OPERATOR_GONE_AFTER
from amparo.storage.events import record
from amparo.storage.session import hint
from amparo.storage.timers import set_timer

NOTE_LIMIT = 2000


def transfer(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    now: datetime,
    *,
    team: str | None = None,
    to: UUID | None = None,
    note: str | None = None,
) -> None:
    """To a team: into its queue at the place of the original entry. To a colleague: it is theirs.

    Args:
        team, to: one of the two; ``to`` is an operator.
        note: what the next one should know; only staff reads it.

    Raises:
        NotFound: there is no such conversation, team or operator.
        Invalid: neither or both are given, or the note is too long.
        Conflict: it is resolved, or has not asked for a person yet.
    """
    staff_only(operator)
    if (team is None) == (to is None):
        raise Invalid("transfer_target")
    said = clean(note or "") or None
    if said is not None and len(said) > NOTE_LIMIT:
        raise Invalid("message_too_long", limit=NOTE_LIMIT, length=len(said))
    head = head_for(session, operator, conversation_id)
    if head.state in ("bot", "resolved"):
        raise Conflict("not_in_this_state", state=head.state)
    before = _where(session, head)
    if team is not None:
        after = _to_team(session, head, team, now)
    else:
        assert to is not None
        after = _to_operator(session, head, to, now)
    by = {"id": str(operator.person_id), "name": operator.name}
    told = {"from": before, "to": after, "by": by, "note": said}
    tell_staff(session, head, TRANSFERRED, told, now)


def _to_team(session: Session, head: Head, key: str, now: datetime) -> dict[str, object]:
    team = session.get(Team, key)
    if team is None:
        raise NotFound()
    if head.state in ("assigned", "snoozed"):
        change_state(session, head, "release", now, reason="transferred")
    entry = session.get(QueueEntry, head.id)
    if entry is None:
        places.new_place(session, head, now)
        entry = session.get_one(QueueEntry, head.id)
    hint(session, f"queue:{entry.team}")
    entry.team, entry.last_operator, entry.first = team.key, None, None
    entry.translate = entry.language != team.language
    place(session, head.id, team=team.key)
    places.back_to_place(session, head, now)
    record(session, RELEASED, {"conversation": str(head.id)}, now=now, subject=head.id)
    return {"team": team.key, "operator": None}


def _to_operator(session: Session, head: Head, id: UUID, now: datetime) -> dict[str, object]:
    colleague = staff_actors(session, [id]).get(id)
    if colleague is None:
        raise NotFound()
    if not (head.state == "assigned" and head.operator_id == id):
        places.stop_working(session, head.id)
        places.give(session, colleague, head, now, verb="transfer")
        if id not in present_among(session, [id], now):
            # as for everybody who is not here: unanswered, it goes back to its place
            set_timer(session, OPERATOR_GONE, head.id, now + OPERATOR_GONE_AFTER)
    return {"team": None, "operator": {"id": str(id), "name": colleague.name}}


def _where(session: Session, head: Head) -> dict[str, object]:
    entry = session.get(QueueEntry, head.id)
    holder = None
    if head.operator_id is not None:
        name = names_of(session, [head.operator_id]).get(head.operator_id, "")
        holder = {"id": str(head.operator_id), "name": name}
    return {"team": entry.team if entry is not None else None, "operator": holder}
