"""Reads of teams as they are set up."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden
from amparo.routing.hours import Schedule
from amparo.routing.models import Team
from amparo.routing.operators_queries import staff_only


def teams_for(session: Session, actor: Actor) -> Sequence[Team]:
    """All teams with their settings. Raises Forbidden for anybody but administrators."""
    if not actor.is_administrator:
        raise Forbidden()
    return session.scalars(select(Team).order_by(Team.key)).all()


def teams_at_desk(session: Session, actor: Actor) -> Sequence[Team]:
    """All teams, to filter by and to hand on to. Raises Forbidden for anybody but staff."""
    staff_only(actor)
    return session.scalars(select(Team).order_by(Team.key)).all()


def schedule_of(row: Team) -> Schedule:
    """When a team works, as the rules of hours read it."""
    return Schedule(
        zone=row.zone,
        always=row.always,
        week={day: [(a, b) for a, b in spans] for day, spans in row.week.items()},
        exceptions={day: [(a, b) for a, b in spans] for day, spans in row.exceptions.items()},
    )
