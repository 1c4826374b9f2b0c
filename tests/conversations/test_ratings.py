"""A rating is the buyer's: after somebody helped, once, and for a day it can be put right."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from amparo.conversations.actions import change_state, head_for
from amparo.conversations.queries import events_after
from amparo.conversations.ratings_actions import rate
from amparo.conversations.ratings_queries import rating_for, ratings_of
from amparo.conversations.ratings_rules import CHANGEABLE, REASONS, checked_comment
from amparo.kernel.actor import Actor
from amparo.kernel.errors import Invalid, Problem
from tests.people import ANA, MARTA, OLGA, TEO, open_chat, say

pytestmark = pytest.mark.usefixtures("people")


def answered(session: Session, now: datetime) -> UUID:
    chat = open_chat(session, ANA, now)
    say(session, MARTA, chat, "Tomorrow", now)
    return chat


def judge(session: Session, actor: Actor, chat: UUID, now: datetime, **said: Any) -> None:
    values = {"score": 5, "reason": None, "comment": None} | said
    rate(session, actor, chat, **values, now=now)


def told(session: Session, actor: Actor, chat: UUID) -> list[dict[str, Any]]:
    return [one.data for one in events_after(session, actor, chat, 0) if one.kind == "rated"]


def test_buyer_and_staff_read_it(session: Session, now: datetime) -> None:
    chat = answered(session, now)
    judge(session, ANA, chat, now, score=2, reason="slow", comment=" Two hours! ")
    expected = {"score": 2, "reason": "slow", "comment": "Two hours!"}
    assert told(session, ANA, chat) == told(session, MARTA, chat) == [expected]
    found = ratings_of(session, TEO, [chat])[chat]
    assert (found.score, found.reason, found.comment) == (2, "slow", "Two hours!")
    assert ratings_of(session, ANA, [chat]) == {}


def test_it_can_be_put_right_for_a_day(session: Session, now: datetime) -> None:
    chat = answered(session, now)
    judge(session, ANA, chat, now, score=1)
    judge(session, ANA, chat, now + CHANGEABLE, score=4)
    judge(session, ANA, chat, now + CHANGEABLE, score=4)  # again the same: no news
    late = now + CHANGEABLE + timedelta(seconds=1)
    judge(session, ANA, chat, late, score=4)  # the same again is no change
    with pytest.raises(Problem) as refusal:
        judge(session, ANA, chat, late, score=1)
    assert refusal.value.code == "rating_final"
    assert [one["score"] for one in told(session, MARTA, chat)] == [1, 4]
    found = rating_for(session, ANA, chat)
    assert found is not None
    assert (found.score, found.changeable_until) == (4, now + CHANGEABLE)


@pytest.mark.parametrize(
    ("actor", "code"), [(MARTA, "forbidden"), (TEO, "forbidden"), (OLGA, "not_found")]
)
def test_nobody_rates_for_the_buyer(
    session: Session, now: datetime, actor: Actor, code: str
) -> None:
    chat = answered(session, now)
    with pytest.raises(Problem) as refusal:
        judge(session, actor, chat, now)
    assert refusal.value.code == code


def test_there_is_nothing_to_rate_before_somebody_helped(session: Session, now: datetime) -> None:
    chat = open_chat(session, ANA, now)
    with pytest.raises(Problem) as refusal:
        judge(session, ANA, chat, now)
    assert refusal.value.code == "nothing_to_rate"
    change_state(session, head_for(session, ANA, chat), "resolve", now)
    judge(session, ANA, chat, now)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"score": 0}, "score_unknown"),
        ({"score": 6}, "score_unknown"),
        ({"score": 5, "reason": "slow"}, "reason_unknown"),
        ({"score": 1, "reason": "friendly"}, "reason_unknown"),
        ({"score": 1, "comment": "x" * 1001}, "comment_too_long"),
    ],
)
def test_what_a_rating_cannot_say(
    session: Session, now: datetime, said: dict[str, Any], code: str
) -> None:
    chat = answered(session, now)
    with pytest.raises(Invalid) as refusal:
        judge(session, ANA, chat, now, **said)
    assert refusal.value.code == code
    assert told(session, ANA, chat) == []


def test_every_score_has_its_reasons() -> None:
    assert sorted(REASONS) == [1, 2, 3, 4, 5]
    assert all(keys[-1] == "other" and len(set(keys)) == len(keys) for keys in REASONS.values())


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        (None, None),
        (" \u200b\n", None),
        ("fine", "fine"),
        ("é" * 1000, "é" * 1000),
        ("👩‍👩‍👧" * 1000, "👩‍👩‍👧" * 1000),
    ],
)
def test_comments(said: str | None, kept: str | None) -> None:
    assert checked_comment(said) == kept


def test_a_comment_carries_no_address() -> None:
    kept = checked_comment("write to ana@example.com, she is nice")
    assert kept is not None
    assert "example.com" not in kept
    assert "she is nice" in kept
