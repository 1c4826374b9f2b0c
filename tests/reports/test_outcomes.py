"""Promises (J1, J12): it is known whether an answer helped, whatever order things happen in."""

from datetime import timedelta

import pytest

from amparo.reports.followers import MeasuredHelp
from amparo.reports.queries import asked_instead
from amparo.storage.events import LoggedEvent, read_log
from tests.people import ANA, MARTA, OLGA, TEO, VISITOR
from tests.reports.house import House

LATE = "orders_late"
NONSENSE = "zorkmid frobnicator blarg"


def test_a_yes_is_solved_and_a_no_is_not(house: House) -> None:
    house.reads(ANA, LATE)
    house.says(ANA, LATE, True)
    house.reads(OLGA, LATE)
    house.says(OLGA, LATE, False)
    assert house.outcomes() == [("guide", LATE, "solved"), ("guide", LATE, "not_solved")]


def test_looking_twice_in_a_sitting_is_one_contact(house: House) -> None:
    for _ in range(3):
        house.reads(ANA, LATE)
        house.later(minutes=5)
    assert house.outcomes() == [("guide", LATE, "open")]


def test_who_says_nothing_for_a_day_has_abandoned(house: House) -> None:
    house.reads(ANA, LATE)
    house.later(hours=23)
    assert house.outcomes() == [("guide", LATE, "open")]
    house.later(hours=1)
    assert house.outcomes() == [("guide", LATE, "abandoned")]
    house.says(ANA, LATE, True)
    assert house.outcomes() == [("guide", LATE, "solved")]


@pytest.mark.parametrize(("hours", "first"), [(71, "recontacted"), (73, "solved")])
def test_a_recontact_within_72_hours_counts_as_not_helped(
    house: House, hours: float, first: str
) -> None:
    house.reads(ANA, LATE)
    house.says(ANA, LATE, True)
    house.later(hours=hours)
    house.reads(ANA, LATE)
    assert house.outcomes() == [("guide", LATE, first), ("guide", LATE, "open")]


def test_somebody_else_asking_the_same_says_nothing(house: House) -> None:
    house.reads(ANA, LATE)
    house.says(ANA, LATE, True)
    house.later(hours=5)
    house.reads(OLGA, LATE)
    house.reads(None, LATE)
    assert house.outcomes()[0][2] == "solved"


def test_a_person_asked_for_means_the_answer_did_not_help(house: House) -> None:
    chat = house.asks(ANA, "I forgot my password")
    [(step, question, outcome)] = house.outcomes()
    assert (step, outcome) == ("assistant", "open")
    house.person(ANA, chat)
    assert house.outcomes() == [
        ("assistant", question, "not_solved"),
        ("operator", question, "open"),
    ]
    house.later(hours=100)
    assert house.outcomes()[1] == ("operator", question, "open"), "who waits has not gone away"
    house.resolve(MARTA, chat)
    assert house.outcomes()[1] == ("operator", question, "solved")


def test_a_matter_taken_up_again_was_not_settled(house: House) -> None:
    chat = house.asks(ANA, NONSENSE)
    house.person(ANA, chat)
    house.resolve(MARTA, chat)
    house.later(hours=20)
    with house.database.transaction() as session:
        from amparo.routing.actions import reopen

        reopen(session, chat, house.now)
    house.settle()
    assert [outcome for *_, outcome in house.outcomes()][1:] == ["recontacted", "open"]


SUGGESTED = {"suggestions": [{"key": "payment_methods", "title": "..."}], "actions": ["start_chat"]}
ANSWERED = {"question": {"key": "payment_methods", "title": "...", "url": "/help/en/x"}}


def test_a_suggestion_that_was_taken_up_is_one_contact(quiet_house: House) -> None:
    house = quiet_house
    chat = house.asks(ANA, "money")
    house.replies(chat, **SUGGESTED)
    assert house.inbox() == [("money", "open")]
    house.asks(ANA, "Payment methods", conversation=chat, question="payment_methods")
    house.replies(chat, **ANSWERED)
    house.says(ANA, "payment_methods", True, chat)
    assert house.outcomes() == [
        ("assistant", None, "continued"),
        ("assistant", "payment_methods", "solved"),
    ]


