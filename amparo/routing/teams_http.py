"""The routes of teams and of what operators can do, for administrators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from amparo.routing import operators_actions, teams_actions, teams_queries
from amparo.routing.models import Team
from amparo.routing.operators_queries import Operator
from amparo.storage.http import CurrentActor, Now, Unit

router = APIRouter(prefix="/api/v1/admin", tags=["routing"])

Spans = dict[str, list[tuple[str, str]]]
Name = Annotated[str, Field(max_length=80)]
TeamKey = Annotated[str, Path(max_length=40)]


class TeamIn(BaseModel):
    """A team, all of it.

    ``week``: weekday (``mon`` .. ``sun``) -> intervals that start on it, wall times of ``zone``;
    one that ends before it begins goes on over midnight. ``exceptions``: date -> its intervals
    instead, none means closed. ``skill``: the topic that only this team answers.
    """

    names: dict[str, Name] = Field(max_length=40)
    language: str = Field(max_length=12)
    skill: Name | None = None
    zone: str = Field(max_length=64)
    always: bool = False
    week: Spans = Field(default={}, max_length=7)
    exceptions: Spans = Field(default={}, max_length=400)
    fallback: bool = False
    overflow_to: list[Name] = Field(default=[], max_length=50)
    overflow_after_s: int = Field(default=120, ge=0, le=86_400)


class TeamSettingsOut(TeamIn):
    """A team as it is set up."""

    key: str

    @classmethod
    def of(cls, team: Team) -> "TeamSettingsOut":
        return cls.model_validate(team, from_attributes=True)


class RoutingIn(BaseModel):
    """What an operator can do; no ``teams`` means every team of their languages."""

    capacity: int = Field(ge=1, le=50)
    skills: list[Name] = Field(default=[], max_length=50)
    teams: list[Name] = Field(default=[], max_length=50)


class OperatorOut(BaseModel):
    """An operator now. ``load``: conversations that take capacity."""

    id: UUID
    name: str
    state: str
    connected: bool
    load: int
    capacity: int
    languages: list[str]
    skills: list[str]
    teams: list[str]

    @classmethod
    def of(cls, operator: Operator) -> "OperatorOut":
        return cls(
            id=operator.id,
            name=operator.actor.name,
            state=operator.state,
            connected=operator.connected,
            load=operator.load,
            capacity=operator.capacity,
            languages=list(operator.actor.languages),
            skills=list(operator.skills),
            teams=list(operator.teams),
        )


@router.get("/teams", operation_id="read_teams")
def read_teams(session: Unit, actor: CurrentActor) -> list[TeamSettingsOut]:
    """All teams as they are set up."""
    return [TeamSettingsOut.of(team) for team in teams_queries.teams_for(session, actor)]


@router.put("/teams/{key}", operation_id="save_team")
def save_team(
    key: TeamKey, body: TeamIn, session: Unit, actor: CurrentActor, now: Now
) -> TeamSettingsOut:
    """Make or change a team; those who wait keep their places."""
    return TeamSettingsOut.of(teams_actions.set_team(session, actor, key, body.model_dump(), now))


@router.put("/operators/{id}/routing", operation_id="save_operator_routing")
def save_operator_routing(
    id: UUID, body: RoutingIn, session: Unit, actor: CurrentActor, now: Now
) -> OperatorOut:
    """What an operator can do, and how much at once."""
    return OperatorOut.of(
        operators_actions.set_operator_routing(
            session,
            actor,
            id,
            now,
            capacity=body.capacity,
            skills=body.skills,
            teams=body.teams,
        )
    )
