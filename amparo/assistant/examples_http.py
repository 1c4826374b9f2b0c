"""The routes of the wordings that administrators taught: to see them, and to take one back."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel

from amparo.assistant import examples_actions, examples_queries
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1/admin/help/examples", tags=["help"])


class TaughtOut(BaseModel):
    """A way of asking a question that somebody taught the assistant."""

    id: UUID
    question: str
    language: str
    text: str
    added_at: datetime


class TaughtList(BaseModel):
    items: list[TaughtOut]


@router.get("", operation_id="list_examples")
def list_examples(
    session: Unit, actor: CurrentActor, question: Annotated[str, Query(max_length=80)]
) -> TaughtList:
    """The wordings taught for a question, oldest first; those that we ship are not among them."""
    found = examples_queries.examples_for(session, actor, question)
    return TaughtList(items=[TaughtOut.model_validate(one, from_attributes=True) for one in found])


@router.delete("/{example_id}", operation_id="remove_example", status_code=204)
def remove_example(example_id: UUID, session: Unit, actor: CurrentActor, now: Now) -> None:
    """Forget a taught wording; one that is gone already stays gone."""
    examples_actions.remove_example(session, actor, example_id, now)
