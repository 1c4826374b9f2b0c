"""Who is blocked reads on, says once that it is a mistake, and still gets help with an order."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from amparo.accounts.blocks_actions import appeal, block_person, hold_back, unblock_person
from amparo.accounts.blocks_queries import blocks_of, own_block
from amparo.accounts.blocks_rules import AUTOMATIC, HELD_FOR, held_back
from amparo.conversations.actions import post_messages
from amparo.conversations.posting import Stored
from amparo.conversations.queries import conversation_for, events_after
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Forbidden, NotFound, Problem
from amparo.kernel.ids import new_id
from amparo.kernel.languages import INTERFACE
from amparo.kernel.texts import text
from tests.people import ANA, MARTA, TEO, VISITOR, draft, open_chat, populate, say

HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def people(session: Session, now: datetime) -> None:
    populate(session, now)


def block(
    session: Session,
    now: datetime,
    actor: Actor = MARTA,
    who: Actor = ANA,
    until: datetime | None = None,
) -> None:
    block_person(session, actor, who.person_id, reason="spam", until=until, now=now)


def refusal(session: Session, actor: Actor, chat: object, now: datetime) -> Problem | None:
    outcome = post_messages(session, [draft(actor, chat, "Hello")], now)[0]  # type: ignore[arg-type]
    return outcome if isinstance(outcome, Problem) else None


def test_a_blocked_person_reads_and_does_not_write(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    name = new_id()
    say(session, ANA, chat, "Before", now, client_id=name)
    block(session, now, until=now + HOUR)
    found = refusal(session, ANA, chat, now)
    assert found is not None
    assert (found.status, found.code) == (403, "blocked")
    assert found.params["until"] == "2026-04-14T13:00:00.000Z"
    assert len(events_after(session, ANA, chat, 0)) == 2
    assert conversation_for(session, ANA, chat).id == chat
    # what was acknowledged stays acknowledged, and others write on
    assert say(session, ANA, chat, "Before", now, client_id=name).repeated
    assert refusal(session, MARTA, chat, now) is None
    assert refusal(session, ANA, chat, now + HOUR) is None


def test_a_blocked_person_opens_no_conversation_and_asks_about_an_order(
    session: Session, now: datetime
) -> None:
    chat = open_chat(session, ANA, now)
    block(session, now)
    with pytest.raises(AssertionError, match="blocked"):
        open_chat(session, ANA, now)
    asked = draft(ANA, chat, "Where is my parcel?", extra={"request": {"kind": "track_parcel"}})
    assert isinstance(post_messages(session, [asked], now)[0], Stored)


def test_one_author_who_is_blocked_does_not_stop_the_batch(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    block(session, now)
    drafts = [draft(ANA, chat, "a"), draft(MARTA, chat, "b"), draft(ANA, chat, "c")]
    outcomes = post_messages(session, drafts, now)
    assert [isinstance(one, Stored) for one in outcomes] == [False, True, False]


def test_it_is_taken_back_and_made_anew(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    block(session, now)
    unblock_person(session, TEO, ANA.person_id, now)
    unblock_person(session, TEO, ANA.person_id, now)
    assert refusal(session, ANA, chat, now) is None
    block(session, now)
    appeal(session, ANA, "a mistake", now)
    block(session, now)
    assert blocks_of(session, MARTA, [ANA.person_id], now)[ANA.person_id].appeal is None


@pytest.mark.parametrize(
    ("actor", "who", "until", "code"),
    [
        (ANA, VISITOR, None, "forbidden"),
        (MARTA, TEO, None, "person_not_blockable"),
        (MARTA, ANA, timedelta(0), "block_end_invalid"),
        (MARTA, ANA, timedelta(days=400), "block_end_invalid"),
    ],
)
def test_who_can_be_blocked_by_whom(
    session: Session,
    now: datetime,
    actor: Actor,
    who: Actor,
    until: timedelta | None,
    code: str,
) -> None:
    with pytest.raises(Problem) as found:
        block(session, now, actor, who, None if until is None else now + until)
    assert found.value.code == code


def test_a_block_needs_a_person_and_a_reason(session: Session, now: datetime) -> None:
    with pytest.raises(NotFound):
        block_person(session, MARTA, new_id(), reason="spam", until=None, now=now)
    with pytest.raises(Problem) as found:
        block_person(session, MARTA, ANA.person_id, reason=" \u200b", until=None, now=now)
    assert found.value.code == "block_reason_missing"


def test_a_mistake_is_said_once_and_read_by_the_staff(session: Session, now: datetime) -> None:
    with pytest.raises(Problem) as nothing:
        appeal(session, ANA, "a mistake", now)
    assert nothing.value.code == "not_blocked"
    block(session, now)
    appeal(session, ANA, "It was my brother", now)
    appeal(session, ANA, "It was my brother", now)
    with pytest.raises(Problem) as again:
        appeal(session, ANA, "Please!", now)
    assert again.value.code == "appeal_made"
    seen = blocks_of(session, MARTA, [ANA.person_id], now)[ANA.person_id]
    assert (seen.appeal, seen.by_name, seen.reason) == ("It was my brother", "Marta", "spam")
    assert blocks_of(session, ANA, [ANA.person_id], now) == {}


def test_a_visitor_who_floods_is_held_back_for_a_while(session: Session, now: datetime) -> None:
    chat = open_chat(session, VISITOR, now)
    assert hold_back(session, VISITOR.person_id, now)
    assert not hold_back(session, VISITOR.person_id, now + timedelta(minutes=1))
    found = refusal(session, VISITOR, chat, now)
    assert found is not None
    assert found.params["count"] == 15
    seen = blocks_of(session, MARTA, [VISITOR.person_id], now)[VISITOR.person_id]
    assert (seen.reason, seen.by_name, seen.until) == (AUTOMATIC, None, now + HELD_FOR)
    assert refusal(session, VISITOR, chat, now + HELD_FOR) is None
    assert own_block(session, VISITOR, now + HELD_FOR) is None


def test_who_is_signed_in_is_left_to_the_operators_and_their_blocks_stand(
    session: Session, now: datetime
) -> None:
    assert not hold_back(session, ANA.person_id, now)
    block(session, now, who=VISITOR)
    assert not hold_back(session, VISITOR.person_id, now)
    seen = blocks_of(session, MARTA, [VISITOR.person_id], now)[VISITOR.person_id]
    assert (seen.reason, seen.until) == ("spam", None)


@pytest.mark.parametrize("language", INTERFACE)
@pytest.mark.parametrize(
    "wait", [None, timedelta(seconds=30), timedelta(minutes=14), HOUR * 5, HOUR * 24 * 9]
)
def test_the_text_says_until_when_and_that_nothing_is_lost(
    now: datetime, language: str, wait: timedelta | None
) -> None:
    found = held_back(None if wait is None else now + wait, now)
    assert isinstance(found, Forbidden)
    words = text(language, "problem.blocked.detail", **found.params)
    assert "{" not in words
    if wait is not None:
        assert str(found.params["count"]) in words
