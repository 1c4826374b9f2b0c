"""Nobody is lost: whoever waits has a place, on every road into and out of the queue."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from amparo.conversations.actions import join_visitor
from amparo.conversations.queries import conversation_for
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict
from amparo.kernel.ids import new_id
from amparo.routing.actions import ask_for_person, defer, release, resolve, take, take_next
from amparo.routing.followers import QueueKeeper
from amparo.routing.presence_actions import connected
from amparo.routing.queries import place_for
from amparo.storage.followers import drain, enrol
from amparo.storage.session import Database
from tests.people import ANA, MARTA, OLGA, VISITOR, open_chat, populate, say

SECOND = timedelta(seconds=1)


def waiting(session: Session, actor: Actor, now: datetime) -> UUID:
    chat = open_chat(session, actor, now)
    ask_for_person(session, actor, chat, now, language="en")
    return chat


@pytest.fixture
def keeper(database: Database, clock: ManualClock) -> QueueKeeper:
    keeper = QueueKeeper()
    enrol(database, [keeper])
    with database.transaction() as session:
        populate(session, clock.now())
    return keeper


def test_an_answer_to_somebody_who_waits_does_not_cost_the_place(
    database: Database, clock: ManualClock, keeper: QueueKeeper
) -> None:
    with database.transaction() as session:
        chat = waiting(session, ANA, clock.now())
        say(session, MARTA, chat, "A colleague will be with you", clock.now())
    drain(database, clock, [keeper])
    with database.transaction() as session:
        assert place_for(session, ANA, chat, clock.now()).position == 1
        assert take_next(session, MARTA, clock.now()) is not None


@pytest.mark.parametrize("late", [False, True], ids=["followers first", "release first"])
def test_given_back_after_an_answer_means_the_original_place(
    database: Database, clock: ManualClock, keeper: QueueKeeper, late: bool
) -> None:
    with database.transaction() as session:
        chat = waiting(session, ANA, clock.now())
        waiting(session, OLGA, clock.advance(SECOND))
        take(session, MARTA, chat, clock.now())
        say(session, MARTA, chat, "I ask a colleague", clock.now())
    if not late:
        drain(database, clock, [keeper])
    with database.transaction() as session:
        release(session, MARTA, chat, clock.advance(SECOND))
    drain(database, clock, [keeper])
    with database.transaction() as session:
        assert place_for(session, ANA, chat, clock.now()).position == 1


def test_taken_up_again_is_a_new_place(
    database: Database, clock: ManualClock, keeper: QueueKeeper
) -> None:
    with database.transaction() as session:
        chat = waiting(session, ANA, clock.now())
        waiting(session, OLGA, clock.advance(SECOND))
        resolve(session, ANA, chat, clock.now())
        say(session, ANA, chat, "It is broken after all", clock.advance(SECOND))
    drain(database, clock, [keeper])
    with database.transaction() as session:
        assert place_for(session, ANA, chat, clock.now()).position == 2


def test_a_visitor_who_signed_in_is_here_as_the_buyer(
    database: Database, clock: ManualClock, keeper: QueueKeeper
) -> None:
    with database.transaction() as session:
        chat = waiting(session, VISITOR, clock.now())
        join_visitor(session, ANA, VISITOR.person_id, clock.now())
    drain(database, clock, [keeper])
    clock.advance(timedelta(minutes=2))
    with database.transaction() as session:
        connected(session, new_id(), ANA.person_id, "node", clock.now())
        taken = take_next(session, MARTA, clock.now())
        assert taken is not None
        assert taken.id == chat


@pytest.mark.usefixtures("people")
def test_what_an_operator_has_cannot_be_put_off_into_nowhere(
    session: Session, now: datetime
) -> None:
    chat = waiting(session, ANA, now)
    take(session, MARTA, chat, now)
    with pytest.raises(Conflict) as refusal:
        defer(session, ANA, chat, now)
    assert refusal.value.code == "not_in_this_state"
    assert conversation_for(session, MARTA, chat).state == "assigned"


@pytest.mark.usefixtures("people")
def test_what_nobody_has_is_not_called_taken(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    with pytest.raises(Conflict) as refusal:
        take(session, MARTA, chat, now)
    assert refusal.value.code == "not_in_this_state"
