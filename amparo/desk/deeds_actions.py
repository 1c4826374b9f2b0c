"""Does one thing to one conversation, with the permission that this thing needs."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from amparo.conversations.queries import conversation_for
from amparo.desk import actions, tags_actions
from amparo.desk import once_actions as once
from amparo.desk.deeds_rules import Deed, as_kept, checked
from amparo.desk.rules import staff_only
from amparo.kernel.actor import Actor
from amparo.routing import priority_actions, snooze_actions, transfer_actions


def do_once(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    deed: Deed,
    request_id: UUID,
    now: datetime,
) -> None:
    """Do it unless this request did it before. Raises what the deed itself raises."""
    staff_only(operator)
    asked = {"on": str(conversation_id), "until": deed.until, **as_kept(deed)}
    if once.first_answer(session, operator, request_id, asked, now) is None:
        do(session, operator, conversation_id, deed, request_id, now)


def do(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    deed: Deed,
    deed_id: UUID,
    now: datetime,
) -> None:
    """Do it.

    Args:
        deed_id: what makes its parts repeatable.

    Raises:
        NotFound: there is no such conversation.
        Problem: it cannot be done here and now, or not by this operator.
    """
    deed = checked(deed)
    conversation_for(session, operator, conversation_id)
    match deed.do:
        case "tag":
            tags_actions.tag(session, operator, conversation_id, now, add=[deed.tag or ""])
        case "untag":
            tags_actions.tag(session, operator, conversation_id, now, remove=[deed.tag or ""])
        case "follow" | "unfollow":
            on = deed.do == "follow"
            tags_actions.follow(session, operator, conversation_id, on=on)
        case "priority":
            assert deed.priority is not None
            priority_actions.set_priority(session, operator, conversation_id, deed.priority, now)
        case "note":
            actions.note(session, operator, conversation_id, deed_id, deed.note or "", now)
        case "resolve":
            actions.resolve(session, operator, conversation_id, now)
        case "take":
            actions.take(session, operator, conversation_id, now)
        case "release":
            actions.release(session, operator, conversation_id, now)
        case "snooze" | "transfer":
            _put_off(session, operator, conversation_id, deed, now)


def _put_off(
    session: Session,
    operator: Actor,
    conversation_id: UUID,
    deed: Deed,
    now: datetime,
) -> None:
    if deed.do == "snooze":
        until = deed.until or now + timedelta(minutes=deed.minutes or 0)
        snooze_actions.snooze(session, operator, conversation_id, until, now)
        return
    transfer_actions.transfer(
        session,
        operator,
        conversation_id,
        now,
        team=deed.team,
        to=deed.operator,
        note=deed.note,
    )
