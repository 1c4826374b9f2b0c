"""Whoever waits is given to whoever is free, by what happens and never by a tick."""

from datetime import timedelta

import pytest

from amparo.conversations.queries import events_after
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.ids import new_id
from amparo.routing.actions import defer, resolve, take
from amparo.routing.models import QueueEntry
from amparo.routing.operators_actions import set_presence
from amparo.routing.operators_queries import operator_for
from amparo.routing.presence_actions import connected, disconnected, node_started
from amparo.routing.queries import place_for
from amparo.storage.session import Database
from tests.people import ANA, MARTA, OLGA, PAVEL, TEO, say
from tests.routing.desk import House, asks, at_work, holder, speaks, team

MINUTE = timedelta(minutes=1)
WITH_MARTA = ("assigned", MARTA.person_id)
WITH_TEO = ("assigned", TEO.person_id)
WAITS = ("waiting", None)


@pytest.fixture
def house(database: Database, clock: ManualClock) -> House:
    return House(database, clock)


def test_who_enters_goes_to_an_available_operator(house: House) -> None:
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now())
        chat = asks(session, ANA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == WITH_MARTA


def test_who_becomes_available_gets_those_who_wait_in_order(house: House) -> None:
    with house.database.transaction() as session:
        chats = [asks(session, ANA, house.clock.advance(MINUTE / 10)) for _ in range(3)]
        urgent = asks(session, OLGA, house.clock.advance(MINUTE / 10), topic="payment")
        at_work(session, MARTA, house.clock.now(), capacity=2)
    house.settle()
    with house.database.transaction() as session:
        found = [holder(session, chat) for chat in (urgent, *chats)]
    assert found == [WITH_MARTA, WITH_MARTA, WAITS, WAITS]


@pytest.mark.parametrize("state", ["by_hand", "paused", "off"])
def test_nobody_else_is_given_anything(house: House, state: str) -> None:
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now(), state=state)
        chat = asks(session, ANA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == WAITS


def test_an_operator_without_a_row_takes_by_hand(house: House) -> None:
    with house.database.transaction() as session:
        found = operator_for(session, MARTA, house.clock.now())
    assert (found.state, found.capacity, found.load) == ("by_hand", 3, 0)


def test_what_is_resolved_makes_room_for_the_next(house: House) -> None:
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now(), capacity=1)
        first = asks(session, ANA, house.clock.now())
        second = asks(session, OLGA, house.clock.advance(MINUTE / 10))
    house.settle()
    with house.database.transaction() as session:
        assert (holder(session, first), holder(session, second)) == (WITH_MARTA, WAITS)
        resolve(session, MARTA, first, house.clock.advance(MINUTE / 10))
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, second) == WITH_MARTA


def test_quiet_for_five_minutes_makes_room_and_the_conversation_stays(house: House) -> None:
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now(), capacity=1)
        first = asks(session, ANA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        say(session, MARTA, first, "Have you looked in the box?", house.clock.advance(MINUTE))
        second = asks(session, OLGA, house.clock.now())
    house.clock.advance(4.9 * MINUTE)
    house.settle()
    with house.database.transaction() as session:
        connected(session, new_id(), MARTA.person_id, "node", house.clock.now())
        connected(session, new_id(), OLGA.person_id, "node", house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, second) == WAITS
    house.clock.advance(MINUTE / 10)
    house.settle()
    with house.database.transaction() as session:
        assert (holder(session, first), holder(session, second)) == (WITH_MARTA, WITH_MARTA)
        assert operator_for(session, MARTA, house.clock.now()).load == 1
        say(session, ANA, first, "Yes, it is not there", house.clock.now())
        assert operator_for(session, MARTA, house.clock.now()).load == 2


def test_who_owes_an_answer_is_not_idle(house: House) -> None:
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now(), capacity=1)
        asks(session, ANA, house.clock.now())
    house.settle()
    house.clock.advance(6 * MINUTE)
    with house.database.transaction() as session:
        connected(session, new_id(), MARTA.person_id, "node", house.clock.now())
        second = asks(session, OLGA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, second) == WAITS


