"""Who is here: live connections as rows, so that every node knows."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.accounts.queries import staff_actors
from amparo.conversations.queries import unanswered_of
from amparo.routing.assignment_actions import stir
from amparo.routing.models import OperatorRouting, Presence, QueueEntry
from amparo.routing.operators_queries import WORKING
from amparo.routing.queries import is_present
from amparo.routing.rules import OPERATOR_GONE, OPERATOR_GONE_AFTER
from amparo.storage.timers import clear_timers, set_timer


def connected(
    session: Session, connection_id: UUID, person_id: UUID, node: str, now: datetime
) -> None:
    """A person's connection to this node begins; what was waiting for their return is off."""
    session.execute(
        insert(Presence).values(id=connection_id, person_id=person_id, node=node, seen_at=now)
    )
    waits = session.scalars(
        update(QueueEntry)
        .where(QueueEntry.buyer_id == person_id, QueueEntry.taken_at.is_(None))
        .values(absent_since=None)
        .returning(QueueEntry.conversation_id)
    ).all()
    routing = session.get(OperatorRouting, person_id)
    if waits or (routing is not None and routing.state in WORKING):
        stir(session, "here", now, person_id)
    clear_timers(session, (OPERATOR_GONE,), *unanswered_of(session, person_id))


def disconnected(session: Session, connection_id: UUID, person_id: UUID, now: datetime) -> None:
    """A connection ended; an operator's unanswered conversations go back if it was the last."""
    session.execute(delete(Presence).where(Presence.id == connection_id))
    if not is_present(session, person_id, now):
        _all_gone(session, person_id, now)


def renew(session: Session, connections: Sequence[UUID], now: datetime) -> None:
    """These connections are alive."""
    if connections:
        session.execute(update(Presence).where(Presence.id.in_(connections)).values(seen_at=now))


def node_started(session: Session, node: str, now: datetime) -> None:
    """Connections that this node had before it ended, however it ended, are gone."""
    people = session.scalars(
        delete(Presence).where(Presence.node == node).returning(Presence.person_id)
    ).all()
    for person_id in set(people):
        if not is_present(session, person_id, now):
            _all_gone(session, person_id, now)


def _all_gone(session: Session, person_id: UUID, now: datetime) -> None:
    """Nobody's last device is here any more: of an operator, that is noticed."""
    if staff_actors(session, [person_id]):
        stir(session, "gone", now, person_id)  # the team may be empty now: others help at once
    _give_back_later(session, person_id, now)


def _give_back_later(session: Session, person_id: UUID, now: datetime) -> None:
    for conversation_id in unanswered_of(session, person_id):
        set_timer(session, OPERATOR_GONE, conversation_id, now + OPERATOR_GONE_AFTER)
