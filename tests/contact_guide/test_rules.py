"""Promises: a person is always reachable, and every way of contact says what to expect or why not.

The questions are the shipped ones: what is promised is promised for each of them.
"""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.contact_guide import rules, wording
from amparo.contact_guide.rules import Asked, Channel, ChatNow, Situation
from amparo.help_centre import shipped
from amparo.kernel.languages import INTERFACE, PSEUDO

CONTENT = shipped.read()
TOPIC_OF = {row["key"]: row["topic_key"] for row in CONTENT.categories}
QUESTIONS = [
    Asked(
        row["key"],
        TOPIC_OF[row["category_key"]],
        tuple(row["channels"]),
        row["mailbox"],
        row["case_reason"],
    )
    for row in CONTENT.questions
]
BY_KEY = {asked.key: asked for asked in QUESTIONS}
MAILBOXES = {
    name.removeprefix("mailbox_"): value
    for name, value in CONTENT.placeholders.items()
    if name.startswith("mailbox_")
}
NOON = datetime(2026, 4, 14, 12, tzinfo=UTC)
OPEN = ChatNow(language="en", own_language=True, open=True, waiting=2)

moments = st.none() | st.integers(0, 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
chats = st.builds(
    ChatNow,
    language=st.sampled_from([None, "en", "ru", "es"]),
    own_language=st.booleans(),
    open=st.booleans(),
    opens_at=moments,
    own_opens_at=moments,
    waiting=st.integers(0, 500),
)
situations = st.builds(
    Situation,
    signed_in=st.booleans(),
    order_chosen=st.booleans(),
    chat=chats,
    mailboxes=st.sampled_from([{}, MAILBOXES]),
    built=st.sets(st.sampled_from(rules.CHANNELS)).map(frozenset),
    from_assistant=st.booleans(),
)


def situation(**changes: object) -> Situation:
    """Ana, signed in, with an order, everything built."""
    base: dict[str, object] = {
        "signed_in": True,
        "order_chosen": True,
        "chat": OPEN,
        "mailboxes": MAILBOXES,
        "built": frozenset(rules.CHANNELS),
    }
    return Situation(**(base | changes))  # type: ignore[arg-type]


def by_name(found: list[Channel]) -> dict[str, Channel]:
    return {channel.channel: channel for channel in found}


@given(asked=st.sampled_from(QUESTIONS), now=situations)
def test_a_person_is_always_offered_and_everything_has_its_words(
    asked: Asked, now: Situation
) -> None:
    found = rules.channels_for(asked, now)
    assert by_name(found)["chat"].offered
    assert [channel.offered for channel in found] == sorted(
        (channel.offered for channel in found), reverse=True
    )
    for language in (*INTERFACE, PSEUDO):
        for channel in found:
            told = wording.expectation(channel, language, "Europe/Moscow")
            assert told
            assert "{" not in told
            reason = wording.reason(channel, language)
            assert (reason is None) == channel.offered


@given(asked=st.sampled_from(QUESTIONS), now=situations)
def test_every_way_keeps_its_conditions(asked: Asked, now: Situation) -> None:
    for channel in rules.channels_for(asked, now):
        if channel.channel == "email":
            assert asked.mailbox is not None
            assert not channel.offered or channel.mailbox == MAILBOXES[asked.mailbox]
        if channel.offered and channel.channel in ("order", "case"):
            assert now.signed_in
            assert now.order_chosen
        if channel.channel == "case":
            assert channel.case_reason == asked.case_reason
        if channel.offered and channel.channel != "chat":
            assert channel.channel in now.built


@given(asked=st.sampled_from(QUESTIONS), now=situations)
def test_nobody_is_sent_round_in_a_circle(asked: Asked, now: Situation) -> None:
    if now.from_assistant:
        assert "assistant" not in by_name(rules.channels_for(asked, now))


def test_e_mail_is_for_payment_and_refund_only() -> None:
    offered = {
        asked.key
        for asked in QUESTIONS
        if "email" in by_name(rules.channels_for(asked, situation()))
    }
    assert "returns_refund_not_arrived" in offered
    assert "payment_charged_twice" in offered
    assert "orders_late" not in offered
    assert "rules_which_email" not in offered
    broken = Asked("x", "orders", ("email", "chat"))
    assert "email" not in by_name(rules.channels_for(broken, situation()))


def test_product_questions_go_to_the_seller() -> None:
    found = rules.channels_for(BY_KEY["orders_ask_product"], situation())
    assert [channel.channel for channel in found] == ["store_form", "chat"]


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, None),
        ({"order_chosen": False}, "needs_order"),
        ({"signed_in": False, "order_chosen": False}, "needs_sign_in"),
        ({"built": rules.BUILT - {"case"}}, "not_built"),
    ],
)
def test_a_case_says_what_it_needs(changes: dict[str, object], reason: str | None) -> None:
    found = by_name(rules.channels_for(BY_KEY["orders_late"], situation(**changes)))
    assert found["case"].reason == reason
    assert found["case"].case_reason == "not_received"


@pytest.mark.parametrize(
    ("chat", "code"),
    [
        (OPEN, "chat_open"),
        (ChatNow("en", False, True), "chat_other"),
        (ChatNow("en", False, True, None, NOON), "chat_other_until"),
        (ChatNow("ru", True, False, NOON), "chat_closed"),
        (ChatNow("ru", True, False), "chat_closed_long"),
        (ChatNow(), "chat_no_team"),
    ],
)
def test_the_chat_tells_the_truth_about_its_hours(chat: ChatNow, code: str) -> None:
    found = by_name(rules.channels_for(BY_KEY["rules_talk_to_person"], situation(chat=chat)))
    assert found["chat"].expectation == code


def test_moments_are_told_in_the_readers_zone() -> None:
    channel = Channel(
        "chat", True, None, "chat_other_until", chat=ChatNow("en", False, True, None, NOON)
    )
    assert "15:00" in wording.expectation(channel, "ru", "Europe/Moscow")
    assert "12:00 UTC" in wording.expectation(channel, "ru", None)
    for nonsense in ("No/Where", "../../etc/passwd", "\x00", "/etc/localtime", "a" * 64):
        assert "12:00 UTC" in wording.expectation(channel, "es", nonsense)


@pytest.mark.parametrize(
    ("waiting", "language", "told"),
    [
        (0, "ru", "Никто не ждёт."),
        (1, "ru", "Ждёт 1 человек."),
        (2, "ru", "Ждут 2 человека."),
        (5, "ru", "Ждут 5 человек."),
        (1, "en", "1 person is waiting."),
        (3, "es", "Esperan 3 personas."),
    ],
)
def test_people_waiting_are_counted_in_words(waiting: int, language: str, told: str) -> None:
    chat = ChatNow("en", True, True, waiting=waiting)
    channel = Channel("chat", True, None, "chat_open", chat=chat)
    assert told in wording.expectation(channel, language)
