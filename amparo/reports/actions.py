"""What an editor does with a question of the inbox: teach it, make a question of it, let it be."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.assistant.examples_actions import EXAMPLE_LIMIT, add_example
from amparo.help_centre.adding_actions import add_question
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Invalid, NotFound
from amparo.kernel.languages import CONTENT, FALLBACK
from amparo.kernel.text import clip
from amparo.reports.events import UNANSWERED_SETTLED
from amparo.reports.models import Unanswered
from amparo.reports.queries import UnansweredView, administrators_only, unanswered_for
from amparo.storage.events import record


@dataclass(frozen=True, slots=True)
class NewQuestion:
    """A question to add to the help centre, in the language of the entry it answers."""

    category: str
    title: str
    body: str


def make_example(
    session: Session, actor: Actor, id: UUID, question: str, now: datetime
) -> UnansweredView:
    """Teach the assistant that this is how people ask ``question``; twice is once.

    Raises:
        NotFound: no such entry or question, or the actor is no administrator.
        Invalid: ``example_strange``: it was asked in a language that the assistant does not speak.
        Conflict: ``already_settled``: somebody has decided otherwise.
    """
    row = _open(session, actor, id, "example", question)
    if row is not None:
        if row.language not in CONTENT:
            raise Invalid("example_strange")
        text = clip(row.text, EXAMPLE_LIMIT)
        add_example(session, actor, question, row.language, text, now)
        _settle(session, actor, row, "example", question, now)
    return unanswered_for(session, actor, id)


def make_question(
    session: Session, actor: Actor, id: UUID, new: NewQuestion, now: datetime
) -> UnansweredView:
    """Add a question with its answer to the help centre, and teach the assistant the wording.

    Raises:
        NotFound: no such entry or category, or the actor is no administrator.
        Invalid: no title, no answer, too long, or an unknown placeholder.
        Conflict: ``already_settled``: somebody has decided otherwise.
    """
    row = _open(session, actor, id, "question", None)
    if row is not None:
        place = (new.category, _language(row))
        key = add_question(session, actor, *place, title=new.title, body=new.body, id=id, now=now)
        if row.language in CONTENT:
            add_example(session, actor, key, row.language, clip(row.text, EXAMPLE_LIMIT), now)
        _settle(session, actor, row, "question", key, now)
    return unanswered_for(session, actor, id)


def dismiss(session: Session, actor: Actor, id: UUID, now: datetime) -> UnansweredView:
    """Nothing needs to be answered there; twice is once.

    Raises:
        NotFound: no such entry, or the actor is no administrator.
        Conflict: ``already_settled``: somebody has decided otherwise.
    """
    row = _open(session, actor, id, "dismissed", None)
    if row is not None:
        _settle(session, actor, row, "dismissed", None, now)
    return unanswered_for(session, actor, id)


def _open(
    session: Session, actor: Actor, id: UUID, state: str, question: str | None
) -> Unanswered | None:
    """The entry, held; None where just this was decided before."""
    administrators_only(actor)
    row = session.scalar(
        select(Unanswered)
        .where(Unanswered.id == id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise NotFound()
    if row.state == "open":
        return row
    if row.state != state or question not in (None, row.question):
        raise Conflict("already_settled")
    return None


def _settle(
    session: Session,
    actor: Actor,
    row: Unanswered,
    state: str,
    question: str | None,
    now: datetime,
) -> None:
    row.state, row.question = state, question
    row.settled_by, row.settled_at = actor.person_id, now
    session.flush()
    data = {"unanswered": str(row.id), "as": state, "question": question}
    record(session, UNANSWERED_SETTLED, data, now=now, subject=actor.person_id)


def _language(row: Unanswered) -> str:
    return row.language if row.language in CONTENT else FALLBACK
