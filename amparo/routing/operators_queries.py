"""Reads of operators: how they work now, what they have, who of them is here."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.accounts.queries import staff_actors
from amparo.conversations.load_queries import loads_of
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden
from amparo.routing.assignment_rules import Server
from amparo.routing.models import OperatorRouting, Presence
from amparo.routing.rules import CAPACITY, IDLE_AFTER, PRESENCE_LASTS

OperatorState = Literal["by_hand", "available", "paused", "off"]
WORKING = ("by_hand", "available")


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator as routing sees them.

    Attributes:
        actor: who they are.
        connected: at least one of their devices is here; several count once.
        load: conversations that take their capacity.
        served_at: when somebody was given to them last.
    """

    actor: Actor
    state: OperatorState
    connected: bool
    load: int
    capacity: int
    skills: tuple[str, ...]
    teams: tuple[str, ...]
    ends_at: datetime | None
    served_at: datetime | None

    @property
    def id(self) -> UUID:
        return self.actor.person_id

    @property
    def works(self) -> bool:
        """Here, and neither in a pause nor off."""
        return self.connected and self.state in WORKING

    def as_server(self) -> Server:
        """What the rules of assignment must know of them."""
        return Server(
            id=self.id,
            capacity=self.capacity,
            load=self.load,
            languages=frozenset(self.actor.languages),
            skills=frozenset(self.skills),
            teams=frozenset(self.teams),
            served=self.served_at.timestamp() if self.served_at else 0.0,
        )


def operators_for(session: Session, actor: Actor, now: datetime) -> list[Operator]:
    """All who may work, by name. Raises Forbidden for anybody but staff."""
    staff_only(actor)
    return _operators(session, staff_actors(session), now)


def operator_for(session: Session, actor: Actor, now: datetime) -> Operator:
    """The actor as an operator. Raises Forbidden for anybody but staff."""
    staff_only(actor)
    return _operators(session, {actor.person_id: actor}, now)[0]


def operators_named(session: Session, ids: Iterable[UUID], now: datetime) -> dict[UUID, Operator]:
    """Those of ``ids`` who are operators or administrators and may work."""
    return {one.id: one for one in _operators(session, staff_actors(session, ids), now)}


def working_operators(session: Session, now: datetime) -> list[Operator]:
    """Those who are here and work, for the program's own decisions."""
    here = select(Presence.person_id).where(Presence.seen_at > now - PRESENCE_LASTS).distinct()
    off = select(OperatorRouting.person_id).where(OperatorRouting.state.not_in(WORKING))
    ids = session.scalars(here.where(Presence.person_id.not_in(off))).all()
    if not ids:
        return []
    return [one for one in _operators(session, staff_actors(session, ids), now) if one.works]


def somebody_available(session: Session, now: datetime) -> bool:
    """Whether anybody at all who is here gets conversations by themselves."""
    query = (
        select(OperatorRouting.person_id)
        .join(Presence, Presence.person_id == OperatorRouting.person_id)
        .where(OperatorRouting.state == "available", Presence.seen_at > now - PRESENCE_LASTS)
    )
    return session.scalar(query.limit(1)) is not None


def present_among(session: Session, people: Iterable[UUID], now: datetime) -> set[UUID]:
    """Those of ``people`` with a live connection to any node."""
    return set(
        session.scalars(
            select(Presence.person_id).where(
                Presence.person_id.in_(set(people)), Presence.seen_at > now - PRESENCE_LASTS
            )
        )
    )


def staff_only(actor: Actor) -> None:
    """Raises Forbidden for anybody but operators and administrators."""
    if actor.role not in ("operator", "administrator"):
        raise Forbidden()


def _operators(session: Session, actors: dict[UUID, Actor], now: datetime) -> list[Operator]:
    if not actors:
        return []
    query = select(OperatorRouting).where(OperatorRouting.person_id.in_(actors))
    rows = {
        row.person_id: row
        for row in session.scalars(query.execution_options(populate_existing=True))
    }
    here = present_among(session, actors, now)
    loads = loads_of(session, actors, now - IDLE_AFTER)
    return [
        _operator(one, rows.get(id), id in here, loads.get(id, 0)) for id, one in actors.items()
    ]


def _operator(actor: Actor, row: OperatorRouting | None, here: bool, load: int) -> Operator:
    if row is None:
        return Operator(actor, "by_hand", here, load, CAPACITY, (), (), None, None)
    return Operator(
        actor=actor,
        state=row.state,  # type: ignore[arg-type]
        connected=here,
        load=load,
        capacity=row.capacity,
        skills=tuple(row.skills),
        teams=tuple(row.teams),
        ends_at=row.ends_at,
        served_at=row.served_at,
    )
