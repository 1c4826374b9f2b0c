"""Reads of the mail queue: for administrators only. What a mail says is not in the log."""

from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotFound
from amparo.mail.models import OutgoingMail
from amparo.storage.outbox import State
from amparo.storage.pages import Page, decode_place, encode_cursor


def only_administrators(actor: Actor) -> None:
    """Raises Forbidden for everybody else."""
    if not actor.is_administrator:
        raise Forbidden()


def mail_for(session: Session, actor: Actor, id: UUID) -> OutgoingMail:
    """One mail, locked for a change. Raises Forbidden, NotFound."""
    only_administrators(actor)
    mail = session.get(OutgoingMail, id, with_for_update=True)
    if mail is None:
        raise NotFound()
    return mail


def mails_for(
    session: Session,
    actor: Actor,
    *,
    state: State | None = None,
    cursor: str | None = None,
    limit: int = 50,
) -> Page[OutgoingMail]:
    """The queue and what became of it, the latest first. Raises Forbidden."""
    only_administrators(actor)
    query = select(OutgoingMail)
    if state is not None:
        query = query.where(OutgoingMail.state == state)
    if cursor:
        place = tuple_(OutgoingMail.created_at, OutgoingMail.id)
        query = query.where(place < tuple_(*decode_place(cursor)))
    query = query.order_by(OutgoingMail.created_at.desc(), OutgoingMail.id.desc())
    rows = session.scalars(query.limit(limit + 1)).all()
    if len(rows) <= limit:
        return Page(list(rows))
    return Page(list(rows[:limit]), encode_cursor(rows[limit - 1].created_at, rows[limit - 1].id))
