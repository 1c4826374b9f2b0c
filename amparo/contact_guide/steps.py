"""The contact guide as a graph: where somebody stands, and the ways on from there. Pure.

topic -> category -> question -> our suggestion -> "did this help?" -> the channels that fit

The promises, which the tests hold for every step, language and hour: at most ``MOST_STEPS`` ways
lead to an answer that helped or to a channel; no way leads back; what did not help is not offered
again; "speak to a person" is a way on from every step but the last.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from amparo.contact_guide.rules import Asked, Channel, Situation, channels_for
from amparo.help_centre.rules import TopicNode

MOST_STEPS = 5
Place = Literal["topics", "topic", "category", "answer", "channels", "helped", "channel"]
ENDS: frozenset[Place] = frozenset({"helped", "channel"})


@dataclass(frozen=True, slots=True)
class Step:
    """Where somebody stands in the guide.

    Attributes:
        channel: with the place ``channel``, the one that was chosen.
        after_assistant: the assistant has answered this question, and it did not help.
    """

    place: Place = "topics"
    topic: str | None = None
    category: str | None = None
    question: str | None = None
    channel: str | None = None
    after_assistant: bool = False

    @property
    def is_end(self) -> bool:
        return self.place in ENDS


@dataclass(frozen=True, slots=True)
class Way:
    """A way on: what is pressed, and where it leads.

    ``says`` is ``key`` (the title of what it leads to), ``helped``, ``not_helped``, ``channel`` or
    ``person``.
    """

    says: Literal["key", "helped", "not_helped", "channel", "person"]
    to: Step


@dataclass(frozen=True, slots=True)
class Guide:
    """The tree in the reader's language and what is known of each question."""

    topics: Sequence[TopicNode]
    asked: Mapping[str, Asked]


def ways(step: Step, guide: Guide, now: Situation) -> list[Way]:
    """The ways on from a step, in the order in which they are shown; none from an end."""
    if step.is_end:
        return []
    found = _onwards(step, guide, now)
    person = replace(step, place="channel", channel="chat")
    if all(way.to.channel != "chat" for way in found):
        found.append(Way("person", person))
    return found


def channels(step: Step, guide: Guide, now: Situation) -> list[Channel]:
    """The ways of contact for the step's question, each offered or with its reason."""
    asked = guide.asked[step.question or ""]
    return channels_for(asked, replace(now, from_assistant=step.after_assistant))


def chat(now: Situation) -> Channel:
    """The way to a person, which is open at every step, whatever the question."""
    [found] = channels_for(Asked("", "", ("chat",)), now)
    return found


def place(step: Step, guide: Guide) -> Step:
    """The step with its topic and category filled in; the start where it leads nowhere.

    What stands in an address may be old or mistyped: whoever follows it begins at the topics.
    """
    if step.question is not None:
        for topic in guide.topics:
            for category in topic.categories:
                if any(ref.key == step.question for ref in category.questions):
                    return replace(step, topic=topic.key, category=category.key)
        return Step()
    chosen = next((topic for topic in guide.topics if topic.key == step.topic), None)
    if chosen is None:
        return Step()
    if any(category.key == step.category for category in chosen.categories):
        return Step("category", chosen.key, step.category)
    return Step("topic", chosen.key)


def _onwards(step: Step, guide: Guide, now: Situation) -> list[Way]:
    if step.place == "topics":
        return [Way("key", Step("topic", topic.key)) for topic in guide.topics]
    if step.place == "channels":
        return [
            Way("channel", replace(step, place="channel", channel=one.channel))
            for one in channels(step, guide, now)
            if one.offered
        ]
    if step.place == "answer":
        helped = replace(step, place="helped")
        return [Way("helped", helped), Way("not_helped", replace(step, place="channels"))]
    topic = next(topic for topic in guide.topics if topic.key == step.topic)
    if step.place == "topic":
        return [
            Way("key", Step("category", topic.key, category.key)) for category in topic.categories
        ]
    category = next(one for one in topic.categories if one.key == step.category)
    return [
        Way("key", Step("answer", topic.key, category.key, ref.key)) for ref in category.questions
    ]


def next_if_not_helped(step: Step) -> Step | None:
    """Where somebody stands for whom the end was none: the assistant answered, to no avail.

    From there the assistant is not offered again. Any other channel has a person at its end.
    """
    if step.place != "channel" or step.channel != "assistant":
        return None
    return replace(step, place="channels", channel=None, after_assistant=True)
