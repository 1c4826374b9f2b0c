"""Transfer and snooze: nobody loses their place, and everybody is told where they stand."""

from datetime import timedelta

import pytest

from amparo.conversations.queries import conversation_for, events_after
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from amparo.kernel.ids import new_id
from amparo.routing.actions import take
from amparo.routing.operators_actions import set_presence
from amparo.routing.operators_queries import operator_for
from amparo.routing.presence_actions import connected
from amparo.routing.queries import place_for
from amparo.routing.snooze_actions import snooze, wake
from amparo.routing.transfer_actions import transfer
from amparo.storage.session import Database
from tests.people import ANA, MARTA, OLGA, PAVEL, TEO, say
from tests.routing.desk import House, asks, at_work, holder, team

MINUTE = timedelta(minutes=1)
WITH_MARTA = ("assigned", MARTA.person_id)


@pytest.fixture
def house(database: Database, clock: ManualClock) -> House:
    return House(database, clock)


def test_to_a_team_means_the_place_of_the_original_entry(house: House) -> None:
    with house.database.transaction() as session:
        team(session, "returns-en", skill="returns")
        early = asks(session, ANA, house.clock.now())
        asks(session, OLGA, house.clock.advance(MINUTE), topic="returns")
        take(session, MARTA, early, house.clock.now())
        transfer(session, MARTA, early, house.clock.now(), team="returns-en", note="a lamp")
        place = place_for(session, ANA, early, house.clock.now())
        assert (place.team, place.position) == ("returns-en", 1)
        told = [one for one in events_after(session, MARTA, early, 0) if one.kind == "transferred"]
        marta = {"id": str(MARTA.person_id), "name": "Marta"}
        assert [one.data for one in told] == [
            {
                "from": {"team": "support-en", "operator": marta},
                "to": {"team": "returns-en", "operator": None},
                "by": marta,
                "note": "a lamp",
            }
        ]
        kinds = [one.kind for one in events_after(session, ANA, early, 0)]
        assert "transferred" not in kinds


def test_to_a_colleague_it_is_theirs(house: House) -> None:
    with house.database.transaction() as session:
        chat = asks(session, ANA, house.clock.now())
        take(session, MARTA, chat, house.clock.now())
        connected(session, new_id(), TEO.person_id, "node", house.clock.now())
        transfer(session, MARTA, chat, house.clock.now(), to=TEO.person_id)
        assert holder(session, chat) == ("assigned", TEO.person_id)
        last = [one for one in events_after(session, ANA, chat, 0) if one.kind == "assigned"][-1]
        assert last.data["operator"]["name"] == "Teo"
    house.clock.advance(MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == ("assigned", TEO.person_id)


def test_a_colleague_who_is_not_here_gives_it_back(house: House) -> None:
    with house.database.transaction() as session:
        chat = asks(session, ANA, house.clock.now())
        transfer(session, MARTA, chat, house.clock.now(), to=TEO.person_id)
        assert holder(session, chat) == ("assigned", TEO.person_id)
    house.clock.advance(MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert place_for(session, ANA, chat, house.clock.now()).position == 1


@pytest.mark.parametrize(
    ("where", "refusal"),
    [
        ({}, Invalid),
        ({"team": "support-ru", "to": TEO.person_id}, Invalid),
        ({"team": "nobody"}, NotFound),
        ({"to": ANA.person_id}, NotFound),
        ({"team": "support-ru", "note": "x" * 2001}, Invalid),
    ],
)
def test_a_transfer_to_nowhere(
    house: House, where: dict[str, object], refusal: type[Exception]
) -> None:
    with house.database.transaction() as session:
        chat = asks(session, ANA, house.clock.now())
        with pytest.raises(refusal):
            transfer(session, MARTA, chat, house.clock.now(), **where)  # type: ignore[arg-type]
        with pytest.raises(Forbidden):
            transfer(session, OLGA, chat, house.clock.now(), team="support-ru")


def test_snoozed_takes_no_room_and_wakes_at_its_time(house: House) -> None:
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now(), capacity=1)
        first = asks(session, ANA, house.clock.now())
        second = asks(session, OLGA, house.clock.now())
    house.settle()
    until = house.clock.now() + MINUTE
    with house.database.transaction() as session:
        snooze(session, MARTA, first, until, house.clock.now())
        state = [one for one in events_after(session, MARTA, first, 0) if one.kind == "state"][-1]
        assert (state.data["to"], state.data["until"]) == ("snoozed", "2026-04-14T12:01:00.000Z")
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, second) == WITH_MARTA
        assert place_for(session, ANA, first, house.clock.now()).position is None
    house.clock.advance(MINUTE)
    house.settle()
    with house.database.transaction() as session:  # Marta is full: back to its place
        assert holder(session, first) == ("waiting", None)
        assert place_for(session, ANA, first, house.clock.now()).position == 1


def test_the_buyer_s_message_wakes_it_and_its_operator_has_room(house: House) -> None:
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now())
        chat = asks(session, ANA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        snooze(session, MARTA, chat, house.clock.now() + MINUTE, house.clock.now())
        say(session, ANA, chat, "I have found it!", house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == WITH_MARTA
        assert operator_for(session, MARTA, house.clock.now()).load == 1
    house.clock.advance(2 * MINUTE)
    house.settle()
    with house.database.transaction() as session:
        states = [one for one in events_after(session, ANA, chat, 0) if one.kind == "state"]
        assert [one.data["to"] for one in states][-2:] == ["snoozed", "assigned"]


def test_its_operator_is_off_when_it_wakes(house: House) -> None:
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now())
        chat = asks(session, ANA, house.clock.now())
    house.settle()
    with house.database.transaction() as session:
        snooze(session, MARTA, chat, house.clock.now() + MINUTE, house.clock.now())
        set_presence(session, MARTA, "off", house.clock.now())
    house.clock.advance(MINUTE)
    house.settle()
    with house.database.transaction() as session:
        assert holder(session, chat) == ("waiting", None)


def test_whoever_snoozed_it_can_wake_it_and_others_cannot_snooze(house: House) -> None:
    with house.database.transaction() as session:
        chat = asks(session, ANA, house.clock.now())
        take(session, MARTA, chat, house.clock.now())
    until = house.clock.now() + MINUTE
    with pytest.raises(Conflict) as refusal, house.database.transaction() as session:
        snooze(session, PAVEL, chat, until, house.clock.now())
    assert refusal.value.params["operator"] == "Marta"
    with house.database.transaction() as session:
        snooze(session, MARTA, chat, until, house.clock.now())
        wake(session, MARTA, chat, house.clock.now())
        wake(session, MARTA, chat, house.clock.now())
        assert conversation_for(session, MARTA, chat).state == "assigned"
    with pytest.raises(Invalid), house.database.transaction() as session:
        snooze(session, MARTA, chat, house.clock.now(), house.clock.now())
