"""Pure decisions about conversations: who stands where, what may follow what, how long is long."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal
from uuid import UUID

from amparo.accounts.blocks_rules import held_back
from amparo.kernel.actor import PARTIES, Actor, Party
from amparo.kernel.errors import Conflict, Invalid
from amparo.kernel.text import clean, graphemes, is_blank

State = Literal["bot", "waiting", "assigned", "resolved", "snoozed", "deferred"]
Verb = Literal[
    "ask_person", "assign", "release", "resolve", "reopen", "defer", "snooze", "wake", "transfer"
]
Kind = Literal["text", "note", "answer", "notice"]

QUESTION_LIMIT = 140
"""Characters of a free question to the assistant."""
CHANNEL_LIMITS: Mapping[str, int] = {"chat": 4000, "store_form": 3000, "order": 3000}
"""Characters of a message by channel (policy, J3 and J7)."""
STAFF_LIMIT = 10_000
_NAME_LIMITS: Mapping[str, int] = {"site_key": 64, "topic": 80, "question": 80, "order_ref": 200}
_PAGE_LIMIT = 500
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
REOPEN_WITHIN = timedelta(days=14)
"""A buyer's message within this time of resolving reopens; later it starts a new conversation."""

PARTIES_OF: Mapping[str, tuple[Party, ...]] = {
    "chat": ("buyer", "staff"),
    "store_form": ("buyer", "seller", "staff"),
    "order": ("buyer", "seller", "staff"),
}
"""Who takes part in a channel; its keys are the channels that can be opened."""

_NEXT: Mapping[tuple[State, Verb], State] = {
    ("bot", "ask_person"): "waiting",
    ("bot", "resolve"): "resolved",
    ("waiting", "assign"): "assigned",
    ("waiting", "defer"): "deferred",
    ("waiting", "resolve"): "resolved",
    ("assigned", "release"): "waiting",
    ("assigned", "resolve"): "resolved",
    ("assigned", "snooze"): "snoozed",
    ("assigned", "transfer"): "assigned",
    ("waiting", "transfer"): "assigned",
    ("deferred", "transfer"): "assigned",
    ("snoozed", "transfer"): "assigned",
    ("snoozed", "snooze"): "snoozed",
    ("snoozed", "wake"): "assigned",
    ("snoozed", "release"): "waiting",
    ("snoozed", "resolve"): "resolved",
    ("deferred", "ask_person"): "waiting",
    ("deferred", "assign"): "assigned",
    ("deferred", "resolve"): "resolved",
    ("resolved", "reopen"): "waiting",
}


@dataclass(slots=True)
class Head:
    """What the rules need to know of a conversation; read under its lock, counted on, written."""

    id: UUID
    channel: str
    state: State
    language: str
    buyer_id: UUID
    store_ref: str | None = None
    order_ref: str | None = None
    topic: str | None = None
    question: str | None = None
    operator_id: UUID | None = None
    answered_at: datetime | None = None
    resolved_at: datetime | None = None
    last_party: str | None = None
    last_preview: str | None = None
    answer_id: UUID | None = None
    answer_seq: int | None = None
    answer_by: UUID | None = None
    merged_into: UUID | None = None
    seqs: dict[Party, int] = field(default_factory=lambda: dict.fromkeys(PARTIES, 0))
    """``answer_*``: the last public message of an operator, its number in the staff stream and
    its author."""


@dataclass(frozen=True, slots=True)
class Opening:
    """How a conversation begins: sent with its first message, so that opening is repeatable."""

    channel: str = "chat"
    language: str = "en"
    site_key: str | None = None
    topic: str | None = None
    question: str | None = None
    order_ref: str | None = None
    page: str | None = None
    continues_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """A message on its way in.

    Attributes:
        client_id: made by whoever writes; unique per author for ever.
        question: the key of a suggested question that was chosen instead of written.
        files: the ids of pictures that its author put into the conversation before.
        quote: the message that this one answers.
        after: staff: the last number of its stream that the author had seen.
        mentions: staff, in notes: the colleagues that are named.
    """

    actor: Actor
    conversation_id: UUID
    client_id: UUID
    body: str
    kind: Kind = "text"
    language: str | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)
    opening: Opening | None = None
    question: str | None = None
    files: tuple[UUID, ...] = ()
    quote: UUID | None = None
    after: int | None = None
    mentions: tuple[UUID, ...] = ()


def next_state(state: State, verb: Verb) -> State:
    """The state after ``verb``.

    Raises:
        Conflict: the conversation is not where that can be done.
    """
    try:
        return _NEXT[state, verb]
    except KeyError:
        raise Conflict("not_in_this_state", state=state) from None


def may_enter(actor: Actor, head: Head) -> bool:
    """Whether the actor takes part: the buyer, the store's people, or staff."""
    if actor.is_staff:
        return True
    if actor.role == "seller":
        return head.store_ref is not None and head.store_ref in actor.store_refs
    return actor.role in ("buyer", "visitor") and actor.person_id == head.buyer_id


def audience_of(kind: Kind, channel: str) -> tuple[Party, ...]:
    """Which parties a message of that kind is for."""
    return ("staff",) if kind == "note" else PARTIES_OF[channel]


