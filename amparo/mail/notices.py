"""Notices by channel: what happened -> who is told what, on which way. Pure; texts in locales."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Literal

from amparo.conversations import events
from amparo.conversations.queries import StreamEvent
from amparo.kernel.languages import INTERFACE, negotiate
from amparo.kernel.texts import text

ANSWER_NOTICE = "mail_answer_notice"
"""Timer: an answer was written to a buyer who may be away."""

_TRANSCRIPT_LINES = 50
_LINE = "\n\n"


@dataclass(frozen=True, slots=True)
class Notice:
    """One row of the table that an administrator can read.

    Attributes:
        key: its texts are ``mail.notice.<key>.when``, ``.subject`` and ``.text``.
        event: the kind in the event log that it follows.
        concerns: which of those events, by their data.
        to: whom it tells; they must have an address.
        delay: how long it waits, so that several answers make one mail and somebody who is
            only between two pages gets none.
    """

    key: str
    event: str
    concerns: Callable[[Mapping[str, Any]], bool]
    to: Literal["buyer"] = "buyer"
    channel: Literal["email"] = "email"
    delay: timedelta = timedelta(0)


def _deferred(*reasons: str) -> Callable[[Mapping[str, Any]], bool]:
    return lambda data: data.get("to") == "deferred" and data.get("reason") in reasons


def is_answer(data: Mapping[str, Any]) -> bool:
    """Whether a message is an operator's answer that the buyer may read."""
    return data.get("party") == "staff" and data.get("kind") == "text"


PUT_OFF = Notice("put_off", events.STATE_CHANGED, _deferred("asked"))
MISSED_TURN = Notice("missed_turn", events.STATE_CHANGED, _deferred("absent"))
ANSWERED = Notice("answered", events.MESSAGE_POSTED, is_answer, delay=timedelta(minutes=1))
ANSWERED_AWAY = Notice(
    "answered_away", events.MESSAGE_POSTED, is_answer, delay=timedelta(minutes=3)
)
RESOLVED = Notice(
    "resolved",
    events.STATE_CHANGED,
    lambda data: data.get("to") == "resolved" and data.get("reason") not in ("by_buyer", "merged"),
)
TRANSCRIPT = Notice("transcript", events.TRANSCRIPT_ASKED, lambda _: True)

NOTICES: Sequence[Notice] = (PUT_OFF, MISSED_TURN, ANSWERED, ANSWERED_AWAY, RESOLVED, TRANSCRIPT)
"""The table. The answers and the last notice go only to a buyer who is away (see ``followers``)."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where the buyer reads on: a site and its address."""

    name: str
    link: str


def language_for(tag: str) -> str:
    """The language of a mail to somebody who reads ``tag``."""
    return negotiate(tag, INTERFACE)


def written(
    notice: Notice, language: str, place: Place, name: str, messages: str
) -> tuple[str, str]:
    """Subject and text of a notice in one of the interface languages."""
    key = f"mail.notice.{notice.key}"
    subject = text(language, f"{key}.subject", site=place.name)
    greeting = "mail.greeting" if name else "mail.greeting_unnamed"
    parts = [
        text(language, greeting, name=name),
        text(language, f"{key}.text", site=place.name),
        messages,
        text(language, "mail.read_on", link=place.link),
        text(language, "mail.not_read"),
    ]
    return subject, _LINE.join(part for part in parts if part)


def transcript(stream: Sequence[StreamEvent], language: str) -> str:
    """The messages of the buyer's own stream as text: who wrote, and what.

    The stream is the buyer's, so what the buyer may not see is not in it.
    """
    gone = {event.data["message_id"] for event in stream if event.kind == "deleted"}
    messages = [
        event.data
        for event in stream
        if event.kind == "message" and event.data["message_id"] not in gone
    ]
    return _LINE.join(_line(data, language) for data in messages[-_TRANSCRIPT_LINES:])


def _line(data: Mapping[str, Any], language: str) -> str:
    author = data["author"]
    name = author["name"]
    if author["party"] in ("assistant", "system") or not name:
        name = text(language, f"mail.author.{author['party']}")
    quoted = "\n".join(f"> {line}" for line in str(data["body"]).split("\n"))
    return text(language, "mail.wrote", name=name) + "\n" + quoted
