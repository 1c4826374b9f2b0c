"""Handing on and putting aside, once for each request."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.desk import once_actions as once
from amparo.desk.rules import staff_only
from amparo.kernel.actor import Actor
from amparo.routing import snooze_actions, transfer_actions


def transfer(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    request_id: UUID,
    now: datetime,
    *,
    team: str | None = None,
    to: UUID | None = None,
    note: str | None = None,
) -> None:
    """Hand a conversation on. Raises what :func:`transfer_actions.transfer` raises."""
    staff_only(operator)
    asked = {"do": "transfer", "on": conversation_id, "team": team, "to": to, "note": note}
    if once.first_answer(session, operator, request_id, asked, now) is None:
        transfer_actions.transfer(
            session, operator, conversation_id, now, team=team, to=to, note=note
        )


def snooze(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    request_id: UUID,
    now: datetime,
    *,
    until: datetime | None,
) -> None:
    """Put a conversation aside, or wake it. Raises what :mod:`snooze_actions` raises."""
    staff_only(operator)
    asked = {"do": "snooze", "on": conversation_id, "until": until}
    if once.first_answer(session, operator, request_id, asked, now) is not None:
        return
    if until is None:
        snooze_actions.wake(session, operator, conversation_id, now)
    else:
        snooze_actions.snooze(session, operator, conversation_id, until, now)
