"""Operators at work, for the tests of assignment: who they are, what they do, what follows."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from amparo.accounts.models import StaffCredential
from amparo.conversations.models import Conversation
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.routing.actions import ask_for_person, save_team
from amparo.routing.followers import Assigner, QueueKeeper, ShiftEnds
from amparo.routing.models import OperatorRouting
from amparo.routing.operators_actions import set_presence
from amparo.routing.presence_actions import connected
from amparo.routing.rules import DEFAULT_TEAMS
from amparo.storage.followers import Follower, drain, enrol
from amparo.storage.session import Database
from amparo.storage.timers import TimerHandler, fire_next
from amparo.wiring import timers
from tests.people import MARTA, PAVEL, TEO, open_chat, populate

ENGLISH, RUSSIAN = DEFAULT_TEAMS


def staff(session: Session, now: datetime) -> None:
    """Everybody, the default teams, and operators who may sign in."""
    populate(session, now)
    for operator in (MARTA, PAVEL, TEO):
        session.add(
            StaffCredential(
                person_id=operator.person_id,
                email=f"{operator.name.lower()}@mercadia.example",
                password_hash="none",
                languages=list(operator.languages),
                disabled_at=None,
                changed_at=now,
            )
        )
    session.flush()


def team(session: Session, key: str, **changes: Any) -> None:
    """Make a team like the English one, or change a default one."""
    base = RUSSIAN if key == RUSSIAN["key"] else ENGLISH
    save_team(session, {**base, "key": key, "fallback": key == ENGLISH["key"], **changes})


def at_work(
    session: Session,
    operator: Actor,
    now: datetime,
    *,
    state: Any = "available",
    capacity: int = 3,
    **what: Any,
) -> UUID:
    """The operator connects and works so; returns the connection."""
    connection = new_id()
    connected(session, connection, operator.person_id, "node", now)
    set_presence(session, operator, state, now)
    row = session.get_one(OperatorRouting, operator.person_id, populate_existing=True)
    row.capacity = capacity
    for name, value in what.items():
        setattr(row, name, value)
    session.flush()
    return connection


def asks(
    session: Session, buyer: Actor, now: datetime, topic: str = "orders", language: str = "en"
) -> UUID:
    """A buyer asks for a person."""
    chat = open_chat(session, buyer, now)
    ask_for_person(session, buyer, chat, now, topic=topic, language=language)
    return chat


def holder(session: Session, chat: UUID) -> tuple[str, UUID | None]:
    """State and operator of a conversation."""
    row = session.execute(
        select(Conversation.state, Conversation.operator_id).where(Conversation.id == chat)
    ).one()
    return row.state, row.operator_id


def speaks(session: Session, operator: Actor, languages: list[str]) -> None:
    """From now on the operator answers in these languages."""
    session.get_one(StaffCredential, operator.person_id).languages = languages
    session.flush()


class House:
    """A database whose followers and timers run when the test says so."""

    def __init__(self, database: Database, clock: ManualClock) -> None:
        self.database, self.clock = database, clock
        self.followers: list[Follower] = [QueueKeeper(), ShiftEnds(), Assigner()]
        self.timers: dict[str, TimerHandler] = dict(timers(None))  # type: ignore[arg-type]
        enrol(database, self.followers)
        with database.transaction() as session:
            staff(session, clock.now())

    def settle(self) -> None:
        """Everything that follows by now happens."""
        while True:
            drain(self.database, self.clock, self.followers)
            if not fire_next(self.database, self.timers, self.clock.now()):
                return