def test_a_suggestion_that_nobody_took_up_was_no_help(quiet_house: House) -> None:
    chat = quiet_house.asks(ANA, "money")
    quiet_house.replies(chat, **SUGGESTED)
    quiet_house.person(ANA, chat)
    assert quiet_house.outcomes()[0] == ("assistant", None, "not_solved")


def test_what_was_asked_instead_is_kept(quiet_house: House) -> None:
    house = quiet_house
    chat = house.asks(ANA, "when does my money come")
    house.replies(chat, **ANSWERED)
    house.says(ANA, "payment_methods", False, chat)
    house.reads(ANA, "returns_refund_when")
    with house.database.reading() as session:
        found = asked_instead(session, TEO, house.now - timedelta(days=1))
    assert found == {("payment_methods", "returns_refund_when"): 1}


def test_a_greeting_is_no_contact(house: House) -> None:
    house.asks(ANA, "Hello!")
    assert house.outcomes() == [("assistant", None, "continued")]
    assert house.inbox() == []


def test_what_is_not_known_stands_in_the_inbox_once(quiet_house: House) -> None:
    house = quiet_house
    wordings = {
        ANA: f"{NONSENSE} M-1004, write to ana@mail.example",
        OLGA: f"  {NONSENSE.upper()} M-2222: write to olga@mail.example!",
    }
    for who, text in wordings.items():
        chat = house.asks(who, text)
        house.replies(chat, actions=["start_chat"], topics=[{"key": "orders", "title": "..."}])
    [(text, state)] = house.inbox()
    assert state == "open"
    assert text.startswith(NONSENSE)
    assert "1004" not in text
    assert "@" not in text
    assert [outcome for *_, outcome in house.outcomes()] == ["not_solved", "not_solved"]


def test_an_answer_that_did_not_help_stands_there_until_it_did(house: House) -> None:
    chat = house.asks(ANA, "I forgot my password")
    question = house.outcomes()[0][1]
    assert question is not None
    assert house.inbox() == []
    house.says(ANA, question, False, chat)
    assert house.inbox() == [("I forgot my password", "open")]


def test_what_a_visitor_asked_is_the_buyers_after_signing_in(house: House) -> None:
    from amparo.conversations.actions import join_visitor

    chat = house.asks(VISITOR, "I forgot my password")
    with house.database.transaction() as session:
        join_visitor(session, ANA, VISITOR.person_id, house.now)
    house.settle()
    house.later(hours=3)
    house.asks(ANA, "I forgot my password")
    assert [outcome for *_, outcome in house.outcomes()] == ["recontacted", "open"]
    assert chat


def a_busy_week(house: House) -> None:
    """Everything that the account knows of, in one story."""
    house.reads(ANA, LATE)
    house.says(ANA, LATE, True)
    chat = house.asks(ANA, "I forgot my password")
    house.later(hours=2)
    house.asks(ANA, NONSENSE, conversation=chat)
    house.person(ANA, chat)
    house.asks(VISITOR, "money")
    house.later(hours=30)
    house.resolve(MARTA, chat)
    house.asks(OLGA, "Where is my parcel", question="orders_track_parcel")
    house.reads(ANA, LATE)
    house.later(hours=12)
    house.says(None, LATE, False)
    with house.database.transaction() as session:
        from amparo.conversations.actions import join_visitor

        join_visitor(session, OLGA, VISITOR.person_id, house.now)
    house.later(hours=100)


def test_reading_the_log_again_gives_the_same_account(house: House) -> None:
    a_busy_week(house)
    before = house.account()
    assert {outcome for *_, outcome in house.outcomes()} >= {
        "solved",
        "not_solved",
        "recontacted",
        "abandoned",
    }
    house.forget()
    assert house.account() == []
    house.settle()
    assert house.account() == before


def test_taking_every_event_in_twice_changes_nothing(house: House) -> None:
    a_busy_week(house)
    before = house.account()
    with house.database.transaction() as session:
        events: list[LoggedEvent] = list(read_log(session, 0, 0, 10_000))
        follower = MeasuredHelp()
        wanted = [event for event in events if event.kind in follower.kinds]
        follower.handle(session, wanted, house.now)
        follower.handle(session, wanted[5:], house.now + timedelta(0))
    house.settle()
    assert house.account() == before
