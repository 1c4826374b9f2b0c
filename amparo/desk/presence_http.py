"""The routes of how operators work, and of handing conversations on or putting them aside."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel, Field

from amparo.conversations.http import ConversationId, ConversationOut
from amparo.conversations.queries import conversation_for
from amparo.desk import presence_actions
from amparo.routing import operators_actions, operators_queries, teams_queries
from amparo.routing.operators_queries import Operator, OperatorState
from amparo.routing.teams_http import OperatorOut
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1/desk", tags=["desk"])


class PresenceIn(BaseModel):
    """How I work from now on. ``available``: conversations come by themselves while there is
    room; ``by_hand``: I take them; ``paused``: none come; ``off``: what I have not answered goes
    back. ``ends_at``: off by itself at that time."""

    state: Literal["by_hand", "available", "paused", "off"]
    ends_at: AwareDatetime | None = None


class PresenceOut(BaseModel):
    """How an operator works now. ``load``: conversations that take capacity."""

    state: OperatorState
    capacity: int
    load: int
    ends_at: datetime | None
    languages: list[str]
    skills: list[str]
    teams: list[str]

    @classmethod
    def of(cls, operator: Operator) -> "PresenceOut":
        return cls(
            state=operator.state,
            capacity=operator.capacity,
            load=operator.load,
            ends_at=operator.ends_at,
            languages=list(operator.actor.languages),
            skills=list(operator.skills),
            teams=list(operator.teams),
        )


class TransferIn(BaseModel):
    """To a team or to an operator, one of the two. ``id``: sent again, it does nothing twice."""

    id: UUID
    team: str | None = Field(default=None, max_length=40)
    operator: UUID | None = None
    note: str | None = Field(default=None, max_length=4000)


class SnoozeIn(BaseModel):
    """Until when; null wakes it. ``id``: sent again, it does nothing twice."""

    id: UUID
    until: AwareDatetime | None


@router.get("/presence", operation_id="read_presence")
def read_presence(session: Unit, actor: CurrentActor, now: Now) -> PresenceOut:
    """How I work now."""
    return PresenceOut.of(operators_queries.operator_for(session, actor, now))


@router.put("/presence", operation_id="set_presence")
def set_presence(body: PresenceIn, session: Unit, actor: CurrentActor, now: Now) -> PresenceOut:
    """How I work from now on."""
    return PresenceOut.of(
        operators_actions.set_presence(session, actor, body.state, now, ends_at=body.ends_at)
    )


@router.get("/operators", operation_id="read_operators")
def read_operators(session: Unit, actor: CurrentActor, now: Now) -> list[OperatorOut]:
    """Everybody who may work, and how they do now."""
    return [OperatorOut.of(one) for one in operators_queries.operators_for(session, actor, now)]


@router.post("/conversations/{id}/transfer", operation_id="transfer_conversation")
def transfer_conversation(
    id: ConversationId, body: TransferIn, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Hand it on, to a team's queue (its place is that of the original entry) or a colleague."""
    presence_actions.transfer(
        session, actor, id, body.id, now, team=body.team, to=body.operator, note=body.note
    )
    return ConversationOut.of(conversation_for(session, actor, id))


@router.post("/conversations/{id}/snooze", operation_id="snooze_conversation")
def snooze_conversation(
    id: ConversationId, body: SnoozeIn, session: Unit, actor: CurrentActor, now: Now
) -> ConversationOut:
    """Put it aside until then, or until the buyer writes; null wakes it."""
    presence_actions.snooze(session, actor, id, body.id, now, until=body.until)
    return ConversationOut.of(conversation_for(session, actor, id))


class TeamNameOut(BaseModel):
    """A team by its names: language -> name."""

    key: str
    language: str
    names: dict[str, str]


@router.get("/teams", operation_id="list_teams")
def list_teams(session: Unit, actor: CurrentActor) -> list[TeamNameOut]:
    """The teams that a conversation can be handed on to."""
    teams = teams_queries.teams_at_desk(session, actor)
    return [TeamNameOut.model_validate(team, from_attributes=True) for team in teams]