def test_several_devices_are_one_operator(house: House) -> None:
    now = house.clock.now()
    with house.database.transaction() as session:
        first = at_work(session, MARTA, now, capacity=1)
        second = new_id()
        connected(session, second, MARTA.person_id, "other", now)
        chats = [asks(session, ANA, now) for _ in range(2)]
    house.settle()
    with house.database.transaction() as session:
        assert [holder(session, chat) for chat in chats] == [WITH_MARTA, WAITS]
        disconnected(session, first, MARTA.person_id, house.clock.now())
    house.clock.advance(MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chats[0]) == WITH_MARTA


def test_a_connection_that_is_gone_gives_back_and_another_gets_it(house: House) -> None:
    now = house.clock.now()
    with house.database.transaction() as session:
        connection = at_work(session, MARTA, now)
        chat = asks(session, ANA, now)
    house.settle()
    with house.database.transaction() as session:
        disconnected(session, connection, MARTA.person_id, house.clock.now())
        at_work(session, TEO, house.clock.now())
    house.clock.advance(0.49 * MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == WITH_MARTA
    house.clock.advance(0.01 * MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == WITH_TEO


def test_off_gives_back_what_is_not_answered_and_keeps_the_rest(house: House) -> None:
    now = house.clock.now()
    with house.database.transaction() as session:
        at_work(session, MARTA, now)
        answered, unanswered = asks(session, ANA, now), asks(session, OLGA, now)
    house.settle()
    with house.database.transaction() as session:
        say(session, MARTA, answered, "Hello", house.clock.advance(MINUTE / 10))
        set_presence(session, MARTA, "off", house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, answered) == WITH_MARTA
        assert holder(session, unanswered) == WAITS
        assert place_for(session, OLGA, unanswered, house.clock.now()).position == 1


def test_the_end_of_a_shift_comes_by_itself(house: House) -> None:
    now = house.clock.now()
    with house.database.transaction() as session:
        at_work(session, MARTA, now)
        set_presence(session, MARTA, "available", now, ends_at=now + MINUTE)
        chat = asks(session, ANA, now)
    house.settle()
    house.clock.advance(MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert operator_for(session, MARTA, house.clock.now()).state == "off"
        assert holder(session, chat) == WAITS


def test_a_deferred_one_is_served_in_turn(house: House) -> None:
    with house.database.transaction() as session:
        first = asks(session, ANA, house.clock.now())
        defer(session, ANA, first, house.clock.now())
        second = asks(session, OLGA, house.clock.advance(MINUTE / 10))
        at_work(session, MARTA, house.clock.now(), capacity=1)
    house.settle()
    with house.database.transaction() as session:
        assert (holder(session, first), holder(session, second)) == (WITH_MARTA, WAITS)


def test_who_is_away_keeps_the_place_and_is_served_on_return(house: House) -> None:
    with house.database.transaction() as session:
        away = asks(session, ANA, house.clock.now())
    house.clock.advance(2 * MINUTE)
    with house.database.transaction() as session:
        here = asks(session, OLGA, house.clock.now())
        at_work(session, MARTA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert (holder(session, away), holder(session, here)) == (WAITS, WITH_MARTA)
        assert place_for(session, ANA, away, house.clock.now()).position == 1
        connected(session, new_id(), ANA.person_id, "node", house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, away) == WITH_MARTA


def test_away_for_ten_minutes_is_answered_later(house: House) -> None:
    with house.database.transaction() as session:
        away = asks(session, ANA, house.clock.now())
    house.clock.advance(2 * MINUTE)
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now())
    house.settle()
    house.clock.advance(10 * MINUTE)
    with house.database.transaction() as session:
        connected(session, new_id(), MARTA.person_id, "node", house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        states = [
            one.data["to"] for one in events_after(session, ANA, away, 0) if one.kind == "state"
        ]
        assert states == ["waiting", "deferred", "assigned"]


def test_the_operator_who_knows_the_buyer_is_waited_for_a_minute(house: House) -> None:
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now(), capacity=1)
        known = asks(session, ANA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        resolve(session, ANA, known, house.clock.now())
        busy = asks(session, OLGA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, busy) == WITH_MARTA
        at_work(session, TEO, house.clock.now())
        again = asks(session, ANA, house.clock.now())
    house.clock.advance(0.9 * MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, again) == WAITS
        connected(session, new_id(), ANA.person_id, "node", house.clock.now())
    house.clock.advance(0.1 * MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, again) == WITH_TEO


def test_the_operator_who_knows_the_buyer_is_preferred(house: House) -> None:
    with house.database.transaction() as session:
        at_work(session, TEO, house.clock.now())
        known = asks(session, ANA, house.clock.now())
        take(session, MARTA, known, house.clock.now())
        resolve(session, MARTA, known, house.clock.advance(MINUTE / 10))
        at_work(session, MARTA, house.clock.now(), capacity=3)
        other = asks(session, OLGA, house.clock.advance(MINUTE / 10))
        take(session, MARTA, other, house.clock.now())
        again = asks(session, ANA, house.clock.advance(MINUTE / 10))
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, again) == WITH_MARTA  # though Teo has nothing to do


@pytest.mark.parametrize(("operator", "served"), [(MARTA, False), (PAVEL, True)])
def test_a_skill_is_needed(house: House, operator: Actor, served: bool) -> None:
    with house.database.transaction() as session:
        team(session, "money-en", skill="payment")
        session.flush()
        skills = ["payment"] if served else []
        languages = ["en"] if served else None
        at_work(session, operator, house.clock.now(), skills=skills)
        if languages:
            speaks(session, operator, languages)
        chat = asks(session, ANA, house.clock.now(), topic="payment")
        entry = session.get_one(QueueEntry, chat)
        assert entry.team == "money-en"
    house.settle()
    with house.database.transaction() as session:
        assert (holder(session, chat)[0] == "assigned") is served


def test_others_help_when_a_team_is_late(house: House) -> None:
    with house.database.transaction() as session:
        team(session, "helpers", language="es", overflow_to=[])
        team(session, "support-en", overflow_to=["helpers"], overflow_after_s=120)
        at_work(session, MARTA, house.clock.now(), state="by_hand")  # here: the team is not empty
        at_work(session, PAVEL, house.clock.now(), teams=["helpers"])
        speaks(session, PAVEL, ["es"])
        chat = asks(session, ANA, house.clock.now())
        connected(session, new_id(), ANA.person_id, "node", house.clock.now())
    house.settle()
    house.clock.advance(timedelta(seconds=80))
    with house.database.transaction() as session:  # the heartbeat of those who stay
        for person in (MARTA, PAVEL, ANA):
            connected(session, new_id(), person.person_id, "node", house.clock.now())
    house.clock.advance(timedelta(seconds=39))
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == WAITS
    house.clock.advance(timedelta(seconds=1))
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == ("assigned", PAVEL.person_id)
        entry = session.get_one(QueueEntry, chat)
        assert entry.translate
        last = [one for one in events_after(session, ANA, chat, 0) if one.kind == "state"][-1]
        assert last.data["reason"] == "fallback_language"


def test_others_help_at_once_when_nobody_of_the_team_is_here(house: House) -> None:
    with house.database.transaction() as session:
        team(session, "helpers", language="es")
        team(session, "support-en", overflow_to=["helpers"])
        connection = at_work(session, MARTA, house.clock.now(), state="by_hand")
        at_work(session, PAVEL, house.clock.now(), teams=["helpers"])
        speaks(session, PAVEL, ["es"])
        chat = asks(session, ANA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == WAITS
        disconnected(session, connection, MARTA.person_id, house.clock.advance(MINUTE / 10))
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == ("assigned", PAVEL.person_id)


def test_a_team_that_opens_serves_those_who_waited(house: House) -> None:
    night = house.clock.now().replace(hour=0)
    house.clock.advance(night - house.clock.now())  # 03:00 in Moscow
    with house.database.transaction() as session:
        team(session, "support-ru", overflow_to=[])
        team(session, "support-en", fallback=False)
        at_work(session, PAVEL, house.clock.now())
        chat = asks(session, OLGA, house.clock.now(), language="ru")
        place = place_for(session, OLGA, chat, house.clock.now())
        assert (place.open, place.wait) == (False, None)
    house.settle()
    house.clock.advance(4 * 60 * MINUTE - MINUTE)
    with house.database.transaction() as session:
        assert holder(session, chat) == WAITS
        for person in (PAVEL, OLGA):
            connected(session, new_id(), person.person_id, "node", house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == WAITS
    house.clock.advance(MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == ("assigned", PAVEL.person_id)


def test_a_node_that_starts_again_has_nobody(house: House) -> None:
    now = house.clock.now()
    with house.database.transaction() as session:
        at_work(session, MARTA, now)
        node_started(session, "node", now)
        chat = asks(session, ANA, now)
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == WAITS
