"""Promises (J1, J12): what counts as helped. Who comes back within 72 hours was not helped."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.reports import rules
from amparo.reports.masking_rules import masked, same_form
from amparo.reports.rules import Contact

NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def after(hours: float) -> datetime:
    return NOON + hours * HOUR


def contact(**known: Any) -> Contact:
    """An answer of the assistant's, given at noon."""
    base: dict[str, Any] = {
        "step": "assistant",
        "asked_at": NOON,
        "answered_at": NOON,
        "decision": "answer",
        "question": "orders_late",
    }
    return Contact(**(base | known))


YES = {"said": True, "said_at": after(1)}
NO = {"said": False, "said_at": after(1)}


@pytest.mark.parametrize(
    ("known", "now", "expected"),
    [
        ({}, 0, "open"),
        ({}, 23.9, "open"),
        ({}, 24, "abandoned"),
        ({"answered_at": None}, 500, "open"),
        (YES, 1, "solved"),
        (YES, 500, "solved"),
        (NO, 1, "not_solved"),
        ({**NO, "again_at": after(2)}, 3, "not_solved"),
        ({"person_at": after(0.1)}, 1, "not_solved"),
        ({**YES, "person_at": after(2)}, 3, "recontacted"),
        ({**YES, "person_at": after(0.5)}, 3, "solved"),
        ({"decision": "unknown", "question": None}, 0, "not_solved"),
        ({"decision": "unsure", "question": None}, 24, "abandoned"),
        ({"decision": "unsure", "chosen_at": after(0.1)}, 500, "continued"),
        ({"decision": "talk"}, 500, "continued"),
        ({"again_at": after(71)}, 71, "recontacted"),
        ({"again_at": after(72)}, 72, "recontacted"),
        ({"again_at": after(73)}, 73, "abandoned"),
        ({**YES, "again_at": after(72)}, 72, "recontacted"),
        ({**YES, "again_at": after(73)}, 73, "recontacted"),
        ({**YES, "again_at": after(74)}, 74, "solved"),
        ({"step": "operator", "answered_at": None, "decision": None}, 500, "open"),
        ({"step": "operator", "decision": None, **YES}, 500, "solved"),
        ({"step": "operator", "decision": None, "left_at": after(1)}, 2, "abandoned"),
        ({"step": "operator", "decision": None, "left_at": after(0.5), **YES}, 2, "solved"),
    ],
)
def test_what_has_become_of_a_contact(known: dict[str, Any], now: float, expected: str) -> None:
    assert rules.outcome(contact(**known), after(now)) == expected


@pytest.mark.parametrize(
    ("earlier", "later", "same"),
    [
        ({}, {"asked_at": after(1)}, True),
        ({}, {"asked_at": after(0.1)}, True),
        ({}, {"asked_at": after(1), "question": "orders_cancel"}, False),
        ({}, {"asked_at": NOON}, False),
        ({}, {"asked_at": after(1), "decision": "talk"}, False),
        (
            {"order_ref": "A"},
            {"asked_at": after(1), "question": "orders_cancel", "order_ref": "A"},
            True,
        ),
        (
            {"order_ref": "A"},
            {"asked_at": after(0.4), "question": "orders_cancel", "order_ref": "A"},
            False,
        ),
        (
            {"order_ref": "A"},
            {"asked_at": after(1), "question": "orders_cancel", "order_ref": "B"},
            False,
        ),
        (
            {"question": None},
            {"asked_at": after(1), "question": None},
            False,
        ),
        (
            {"step": "operator", "question": None, "conversation": 1},
            {"step": "operator", "question": None, "conversation": 1, "asked_at": after(40)},
            True,
        ),
    ],
)
def test_what_is_the_same_matter(
    earlier: dict[str, Any], later: dict[str, Any], same: bool
) -> None:
    assert rules.is_same_matter(contact(**earlier), contact(**later)) == same


moments = st.none() | st.integers(0, 200 * 60).map(lambda minutes: NOON + minutes * HOUR / 60)
contacts = st.builds(
    Contact,
    step=st.sampled_from(rules.STEPS),
    asked_at=st.just(NOON),
    question=st.sampled_from([None, "a", "b"]),
    order_ref=st.sampled_from([None, "A", "B"]),
    decision=st.sampled_from([None, "answer", "unsure", "unknown", "talk"]),
    answered_at=moments,
    said=st.sampled_from([None, True, False]),
    said_at=moments,
    person_at=moments,
    again_at=moments,
    left_at=moments,
    chosen_at=moments,
)
hours = st.integers(0, 400)
SETTLED = {"solved", "not_solved", "recontacted", "continued"}


@given(one=contacts, sooner=hours, later=hours)
def test_time_alone_turns_only_what_is_open_into_abandoned(
    one: Contact, sooner: int, later: int
) -> None:
    sooner, later = sorted((sooner, later))
    before, then = rules.outcome(one, after(sooner)), rules.outcome(one, after(later))
    assert then == before or (before, then) == ("open", "abandoned")


@given(one=contacts, now=hours)
def test_a_no_is_never_counted_as_help(one: Contact, now: int) -> None:
    if one.said is False and one.decision != "talk" and one.chosen_at is None:
        assert rules.outcome(one, after(now)) == "not_solved"


@given(one=contacts, now=hours)
def test_solved_needs_a_yes_and_nobody_who_came_back(one: Contact, now: int) -> None:
    if rules.outcome(one, after(now)) == "solved":
        assert one.said
        assert not rules.came_again(one)


@given(one=contacts, now=hours, gap=st.integers(0, 300))
def test_what_is_final_cannot_become_a_recontact(one: Contact, now: int, gap: int) -> None:
    if rules.is_final(one, after(now)):
        again = replace(one, again_at=after(now + gap))
        assert not rules.came_again(again)


@pytest.mark.parametrize(
    ("extra", "decision"),
    [
        ({"question": {"key": "a"}, "suggestions": []}, "answer"),
        ({"question": None, "suggestions": [{"key": "a"}], "actions": ["start_chat"]}, "unsure"),
        ({"question": None, "suggestions": [], "actions": ["start_chat"]}, "unknown"),
        ({"question": None, "suggestions": [], "topics": [1], "actions": []}, "talk"),
    ],
)
def test_the_answer_says_what_the_assistant_made_of_it(
    extra: dict[str, object], decision: str
) -> None:
    assert rules.decision_of(extra) == decision


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("where is my parcel", "where is my parcel"),
        ("write to ana@mail.example please", "write to ••• please"),
        ("see https://evil.example/x now", "see ••• now"),
        ("call +34 600 123 456 now", "call ••• now"),
        ("call (495) 123-45-67", "call •••"),
        ("order M-1004 is late", "order ••• is late"),
        ("my card 4111 1111 1111 1111", "my card •••"),
        ("ask @swindler_99 on the app", "ask ••• on the app"),
        ("is it 24 hours or 2 days?", "is it 24 hours or 2 days?"),
    ],
)
def test_editors_do_not_read_whose_question_it_is(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(st.text(max_size=200))
def test_masking_again_finds_nothing_more(text: str) -> None:
    once = masked(text)
    assert masked(once) == once
    assert len(once) <= 300


def test_equal_questions_are_one() -> None:
    assert same_form("¿Dónde está MI paquete?!") == same_form("donde esta mi paquete")
    assert same_form("order M-1 late") != same_form("order cancelled")
    assert same_form(masked("order M-1004 late")) == same_form(masked("order M-2222  late."))
