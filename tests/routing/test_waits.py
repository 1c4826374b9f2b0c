"""What waits teach is written down once, and read for those who wait now."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Forbidden, Invalid, NotFound
from amparo.kernel.ids import new_id
from amparo.routing.actions import defer, release, take
from amparo.routing.models import QueueWait, Team
from amparo.routing.operators_actions import set_operator_routing
from amparo.routing.queries import place_for, queue_places
from amparo.routing.rules import WAITS_KEPT
from amparo.routing.teams_actions import set_team
from amparo.routing.wait_rules import ENOUGH
from amparo.storage.session import Database
from tests.people import ANA, MARTA, OLGA, PAVEL, TEO
from tests.routing.desk import ENGLISH, House, asks, at_work

MINUTE = timedelta(minutes=1)


@pytest.fixture
def house(database: Database, clock: ManualClock) -> House:
    return House(database, clock)


def history(house: House, count: int, *, priority: int = 5, age: timedelta = MINUTE) -> None:
    """Finished waits: 100 s for each place, with six places of operators."""
    now = house.clock.now()
    with house.database.transaction() as session:
        for number in range(count):
            place = 1 + number % 6
            session.add(
                QueueWait(
                    conversation_id=new_id(),
                    entered_at=now - age,
                    team="support-en",
                    language="en",
                    priority=priority,
                    position=place,
                    slots=6,
                    low_s=None,
                    high_s=None,
                    actual_s=100.0 * place * (0.8 + 0.4 * (number % 7) / 6),
                    at=now - age,
                )
            )


def test_the_wait_is_learnt_from_this_queue_and_urgency(house: House) -> None:
    history(house, ENOUGH * 4)
    now = house.clock.now()
    with house.database.transaction() as session:
        at_work(session, MARTA, now, state="by_hand", capacity=3)
        at_work(session, TEO, now, state="by_hand", capacity=3)
        chats = [asks(session, buyer, now) for buyer in (ANA, OLGA, ANA)]
        urgent = asks(session, OLGA, now, topic="payment")
        waits = {
            place.conversation_id: place.wait for place in queue_places(session, "support-en", now)
        }
        third = place_for(session, OLGA, chats[1], now)
        assert (third.position, third.wait) == (3, waits[chats[1]])
    assert waits[urgent] is None  # nobody so urgent has waited yet
    for place, chat in ((2, chats[0]), (3, chats[1]), (4, chats[2])):
        wait = waits[chat]
        assert wait is not None
        assert 60 * place <= wait.low < 100 * place < wait.high <= 140 * place


@pytest.mark.parametrize("case", ["nobody works", "too little", "too old", "another queue"])
def test_where_nothing_is_known_nothing_is_said(house: House, case: str) -> None:
    many = ENOUGH - 1 if case == "too little" else ENOUGH * 4
    history(house, many, age=WAITS_KEPT + MINUTE if case == "too old" else MINUTE)
    now = house.clock.now()
    language = "es" if case == "another queue" else "en"
    with house.database.transaction() as session:
        state = "paused" if case == "nobody works" else "by_hand"
        at_work(session, MARTA, now, state=state)
        chat = asks(session, ANA, now, language=language)
        assert place_for(session, ANA, chat, now).wait is None


def test_a_wait_is_written_once_with_what_was_told(house: House) -> None:
    history(house, ENOUGH * 4, age=timedelta(days=1))
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now(), state="by_hand", capacity=4)
        asks(session, OLGA, house.clock.now())
        chat = asks(session, ANA, house.clock.now())
        told = place_for(session, ANA, chat, house.clock.now()).wait
        assert told is not None
        take(session, MARTA, chat, house.clock.advance(MINUTE))
        release(session, MARTA, chat, house.clock.advance(MINUTE))
        take(session, MARTA, chat, house.clock.advance(MINUTE))
        session.flush()
        [row] = session.scalars(select(QueueWait).where(QueueWait.conversation_id == chat))
        assert (row.position, row.slots, row.actual_s) == (2, 4, 60.0)
        assert (row.low_s, row.high_s) == (told.low, told.high)


def test_who_was_served_at_once_or_put_off_teaches_nothing(house: House) -> None:
    now = house.clock.now()
    with house.database.transaction() as session:
        at_work(session, MARTA, now, capacity=1)
        asks(session, ANA, now)
    house.settle()
    with house.database.transaction() as session:
        later = asks(session, OLGA, now)
        defer(session, OLGA, later, house.clock.advance(MINUTE))
        take(session, MARTA, later, house.clock.now())
        assert session.scalars(select(QueueWait)).all() == []


def test_old_waits_are_forgotten(house: House) -> None:
    history(house, 5, age=WAITS_KEPT + MINUTE)
    with house.database.transaction() as session:
        at_work(session, MARTA, house.clock.now(), state="by_hand")
        chat = asks(session, ANA, house.clock.now())
        take(session, MARTA, chat, house.clock.advance(MINUTE))
        session.flush()
        assert len(session.scalars(select(QueueWait)).all()) == 1


def test_fallback_buyers_have_a_queue_of_their_own(house: House) -> None:
    """The position counts those of the same team *and* language."""
    night = house.clock.now().replace(hour=0)
    with house.database.transaction() as session:
        english = [asks(session, ANA, night) for _ in range(2)]
        russian = asks(session, OLGA, night, language="ru")
        places = queue_places(session, "support-en", night)
    found = {place.conversation_id: place.position for place in places}
    assert found == {english[0]: 1, english[1]: 2, russian: 1}


GOOD = {key: value for key, value in ENGLISH.items() if key != "key"} | {"fallback": False}


@pytest.mark.parametrize(
    "wrong",
    [
        {"zone": "Mars/Olympus"},
        {"zone": "../etc/passwd"},
        {"week": {"funday": [["09:00", "17:00"]]}},
        {"week": {"mon": [["9:00", "17:00"]]}},
        {"week": {"mon": [["09:00", "25:00"]]}},
        {"exceptions": {"2026-02-30": []}},
        {"language": "tlh"},
        {"names": {}},
        {"names": {"en": " "}},
        {"skill": ""},
        {"overflow_to": ["nobody"]},
        {"overflow_to": ["support-xx"]},
        {"overflow_after_s": -1},
    ],
    ids=str,
)
def test_a_team_that_makes_no_sense_is_refused(house: House, wrong: dict[str, object]) -> None:
    with house.database.transaction() as session:
        set_team(session, TEO, "support-xx", GOOD, house.clock.now())
        with pytest.raises(Invalid) as refusal:
            set_team(session, TEO, "support-xx", GOOD | wrong, house.clock.now())
        assert refusal.value.params["fields"] == [{"field": next(iter(wrong)), "rule": "value"}]
        for nobody in (MARTA, ANA):
            with pytest.raises(Forbidden):
                set_team(session, nobody, "support-xx", GOOD, house.clock.now())


def test_there_is_one_fallback(house: House) -> None:
    with house.database.transaction() as session:
        set_team(session, TEO, "support-xx", GOOD | {"fallback": True}, house.clock.now())
        fallbacks = session.scalars(select(Team.key).where(Team.fallback)).all()
        assert fallbacks == ["support-xx"]


def test_what_an_operator_can_do_is_said_by_administrators(house: House) -> None:
    now = house.clock.now()
    with house.database.transaction() as session:
        found = set_operator_routing(
            session, TEO, PAVEL.person_id, now, capacity=5, skills=["returns"], teams=[]
        )
        assert (found.capacity, found.skills, found.state) == (5, ("returns",), "by_hand")
        nothing: dict[str, list[str]] = {"skills": [], "teams": []}
        with pytest.raises(Forbidden):
            set_operator_routing(session, MARTA, PAVEL.person_id, now, capacity=5, **nothing)
        with pytest.raises(NotFound):
            set_operator_routing(session, TEO, ANA.person_id, now, capacity=5, **nothing)
        with pytest.raises(Invalid):
            set_operator_routing(session, TEO, PAVEL.person_id, now, capacity=51, **nothing)
