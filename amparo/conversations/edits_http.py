"""The routes of changing and deleting what was said."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel, Field

from amparo.conversations import edits_actions as actions
from amparo.conversations.edits_actions import Change
from amparo.conversations.edits_queries import history_for
from amparo.conversations.http import ConversationId, PersonName
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1/conversations/{id}/messages", tags=["conversations"])
MessageId = Annotated[UUID, Path(description="as the message's event names it")]


class EditIn(BaseModel):
    """New words; ``id`` is made by the client, sent again it changes nothing."""

    id: UUID
    body: str = Field(max_length=500_000)


class EditOut(BaseModel):
    """What the message says now."""

    message_id: UUID
    body: str
    at: datetime


class WordingOut(BaseModel):
    """What a message said from a time on; null from its deletion on."""

    body: str | None
    at: datetime
    by: PersonName


@router.patch("/{message_id}", operation_id="edit_message")
def edit_message(
    id: ConversationId,
    message_id: MessageId,
    body: EditIn,
    session: Unit,
    actor: CurrentActor,
    now: Now,
    request: Request,
) -> EditOut:
    """Change a message of one's own, within 15 minutes."""
    request.app.state.limits.hit("post", str(actor.person_id))
    change = Change(actor, id, message_id, body.id)
    edited = actions.edit_message(session, change, body.body, now)
    return EditOut(message_id=edited.message_id, body=edited.body, at=edited.at)


@router.delete("/{message_id}", operation_id="delete_message", status_code=204)
def delete_message(
    id: ConversationId, message_id: MessageId, session: Unit, actor: CurrentActor, now: Now
) -> None:
    """Take back a message of one's own, or any as an administrator; twice is once."""
    actions.delete_message(session, actions.deletion_of(actor, id, message_id), now)


@router.get("/{message_id}/history", operation_id="read_message_history")
def read_message_history(
    id: ConversationId, message_id: MessageId, session: Unit, actor: CurrentActor
) -> list[WordingOut]:
    """Everything that a message has said, for the staff."""
    return [
        WordingOut(body=one.body, at=one.at, by=PersonName(id=one.by_id, name=one.by_name))
        for one in history_for(session, actor, id, message_id)
    ]
