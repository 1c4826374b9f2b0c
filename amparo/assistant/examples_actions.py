"""Verbs on the wordings that teach the assistant."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from amparo.assistant.events import EXAMPLES_CHANGED
from amparo.assistant.examples_queries import AddedExample, example_view
from amparo.assistant.grams import plain
from amparo.assistant.models import AssistantExample, AssistantState
from amparo.help_centre import queries as help_centre
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, NotFound
from amparo.kernel.ids import new_id
from amparo.kernel.languages import CONTENT
from amparo.kernel.text import clean, graphemes
from amparo.storage.events import record

EXAMPLE_LIMIT = 140
"""Graphemes of a wording: as many as a free question may have."""


def add_example(
    session: Session, actor: Actor, question: str, language: str, text: str, now: datetime
) -> AddedExample:
    """Teach the assistant that ``text`` asks ``question``; the same wording twice is one.

    Raises:
        NotFound: no such question or language, or the actor is no administrator.
        Invalid: the text is empty, too long or says nothing (digits and signs only).
    """
    if not actor.is_administrator or language not in CONTENT:
        raise NotFound()
    help_centre.question(session, question)
    text = clean(text)
    if graphemes(text) > EXAMPLE_LIMIT:
        raise Invalid("text_too_long", limit=EXAMPLE_LIMIT)
    if not plain(text):
        raise Invalid("example_empty")
    values = {
        "id": new_id(),
        "question_key": question,
        "language": language,
        "text": text,
        "plain": plain(text),
        "added_by": actor.person_id,
        "added_at": now,
    }
    statement = insert(AssistantExample).values(values)
    made = session.scalar(
        statement.on_conflict_do_nothing(index_elements=["question_key", "plain"]).returning(
            AssistantExample.id
        )
    )
    if made is not None:
        _changed(session, actor, question, made, "added", now)
    row = session.scalars(
        select(AssistantExample).where(
            AssistantExample.question_key == question, AssistantExample.plain == plain(text)
        )
    ).one()
    return example_view(row)


def remove_example(session: Session, actor: Actor, id: UUID, now: datetime) -> None:
    """Forget an added wording; one that is gone already stays gone. NotFound for others."""
    if not actor.is_administrator:
        raise NotFound()
    statement = delete(AssistantExample).where(AssistantExample.id == id)
    question = session.scalar(statement.returning(AssistantExample.question_key))
    if question is not None:
        _changed(session, actor, question, id, "removed", now)


def _changed(
    session: Session, actor: Actor, question: str, id: UUID, what: str, now: datetime
) -> None:
    values = {"revision": new_id()}
    statement = insert(AssistantState).values({"id": 1, **values})
    session.execute(statement.on_conflict_do_update(index_elements=["id"], set_=values))
    data = {"question": question, "example": str(id), "what": what}
    record(session, EXAMPLES_CHANGED, data, now=now, subject=actor.person_id)
