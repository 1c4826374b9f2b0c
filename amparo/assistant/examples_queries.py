"""Reads of the wordings that administrators added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.assistant.models import AssistantExample, AssistantState
from amparo.kernel.actor import Actor
from amparo.kernel.errors import NotFound

NO_EXAMPLES = UUID(int=0)


@dataclass(frozen=True, slots=True)
class AddedExample:
    """A wording of a question, as an administrator sees it."""

    id: UUID
    question: str
    language: str
    text: str
    added_at: datetime


def examples_for(session: Session, actor: Actor, question: str) -> list[AddedExample]:
    """The wordings added to a question, oldest first; NotFound for all but administrators."""
    if not actor.is_administrator:
        raise NotFound()
    rows = session.scalars(
        select(AssistantExample)
        .where(AssistantExample.question_key == question)
        .order_by(AssistantExample.added_at, AssistantExample.id)
    )
    return [example_view(row) for row in rows]


def added_examples(session: Session) -> Sequence[AddedExample]:
    """Every added wording: what the assistant learns from."""
    rows = session.scalars(select(AssistantExample).order_by(AssistantExample.id))
    return [example_view(row) for row in rows]


def examples_revision(session: Session) -> UUID:
    """A name of the added wordings as they are now: another one after every change."""
    found = session.scalar(select(AssistantState.revision).where(AssistantState.id == 1))
    return found or NO_EXAMPLES


def example_view(row: AssistantExample) -> AddedExample:
    """A row as its readers see it."""
    return AddedExample(row.id, row.question_key, row.language, row.text, row.added_at)
