"""Decisions about conversations, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from amparo.conversations import rules
from amparo.conversations.rules import Draft, Head, Opening
from amparo.kernel.actor import SYSTEM, Actor
from amparo.kernel.errors import Conflict, Invalid
from amparo.kernel.ids import new_id
from tests.people import ANA, MARTA, OLGA, TEO, VISITOR, WEI

FAMILY = "👨‍👩‍👧‍👦"


def head(**rest: object) -> Head:
    values = {"id": new_id(), "channel": "chat", "state": "bot", "language": "es"}
    return Head(**values | {"buyer_id": ANA.person_id} | rest)  # type: ignore[arg-type]


def draft(actor: Actor, body: str = "Hola", **rest: object) -> Draft:
    return Draft(actor, new_id(), new_id(), body, **rest)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("state", "verb", "after"),
    [
        ("bot", "ask_person", "waiting"),
        ("waiting", "assign", "assigned"),
        ("waiting", "defer", "deferred"),
        ("deferred", "ask_person", "waiting"),
        ("assigned", "release", "waiting"),
        ("assigned", "resolve", "resolved"),
        ("resolved", "reopen", "waiting"),
    ],
)
def test_the_ways_a_conversation_goes(
    state: rules.State, verb: rules.Verb, after: rules.State
) -> None:
    assert rules.next_state(state, verb) == after


@pytest.mark.parametrize(
    ("state", "verb"),
    [("bot", "assign"), ("resolved", "assign"), ("waiting", "ask_person"), ("bot", "reopen")],
)
def test_no_other_way(state: rules.State, verb: rules.Verb) -> None:
    with pytest.raises(Conflict):
        rules.next_state(state, verb)


@pytest.mark.parametrize(
    ("actor", "enters"),
    [(ANA, True), (OLGA, False), (VISITOR, False), (WEI, False), (MARTA, True), (TEO, True)],
)
def test_who_enters_anas_chat(actor: Actor, enters: bool) -> None:
    assert rules.may_enter(actor, head()) is enters


def test_a_seller_enters_conversations_of_the_own_store_only() -> None:
    assert rules.may_enter(WEI, head(channel="order", store_ref="store-wei"))
    assert not rules.may_enter(WEI, head(channel="order", store_ref="store-other"))


@pytest.mark.parametrize(
    ("actor", "state", "length", "fits"),
    [
        (ANA, "bot", 140, True),
        (ANA, "bot", 141, False),
        (ANA, "waiting", 4000, True),
        (ANA, "assigned", 4001, False),
        (MARTA, "assigned", 10_000, True),
        (MARTA, "assigned", 10_001, False),
    ],
)
def test_limits_count_what_people_count(
    actor: Actor, state: rules.State, length: int, fits: bool
) -> None:
    for sign in ("a", "ё", FAMILY, "é"):
        message = draft(actor, sign * length)
        if fits:
            assert rules.checked_body(message, state, "chat")
        else:
            with pytest.raises(Invalid) as refusal:
                rules.checked_body(message, state, "chat")
            assert refusal.value.params["limit"] == length - 1


def test_a_refused_question_says_how_long_it_was() -> None:
    with pytest.raises(Invalid) as refusal:
        rules.checked_body(draft(ANA, FAMILY * 141), "bot", "chat")
    assert refusal.value.code == "question_too_long"
    assert refusal.value.params == {"limit": 140, "length": 141}


def test_one_letter_under_a_million_accents_is_refused_quickly() -> None:
    with pytest.raises(Invalid):
        rules.checked_body(draft(ANA, "a" + "\u0301" * 400_000), "bot", "chat")


@pytest.mark.parametrize("body", ["", "   ", "\n\t", "\x00\x01"])
def test_nothing_is_not_a_message(body: str) -> None:
    with pytest.raises(Invalid, match="message_empty"):
        rules.checked_body(draft(ANA, body), "bot", "chat")


@pytest.mark.parametrize(
    ("actor", "kind", "allowed"),
    [
        (ANA, "text", True),
        (ANA, "note", False),
        (ANA, "answer", False),
        (WEI, "note", False),
        (MARTA, "note", True),
        (MARTA, "answer", False),
        (SYSTEM, "answer", True),
        (SYSTEM, "note", False),
    ],
)
def test_who_writes_what(actor: Actor, kind: rules.Kind, allowed: bool) -> None:
    if allowed:
        rules.check_kind(draft(actor, kind=kind))
    else:
        with pytest.raises(Invalid):
            rules.check_kind(draft(actor, kind=kind))


@pytest.mark.parametrize("channel", ["order", "email", "case", "", "chat "])
def test_only_chats_are_opened_from_the_panel(channel: str) -> None:
    with pytest.raises(Invalid):
        rules.check_open(Opening(channel=channel), ANA)


def test_a_note_is_for_staff_alone_in_every_channel() -> None:
    assert {rules.audience_of("note", channel) for channel in rules.PARTIES_OF} == {("staff",)}


def test_fourteen_days_to_take_a_matter_up_again() -> None:
    resolved = datetime(2026, 3, 1, tzinfo=UTC)
    old = head(state="resolved", resolved_at=resolved)
    assert not rules.must_start_anew(old, resolved + timedelta(days=14))
    assert rules.must_start_anew(old, resolved + timedelta(days=14, seconds=1))