def checked_body(draft: Draft, state: State, channel: str) -> str:
    """The message's text, cleaned and within the limit that holds here and now.

    Raises:
        Invalid: empty without a picture, or longer than the limit (which the problem names).
    """
    body = clean(draft.body)
    if is_blank(body):
        if draft.files:
            return ""
        raise Invalid("message_empty")
    limit = body_limit(draft, state, channel)
    count = len(body) if len(body) <= limit else graphemes(body[: limit * 40])
    if count > limit or len(body) > limit * 40:
        code = "question_too_long" if limit == QUESTION_LIMIT else "message_too_long"
        raise Invalid(code, limit=limit, length=count)
    return body


def body_limit(draft: Draft, state: State, channel: str) -> int:
    """Characters allowed: the assistant reads short questions, people read letters."""
    if draft.actor.is_staff:
        return STAFF_LIMIT
    if state == "bot" and draft.question is None:
        return QUESTION_LIMIT
    return CHANNEL_LIMITS[channel]


def check_kind(draft: Draft) -> None:
    """Only staff writes notes, only the program answers by itself.

    Raises:
        Invalid: the author may not write this kind.
    """
    allowed: tuple[Kind, ...] = ("text",)
    if draft.actor.role == "system":
        allowed = ("text", "answer", "notice")
    elif draft.actor.is_staff:
        allowed = ("text", "note")
    if draft.kind not in allowed:
        raise Invalid("kind_not_allowed")


def check_not_blocked(draft: Draft, blocked: Mapping[UUID, datetime | None], now: datetime) -> None:
    """Who is blocked may read and may not write; a request about an order is still taken.

    Raises:
        Forbidden: ``blocked``, with the end where there is one.
    """
    if draft.actor.person_id in blocked and "request" not in draft.extra:
        raise held_back(blocked[draft.actor.person_id], now)


def check_not_answered(draft: Draft, head: Head) -> None:
    """A buyer does not get two answers because two operators wrote at once.

    Whoever says how far they have read (``after``) is told of a colleague's later answer; sent
    again with that answer's number, the message passes.

    Raises:
        Conflict: ``answered_meanwhile`` with the answer's id, number and author.
    """
    if draft.after is None or draft.kind != "text" or author_party(draft) != "staff":
        return
    if head.answer_seq is None or head.answer_by == draft.actor.person_id:
        return
    if head.answer_seq > draft.after:
        raise Conflict(
            "answered_meanwhile",
            message_id=head.answer_id,
            seq=head.answer_seq,
            operator_id=head.answer_by,
        )


def check_mentions(draft: Draft) -> None:
    """Colleagues are named in notes, which nobody else reads.

    Raises:
        Invalid: ``mentions_only_in_notes``.
    """
    if draft.mentions and draft.kind != "note":
        raise Invalid("mentions_only_in_notes")


def check_open(opening: Opening, actor: Actor) -> None:
    """Who may open which channel.

    Raises:
        Invalid: no such channel, not for this role, or something in it can be nobody's name.
    """
    if opening.channel != "chat" or actor.role not in ("buyer", "visitor"):
        raise Invalid("channel_not_available", channel=opening.channel[:40])
    for name in _NAME_LIMITS:
        check_name(name, getattr(opening, name))
    if not _LANGUAGE.fullmatch(opening.language):
        raise _malformed("language")


def check_name(field: str, value: str | None) -> None:
    """A key or reference from outside can be a name: short, and of characters that one can see.

    PostgreSQL stores no NUL; a socket's frame has no schema that would have refused it before.

    Raises:
        Invalid: ``request_invalid`` with the field.
    """
    if value is not None and (len(value) > _NAME_LIMITS[field] or not value.isprintable()):
        raise _malformed(field)


def shown_page(page: str | None) -> str | None:
    """The address of the page on which somebody asked, as far as we keep it: for reading only."""
    return clean(page or "")[:_PAGE_LIMIT] or None


def _malformed(field: str) -> Invalid:
    return Invalid("request_invalid", fields=[{"field": field, "rule": "name"}])


def check_not_merged(draft: Draft, head: Head) -> None:
    """What people say to each other is said where the conversation goes on; notes stay possible.

    Raises:
        Conflict: ``conversation_merged`` with the conversation to go on in.
    """
    said = draft.kind != "note" and draft.actor.role != "system"
    if head.merged_into is not None and said:
        raise Conflict("conversation_merged", into=str(head.merged_into))


def must_start_anew(head: Head, now: datetime) -> bool:
    """Whether a resolved conversation is too old to be taken up again."""
    return (
        head.state == "resolved"
        and head.resolved_at is not None
        and now - head.resolved_at > REOPEN_WITHIN
    )


def author_party(draft: Draft) -> str:
    """The side shown beside a message: a party, or the assistant, or the program."""
    if draft.kind == "answer":
        return "assistant"
    return "system" if draft.actor.role == "system" else draft.actor.party


def quoted_in(extra: Mapping[str, Any]) -> str | None:
    """The id of the message that a message's ``extra`` quotes."""
    quote = extra.get("quote")
    return None if quote is None else str(quote["message_id"])
