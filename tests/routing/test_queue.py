"""The queue tells the truth: exact places, one winner, nobody skipped, places kept."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from threading import Barrier
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session

from amparo.conversations.queries import conversation_for
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict, Forbidden
from amparo.kernel.ids import new_id
from amparo.routing.actions import (
    ask_for_person,
    defer,
    defer_absent,
    give_back,
    release,
    resolve,
    take,
    take_next,
)
from amparo.routing.followers import QueueKeeper
from amparo.routing.presence_actions import connected, disconnected
from amparo.routing.queries import place_for, queue_order
from amparo.routing.rules import ABSENT_AFTER, DEFER_ABSENT, OPERATOR_GONE, OPERATOR_GONE_AFTER
from amparo.storage.followers import drain, enrol
from amparo.storage.session import Database
from amparo.storage.timers import fire_next
from tests.people import ANA, MARTA, OLGA, PAVEL, open_chat, populate, say

SECOND = timedelta(seconds=1)
TIMERS = {DEFER_ABSENT: defer_absent, OPERATOR_GONE: give_back}


def wait_in_queue(session: Session, actor: Actor, now: datetime, topic: str = "orders") -> UUID:
    chat = open_chat(session, actor, now)
    ask_for_person(session, actor, chat, now, topic=topic, language="en")
    return chat


def place(session: Session, chat: UUID, now: datetime) -> int | None:
    return place_for(session, MARTA, chat, now).position


@pytest.mark.usefixtures("people")
class TestPlaces:
    def test_first_come_first_served(self, session: Session, now: datetime) -> None:
        chats = [wait_in_queue(session, ANA, now + n * SECOND) for n in range(3)]
        assert [place(session, chat, now) for chat in chats] == [1, 2, 3]
        taken = take_next(session, MARTA, now)
        assert taken is not None
        assert taken.id == chats[0]
        assert [place(session, chat, now) for chat in chats] == [None, 1, 2]

    def test_a_more_urgent_matter_goes_first(self, session: Session, now: datetime) -> None:
        slow = wait_in_queue(session, ANA, now)
        paid = wait_in_queue(session, OLGA, now + SECOND, topic="payment")
        assert (place(session, slow, now), place(session, paid, now)) == (2, 1)

    def test_asking_again_keeps_the_place(self, session: Session, now: datetime) -> None:
        first = wait_in_queue(session, ANA, now)
        wait_in_queue(session, OLGA, now + SECOND)
        later = now + timedelta(minutes=5)
        assert ask_for_person(session, ANA, first, later).position == 1

    def test_everything_said_before_comes_along(self, session: Session, now: datetime) -> None:
        chat = open_chat(session, ANA, now, "Where is it?")
        ask_for_person(session, ANA, chat, now)
        view = conversation_for(session, MARTA, chat)
        assert (view.state, view.preview) == ("waiting", "Where is it?")

    def test_an_operator_serves_the_own_languages_only(
        self, session: Session, now: datetime
    ) -> None:
        wait_in_queue(session, ANA, now)
        assert take_next(session, PAVEL, now) is None

    def test_russian_waits_for_the_russian_team_in_its_hours(
        self, session: Session, now: datetime
    ) -> None:
        chat = open_chat(session, OLGA, now)
        found = ask_for_person(session, OLGA, chat, now)
        assert (found.language, found.own_language, found.open) == ("ru", True, True)

    def test_at_night_russian_is_served_in_the_fallback_language(
        self, session: Session, now: datetime
    ) -> None:
        night = now.replace(hour=0)  # 03:00 in Moscow
        chat = open_chat(session, OLGA, night)
        found = ask_for_person(session, OLGA, chat, night)
        assert (found.language, found.own_language, found.open) == ("en", False, True)

    def test_don_t_wait_keeps_the_place(self, session: Session, now: datetime) -> None:
        first = wait_in_queue(session, ANA, now)
        second = wait_in_queue(session, OLGA, now + SECOND)
        defer(session, ANA, first, now + SECOND)
        assert (place(session, first, now), place(session, second, now)) == (1, 2)
        late = now + timedelta(hours=3)  # nobody is here any more; who asked to be answered is
        taken = take_next(session, MARTA, late)
        assert taken is not None
        assert taken.id == first

    def test_back_from_deferred_is_the_same_place(self, session: Session, now: datetime) -> None:
        first = wait_in_queue(session, ANA, now)
        wait_in_queue(session, OLGA, now + SECOND)
        defer(session, ANA, first, now + SECOND)
        assert ask_for_person(session, ANA, first, now + 9 * SECOND).position == 1

    def test_released_means_the_original_place(self, session: Session, now: datetime) -> None:
        first = wait_in_queue(session, ANA, now)
        second = wait_in_queue(session, OLGA, now + SECOND)
        take_next(session, MARTA, now + SECOND)
        release(session, MARTA, first, now + timedelta(minutes=1))
        assert (place(session, first, now), place(session, second, now)) == (1, 2)

    def test_resolved_frees_the_place(self, session: Session, now: datetime) -> None:
        first = wait_in_queue(session, ANA, now)
        second = wait_in_queue(session, OLGA, now + SECOND)
        resolve(session, ANA, first, now)
        resolve(session, ANA, first, now)
        assert (place(session, first, now), place(session, second, now)) == (None, 1)

    def test_buyers_take_nothing(self, session: Session, now: datetime) -> None:
        wait_in_queue(session, ANA, now)
        with pytest.raises(Forbidden):
            take_next(session, OLGA, now)

    def test_the_second_taker_is_told_who_was_first(self, session: Session, now: datetime) -> None:
        chat = wait_in_queue(session, ANA, now)
        take(session, MARTA, chat, now)
        with pytest.raises(Conflict) as refusal:
            take(session, PAVEL, chat, now)
        assert refusal.value.params == {"operator": "Marta"}
        assert take(session, MARTA, chat, now).operator_name == "Marta"


class TestAbsence:
    """A buyer who is away keeps the place; an operator who is away gives it back."""

    def test_the_absent_one_keeps_the_place_and_the_next_is_served(
        self, database: Database, clock: ManualClock
    ) -> None:
        with database.transaction() as session:
            populate(session, clock.now())
            first = wait_in_queue(session, ANA, clock.now())
            second = wait_in_queue(session, OLGA, clock.advance(SECOND))
            connected(session, new_id(), OLGA.person_id, "node", clock.now())
        clock.advance(timedelta(seconds=70))
        with database.transaction() as session:
            connected(session, new_id(), OLGA.person_id, "node", clock.now())
            taken = take_next(session, MARTA, clock.now())
            assert taken is not None
            assert taken.id == second
            assert place(session, first, clock.now()) == 1
        clock.advance(ABSENT_AFTER - SECOND)
        assert not fire_next(database, TIMERS, clock.now())
        clock.advance(SECOND)
        assert fire_next(database, TIMERS, clock.now())
        with database.reading() as session:
            assert conversation_for(session, ANA, first).state == "deferred"

    def test_who_comes_back_in_time_waits_on(self, database: Database, clock: ManualClock) -> None:
        with database.transaction() as session:
            populate(session, clock.now())
            chat = wait_in_queue(session, ANA, clock.now())
        clock.advance(timedelta(minutes=2))
        with database.transaction() as session:
            assert take_next(session, MARTA, clock.now()) is None
            connected(session, new_id(), ANA.person_id, "node", clock.now())
        clock.advance(ABSENT_AFTER)
        fire_next(database, TIMERS, clock.now())
        with database.transaction() as session:
            assert conversation_for(session, ANA, chat).state == "waiting"
            connected(session, new_id(), ANA.person_id, "node", clock.now())
            assert take_next(session, MARTA, clock.now()) is not None

    @pytest.mark.parametrize("answered", [False, True])
    def test_an_operator_gone_before_the_first_answer(
        self, database: Database, clock: ManualClock, answered: bool
    ) -> None:
        socket = new_id()
        with database.transaction() as session:
            populate(session, clock.now())
            connected(session, socket, MARTA.person_id, "node", clock.now())
            chat = wait_in_queue(session, ANA, clock.now())
            take_next(session, MARTA, clock.now())
            if answered:
                say(session, MARTA, chat, "Hello", clock.now())
            disconnected(session, socket, MARTA.person_id, clock.now())
        clock.advance(OPERATOR_GONE_AFTER)
        fire_next(database, TIMERS, clock.now())
        with database.reading() as session:
            state = conversation_for(session, ANA, chat).state
            assert state == ("assigned" if answered else "waiting")

    def test_back_within_thirty_seconds_keeps_the_conversation(
        self, database: Database, clock: ManualClock
    ) -> None:
        socket = new_id()
        with database.transaction() as session:
            populate(session, clock.now())
            connected(session, socket, MARTA.person_id, "node", clock.now())
            chat = wait_in_queue(session, ANA, clock.now())
            take_next(session, MARTA, clock.now())
            disconnected(session, socket, MARTA.person_id, clock.now())
            connected(session, new_id(), MARTA.person_id, "node", clock.advance(29 * SECOND))
        clock.advance(timedelta(minutes=1))
        assert not fire_next(database, TIMERS, clock.now())
        with database.reading() as session:
            assert conversation_for(session, ANA, chat).state == "assigned"


def test_two_takers_one_winner(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        populate(session, now)
        chats = [wait_in_queue(session, ANA, now + n * SECOND) for n in range(6)]
    barrier = Barrier(2)

    def race(operator: Actor) -> list[UUID]:
        won = []
        barrier.wait()
        for chat in chats:
            try:
                with database.transaction() as session:
                    won.append(take(session, operator, chat, now).id)
            except Conflict:
                continue
        return won

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(race, (MARTA, PAVEL))
    assert sorted(first + second) == sorted(chats)


def test_two_who_take_the_next_never_get_the_same(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        populate(session, now)
        chats = [wait_in_queue(session, ANA, now + n * SECOND) for n in range(10)]

    def serve(_: int) -> list[UUID]:
        won = []
        for _ in range(5):
            with database.transaction() as session:
                taken = take_next(session, MARTA, now)
                if taken is not None:
                    won.append(taken.id)
        return won

    with ThreadPoolExecutor(2) as pool:
        served = [chat for won in pool.map(serve, range(2)) for chat in won]
    assert len(served) == len(set(served))
    assert set(served) <= set(chats)


def test_writing_into_a_resolved_matter_waits_again(database: Database, clock: ManualClock) -> None:
    keeper = QueueKeeper()
    enrol(database, [keeper])
    with database.transaction() as session:
        populate(session, clock.now())
        chat = wait_in_queue(session, ANA, clock.now())
        resolve(session, ANA, chat, clock.now())
        say(session, ANA, chat, "It came broken", clock.advance(SECOND))
    drain(database, clock, [keeper])
    with database.reading() as session:
        assert conversation_for(session, ANA, chat).state == "waiting"
        assert place(session, chat, clock.now()) == 1


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(st.sampled_from(["come", "urgent", "take", "leave", "give"]), st.integers(0, 9)),
        max_size=25,
    )
)
@pytest.mark.usefixtures("people")
def test_positions_are_exact_after_any_history(
    session: Session, now: datetime, steps: list[tuple[str, int]]
) -> None:
    """Model: a list sorted by (urgency, arrival). The queue agrees with it after every step."""
    for chat in queue_order(session, "support-en"):  # of the example before, in the same session
        resolve(session, ANA, chat, now)
    model: dict[UUID, tuple[int, int]] = {}
    taken: dict[UUID, tuple[int, int]] = {}
    for number, (step, choice) in enumerate(steps):
        moment = now + number * SECOND
        waiting = sorted(model, key=lambda chat: model[chat])
        if step in ("come", "urgent"):
            topic = "payment" if step == "urgent" else "orders"
            chat = wait_in_queue(session, ANA, moment, topic)
            model[chat] = (0 if step == "urgent" else 1, number)
        elif step == "take" and waiting:
            served = take_next(session, MARTA, moment)
            assert served is not None
            assert served.id == waiting[0]
            taken[served.id] = model.pop(served.id)
        elif step == "leave" and waiting:
            chat = waiting[choice % len(waiting)]
            resolve(session, ANA, chat, moment)
            del model[chat]
        elif step == "give" and taken:
            chat = sorted(taken)[choice % len(taken)]
            release(session, MARTA, chat, moment)
            model[chat] = taken.pop(chat)
        expected = sorted(model, key=lambda chat: model[chat])
        assert list(queue_order(session, "support-en")) == expected
        for number, chat in enumerate(expected, start=1):
            assert place(session, chat, moment) == number
