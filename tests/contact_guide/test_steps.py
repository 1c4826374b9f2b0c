"""Promises (J1): the guide always ends at an answer or a channel in at most five steps, from every
node, in every language, at every hour; nobody goes round in a circle; a person is always a way on.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amparo.contact_guide import rules, steps, wording
from amparo.contact_guide.rules import ChatNow, Situation
from amparo.contact_guide.steps import MOST_STEPS, Guide, Step, ways
from amparo.help_centre.rules import CategoryNode, Ref, TopicNode
from amparo.kernel.languages import CONTENT, PSEUDO
from amparo.routing.hours import Schedule, opening_at
from amparo.routing.rules import DEFAULT_TEAMS, TeamHours, choose_team
from tests.contact_guide.test_rules import CONTENT as SHIPPED
from tests.contact_guide.test_rules import MAILBOXES, QUESTIONS

LANGUAGES = (*CONTENT, PSEUDO)
START = datetime(2026, 1, 1, tzinfo=UTC)


@cache
def guide(language: str) -> Guide:
    """The shipped tree, titled in a language as the help centre titles it."""
    titles: dict[str, str] = {}
    for tag in (language, "en"):
        for text in SHIPPED.texts:
            if text.language == tag:
                titles.setdefault(text.question, text.title)
    topics = tuple(
        TopicNode(
            topic["key"],
            topic["titles"].get(language, topic["titles"]["en"]),
            tuple(
                CategoryNode(
                    category["key"],
                    category["titles"].get(language, category["titles"]["en"]),
                    tuple(
                        Ref(question["key"], titles[question["key"]])
                        for question in SHIPPED.questions
                        if question["category_key"] == category["key"]
                    ),
                )
                for category in SHIPPED.categories
                if category["topic_key"] == topic["key"]
            ),
        )
        for topic in SHIPPED.topics
    )
    return Guide(topics, {asked.key: asked for asked in QUESTIONS})


def every_step(of: Guide) -> Iterator[Step]:
    yield Step()
    for topic in of.topics:
        yield Step("topic", topic.key)
        for category in topic.categories:
            yield Step("category", topic.key, category.key)
            for ref in category.questions:
                here = (topic.key, category.key, ref.key)
                yield Step("answer", *here)
                yield Step("channels", *here)
                yield Step("channels", *here, after_assistant=True)


STEPS = list(every_step(guide("en")))


def chat_at(language: str, moment: datetime, teams: tuple[str, ...]) -> ChatNow:
    """Who would answer in the chat at that moment, by the hours of the shipped teams."""
    hours = [
        TeamHours(
            team["key"],
            team["language"],
            team["fallback"],
            Schedule(team["zone"], team["always"], team["week"], team["exceptions"]),
        )
        for team in DEFAULT_TEAMS
        if team["language"] in teams
    ]
    choice = choose_team(hours, "en" if language == PSEUDO else language, moment)
    if choice is None:
        return ChatNow()
    own = next((team for team in hours if team.language == language), None)
    own_now = opening_at(own.schedule, moment) if own else None
    return ChatNow(
        language=choice.language,
        own_language=choice.own_language,
        open=choice.opening.open,
        opens_at=choice.opening.opens_at,
        own_opens_at=own_now.opens_at if own_now and not own_now.open else None,
    )


@st.composite
def situations(draw: st.DrawFn) -> tuple[str, Situation]:
    """A reader in a language at an hour: signed in or not, with an order or not, these teams and
    mailboxes, these modules built."""
    language = draw(st.sampled_from(LANGUAGES))
    moment = START + timedelta(minutes=draw(st.integers(0, 366 * 24 * 60)))
    teams = draw(st.sets(st.sampled_from(["en", "ru"])))
    signed_in = draw(st.booleans())
    return language, Situation(
        signed_in=signed_in,
        order_chosen=signed_in and draw(st.booleans()),
        chat=chat_at(language, moment, tuple(teams)),
        mailboxes=draw(st.sampled_from([{}, MAILBOXES])),
        built=frozenset(draw(st.sets(st.sampled_from(rules.CHANNELS)))),
        from_assistant=draw(st.booleans()),
    )


def longest(step: Step, of: Guide, now: Situation, seen: tuple[Step, ...] = ()) -> int:
    """The most ways until an end; fails where a road leads back or stops before an end."""
    assert step not in seen, f"a circle: {seen} {step}"
    if step.is_end:
        return 0
    onwards = ways(step, of, now)
    assert onwards, f"a dead end: {step}"
    return 1 + max(longest(way.to, of, now, (*seen, step)) for way in onwards)


@given(situation=situations())
def test_from_the_start_every_road_ends_in_at_most_five_steps(
    situation: tuple[str, Situation],
) -> None:
    language, now = situation
    assert longest(Step(), guide(language), now) <= MOST_STEPS


@given(step=st.sampled_from(STEPS), situation=situations())
def test_from_every_step_every_road_ends_in_at_most_five_steps(
    step: Step, situation: tuple[str, Situation]
) -> None:
    language, now = situation
    assert 1 <= longest(step, guide(language), now) <= MOST_STEPS


@given(step=st.sampled_from(STEPS), situation=situations())
def test_a_person_is_one_way_from_every_step(step: Step, situation: tuple[str, Situation]) -> None:
    language, now = situation
    assert any(way.to.channel == "chat" for way in ways(step, guide(language), now))


@given(step=st.sampled_from(STEPS), situation=situations())
def test_what_did_not_help_is_not_offered_again(
    step: Step, situation: tuple[str, Situation]
) -> None:
    """On and on, whatever is chosen: the assistant at most once, and then only people."""
    language, now = situation
    of = guide(language)
    for way in ways(step, of, now):
        after = steps.next_if_not_helped(way.to)
        if after is None:
            continue
        assert after.after_assistant
        chosen = [onwards.to.channel for onwards in ways(after, of, now)]
        assert "assistant" not in chosen
        assert "chat" in chosen


@given(
    step=st.sampled_from([step for step in STEPS if step.place == "channels"]),
    situation=situations(),
)
def test_each_channel_is_a_way_on_or_says_why_not(
    step: Step, situation: tuple[str, Situation]
) -> None:
    language, now = situation
    of = guide(language)
    offered = {way.to.channel for way in ways(step, of, now)}
    for channel in steps.channels(step, of, now):
        assert (channel.channel in offered) == channel.offered
        assert wording.expectation(channel, language)
        assert channel.offered or wording.reason(channel, language)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_step_has_a_title_in_every_language(language: str) -> None:
    for topic in guide(language).topics:
        assert topic.title
        for category in topic.categories:
            assert category.title
            assert all(ref.title for ref in category.questions)


@given(
    topic=st.none() | st.sampled_from(["orders", "nothing", "'"]),
    category=st.none() | st.sampled_from(["orders_delivery", "payment_process", "nothing"]),
    question=st.none() | st.sampled_from(["orders_late", "nothing", "\x00"]),
)
def test_an_address_that_leads_nowhere_begins_at_the_topics(
    topic: str | None, category: str | None, question: str | None
) -> None:
    asked = Step("answer" if question else "topic", topic, category, question)
    found = steps.place(asked, guide("en"))
    assert found in STEPS
    if question == "orders_late":
        assert (found.topic, found.category) == ("orders", "orders_delivery")
