"""Two operators at one conversation: a buyer gets one answer unless both wanted to give theirs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from amparo.conversations.actions import post_messages
from amparo.conversations.posting import Stored
from amparo.conversations.queries import conversation_for, events_after
from amparo.conversations.rules import Draft
from amparo.kernel.actor import ASSISTANT, Actor
from amparo.kernel.errors import Conflict
from amparo.storage.session import Database
from tests.people import ANA, MARTA, PAVEL, draft, open_chat, populate, say

_ROUNDS = 1000


def refused(session: Session, one: Draft, now: datetime) -> Conflict:
    """The refusal of a draft because of a colleague's answer."""
    outcome = post_messages(session, [one], now)[0]
    assert isinstance(outcome, Conflict), outcome
    assert outcome.code == "answered_meanwhile"
    return outcome


@pytest.mark.usefixtures("people")
def test_a_colleagues_answer_is_shown_before_the_second(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    answer = say(session, MARTA, chat, "It comes tomorrow", now, after=1)
    mine = draft(PAVEL, chat, "On Friday, I think", after=1)
    told = refused(session, mine, now).params
    assert (told["message_id"], told["seq"]) == (answer.message_id, answer.seq)
    assert (told["body"], told["operator"]) == ("It comes tomorrow", "Marta")
    again = Draft(PAVEL, chat, mine.client_id, mine.body, after=answer.seq)
    assert isinstance(post_messages(session, [again], now)[0], Stored)


@pytest.mark.usefixtures("people")
def test_within_one_batch_too(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    batch = [draft(MARTA, chat, "one", after=1), draft(PAVEL, chat, "two", after=1)]
    first, second = post_messages(session, batch, now)
    assert isinstance(first, Stored)
    assert isinstance(second, Conflict)
    assert (second.params["body"], second.params["seq"]) == ("one", first.seq)


@pytest.mark.usefixtures("people")
def test_what_is_no_second_answer(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    say(session, MARTA, chat, "a note", now, kind="note")
    say(session, ASSISTANT, chat, "I am a program", now, kind="answer")
    say(session, ANA, chat, "Hello?", now)
    say(session, PAVEL, chat, "Here I am", now, after=1)  # notes, program and buyer do not count
    say(session, PAVEL, chat, "And more", now, after=1)  # one's own answer does not count
    say(session, MARTA, chat, "My note", now, kind="note", after=1)  # a note is no answer
    say(session, MARTA, chat, "Mine as well", now)  # who does not ask is not told


def test_exactly_one_of_two_answers_wins(database: Database, now: datetime) -> None:
    with database.transaction() as session:
        populate(session, now)
        chat = open_chat(session, ANA, now)
    start = Barrier(2)
    wins = dict.fromkeys((MARTA, PAVEL), 0)

    def answer(actor: Actor, after: int, body: str) -> tuple[Draft, Stored | Conflict]:
        mine = draft(actor, chat, body, after=after)
        start.wait(30)
        with database.transaction() as session:
            outcome = post_messages(session, [mine], now)[0]
        assert isinstance(outcome, Stored | Conflict), outcome
        return mine, outcome

    with ThreadPoolExecutor(2) as hands:
        for number in range(_ROUNDS):
            after = _question(database, chat, now, number)
            both = [hands.submit(answer, who, after, f"{number}") for who in (MARTA, PAVEL)]
            outcomes = [one.result() for one in both]
            [stored] = [(d, o) for d, o in outcomes if isinstance(o, Stored)]
            [lost] = [(d, o) for d, o in outcomes if isinstance(o, Conflict)]
            assert lost[1].code == "answered_meanwhile"
            assert lost[1].params["message_id"] == stored[1].message_id
            wins[stored[0].actor] += 1
    assert sum(wins.values()) == _ROUNDS
    _passes_with_the_new_number(database, chat, now, lost)
    with database.reading() as session:
        said = [event.data["body"] for event in events_after(session, ANA, chat, 1, 5000)]
    assert len(said) == 2 * _ROUNDS + 1


def _question(database: Database, chat: UUID, now: datetime, number: int) -> int:
    """The buyer asks; the number in the staff stream that both operators have read."""
    with database.transaction() as session:
        say(session, ANA, chat, f"Question {number}", now)
        return conversation_for(session, MARTA, chat).last_seq


def _passes_with_the_new_number(
    database: Database, chat: UUID, now: datetime, lost: tuple[Draft, Conflict]
) -> None:
    mine, refusal = lost
    seq = refusal.params["seq"]
    assert isinstance(seq, int)
    again = Draft(mine.actor, chat, mine.client_id, mine.body, after=seq)
    with database.transaction() as session:
        assert isinstance(post_messages(session, [again], now)[0], Stored)
