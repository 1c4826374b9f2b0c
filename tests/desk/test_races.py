"""Promises (conversations, reliability): two takers, exactly one wins; a free one gets the next."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import UUID, uuid4

import pytest
from sqlalchemy.orm import Session

from amparo.conversations.queries import ConversationView, conversation_for
from amparo.desk import actions
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Conflict, Problem
from amparo.routing.actions import ask_for_person
from amparo.routing.actions import resolve as close
from amparo.storage.session import Database
from tests.people import ANA, MARTA, TEO, open_chat

Verb = Callable[[Session], ConversationView | None]
ROUNDS = 8


def queue(database: Database, now: datetime, count: int) -> list[UUID]:
    """Conversations of Ana that wait, first come first."""
    made = []
    for _ in range(count):
        with database.transaction() as session:
            made.append(open_chat(session, ANA, now))
            ask_for_person(session, ANA, made[-1], now, language="en")
    return made


def at_once(database: Database, verbs: Sequence[Verb]) -> list[ConversationView | Problem | None]:
    """What each verb gave, all started together, each in its own transaction."""
    start = Barrier(len(verbs))

    def run(verb: Verb) -> ConversationView | Problem | None:
        start.wait()
        try:
            with database.transaction() as session:
                return verb(session)
        except Problem as problem:
            return problem

    with ThreadPoolExecutor(len(verbs)) as pool:
        return list(pool.map(run, verbs))


def nexts(operator: Actor, request: UUID, now: datetime) -> Verb:
    return lambda session: actions.take_next(session, operator, request, now)


def test_two_operators_who_are_free_both_get_somebody(populated: Database, now: datetime) -> None:
    for _ in range(ROUNDS):
        made = queue(populated, now, 2)
        verbs = [nexts(MARTA, uuid4(), now), nexts(TEO, uuid4(), now)]
        given = [one.id for one in at_once(populated, verbs) if isinstance(one, ConversationView)]
        assert sorted(given) == sorted(made)


def test_one_click_sent_twice_takes_one(populated: Database, now: datetime) -> None:
    for _ in range(ROUNDS):
        queue(populated, now, 2)
        request = uuid4()
        given = at_once(populated, [nexts(MARTA, request, now)] * 3)
        assert len({one.id for one in given if isinstance(one, ConversationView)}) == 1
        assert len([one for one in given if isinstance(one, ConversationView)]) == 3
        with populated.transaction() as session:
            left = actions.take_next(session, TEO, uuid4(), now)
        assert left is not None


def test_of_two_takers_exactly_one_wins(populated: Database, now: datetime) -> None:
    for _ in range(ROUNDS):
        wanted = queue(populated, now, 1)[0]
        outcomes = at_once(
            populated,
            [
                lambda session, id=wanted: actions.take(session, MARTA, id, now),  # type: ignore[misc]
                lambda session, id=wanted: actions.take(session, TEO, id, now),  # type: ignore[misc]
            ],
        )
        won = [one for one in outcomes if isinstance(one, ConversationView)]
        lost = [one for one in outcomes if isinstance(one, Conflict)]
        assert (len(won), [one.code for one in lost]) == (1, ["already_taken"])
        assert lost[0].params["operator"] == won[0].operator_name


@pytest.mark.parametrize("rival", ["take", "close"])
def test_next_against_a_rival_ends_well(populated: Database, now: datetime, rival: str) -> None:
    for _ in range(ROUNDS * 2):
        wanted = queue(populated, now, 1)[0]

        def other(session: Session, id: UUID = wanted) -> ConversationView:
            if rival == "take":
                return actions.take(session, TEO, id, now)
            close(session, ANA, id, now)
            return conversation_for(session, ANA, id)

        outcomes = at_once(populated, [nexts(MARTA, uuid4(), now), other])
        with populated.reading() as session:
            final = conversation_for(session, MARTA, wanted)
        if rival == "take":
            winners = [one for one in outcomes if isinstance(one, ConversationView)]
            assert [one.operator_id for one in winners] == [final.operator_id]
        else:
            assert final.state == "resolved"
