"""What merging and its undoing mean for the queue."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

from amparo.accounts.queries import names_of
from amparo.conversations.actions import change_state, head_for
from amparo.conversations.rules import Head
from amparo.kernel.actor import SYSTEM
from amparo.routing.actions import reopen
from amparo.routing.models import QueueEntry
from amparo.routing.rules import DEFER_ABSENT, OPERATOR_GONE
from amparo.storage.pages import iso_exact
from amparo.storage.session import hint
from amparo.storage.timers import clear_timer

MERGED = "merged"


def end_merged(session: Session, head: Head, now: datetime) -> dict[str, Any]:
    """A locked conversation goes on in another one: it ends and leaves the queue.

    Returns:
        how it stood, for :func:`go_on`.
    """
    entry = session.get(QueueEntry, head.id)
    before: dict[str, Any] = {
        "state": head.state,
        "operator": str(head.operator_id) if head.operator_id else None,
        "entered_at": iso_exact(entry.entered_at) if entry is not None else None,
        "priority": entry.priority if entry is not None else None,
    }
    if head.state != "resolved":
        change_state(session, head, "resolve", now, reason=MERGED)
        if entry is not None:
            session.delete(entry)
            hint(session, f"queue:{entry.team}")
        clear_timer(session, DEFER_ABSENT, head.id)
        clear_timer(session, OPERATOR_GONE, head.id)
    return before


def go_on(session: Session, head: Head, before: dict[str, Any], now: datetime) -> None:
    """It goes on by itself again: in its old place of the queue, with whoever had it."""
    if before["state"] in ("resolved", "bot") or head.state != "resolved":
        return
    reopen(session, head.id, now)
    if before["entered_at"] is not None:
        entered = datetime.fromisoformat(before["entered_at"])
        session.execute(
            update(QueueEntry)
            .where(QueueEntry.conversation_id == head.id)
            .values(entered_at=entered, priority=before["priority"])
        )
    if before["operator"] is not None:
        _give_back(session, head.id, UUID(before["operator"]), now)


def _give_back(session: Session, conversation_id: UUID, operator: UUID, now: datetime) -> None:
    head = head_for(session, SYSTEM, conversation_id)
    if head.state != "waiting":
        return
    name = {"id": str(operator), "name": names_of(session, {operator}).get(operator, "")}
    change_state(session, head, "assign", now, operator=name)
    entry = session.get(QueueEntry, conversation_id, populate_existing=True)
    if entry is not None:
        entry.taken_at = now
        hint(session, f"queue:{entry.team}")
