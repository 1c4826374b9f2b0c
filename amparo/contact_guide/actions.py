"""Verbs of the contact guide."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.contact_guide.events import ANSWER_SHOWN, FEEDBACK
from amparo.contact_guide.models import GuideFeedback
from amparo.contact_guide.queries import is_signed_in
from amparo.conversations.queries import conversation_for
from amparo.help_centre import queries as help_centre
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, NotFound
from amparo.kernel.text import clip
from amparo.marketplace.queries import order_id_for
from amparo.storage.events import record


@dataclass(frozen=True, slots=True)
class Feedback:
    """ "Did this help?" as it was said; ``id`` was made by the client."""

    id: UUID
    question: str
    language: str
    helped: bool
    conversation: UUID | None = None
    order_ref: str | None = None


def give_feedback(session: Session, actor: Actor | None, said: Feedback, now: datetime) -> bool:
    """Keep what somebody said about an answer; the same id counts once.

    Returns:
        whether it was new.

    Raises:
        NotFound: no such question, or the conversation or the order is not the actor's.
        Conflict: the id was used for something else.
    """
    help_centre.question(session, said.question)
    conversation = order = None
    if said.conversation is not None:
        if actor is None:
            raise NotFound()
        conversation = conversation_for(session, actor, said.conversation).id
    if said.order_ref and actor is not None and is_signed_in(actor):
        order = order_id_for(session, actor, said.order_ref)
    person = actor.person_id if actor is not None else None
    row = {
        "id": said.id,
        "question_key": said.question,
        "language": said.language,
        "helped": said.helped,
        "person_id": person,
        "conversation_id": conversation,
        "order_id": order,
        "at": now,
    }
    statement = insert(GuideFeedback).values(row).on_conflict_do_nothing(index_elements=["id"])
    if session.scalar(statement.returning(GuideFeedback.id)) is None:
        _same_as_before(session, row)
        return False
    data = {
        "feedback": str(said.id),
        "question": said.question,
        "helped": said.helped,
        "language": said.language,
        "conversation": str(conversation) if conversation else None,
        "order_ref": said.order_ref if order else None,
    }
    record(session, FEEDBACK, data, now=now, subject=person)
    return True


def note_shown(
    session: Session,
    actor: Actor | None,
    question: str,
    language: str,
    now: datetime,
    *,
    order_ref: str | None = None,
) -> None:
    """Note in the log that somebody read an answer, so that it can be known whether it helped.

    Nobody is noted who has no session, nor staff, nor an order that is not the reader's.
    """
    if actor is None or actor.role not in ("visitor", "buyer"):
        return
    if order_ref is not None:
        try:
            order_id_for(session, actor, clip(order_ref, 200))
        except NotFound:
            order_ref = None
    data = {"question": question, "language": language, "order_ref": order_ref}
    record(session, ANSWER_SHOWN, data, now=now, subject=actor.person_id)


def _same_as_before(session: Session, row: dict[str, object]) -> None:
    before = session.get(GuideFeedback, row["id"], populate_existing=True)
    if before is None or before.person_id != row["person_id"]:
        raise NotFound()
    if any(getattr(before, name) != row[name] for name in ("question_key", "helped")):
        raise Conflict("id_used_before")
