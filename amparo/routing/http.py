"""The routes of the queue, for whoever waits in it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, Field

from amparo.conversations.http import ConversationId, ConversationOut
from amparo.conversations.queries import conversation_for
from amparo.routing import actions, queries
from amparo.routing.queries import Place
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1/conversations/{id}", tags=["routing"])


class QueueOut(BaseModel):
    team: str
    language: str


class WaitOut(BaseModel):
    """The honest range of a wait from now on."""

    low_s: int
    high_s: int


class PlaceOut(BaseModel):
    """An exact place; ``position`` is null where the conversation does not wait.

    ``wait`` is null where too little is known. ``translate``: whoever serves it speaks another
    language than the buyer.
    """

    state: str
    position: int | None
    queue: QueueOut | None
    open: bool
    opens_at: datetime | None
    own_language: bool
    people_ahead: int | None
    wait: WaitOut | None
    translate: bool
    reason: str | None


class AskPersonIn(BaseModel):
    id: UUID | None = Field(default=None, description="repeating with the same id changes nothing")
    topic: str | None = Field(default=None, max_length=80)
    language: Annotated[str | None, Field(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")] = None


@router.post("/person", operation_id="ask_for_person")
def ask_for_person(
    id: ConversationId, body: AskPersonIn, session: Unit, actor: CurrentActor, now: Now
) -> PlaceOut:
    """Speak to a person: into the queue at once, with everything said before."""
    place = actions.ask_for_person(
        session, actor, id, now, topic=body.topic, language=body.language
    )
    return _place(place, conversation_for(session, actor, id).state)


@router.get("/position", operation_id="get_position")
def get_position(id: ConversationId, session: Unit, actor: CurrentActor, now: Now) -> PlaceOut:
    """The exact place in the queue."""
    place = queries.place_for(session, actor, id, now)
    return _place(place, conversation_for(session, actor, id).state)


@router.post("/defer", operation_id="defer_conversation")
def defer_conversation(
    id: ConversationId, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Do not wait: answer me later, by e-mail where there is an address."""
    actions.defer(session, actor, id, now)
    return ConversationOut.of(conversation_for(session, actor, id))


@router.post("/resolve", operation_id="resolve_conversation")
def resolve_conversation(
    id: ConversationId, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """The matter is settled."""
    actions.resolve(session, actor, id, now)
    return ConversationOut.of(conversation_for(session, actor, id))


def _place(place: Place, state: str) -> PlaceOut:
    queue = None
    if place.team is not None and place.language is not None:
        queue = QueueOut(team=place.team, language=place.language)
    wait = None
    if place.wait is not None:
        wait = WaitOut(low_s=place.wait.low_s, high_s=place.wait.high_s)
    return PlaceOut(
        state=state,
        position=place.position,
        queue=queue,
        open=place.open,
        opens_at=place.opens_at,
        own_language=place.own_language,
        people_ahead=None if place.position is None else place.position - 1,
        wait=wait,
        translate=not place.own_language,
        reason=place.reason,
    )
