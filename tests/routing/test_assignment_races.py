"""Two nodes at once, and hands beside them: one winner, nobody twice, nobody passed over."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import select, text

from amparo.conversations.models import Conversation
from amparo.kernel.actor import Actor
from amparo.kernel.clock import ManualClock
from amparo.kernel.errors import Conflict
from amparo.routing.actions import take
from amparo.routing.assignment_actions import assign_waiting
from amparo.routing.operators_actions import set_presence
from amparo.storage.session import Database
from tests.people import ANA, MARTA, OLGA, TEO
from tests.routing.desk import House, asks, at_work
from tests.storage.clusters import eventually

ROUNDS = 200
SECOND = timedelta(seconds=1)
AGAIN = (
    text("UPDATE queue_entry SET taken_at = NULL, last_operator = NULL"),
    text("UPDATE conversation SET state = 'waiting', operator_id = NULL, answered_at = NULL"),
    text("DELETE FROM timer"),
)


@pytest.fixture
def house(database: Database, clock: ManualClock) -> House:
    house = House(database, clock)
    with database.transaction() as session:
        at_work(session, MARTA, clock.now(), capacity=1)
        at_work(session, TEO, clock.now(), capacity=2)
    return house


def ask(house: House, buyers: tuple[Actor, ...]) -> list[UUID]:
    """These wait, in this order."""
    now = house.clock.now()
    with house.database.transaction() as session:
        return [asks(session, buyer, now + n * SECOND) for n, buyer in enumerate(buyers)]


def again(house: House) -> None:
    """All wait as they did before."""
    with house.database.transaction() as session:
        for statement in AGAIN:
            session.execute(statement)


def held(house: House) -> dict[UUID, UUID | None]:
    with house.database.reading() as session:
        rows = session.execute(select(Conversation.id, Conversation.operator_id))
        return {row.id: row.operator_id for row in rows}


def test_two_nodes_that_assign_at_once(house: House) -> None:
    """Five wait, three places are free: the first three get them, whoever assigns."""
    start = Barrier(2)

    def node(_: int) -> list[UUID]:
        start.wait()
        with house.database.transaction() as session:
            return assign_waiting(session, house.clock.now())

    chats = ask(house, (ANA, OLGA, ANA, OLGA, ANA))
    with ThreadPoolExecutor(2) as pool:
        for number in range(ROUNDS):
            again(house)
            done = [chat for given in pool.map(node, range(2)) for chat in given]
            assert len(done) == len(set(done)), number
            having = held(house)
            assert [having[chat] is not None for chat in chats] == [True] * 3 + [False] * 2, number
            load = Counter(having.values())
            assert (load[MARTA.person_id], load[TEO.person_id]) == (1, 2), number


def test_a_hand_beside_the_assignment(house: House) -> None:
    """Marta takes the first by hand while it is given: exactly one has it, and is told."""
    start = Barrier(2)

    def node(_: UUID) -> str:
        start.wait()
        with house.database.transaction() as session:
            assign_waiting(session, house.clock.now())
        return "node"

    def hand(chat: UUID) -> str:
        start.wait()
        try:
            with house.database.transaction() as session:
                take(session, MARTA, chat, house.clock.now())
        except Conflict as refusal:
            return refusal.code
        return "hand"

    outcomes: Counter[str] = Counter()
    chats = ask(house, (ANA, OLGA, ANA, OLGA))
    with ThreadPoolExecutor(2) as pool:
        for number in range(ROUNDS):
            again(house)
            assigned = pool.submit(node, chats[0])
            outcome = pool.submit(hand, chats[0]).result()
            assigned.result()
            outcomes[outcome] += 1
            having = held(house)
            if outcome == "hand":
                assert having[chats[0]] == MARTA.person_id, number
            # the rest follows from the next event; nobody may have been passed over for it
            with house.database.transaction() as session:
                assign_waiting(session, house.clock.now())
            having = held(house)
            assert [having[chat] is not None for chat in chats[:3]] == [True] * 3, number
            assert Counter(having.values())[TEO.person_id] <= 2, number
    assert set(outcomes) <= {"hand", "already_taken"}


def test_an_operator_is_not_filled_from_two_sides(house: House) -> None:
    """One node is giving Marta somebody; another has just seen somebody more urgent for her."""

    def node() -> list[UUID]:
        with house.database.transaction() as session:
            return assign_waiting(session, house.clock.now())

    with house.database.transaction() as session:
        set_presence(session, TEO, "paused", house.clock.now())
    with ThreadPoolExecutor(1) as pool:
        with house.database.transaction() as session:
            first = asks(session, ANA, house.clock.now())
        with house.database.transaction() as session:
            assert assign_waiting(session, house.clock.now()) == [first]
            with house.database.transaction() as other:
                urgent = asks(other, OLGA, house.clock.now(), topic="payment")
            second = pool.submit(node)
            eventually(lambda: second.done() or waits_for_a_lock(house), "the other node waits")
        assert second.result() == []
    having = held(house)
    assert (having[first], having[urgent]) == (MARTA.person_id, None)


def waits_for_a_lock(house: House) -> bool:
    with house.database.reading() as session:
        waiting = text(
            "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"
            " AND datname = current_database()"
        )
        return bool(session.scalar(waiting))
