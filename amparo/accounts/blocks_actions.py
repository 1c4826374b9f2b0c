"""Blocking somebody who abuses the help, and taking it back."""

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.accounts import blocks_rules as rules
from amparo.accounts import events
from amparo.accounts.blocks_queries import BlockView, blocks_of, own_block
from amparo.accounts.models import Person, PersonBlock
from amparo.kernel.actor import Actor
from amparo.kernel.clock import iso
from amparo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from amparo.storage.events import record


def block_person(
    session: Session,
    actor: Actor,
    person_id: UUID,
    *,
    reason: str,
    until: datetime | None,
    now: datetime,
) -> BlockView:
    """Let somebody read and not write, until a time or until it is taken back.

    Raises:
        Forbidden: the actor is not staff.
        NotFound: there is no such person.
        Invalid: ``person_not_blockable`` (staff is disabled instead), ``block_reason_missing``,
            ``block_end_invalid``.
    """
    _staff_only(actor)
    words = rules.checked_reason(reason)
    rules.check_until(until, now)
    person = session.get(Person, person_id)
    if person is None:
        raise NotFound()
    if person.role not in rules.BLOCKABLE:
        raise Invalid("person_not_blockable")
    said = {"by_id": actor.person_id, "reason": words, "until": until, "made_at": now}
    _write(session, person_id, said)
    told = {"by": str(actor.person_id), "reason": words, "until": until and iso(until)}
    record(session, events.PERSON_BLOCKED, told, now=now, subject=person_id)
    return blocks_of(session, actor, [person_id], now)[person_id]


def unblock_person(session: Session, actor: Actor, person_id: UUID, now: datetime) -> None:
    """Take a block back; nothing happens where there is none. Raises Forbidden."""
    _staff_only(actor)
    gone = session.scalar(
        delete(PersonBlock)
        .where(PersonBlock.person_id == person_id)
        .returning(PersonBlock.person_id)
    )
    if gone is not None:
        told = {"by": str(actor.person_id)}
        record(session, events.PERSON_UNBLOCKED, told, now=now, subject=person_id)


def hold_back(session: Session, person_id: UUID, now: datetime) -> bool:
    """The program's own block for a visitor who floods us, for a while.

    Somebody who is signed in is known to the marketplace and left to the operators; a block that
    is in force stays as it is.

    Returns:
        whether the person is held back from now on.
    """
    person = session.get(Person, person_id)
    if person is None or person.role != "visitor":
        return False
    block = session.get(PersonBlock, person_id, with_for_update=True)
    if block is not None and (block.until is None or block.until > now):
        return False
    until = now + rules.HELD_FOR
    said = {"by_id": None, "reason": rules.AUTOMATIC, "until": until, "made_at": now}
    _write(session, person_id, said)
    told = {"by": None, "reason": rules.AUTOMATIC, "until": iso(until)}
    record(session, events.PERSON_BLOCKED, told, now=now, subject=person_id)
    return True


def appeal(session: Session, actor: Actor, text: str, now: datetime) -> None:
    """ "This is a mistake": said once, read by the staff beside the block; again alike is no error.

    Raises:
        Conflict: ``not_blocked``, ``appeal_made``.
        Invalid: ``message_empty``.
    """
    words = rules.checked_appeal(text)
    block = own_block(session, actor, now)
    if block is None:
        raise Conflict("not_blocked")
    if block.appeal == words:
        return
    if block.appeal is not None:
        raise Conflict("appeal_made")
    block.appeal, block.appealed_at = words, now
    session.flush()
    record(session, events.BLOCK_APPEALED, {"text": words}, now=now, subject=actor.person_id)


def _write(session: Session, person_id: UUID, said: Mapping[str, object]) -> None:
    fresh = {**said, "appeal": None, "appealed_at": None}
    session.execute(
        insert(PersonBlock)
        .values(person_id=person_id, **fresh)
        .on_conflict_do_update(index_elements=["person_id"], set_=fresh)
    )
    session.get(PersonBlock, person_id, populate_existing=True)


def _staff_only(actor: Actor) -> None:
    if actor.role not in ("operator", "administrator"):
        raise Forbidden()
